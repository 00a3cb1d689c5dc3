//! Takes events in: validated, queued within bounds, answered once they are on disk.
//!
//! HTTP, files and streams are sources on this one queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use uuid::Uuid;

use super::audit::Sealed;
use super::error::FlowError;
use super::folded::{Folded, KnownFacets};
use crate::base::limits::{EVENT_BYTES_MAX, QUEUE_BYTES_MAX, QUEUE_EVENTS_MAX};
use crate::base::{Digest, Position, Time};
use crate::catalog::{EditRecord, Voice};
use crate::db::{DeadLetter, DeadLetterSummary};
use crate::openlineage::{Parsed, Rejection, RejectionCode, Sketch};

/// Of an event that is too large, this much is kept to look at.
const CUT_BYTES: usize = 64 * 1024;
/// Entries of a submission beyond which they are folded aside, so that they hold nobody up.
const FOLD_HERE_MAX: usize = 50;
/// How long an import waits for a place in a full queue: that is a matter of time, and it
/// has nobody else to go to.
const PATIENCE: Duration = Duration::from_secs(30);
/// What an entry takes of the queue's bytes at least, so that [`QUEUE_EVENTS_MAX`] of them fill it.
const ENTRY_BYTES_MIN: usize = QUEUE_BYTES_MAX / QUEUE_EVENTS_MAX;
/// The queue's bytes: [`QUEUE_BYTES_MAX`], but for what is no whole entry.
const ROOM_BYTES: usize = ENTRY_BYTES_MIN * QUEUE_EVENTS_MAX;

/// An event that was refused, to be kept as a dead letter.
#[derive(Debug, Clone)]
pub struct Refused {
    /// How it came: `batch`, `import`, `kafka`.
    pub source: &'static str,
    /// What came.
    pub payload: Vec<u8>,
    /// Why it was refused.
    pub rejection: Rejection,
    /// The namespace that it plainly says it belongs to.
    pub namespace: Option<String>,
}

impl Refused {
    /// Makes one. Of what is too large to be an event, only the beginning is kept.
    pub fn new(source: &'static str, mut payload: Vec<u8>, rejection: Rejection) -> Self {
        let namespace = Sketch::of_text(&payload).namespace;
        if payload.len() > EVENT_BYTES_MAX {
            payload.truncate(CUT_BYTES);
            payload.shrink_to_fit();
        }
        Self { source, payload, rejection, namespace }
    }

    /// Writes it as it is kept. The same payload always gets the same id.
    pub(super) fn into_letter(self, at: Time) -> DeadLetter {
        let digest = Digest::of(&self.payload);
        let faults: Vec<serde_json::Value> = self
            .rejection
            .faults
            .iter()
            .map(|fault| serde_json::json!({"pointer": fault.pointer, "code": fault.code, "message": fault.message}))
            .collect();
        DeadLetter {
            summary: DeadLetterSummary {
                id: Uuid::from_bytes(digest.0),
                received_at: at,
                source: self.source.to_owned(),
                code: rejection_code(self.rejection.code).to_owned(),
                reason: serde_json::Value::from(faults).to_string(),
                bytes: i64::try_from(self.payload.len()).unwrap_or(i64::MAX),
                replayed_at: None,
                namespace: self.namespace,
            },
            payload: self.payload,
        }
    }
}

/// Returns the stable word for why an event was refused.
#[must_use]
pub(crate) fn rejection_code(code: RejectionCode) -> &'static str {
    match code {
        RejectionCode::MalformedJson => "malformed-json",
        RejectionCode::TooLarge => "event-too-large",
        RejectionCode::Invalid => "invalid-event",
    }
}

/// How far an import of a file has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Import {
    /// Which file.
    pub file: Uuid,
    /// Bytes of it that are in, these events included.
    pub position: u64,
}

/// What is written together, or not at all.
#[derive(Debug, Clone, Default)]
pub struct Submission {
    /// Events.
    pub events: Vec<Parsed>,
    /// Who says them.
    pub voice: Arc<Voice>,
    /// Edits.
    pub edits: Vec<EditRecord>,
    /// Bytes of the edits' text.
    pub edit_bytes: usize,
    /// Refused events to keep.
    pub refused: Vec<Refused>,
    /// How far the import is with these.
    pub import: Option<Import>,
    /// Dead letters that these events replay.
    pub replayed: Vec<Uuid>,
    /// What the audit log is told.
    pub records: Vec<Sealed>,
}

