//! What must be loaded before deltas are joined, and what must be written after.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::value::RawValue;

use super::fact::FactKind;
use crate::base::{DatasetId, Digest, JobId, NamespaceId, RunId, SourceId, Time};

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

/// The place of a run's reading or writing of a dataset in the order of that dataset's uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunUseKey {
    /// The dataset.
    pub dataset: DatasetId,
    /// Written (true) or read.
    pub write: bool,
    /// The run's place in time.
    pub at: Time,
    /// The run.
    pub run: RunId,
}

/// What else is known of that use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunUse {
    /// The run's job.
    pub job: JobId,
    /// The dataset's schema then.
    pub schema: Option<Digest>,
    /// The column lineage that the run gave it.
    pub columns: Option<Digest>,
}

/// A sum over runs that must be counted anew from the stored runs, because a run took
/// back what it had said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Recount {
    /// When the runs that still stand for the fact began and last spoke.
    Fact(JobId, FactKind, Option<DatasetId>, Option<Digest>),
    /// Which run of the job spoke last, and when its newest ended run began.
    Latest(JobId),
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
