//! Lethe at work: the handles that every use case needs, and the tasks behind them.

use std::path::PathBuf;
use std::sync::{Arc, RwLock};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::asker::{ClassBook, KnownRights};
use super::audit::{
    Act, Actor, Alarm, Notes, Publisher, Sealed, Signer, check_loop, note_loop, publish_loop,
};
use super::commit::write_loop;
use super::error::FlowError;
use super::folded::KnownFacets;
use super::follow;
use super::ingest::{Accepted, Queue, Submission};
use super::listeners::Listeners;
use super::positions::{Follower, Positions};
use super::trust::{Trust, refresh_loop};
use super::vault::Vault;
use super::writable::{Writable, probe_loop};
use super::write::Writer;
use crate::access::token::SecretHash;
use crate::base::limits::{
    AUDIT_LISTENERS_MAX, AUDIT_LISTENERS_OF_ONE_MAX, LISTENERS_MAX, LISTENERS_OF_ONE_MAX,
};
use crate::base::rng::Rng;
use crate::base::{Clock, Stamps, Time};
use crate::db::Db;
use crate::index::SearchIndex;
use crate::lineage::Graph;

/// The name of an audit log that nobody signs.
const AUDIT_ORIGIN: &str = "lethe/audit";
/// The operator is told at the start if the clock is behind stored stamps by more, in seconds.
const STAMPS_AHEAD_S_WARNED: i64 = 60;

/// What the use cases need to be told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the search index and the graph's snapshot lie; `None` keeps them in memory.
    pub data_dir: Option<PathBuf>,
    /// Whether lineage and search follow the catalog; not needed to import.
    pub follow: bool,
    /// How long events are kept, in days; `None` keeps them for ever.
    pub retention_days: Option<u32>,
    /// What signs the audit log's head; without it records are kept, but nothing is signed.
    pub signer: Option<Arc<Signer>>,
    /// What seals and opens personal values; without it none are taken.
    pub vault: Option<Arc<Vault>>,
    /// Listeners of the change feed that there is room for; never more than [`LISTENERS_MAX`].
    pub listeners_max: usize,
    /// Whether nobody is asked who they are, and everybody may do everything.
    pub open: bool,
    /// The bootstrap administrator's token.
    pub bootstrap: Option<SecretHash>,
}

/// The handles that every use case needs.
#[derive(Clone)]
pub struct App {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) db: Db,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) stamps: Arc<Stamps>,
    pub(super) graph: RwLock<Graph>,
    pub(super) index: Arc<SearchIndex>,
    pub(super) positions: Arc<Positions>,
    pub(super) writable: Arc<Writable>,
    pub(super) recent: Arc<follow::Recent>,
    pub(super) settings: Settings,
    queue: Queue,
    stop_writing: CancellationToken,
    pub(super) stop_following: CancellationToken,
    pub(super) trust: Trust,
    pub(super) classes: RwLock<Arc<ClassBook>>,
    pub(super) known_rights: KnownRights,
    pub(super) notes: Notes,
    pub(super) alarm: Alarm,
    pub(super) listeners: Listeners,
    pub(super) change_listeners: Listeners,
    pub(super) stop_streams: CancellationToken,
    rng: std::sync::Mutex<Rng>,
    tasks: std::sync::Mutex<Vec<JoinHandle<()>>>,
    writing: std::sync::Mutex<Vec<JoinHandle<()>>>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("db", &self.inner.db.kind()).finish_non_exhaustive()
    }
}

impl App {
    /// Starts the writer and the followers on a migrated database.
    ///
    /// # Errors
    ///
    /// [`FlowError`] if the database cannot be read or the search index not be opened.
    pub async fn start(
        db: Db,
        clock: Arc<dyn Clock>,
        settings: Settings,
    ) -> Result<Self, FlowError> {
        super::maintain::classify_old(&db).await?;
        let index = follow::open_index(&settings).await?;
        let head = db.head().await?;
        let committed = u64::try_from(head.position).unwrap_or(0);
        let positions = Arc::new(Positions::starting_at(committed));
        let stamps = Arc::new(stamps_after(head.stamp, &clock));
        let trust = Trust::load(&db, clock.now(), &settings).await?;
        let facets = Arc::new(KnownFacets::default());
        let (queue, receiver) = Queue::new(Arc::clone(&facets));
        let (notes, noted) = Notes::new();
        let alarm = Alarm::kept(settings.data_dir.as_deref());
        let stop_writing = CancellationToken::new();
        let writable = Arc::new(Writable::default());
        let change_listeners = settings.listeners_max.min(LISTENERS_MAX);
        let recent = u64::try_from(head.position).unwrap_or(0);
        let recent = Arc::new(follow::Recent::after(recent));
        let clocks = (Arc::clone(&clock), Arc::clone(&stamps));
        let writer = Writer::new(db.clone(), clocks, facets, Arc::clone(&recent));
        let writing = tokio::spawn(write_loop(
            writer,
            receiver,
            Arc::clone(&positions),
            Arc::clone(&writable),
            stop_writing.clone(),
        ));
        let app = Self {
            inner: Arc::new(Inner {
                db,
                clock,
                stamps,
                graph: RwLock::new(Graph::new()),
                index: Arc::new(index),
                positions,
                writable,
                recent,
                settings,
                queue,
                stop_writing,
                stop_following: CancellationToken::new(),
                trust,
                classes: RwLock::default(),
                known_rights: KnownRights::default(),
                notes,
                alarm,
                listeners: Listeners::new(AUDIT_LISTENERS_MAX, AUDIT_LISTENERS_OF_ONE_MAX),
                change_listeners: Listeners::new(change_listeners, LISTENERS_OF_ONE_MAX),
                stop_streams: CancellationToken::new(),
                rng: std::sync::Mutex::new(Rng::from_os()),
                tasks: std::sync::Mutex::default(),
                writing: std::sync::Mutex::new(vec![writing]),
            }),
        };
        let noting = note_loop(app.clone(), noted, app.inner.stop_writing.clone());
        if let Ok(mut writing) = app.inner.writing.lock() {
            writing.push(tokio::spawn(noting));
        }
        let mut tasks = if app.inner.settings.follow { app.follow_all() } else { Vec::new() };
        tasks.extend(app.publish().await?);
        if let Ok(mut slot) = app.inner.tasks.lock() {
            *slot = tasks;
        }
        Ok(app)
    }

