//! What is known of a thing whether or not the log still holds who said it.
//!
//! A document is folded from the log, and retention and removal take entries out of it. Folded
//! again, a thing must not be less restricted than it was: the tags that were said stay, the names by
//! which it is judged, and all that a job ever named, by which its texts are. All of it is joined by
//! union and extremes, so taking it in once more changes nothing where the log still says it.

use std::collections::{BTreeSet, HashSet};

use super::dataset::DatasetDoc;
use super::job::JobDoc;
use super::refs::DatasetNames;
use crate::base::{Digest, JobId};

impl DatasetDoc {
    /// Returns what lasts of what is known of it; nothing where no tags were said and it has no
    /// other name.
    #[must_use]
    pub fn lasting(&self) -> Option<Self> {
        let (said, renamed_to) = (self.said.clone(), self.renamed_to.clone());
        if said.is_empty() && self.aliases.is_empty() && renamed_to.is_none() {
            return None;
        }
        let (created, updated, primary) = (self.created, self.updated, self.primary);
        let aliases = self.aliases.clone();
        let named = Self::new(&self.namespace, &self.name);
        Some(Self { created, updated, primary, said, aliases, renamed_to, ..named })
    }
}

impl JobDoc {
    /// Returns what lasts of what is known of it, but for names that are gone; nothing where no tags
    /// were said and it has no other name.
    #[must_use]
    pub fn lasting(&self, gone: &BTreeSet<JobId>) -> Option<Self> {
        let said = self.said.clone();
        let names = self.names.without(gone);
        let renamed_to = self.renamed_to.clone().filter(|to| !gone.contains(&to.value));
        if said.is_empty() && names.is_empty() && renamed_to.is_none() {
            return None;
        }
        let (created, updated) = (self.created, self.updated);
        Some(Self { created, updated, said, names, renamed_to, ..self.bare() })
    }

    /// Returns what it named and, folded again, does not name any more; but for datasets that are
    /// gone, and facets that name these.
    #[must_use]
    pub fn lost(
        &self,
        now: &Self,
        (gone, tainted): (&DatasetNames, &HashSet<Digest>),
    ) -> Option<Self> {
        let (mut before, known) = (self.named_ever(), now.named_ever());
        before.subtract(&known);
        before.full &= !known.full;
        before.datasets.retain(|id| !gone.has(*id));
        before.columns.retain(|digest| !tainted.contains(digest));
        before.explicit.retain(|digest| !tainted.contains(digest));
        (!before.is_empty()).then(|| Self { before, ..self.bare() })
    }

    fn bare(&self) -> Self {
        Self {
            namespace: self.namespace.clone(),
            name: self.name.clone(),
            simple_name: self.simple_name.clone(),
            ..Self::default()
        }
    }
}
