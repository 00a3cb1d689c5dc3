//! What a job or run once said that it moves, and no longer says.
//!
//! A text that was written when a dataset was read still names it. So what was taken back, or said
//! otherwise since, is remembered to judge by: it grows only, and is told to nobody.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::base::{DatasetId, Digest};

/// Datasets and facets that something once named, up to a bound.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Named {
    /// Datasets.
    #[serde(rename = "d", skip_serializing_if = "BTreeSet::is_empty")]
    pub datasets: BTreeSet<DatasetId>,
    /// `columnLineage` facets.
    #[serde(rename = "c", skip_serializing_if = "BTreeSet::is_empty")]
    pub columns: BTreeSet<Digest>,
    /// Explicit `lineage` facets.
    #[serde(rename = "e", skip_serializing_if = "BTreeSet::is_empty")]
    pub explicit: BTreeSet<Digest>,
    /// Whether there were more than are kept: then none is, and anything may have been named.
    #[serde(rename = "f", skip_serializing_if = "std::ops::Not::not")]
    pub full: bool,
}

impl Named {
    /// Returns whether nothing is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn len(&self) -> usize {
        self.datasets.len() + self.columns.len() + self.explicit.len()
    }

    /// Adds another's.
    pub(in crate::catalog) fn extend(&mut self, other: Self) {
        self.full |= other.full;
        self.datasets.extend(other.datasets);
        self.columns.extend(other.columns);
        self.explicit.extend(other.explicit);
    }

    /// Takes out what is said now, if it is no more than so much together with that.
    pub(super) fn settle(&mut self, now: &Self, most: usize) {
        self.subtract(now);
        if !self.full && self.len() + now.len() > most {
            *self = Self { full: true, ..Self::default() };
        }
    }

    /// Takes out what another has.
    pub(in crate::catalog) fn subtract(&mut self, other: &Self) {
        self.datasets.retain(|id| !other.datasets.contains(id));
        self.columns.retain(|digest| !other.columns.contains(digest));
        self.explicit.retain(|digest| !other.explicit.contains(digest));
    }

    /// Returns the digests of the facets.
    pub fn digests(&self) -> impl Iterator<Item = Digest> {
        self.columns.iter().chain(&self.explicit).copied()
    }
}
