//! The writer's loop: takes whatever waits, commits it at once, then answers.
//!
//! Group commit is what makes durable ingest fast: while one commit is being written,
//! the next batch gathers.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio_util::sync::CancellationToken;

use super::error::FlowError;
use super::ingest::{Accepted, Waiting};
use super::positions::Positions;
use super::write::Writer;
use crate::base::limits::{COMMIT_BYTES_MAX, COMMIT_EVENTS_MAX};
use crate::db::DbError;

/// Writes until there is nothing more to write: all senders are gone, or `stop` was
/// asked for and the queue is empty.
pub(super) async fn write_loop(
    mut writer: Writer,
    mut queue: UnboundedReceiver<Waiting>,
    positions: Arc<Positions>,
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
        let entries: usize = batch.iter().map(|w| w.submission.events.len()).sum();
        commit_batch(&mut writer, batch, &positions).await;
        metrics::histogram!("lethe_commit_seconds").record(started.elapsed().as_secs_f64());
        metrics::histogram!("lethe_commit_events")
            .record(f64::from(u32::try_from(entries).unwrap_or(u32::MAX)));
    }
}

/// Takes what waits beside the first one, up to the limits of one commit.
fn gather(first: Waiting, queue: &mut UnboundedReceiver<Waiting>) -> Vec<Waiting> {
    let size = |waiting: &Waiting| {
        let events = &waiting.submission.events;
        (events.len().max(1), events.iter().map(|event| event.raw.len()).sum::<usize>())
    };
    let (mut events, mut bytes) = size(&first);
    let mut batch = vec![first];
    while events < COMMIT_EVENTS_MAX && bytes < COMMIT_BYTES_MAX {
        let Ok(next) = queue.try_recv() else { break };
        let (more_events, more_bytes) = size(&next);
        events += more_events;
        bytes += more_bytes;
        batch.push(next);
    }
    batch
}

/// Commits a batch and answers everyone in it. Where the database refuses a value, each
/// submission is tried alone, so that one cannot spoil the others.
async fn commit_batch(writer: &mut Writer, batch: Vec<Waiting>, positions: &Positions) {
    let all: Vec<&Waiting> = batch.iter().collect();
    match writer.commit(&all).await {
        Ok(accepted) => answer(batch, accepted, positions),
        Err(DbError::Refused(error)) if batch.len() > 1 => {
            tracing::warn!(%error, submissions = batch.len(), "a batch was refused; trying its parts alone");
            for waiting in batch {
                match writer.commit(&[&waiting]).await {
                    Ok(accepted) => answer(vec![waiting], accepted, positions),
                    Err(error) => refuse(vec![waiting], &error),
                }
            }
        }
        Err(error) => refuse(batch, &error),
    }
}

fn answer(batch: Vec<Waiting>, accepted: Vec<Accepted>, positions: &Positions) {
    if let Some(last) = accepted.last() {
        positions.commit(last.position);
    }
    for (waiting, accepted) in batch.into_iter().zip(accepted) {
        // Whoever asked may have gone; what was asked is done all the same.
        drop(waiting.reply.send(Ok(accepted)));
    }
}

fn refuse(batch: Vec<Waiting>, error: &DbError) {
    tracing::error!(%error, submissions = batch.len(), "a commit failed");
    metrics::counter!("lethe_commit_failures_total").increment(1);
    for waiting in batch {
        let error = match error {
            DbError::Refused(_) | DbError::Corrupt { .. } => FlowError::Internal(error.to_string()),
            _ => FlowError::Unavailable,
        };
        drop(waiting.reply.send(Err(error)));
    }
}
