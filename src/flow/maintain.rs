//! Maintenance: rebuilding the catalog from the log, and retention.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use super::app::App;
use super::audit::{Act, Actor};
use super::error::FlowError;
use super::folded::fold_text;
use super::unrecorded::unrecorded;
use super::write::{load, load_with_names};
use crate::base::{EventId, Time};
use crate::catalog::{Changed, Received, Touch, Voice, Working};
use crate::db::{Change, ChangeKind, Db, EventRow, Head, NO_VOICE, SaidAgain, Tx};

/// Events that are folded or removed at once.
pub(super) const PAGE: usize = 1_000;
/// How often expired events are looked for.
const RETAIN_EVERY: Duration = Duration::from_secs(3_600);
/// The name of the lease that retention goes by.
const RETENTION: &str = "retention";
/// How long a node that retains keeps others from it, should it die meanwhile.
const RETENTION_LEASE: Duration = Duration::from_secs(600);
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
pub async fn rebuild(
    db: &Db,
    now: Time,
    mut progress: impl FnMut(u64),
) -> Result<Rebuilt, FlowError> {
    unrecorded(db, async |tx| {
        let head = tx.head().await?;
        tx.clear_projections().await?;
        let mut working = Working::default();
        let mut done = Rebuilt::default();
        let mut after = 0;
        loop {
            let rows = db.scan_events(after, PAGE).await?;
            let last = rows.last().map_or(i64::MAX, |last| last.seq);
            let again = tx.said_again_after(after + 1..=last).await?;
            refold(db, tx, &mut working, (&rows, &again), &mut done).await?;
            if rows.is_empty() {
                break;
            }
            after = last;
            progress(done.entries);
        }
        let everything = Change { kind: ChangeKind::Everything, id: uuid::Uuid::nil() };
        publish(tx, head, now, &[everything]).await?;
        Ok(done)
    })
    .await
}

/// Appends to the change feed and moves its head.
pub(super) async fn publish(
    tx: &mut Tx,
    head: Head,
    now: Time,
    changes: &[Change],
) -> Result<(), FlowError> {
    let mut next = head;
    tx.append_changes(&mut next, now, changes).await?;
    tx.set_head(next).await?;
    Ok(())
}

/// Folds entries of the log once more, and what was said again, both given in order, and stores
/// what they come to. Whatever was said again after an entry comes before the next.
pub(super) async fn refold(
    db: &Db,
    tx: &mut Tx,
    working: &mut Working,
    (rows, again): (&[EventRow], &[SaidAgain]),
    done: &mut Rebuilt,
) -> Result<Changed, FlowError> {
    let voices = voices_of(tx, rows, again).await?;
    let elsewhere = texts_elsewhere(db, rows, again).await?;
    let unknown = Voice::default();
    let mut deltas = Vec::with_capacity(rows.len() + again.len());
    for Statement { row, voice, at, first } in in_order(rows, again, &elsewhere) {
        let voice = voices.get(&voice).unwrap_or(&unknown);
        let received = Received { id: row.id, at, voice };
        let delta = fold_text(row.kind, received, row.raw.as_bytes());
        done.entries += u64::from(first && delta.is_some());
        if first && delta.is_none() {
            done.unreadable += 1;
            tracing::warn!(event.seq = row.seq, "an entry of the log cannot be folded any more");
        }
        deltas.extend(delta);
    }
    load(tx, working, &deltas).await?;
    let mut changed = Changed::default();
    for delta in deltas {
        working.apply(delta, &mut changed);
    }
    tx.write(working, &mut changed).await?;
    working.shrink(PAGE * 20, &changed);
    Ok(changed)
}

/// What somebody said at some time.
struct Statement<'a> {
    row: &'a EventRow,
    voice: i64,
    at: Time,
    /// Whether the entry is there because of it.
    first: bool,
}

/// Lists what was said, and said again, in the order in which it was.
fn in_order<'a>(
    rows: &'a [EventRow],
    again: &[SaidAgain],
    elsewhere: &'a HashMap<i64, EventRow>,
) -> Vec<Statement<'a>> {
    let row_at = |seq: i64| match rows.binary_search_by_key(&seq, |row| row.seq) {
        Ok(place) => rows.get(place),
        Err(_) => elsewhere.get(&seq),
    };
    let again = again.iter().filter_map(|said| {
        let (voice, at, row) = (said.voice, said.received_at, row_at(said.seq)?);
        Some(((said.said_after, said.nth), Statement { row, voice, at, first: false }))
    });
    let first = rows.iter().map(|row| {
        ((row.seq, 0), Statement { row, voice: row.voice, at: row.received_at, first: true })
    });
    let mut all: Vec<_> = first.chain(again).collect();
    all.sort_by_key(|(place, _)| *place);
    all.into_iter().map(|(_, statement)| statement).collect()
}

/// Returns the voices that speak in entries of the log, or again, by their numbers.
async fn voices_of(
    tx: &mut Tx,
    rows: &[EventRow],
    again: &[SaidAgain],
) -> Result<HashMap<i64, Voice>, FlowError> {
    let numbers = rows.iter().map(|row| row.voice).chain(again.iter().map(|said| said.voice));
    let numbers: BTreeSet<i64> = numbers.filter(|one| *one != NO_VOICE).collect();
    Ok(tx.voices(&Vec::from_iter(numbers)).await?)
}

