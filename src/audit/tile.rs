//! Tiles: the tree's stored form, 256 hashes of one level at a time (C2SP tlog-tiles).
//!
//! A tile of level 0 holds leaf hashes; one of level L+1 holds the roots of full tiles of
//! level L. Only complete subtrees are ever stored, so a stored hash never changes and a
//! wider tile holds every narrower one as its beginning: one row per tile is enough.

use std::collections::HashMap;
use std::fmt;
use std::hash::BuildHasher;
use std::str::FromStr;

use super::hash::{HASH_BYTES, Hash};

/// Hashes in a full tile, and entries in a full bundle.
pub const TILE_WIDTH: usize = 256;

/// The highest level a tile of a tree with 64-bit size can have.
pub const TILE_LEVEL_MAX: u8 = 7;

/// Where a tile stands: `index` counts tiles of that level from the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// 0 for leaves, at most [`TILE_LEVEL_MAX`].
    pub level: u8,
    /// Position within the level.
    pub index: u64,
}

/// A tile: its place and its 1 to 256 hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// Where it stands.
    pub id: TileId,
    /// Its hashes from the left.
    pub hashes: Vec<Hash>,
}

impl Tile {
    /// Writes the tile as it is stored and served: its hashes, end to end.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.hashes.iter().flat_map(|hash| hash.0).collect()
    }

    /// Reads what [`Self::to_bytes`] writes; `None` unless it is 1 to 256 whole hashes.
    #[must_use]
    pub fn from_bytes(id: TileId, bytes: &[u8]) -> Option<Self> {
        let (whole, rest) = bytes.as_chunks::<HASH_BYTES>();
        let fits = (1..=TILE_WIDTH).contains(&whole.len()) && rest.is_empty();
        fits.then(|| Self { id, hashes: whole.iter().copied().map(Hash).collect() })
    }
}

/// Where stored tiles are looked up. Callers load what [`super::TreeQuery::tiles`] names, then
/// answer from memory.
pub trait Tiles {
    /// Returns the tile's hashes from the left; more than are asked about do no harm.
    fn hashes(&self, id: TileId) -> Option<&[Hash]>;
}

impl<S: BuildHasher> Tiles for HashMap<TileId, Tile, S> {
    fn hashes(&self, id: TileId) -> Option<&[Hash]> {
        self.get(&id).map(|tile| tile.hashes.as_slice())
    }
}

/// What a path under `tile/` names: hashes of a level, or the entries themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TileKind {
    /// Hashes of that level.
    Hashes(u8),
    /// Entries (see [`super::entries`]).
    Entries,
}

/// The path of a tile or entry bundle: `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`,
/// with N in groups of three digits (`x001/x234/067`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TilePath {
    /// Hashes or entries.
    pub kind: TileKind,
    /// Position within the level.
    pub index: u64,
    /// Hashes or entries in it: 1 to 256.
    pub width: u16,
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Hashes(level) => write!(f, "tile/{level}/")?,
            TileKind::Entries => write!(f, "tile/entries/")?,
        }
        let mut groups = vec![format!("{:03}", self.index % 1000)];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(format!("x{:03}", rest % 1000));
            rest /= 1000;
        }
        groups.reverse();
        write!(f, "{}", groups.join("/"))?;
        if usize::from(self.width) < TILE_WIDTH { write!(f, ".p/{}", self.width) } else { Ok(()) }
    }
}

/// A text names no tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a tile path of C2SP tlog-tiles")]
pub struct NotATilePath;

impl FromStr for TilePath {
    type Err = NotATilePath;

    /// Reads a path; only the one spelling that [`fmt::Display`] gives is accepted.
    fn from_str(text: &str) -> Result<Self, NotATilePath> {
        let path = parse_path(text).ok_or(NotATilePath)?;
        if path.to_string() == text { Ok(path) } else { Err(NotATilePath) }
    }
}

fn parse_path(text: &str) -> Option<TilePath> {
    let (kind, rest) = text.strip_prefix("tile/")?.split_once('/')?;
    let kind = match kind {
        "entries" => TileKind::Entries,
        level => TileKind::Hashes(level.parse().ok().filter(|level| *level <= TILE_LEVEL_MAX)?),
    };
    let (groups, width) = match rest.split_once(".p/") {
        Some((groups, width)) => (groups, width.parse().ok().filter(|w| (1..=255).contains(w))?),
        None => (rest, 256),
    };
    let index = groups.split('/').try_fold(0_u64, |index, group| {
        let digits = group.strip_prefix('x').unwrap_or(group);
        let value: u64 = digits.parse().ok().filter(|_| digits.len() == 3)?;
        index.checked_mul(1000)?.checked_add(value)
    })?;
    Some(TilePath { kind, index, width })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_specs_example_is_written_so() {
        let path = TilePath { kind: TileKind::Hashes(0), index: 1_234_067, width: 256 };
        assert_eq!(path.to_string(), "tile/0/x001/x234/067");
        let part = TilePath { kind: TileKind::Entries, index: 0, width: 7 };
        assert_eq!(part.to_string(), "tile/entries/000.p/7");
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            "",
            "tile/0",
            "tile/0/1",
            "tile/00/001",
            "tile/64/001",
            "tile/0/x000/001",
            "tile/0/001/002",
            "tile/0/001.p/0",
            "tile/0/001.p/256",
            "tile/0/001.p/07",
            "tile/0/+01",
            "tile/entries/001/",
            "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        ] {
            assert_eq!(text.parse::<TilePath>(), Err(NotATilePath), "{text}");
        }
    }

    proptest! {
        #[test]
        fn path_is_read_back(level in 0..=TILE_LEVEL_MAX, index: u64, width in 1..=256_u16) {
            for kind in [TileKind::Hashes(level), TileKind::Entries] {
                let path = TilePath { kind, index, width };
                prop_assert_eq!(path.to_string().parse(), Ok(path));
            }
        }

        #[test]
        fn no_text_panics(text in "(tile/)?[0-9x/.p]{0,40}") {
            let _ = text.parse::<TilePath>();
        }
    }

    #[test]
    fn bytes_are_read_back_only_if_whole() {
        let id = TileId { level: 0, index: 3 };
        let tile = Tile { id, hashes: vec![Hash::leaf(b"a"), Hash::leaf(b"b")] };
        let bytes = tile.to_bytes();
        assert_eq!(Tile::from_bytes(id, &bytes), Some(tile));
        assert_eq!(Tile::from_bytes(id, &bytes[1..]), None);
        assert_eq!(Tile::from_bytes(id, &[]), None);
        assert_eq!(Tile::from_bytes(id, &[0; 257 * HASH_BYTES]), None);
    }
}
