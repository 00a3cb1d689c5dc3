//! Facet bodies that nobody refers to any more once something is removed.

use std::collections::HashSet;

use uuid::Uuid;

use super::super::error::FlowError;
use super::super::refold::PAGE;
use super::doomed::Doomed;
use super::find::Found;
use crate::base::{DatasetId, Digest, JobId, Position, RunId};
use crate::db::{ChangeKind, Db, Feed, FeedRow};

/// Commits that are looked through at once.
const ROWS_MAX: usize = 1_000;

/// Bodies that are garbage unless somebody turns out to refer to them.
#[derive(Default)]
pub(super) struct Garbage {
    bodies: HashSet<Digest>,
    /// The position in the change feed before the catalog was looked through.
    position: Position,
}

/// Finds the bodies that only documents refer to which are going to be removed.
pub(super) async fn candidates(
    db: &Db,
    doomed: &Doomed,
    found: &Found,
) -> Result<Garbage, FlowError> {
    let position = db.head().await?.reached();
    let mut garbage = Garbage { bodies: found.tainted.clone(), position };
    let ids: Vec<DatasetId> = doomed.datasets.ids().collect();
    let rows = db.datasets(&ids).await?;
    garbage.bodies.extend(rows.iter().flat_map(|row| row.doc.digests()));
    let ids: Vec<JobId> = found.jobs.iter().copied().collect();
    let rows = db.jobs(&ids).await?;
    garbage.bodies.extend(rows.iter().flat_map(|row| row.doc.digests()));
    for id in ids {
        let mut after = None;
        loop {
            let rows = db.runs_of_job(id, after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = Some((last.doc.order_at(), last.id));
            garbage.bodies.extend(rows.iter().flat_map(|row| row.doc.digests()));
        }
    }
    garbage.keep_what_others_use(db, doomed, found).await?;
    Ok(garbage)
}

impl Garbage {
    /// Returns what is garbage.
    pub(super) fn digests(&self) -> Vec<Digest> {
        self.bodies.iter().copied().collect()
    }

    /// Notes that bodies are still needed.
    pub(super) fn keep(&mut self, digests: impl IntoIterator<Item = Digest>) {
        for digest in digests {
            self.bodies.remove(&digest);
        }
    }

    /// Goes through every document that stays.
    async fn keep_what_others_use(
        &mut self,
        db: &Db,
        doomed: &Doomed,
        found: &Found,
    ) -> Result<(), FlowError> {
        let mut after = None;
        while !self.bodies.is_empty() {
            let rows = db.scan_datasets(after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            for mut row in rows.into_iter().filter(|row| !doomed.datasets.has(row.id)) {
                row.doc.scrub(&doomed.datasets, &found.tainted);
                self.keep(row.doc.digests());
            }
        }
        let mut after = None;
        while !self.bodies.is_empty() {
            let rows = db.scan_jobs(after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            let staying = rows.iter().filter(|row| !found.jobs.contains(&row.id));
            self.keep(staying.flat_map(|row| row.doc.digests()));
        }
        let mut after = None;
        while !self.bodies.is_empty() {
            let rows = db.scan_runs(after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            let job =
                |doc: &crate::catalog::RunDoc| doc.job.as_ref().map(crate::catalog::RunJob::id);
            let staying =
                rows.iter().filter(|row| job(&row.doc).is_none_or(|id| !found.jobs.contains(&id)));
            self.keep(staying.flat_map(|row| row.doc.digests()));
        }
        Ok(())
    }

    /// Keeps what commits since the look-through refer to. The writer's lock must be held.
    /// Where the feed no longer tells, everything is kept.
    pub(super) async fn keep_what_changed_since(&mut self, db: &Db) -> Result<(), FlowError> {
        let head = db.head().await?.reached();
        while !self.bodies.is_empty() && self.position != head {
            let rows = match db.changes_after(self.position, ROWS_MAX).await? {
                Feed::Rows(rows) => rows,
                Feed::OtherHistory => Vec::new(),
            };
            let next = |first: &FeedRow| first.reached().number == self.position.number + 1;
            if !rows.first().is_some_and(next) {
                self.bodies.clear();
                return Ok(());
            }
            let ids = |kinds: &[ChangeKind]| -> Vec<Uuid> {
                let changes = rows.iter().flat_map(|row| &row.changes);
                changes
                    .filter(|change| kinds.contains(&change.kind))
                    .map(|change| change.id)
                    .collect()
            };
            let datasets = ids(&[ChangeKind::Dataset, ChangeKind::DatasetActivity]);
            let datasets: Vec<DatasetId> = datasets.into_iter().map(DatasetId).collect();
            let jobs: Vec<JobId> =
                ids(&[ChangeKind::Job, ChangeKind::JobActivity]).into_iter().map(JobId).collect();
            let runs: Vec<RunId> = ids(&[ChangeKind::Run]).into_iter().map(RunId).collect();
            if !ids(&[ChangeKind::Everything]).is_empty() {
                self.bodies.clear();
            }
            self.keep(db.datasets(&datasets).await?.iter().flat_map(|row| row.doc.digests()));
            self.keep(db.jobs(&jobs).await?.iter().flat_map(|row| row.doc.digests()));
            self.keep(db.runs(&runs).await?.iter().flat_map(|row| row.doc.digests()));
            self.position = rows.last().map_or(head, FeedRow::reached);
        }
        Ok(())
    }
}
