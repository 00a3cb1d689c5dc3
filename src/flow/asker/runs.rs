//! Runs, as an asker may see them: those of jobs they may read, without the datasets that
//! they do not see.

use std::collections::{HashMap, HashSet};

use super::super::error::FlowError;
use super::answers::Asker;
use super::personal::Text;
use super::read::RunFull;
use super::redact::{
    OF_IO, OF_RUNS, OF_WHOLE_IO, OF_WHOLE_RUNS, facets, narrow, texts_among, texts_of_run,
};
use super::rights::Rights;
use super::spoken::texts_of_facet;
use crate::access::{Action, Kind};
use crate::base::{DatasetId, Digest, JobId, RunId, Time};
use crate::catalog::{FacetBook, RunJob};
use crate::db::{RunRow, UseRow};
use crate::lineage::NodeRef;
use crate::openlineage::Entity;

impl Asker {
    /// Returns a run by its id: of several that were given it, by jobs of several namespaces, the
    /// earliest that the asker sees.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn run(&self, id: RunId) -> Result<Option<RunFull>, FlowError> {
        let first = self.runs_given(id).await?.into_iter().take(1).collect();
        Ok(self.runs_full(first).await?.pop())
    }

    /// Returns the runs that were given an id, the earliest first.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn runs_given(&self, id: RunId) -> Result<Vec<RunRow>, FlowError> {
        let mut rows = self.app.db().runs(&[id]).await?;
        let sharers = rows.iter().flat_map(|row| &row.doc.sharers);
        let shared: Vec<RunId> = sharers.map(|namespace| id.within(namespace)).collect();
        if !shared.is_empty() {
            rows.extend(self.app.db().runs(&shared).await?);
        }
        let mut rows = self.seen_runs(rows).await?;
        rows.sort_by_cached_key(|row| (row.doc.seen().first, row.doc.job.clone()));
        Ok(rows)
    }

    /// Returns runs by id, without those that the asker may not see.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn run_rows(&self, ids: &[RunId]) -> Result<Vec<RunRow>, FlowError> {
        let rows = self.app.db().runs(ids).await?;
        self.seen_runs(rows).await
    }

    /// Puts runs together with their facets, in the order given. The rows must come from
    /// here.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn runs_full(&self, rows: Vec<RunRow>) -> Result<Vec<RunFull>, FlowError> {
        let mut full = self.app.runs_full(rows).await?;
        let bounded = self.rights().is_some_and(|rights| !rights.sees_all_runs());
        for RunFull { doc, bodies, .. } in full.iter_mut().filter(|_| bounded) {
            narrow((&mut doc.facets, bodies), Entity::Run, OF_WHOLE_RUNS, |_, _| {});
            for io in doc.inputs.values_mut().chain(doc.outputs.values_mut()) {
                narrow((&mut io.facets, bodies), Entity::Dataset, OF_WHOLE_IO, |_, _| {});
            }
        }
        if self.knows_personal()? {
            self.note_texts(&full.iter().map(told).collect::<Vec<_>>()).await?;
        }
        Ok(full)
    }

    /// Returns a page of a job's runs, the latest first.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn runs_of_job(
        &self,
        job: JobId,
        after: Option<(Time, RunId)>,
        limit: usize,
    ) -> Result<Vec<RunRow>, FlowError> {
        let rows = self.app.db().runs_of_job(job, after, limit).await?;
        self.seen_runs(rows).await
    }

    /// As [`Self::runs_of_job`], by how many runs to pass over.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn runs_of_job_at(
        &self,
        job: JobId,
        limit: usize,
        offset: usize,
    ) -> Result<Vec<RunRow>, FlowError> {
        let rows = self.app.db().runs_of_job_at(job, limit, offset).await?;
        self.seen_runs(rows).await
    }

    /// Returns the runs that a run started; of one that the asker does not see, as of one that is
    /// not there, none.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn child_runs(&self, run: RunId, limit: usize) -> Result<Vec<RunRow>, FlowError> {
        if self.runs_given(run).await?.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.app.db().child_runs(run, limit).await?;
        self.seen_runs(rows).await
    }

    /// Returns which runs read or wrote a dataset that the asker sees, the latest first.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn uses(
        &self,
        dataset: DatasetId,
        write: bool,
        limit: usize,
        offset: usize,
    ) -> Result<Vec<UseRow>, FlowError> {
        Ok(self.app.db().uses(dataset, write, limit, offset).await?)
    }

    /// Returns the last run that had written a dataset at a time; nothing if the asker does not
    /// see that run.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn writer_before(
        &self,
        dataset: DatasetId,
        at: Time,
    ) -> Result<Option<UseRow>, FlowError> {
        let Some(found) = self.app.db().writer_before(dataset, at).await? else { return Ok(None) };
        let Some(rights) = self.rights().filter(|rights| !rights.sees_all_runs()) else {
            return Ok(Some(found));
        };
        let classes = self.classes_of_jobs(vec![found.job]).await?;
        Ok(Some(found).filter(|found| sees_runs_of(&rights, &classes, Some(found.job))))
    }

    async fn seen_runs(&self, rows: Vec<RunRow>) -> Result<Vec<RunRow>, FlowError> {
        if self.rights().is_none_or(|rights| rights.sees_all_runs()) {
            return Ok(rows);
        }
        let parents = self.parents_seen(&rows).await?;
        let of_rows = rows.iter().filter_map(|row| row.doc.job.as_ref().map(RunJob::id));
        let jobs = self.classes_of_jobs(of_rows.collect()).await?;
        let ios = rows.iter().flat_map(|row| row.doc.inputs.keys().chain(row.doc.outputs.keys()));
        let datasets = self.classes_of(ios.copied().collect()).await?;
        let mut texts = self.runs_with_texts(&rows).await?.into_iter();
        let Some(rights) = self.rights() else { return Ok(rows) };
        let seen = |mut row: RunRow| {
            let texts = texts.next().unwrap_or(false);
            let job = row.doc.job.as_ref().map(RunJob::id);
            if !sees_runs_of(&rights, &jobs, job) {
                return None;
            }
            let read = rights.about(Action::RunRead, Kind::Job, class_of(&jobs, job));
            redact(&rights, &mut row, &datasets, (texts, read.obligations.mask.is_none()));
            row.doc.parent = row.doc.parent.filter(|parent| parents.contains(&parent.value));
            row.doc.root = row.doc.root.filter(|root| parents.contains(&root.value));
            Some(row)
        };
        Ok(rows.into_iter().filter_map(seen).collect())
    }

    /// Decides of runs, in the order given, whether what they say in words may be shown.
    async fn runs_with_texts(&self, rows: &[RunRow]) -> Result<Vec<bool>, FlowError> {
        let books: Vec<FacetBook> = rows.iter().map(|row| texts_among(&row.doc.facets)).collect();
        let stored: Vec<Digest> = books.iter().flat_map(FacetBook::stored).collect();
        let bodies = self.app.db().facet_bodies(&stored).await?;
        let texts = books.iter().map(|book| texts_of_run(book, &bodies));
        let texts: Vec<String> = texts.collect();
        let docs = rows.iter().zip(&texts);
        let docs = docs.map(|(row, text)| (!text.is_empty()).then_some(&row.doc));
        let touched = self.touched_by_runs(&docs.collect::<Vec<_>>()).await?;
        self.showable(&touched, &texts).await
    }

    /// Returns those of the runs that started these, and at the top of their trees, that the asker
    /// sees.
    async fn parents_seen(&self, rows: &[RunRow]) -> Result<HashSet<RunId>, FlowError> {
        let above = rows.iter().flat_map(|row| [&row.doc.parent, &row.doc.root]);
        let named: HashSet<RunId> = above.flatten().map(|above| above.value).collect();
        if named.is_empty() {
            return Ok(named);
        }
        let found = self.app.db().runs(&Vec::from_iter(named)).await?;
        let job = |row: &RunRow| row.doc.job.as_ref().map(RunJob::id);
        let jobs = self.classes_of_jobs(found.iter().filter_map(job).collect()).await?;
        let Some(rights) = self.rights() else { return Ok(HashSet::new()) };
        let seen = found.iter().filter(|row| sees_runs_of(&rights, &jobs, job(row)));
        Ok(seen.map(|row| row.id).collect())
    }

    /// Returns the access classes of jobs, as [`Self::classes_of`] does of datasets.
    pub(super) async fn classes_of_jobs(
        &self,
        ids: Vec<JobId>,
    ) -> Result<HashMap<JobId, u32>, FlowError> {
        let (mut classes, missing) = self.classes_in_graph(ids, NodeRef::Job)?;
        let rows = self.app.db().jobs(&missing).await?;
        classes.extend(rows.into_iter().map(|row| (row.id, row.access_class)));
        self.learn(&classes.values().copied().collect::<Vec<_>>()).await?;
        Ok(classes)
    }
}

