//! Where the log and the feed stand: one row, set in every commit.

/// Asks for it.
pub(super) const HEAD: &str = "SELECT seq, position, block FROM head WHERE id = 1";

/// Where the log and the feed stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Head {
    /// The last event's place in the log.
    pub seq: i64,
    /// The last commit's place in the feed.
    pub position: i64,
    /// The last block of the log.
    pub block: i64,
}
