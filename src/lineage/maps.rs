//! Hash maps keyed by node handles, with a hasher fit for small integers.
//!
//! Handles are dealt out by the graph, not by producers, so they need no keyed hash.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// Map from a handle (or a tuple of handles).
pub(super) type Map<K, V> = HashMap<K, V, BuildHasherDefault<HandleHasher>>;

/// Set of handles (or tuples of handles).
pub(super) type Set<K> = HashSet<K, BuildHasherDefault<HandleHasher>>;

/// Multiplies each word in; the map uses the well mixed upper bits.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct HandleHasher(u64);

impl Hasher for HandleHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }

    fn write_isize(&mut self, word: isize) {
        self.write_u64(word as u64);
    }
}
