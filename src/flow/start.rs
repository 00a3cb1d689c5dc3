//! Starting a node: its parts are put together, its tasks begun, and in the end stopped. Nothing
//! stands on this but the doors.

use std::sync::{Arc, RwLock};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::app::{App, Inner};
use super::asker::KnownRights;
use super::audit::{Alarm, Notes, Publisher, check_loop, note_loop, publish_loop};
use super::commit::write_loop;
use super::error::FlowError;
use super::folded::KnownFacets;
use super::follow;
use super::ingest::Queue;
use super::listeners::Listeners;
use super::maintain::{classify_old, retain_loop};
use super::positions::Positions;
use super::probe::probe_loop;
use super::pulse::{Loop, Pulse};
use super::settings::Settings;
use super::supervise::supervise;
use super::trust::{Trust, refresh_loop};
use super::writable::Writable;
use super::write::Writer;
use crate::base::limits::{
    AUDIT_LISTENERS_MAX, AUDIT_LISTENERS_OF_ONE_MAX, LISTENERS_MAX, LISTENERS_OF_ONE_MAX,
};
use crate::base::rng::Rng;
use crate::base::{Clock, Stamps, Time};
use crate::db::Db;
use crate::lineage::Graph;

/// The operator is told at the start if the clock is behind stored stamps by more, in seconds.
const STAMPS_AHEAD_S_WARNED: i64 = 60;

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
        classify_old(&db, clock.now()).await?;
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
        let recent = Arc::new(follow::Recent::after(head.reached()));
        let clocks = (Arc::clone(&clock), Arc::clone(&stamps));
        let writer =
            Writer::new(db.clone(), clocks, facets, (Arc::clone(&recent), Arc::clone(&positions)));
        let writing = tokio::spawn(write_loop(
            writer,
            receiver,
            Arc::clone(&positions),
            Arc::clone(&writable),
            stop_writing.clone(),
        ));
        let app = Self {
            db,
            inner: Arc::new(Inner {
                clock,
                stamps,
                graph: RwLock::new(Graph::new()),
                index: Arc::new(index),
                positions,
                pulse: Pulse::default(),
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
        let graph = |app| follow::follow(app, follow::FollowGraph::new());
        let index = |app| follow::follow(app, follow::FollowIndex::default());
        let app = || self.behind_the_scenes();
        vec![
            tokio::spawn(supervise(app(), Loop::Lineage, graph)),
            tokio::spawn(supervise(app(), Loop::Search, index)),
            tokio::spawn(supervise(app(), Loop::KeepUp, follow::keep_up)),
            tokio::spawn(supervise(app(), Loop::Retention, retain_loop)),
            tokio::spawn(supervise(app(), Loop::Rules, refresh_loop)),
            tokio::spawn(supervise(app(), Loop::IndexCheck, follow::check_loop)),
            tokio::spawn(supervise(app(), Loop::Probe, probe_loop)),
            tokio::spawn(supervise(app(), Loop::AuditCheck, check_loop)),
        ]
    }

    /// Starts signing the audit log's head, where there is a key for it.
    async fn publish(&self) -> Result<Option<JoinHandle<()>>, FlowError> {
        if self.inner.settings.signer.is_none() {
            return Ok(None);
        }
        // What it would go on from must be right, or the node does not start.
        Publisher::resume(self).await?;
        let app = self.behind_the_scenes();
        Ok(Some(tokio::spawn(supervise(app, Loop::Heads, publish_loop))))
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
        self.db.close().await;
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
