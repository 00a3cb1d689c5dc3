//! What is known of a thing whether or not the log still holds who said it.
//!
//! A document is folded from the log, and retention and removal take entries out of it. Folded
//! again, a thing must not be less restricted than it was: the tags that were said stay, the names by
//! which it is judged, and all that a job ever named, by which its texts are. All of it is joined by
//! union and extremes, so taking it in once more changes nothing where the log still says it.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::dataset::DatasetDoc;
use super::job::JobDoc;
use super::named::Named;
use super::refs::DatasetNames;
use super::said::SaidTags;
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

/// What is removed for good: none of it lasts.
#[derive(Debug, Default)]
pub struct Gone {
    /// Datasets.
    pub datasets: DatasetNames,
    /// Facets that name these.
    pub tainted: HashSet<Digest>,
    /// Jobs.
    pub jobs: BTreeSet<JobId>,
}

impl JobDoc {
    /// Returns what lasts of what is known of it, given what it comes to when it is folded again (an
    /// empty document if to nothing) and what is gone; nothing where it comes to no less. Of one that
    /// comes to nothing something lasts if tags were said of it or it has another name.
    #[must_use]
    pub fn lasting(&self, now: &Self, gone: &Gone) -> Option<Self> {
        let said = self.said.clone();
        let names = self.names.without(&gone.jobs);
        let renamed_to = self.renamed_to.clone().filter(|to| !gone.jobs.contains(&to.value));
        let is_judged = !said.is_empty() || !names.is_empty() || renamed_to.is_some();
        if !is_judged && now.name.is_empty() {
            return None;
        }
        let mut lasting = Self {
            namespace: self.namespace.clone(),
            name: self.name.clone(),
            simple_name: self.simple_name.clone(),
            said,
            names,
            renamed_to,
            before: self.lost(now, gone),
            ..Self::default()
        };
        if is_judged {
            (lasting.created, lasting.updated) = (self.created, self.updated);
        }
        let mut joined = now.clone();
        joined.join(lasting.clone());
        (joined != *now).then_some(lasting)
    }

    /// Returns what lasts with the names that are judged by it when it is removed for good: whatever was
    /// said of it, and of those that they are judged by through it, restricts them as before, as what
    /// was once said does. `known` has the documents of its names.
    #[must_use]
    pub fn bequests(&self, known: &HashMap<JobId, Self>) -> Vec<Self> {
        let sides = [&self.names.shorter, &self.names.longer].map(|side| {
            let docs = side.iter().filter_map(|id| known.get(&id));
            docs.filter(|doc| !doc.name.is_empty()).collect::<Vec<_>>()
        });
        let [shorter, longer] = &sides;
        let mut all = Vec::new();
        for (heirs, through) in [(shorter, longer), (longer, shorter)] {
            let mut said = self.ever_on();
            through.iter().for_each(|doc| _ = said.join(doc.ever_on()));
            if said.is_empty() {
                continue;
            }
            all.extend(heirs.iter().map(|heir| Self {
                namespace: heir.namespace.clone(),
                name: heir.name.clone(),
                simple_name: heir.simple_name.clone(),
                said: said.clone(),
                ..Self::default()
            }));
        }
        all
    }

    /// Returns all tags that pipelines ever said of it, and those that people put on it.
    fn ever_on(&self) -> SaidTags {
        let mut said = self.said.clone();
        for (tag, mark) in self.tags.iter().filter(|(_, mark)| mark.value) {
            said.put("", tag.clone(), mark.stamp);
        }
        said
    }

    /// Returns what it named and, folded again, does not name any more.
    fn lost(&self, now: &Self, gone: &Gone) -> Named {
        let (mut lost, known) = (self.named_ever(), now.named_ever());
        lost.subtract(&known);
        lost.full &= !known.full;
        lost.datasets.retain(|id| !gone.datasets.has(*id));
        lost.columns.retain(|digest| !gone.tainted.contains(digest));
        lost.explicit.retain(|digest| !gone.tainted.contains(digest));
        lost
    }
}
