//! Finds whatever has to do with what is to be removed.

use std::collections::{BTreeSet, HashSet};

use uuid::Uuid;

use super::super::error::FlowError;
use super::super::refold::PAGE;
use super::doomed::Doomed;
use crate::base::{DatasetId, Digest, JobId, RunId};
use crate::catalog::{EditRecord, jobs_named_in};
use crate::db::{Change, ChangeKind, Db, EntryKind, EventRow};
use crate::openlineage::Sketch;

/// What was found so far.
#[derive(Default)]
pub(super) struct Found {
    /// Places of entries that must go, in order.
    pub(super) entries: Vec<i64>,
    /// Refused events that must go.
    pub(super) letters: Vec<Uuid>,
    /// Jobs that had to do with it: removed, and folded again unless doomed themselves.
    pub(super) jobs: BTreeSet<JobId>,
    /// Datasets whose documents may refer to it or whose uses change.
    pub(super) datasets: BTreeSet<DatasetId>,
    /// Facet bodies that name a removed dataset.
    pub(super) tainted: HashSet<Digest>,
    /// Facet bodies that state lineage of a job that is to be removed.
    of_jobs: HashSet<Digest>,
    /// What states lineage of such a job: the graph must hear of it again afterwards.
    pub(super) stated_by: BTreeSet<Change>,
    /// Runs of the jobs that are to be removed, with the namespaces of these; their events may name
    /// the job differently.
    runs: HashSet<(Uuid, String)>,
    /// Their ids.
    given: HashSet<Uuid>,
    /// Runs that entries which must go speak of, and whose jobs are not yet among those found.
    runs_spoken_of: BTreeSet<RunId>,
    /// How far the log was read.
    read: i64,
    /// Jobs whose neighbourhood was looked at.
    seen_jobs: BTreeSet<JobId>,
}

impl Found {
    /// Goes through the log, the facets and the catalog.
    pub(super) async fn look_everywhere(
        &mut self,
        db: &Db,
        doomed: &Doomed,
    ) -> Result<(), FlowError> {
        self.jobs.extend(&doomed.jobs);
        // Its other names are folded again without it.
        for row in db.jobs(&Vec::from_iter(doomed.jobs.iter().copied())).await? {
            self.jobs.extend(row.doc.names.shorter.iter().chain(row.doc.names.longer.iter()));
        }
        for job in &doomed.jobs {
            self.look_at_runs(db, *job, true).await?;
        }
        self.look_in_log(db, doomed).await?;
        self.look_in_facets(db, doomed).await?;
        self.look_in_datasets(db, doomed).await?;
        self.look_in_jobs(db, doomed).await?;
        if !doomed.datasets.is_empty() {
            self.look_in_dead_letters(db, doomed).await?;
        }
        for id in doomed.datasets.ids() {
            self.jobs.extend(db.jobs_using(id).await?);
        }
        self.look_around(db).await
    }

