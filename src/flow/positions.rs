//! Positions in the change feed: what is committed, and how far each follower is.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::error::FlowError;
use crate::base::limits::WAIT_FOR_MS_MAX;
use crate::base::{Digest, Position};

/// Something that follows the change feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follower {
    /// The lineage graph in memory.
    Lineage,
    /// The search index on disk.
    Search,
}

impl Follower {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Lineage, Self::Search];

    /// Returns its name in answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lineage => "lineage",
            Self::Search => "search",
        }
    }
}

/// What search is made of: how far it has followed, and whether use has settled in its ranking.
/// Nodes that say the same of this rank alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Searched {
    pub(super) reached: Position,
    /// Which node it is, and how often it took in use; nothing if it has taken in all, as every node
    /// does at the same place.
    pub(super) own: Option<(uuid::Uuid, u64)>,
}

impl Searched {
    /// Returns a number for it, which is never 0.
    pub(super) fn number(self) -> i64 {
        let Position { number, chain } = self.reached;
        let (node, taken) = self.own.unwrap_or_default();
        let (number, chain, taken) =
            (number.to_be_bytes(), chain.to_be_bytes(), taken.to_be_bytes());
        let parts = [&number[..], &chain, node.as_bytes(), &taken];
        let half = Digest::of_parts(&parts).0.first_chunk().copied().unwrap_or_default();
        i64::from_be_bytes(half) | 1
    }
}

/// The positions, for whoever moves them and whoever waits.
#[derive(Debug)]
pub struct Positions {
    /// What was committed when this node started.
    at_start: AtomicU64,
    /// Which history all of these lie in: how many others this node met before.
    history: Mutex<u64>,
    committed: watch::Sender<u64>,
    lineage: watch::Sender<u64>,
    search: watch::Sender<u64>,
    /// None while the index is being written.
    searched: Mutex<Option<Searched>>,
}

impl Positions {
    fn current_history(&self) -> MutexGuard<'_, u64> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins where the database is when a node starts; its followers begin at nothing.
    pub(super) fn starting_at(committed: u64) -> Self {
        let channel = |position| watch::channel(position).0;
        Self {
            at_start: AtomicU64::new(committed),
            history: Mutex::default(),
            committed: channel(committed),
            lineage: channel(0),
            search: channel(0),
            searched: Mutex::default(),
        }
    }

    fn of(&self, follower: Follower) -> &watch::Sender<u64> {
        match follower {
            Follower::Lineage => &self.lineage,
            Follower::Search => &self.search,
        }
    }

    /// Returns the last commit's position, as far as this node knows.
    #[must_use]
    pub fn committed(&self) -> u64 {
        *self.committed.borrow()
    }

    /// Returns how far a follower is.
    #[must_use]
    pub fn reached(&self, follower: Follower) -> u64 {
        *self.of(follower).borrow()
    }

    /// Returns whether a follower knows all that was there before this node started.
    #[must_use]
    pub fn has_started(&self, follower: Follower) -> bool {
        self.reached(follower) >= self.at_start.load(Ordering::Acquire)
    }

    /// Notes a commit.
    pub(super) fn commit(&self, position: u64) {
        self.committed.send_if_modified(|known| {
            let newer = position > *known;
            *known = position.max(*known);
            newer
        });
    }

    /// Returns which history the positions lie in, by the order in which this node met them.
    pub(super) fn history(&self) -> u64 {
        *self.current_history()
    }

    /// Notes how far a follower has come in a history; in one that is no more it is nowhere.
    pub(super) fn reach(&self, follower: Follower, history: u64, position: u64) {
        let current = self.current_history();
        if *current == history {
            self.of(follower)
                .send_if_modified(|known| std::mem::replace(known, position) != position);
        }
    }

    /// Begins anew in another history: the followers have nothing of it until they say so.
    pub(super) fn start_over(&self, committed: u64) {
        let mut current = self.current_history();
        *current += 1;
        self.at_start.store(committed, Ordering::Release);
        for follower in Follower::ALL {
            self.of(follower).send_replace(0);
        }
        self.committed.send_replace(committed);
    }

    /// Returns what search is made of, unless that is changing.
    pub(super) fn searched(&self) -> Option<Searched> {
        *self.searched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what search is made of; nothing before the index is written.
    pub(super) fn note_searched(&self, searched: Option<Searched>) {
        *self.searched.lock().unwrap_or_else(PoisonError::into_inner) = searched;
    }

    /// Returns a receiver that wakes at every commit.
    pub(super) fn commits(&self) -> watch::Receiver<u64> {
        self.committed.subscribe()
    }

    /// Waits until a follower has reached a position, up to [`WAIT_FOR_MS_MAX`].
    ///
    /// # Errors
    ///
    /// [`FlowError::Behind`] if it does not in time.
    pub async fn wait(&self, follower: Follower, wanted: u64) -> Result<(), FlowError> {
        let mut receiver = self.of(follower).subscribe();
        let reached = receiver.wait_for(|reached| *reached >= wanted);
        let limit = Duration::from_millis(WAIT_FOR_MS_MAX);
        match tokio::time::timeout(limit, reached).await {
            Ok(Ok(_)) => Ok(()),
            _ => Err(FlowError::Behind { wanted, reached: self.reached(follower) }),
        }
    }
}
