//! Uses: a run's reading or writing of a dataset, as a row in the order of that dataset's uses.
//!
//! They follow from the run's document alone.

use super::run::{RunDoc, RunJob};
use crate::base::{DatasetId, Digest, JobId, RunId, Time};

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

impl RunUseKey {
    /// Returns whether it says the same of the same dataset, whenever.
    pub(in crate::catalog) fn is_of_same(&self, other: &Self) -> bool {
        (self.dataset, self.write) == (other.dataset, other.write)
    }
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
    /// When it was written, if it was: what is begun, or failed, is not.
    pub done: Option<Time>,
}

impl RunDoc {
    /// Returns its uses of datasets, if it is known by some id and which job it belongs to.
    #[must_use]
    pub fn uses(&self, id: RunId) -> Vec<(RunUseKey, RunUse)> {
        let Some(job) = self.job.as_ref().map(RunJob::id) else { return Vec::new() };
        let (at, wrote) = (self.order_at(), self.wrote_at());
        let reads = self.inputs.iter().map(|io| (false, io));
        let writes = self.outputs.iter().map(|io| (true, io));
        let uses = reads.chain(writes).map(|(write, (dataset, io))| {
            let done = wrote.filter(|_| write).map(|at| io.named.map_or(at, |named| at.max(named)));
            let value = RunUse { job, schema: io.schema(), columns: io.columns(), done };
            (RunUseKey { dataset: *dataset, write, at, run: id }, value)
        });
        uses.collect()
    }
}
