//! What is known of a thing whether or not the log still holds who said it.
//!
//! A document is folded from the log, and retention and removal take entries out of it. Folded
//! again, a thing must not be less restricted than it was: the tags that restrict stay, and the
//! names by which it is judged. All of it is joined by union and extremes, so taking it in once more
//! changes nothing where the log still says it.

use std::collections::BTreeSet;

use super::dataset::DatasetDoc;
use super::job::JobDoc;
use crate::base::JobId;

impl DatasetDoc {
    /// Returns what lasts of what is known of it; nothing where nothing restricts it and it has no
    /// other name.
    #[must_use]
    pub fn lasting(&self) -> Option<Self> {
        let said = self.said.restricting();
        let renamed_to = self.renamed_to.clone();
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
    /// Returns what lasts of what is known of it, but for names that are gone; nothing where nothing
    /// restricts it and it has no other name.
    #[must_use]
    pub fn lasting(&self, gone: &BTreeSet<JobId>) -> Option<Self> {
        let said = self.said.restricting();
        let names = self.names.without(gone);
        let renamed_to = self.renamed_to.clone().filter(|to| !gone.contains(&to.value));
        if said.is_empty() && names.is_empty() && renamed_to.is_none() {
            return None;
        }
        Some(Self {
            namespace: self.namespace.clone(),
            name: self.name.clone(),
            simple_name: self.simple_name.clone(),
            created: self.created,
            updated: self.updated,
            said,
            names,
            renamed_to,
            ..Self::default()
        })
    }
}
