//! Maintenance: rebuilding the catalog from the log, retention, removal for good.

use std::time::Duration;

use super::app::App;
use super::error::FlowError;
use crate::base::{DatasetId, EventId, JobId, NodeKind, Time};
use crate::catalog::{Changed, Delta, EntityRef, Received, Touch, Working, fold, fold_edit};
use crate::db::{Change, ChangeKind, Db, EntryKind, EventRow, Head, Tx};

/// Events that are folded or removed at once.
const PAGE: usize = 1_000;
/// How often expired events are looked for.
const RETAIN_EVERY: Duration = Duration::from_secs(3_600);
/// The feed's entries that are kept for followers which were away.
const FEED_KEPT: i64 = 100_000;
const DAY_MICROS: i64 = 86_400_000_000;

/// What a rebuild found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Entries of the log that were folded.
    pub entries: u64,
    /// Entries that could not be read by this version of Lethe, and were passed by.
    pub unreadable: u64,
}

/// Drops the catalog's projections and folds the event log again, in one transaction:
/// readers see the old catalog until the new one is there.
///
/// # Errors
///
/// [`FlowError::Db`] if the database fails; nothing has changed then.
pub async fn rebuild(db: &Db, now: Time, mut progress: impl FnMut(u64)) -> Result<Rebuilt, FlowError> {
    let mut tx = db.begin().await?;
    let head = tx.head().await?;
    tx.clear_projections().await?;
    let mut working = Working::default();
    let mut done = Rebuilt::default();
    let mut after = 0;
    loop {
        let rows = db.scan_events(after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.seq;
        refold(&mut tx, &mut working, &rows, &mut done).await?;
        progress(done.entries);
    }
    let everything = Change { kind: ChangeKind::Everything, id: uuid::Uuid::nil() };
    publish(&mut tx, head, now, &[everything]).await?;
    tx.commit().await?;
    Ok(done)
}

async fn publish(tx: &mut Tx, head: Head, now: Time, changes: &[Change]) -> Result<(), FlowError> {
    let next = Head { position: head.position + 1, ..head };
    tx.append_changes(next.position, now, changes).await?;
    tx.set_head(next).await?;
    Ok(())
}

/// Folds entries of the log once more and stores what they come to.
async fn refold(tx: &mut Tx, working: &mut Working, rows: &[EventRow], done: &mut Rebuilt) -> Result<(), FlowError> {
    let mut deltas = Vec::with_capacity(rows.len());
    for row in rows {
        match fold_row(row) {
            Some(delta) => {
                done.entries += 1;
                deltas.push(delta);
            }
            None => {
                done.unreadable += 1;
                tracing::warn!(event.seq = row.seq, "an entry of the log cannot be folded any more");
            }
        }
    }
    let mut touch = Touch::default();
    deltas.iter().for_each(|delta| working.missing(delta, &mut touch));
    tx.load(&touch, working).await?;
    let mut jobs = Touch::default();
    deltas.iter().for_each(|delta| working.jobs_missing(delta, &mut jobs));
    tx.load(&jobs, working).await?;
    loop {
        let mut aliases = Touch::default();
        deltas.iter().for_each(|delta| working.aliases_missing(delta, &mut aliases));
        if aliases.is_empty() {
            break;
        }
        tx.load(&aliases, working).await?;
    }
    let mut changed = Changed::default();
    for delta in deltas {
        working.apply(delta, &mut changed);
    }
    tx.store(working, &changed).await?;
    working.shrink(PAGE * 20, &changed);
    Ok(())
}

fn fold_row(row: &EventRow) -> Option<Delta> {
    let received = Received { id: row.id, at: row.received_at };
    if row.kind == EntryKind::Edit {
        let record = serde_json::from_str(&row.raw).ok()?;
        return Some(fold_edit(&record, received, &|_| false));
    }
    let parsed = crate::openlineage::parse(row.raw.as_bytes()).ok()?;
    Some(fold(&parsed.event, received, &|_| false))
}

/// Removes expired events now and then, until told to stop.
pub(super) async fn retain_loop(app: App) {
    loop {
        if let Err(error) = app.retain().await {
            tracing::warn!(%error, "retention failed; it will be tried again");
        }
        let pause = app.inner.stop_following.cancelled();
        if tokio::time::timeout(RETAIN_EVERY, pause).await.is_ok() {
            return;
        }
    }
}

impl App {
    /// Removes events older than the retention, and feed entries nobody needs.
    /// Returns how many events went.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn retain(&self) -> Result<u64, FlowError> {
        let head = self.db().head().await?;
        if self.db().feed_start().await? < head.position - FEED_KEPT {
            let mut tx = self.db().begin().await?;
            tx.trim_feed(head.position - FEED_KEPT).await?;
            tx.commit().await?;
        }
        let Some(days) = self.inner.settings.retention_days else { return Ok(0) };
        let before = self.now().plus_micros(-i64::from(days).saturating_mul(DAY_MICROS));
        self.remove_events_before(before).await
    }

    /// Removes events whose own time lies before a time. What they taught the catalog stays.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn remove_events_before(&self, before: Time) -> Result<u64, FlowError> {
        let mut gone = 0;
        loop {
            let seqs = self.db().expired_events(before, PAGE).await?;
            if seqs.is_empty() {
                return Ok(gone);
            }
            let mut tx = self.db().begin().await?;
            tx.remove_events(&seqs).await?;
            tx.commit().await?;
            gone += seqs.len() as u64;
            tracing::info!(events = gone, "expired events removed");
        }
    }

    /// Removes datasets and jobs for good, with all events that name them. Jobs that read
    /// or wrote a removed dataset are folded again from the events that are left.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails; nothing is half removed.
    pub async fn remove(&self, entities: &[EntityRef]) -> Result<u64, FlowError> {
        let mut datasets = Vec::new();
        let mut jobs = Vec::new();
        for entity in entities {
            if entity.kind == NodeKind::Job {
                jobs.push(JobId::of(&entity.namespace, &entity.name));
            } else {
                let id = DatasetId::of(&entity.namespace, &entity.name);
                datasets.push(id);
            }
        }
        let mut touched = jobs.clone();
        for dataset in &datasets {
            touched.extend(self.db().jobs_using(*dataset).await?);
        }
        touched.sort_unstable();
        touched.dedup();
        let mut tx = self.db().begin().await?;
        let head = tx.head().await?;
        let named = Named { datasets: &datasets, jobs: &jobs };
        let (doomed, left) = self.sort_events(&touched, &named).await?;
        tx.remove_events(&doomed).await?;
        tx.remove_jobs(&touched).await?;
        tx.remove_datasets(&datasets).await?;
        let mut working = Working::default();
        let mut done = Rebuilt::default();
        for page in left.chunks(PAGE) {
            refold(&mut tx, &mut working, page, &mut done).await?;
        }
        let change = |kind, id| Change { kind, id };
        let mut changes: Vec<Change> = datasets.iter().map(|id| change(ChangeKind::DatasetGone, id.0)).collect();
        changes.extend(jobs.iter().map(|id| change(ChangeKind::JobGone, id.0)));
        let refolded = touched.iter().filter(|id| !jobs.contains(id));
        changes.extend(refolded.map(|id| change(ChangeKind::Job, id.0)));
        publish(&mut tx, head, self.now(), &changes).await?;
        tx.commit().await?;
        let position = u64::try_from(head.position + 1).unwrap_or(0);
        self.inner.positions.commit(position);
        Ok(position)
    }

    /// Sorts the events about these jobs and datasets into those that name what is to be
    /// removed and those that are left.
    async fn sort_events(&self, jobs: &[JobId], named: &Named<'_>) -> Result<(Vec<i64>, Vec<EventRow>), FlowError> {
        let mut doomed = Vec::new();
        let mut left = Vec::new();
        let subjects = jobs.iter().map(|id| id.0).chain(named.datasets.iter().map(|id| id.0));
        for subject in subjects {
            let mut before = None;
            loop {
                let rows = self.db().events_about(subject, before, PAGE).await?;
                let Some(last) = rows.last() else { break };
                before = Some(last.seq);
                for row in rows {
                    if named.in_event(&row) { doomed.push(row.seq) } else { left.push(row) }
                }
            }
        }
        left.sort_unstable_by_key(|row| row.seq);
        Ok((doomed, left))
    }

    /// Returns one entry of the log.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn event(&self, id: EventId) -> Result<Option<EventRow>, FlowError> {
        Ok(self.db().event(id).await?)
    }
}

/// What is to be removed.
struct Named<'a> {
    datasets: &'a [DatasetId],
    jobs: &'a [JobId],
}

impl Named<'_> {
    /// Returns whether an event names any of it. An edit of several things that names one
    /// goes as a whole.
    fn in_event(&self, row: &EventRow) -> bool {
        if self.jobs.iter().any(|id| id.0 == row.subject) || self.datasets.iter().any(|id| id.0 == row.subject) {
            return true;
        }
        let Ok(parsed) = crate::openlineage::parse(row.raw.as_bytes()) else { return false };
        parsed.event.datasets().any(|dataset| self.datasets.contains(&dataset.id()))
    }
}
