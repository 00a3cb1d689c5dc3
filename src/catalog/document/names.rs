//! The other names of a job: those that its runs were called by before and after they named a
//! parent.
//!
//! Each name keeps a document of its own. What was said of one is said of the job, so rules judge
//! by all of them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::base::JobId;

/// Names in one direction, up to a bound.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NameSet {
    #[serde(rename = "n", skip_serializing_if = "BTreeSet::is_empty")]
    ids: BTreeSet<JobId>,
    /// Whether there are more than are kept: then none are, since which would depend on the order.
    #[serde(rename = "f", skip_serializing_if = "std::ops::Not::not")]
    full: bool,
}

impl NameSet {
    fn is_empty(&self) -> bool {
        self.ids.is_empty() && !self.full
    }

    /// Goes through them.
    pub fn iter(&self) -> impl Iterator<Item = JobId> {
        self.ids.iter().copied()
    }

    /// Returns whether there are more than are kept.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Enters a name. Returns whether that is new.
    pub(in crate::catalog) fn insert(&mut self, id: JobId, most: usize) -> bool {
        let one = Self { ids: [id].into(), full: false };
        self.join(one, most)
    }

    /// Notes that there are more than are kept. Returns whether that is new.
    pub(in crate::catalog) fn fill(&mut self) -> bool {
        self.join(Self { ids: BTreeSet::new(), full: true }, 0)
    }

    fn without(&self, gone: &BTreeSet<JobId>) -> Self {
        Self { ids: self.ids.difference(gone).copied().collect(), full: self.full }
    }

    fn join(&mut self, new: Self, most: usize) -> bool {
        if self.full {
            return false;
        }
        let before = self.ids.len();
        self.ids.extend(new.ids);
        if new.full || self.ids.len() > most {
            *self = Self { ids: BTreeSet::new(), full: true };
            return true;
        }
        self.ids.len() > before
    }
}

/// The other names of a job.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobNames {
    /// What it was called before its runs named a parent.
    #[serde(rename = "s", skip_serializing_if = "NameSet::is_empty")]
    pub shorter: NameSet,
    /// What its runs are called since they named one.
    #[serde(rename = "l", skip_serializing_if = "NameSet::is_empty")]
    pub longer: NameSet,
}

impl JobNames {
    /// Returns whether it has no other name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shorter.is_empty() && self.longer.is_empty()
    }

    /// Returns the others than these.
    pub(super) fn without(&self, gone: &BTreeSet<JobId>) -> Self {
        Self { shorter: self.shorter.without(gone), longer: self.longer.without(gone) }
    }

    /// Joins others. Returns whether any is new.
    pub(super) fn join(&mut self, new: Self, most: usize) -> bool {
        let shorter = self.shorter.join(new.shorter, most);
        self.longer.join(new.longer, most) | shorter
    }
}
