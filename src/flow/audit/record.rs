//! Recording what changes nothing but the log: denials, reads, exports; at once, or by the task that
//! writes notes.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::super::app::App;
use super::super::error::FlowError;
use super::super::unrecorded::unrecorded;
use super::act::{Act, Actor, Sealed};
use super::ledger::record_all;
use super::notes::{Noted, NotesQueue, WAIT_MAX};
use crate::base::Time;
use crate::base::limits::NOTED_WITHIN_MS;

const NOTED_WITHIN: Duration = Duration::from_millis(NOTED_WITHIN_MS);
/// Notes that are written at once.
const BATCH: usize = 1_000;

impl App {
    /// Records acts that change nothing but the log: denials, reads, exports.
    pub(in crate::flow) async fn record(
        &self,
        actor: &Actor,
        acts: Vec<Act>,
    ) -> Result<(), FlowError> {
        self.change(actor, async |_| Ok(((), acts))).await
    }

    /// Notes acts that change nothing but the log: denials and reads. They are in the log
    /// within a second; many of one kind are counted.
    ///
    /// # Errors
    ///
    /// [`FlowError::Unavailable`] if too much waits to be written already.
    pub(in crate::flow) async fn note(
        &self,
        actor: &Actor,
        acts: Vec<Act>,
    ) -> Result<(), FlowError> {
        let (notes, now) = (&self.inner.notes, self.now());
        for act in acts {
            if notes.is_whole(actor, &act, now) {
                notes.queue(Noted::Act(Box::new((actor.clone(), act, now)))).await?;
            }
        }
        Ok(())
    }

    /// Does the work of noting an act that nobody did.
    pub(in crate::flow) fn pretend_to_note(&self, actor: &Actor, act: &Act) {
        self.inner.notes.pretend(actor, act, self.now());
    }

    /// Records, before it is answered, that somebody was denied a change; many are counted.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub(in crate::flow) async fn record_denied(
        &self,
        actor: &Actor,
        act: Act,
    ) -> Result<(), FlowError> {
        if self.inner.notes.is_whole(actor, &act, self.now()) {
            return self.record(actor, vec![act]).await;
        }
        Ok(())
    }

    /// Waits until what this node has noted so far is in the log, or for a while.
    pub(in crate::flow) async fn write_notes(&self) {
        let (written, wait) = oneshot::channel();
        if self.inner.notes.queue(Noted::Ask(written)).await.is_ok() {
            drop(tokio::time::timeout(WAIT_MAX, wait).await);
        }
    }

    /// Writes what acts come to; nothing of them is lost if that fails.
    async fn write_noted(&self, waiting: &mut Vec<Sealed>) -> Result<(), FlowError> {
        if waiting.is_empty() {
            return Ok(());
        }
        unrecorded(self.db(), async |tx| record_all(tx, waiting).await).await?;
        waiting.clear();
        Ok(())
    }
}

/// Writes notes until told to stop, and then what is left.
pub(in crate::flow) async fn note_loop(app: App, queue: NotesQueue, stop: CancellationToken) {
    let mut gathering = Gathering { app, queue: queue.0, waiting: Vec::new(), asked: Vec::new() };
    loop {
        let stopped = gathering.gather(&stop).await;
        let app = gathering.app.clone();
        for (actor, act) in app.inner.notes.due(app.now(), stopped) {
            gathering.take(&actor, act, app.now());
        }
        let written = app.write_noted(&mut gathering.waiting).await;
        for asked in gathering.asked.drain(..) {
            // Whoever asked may have gone.
            asked.send(()).ok();
        }
        if let Err(error) = written {
            tracing::error!(%error, notes = gathering.waiting.len(), "denials and reads are not recorded yet");
            if !stopped {
                tokio::time::sleep(NOTED_WITHIN).await;
            }
        }
        if stopped {
            return;
        }
    }
}

/// Notes on their way.
struct Gathering {
    app: App,
    queue: mpsc::Receiver<Noted>,
    waiting: Vec<Sealed>,
    asked: Vec<oneshot::Sender<()>>,
}

impl Gathering {
    /// Gathers notes for a moment, or until somebody waits for them. Returns whether Lethe
    /// stops: then all are gathered.
    async fn gather(&mut self, stop: &CancellationToken) -> bool {
        let until = Instant::now() + NOTED_WITHIN;
        while self.waiting.len() < BATCH && self.asked.is_empty() {
            let noted = tokio::select! {
                biased;
                noted = self.queue.recv() => noted,
                () = tokio::time::sleep_until(until) => break,
                () = stop.cancelled() => break,
            };
            let Some(noted) = noted else { break };
            self.put(noted);
        }
        if !stop.is_cancelled() {
            return false;
        }
        self.queue.close();
        while let Ok(noted) = self.queue.try_recv() {
            self.put(noted);
        }
        true
    }

    fn put(&mut self, noted: Noted) {
        match noted {
            Noted::Act(noted) => {
                let (actor, act, at) = *noted;
                self.take(&actor, act, at);
            }
            Noted::Ask(asked) => self.asked.push(asked),
        }
    }

    /// What cannot be written down at all is told to the operator: names are bounded before.
    fn take(&mut self, actor: &Actor, act: Act, at: Time) {
        match self.app.seal_at(actor, act, at) {
            Ok(sealed) => self.waiting.push(sealed),
            Err(error) => tracing::error!(%error, "a denial or read cannot be recorded"),
        }
    }
}
