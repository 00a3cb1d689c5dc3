//! Lethe at work: the handles that every use case needs. What they are made of knows nothing of
//! them; `start` puts them together.

use std::sync::{Arc, RwLock};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::asker::{ClassBook, KnownRights};
use super::audit::{Act, Actor, Alarm, Notes, Sealed};
use super::error::FlowError;
use super::follow::Recent;
use super::ingest::{Accepted, Queue, Ready, Submission};
use super::listeners::Listeners;
use super::positions::{Follower, Positions};
use super::pulse::Pulse;
use super::settings::Settings;
use super::trust::Trust;
use super::vault::Vault;
use super::writable::Writable;
use crate::base::rng::Rng;
use crate::base::{Clock, Position, Stamps, Time};
use crate::db::{Db, Feed};
use crate::index::SearchIndex;
use crate::lineage::Graph;

/// The name of an audit log that nobody signs.
const AUDIT_ORIGIN: &str = "lethe/audit";

/// The handles that every use case needs.
#[derive(Clone)]
pub struct App {
    pub(super) inner: Arc<Inner>,
    /// The database, on the connections of whoever holds this handle.
    pub(super) db: Db,
}

pub(super) struct Inner {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) stamps: Arc<Stamps>,
    pub(super) graph: RwLock<Graph>,
    pub(super) index: Arc<SearchIndex>,
    pub(super) positions: Arc<Positions>,
    pub(super) pulse: Pulse,
    pub(super) writable: Arc<Writable>,
    pub(super) recent: Arc<Recent>,
    pub(super) settings: Settings,
    pub(super) queue: Queue,
    pub(super) stop_writing: CancellationToken,
    pub(super) stop_following: CancellationToken,
    pub(super) trust: Trust,
    pub(super) classes: RwLock<Arc<ClassBook>>,
    pub(super) known_rights: KnownRights,
    pub(super) notes: Notes,
    pub(super) alarm: Alarm,
    pub(super) listeners: Listeners,
    pub(super) change_listeners: Listeners,
    pub(super) stop_streams: CancellationToken,
    pub(super) rng: std::sync::Mutex<Rng>,
    pub(super) tasks: std::sync::Mutex<Vec<JoinHandle<()>>>,
    pub(super) writing: std::sync::Mutex<Vec<JoinHandle<()>>>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("db", &self.db.kind()).finish_non_exhaustive()
    }
}

impl App {
    /// Returns the name of the audit log, which is that of its key.
    pub(super) fn audit_origin(&self) -> &str {
        self.inner.settings.signer.as_deref().map_or(AUDIT_ORIGIN, |signer| signer.key().name())
    }

    /// Returns the public key that the audit log's head is signed with.
    #[must_use]
    pub fn audit_key(&self) -> Option<String> {
        self.inner.settings.signer.as_deref().map(|signer| signer.key().to_string())
    }

    /// Returns the keys.
    ///
    /// # Errors
    ///
    /// [`FlowError::Internal`] if none were opened at the start.
    pub(super) fn vault(&self) -> Result<&Vault, FlowError> {
        let vault = self.inner.settings.vault.as_deref();
        vault.ok_or_else(|| FlowError::Internal("no keys are open".to_owned()))
    }

    /// Returns a fresh id.
    pub(super) fn draw_id(&self) -> uuid::Uuid {
        let mut rng = self.inner.rng.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        rng.uuid_v7(self.now())
    }

    /// Writes the record of an act; it takes effect with what it is committed with.
    ///
    /// # Errors
    ///
    /// [`FlowError::Internal`] if it is too large: names and purposes are bounded before.
    pub fn seal(&self, actor: &Actor, act: Act) -> Result<Sealed, FlowError> {
        self.seal_at(actor, act, self.now())
    }

    /// As [`App::seal`], of an act at that time.
    pub(super) fn seal_at(&self, actor: &Actor, act: Act, at: Time) -> Result<Sealed, FlowError> {
        let mut rng = self.inner.rng.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Sealed::new(self.audit_origin(), actor, act, at, &mut rng)
    }

