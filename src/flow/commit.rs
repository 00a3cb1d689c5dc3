//! The writer's loop: takes whatever waits, commits it at once, then answers.
//!
//! Group commit is what makes durable ingest fast: while one commit is being written,
//! the next batch gathers. Neither a database that hangs nor a panic takes the writer with
//! it: the commit is given up, those who wait are told, and the next one starts afresh.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio_util::sync::CancellationToken;

use super::error::FlowError;
use super::ingest::{Accepted, Waiting};
use super::positions::Positions;
use super::writable::{Place, Writable};
use super::write::Writer;
use crate::base::limits::{COMMIT_BYTES_MAX, COMMIT_EVENTS_MAX};
use crate::db::DbError;

/// How long a commit may take in all, the wait for the writer's lock included.
const COMMIT_TIME_MAX: Duration = Duration::from_secs(30);

/// Why a commit came to nothing.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("the database did not commit in time")]
    Gone,
    #[error("a panic in the writer")]
    Panicked,
}

/// The database did not commit in time.
#[derive(Debug)]
struct Gone;

/// Writes until there is nothing more to write: all senders are gone, or `stop` was
/// asked for and the queue is empty.
pub(super) async fn write_loop(
    mut writer: Writer,
    mut queue: UnboundedReceiver<Waiting>,
    positions: Arc<Positions>,
    writable: Arc<Writable>,
    stop: CancellationToken,
) {
    loop {
        let first = tokio::select! {
            biased;
            first = queue.recv() => first,
            () = stop.cancelled() => queue.try_recv().ok(),
        };
        let Some(first) = first else { return };
        let batch = gather(first, &mut queue);
        let started = std::time::Instant::now();
        let entries: usize = batch.iter().map(|waiting| waiting.folded.len()).sum();
        if commit_batch(&mut writer, batch, (&positions, &writable)).await.is_err() {
            // Whatever came meanwhile has waited in vain as long as that batch has.
            while let Ok(waiting) = queue.try_recv() {
                refuse(vec![waiting], &Failure::Gone);
            }
        }
        metrics::histogram!("lethe_commit_seconds").record(started.elapsed().as_secs_f64());
        metrics::histogram!("lethe_commit_events")
            .record(f64::from(u32::try_from(entries).unwrap_or(u32::MAX)));
    }
}

/// Takes what waits beside the first one, up to the limits of one commit.
fn gather(first: Waiting, queue: &mut UnboundedReceiver<Waiting>) -> Vec<Waiting> {
    let (mut events, mut bytes) = first.size();
    let mut batch = vec![first];
    while events < COMMIT_EVENTS_MAX && bytes < COMMIT_BYTES_MAX {
        let Ok(next) = queue.try_recv() else { break };
        let (more_events, more_bytes) = next.size();
        events += more_events;
        bytes += more_bytes;
        batch.push(next);
    }
    batch
}

/// Commits a batch and answers everyone in it. Where the database refuses a value, or one
/// makes the writer panic, each submission is tried alone, so that one cannot spoil the
/// others.
///
/// # Errors
///
/// [`Gone`] if the database did not commit in time: then no other batch need be tried either.
async fn commit_batch(
    writer: &mut Writer,
    mut batch: Vec<Waiting>,
    (positions, writable): (&Positions, &Writable),
) -> Result<(), Gone> {
    match attempt(writer, &mut batch, writable).await {
        Ok(accepted) => answer(batch, accepted, positions),
        Err(error @ (Failure::Db(DbError::Refused(_)) | Failure::Panicked)) if batch.len() > 1 => {
            tracing::warn!(%error, submissions = batch.len(), "a batch was refused; trying its parts alone");
            for waiting in batch {
                let mut alone = vec![waiting];
                match attempt(writer, &mut alone, writable).await {
                    Ok(accepted) => answer(alone, accepted, positions),
                    Err(error) => refuse(alone, &error),
                }
            }
        }
        Err(error) => {
            refuse(batch, &error);
            if matches!(error, Failure::Gone) {
                return Err(Gone);
            }
        }
    }
    Ok(())
}

/// Tries a commit, for as long as it may take.
async fn attempt(
    writer: &mut Writer,
    batch: &mut [Waiting],
    writable: &Writable,
) -> Result<Vec<Accepted>, Failure> {
    let commit = AssertUnwindSafe(writer.commit(batch)).catch_unwind();
    let done = match tokio::time::timeout(COMMIT_TIME_MAX, commit).await {
        Ok(Ok(done)) => {
            writable.note_database(&done);
            done.map_err(Failure::from)
        }
        Ok(Err(_)) => Err(Failure::Panicked),
        Err(_) => {
            writable.note(Place::Database, Err(&"a commit took too long"));
            Err(Failure::Gone)
        }
    };
    if done.is_err() {
        // What was given up halfway left memory ahead of what is on disk.
        writer.forget();
    }
    done
}

fn answer(batch: Vec<Waiting>, accepted: Vec<Accepted>, positions: &Positions) {
    if let Some(last) = accepted.last() {
        positions.commit(last.position.number);
    }
    for (waiting, accepted) in batch.into_iter().zip(accepted) {
        // Whoever asked may have gone; what was asked is done all the same.
        drop(waiting.reply.send(Ok(accepted)));
    }
}

fn refuse(batch: Vec<Waiting>, error: &Failure) {
    tracing::error!(%error, submissions = batch.len(), "a commit failed");
    metrics::counter!("lethe_commit_failures_total").increment(1);
    for waiting in batch {
        let error = match error {
            Failure::Db(DbError::Refused(_) | DbError::Corrupt { .. }) | Failure::Panicked => {
                FlowError::Internal(error.to_string())
            }
            Failure::Db(_) | Failure::Gone => FlowError::Unavailable,
        };
        drop(waiting.reply.send(Err(error)));
    }
}
