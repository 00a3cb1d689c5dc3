//! What rules see otherwise since the followers' positions.
//!
//! Index and graph tell what they hold by the access class that they know, and they are late: by
//! a moment, or for as long as a follower stands still. So each node keeps, of whatever changed
//! for rules since, the class in force. It is asked before theirs, so that a restriction holds as
//! soon as it was answered. The writer notes its own commits before it answers; those of other
//! nodes are read from the feed. More than is kept is not forgotten but known to be missing.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use uuid::Uuid;

use crate::base::Position;
use crate::base::limits::RECENT_MAX;

/// What changed for rules, for whoever notes it and whoever asks.
#[derive(Debug)]
pub(in crate::flow) struct Recent {
    kept: Mutex<Arc<Kept>>,
    /// When the look at the feed began that was the last to show all of it.
    looked: Mutex<Instant>,
    /// Whether another history was met, and what else is known of the former not forgotten yet.
    is_stale: AtomicBool,
    /// Whoever looks for itself, one at a time.
    pub(super) looking: tokio::sync::Mutex<()>,
}

#[derive(Debug, Clone)]
struct Kept {
    /// By dataset and job: the class in force, and the position since which it is.
    classes: HashMap<Uuid, (u32, u64)>,
    /// The least of these positions.
    oldest: u64,
    /// The position up to which all that changed was noted.
    seen: Position,
    /// The position up to which something that changed may not be here.
    lost: u64,
}

/// What changed since a follower's position, as it was at one moment. Look at it before the
/// index or the graph, never after.
#[derive(Debug, Clone)]
pub(in crate::flow) struct Since {
    kept: Arc<Kept>,
    complete: bool,
}

impl Since {
    /// Returns the class in force of a dataset or job, if it is another than the followers may
    /// know.
    pub(in crate::flow) fn access_class(&self, id: Uuid) -> Option<u32> {
        self.kept.classes.get(&id).map(|(access_class, _)| *access_class)
    }

    /// Goes through everything that changed, with the class in force.
    pub(in crate::flow) fn all(&self) -> impl Iterator<Item = (Uuid, u32)> {
        self.kept.classes.iter().map(|(id, (access_class, _))| (*id, *access_class))
    }

    /// Returns whether nothing changed besides.
    pub(in crate::flow) fn is_complete(&self) -> bool {
        self.complete
    }
}

impl Recent {
    /// Begins at a position: what was committed up to it counts as missing until the followers
    /// are there.
    pub(in crate::flow) fn after(position: impl Into<Position>) -> Self {
        let position = position.into();
        let classes = HashMap::new();
        let kept = Kept { classes, oldest: u64::MAX, seen: position, lost: position.number };
        Self {
            kept: Mutex::new(Arc::new(kept)),
            looked: Mutex::new(Instant::now()),
            is_stale: AtomicBool::default(),
            looking: tokio::sync::Mutex::default(),
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut Kept) -> T) -> T {
        change(Arc::make_mut(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Returns the position up to which all that changed was noted.
    pub(super) fn seen(&self) -> Position {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).seen
    }

    /// Notes that all of the feed was seen, as it was at a moment.
    pub(super) fn note_looked(&self, began: Instant) {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        *looked = began.max(*looked);
    }

    /// Returns when the look at the feed began that was the last to show all of it.
    pub(super) fn looked(&self) -> Instant {
        *self.looked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what commits changed after a position and up to another.
    pub(in crate::flow) fn note(
        &self,
        (before, after): (u64, impl Into<Position>),
        changed: impl IntoIterator<Item = (Uuid, u32)>,
    ) {
        let reached = after.into();
        let after = reached.number;
        self.change(|kept| {
            for (id, access_class) in changed {
                let entry = kept.classes.entry(id).or_insert((access_class, after));
                if entry.1 <= after {
                    *entry = (access_class, after);
                }
                kept.oldest = kept.oldest.min(entry.1);
            }
            if kept.classes.len() > RECENT_MAX {
                kept.lose(after);
            }
            if before <= kept.seen.number && after > kept.seen.number {
                kept.seen = reached;
            }
        });
    }

    /// Notes that what was committed up to a position is not known one by one.
    pub(super) fn pass_over(&self, position: impl Into<Position>) {
        let position = position.into();
        self.change(|kept| {
            kept.lose(position.number);
            kept.seen = position;
        });
    }

    /// Returns, once, whether what is known of a former history is to be forgotten.
    pub(super) fn take_stale(&self) -> bool {
        self.is_stale.load(Ordering::Acquire) && self.is_stale.swap(false, Ordering::AcqRel)
    }

    /// Begins anew at a position of another history: nothing of what was noted is known.
    pub(in crate::flow) fn start_over(&self, position: Position) {
        self.is_stale.store(true, Ordering::Release);
        self.change(|kept| {
            let (classes, oldest) = (HashMap::new(), u64::MAX);
            *kept = Kept { classes, oldest, seen: position, lost: position.number };
        });
    }

    /// Returns what changed since a position that all followers have reached; whether that is
    /// all depends on where the one is that is asked.
    pub(super) fn since(&self, all: u64, one: u64) -> Since {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.oldest <= all {
            Arc::make_mut(&mut kept).forget(all);
        }
        Since { complete: kept.lost <= one, kept: Arc::clone(&kept) }
    }
}

impl Kept {
    fn forget(&mut self, reached: u64) {
        self.classes.retain(|_, (_, position)| *position > reached);
        let positions = self.classes.values().map(|(_, position)| *position);
        self.oldest = positions.min().unwrap_or(u64::MAX);
    }

    fn lose(&mut self, position: u64) {
        (self.classes, self.oldest) = (HashMap::new(), u64::MAX);
        self.lost = self.lost.max(position);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    #[test]
    fn what_the_followers_have_not_reached_is_kept_and_the_newest_counts() {
        let recent = Recent::after(3);
        assert!(!recent.since(2, 2).is_complete() && recent.since(3, 3).is_complete());
        recent.note((3, 4), [(id(1), 7)]);
        recent.note((4, 5), [(id(1), 8), (id(2), 9)]);
        // A late reader of the feed changes nothing any more.
        recent.note((3, 4), [(id(1), 7)]);
        assert_eq!(recent.since(3, 3).access_class(id(1)), Some(8));
        assert_eq!(recent.since(4, 4).access_class(id(2)), Some(9));
        assert_eq!(recent.since(5, 5).all().count(), 0);
        assert_eq!(recent.seen(), 5.into());
    }

    #[test]
    fn a_gap_is_not_taken_for_known() {
        let recent = Recent::after(3);
        recent.note((5, 6), [(id(1), 7)]);
        assert_eq!(recent.seen(), 3.into());
        assert_eq!(recent.since(3, 3).access_class(id(1)), Some(7));
    }

    #[test]
    fn more_than_is_kept_is_known_to_be_missing() {
        let recent = Recent::after(0);
        let many = (0..=RECENT_MAX as u128).map(|number| (id(number), 1));
        recent.note((0, 9), many);
        assert!(recent.since(0, 0).all().next().is_none());
        assert!(!recent.since(8, 8).is_complete() && recent.since(9, 9).is_complete());
    }
}
