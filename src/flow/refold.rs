//! Folding entries of the log once more: for a rebuild, and for what a removal leaves.

use std::collections::{BTreeSet, HashMap};

use super::error::FlowError;
use super::folded::fold_text;
use super::write::load;
use crate::base::{Digest, Position, Time};
use crate::catalog::{Changed, Delta, Gone, JobDoc, Received, Touch, Voice, Working};
use crate::db::{Change, Db, EventRow, Head, NO_VOICE, SaidAgain, Tx};

/// Entries that are folded or removed at once.
pub(super) const PAGE: usize = 1_000;

/// What a rebuild found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Entries of the log that were folded.
    pub entries: u64,
    /// Entries that could not be read by this version of Lethe, and were passed by.
    pub unreadable: u64,
}

/// Appends to the change feed and moves its head. Returns the position reached.
pub(super) async fn publish(
    tx: &mut Tx,
    head: Head,
    now: Time,
    changes: &[Change],
) -> Result<Position, FlowError> {
    let mut next = head;
    tx.append_changes(&mut next, now, changes).await?;
    tx.set_head(next).await?;
    Ok(next.reached())
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
    let deltas = deltas_of(db, tx, (rows, again), done).await?;
    load(tx, working, &deltas).await?;
    let mut changed = Changed::default();
    for delta in deltas {
        working.apply(delta, &mut changed);
    }
    tx.write(working, &mut changed).await?;
    working.shrink(PAGE * 20, &changed);
    Ok(changed)
}

/// Returns what lasts of jobs that were folded again ([`JobDoc::lasting`]), as they were before, with
/// the facets that they once named.
pub(super) async fn jobs_that_last(
    db: &Db,
    tx: &mut Tx,
    before: &[JobDoc],
    gone: &Gone,
) -> Result<Delta, FlowError> {
    let mut now = Working::default();
    let jobs = before.iter().map(JobDoc::id).collect();
    tx.load(&Touch { jobs, ..Touch::default() }, &mut now).await?;
    let nothing = JobDoc::default();
    let lasting = before
        .iter()
        .filter_map(|doc| doc.lasting(now.jobs.get(&doc.id()).unwrap_or(&nothing), gone));
    let jobs: Vec<JobDoc> = lasting.collect();
    let digests: Vec<Digest> = jobs.iter().flat_map(|job| job.before.digests()).collect();
    let facets = db.facet_bodies(&digests).await?.into_iter().collect();
    Ok(Delta { jobs, facets, ..Delta::default() })
}

/// Joins what lasts to what was folded.
pub(super) async fn take_over(
    tx: &mut Tx,
    (working, changed): (&mut Working, &mut Changed),
    lasting: Delta,
) -> Result<(), FlowError> {
    load(tx, working, std::slice::from_ref(&lasting)).await?;
    let jobs = lasting.jobs.iter().map(JobDoc::id).collect();
    working.apply(lasting, changed);
    // Those that only what lasts names are judged with it.
    tx.load_job_names(&jobs, working).await?;
    Ok(())
}

/// Folds entries and what was said again, as [`refold`], to what each of them says.
pub(super) async fn deltas_of(
    db: &Db,
    tx: &mut Tx,
    (rows, again): (&[EventRow], &[SaidAgain]),
    done: &mut Rebuilt,
) -> Result<Vec<Delta>, FlowError> {
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
    Ok(deltas)
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
