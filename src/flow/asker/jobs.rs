//! Jobs, as an asker may see them.

use std::collections::HashSet;

use super::super::error::FlowError;
use super::answers::{Asker, Target};
use super::read::{JobFull, JobVersion, RENAMES_MAX};
use super::redact::{self, Texts};
use super::spoken::texts_of_facet;
use crate::access::{Action, Kind};
use crate::base::{DatasetId, JobId, NodeKind};
use crate::catalog::JobDoc;
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
        let target = Target { kind: Kind::Job, id: id.0, name: "" };
        let Some(access_class) = self.app.db().job_access(id).await? else {
            self.as_if_hidden(Action::JobRead, target).await?;
            return Ok(None);
        };
        if !self.may_see(Action::JobRead, access_class, target).await? {
            return Ok(None);
        }
        let Some(row) = self.app.db().jobs(&[id]).await?.pop() else { return Ok(None) };
        // Marked since: it is not shown by what was decided before.
        if row.access_class != access_class
            && !self.may_see(Action::JobRead, row.access_class, target).await?
        {
            return Ok(None);
        }
        Ok(self.as_seen(vec![row]).await?.pop())
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
        self.learn(&rows.iter().map(|row| row.access_class).collect::<Vec<_>>()).await?;
        rows.retain(|row| self.sees(NodeKind::Job, row.access_class));
        self.as_seen(rows).await
    }

    /// Puts jobs together with their facets, without what the asker may not know of them.
    async fn as_seen(&self, rows: Vec<JobRow>) -> Result<Vec<JobFull>, FlowError> {
        let full = self.app.jobs_full(rows).await?;
        let full = self.narrowed(full).await?;
        if self.knows_personal()? {
            let texts = full.iter().map(texts_of);
            let docs: Vec<Option<&JobDoc>> = full.iter().map(|job| Some(&job.doc)).collect();
            self.note_texts_of_jobs(&docs, texts.collect()).await?;
        }
        Ok(full)
    }

    /// Notes that texts of jobs were shown, which go with what each ever touched.
    pub(super) async fn note_texts_of_jobs(
        &self,
        jobs: &[Option<&JobDoc>],
        texts: Vec<String>,
    ) -> Result<(), FlowError> {
        let with_texts =
            jobs.iter().zip(&texts).map(|(job, text)| job.filter(|_| !text.is_empty()));
        let touched = self.touched_by(&with_texts.collect::<Vec<_>>()).await?;
        let told = touched.into_iter().map(|touched| touched.datasets).zip(texts);
        self.note_texts(&told.collect::<Vec<_>>()).await
    }

    async fn narrowed(&self, mut full: Vec<JobFull>) -> Result<Vec<JobFull>, FlowError> {
        let Some(rights) = self.rights() else { return Ok(full) };
        if !rights.sees_all_runs() {
            full.iter_mut().for_each(|job| redact::runs(&rights, job));
        }
        if rights.unbounded() {
            return Ok(full);
        }
        let texts = self.showable_texts(&full).await?;
        let ios = full.iter().flat_map(|job| job.io.inputs.iter().chain(&job.io.outputs));
        let classes = self.classes_of(ios.copied().collect()).await?;
        let Some(rights) = self.rights() else { return Ok(full) };
        let seen =
            classes.iter().filter(|(_, access_class)| rights.sees(Kind::Dataset, **access_class));
        let seen: HashSet<DatasetId> = seen.map(|(id, _)| *id).collect();
        let jobs = full.iter_mut().zip(texts);
        jobs.for_each(|(job, texts)| redact::job(&rights, job, &seen, texts));
        self.hide_parents(&mut full).await?;
        Ok(full)
    }

    /// Decides which texts of jobs may be shown to somebody from whom something is hidden: SQL
    /// if all that the job ever touched is seen whole and the text names nothing else that is
    /// not; the place of the code if it names no such thing.
    async fn showable_texts(&self, jobs: &[JobFull]) -> Result<Vec<Texts>, FlowError> {
        let sql: Vec<String> = jobs.iter().map(|job| facet_of(job, "sql")).collect();
        let location: Vec<String> = jobs.iter().map(location_of).collect();
        let telling = jobs.iter().zip(sql.iter().zip(&location));
        let docs = telling.map(|(job, (sql, location))| {
            (!(sql.is_empty() && location.is_empty())).then_some(&job.doc)
        });
        let touched = self.touched_by(&docs.collect::<Vec<_>>()).await?;
        let related = self.seen_whole(&touched).await?;
        let sql = self.free_of_hidden(&touched, &related, &sql).await?;
        let location = self.free_of_hidden(&touched, &related, &location).await?;
        let texts = related.into_iter().zip(sql).zip(location);
        Ok(texts.map(|((whole, sql), location)| Texts { sql: whole && sql, location }).collect())
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
        self.learn(&rows.iter().map(|row| row.access_class).collect::<Vec<_>>()).await?;
        rows.retain(|row| self.sees(NodeKind::Job, row.access_class));
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
        if rights.unbounded() {
            return Ok((versions, total));
        }
        let location = |v: &JobVersion| v.content.location.clone().unwrap_or_default();
        let locations: Vec<String> = versions.iter().map(location).collect();
        let touched = self.touched_by(&vec![Some(&job.doc); locations.len()]).await?;
        let related = self.seen_whole(&touched).await?;
        let free = self.free_of_hidden(&touched, &related, &locations).await?;
        for (version, free) in versions.iter_mut().zip(free) {
            version.content.location.take_if(|_| !free);
        }
        Ok((versions, total))
    }
}

/// Returns all texts of a job's facets, and where its code is.
fn texts_of(job: &JobFull) -> String {
    let facets =
        job.doc.facets.iter().filter_map(|(name, _)| job.doc.facets.raw(name, &job.bodies));
    let mut text: String = facets.map(texts_of_facet).collect();
    text.push_str(job.view.location.as_deref().unwrap_or_default());
    text
}

/// Returns the texts of a job's facet; none if it has no such facet.
fn facet_of(job: &JobFull, name: &str) -> String {
    job.doc.facets.raw(name, &job.bodies).map(texts_of_facet).unwrap_or_default()
}

/// Returns the texts that say where a job's code is.
fn location_of(job: &JobFull) -> String {
    let mut text = facet_of(job, "sourceCodeLocation");
    text.push_str(job.view.location.as_deref().unwrap_or_default());
    text
}
