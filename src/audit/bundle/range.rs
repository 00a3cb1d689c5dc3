//! A tree that only grows and keeps nothing but its frontier: what a full check needs.

use crate::audit::hash::Hash;
use crate::audit::query::join;

/// The complete subtrees over all leaves so far, the largest first. At most 64 hashes,
/// however many leaves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TreeRange {
    size: u64,
    subtrees: Vec<Hash>,
}

impl TreeRange {
    /// Goes on after `size` leaves, from what [`crate::audit::TreeQuery::frontier`] gave for
    /// them; `None` if the number of hashes does not belong to that size.
    #[must_use]
    pub fn resume(size: u64, subtrees: Vec<Hash>) -> Option<Self> {
        (subtrees.len() == size.count_ones() as usize).then_some(Self { size, subtrees })
    }

    /// Adds a leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.subtrees.pop() {
                hash = Hash::node(&left, &hash);
            }
        }
        self.subtrees.push(hash);
        self.size += 1;
    }

    /// Returns the number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Returns the root over all leaves (RFC 6962, 2.1).
    #[must_use]
    pub fn root(&self) -> Hash {
        join(&self.subtrees).unwrap_or_else(Hash::of_empty_tree)
    }
}
