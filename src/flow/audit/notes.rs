//! What changes nothing (denials, reads of personal fields) is noted: written within a second
//! by a task of its own (`record`), so that whoever asks waits for no lock, and the answer's time tells
//! nothing of what was noted.
//!
//! Notes wait in a bounded queue; when it is full whoever asks waits, and nothing is lost. A
//! kill loses what was noted since the last write, and the counts of the running minute
//! ([`super::tally`]): never the record of a change.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::super::error::FlowError;
use super::act::{Act, Actor};
use super::tally::Tally;
use crate::base::Time;
use crate::base::limits::{LOCK_WAIT_MS_MAX, NOTES_WAITING_MAX};

/// How long whoever asks waits for a place in a full queue, or for what waits to be written.
pub(super) const WAIT_MAX: Duration = Duration::from_millis(LOCK_WAIT_MS_MAX);

/// The way to the log for what changes nothing.
#[derive(Debug)]
pub(in crate::flow) struct Notes {
    tally: Mutex<Tally>,
    /// What would have been noted of things that are not there. Counted and forgotten, so that
    /// asking for them takes as long as asking for what is hidden.
    decoy: Mutex<Tally>,
    queue: mpsc::Sender<Noted>,
}

#[derive(Debug)]
pub(super) enum Noted {
    Act(Box<(Actor, Act, Time)>),
    /// Somebody waits until all before this is written.
    Ask(oneshot::Sender<()>),
}

/// The other end of the way, for the task that writes.
#[derive(Debug)]
pub(in crate::flow) struct NotesQueue(pub(super) mpsc::Receiver<Noted>);

impl Notes {
    pub(in crate::flow) fn new() -> (Self, NotesQueue) {
        let (queue, end) = mpsc::channel(NOTES_WAITING_MAX);
        (Self { tally: Mutex::default(), decoy: Mutex::default(), queue }, NotesQueue(end))
    }

    /// Counts an act; returns whether it is noted whole.
    pub(super) fn is_whole(&self, actor: &Actor, act: &Act, now: Time) -> bool {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).is_whole(actor, act, now)
    }

    /// Does the work of counting an act that nobody did.
    pub(super) fn pretend(&self, actor: &Actor, act: &Act, now: Time) {
        self.decoy.lock().unwrap_or_else(PoisonError::into_inner).is_whole(actor, act, now);
    }

    /// Returns the counts that are due, or all.
    pub(super) fn due(&self, now: Time, all: bool) -> Vec<(Actor, Act)> {
        self.decoy.lock().unwrap_or_else(PoisonError::into_inner).due(now, all);
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).due(now, all)
    }

    /// Queues something, or waits a while for a place.
    pub(super) async fn queue(&self, noted: Noted) -> Result<(), FlowError> {
        let queued = tokio::time::timeout(WAIT_MAX, self.queue.send(noted)).await;
        queued.map_err(|_| FlowError::Unavailable)?.map_err(|_| FlowError::Stopping)
    }
}
