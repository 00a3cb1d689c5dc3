//! One commit: known events set aside, the rest folded, joined to what is known, stored.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::audit::{Ledger, Sealed};
use super::folded::{Folded, KnownFacets};
use super::follow::{Recent, start_over};
use super::ingest::{Accepted, Waiting};
use super::positions::Positions;
use crate::base::{Clock, EventId, JobId, Position, Stamps, Time};
use crate::catalog::{Changed, Delta, Touch, Voice, Working};
use crate::db::{
    Change, ChangeKind, Db, DbError, EntryKind, Feed, Head, LogEntry, NO_VOICE, SaidAgain, Tx,
};

/// Documents of a kind that are kept in memory between commits.
const DOCS_KEPT_MAX: usize = 20_000;
/// Numbers of voices that are kept in memory between commits.
const VOICES_KEPT_MAX: usize = 10_000;

/// The only writer of this node.
pub(super) struct Writer {
    db: Db,
    clock: Arc<dyn Clock>,
    stamps: Arc<Stamps>,
    working: Working,
    facets: Arc<KnownFacets>,
    ledger: Ledger,
    recent: Arc<Recent>,
    positions: Arc<Positions>,
    /// The numbers of voices, by where they lie: whoever speaks often speaks with one.
    voices: HashMap<usize, (Arc<Voice>, i64)>,
    /// What its memory stands for; nothing if it is empty.
    position: Option<Position>,
}

/// An entry that stands in the log: its place, and who said it.
type Known = HashMap<EventId, (i64, Vec<i64>)>;

/// What a batch comes to before it is written.
#[derive(Default)]
struct Prepared {
    log: Vec<(Arc<LogEntry>, i64)>,
    again: Vec<SaidAgain>,
    deltas: Vec<Delta>,
    accepted: Vec<Accepted>,
}

impl Writer {
    pub(super) fn new(
        db: Db,
        (clock, stamps): (Arc<dyn Clock>, Arc<Stamps>),
        facets: Arc<KnownFacets>,
        (recent, positions): (Arc<Recent>, Arc<Positions>),
    ) -> Self {
        Self {
            db,
            clock,
            stamps,
            working: Working::default(),
            facets,
            ledger: Ledger::default(),
            recent,
            positions,
            voices: HashMap::new(),
            position: None,
        }
    }

    /// Commits submissions together. Nothing of them is kept if this fails, and
    /// [`Writer::forget`] must be called then.
    pub(super) async fn commit(&mut self, batch: &mut [Waiting]) -> Result<Vec<Accepted>, DbError> {
        self.try_commit(batch).await
    }

    /// Forgets everything: after a commit that failed, what is in memory may be ahead of
    /// what is on disk.
    pub(super) fn forget(&mut self) {
        self.working = Working::default();
        self.facets.forget();
        self.ledger.forget();
        self.voices.clear();
        self.position = None;
    }

    async fn try_commit(&mut self, batch: &mut [Waiting]) -> Result<Vec<Accepted>, DbError> {
        let mut tx = self.db.begin().await?;
        let head = tx.head().await?;
        self.catch_up(&mut tx, head).await?;
        self.restamp(head, batch);
        self.number_voices(&mut tx, batch).await?;
        let known = self.known_events(&mut tx, batch).await?;
        let said_last = match known.is_empty() {
            true => None,
            false => tx.said_again_after(head.seq..=head.seq).await?.pop(),
        };
        let order = (head.seq, said_last.map_or(0, |said| said.nth));
        let mut prepared = tokio::task::block_in_place(|| self.prepare(batch, order, known));
        let mut changed = Changed::default();
        let deltas = std::mem::take(&mut prepared.deltas);
        load(&mut tx, &mut self.working, &deltas).await?;
        tokio::task::block_in_place(|| {
            for delta in deltas {
                self.working.apply(delta, &mut changed);
            }
        });
        tx.write(&mut self.working, &mut changed).await?;
        let now = self.clock.now();
        let mut next = tx.append_events(head, &prepared.log).await?;
        tx.append_again(&prepared.again).await?;
        let again = prepared.again.iter().map(|said| said.received_at.as_micros());
        next.stamp = again.fold(next.stamp, i64::max);
        for waiting in batch.iter() {
            store_rest(&mut tx, waiting, now).await?;
        }
        let records: Vec<&Sealed> =
            batch.iter().flat_map(|waiting| &waiting.rest.records).collect();
        self.ledger.append(&mut tx, &records).await?;
        let changes = changes_of(&changed);
        if !changes.is_empty() {
            tx.append_changes(&mut next, now, &changes).await?;
        }
        if next != head {
            tx.set_head(next).await?;
        }
        tx.commit().await?;
        self.settle(next, &changed);
        let (before, position) = (head.reached().number, next.reached());
        // Before anybody is answered: what rules see now holds at once.
        self.recent.note((before, position), std::mem::take(&mut changed.rejudged));
        Ok(prepared
            .accepted
            .into_iter()
            .map(|accepted| Accepted { position, ..accepted })
            .collect())
    }

