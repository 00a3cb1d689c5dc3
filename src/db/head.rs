//! Where the log and the feed stand: one row, set in every commit.

use crate::base::Position;

/// Asks for it.
pub(super) const HEAD: &str =
    "SELECT seq, position, block, stamp, edit_stamp, chain FROM head WHERE id = 1";

/// Where the log and the feed stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Head {
    /// The last event's place in the log.
    pub seq: i64,
    /// The last commit's place in the feed.
    pub position: i64,
    /// The last block of the log.
    pub block: i64,
    /// The latest stamp of anything that was received, in microseconds since 1970.
    pub stamp: i64,
    /// The latest stamp of an edit.
    pub edit_stamp: i64,
    /// The digest of all commits in the feed.
    pub chain: i64,
}

impl Head {
    /// Returns the place in the feed, and in which history.
    #[must_use]
    pub fn reached(&self) -> Position {
        Position { number: u64::try_from(self.position).unwrap_or(0), chain: self.chain }
    }
}

/// A head as it is stored.
pub(super) type HeadRow = (i64, i64, i64, i64, i64, i64);

impl From<HeadRow> for Head {
    fn from((seq, position, block, stamp, edit_stamp, chain): HeadRow) -> Self {
        Self { seq, position, block, stamp, edit_stamp, chain }
    }
}
