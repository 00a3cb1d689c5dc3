//! Appending: new leaves become tiles and a new root.
//!
//! The tree's right edge (the hashes not yet covered by a full tile of the next level, at
//! most 255 a level) is a value. Appending makes a new edge and leaves the old one as it
//! was, so that a sequencer whose transaction fails simply keeps what it had.

use super::hash::Hash;
use super::query::{LOG_ENTRIES_MAX, TreeError, complete_root, join};
use super::tile::{TILE_WIDTH, Tile, TileId, Tiles};

/// The right edge of a tree: all that is needed to append to it and to know its root.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edge {
    size: u64,
    /// The partial tile of each level, from level 0; each has fewer than 256 hashes.
    levels: Vec<Vec<Hash>>,
}

/// What an append makes: the new edge and the tiles to store, new or wider than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// The edge after the append.
    pub edge: Edge,
    /// Every tile that changed, in its final width.
    pub tiles: Vec<Tile>,
}

impl Edge {
    /// Names the tiles to load for [`Self::load`].
    #[must_use]
    pub fn tiles(size: u64) -> Vec<TileId> {
        partial_tiles(size).map(|(id, _)| id).collect()
    }

    /// Takes up a stored tree of that size.
    ///
    /// # Errors
    ///
    /// [`TreeError::TileMissing`] if one of [`Self::tiles`] is not there or too narrow.
    pub fn load(size: u64, tiles: &impl Tiles) -> Result<Self, TreeError> {
        let depth = size.checked_ilog2().map_or(0, |bits| bits as usize / 8 + 1);
        let mut levels = vec![Vec::new(); depth];
        for (id, width) in partial_tiles(size) {
            let hashes = tiles.hashes(id).and_then(|hashes| hashes.get(..width));
            let hashes = hashes.ok_or(TreeError::TileMissing { id })?;
            if let Some(level) = levels.get_mut(usize::from(id.level)) {
                level.extend_from_slice(hashes);
            }
        }
        Ok(Self { size, levels })
    }

    /// Returns the number of entries.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Returns the root hash (RFC 6962, 2.1). Costs at most 255 hashes a level.
    #[must_use]
    pub fn root(&self) -> Hash {
        let subtrees: Vec<_> =
            self.levels.iter().rev().flat_map(|hashes| complete_subtrees(hashes)).collect();
        join(&subtrees).unwrap_or_else(Hash::of_empty_tree)
    }

    /// Appends leaf hashes. Costs one hash a leaf, and one a stored hash.
    ///
    /// # Errors
    ///
    /// [`TreeError::Outside`] if the log would grow beyond [`LOG_ENTRIES_MAX`].
    pub fn append(&self, leaves: &[Hash]) -> Result<Appended, TreeError> {
        let size = self.size.saturating_add(leaves.len() as u64);
        if size > LOG_ENTRIES_MAX {
            return Err(TreeError::Outside { asked: size, size: LOG_ENTRIES_MAX });
        }
        let mut levels = Vec::new();
        let mut tiles = Vec::new();
        let mut incoming = leaves.to_vec();
        for level in 0_u8.. {
            let old = self.levels.get(usize::from(level)).map_or(&[][..], Vec::as_slice);
            if old.is_empty() && incoming.is_empty() && self.levels.len() <= usize::from(level) {
                break;
            }
            let first = (self.size >> (8 * u32::from(level))) / TILE_WIDTH as u64;
            let grown = !incoming.is_empty();
            let (partial, full_roots) =
                fill_level(level, first, &[old, &incoming].concat(), grown, &mut tiles);
            levels.push(partial);
            incoming = full_roots;
        }
        Ok(Appended { edge: Self { size, levels }, tiles })
    }
}

/// Cuts a level's hashes into tiles. Returns what is left for the edge, and the roots of the
/// full tiles, which are the next level's new hashes.
fn fill_level(
    level: u8,
    first: u64,
    hashes: &[Hash],
    grown: bool,
    tiles: &mut Vec<Tile>,
) -> (Vec<Hash>, Vec<Hash>) {
    let (full, partial) = hashes.as_chunks::<TILE_WIDTH>();
    let at = |index: usize| TileId { level, index: first + index as u64 };
    let full_tiles = full.iter().enumerate();
    tiles.extend(full_tiles.map(|(i, hashes)| Tile { id: at(i), hashes: hashes.to_vec() }));
    if grown && !partial.is_empty() {
        tiles.push(Tile { id: at(full.len()), hashes: partial.to_vec() });
    }
    (partial.to_vec(), full.iter().map(|hashes| complete_root(hashes)).collect())
}

/// Lists the partial tiles of a tree of that size, with their widths.
fn partial_tiles(size: u64) -> impl Iterator<Item = (TileId, usize)> {
    (0..8_u8).filter_map(move |level| {
        let hashes = size >> (8 * u32::from(level));
        let width = usize::try_from(hashes % TILE_WIDTH as u64).ok().filter(|width| *width > 0)?;
        Some((TileId { level, index: hashes / TILE_WIDTH as u64 }, width))
    })
}

/// Hashes a partial tile to its complete subtrees, the largest first.
fn complete_subtrees(hashes: &[Hash]) -> Vec<Hash> {
    let mut rest = hashes;
    let mut subtrees = Vec::new();
    while let Some(height) = rest.len().checked_ilog2() {
        let (complete, after) = rest.split_at(1 << height);
        subtrees.push(complete_root(complete));
        rest = after;
    }
    subtrees
}
