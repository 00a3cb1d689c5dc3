//! One commit: known events set aside, the rest folded, joined to what is known, stored.

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::sync::Arc;

use lru::LruCache;

use super::ingest::{Accepted, Waiting};
use crate::base::{Clock, Digest, EventId};
use crate::catalog::{Changed, Delta, EditRecord, Received, Touch, Working, fold, fold_edit};
use crate::db::{Change, ChangeKind, Db, DbError, EntryKind, Head, LogEntry, Tx};
use crate::openlineage::{Event, EventType, Parsed};

/// Facet digests remembered as stored.
const FACETS_KNOWN_MAX: NonZeroUsize = NonZeroUsize::new(200_000).unwrap();
/// Documents of a kind that are kept in memory between commits.
const DOCS_KEPT_MAX: usize = 20_000;

/// The only writer of this node.
pub(super) struct Writer {
    db: Db,
    clock: Arc<dyn Clock>,
    working: Working,
    facets: LruCache<Digest, ()>,
    position: i64,
}

/// What a batch comes to before it is written.
#[derive(Default)]
struct Prepared {
    log: Vec<LogEntry>,
    deltas: Vec<Delta>,
    accepted: Vec<Accepted>,
}

impl Writer {
    pub(super) fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        let facets = LruCache::new(FACETS_KNOWN_MAX);
        Self { db, clock, working: Working::default(), facets, position: -1 }
    }

    /// Commits submissions together. Nothing of them is kept if this fails, and
    /// [`Writer::forget`] must be called then.
    pub(super) async fn commit(&mut self, batch: &[&Waiting]) -> Result<Vec<Accepted>, DbError> {
        self.try_commit(batch).await
    }

    /// Returns the database that it writes to.
    pub(super) fn db(&self) -> &Db {
        &self.db
    }

    /// Forgets everything: after a commit that failed, what is in memory may be ahead of
    /// what is on disk.
    pub(super) fn forget(&mut self) {
        self.working = Working::default();
        self.facets.clear();
        self.position = -1;
    }

    async fn try_commit(&mut self, batch: &[&Waiting]) -> Result<Vec<Accepted>, DbError> {
        let mut tx = self.db.begin().await?;
        let head = tx.head().await?;
        self.catch_up(head).await?;
        let known = known_events(&mut tx, batch).await?;
        let mut prepared = tokio::task::block_in_place(|| self.prepare(batch, known));
        let mut changed = Changed::default();
        let deltas = std::mem::take(&mut prepared.deltas);
        self.load(&mut tx, &deltas).await?;
        tokio::task::block_in_place(|| {
            for delta in deltas {
                self.working.apply(delta, &mut changed);
            }
        });
        tx.store(&mut self.working, &changed).await?;
        let now = self.clock.now();
        let mut next = tx.append_events(head, &prepared.log).await?;
        for waiting in batch {
            store_rest(&mut tx, waiting, now).await?;
        }
        let changes = changes_of(&changed);
        if !changes.is_empty() {
            next.position += 1;
            tx.append_changes(next.position, now, &changes).await?;
        }
        if next != head {
            tx.set_head(next).await?;
        }
        tx.commit().await?;
        self.settle(next, &changed);
        let position = u64::try_from(next.position).unwrap_or(0);
        Ok(prepared
            .accepted
            .into_iter()
            .map(|accepted| Accepted { position, ..accepted })
            .collect())
    }

    /// Forgets what other nodes (or maintenance) have changed since the last commit.
    async fn catch_up(&mut self, head: Head) -> Result<(), DbError> {
        const ROWS_MAX: usize = 200;
        if head.position == self.position {
            return Ok(());
        }
        let rows = self.db.changes_after(self.position, ROWS_MAX).await?;
        let all_seen = rows.last().is_some_and(|row| row.position == head.position);
        let gap = rows.first().is_none_or(|row| row.position != self.position + 1);
        self.position = head.position;
        let everything = |change: &Change| {
            matches!(
                change.kind,
                ChangeKind::Everything | ChangeKind::DatasetGone | ChangeKind::JobGone
            )
        };
        if !all_seen || gap || rows.iter().flat_map(|row| &row.changes).any(everything) {
            self.working = Working::default();
            self.facets.clear();
            return Ok(());
        }
        self.working.sources.clear();
        self.working.tags.clear();
        for change in rows.iter().flat_map(|row| &row.changes) {
            self.working.forget(change.id);
        }
        Ok(())
    }

    fn prepare(&self, batch: &[&Waiting], mut known: HashSet<EventId>) -> Prepared {
        let mut prepared = Prepared::default();
        let stored = |digest: &Digest| self.facets.contains(digest);
        for waiting in batch {
            let mut accepted = Accepted { position: 0, new: 0, known: 0 };
            for parsed in &waiting.submission.events {
                if !known.insert(parsed.id) {
                    accepted.known += 1;
                    continue;
                }
                accepted.new += 1;
                let received = Received { id: parsed.id, at: waiting.received };
                prepared.deltas.push(fold(&parsed.event, received, &stored));
                prepared.log.push(log_entry(parsed, waiting));
            }
            for edit in &waiting.submission.edits {
                let entry = edit_entry(edit, waiting);
                if known.insert(entry.id) {
                    let received = Received { id: entry.id, at: waiting.received };
                    prepared.deltas.push(fold_edit(edit, received, &stored));
                    prepared.log.push(entry);
                }
            }
            prepared.accepted.push(accepted);
        }
        prepared
    }

    /// Loads every document that the deltas are joined to.
    async fn load(&mut self, tx: &mut Tx, deltas: &[Delta]) -> Result<(), DbError> {
        let mut touch = Touch::default();
        for delta in deltas {
            self.working.missing(delta, &mut touch);
        }
        tx.load(&touch, &mut self.working).await?;
        let mut jobs = Touch::default();
        for delta in deltas {
            self.working.jobs_missing(delta, &mut jobs);
        }
        tx.load(&jobs, &mut self.working).await?;
        // Each round goes one name further; a chain of names is loaded to its end, since
        // which of them is shown follows from all of them.
        loop {
            let mut aliases = Touch::default();
            for delta in deltas {
                self.working.aliases_missing(delta, &mut aliases);
            }
            if aliases.is_empty() {
                break;
            }
            tx.load(&aliases, &mut self.working).await?;
        }
        Ok(())
    }

    /// After a commit: remembers what is stored, and keeps memory within its bounds.
    fn settle(&mut self, head: Head, changed: &Changed) {
        self.position = head.position;
        for digest in changed.facets.keys() {
            self.facets.put(*digest, ());
        }
        self.working.shrink(DOCS_KEPT_MAX, changed);
    }
}

