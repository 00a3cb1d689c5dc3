//! A place in the change feed, and in which history it lies.

use serde::{Deserialize, Serialize};

/// A commit's place in the change feed, with a digest of all commits up to it.
///
/// A number alone is no identity: after a failover to a standby that was behind, or a restore, the
/// same number is given once more, to something else. Two positions with one number and one chain
/// lie in one history.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Which commit, counted from 1; 0 is before the first.
    pub number: u64,
    /// The digest of it and all before it; 0 where none was kept.
    #[serde(default)]
    pub chain: i64,
}

impl From<u64> for Position {
    /// A position whose history is not known.
    fn from(number: u64) -> Self {
        Self { number, chain: 0 }
    }
}