    /// Gives a later stamp to what was received before the last commit and must count after
    /// it: edits after everything, events after edits. That is rare: on one node in a moment's
    /// race, with several also where their clocks differ.
    fn restamp(&self, head: Head, batch: &mut [Waiting]) {
        self.stamps.see(Time::from_micros(head.stamp));
        for waiting in batch {
            for folded in &mut waiting.folded {
                let edit = folded.entry.kind == EntryKind::Edit;
                let floor = if edit { head.stamp } else { head.edit_stamp };
                let own = if edit { folded.entry.event_time } else { folded.entry.received_at };
                if own.as_micros() > floor {
                    continue;
                }
                if let Some(texts) = folded.restamp(self.stamps.next()) {
                    waiting.rest.records.iter_mut().for_each(|record| record.retell(texts));
                }
            }
        }
    }

    /// Forgets what other nodes (or maintenance) have changed since the last commit.
    async fn catch_up(&mut self, tx: &mut Tx, head: Head) -> Result<(), DbError> {
        const ROWS_MAX: usize = 200;
        let reached = head.reached();
        let Some(before) = self.position.replace(reached).filter(|before| *before != reached)
        else {
            return Ok(());
        };
        let rows = match tx.changes_after(before, ROWS_MAX).await? {
            Feed::Rows(rows) if before.number < reached.number => rows,
            Feed::Rows(_) | Feed::OtherHistory => {
                // Before anything of it is noted, which would be taken for what is past.
                start_over(&self.positions, &self.recent, reached);
                self.forget();
                self.position = Some(reached);
                return Ok(());
            }
        };
        let all_seen = rows.last().is_some_and(|row| row.reached() == reached);
        let gap = rows.first().is_none_or(|row| row.reached().number != before.number + 1);
        let everything = |change: &Change| {
            matches!(
                change.kind,
                ChangeKind::Everything | ChangeKind::DatasetGone | ChangeKind::JobGone
            )
        };
        if !all_seen || gap || rows.iter().flat_map(|row| &row.changes).any(everything) {
            self.working = Working::default();
            self.facets.forget();
            return Ok(());
        }
        self.working.sources.clear();
        self.working.tags.clear();
        for change in rows.iter().flat_map(|row| &row.changes) {
            self.working.forget(change.id);
        }
        Ok(())
    }

    /// Finds the numbers of the voices that speak in a batch.
    async fn number_voices(&mut self, tx: &mut Tx, batch: &[Waiting]) -> Result<(), DbError> {
        if self.voices.len() > VOICES_KEPT_MAX {
            self.voices.clear();
        }
        for waiting in batch {
            let voice = &waiting.rest.voice;
            if !voice.is_unknown() && !self.voices.contains_key(&Arc::as_ptr(voice).addr()) {
                let number = tx.voice_number(voice).await?;
                self.voices.insert(Arc::as_ptr(voice).addr(), (Arc::clone(voice), number));
            }
        }
        Ok(())
    }

    fn voice_number(&self, folded: &Folded) -> i64 {
        let kept = self.voices.get(&Arc::as_ptr(&folded.voice).addr());
        kept.map_or(NO_VOICE, |(_, number)| *number)
    }

    /// Returns which entries of a batch stand in the log already, and who said them.
    async fn known_events(&self, tx: &mut Tx, batch: &[Waiting]) -> Result<Known, DbError> {
        let folded = batch.iter().flat_map(|waiting| &waiting.folded);
        let ids: Vec<EventId> = folded.map(|folded| folded.entry.id).collect();
        let known = tx.known_events(&ids).await?;
        if known.is_empty() {
            return Ok(Known::new());
        }
        let mut voices: HashMap<i64, Vec<i64>> =
            known.values().map(|(seq, voice)| (*seq, vec![*voice])).collect();
        let places: Vec<i64> = voices.keys().copied().collect();
        for again in tx.said_again(&places).await? {
            voices.entry(again.seq).or_default().push(again.voice);
        }
        let voices = |seq: &i64| voices.get(seq).cloned().unwrap_or_default();
        Ok(known.into_iter().map(|(id, (seq, _))| (id, (seq, voices(&seq)))).collect())
    }

