//! Jobs, as an asker may see them.

use std::collections::HashSet;

use super::super::error::FlowError;
use super::super::explore::{JobFull, JobVersion, RENAMES_MAX};
use super::answers::{Asker, Target};
use super::redact;
use crate::access::{Action, Kind};
use crate::base::{DatasetId, JobId, NodeKind};
use crate::db::JobRow;

impl Asker {
    /// Returns a job by its name; deleted ones too.
    ///
    /// # Errors
    ///
    /// As [`Self::job_by_id`].
    pub async fn job(&self, namespace: &str, name: &str) -> Result<Option<JobFull>, FlowError> {
        self.job_by_id(JobId::of(namespace, name)).await
    }

    /// Returns a job by its id; deleted ones too.
    ///
    /// # Errors
    ///
    /// [`FlowError::Denied`] if the asker knows of it but may not read it,
    /// [`FlowError::Db`] if the database fails.
    pub async fn job_by_id(&self, id: JobId) -> Result<Option<JobFull>, FlowError> {
        self.rights();
        let Some(row) = self.app.db().jobs(&[id]).await?.pop() else { return Ok(None) };
        let target = Target { kind: Kind::Job, id: id.0, name: "" };
        match self.must_about(Action::JobRead, row.class, target).await {
            Ok(()) => Ok(self.as_seen(vec![row]).await?.pop()),
            Err(FlowError::NotFound(_)) => Ok(None),
            Err(denied) => Err(denied),
        }
    }

    /// Returns the job that a renamed one became, if the asker sees it.
    ///
    /// # Errors
    ///
    /// As [`Self::job_by_id`].
    pub async fn renamed_job(&self, job: &JobFull) -> Result<Option<JobFull>, FlowError> {
        let mut target = None;
        let mut next = job.doc.renamed_to.as_ref().map(|renamed| renamed.value);
        for _ in 0..RENAMES_MAX {
            let Some(id) = next else { break };
            let Some(found) = self.job_by_id(id).await? else { break };
            next = found.doc.renamed_to.as_ref().map(|renamed| renamed.value);
            target = Some(found);
        }
        Ok(target)
    }

    /// Puts jobs together with their facets, in the order given, without those that the
    /// asker does not see.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn jobs_full(&self, mut rows: Vec<JobRow>) -> Result<Vec<JobFull>, FlowError> {
        self.learn(&rows.iter().map(|row| row.class).collect::<Vec<_>>()).await?;
        rows.retain(|row| self.sees(NodeKind::Job, row.class));
        self.as_seen(rows).await
    }

    /// Puts jobs together with their facets, without what the asker may not know of them.
    async fn as_seen(&self, rows: Vec<JobRow>) -> Result<Vec<JobFull>, FlowError> {
        let mut full = self.app.jobs_full(rows).await?;
        if self.rights().is_none_or(|rights| rights.unbounded()) {
            return Ok(full);
        }
        let ios = full.iter().flat_map(|job| job.io.inputs.iter().chain(&job.io.outputs));
        let classes = self.classes_of(ios.copied().collect()).await?;
        let Some(rights) = self.rights() else { return Ok(full) };
        let seen = |class: u32| rights.sees(Kind::Dataset, class);
        let those = |is: &dyn Fn(u32) -> bool| -> HashSet<DatasetId> {
            classes.iter().filter(|(_, class)| is(**class)).map(|(id, _)| *id).collect()
        };
        let (seen, whole) = (those(&seen), those(&|class| rights.whole(class)));
        full.iter_mut().for_each(|job| redact::job(&rights, job, &seen, &whole));
        self.hide_parents(&mut full).await?;
        Ok(full)
    }

    /// Takes out the names of parents that the asker does not see.
    async fn hide_parents(&self, jobs: &mut [JobFull]) -> Result<(), FlowError> {
        let parent = |job: &JobFull| {
            let (namespace, name) = &job.doc.parent.as_ref()?.value;
            Some(JobId::of(namespace, name))
        };
        let parents: Vec<JobId> = jobs.iter().filter_map(parent).collect();
        let seen: HashSet<JobId> =
            self.job_rows(&parents).await?.into_iter().map(|row| row.id).collect();
        for job in jobs {
            if parent(job).is_some_and(|id| !seen.contains(&id)) {
                job.doc.parent = None;
            }
        }
        Ok(())
    }

    /// Returns jobs by id, without those that the asker does not see.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn job_rows(&self, ids: &[JobId]) -> Result<Vec<JobRow>, FlowError> {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        self.rights();
        let mut rows = self.app.db().jobs(&ids).await?;
        self.learn(&rows.iter().map(|row| row.class).collect::<Vec<_>>()).await?;
        rows.retain(|row| self.sees(NodeKind::Job, row.class));
        Ok(rows)
    }

    /// Returns a page of a job's versions, the newest first, and how many there are.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn job_versions(
        &self,
        job: &JobFull,
        limit: usize,
        offset: usize,
    ) -> Result<(Vec<JobVersion>, usize), FlowError> {
        let (mut versions, total) = self.app.job_versions(job, limit, offset).await?;
        if self.rights().is_none() {
            return Ok((versions, total));
        }
        let ios = versions.iter().flat_map(|v| v.content.inputs.iter().chain(&v.content.outputs));
        let classes = self.classes_of(ios.copied().collect()).await?;
        let Some(rights) = self.rights() else { return Ok((versions, total)) };
        let seen = |id: &DatasetId| classes.get(id).is_some_and(|c| rights.sees(Kind::Dataset, *c));
        for version in &mut versions {
            version.content.inputs.retain(|id| seen(id));
            version.content.outputs.retain(|id| seen(id));
        }
        Ok((versions, total))
    }
}
