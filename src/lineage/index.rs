//! An open-addressing hash index of `u32` handles whose keys live elsewhere.
//!
//! It holds 4 bytes a slot and no keys: the caller compares and re-hashes through closures.
//! Hashes are not kept secret, so a hostile producer can slow it down, not break it.

/// Handle that stands for nothing.
pub(super) const NONE: u32 = u32::MAX;

const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

/// Hashes bytes, eight at a time, by folded multiplication.
pub(super) fn hash_bytes(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut hash = MULTIPLIER ^ (bytes.len() as u64);
    for word in words {
        hash = fold(hash ^ u64::from_le_bytes(*word));
    }
    let mut last = [0; 8];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    fold(hash ^ u64::from_le_bytes(last))
}

/// Hashes two handles.
pub(super) fn hash_pair(a: u32, b: u32) -> u64 {
    fold(fold(u64::from(a) << 32 | u64::from(b)) ^ MULTIPLIER)
}

fn fold(word: u64) -> u64 {
    let product = u128::from(word ^ 0xA076_1D64_78BD_642F) * u128::from(MULTIPLIER);
    (product as u64) ^ ((product >> 64) as u64)
}

/// Turns a length into the next handle.
pub(super) fn handle(len: usize) -> u32 {
    u32::try_from(len).ok().filter(|&h| h != NONE).expect("memory ends before 2^32 records")
}

/// The index. Linear probing, at most three quarters full, deletion by shifting back.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    slots: Vec<u32>,
    len: usize,
}

impl Index {
    /// Makes room for `more` further handles.
    pub(super) fn reserve(&mut self, more: usize, hash_of: impl Fn(u32) -> u64) {
        let wanted = (self.len + more) * 4 / 3 + 1;
        if wanted > self.slots.len() {
            self.grow(wanted.next_power_of_two().max(16), hash_of);
        }
    }

    /// Finds the handle with that hash for which `is` says yes.
    pub(super) fn find(&self, hash: u64, is: impl Fn(u32) -> bool) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let mut at = self.home(hash);
        loop {
            let found = self.slots[at];
            if found == NONE {
                return None;
            }
            if is(found) {
                return Some(found);
            }
            at = self.after(at);
        }
    }

    /// Inserts a handle that is not in the index yet.
    pub(super) fn insert(&mut self, hash: u64, handle: u32, hash_of: impl Fn(u32) -> u64) {
        self.reserve(1, hash_of);
        self.put(hash, handle);
        self.len += 1;
    }

    /// Removes a handle, if it is there.
    pub(super) fn remove(&mut self, hash: u64, handle: u32, hash_of: impl Fn(u32) -> u64) {
        if self.slots.is_empty() {
            return;
        }
        let mut hole = self.home(hash);
        while self.slots[hole] != handle {
            if self.slots[hole] == NONE {
                return;
            }
            hole = self.after(hole);
        }
        let mut at = self.after(hole);
        while self.slots[at] != NONE {
            let home = self.home(hash_of(self.slots[at]));
            let distance_home = at.wrapping_sub(home) & (self.slots.len() - 1);
            let distance_hole = at.wrapping_sub(hole) & (self.slots.len() - 1);
            if distance_home >= distance_hole {
                self.slots[hole] = self.slots[at];
                hole = at;
            }
            at = self.after(at);
        }
        self.slots[hole] = NONE;
        self.len -= 1;
    }

    /// Returns the bytes held on the heap.
    pub(super) fn memory_bytes(&self) -> usize {
        self.slots.capacity() * 4
    }

    fn home(&self, hash: u64) -> usize {
        (hash >> 20) as usize & (self.slots.len() - 1)
    }

    fn after(&self, at: usize) -> usize {
        (at + 1) & (self.slots.len() - 1)
    }

    fn put(&mut self, hash: u64, handle: u32) {
        let mut at = self.home(hash);
        while self.slots[at] != NONE {
            at = self.after(at);
        }
        self.slots[at] = handle;
    }

    fn grow(&mut self, slots: usize, hash_of: impl Fn(u32) -> u64) {
        let old = std::mem::replace(&mut self.slots, vec![NONE; slots]);
        for handle in old {
            if handle != NONE {
                self.put(hash_of(handle), handle);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Few distinct hashes force long probe chains and shifts around the end.
        #[test]
        fn index_agrees_with_a_set(steps in prop::collection::vec((0_u32..40, any::<bool>()), 0..200)) {
            let hash = |h: u32| hash_pair(h % 5, 1);
            let mut index = Index::default();
            let mut set = HashSet::new();
            for (handle, insert) in steps {
                if insert && set.insert(handle) {
                    index.insert(hash(handle), handle, hash);
                } else if !insert && set.remove(&handle) {
                    index.remove(hash(handle), handle, hash);
                }
            }
            for handle in 0..40 {
                prop_assert_eq!(index.find(hash(handle), |h| h == handle).is_some(), set.contains(&handle));
            }
        }
    }
}