impl Submission {
    /// Submits one event.
    #[must_use]
    pub fn of(event: Parsed) -> Self {
        Self { events: vec![event], ..Self::default() }
    }

    /// Says whose the events are.
    #[must_use]
    pub fn said_by(self, voice: Arc<Voice>) -> Self {
        Self { voice, ..self }
    }

    /// Counts what is to be written.
    fn entries(&self) -> usize {
        self.events.len() + self.edits.len() + self.refused.len()
    }

    /// Returns how many entries, at least one, and bytes it takes in the queue.
    fn size(&self) -> (usize, usize) {
        (self.entries().max(1), self.bytes())
    }

    /// Counts the bytes of it.
    fn bytes(&self) -> usize {
        let events: usize = self.events.iter().map(|event| event.raw.len()).sum();
        let refused: usize = self.refused.iter().map(|refused| refused.payload.len()).sum();
        events + self.edit_bytes + refused
    }
}

/// A submission that is folded, and not in the queue yet.
#[derive(Debug)]
pub(super) struct Ready {
    folded: Vec<Folded>,
    rest: Submission,
    size: (usize, usize),
}

/// What became of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// The position in the change feed at which it can be seen.
    pub position: Position,
    /// How many of its events were new.
    pub new: usize,
    /// How many were known already.
    pub known: usize,
}

/// A submission on its way to the writer.
#[derive(Debug)]
pub(super) struct Waiting {
    /// Its events and edits.
    pub(super) folded: Vec<Folded>,
    /// What else it holds.
    pub(super) rest: Submission,
    pub(super) reply: oneshot::Sender<Result<Accepted, FlowError>>,
    /// Gives its place in the queue back when it is done.
    place: Place,
}

impl Waiting {
    /// Returns how many entries and bytes it has.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.place.entries, self.place.bytes)
    }
}

/// Folds what a submission holds, here rather than in the writer.
fn folded(submission: &mut Submission, received: Time, facets: &KnownFacets) -> Vec<Folded> {
    let events = std::mem::take(&mut submission.events).into_iter();
    let edits = std::mem::take(&mut submission.edits);
    let voice = &submission.voice;
    let events = events.map(|parsed| Folded::event(parsed, received, voice, facets));
    let edits = edits.iter().map(|edit| Folded::edit(edit, received, facets));
    events.chain(edits).collect()
}

/// A share of the queue, given back when it is dropped.
#[derive(Debug)]
struct Place {
    waiting: Arc<AtomicUsize>,
    entries: usize,
    bytes: usize,
    _room: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.waiting.fetch_sub(self.entries, Ordering::Relaxed);
    }
}

/// Returns how many of the queue's bytes a submission takes. One that is larger than the whole queue takes all
/// of it: it gets in when nothing else waits.
fn weight(entries: usize, bytes: usize) -> u32 {
    let weight = bytes.max(entries.saturating_mul(ENTRY_BYTES_MIN)).min(ROOM_BYTES);
    u32::try_from(weight).unwrap_or(u32::MAX)
}

/// The way in.
#[derive(Debug, Clone)]
pub(super) struct Queue {
    sender: mpsc::UnboundedSender<Waiting>,
    room: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    facets: Arc<KnownFacets>,
}

impl Queue {
    /// Makes the queue and the writer's end of it. The channel itself needs no bound:
    /// what it holds is bounded by [`QUEUE_EVENTS_MAX`] and [`QUEUE_BYTES_MAX`].
    pub(super) fn new(facets: Arc<KnownFacets>) -> (Self, mpsc::UnboundedReceiver<Waiting>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        let room = Arc::new(Semaphore::new(ROOM_BYTES));
        (Self { sender, room, waiting: Arc::default(), facets }, receiver)
    }

    /// Returns how many events wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Queues a submission and waits until it is on disk.
    ///
    /// # Errors
    ///
    /// [`FlowError::Overloaded`] if too much waits, [`FlowError::Stopping`] while
    /// shutting down, and whatever the writer answers.
    pub(super) async fn submit(
        &self,
        submission: Submission,
        received: Time,
    ) -> Result<Accepted, FlowError> {
        let place = self.place(submission.size(), false).await?;
        let fold = || self.fold(submission, received);
        let ready =
            if place.entries > FOLD_HERE_MAX { tokio::task::block_in_place(fold) } else { fold() };
        self.send(ready, place).await
    }

