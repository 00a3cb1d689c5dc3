//! What can be wrong with a bundle, and where.

use std::fmt;

use crate::audit::canonical::NotCanonical;
use crate::audit::note::NoteError;
use crate::audit::proof::ProofError;
use crate::audit::witness::WitnessError;

/// The first fault of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line it was found in, from 1; the number of lines if it is only known at the end.
    pub line: u64,
    /// Index of the record concerned, if it is about one.
    pub index: Option<u64>,
    /// What is wrong.
    pub reason: Reason,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        if let Some(index) = self.index {
            write!(f, "record {index}: ")?;
        }
        self.reason.fmt(f)
    }
}

impl std::error::Error for Fault {}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The line is none of the format.
    #[error("not a line of an audit bundle: {0}")]
    Malformed(&'static str),
    /// The line is not canonical JSON.
    #[error(transparent)]
    NotCanonical(#[from] NotCanonical),
    /// The line stands where the format has no place for it.
    #[error("{0}")]
    Misplaced(&'static str),
    /// A record is missing, repeated or out of order.
    #[error("expected record {expected}")]
    Order {
        /// The index that had to come (at least, in a partial bundle).
        expected: u64,
    },
    /// A record states another log than the bundle.
    #[error("it belongs to another log")]
    OtherLog,
    /// A record's inclusion proof does not lead to the checkpoint.
    #[error("its inclusion proof is wrong: {0}")]
    Inclusion(ProofError),
    /// A checkpoint is not to be believed.
    #[error("the checkpoint is not to be believed: {0}")]
    Checkpoint(#[from] NoteError),
    /// A checkpoint does not continue the one before it.
    #[error("the checkpoint does not continue the last one: {0}")]
    Growth(#[from] WitnessError),
    /// The records before a checkpoint are not those it was signed over.
    #[error("the records before this checkpoint of size {size} are not those that were signed")]
    Root {
        /// The checkpoint's size.
        size: u64,
    },
    /// The records contradict a checkpoint that the verifier held beforehand.
    #[error("the log is not the one whose checkpoint of size {size} you hold")]
    Held {
        /// The held checkpoint's size.
        size: u64,
    },
    /// The bundle ends before the checkpoint that the verifier held beforehand.
    #[error("the bundle ends at {found} entries; you hold a checkpoint of {held}")]
    Truncated {
        /// Entries covered by the bundle's last checkpoint.
        found: u64,
        /// Entries of the held checkpoint.
        held: u64,
    },
    /// The last line does not count the records, or nothing vouches for the last of them.
    #[error("the bundle is cut short: {0}")]
    Cut(&'static str),
}
