//! Takes events in: validated, queued within bounds, answered once they are on disk.
//!
//! HTTP, files and streams are sources on this one queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::audit::Sealed;
use super::error::FlowError;
use super::folded::{Folded, KnownFacets};
use crate::base::limits::{EVENT_BYTES_MAX, QUEUE_BYTES_MAX, QUEUE_EVENTS_MAX};
use crate::base::{Digest, Time};
use crate::catalog::{EditRecord, Voice};
use crate::db::{DeadLetter, DeadLetterSummary};
use crate::openlineage::{Parsed, Rejection, RejectionCode};

/// Of an event that is too large, this much is kept to look at.
const CUT_BYTES: usize = 64 * 1024;
/// Entries of a submission beyond which they are folded aside, so that they hold nobody up.
const FOLD_HERE_MAX: usize = 50;
/// How long an import waits for a place in a full queue: that is a matter of time, and it
/// has nobody else to go to.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it looks.
const PATIENCE_STEP: Duration = Duration::from_millis(50);

/// An event that was refused, to be kept as a dead letter.
#[derive(Debug, Clone)]
pub struct Refused {
    /// How it came: `batch`, `import`, `kafka`.
    pub source: &'static str,
    /// What came.
    pub payload: Vec<u8>,
    /// Why it was refused.
    pub rejection: Rejection,
}

impl Refused {
    /// Makes one. Of what is too large to be an event, only the beginning is kept.
    pub fn new(source: &'static str, mut payload: Vec<u8>, rejection: Rejection) -> Self {
        if payload.len() > EVENT_BYTES_MAX {
            payload.truncate(CUT_BYTES);
            payload.shrink_to_fit();
        }
        Self { source, payload, rejection }
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

    /// Counts the bytes of it.
    fn bytes(&self) -> usize {
        let events: usize = self.events.iter().map(|event| event.raw.len()).sum();
        let refused: usize = self.refused.iter().map(|refused| refused.payload.len()).sum();
        events + self.edit_bytes + refused
    }
}

/// What became of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// The position in the change feed at which it can be seen.
    pub position: u64,
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

/// A share of the queue's bounds, given back when it is dropped.
#[derive(Debug)]
struct Place {
    load: Arc<Load>,
    entries: usize,
    bytes: usize,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.load.entries.fetch_sub(self.entries, Ordering::Relaxed);
        self.load.bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// How much waits.
#[derive(Debug, Default)]
struct Load {
    entries: AtomicUsize,
    bytes: AtomicUsize,
}

/// The way in.
#[derive(Debug, Clone)]
pub(super) struct Queue {
    sender: mpsc::UnboundedSender<Waiting>,
    load: Arc<Load>,
    facets: Arc<KnownFacets>,
}

impl Queue {
    /// Makes the queue and the writer's end of it. The channel itself needs no bound:
    /// what it holds is bounded by [`QUEUE_EVENTS_MAX`] and [`QUEUE_BYTES_MAX`].
    pub(super) fn new(facets: Arc<KnownFacets>) -> (Self, mpsc::UnboundedReceiver<Waiting>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self { sender, load: Arc::default(), facets }, receiver)
    }

    /// Returns how many events wait.
    pub(super) fn waiting(&self) -> usize {
        self.load.entries.load(Ordering::Relaxed)
    }

    /// Queues a submission and waits until it is on disk.
    ///
    /// A `patient` one waits for a place in a full queue as long as [`PATIENCE`].
    ///
    /// # Errors
    ///
    /// [`FlowError::Overloaded`] if too much waits, [`FlowError::Stopping`] while
    /// shutting down, and whatever the writer answers.
    pub(super) async fn submit(
        &self,
        mut submission: Submission,
        received: Time,
        patient: bool,
    ) -> Result<Accepted, FlowError> {
        let (entries, bytes) = (submission.entries().max(1), submission.bytes());
        let until = Instant::now() + if patient { PATIENCE } else { Duration::ZERO };
        let place = loop {
            match self.place(entries, bytes) {
                Err(FlowError::Overloaded) if Instant::now() < until => {
                    tokio::time::sleep(PATIENCE_STEP).await;
                }
                place => break place?,
            }
        };
        let facets = &self.facets;
        let folded = if entries > FOLD_HERE_MAX {
            tokio::task::block_in_place(|| folded(&mut submission, received, facets))
        } else {
            folded(&mut submission, received, facets)
        };
        let (reply, answer) = oneshot::channel();
        let waiting = Waiting { folded, rest: submission, reply, place };
        self.sender.send(waiting).map_err(|_| FlowError::Stopping)?;
        answer.await.map_err(|_| FlowError::Stopping)?
    }

    fn place(&self, entries: usize, bytes: usize) -> Result<Place, FlowError> {
        let before = self.load.entries.fetch_add(entries, Ordering::Relaxed);
        let bytes_before = self.load.bytes.fetch_add(bytes, Ordering::Relaxed);
        let place = Place { load: Arc::clone(&self.load), entries, bytes };
        // A submission larger than the whole queue still gets in when nothing else waits.
        let full = before > 0 && before + entries > QUEUE_EVENTS_MAX;
        let heavy = bytes_before > 0 && bytes_before + bytes > QUEUE_BYTES_MAX;
        if full || heavy { Err(FlowError::Overloaded) } else { Ok(place) }
    }
}