    /// Folds what a submission holds, here rather than in the writer; it may wait then.
    pub(super) fn fold(&self, mut submission: Submission, received: Time) -> Ready {
        let size = submission.size();
        Ready { folded: folded(&mut submission, received, &self.facets), rest: submission, size }
    }

    /// As [`Self::submit`], what was folded before; waits for a place in a full queue as long as
    /// [`PATIENCE`], behind those that came before it.
    pub(super) async fn submit_ready(&self, ready: Ready) -> Result<Accepted, FlowError> {
        let place = self.place(ready.size, true).await?;
        self.send(ready, place).await
    }

    async fn send(&self, ready: Ready, place: Place) -> Result<Accepted, FlowError> {
        let (reply, answer) = oneshot::channel();
        let waiting = Waiting { folded: ready.folded, rest: ready.rest, reply, place };
        self.sender.send(waiting).map_err(|_| FlowError::Stopping)?;
        answer.await.map_err(|_| FlowError::Stopping)?
    }

    async fn place(
        &self,
        (entries, bytes): (usize, usize),
        patient: bool,
    ) -> Result<Place, FlowError> {
        let (room, weight) = (Arc::clone(&self.room), weight(entries, bytes));
        let room = if patient {
            let room = tokio::time::timeout(PATIENCE, room.acquire_many_owned(weight)).await;
            room.ok().and_then(Result::ok)
        } else {
            room.try_acquire_many_owned(weight).ok()
        };
        let room = room.ok_or(FlowError::Overloaded)?;
        self.waiting.fetch_add(entries, Ordering::Relaxed);
        Ok(Place { waiting: Arc::clone(&self.waiting), entries, bytes, _room: room })
    }
}

#[cfg(test)]
mod tests {
    use std::pin::{Pin, pin};
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn now<T>(future: Pin<&mut impl Future<Output = T>>) -> Option<T> {
        match future.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => Some(done),
            Poll::Pending => None,
        }
    }

    #[tokio::test]
    async fn events_and_bytes_are_bounded_and_what_is_too_large_gets_in_alone() {
        let (queue, _receiver) = Queue::new(Arc::default());
        let full = queue.place((QUEUE_EVENTS_MAX, 1), false).await.unwrap();
        assert!(queue.place((1, 1), false).await.is_err());
        assert_eq!(queue.waiting(), QUEUE_EVENTS_MAX);
        drop(full);
        let nearly = queue.place((QUEUE_EVENTS_MAX - 1, 1), false).await.unwrap();
        let last = queue.place((1, 1), false).await.unwrap();
        assert!(queue.place((1, 1), false).await.is_err());
        drop((nearly, last));
        let half = queue.place((1, ROOM_BYTES / 2), false).await.unwrap();
        // What is refused takes nothing from who comes beside it.
        assert!(queue.place((1, QUEUE_BYTES_MAX), false).await.is_err());
        let other = queue.place((1, ROOM_BYTES / 2), false).await.unwrap();
        drop((half, other));
        let huge = queue.place((2 * QUEUE_EVENTS_MAX, 2 * QUEUE_BYTES_MAX), false).await.unwrap();
        assert!(queue.place((1, 1), false).await.is_err());
        drop(huge);
        assert_eq!(queue.waiting(), 0);
    }

    #[tokio::test]
    async fn who_waits_gets_a_place_in_the_order_of_coming() {
        let (queue, _receiver) = Queue::new(Arc::default());
        let first = queue.place((1, ROOM_BYTES / 2), false).await.unwrap();
        let second = queue.place((1, ROOM_BYTES / 2), false).await.unwrap();
        let mut large = pin!(queue.place((1, QUEUE_BYTES_MAX), true));
        let mut small = pin!(queue.place((1, 1), true));
        assert!(now(large.as_mut()).is_none() && now(small.as_mut()).is_none());
        drop(first);
        assert!(now(large.as_mut()).is_none() && now(small.as_mut()).is_none(), "it came first");
        drop(second);
        let large = now(large.as_mut()).expect("there is room").unwrap();
        assert!(now(small.as_mut()).is_none());
        drop(large);
        assert!(now(small.as_mut()).expect("there is room").is_ok());
    }
}
