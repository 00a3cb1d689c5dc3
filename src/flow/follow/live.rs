//! Telling listeners live how far the change feed is.
//!
//! A listener is told where it stands whenever that has moved, at most twice a second; nothing is
//! kept for it and nothing waits for it.

use std::time::Duration;

use super::super::app::App;
use super::super::listeners::{ListenerKey, NoPlace, Place};
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
    place: Place,
}

impl App {
    /// Begins to tell somebody how far the change feed is.
    pub(in crate::flow) fn live_changes(&self, who: ListenerKey) -> Result<LiveChanges, NoPlace> {
        let place = self.inner.change_listeners.enter(who)?;
        Ok(LiveChanges { app: self.clone(), told: None, place })
    }
}

impl LiveChanges {
    /// Waits for something to move. An inner nothing says that it did not for a moment; an outer
    /// one, that the server is about to stop or that somebody else has the place now.
    pub async fn next(&mut self) -> Option<Option<Reached>> {
        let stop = &self.app.inner.stop_streams;
        if self.told.is_some() {
            drop(tokio::time::timeout(LOOK_EVERY, stop.cancelled()).await);
        }
        if stop.is_cancelled() || self.place.is_lost() {
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
