//! Questions to a stored tree: root, inclusion proof, consistency proof (RFC 6962, 2.1.1-2.1.2).
//!
//! A question is first a list of spans of leaves whose hashes are wanted. From it follows
//! which tiles to load ([`TreeQuery::tiles`]) and, once they are in memory, the answer
//! ([`TreeQuery::answer`]). It trusts the tiles: check a proof with [`super::proof`].

use super::hash::Hash;
use super::tile::{TILE_WIDTH, TileId, Tiles};

/// Binary levels that one tile spans.
const TILE_HEIGHT: u32 = 8;

/// Greatest number of entries a log may have; keeps every sum below free of overflow.
pub const LOG_ENTRIES_MAX: u64 = 1 << 62;

/// Why a question cannot be asked or answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// The tree has no such entry, or no such earlier size.
    #[error("{asked} is outside a tree of {size} entries")]
    Outside {
        /// The index or size asked about.
        asked: u64,
        /// The tree's size.
        size: u64,
    },
    /// A tile is missing or narrower than the tree's size demands.
    #[error("tile {}/{} is missing or too narrow", id.level, id.index)]
    TileMissing {
        /// Which one.
        id: TileId,
    },
}

/// A question to the tree: which hashes, in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeQuery {
    spans: Vec<Span>,
}

impl TreeQuery {
    /// Asks for the root of the tree of that size: one hash, none for an empty tree.
    ///
    /// # Errors
    ///
    /// [`TreeError::Outside`] beyond [`LOG_ENTRIES_MAX`].
    pub fn root(size: u64) -> Result<Self, TreeError> {
        bounded(size, LOG_ENTRIES_MAX)?;
        let whole = Span { start: 0, end: size };
        Ok(Self { spans: if size == 0 { Vec::new() } else { vec![whole] } })
    }

    /// Asks for the proof that entry `index` is in the tree of that size: the sibling
    /// hashes from the leaf up (`PATH(m, D[n])`, RFC 6962, 2.1.1).
    ///
    /// # Errors
    ///
    /// [`TreeError::Outside`] if the tree has no such entry.
    pub fn inclusion(index: u64, size: u64) -> Result<Self, TreeError> {
        bounded(size, LOG_ENTRIES_MAX)?;
        if index >= size {
            return Err(TreeError::Outside { asked: index, size });
        }
        let mut walk = Walk::new(size);
        while walk.here.leaves() > 1 {
            walk.step(index < walk.middle());
        }
        Ok(walk.upwards(None))
    }

    /// Asks for the proof that the tree of size `old` is the beginning of that of size
    /// `new` (`PROOF(m, D[n])`, RFC 6962, 2.1.2). It is empty if either is trivial.
    ///
    /// # Errors
    ///
    /// [`TreeError::Outside`] if `old` is larger than `new`.
    pub fn consistency(old: u64, new: u64) -> Result<Self, TreeError> {
        bounded(new, LOG_ENTRIES_MAX)?;
        bounded(old, new)?;
        if old == 0 || old == new {
            return Ok(Self { spans: Vec::new() });
        }
        let mut walk = Walk::new(new);
        while walk.here.end != old {
            walk.step(old <= walk.middle());
        }
        // A verifier knows the old root already; only if the old tree is no left edge of
        // the new one does the proof have to begin with its last subtree.
        let last = walk.here;
        Ok(walk.upwards((last.start != 0).then_some(last)))
    }

    /// Asks for the hashes of the complete subtrees that make up the first `size` entries,
    /// the largest first: what a verifier needs to go on from there.
    ///
    /// # Errors
    ///
    /// [`TreeError::Outside`] beyond [`LOG_ENTRIES_MAX`].
    pub fn frontier(size: u64) -> Result<Self, TreeError> {
        bounded(size, LOG_ENTRIES_MAX)?;
        let spans = Span { start: 0, end: size }.subtrees().map(Subtree::span).collect();
        Ok(Self { spans })
    }

    /// Names the tiles that the answer is computed from, each once, in order.
    #[must_use]
    pub fn tiles(&self) -> Vec<TileId> {
        let subtrees = self.spans.iter().flat_map(|span| span.subtrees());
        let mut tiles: Vec<_> = subtrees.map(|subtree| subtree.slots().0).collect();
        tiles.sort_unstable();
        tiles.dedup();
        tiles
    }