    fn follow_all(&self) -> Vec<JoinHandle<()>> {
        let app = self;
        vec![
            tokio::spawn(follow::follow(app.clone(), follow::FollowGraph::new())),
            tokio::spawn(follow::follow(app.clone(), follow::FollowIndex::default())),
            tokio::spawn(follow::keep_up(app.clone())),
            tokio::spawn(super::maintain::retain_loop(app.clone())),
            tokio::spawn(refresh_loop(app.clone())),
            tokio::spawn(follow::check_loop(app.clone())),
            tokio::spawn(probe_loop(app.clone())),
            tokio::spawn(check_loop(app.clone())),
        ]
    }

    /// Starts signing the audit log's head, where there is a key for it.
    async fn publish(&self) -> Result<Option<JoinHandle<()>>, FlowError> {
        let settings = &self.inner.settings;
        let Some(signer) = settings.signer.clone() else { return Ok(None) };
        let publisher = Publisher::resume(self.db(), signer, settings.data_dir.as_deref()).await?;
        Ok(Some(tokio::spawn(publish_loop(self.clone(), publisher))))
    }

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

    /// Finishes what was accepted, then stops the followers and closes the database.
    pub async fn stop(&self) {
        self.end_streams();
        self.inner.stop_writing.cancel();
        let writing = self.inner.writing.lock().map(|mut slot| std::mem::take(&mut *slot));
        for task in writing.unwrap_or_default() {
            drop(task.await);
        }
        self.inner.stop_following.cancel();
        let tasks = self.inner.tasks.lock().map(|mut slot| std::mem::take(&mut *slot));
        for task in tasks.unwrap_or_default() {
            drop(task.await);
        }
        if self.inner.settings.follow {
            follow::save_graph(self).await;
        }
        self.inner.db.close().await;
    }

    /// Writes events, edits and refused events together, and waits until they are on disk.
    ///
    /// # Errors
    ///
    /// [`FlowError::Overloaded`], [`FlowError::Stopping`] and [`FlowError::Unavailable`]:
    /// nothing was kept and asking again helps; [`FlowError::Internal`] if the database
    /// refused what it should not.
    pub async fn submit(&self, submission: Submission) -> Result<Accepted, FlowError> {
        self.queue(submission, false).await
    }

    /// As [`App::submit`], but waits a while where too much waits already.
    pub(super) async fn submit_patiently(
        &self,
        submission: Submission,
    ) -> Result<Accepted, FlowError> {
        self.queue(submission, true).await
    }

    async fn queue(&self, submission: Submission, patient: bool) -> Result<Accepted, FlowError> {
        if self.inner.stop_writing.is_cancelled() {
            return Err(FlowError::Stopping);
        }
        self.inner.queue.submit(submission, self.stamp(), patient).await
    }

    /// Returns how many events wait for the writer.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.inner.queue.waiting()
    }

    /// Returns the database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.inner.db
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
    /// [`FlowError::Internal`] if a thread died while changing it.
    pub fn graph<T>(&self, ask: impl FnOnce(&Graph) -> T) -> Result<T, FlowError> {
        let graph = self.inner.graph.read();
        let graph =
            graph.map_err(|_| FlowError::Internal("the lineage graph is poisoned".to_owned()))?;
        Ok(ask(&graph))
    }

    /// Waits until both followers have seen a position.
    ///
    /// # Errors
    ///
    /// [`FlowError::Behind`] if they do not in time, [`FlowError::BadInput`] at once if no
    /// commit has that position yet.
    pub async fn wait_for(&self, position: u64) -> Result<(), FlowError> {
        if position > self.inner.positions.committed() {
            // Another node may have committed it.
            let head = u64::try_from(self.inner.db.head().await?.position).unwrap_or(0);
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

/// Takes up the stamps that were given before the start. Where they lie ahead, the clock was
/// put back: all goes on, in order, and the operator is told.
fn stamps_after(last: i64, clock: &Arc<dyn Clock>) -> Stamps {
    let stamps = Stamps::after(Time::from_micros(last), Arc::clone(clock));
    let ahead = stamps.ahead_micros() / 1_000_000;
    if ahead > STAMPS_AHEAD_S_WARNED {
        tracing::warn!(seconds = ahead, "the clock is behind what it said when Lethe wrote last");
    }
    stamps
}
