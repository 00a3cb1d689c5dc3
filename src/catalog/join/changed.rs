//! What must be loaded before deltas are joined, what must be written after, and what rules saw
//! before.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::value::RawValue;

use super::super::document::fact::FactKind;
use super::super::document::uses::{RunUse, RunUseKey};
use crate::base::{DatasetId, Digest, JobId, NamespaceId, RunId, SourceId};

/// Ids that must be loaded before a delta is joined.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Touch {
    /// Namespaces.
    pub namespaces: BTreeSet<NamespaceId>,
    /// Sources.
    pub sources: BTreeSet<SourceId>,
    /// Tags.
    pub tags: BTreeSet<String>,
    /// Datasets.
    pub datasets: BTreeSet<DatasetId>,
    /// Jobs.
    pub jobs: BTreeSet<JobId>,
    /// Runs.
    pub runs: BTreeSet<RunId>,
}

impl Touch {
    /// Returns whether there is nothing to load.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What rules saw of a dataset or job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Nothing: there was no such thing.
    Nothing,
    /// The access class of this number, and marks of columns that are not known.
    Class(u32),
    /// The access class of this number, and marks of columns, both in one digest as well.
    All(u32, u64),
}

impl Told {
    /// Returns the number of the access class, where all that rules saw is known.
    #[must_use]
    pub fn whole(self) -> Option<u32> {
        match self {
            Self::All(access_class, _) => Some(access_class),
            Self::Nothing | Self::Class(_) => None,
        }
    }
}

/// A sum over runs that must be counted anew from the stored runs, because a run took
/// back what it had said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Recount {
    /// When the runs that still stand for the fact began and last spoke.
    Fact(JobId, FactKind, Option<DatasetId>, Option<Digest>),
    /// Which run of the job spoke last, and when its newest ended run began.
    Latest(JobId),
    /// Which run wrote the dataset last.
    Written(DatasetId),
}

/// What must be written after deltas were joined.
#[derive(Debug, Default)]
pub struct Changed {
    /// Namespaces.
    pub namespaces: BTreeSet<NamespaceId>,
    /// Sources.
    pub sources: BTreeSet<SourceId>,
    /// Tags.
    pub tags: BTreeSet<String>,
    /// Datasets; true if more than times within a day changed.
    pub datasets: HashMap<DatasetId, bool>,
    /// Jobs; true if more than times within a day and counts changed.
    pub jobs: HashMap<JobId, bool>,
    /// Datasets that rules may see otherwise because of another name of theirs. Of those that did
    /// not change themselves nothing is written but what follows for rules.
    pub datasets_judged: BTreeSet<DatasetId>,
    /// The same of jobs.
    pub jobs_judged: BTreeSet<JobId>,
    /// Runs.
    pub runs: HashSet<RunId>,
    /// Uses to write.
    pub uses: HashMap<RunUseKey, RunUse>,
    /// Uses to remove.
    pub uses_gone: HashSet<RunUseKey>,
    /// Sums to count anew.
    pub recounts: BTreeSet<Recount>,
    /// Facet bodies to store.
    pub facets: HashMap<Digest, Box<RawValue>>,
    /// Datasets and jobs that were there before, of which rules see something else now: their
    /// access class or the marks of their columns. Found when they are written; with the number
    /// of the class.
    pub rejudged: BTreeMap<uuid::Uuid, u32>,
}