    /// Writes events, edits and refused events together, and waits until they are on disk.
    ///
    /// # Errors
    ///
    /// [`FlowError::Overloaded`], [`FlowError::Stopping`] and [`FlowError::Unavailable`]:
    /// nothing was kept and asking again helps; [`FlowError::Internal`] if the database
    /// refused what it should not.
    pub async fn submit(&self, submission: Submission) -> Result<Accepted, FlowError> {
        if self.inner.stop_writing.is_cancelled() {
            return Err(FlowError::Stopping);
        }
        self.inner.queue.submit(submission, self.stamp()).await
    }

    /// Folds what is to be submitted next, while what comes before it is being written.
    pub(super) fn make_ready(&self, submission: Submission) -> Ready {
        self.inner.queue.fold(submission, self.stamp())
    }

    /// As [`App::submit`], what was made ready; waits a while where too much waits already.
    pub(super) async fn submit_ready(&self, ready: Ready) -> Result<Accepted, FlowError> {
        if self.inner.stop_writing.is_cancelled() {
            return Err(FlowError::Stopping);
        }
        self.inner.queue.submit_ready(ready).await
    }

    /// Returns how many events wait for the writer.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.inner.queue.waiting()
    }

    /// Returns the database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Returns a handle for work behind the scenes, whose reads keep no answer waiting.
    #[must_use]
    pub(super) fn behind_the_scenes(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), db: self.db.behind_the_scenes() }
    }

    /// Returns the positions.
    #[must_use]
    pub fn positions(&self) -> &Positions {
        &self.inner.positions
    }

    /// Returns the search index.
    #[must_use]
    pub fn index(&self) -> &Arc<SearchIndex> {
        &self.inner.index
    }

    /// Returns the present moment.
    #[must_use]
    pub fn now(&self) -> Time {
        self.inner.clock.now()
    }

    /// Returns a time for an act that must count after all before it, whatever the wall
    /// clock says.
    #[must_use]
    pub fn stamp(&self) -> Time {
        self.inner.stamps.next()
    }

    /// Returns how far stamps lie ahead of the wall clock, in microseconds.
    #[must_use]
    pub fn stamps_ahead_micros(&self) -> i64 {
        self.inner.stamps.ahead_micros()
    }

    /// Asks the lineage graph something. Nobody changes it meanwhile.
    ///
    /// # Errors
    ///
    /// [`FlowError::OutOfTouch`] if a thread died while changing it, until it is built anew.
    pub fn graph<T>(&self, ask: impl FnOnce(&Graph) -> T) -> Result<T, FlowError> {
        let graph = self.inner.graph.read();
        // Whoever changed it panicked; it is being built anew.
        let graph = graph.map_err(|_| FlowError::OutOfTouch(Follower::Lineage.as_str()))?;
        Ok(ask(&graph))
    }

    /// Waits until both followers have seen a position.
    ///
    /// # Errors
    ///
    /// [`FlowError::Behind`] if they do not in time, [`FlowError::BadInput`] at once if no
    /// commit has that position yet, [`FlowError::OtherHistory`] if the commit that was meant is
    /// no more.
    pub async fn wait_for(
        &self,
        Position { number: position, chain }: Position,
    ) -> Result<(), FlowError> {
        if chain != 0 {
            let meant = Position { number: position, chain };
            let is_past = self.db().head().await?.reached().number < position;
            if is_past || self.db().changes_after(meant, 1).await? == Feed::OtherHistory {
                return Err(FlowError::OtherHistory(position));
            }
        }
        if position > self.inner.positions.committed() {
            // Another node may have committed it.
            let head = u64::try_from(self.db().head().await?.position).unwrap_or(0);
            self.inner.positions.commit(head);
            if position > head {
                let message = format!("no write has position {position} yet; the last is {head}");
                return Err(FlowError::bad("wait_for", message));
            }
        }
        for follower in Follower::ALL {
            self.inner.positions.wait(follower, position).await?;
        }
        Ok(())
    }
}