    /// Takes what is new of a batch, from the last place of the log on, and what was said again
    /// since.
    fn prepare(
        &self,
        batch: &mut [Waiting],
        (mut last, mut nth): (i64, i64),
        mut known: Known,
    ) -> Prepared {
        let mut prepared = Prepared::default();
        for waiting in batch {
            let mut accepted = Accepted { position: Position::default(), new: 0, known: 0 };
            for folded in &mut waiting.folded {
                let voice = self.voice_number(folded);
                let standing = known.get_mut(&folded.entry.id);
                match &standing {
                    _ if folded.entry.kind == EntryKind::Edit => {}
                    None => accepted.new += 1,
                    Some(_) => accepted.known += 1,
                }
                match standing {
                    None => {
                        (last, nth) = (last + 1, 0);
                        known.insert(folded.entry.id, (last, vec![voice]));
                        prepared.log.push((Arc::clone(&folded.entry), voice));
                    }
                    // The same words of somebody else are another statement.
                    Some((seq, voices)) if !voices.contains(&voice) => {
                        voices.push(voice);
                        nth += 1;
                        let (seq, received_at) = (*seq, folded.entry.received_at);
                        let said = SaidAgain { seq, voice, received_at, said_after: last, nth };
                        prepared.again.push(said);
                    }
                    Some(_) => continue,
                }
                prepared.deltas.push(folded.take(&self.facets));
            }
            prepared.accepted.push(accepted);
        }
        prepared
    }

    /// After a commit: remembers what is stored, and keeps memory within its bounds.
    fn settle(&mut self, head: Head, changed: &Changed) {
        self.position = Some(head.reached());
        self.facets.stored(changed.facets.keys());
        self.working.shrink(DOCS_KEPT_MAX, changed);
    }
}

/// Loads every document that the deltas are joined to.
pub(super) async fn load(
    tx: &mut Tx,
    working: &mut Working,
    deltas: &[Delta],
) -> Result<(), DbError> {
    let mut touch = Touch::default();
    deltas.iter().for_each(|delta| working.missing(delta, &mut touch));
    tx.load(&touch, working).await?;
    let mut shared = Touch::default();
    working.shared_missing(deltas, &mut shared);
    if !shared.is_empty() {
        tx.load(&shared, working).await?;
    }
    let mut jobs = Touch::default();
    deltas.iter().for_each(|delta| working.of_runs_missing(delta, &mut jobs));
    tx.load(&jobs, working).await?;
    let jobs: BTreeSet<JobId> = working.jobs_of(deltas).collect();
    tx.load_job_names(&jobs, working).await?;
    // Each round goes one name further; a chain of names is loaded to its end, since
    // which of them is shown follows from all of them.
    loop {
        let mut aliases = Touch::default();
        working.aliases_missing(deltas, &mut aliases);
        if aliases.is_empty() {
            return Ok(());
        }
        tx.load(&aliases, working).await?;
    }
}

/// Loads documents, and all other names that are one with them.
pub(super) async fn load_with_names(
    tx: &mut Tx,
    working: &mut Working,
    mut touch: Touch,
) -> Result<(), DbError> {
    let jobs = touch.jobs.clone();
    while !touch.is_empty() {
        tx.load(&touch, working).await?;
        let aliases = working.datasets.values().flat_map(|doc| doc.aliases.iter().copied());
        let missing = aliases.filter(|id| !working.datasets.contains_key(id));
        touch = Touch { datasets: missing.collect(), ..Touch::default() };
    }
    tx.load_job_names(&jobs, working).await
}

async fn store_rest(tx: &mut Tx, waiting: &Waiting, now: Time) -> Result<(), DbError> {
    let rest = &waiting.rest;
    if !rest.refused.is_empty() {
        let letters: Vec<_> =
            rest.refused.iter().cloned().map(|refused| refused.into_letter(now)).collect();
        tx.keep_dead_letters(&letters).await?;
    }
    for letter in &rest.replayed {
        tx.mark_replayed(*letter, now).await?;
    }
    if let Some(import) = rest.import {
        tx.set_import_position(import.file, import.position, now).await?;
    }
    Ok(())
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
    let rejudged = changed.rejudged.keys();
    let rejudged = rejudged.map(|id| Change { kind: ChangeKind::Judged, id: *id });
    let mut all: Vec<Change> =
        datasets.chain(jobs).chain(runs).chain(namespaces).chain(rejudged).collect();
    all.sort_unstable();
    let small = !changed.sources.is_empty() || !changed.tags.is_empty();
    if all.is_empty() && small {
        all.push(Change { kind: ChangeKind::Small, id: uuid::Uuid::nil() });
    }
    all
}
