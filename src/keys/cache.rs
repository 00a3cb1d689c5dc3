//! The keys that were opened lately, so that a value costs no unwrapping of keys.

use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use uuid::Uuid;

use super::envelope::DataKey;

/// Keys shredded lately that are remembered, for rows that were read before and come after.
const SHREDDED_KEPT_MAX: NonZeroUsize = NonZeroUsize::new(65_536).unwrap();

/// Opened keys by an id, and those that must not be opened again.
#[derive(Debug)]
pub(super) struct Cache<K: Hash + Eq> {
    inner: Mutex<Inner<K>>,
}

#[derive(Debug)]
struct Inner<K: Hash + Eq> {
    opened: LruCache<K, Arc<DataKey>>,
    shredded: LruCache<Uuid, ()>,
}

impl<K: Hash + Eq> Cache<K> {
    pub fn new(capacity: NonZeroUsize) -> Self {
        // Unbounded only until it is resized: this way memory is taken as it is needed.
        let mut shredded = LruCache::unbounded();
        shredded.resize(SHREDDED_KEPT_MAX);
        Self { inner: Mutex::new(Inner { opened: LruCache::new(capacity), shredded }) }
    }

    pub fn get(&self, id: &K) -> Option<Arc<DataKey>> {
        self.lock().opened.get(id).cloned()
    }

    /// Keeps an opened key and returns the handle to use: the one kept before, if there was
    /// one, so that all holders of a key share its count and its end.
    pub fn keep(&self, id: K, key: DataKey) -> Arc<DataKey> {
        let mut inner = self.lock();
        if inner.shredded.contains(&key.kid()) {
            key.shred();
            return Arc::new(key);
        }
        inner.opened.get_or_insert(id, || Arc::new(key)).clone()
    }

    /// Drops a key and makes every handle to it fail.
    pub fn shred(&self, id: &K, kid: Uuid) {
        let mut inner = self.lock();
        inner.shredded.put(kid, ());
        if let Some(key) = inner.opened.pop(id) {
            key.shred();
        }
    }

    /// Drops a key from memory; it may be opened again.
    pub fn remove(&self, id: &K) {
        self.lock().opened.pop(id);
    }

    pub fn clear(&self) {
        self.lock().opened.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Inner<K>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
