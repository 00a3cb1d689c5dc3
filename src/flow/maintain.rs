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
            let Some(last) = rows.last() else { break };
            after = last.seq;
            refold(tx, &mut working, &rows, &mut done).await?;
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
    let next = Head { position: head.position + 1, ..head };
    tx.append_changes(next.position, now, changes).await?;
    tx.set_head(next).await?;
    Ok(())
}

/// Folds entries of the log once more and stores what they come to.
pub(super) async fn refold(
    tx: &mut Tx,
    working: &mut Working,
    rows: &[EventRow],
    done: &mut Rebuilt,
) -> Result<Changed, FlowError> {
    let voices = Voices::of(tx, rows).await?;
    let mut deltas = Vec::with_capacity(rows.len());
    for row in rows {
        let known = deltas.len();
        for (voice, at) in voices.who_said(row) {
            let received = Received { id: row.id, at, voice };
            deltas.extend(fold_text(row.kind, received, row.raw.as_bytes()));
        }
        if deltas.len() > known {
            done.entries += 1;
        } else {
            done.unreadable += 1;
            tracing::warn!(event.seq = row.seq, "an entry of the log cannot be folded any more");
        }
    }
    load(tx, working, &deltas).await?;
    let mut changed = Changed::default();
    for delta in deltas {
        working.apply(delta, &mut changed);
    }
    tx.store(working, &mut changed).await?;
    working.shrink(PAGE * 20, &changed);
    Ok(changed)
}

/// Who said the entries of a page of the log.
struct Voices {
    unknown: Voice,
    by_number: HashMap<i64, Voice>,
    again: HashMap<i64, Vec<SaidAgain>>,
}

impl Voices {
    async fn of(tx: &mut Tx, rows: &[EventRow]) -> Result<Self, FlowError> {
        let places: Vec<i64> = rows.iter().map(|row| row.seq).collect();
        let mut numbers: BTreeSet<i64> = rows.iter().map(|row| row.voice).collect();
        let mut again: HashMap<i64, Vec<SaidAgain>> = HashMap::new();
        for said in tx.said_again(&places).await? {
            numbers.insert(said.voice);
            again.entry(said.seq).or_default().push(said);
        }
        let numbers: Vec<i64> = numbers.into_iter().filter(|one| *one != NO_VOICE).collect();
        let by_number = tx.voices(&numbers).await?;
        Ok(Self { unknown: Voice::default(), by_number, again })
    }

    /// Goes through those who said an entry, and when it was received from them.
    fn who_said(&self, row: &EventRow) -> impl Iterator<Item = (&Voice, Time)> {
        let again = self.again.get(&row.seq).into_iter().flatten();
        let again = again.map(|said| (said.voice, said.received_at));
        std::iter::once((row.voice, row.received_at))
            .chain(again)
            .map(|(number, at)| (self.by_number.get(&number).unwrap_or(&self.unknown), at))
    }
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
            let bodies = tx.telling_bodies(&working, &changed).await?;
            working.take_up_said(&bodies);
            Ok(tx.store(&mut working, &mut changed).await?)
        })
        .await?;
        tracing::info!(datasets = datasets.len(), jobs = jobs.len(), "access classes given");
    }
}

/// Removes expired events now and then, until told to stop.
pub(super) async fn retain_loop(app: App) {
    let mut thinned = -1;
    loop {
        if let Err(error) = app.retain().await {
            tracing::warn!(%error, "retention failed; it will be tried again");
        }
        match app.thin_checkpoints(thinned).await {
            Ok(until) => thinned = until,
            Err(error) => tracing::warn!(%error, "signed heads are not thinned yet"),
        }
        let pause = app.inner.stop_following.cancelled();
        if tokio::time::timeout(RETAIN_EVERY, pause).await.is_ok() {
            return;
        }
    }
}

impl App {
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
            let seqs = self.db().expired_events(before, PAGE).await?;
            if seqs.is_empty() {
                return Ok(gone);
            }
            self.change(&Actor::system(), async |tx| {
                tx.remove_events(&seqs).await?;
                Ok(((), vec![Act::done("event:expire").with("events", seqs.len())]))
            })
            .await?;
            gone += seqs.len() as u64;
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
