//! Places for those who listen, shared fairly: nobody has more than their share, and where all are taken whoever has most
//! of them loses one to somebody who has fewer.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

/// Whom a place counts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ListenerKey {
    /// Somebody known, whichever of their tokens and sessions they show.
    Principal(Uuid),
    /// An address, where nobody says who they are.
    Address(Option<IpAddr>),
}

/// Why somebody gets no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPlace {
    /// They have as many as one may have.
    OfTheirs,
    /// All are taken, and nobody has more than they have.
    AtAll,
}

/// The places.
#[derive(Debug, Clone)]
pub(super) struct Listeners(Arc<Places>);

#[derive(Debug)]
struct Places {
    all: usize,
    each: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    count: usize,
    next: u64,
    by: HashMap<ListenerKey, BTreeMap<u64, Arc<AtomicBool>>>,
}

impl Taken {
    fn remove(&mut self, who: ListenerKey, number: u64) -> Option<Arc<AtomicBool>> {
        let theirs = self.by.get_mut(&who)?;
        let removed = theirs.remove(&number)?;
        if theirs.is_empty() {
            self.by.remove(&who);
        }
        self.count -= 1;
        Some(removed)
    }

    /// Takes the oldest place of whoever has most, if that is at least two more than `own`.
    fn take_from_the_fullest(&mut self, own: usize) -> bool {
        let fullest = self.by.iter().max_by_key(|(who, theirs)| (theirs.len(), **who));
        let fullest = fullest.filter(|(_, theirs)| theirs.len() > own + 1);
        let oldest = fullest.and_then(|(who, theirs)| Some((*who, *theirs.first_key_value()?.0)));
        let removed = oldest.and_then(|(who, number)| self.remove(who, number));
        removed.is_some_and(|ended| {
            ended.store(true, Ordering::Relaxed);
            true
        })
    }
}

impl Listeners {
    /// Makes so many places, of which one may have `each`.
    pub(super) fn new(all: usize, each: usize) -> Self {
        Self(Arc::new(Places { all, each, taken: Mutex::default() }))
    }

    /// Gives somebody a place.
    pub(super) fn enter(&self, who: ListenerKey) -> Result<Place, NoPlace> {
        let mut taken = self.0.lock();
        let own = taken.by.get(&who).map_or(0, BTreeMap::len);
        if own >= self.0.each {
            return Err(NoPlace::OfTheirs);
        }
        if taken.count >= self.0.all && !taken.take_from_the_fullest(own) {
            return Err(NoPlace::AtAll);
        }
        taken.next += 1;
        taken.count += 1;
        let (number, ended) = (taken.next, Arc::<AtomicBool>::default());
        taken.by.entry(who).or_default().insert(number, Arc::clone(&ended));
        Ok(Place { places: Arc::clone(&self.0), who, number, ended })
    }
}

impl Places {
    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    who: ListenerKey,
    number: u64,
    ended: Arc<AtomicBool>,
}

impl Place {
    /// Returns whether somebody else has it now: its listener is told no more.
    pub(super) fn is_lost(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.lock().remove(self.who, self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(number: u128) -> ListenerKey {
        ListenerKey::Principal(Uuid::from_u128(number))
    }

    fn lost(places: &[Place]) -> usize {
        places.iter().filter(|place| place.is_lost()).count()
    }

    #[test]
    fn nobody_has_more_than_their_share_until_they_give_one_back() {
        let listeners = Listeners::new(10, 3);
        let mut places: Vec<Place> = (0..3).map(|_| listeners.enter(who(1)).unwrap()).collect();
        assert_eq!(listeners.enter(who(1)).unwrap_err(), NoPlace::OfTheirs);
        places.extend((0..3).map(|_| listeners.enter(ListenerKey::Address(None)).unwrap()));
        places.remove(0);
        places.push(listeners.enter(who(1)).unwrap());
        assert_eq!(listeners.enter(who(1)).unwrap_err(), NoPlace::OfTheirs);
        assert_eq!(lost(&places), 0);
    }

    #[test]
    fn where_all_are_taken_whoever_has_most_makes_room_for_who_has_fewer() {
        let listeners = Listeners::new(12, 6);
        let first: Vec<Place> = (0..6).map(|_| listeners.enter(who(1)).unwrap()).collect();
        let second: Vec<Place> = (0..6).map(|_| listeners.enter(who(2)).unwrap()).collect();
        let third: Vec<Place> = (0..4).map(|_| listeners.enter(who(3)).unwrap()).collect();
        assert_eq!(listeners.enter(who(3)).unwrap_err(), NoPlace::AtAll);
        assert_eq!((lost(&first), lost(&second), lost(&third)), (2, 2, 0));
        assert!(first[0].is_lost() && !first[5].is_lost(), "the oldest goes");
        // They come back at once, as browsers do: nobody who has as many has to go.
        assert_eq!(listeners.enter(who(1)).unwrap_err(), NoPlace::AtAll);
        assert!(listeners.enter(who(4)).is_ok());
        drop((first, second, third));
        let taken = listeners.0.lock();
        assert_eq!((taken.count, taken.by.len()), (0, 0));
    }
}