async fn known_events(tx: &mut Tx, batch: &[&Waiting]) -> Result<HashSet<EventId>, DbError> {
    let ids: Vec<EventId> = batch
        .iter()
        .flat_map(|waiting| waiting.submission.events.iter().map(|parsed| parsed.id))
        .collect();
    tx.known_events(&ids).await
}

async fn store_rest(tx: &mut Tx, waiting: &Waiting, now: crate::base::Time) -> Result<(), DbError> {
    let submission = &waiting.submission;
    if !submission.refused.is_empty() {
        let letters: Vec<_> =
            submission.refused.iter().cloned().map(|refused| refused.into_letter(now)).collect();
        tx.keep_dead_letters(&letters).await?;
    }
    for letter in &submission.replayed {
        tx.mark_replayed(*letter, now).await?;
    }
    if let Some(import) = submission.import {
        tx.set_import_position(import.file, import.position, now).await?;
    }
    Ok(())
}

fn log_entry(parsed: &Parsed, waiting: &Waiting) -> LogEntry {
    let (kind, subject, run) = match &parsed.event {
        Event::Run(event) => {
            let parent = event.run.facets.typed::<crate::openlineage::facets::ParentRun>();
            let parent = parent.as_ref().map(|parent| parent.job.name.as_str());
            let name = crate::catalog::job_naming(&event.job.name, parent).name;
            let subject = crate::base::JobId::of(&event.job.namespace, &name).0;
            (EntryKind::Run, subject, Some(event.run.id.0))
        }
        Event::Job(event) => (EntryKind::Job, event.job.id().0, None),
        Event::Dataset(event) => (EntryKind::Dataset, event.dataset.id().0, None),
    };
    LogEntry {
        id: parsed.id,
        kind,
        state: parsed.event.event_type().map_or(0, state_of),
        event_time: parsed.event.event_time(),
        received_at: waiting.received,
        subject,
        run,
        raw: parsed.raw.clone(),
    }
}

fn state_of(event_type: EventType) -> i16 {
    match event_type {
        EventType::Start => 1,
        EventType::Running => 2,
        EventType::Complete => 3,
        EventType::Abort => 4,
        EventType::Fail => 5,
        EventType::Other => 6,
    }
}

fn edit_entry(edit: &EditRecord, waiting: &Waiting) -> LogEntry {
    // An edit is a struct of texts: it always serialises.
    let raw = serde_json::to_vec(edit).unwrap_or_default();
    LogEntry {
        id: EventId::of(edit.event_time, &Digest::of(&raw)),
        kind: EntryKind::Edit,
        state: 0,
        event_time: edit.event_time,
        received_at: waiting.received,
        subject: edit.subject(),
        run: None,
        raw,
    }
}

/// Lists what changed for the feed, each once, in a fixed order.
pub(super) fn changes_of(changed: &Changed) -> Vec<Change> {
    let datasets = changed.datasets.iter().map(|(id, content)| Change {
        kind: if *content { ChangeKind::Dataset } else { ChangeKind::DatasetActivity },
        id: id.0,
    });
    let jobs = changed.jobs.iter().map(|(id, content)| Change {
        kind: if *content { ChangeKind::Job } else { ChangeKind::JobActivity },
        id: id.0,
    });
    let runs = changed.runs.iter().map(|id| Change { kind: ChangeKind::Run, id: id.0 });
    let namespaces =
        changed.namespaces.iter().map(|id| Change { kind: ChangeKind::Namespace, id: id.0 });
    let mut all: Vec<Change> = datasets.chain(jobs).chain(runs).chain(namespaces).collect();
    all.sort_unstable();
    let small = !changed.sources.is_empty() || !changed.tags.is_empty();
    if all.is_empty() && small {
        all.push(Change { kind: ChangeKind::Small, id: uuid::Uuid::nil() });
    }
    all
}
