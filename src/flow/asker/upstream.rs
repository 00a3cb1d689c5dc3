//! Lineage from run to run, as an asker may see it: of what they may read the lineage of.

use std::collections::HashMap;
use std::hash::Hash;

use super::super::error::FlowError;
use super::answers::Asker;
use super::rights::Rights;
use super::sight::Intent;
use crate::access::{Action, Kind};
use crate::base::{DatasetId, RunId, Time};
use crate::catalog::RunJob;
use crate::db::RunRow;

impl Asker {
    /// Returns runs by id, without those that the asker may not see or not read the lineage of, and
    /// of what each read that alone of which they may.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn traced_runs(&self, ids: &[RunId]) -> Result<Vec<RunRow>, FlowError> {
        let mut rows = self.run_rows(ids).await?;
        if self.traces_all(Intent::Look) {
            return Ok(rows);
        }
        let jobs = rows.iter().filter_map(|row| row.doc.job.as_ref().map(RunJob::id));
        let jobs = self.classes_of_jobs(jobs.collect()).await?;
        let inputs = rows.iter().flat_map(|row| row.doc.inputs.keys().copied());
        let datasets = self.classes_of(inputs.collect()).await?;
        let Some(rights) = self.rights() else { return Ok(rows) };
        rows.retain_mut(|row| {
            row.doc.inputs.retain(|id, _| traces(&rights, Kind::Dataset, &datasets, Some(id)));
            let job = row.doc.job.as_ref().map(RunJob::id);
            traces(&rights, Kind::Job, &jobs, job.as_ref())
        });
        Ok(rows)
    }

    /// Returns the last run that had written a dataset at a time; nothing if the asker does not see
    /// that run, or may not read its lineage.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn traced_writer(
        &self,
        dataset: DatasetId,
        at: Time,
    ) -> Result<Option<RunId>, FlowError> {
        let Some(found) = self.writer_before(dataset, at).await? else { return Ok(None) };
        if self.traces_all(Intent::Look) {
            return Ok(Some(found.run));
        }
        let jobs = self.classes_of_jobs(vec![found.job]).await?;
        let Some(rights) = self.rights() else { return Ok(Some(found.run)) };
        let traced = traces(&rights, Kind::Job, &jobs, Some(&found.job));
        Ok(traced.then_some(found.run))
    }
}

/// Whether somebody may read the lineage of a thing.
fn traces<I: Eq + Hash>(
    rights: &Rights,
    kind: Kind,
    classes: &HashMap<I, u32>,
    id: Option<&I>,
) -> bool {
    let access_class = id.and_then(|id| classes.get(id)).copied().unwrap_or_default();
    rights.about(Action::LineageRead, kind, access_class).allow
}