/// Returns what a run says in words, with the datasets that it read and wrote.
fn told(run: &RunFull) -> Text {
    let RunFull { doc, bodies, .. } = run;
    let ios = || doc.inputs.iter().chain(&doc.outputs);
    let books = ios().map(|(_, io)| &io.facets).chain([&doc.facets]);
    let facets = books.flat_map(|book| book.iter().filter_map(|(name, _)| book.raw(name, bodies)));
    (ios().map(|(id, _)| *id).collect(), facets.map(texts_of_facet).collect())
}

fn class_of(classes: &HashMap<JobId, u32>, job: Option<JobId>) -> u32 {
    job.and_then(|id| classes.get(&id)).copied().unwrap_or_default()
}

/// Whether the runs of a job are there, to somebody.
fn sees_runs_of(rights: &Rights, classes: &HashMap<JobId, u32>, job: Option<JobId>) -> bool {
    let access_class = class_of(classes, job);
    rights.sees(Kind::Job, access_class)
        && rights.about(Action::RunRead, Kind::Job, access_class).allow
}

/// Takes out of a run what may not be known of it: what it says in words, and of fields, as far as
/// these may be shown.
fn redact(
    rights: &Rights,
    row: &mut RunRow,
    classes: &HashMap<DatasetId, u32>,
    (texts, fields): (bool, bool),
) {
    facets(&mut row.doc.facets, if texts { OF_WHOLE_RUNS } else { OF_RUNS });
    for ios in [&mut row.doc.inputs, &mut row.doc.outputs] {
        ios.retain(|id, io| {
            let Some(access_class) = classes.get(id) else { return false };
            let whole = fields && rights.whole(*access_class);
            facets(&mut io.facets, if whole { OF_WHOLE_IO } else { OF_IO });
            rights.sees(Kind::Dataset, *access_class)
        });
    }
}