/// Returns those entries that were said again and are not among the rows, by their places.
async fn texts_elsewhere(
    db: &Db,
    rows: &[EventRow],
    again: &[SaidAgain],
) -> Result<HashMap<i64, EventRow>, FlowError> {
    let here = |seq: &i64| rows.binary_search_by_key(seq, |row| row.seq).is_ok();
    let missing = again.iter().map(|said| said.seq).filter(|seq| !here(seq));
    let missing: BTreeSet<i64> = missing.collect();
    if missing.is_empty() {
        return Ok(HashMap::new());
    }
    let found = db.events_at(&Vec::from_iter(missing)).await?;
    Ok(found.into_iter().map(|row| (row.seq, row)).collect())
}

/// Gives access classes to what an older version wrote, which knew none: until then only
/// those see it from whom nothing is hidden.
///
/// # Errors
///
/// [`FlowError::Db`] if the database fails; what was classified stays so.
pub(super) async fn classify_old(db: &Db) -> Result<(), FlowError> {
    loop {
        let (datasets, jobs) = db.unclassified(PAGE).await?;
        if datasets.is_empty() && jobs.is_empty() {
            return Ok(());
        }
        unrecorded(db, async |tx| {
            let mut working = Working::default();
            let mut touch = Touch::default();
            touch.datasets.extend(&datasets);
            touch.jobs.extend(&jobs);
            load_with_names(tx, &mut working, touch).await?;
            let mut changed = Changed::default();
            changed.datasets.extend(datasets.iter().map(|id| (*id, false)));
            changed.jobs.extend(jobs.iter().map(|id| (*id, false)));
            let bodies = tx.telling_bodies(&working, (&datasets, &jobs)).await?;
            working.take_up_said(&bodies);
            Ok(tx.write(&mut working, &mut changed).await?)
        })
        .await?;
        tracing::info!(datasets = datasets.len(), jobs = jobs.len(), "access classes given");
    }
}

/// Removes expired events now and then, until told to stop.
pub(super) async fn retain_loop(app: App) {
    let mut thinned = -1;
    loop {
        match app.take_lease(RETENTION, RETENTION_LEASE).await {
            Ok(true) => {
                if let Err(error) = app.retain().await {
                    tracing::warn!(%error, "retention failed; it will be tried again");
                }
                match app.thin_checkpoints(thinned).await {
                    Ok(until) => thinned = until,
                    Err(error) => tracing::warn!(%error, "signed heads are not thinned yet"),
                }
                if let Err(error) = app.take_lease(RETENTION, Duration::ZERO).await {
                    tracing::warn!(%error, "others do what is to be done only once the lease is over");
                }
            }
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "whose retention it is is not known"),
        }
        let pause = app.inner.stop_following.cancelled();
        if tokio::time::timeout(RETAIN_EVERY, pause).await.is_ok() {
            return;
        }
    }
}

impl App {
    /// Returns whether this node is to do something that one does for all, and nobody else for a
    /// while. For no time at all it gives up what it has.
    async fn take_lease(&self, name: &str, period: Duration) -> Result<bool, FlowError> {
        let micros = i64::try_from(period.as_micros()).unwrap_or(i64::MAX);
        let now = self.now();
        unrecorded(self.db(), async |tx| Ok(tx.take_lease(name, now, micros).await?)).await
    }

    /// Removes events older than the retention, and feed entries and access classes nobody needs.
    /// Returns how many events went.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn retain(&self) -> Result<u64, FlowError> {
        let head = self.db().head().await?;
        if self.db().feed_start().await? < head.position - FEED_KEPT {
            let until = head.position - FEED_KEPT;
            unrecorded(self.db(), async |tx| Ok(tx.trim_feed(until).await?)).await?;
        }
        self.sweep_classes().await?;
        let Some(days) = self.inner.settings.retention_days else { return Ok(0) };
        let before = self.now().plus_micros(-i64::from(days).saturating_mul(DAY_MICROS));
        self.remove_events_before(before).await
    }

    /// Removes access classes in which nothing is any more, some at a time.
    async fn sweep_classes(&self) -> Result<(), FlowError> {
        let mut after = 0;
        loop {
            let unused = self.db().unused_classes(after, PAGE).await?;
            let Some(last) = unused.last() else { return Ok(()) };
            after = *last;
            unrecorded(self.db(), async |tx| Ok(tx.remove_unused_classes(&unused).await?)).await?;
        }
    }

    /// Removes events whose own time lies before a time. What they taught the catalog stays.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn remove_events_before(&self, before: Time) -> Result<u64, FlowError> {
        let mut gone = 0;
        loop {
            // Read, removed and recorded under one lock: what another node removed is not there.
            let count = self
                .change(&Actor::system(), async |tx| {
                    let seqs = tx.expired_events(before, PAGE).await?;
                    if seqs.is_empty() {
                        return Ok((0, Vec::new()));
                    }
                    tx.remove_events(&seqs).await?;
                    let act = Act::done("event:expire").with("events", seqs.len());
                    Ok((seqs.len(), vec![act]))
                })
                .await?;
            if count == 0 {
                return Ok(gone);
            }
            gone += count as u64;
            tracing::info!(events = gone, "expired events removed");
        }
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
