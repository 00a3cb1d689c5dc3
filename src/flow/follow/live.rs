//! Telling listeners live how far the change feed is.
//!
//! A listener is told where it stands whenever that has moved, at most twice a second; nothing is
//! kept for it and nothing waits for it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;

use super::super::app::App;
use super::super::positions::Follower;

/// How often it is looked whether something moved.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How far everything is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// The last commit's position.
    pub committed: u64,
    /// The position that the lineage graph has reached.
    pub lineage: u64,
    /// The position that the search index has reached.
    pub search: u64,
}

/// One listener.
#[derive(Debug)]
pub struct LiveChanges {
    app: App,
    told: Option<Reached>,
    _place: OwnedSemaphorePermit,
}

impl App {
    /// Begins to tell how far the change feed is. Nothing if there are too many listeners.
    pub(in crate::flow) fn live_changes(&self) -> Option<LiveChanges> {
        let place = Arc::clone(&self.inner.change_listeners).try_acquire_owned().ok()?;
        Some(LiveChanges { app: self.clone(), told: None, _place: place })
    }
}

impl LiveChanges {
    /// Waits for something to move. An inner nothing says that it did not for a moment; an outer
    /// one, that the server is about to stop.
    pub async fn next(&mut self) -> Option<Option<Reached>> {
        let stop = &self.app.inner.stop_streams;
        if self.told.is_some() {
            drop(tokio::time::timeout(LOOK_EVERY, stop.cancelled()).await);
        }
        if stop.is_cancelled() {
            return None;
        }
        let positions = self.app.positions();
        let now = Reached {
            committed: positions.committed(),
            lineage: positions.reached(Follower::Lineage),
            search: positions.reached(Follower::Search),
        };
        let moved = self.told.replace(now) != Some(now);
        Some(moved.then_some(now))
    }
}