    /// Computes the hashes asked for.
    ///
    /// # Errors
    ///
    /// [`TreeError::TileMissing`] if one of [`Self::tiles`] is not there or too narrow.
    pub fn answer(&self, tiles: &impl Tiles) -> Result<Vec<Hash>, TreeError> {
        self.spans.iter().map(|span| span.hash(tiles)).collect()
    }
}

fn bounded(asked: u64, size: u64) -> Result<(), TreeError> {
    if asked > size { Err(TreeError::Outside { asked, size }) } else { Ok(()) }
}

/// The leaves from `start` to before `end`, as the recursion of RFC 6962 cuts them: the
/// start is a multiple of the largest power of two that fits in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    start: u64,
    end: u64,
}

impl Span {
    fn leaves(self) -> u64 {
        self.end - self.start
    }

    /// Cuts the span into complete subtrees, the largest first.
    fn subtrees(self) -> impl Iterator<Item = Subtree> {
        let mut start = self.start;
        std::iter::from_fn(move || {
            let height = (self.end - start).checked_ilog2()?;
            let subtree = Subtree { height, index: start >> height };
            start += 1 << height;
            Some(subtree)
        })
    }

    fn hash(self, tiles: &impl Tiles) -> Result<Hash, TreeError> {
        let hashes: Vec<_> =
            self.subtrees().map(|subtree| subtree.hash(tiles)).collect::<Result<_, _>>()?;
        Ok(join(&hashes).unwrap_or_else(Hash::of_empty_tree))
    }
}

/// Joins complete subtrees of falling size into the root over all of them.
pub(super) fn join(subtrees: &[Hash]) -> Option<Hash> {
    subtrees.iter().rev().copied().reduce(|right, left| Hash::node(&left, &right))
}

/// A complete subtree of `2^height` leaves, the `index`th of that height.
#[derive(Debug, Clone, Copy)]
struct Subtree {
    height: u32,
    index: u64,
}

impl Subtree {
    fn span(self) -> Span {
        Span { start: self.index << self.height, end: (self.index + 1) << self.height }
    }

    /// Says which hashes of which tile the subtree is over.
    fn slots(self) -> (TileId, std::ops::Range<usize>) {
        let inside = self.height % TILE_HEIGHT;
        let first = self.index << inside;
        // Heights are below 63 (LOG_ENTRIES_MAX), so levels are below 8.
        let level = u8::try_from(self.height / TILE_HEIGHT).unwrap_or(u8::MAX);
        let width = TILE_WIDTH as u64;
        let start = usize::try_from(first % width).unwrap_or_default();
        (TileId { level, index: first / width }, start..start + (1 << inside))
    }

    fn hash(self, tiles: &impl Tiles) -> Result<Hash, TreeError> {
        let (id, slots) = self.slots();
        let missing = TreeError::TileMissing { id };
        let hashes = tiles.hashes(id).and_then(|hashes| hashes.get(slots)).ok_or(missing)?;
        Ok(complete_root(hashes))
    }
}

/// Hashes a power of two of neighbouring hashes to their root.
pub(super) fn complete_root(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => Hash::of_empty_tree(),
        [one] => *one,
        [left, right] => Hash::node(left, right),
        more => {
            let (left, right) = more.split_at(more.len() / 2);
            Hash::node(&complete_root(left), &complete_root(right))
        }
    }
}

/// A way down the tree that remembers the siblings it passed.
struct Walk {
    here: Span,
    passed: Vec<Span>,
}

impl Walk {
    fn new(size: u64) -> Self {
        Self { here: Span { start: 0, end: size }, passed: Vec::new() }
    }

    /// Where the tree over this span is cut: after the largest power of two below its size.
    fn middle(&self) -> u64 {
        let below = self.here.leaves().saturating_sub(1).max(1);
        self.here.start + (1 << below.ilog2())
    }

    fn step(&mut self, left: bool) {
        let Span { start, end } = self.here;
        let middle = self.middle();
        let (left_half, right_half) = (Span { start, end: middle }, Span { start: middle, end });
        let (here, passed) = if left { (left_half, right_half) } else { (right_half, left_half) };
        self.here = here;
        self.passed.push(passed);
    }

    /// Lists the siblings from the lowest up, after `lowest` if there is one.
    fn upwards(self, lowest: Option<Span>) -> TreeQuery {
        TreeQuery { spans: lowest.into_iter().chain(self.passed.into_iter().rev()).collect() }
    }
}
