//! Remembered decisions: bounded, keyed by everything a decision depends on, for as long as it holds.
//!
//! A key is compared as a whole; nothing is told apart by a short hash alone. A judge has its own
//! memory and its rules never change, so that there is nothing to forget when policy does.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;

use super::action::Action;
use super::decision::Decision;
use super::limits::DECISIONS_MAX;
use super::principal::AuthMethod;
use crate::base::{Digest, Time};

/// Parts that are locked apart, so that many threads rarely wait.
const SHARDS: usize = 16;

/// Everything that a decision depends on, besides the time and the rules.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) bench: u64,
    pub(super) class: Digest,
    pub(super) action: Action,
    pub(super) auth: AuthMethod,
    pub(super) own: bool,
    pub(super) bound: bool,
    pub(super) purposeful: bool,
    /// The purpose, if some rule looks at its text.
    pub(super) purpose: Option<Box<str>>,
}

struct Entry {
    decision: Arc<Decision>,
    from: Time,
    until: Option<Time>,
}

/// The remembered decisions of one judge.
pub(super) struct Memory(Vec<Mutex<LruCache<Key, Entry>>>);

impl Memory {
    pub(super) fn new() -> Self {
        let shard_size = NonZeroUsize::new(DECISIONS_MAX / SHARDS).unwrap_or(NonZeroUsize::MIN);
        Self((0..SHARDS).map(|_| Mutex::new(LruCache::new(shard_size))).collect())
    }

    /// Returns what was decided, if it still holds at that moment.
    pub(super) fn recall(&self, key: &Key, now: Time) -> Option<Arc<Decision>> {
        let mut shard = self.shard(key)?.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = shard.get(key)?;
        let holds = entry.from <= now && entry.until.is_none_or(|until| now < until);
        holds.then(|| Arc::clone(&entry.decision))
    }

    /// Remembers what was decided, for the time for which it holds.
    pub(super) fn keep(
        &self,
        key: Key,
        decision: &Arc<Decision>,
        (from, until): (Time, Option<Time>),
    ) {
        if let Some(shard) = self.shard(&key) {
            let entry = Entry { decision: Arc::clone(decision), from, until };
            shard.lock().unwrap_or_else(PoisonError::into_inner).put(key, entry);
        }
    }

    fn shard(&self, key: &Key) -> Option<&Mutex<LruCache<Key, Entry>>> {
        self.0.get(usize::from(key.class.0[0] ^ key.bench.to_le_bytes()[0]) % SHARDS)
    }
}