    /// Goes through the log from where it was left.
    pub(super) async fn look_in_log(&mut self, db: &Db, doomed: &Doomed) -> Result<(), FlowError> {
        loop {
            let rows = db.scan_events(self.read, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            self.read = last.seq;
            for row in rows {
                let of_run = row.run.is_some_and(|run| self.is_of_run(run, &row.raw));
                if of_run || is_about(&row, doomed) || doomed.datasets.in_text(&row.raw) {
                    self.note(&row);
                }
            }
        }
    }

    /// Whether an entry speaks of a run that must go: others may have its id.
    fn is_of_run(&self, run: Uuid, raw: &str) -> bool {
        let namespace = || Sketch::of_text(raw.as_bytes()).namespace;
        self.given.contains(&run)
            && namespace().is_none_or(|namespace| self.runs.contains(&(run, namespace)))
    }

    /// Notes an entry that must go, and what it speaks of.
    fn note(&mut self, row: &EventRow) {
        self.entries.push(row.seq);
        self.runs_spoken_of.extend(row.run.map(RunId));
        match row.kind {
            EntryKind::Run | EntryKind::Job => {
                self.jobs.insert(JobId(row.subject));
            }
            EntryKind::Edit => {
                if let Ok(EditRecord { edit: crate::catalog::Edit::PutJob { .. }, .. }) =
                    serde_json::from_str(&row.raw)
                {
                    self.jobs.insert(JobId(row.subject));
                }
            }
            EntryKind::Dataset => {}
        }
        if let Ok(parsed) = crate::openlineage::parse(row.raw.as_bytes()) {
            self.datasets.extend(parsed.event.datasets().map(crate::openlineage::Dataset::id));
        }
    }

    async fn look_in_dead_letters(&mut self, db: &Db, doomed: &Doomed) -> Result<(), FlowError> {
        let mut before = None;
        loop {
            let letters = db.list_dead_letters(before, PAGE).await?;
            let Some(last) = letters.last() else { return Ok(()) };
            before = Some((last.received_at, last.id));
            for letter in &letters {
                let Some(letter) = db.dead_letter(letter.id).await? else { continue };
                let payload = String::from_utf8_lossy(&letter.payload);
                if doomed.datasets.in_text(&payload)
                    || doomed.datasets.in_text(&letter.summary.reason)
                {
                    self.letters.push(letter.summary.id);
                }
            }
        }
    }

    async fn look_in_facets(&mut self, db: &Db, doomed: &Doomed) -> Result<(), FlowError> {
        let mut after = None;
        loop {
            let bodies = db.scan_facets(after, PAGE).await?;
            let Some(last) = bodies.keys().max() else { return Ok(()) };
            after = Some(*last);
            for (digest, raw) in &bodies {
                if doomed.datasets.in_text(raw.get()) {
                    self.tainted.insert(*digest);
                }
                let jobs = || jobs_named_in(raw.get());
                if !doomed.jobs.is_empty() && jobs().iter().any(|id| doomed.jobs.contains(id)) {
                    self.of_jobs.insert(*digest);
                }
            }
        }
    }

    async fn look_in_datasets(&mut self, db: &Db, doomed: &Doomed) -> Result<(), FlowError> {
        let mut after = None;
        loop {
            let rows = db.scan_datasets(after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = Some(last.id);
            for mut row in rows {
                if row.doc.declared_lineage().is_some_and(|digest| self.of_jobs.contains(&digest)) {
                    self.stated_by.insert(Change { kind: ChangeKind::Dataset, id: row.id.0 });
                }
                if row.doc.scrub(&doomed.datasets, &self.tainted) {
                    self.datasets.insert(row.id);
                }
            }
        }
    }

    async fn look_in_jobs(&mut self, db: &Db, doomed: &Doomed) -> Result<(), FlowError> {
        let mut after = None;
        loop {
            let rows = db.scan_jobs(after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = Some(last.id);
            for row in rows {
                if row.doc.refers_to(&doomed.datasets, &self.tainted) {
                    self.jobs.insert(row.id);
                }
                if row.doc.digests().iter().any(|digest| self.of_jobs.contains(digest)) {
                    self.stated_by.insert(Change { kind: ChangeKind::Job, id: row.id.0 });
                }
            }
        }
    }

    /// Takes in jobs that share runs with those found, under other names, and the datasets
    /// that these runs used.
    pub(super) async fn look_around(&mut self, db: &Db) -> Result<(), FlowError> {
        let runs: Vec<RunId> = std::mem::take(&mut self.runs_spoken_of).into_iter().collect();
        for page in runs.chunks(PAGE) {
            let jobs = db.runs(page).await?.into_iter().filter_map(|row| row.doc.job);
            self.jobs.extend(jobs.map(|job| job.id()));
        }
        loop {
            let new: Vec<JobId> = self.jobs.difference(&self.seen_jobs).copied().collect();
            if new.is_empty() {
                return Ok(());
            }
            self.seen_jobs.extend(&new);
            for job in new {
                self.look_at_runs(db, job, false).await?;
            }
        }
    }

    async fn look_at_runs(&mut self, db: &Db, job: JobId, doomed: bool) -> Result<(), FlowError> {
        let mut after = None;
        loop {
            let rows = db.runs_of_job(job, after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = Some((last.doc.order_at(), last.id));
            for row in &rows {
                if let Some(job) = row.doc.job.as_ref().filter(|_| doomed) {
                    let given = row.doc.shared.unwrap_or(row.id).0;
                    self.given.insert(given);
                    self.runs.insert((given, job.namespace.clone()));
                }
                self.jobs.extend(row.doc.other_jobs.iter().chain(&row.doc.past_jobs));
                self.datasets.extend(row.doc.inputs.keys().chain(row.doc.outputs.keys()));
            }
        }
    }

    /// Returns the places of the entries that made the jobs found and that stay: those about
    /// them, and those of jobs which they started (these speak of their parents).
    pub(super) async fn entries_left(
        &self,
        db: &Db,
        doomed: &Doomed,
    ) -> Result<Vec<i64>, FlowError> {
        let mut subjects: BTreeSet<JobId> = self.jobs.clone();
        for job in self.jobs.difference(&doomed.jobs) {
            subjects.extend(db.child_jobs(*job).await?);
        }
        let gone: HashSet<i64> = self.entries.iter().copied().collect();
        let mut left = BTreeSet::new();
        for subject in subjects {
            left.extend(
                db.places_about(subject.0).await?.into_iter().filter(|seq| !gone.contains(seq)),
            );
        }
        Ok(left.into_iter().collect())
    }
}

/// Returns whether an entry is about something that is to be removed.
fn is_about(row: &EventRow, doomed: &Doomed) -> bool {
    doomed.jobs.contains(&JobId(row.subject)) || doomed.datasets.has(DatasetId(row.subject))
}
