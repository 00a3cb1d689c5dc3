//! Findings: what was said of a dataset or job by somebody whose word does not count for that.
//!
//! It has no effect. It is kept so that people see it, and can do what it asks for themselves.

use serde::{Deserialize, Serialize};

use super::stamp::Stamp;
use crate::base::limits::FINDINGS_MAX;

/// What was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FindingKind {
    /// A tag is on it (`what`), or on a column of it (`column`).
    Tag,
    /// It has an owner (`what`).
    Owner,
    /// It is the same as another dataset (`other`), or was renamed from it.
    Symlink,
    /// It was created, dropped, renamed … (`what`).
    Lifecycle,
    /// A facet of it (`what`) is to be removed.
    Removal,
}

/// Something that was said and does not count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// What kind of thing.
    #[serde(rename = "k")]
    pub kind: FindingKind,
    /// The tag, owner, state or facet.
    #[serde(rename = "w")]
    pub what: String,
    /// The column, if it is about one.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The other dataset, if it names one: namespace and name.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub other: Option<(String, String)>,
    /// Who said it; empty if that was not kept.
    #[serde(rename = "b")]
    pub by: String,
    /// When it was last received, and with which weight.
    #[serde(rename = "s")]
    pub said: Stamp,
}

impl Finding {
    fn says_the_same(&self, other: &Self) -> bool {
        (self.kind, &self.what, &self.column, &self.other, &self.by)
            == (other.kind, &other.what, &other.column, &other.other, &other.by)
    }
}

/// The latest findings, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// Returns whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Goes through them.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.0.iter()
    }

    /// Keeps only some: for readers who may not know the others.
    pub fn keep_only(&mut self, shown: impl FnMut(&Finding) -> bool) {
        self.0.retain(shown);
    }

    /// Leaves out which other dataset is meant, unless it may be known.
    pub fn name_only(&mut self, known: impl Fn(&str, &str) -> bool) {
        for finding in &mut self.0 {
            finding.other = finding.other.take().filter(|(namespace, name)| known(namespace, name));
        }
    }

    /// Enters a finding. Beyond the bound, those go that were received first.
    pub(in crate::catalog) fn put(&mut self, new: Finding) {
        match self.0.iter_mut().find(|known| known.says_the_same(&new)) {
            Some(known) => known.said = known.said.max(new.said),
            None => self.0.push(new),
        }
        if self.0.len() > FINDINGS_MAX {
            self.0.sort_unstable_by(|a, b| (b.said, b).cmp(&(a.said, a)));
            self.0.truncate(FINDINGS_MAX);
        }
        self.0.sort_unstable();
    }

    /// Joins others. Returns whether that changed anything.
    pub(super) fn join(&mut self, new: Self) -> bool {
        if new.is_empty() {
            return false;
        }
        let before = self.0.clone();
        new.0.into_iter().for_each(|finding| self.put(finding));
        before != self.0
    }
}
