//! Where the log and the feed stand: one row, set in every commit.

/// Asks for it.
pub(super) const HEAD: &str =
    "SELECT seq, position, block, stamp, edit_stamp FROM head WHERE id = 1";

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
}

/// A head as it is stored.
pub(super) type HeadRow = (i64, i64, i64, i64, i64);

impl From<HeadRow> for Head {
    fn from((seq, position, block, stamp, edit_stamp): HeadRow) -> Self {
        Self { seq, position, block, stamp, edit_stamp }
    }
}
