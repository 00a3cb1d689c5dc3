//! Checking proofs with nothing but hashes (RFC 9162, 2.1.3.2 and 2.1.4.2).
//!
//! Written independently of [`super::query`], which makes them: the two meet only in tests.

use super::hash::Hash;

/// A proof does not show what it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The sizes or index cannot belong to any tree, or the proof has too few or too many hashes.
    #[error("the proof does not have the shape that its index and sizes demand")]
    Shape,
    /// The hashes lead to another root.
    #[error("the proof leads to another root hash")]
    Root,
}

/// Checks that `leaf` is entry `index` of the tree of `size` entries with that root.
///
/// # Errors
///
/// [`ProofError`] if the proof does not show it.
pub fn verify_inclusion(
    leaf: Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Shape);
    }
    let mut climb = Climb { node: index, last: size - 1 };
    let mut hash = leaf;
    for sibling in proof {
        hash = match climb.up()? {
            Side::Left => Hash::node(sibling, &hash),
            Side::Right => Hash::node(&hash, sibling),
        };
    }
    climb.end()?;
    same(hash, root)
}

/// Checks that the tree of `old` entries is the beginning of that of `new` entries.
///
/// # Errors
///
/// [`ProofError`] if the proof does not show it, also if `old` is larger than `new`.
pub fn verify_consistency(
    old: (u64, Hash),
    new: (u64, Hash),
    proof: &[Hash],
) -> Result<(), ProofError> {
    let ((old_size, old_root), (new_size, new_root)) = (old, new);
    match (old_size, proof) {
        (0, []) => return same(old_root, Hash::of_empty_tree()),
        (size, []) if size == new_size => return same(old_root, new_root),
        (size, _) if size == 0 || size >= new_size => return Err(ProofError::Shape),
        _ => {}
    }
    let mut climb = Climb { node: old_size - 1, last: new_size - 1 };
    climb.skip(|node| node & 1 == 1);
    let (first, siblings) = match proof.split_first() {
        Some(_) if old_size.is_power_of_two() => (old_root, proof),
        Some((first, rest)) => (*first, rest),
        None => return Err(ProofError::Shape),
    };
    let (mut old_hash, mut new_hash) = (first, first);
    for sibling in siblings {
        match climb.up()? {
            Side::Left => {
                old_hash = Hash::node(sibling, &old_hash);
                new_hash = Hash::node(sibling, &new_hash);
            }
            Side::Right => new_hash = Hash::node(&new_hash, sibling),
        }
    }
    climb.end()?;
    same(old_hash, old_root)?;
    same(new_hash, new_root)
}

fn same(found: Hash, expected: Hash) -> Result<(), ProofError> {
    if found == expected { Ok(()) } else { Err(ProofError::Root) }
}

/// On which side of the present node its sibling stands.
enum Side {
    Left,
    Right,
}

/// The way from a node to the root: its number on the present level, and the last one's.
struct Climb {
    node: u64,
    last: u64,
}

impl Climb {
    /// Goes one sibling up; levels on which the node has none are passed over.
    fn up(&mut self) -> Result<Side, ProofError> {
        if self.last == 0 {
            return Err(ProofError::Shape);
        }
        let left = self.node & 1 == 1 || self.node == self.last;
        if left {
            self.skip(|node| node & 1 == 0 && node != 0);
        }
        self.node >>= 1;
        self.last >>= 1;
        Ok(if left { Side::Left } else { Side::Right })
    }

    fn skip(&mut self, passes: impl Fn(u64) -> bool) {
        while passes(self.node) {
            self.node >>= 1;
            self.last >>= 1;
        }
    }

    /// Accepts only the root as the end of the way.
    fn end(&self) -> Result<(), ProofError> {
        if self.last == 0 { Ok(()) } else { Err(ProofError::Shape) }
    }
}
