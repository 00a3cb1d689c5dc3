//! What can go wrong in a use case, as far as the door must tell it apart.

use crate::db::DbError;
use crate::openlineage::Rejection;

/// Why a use case ended without its result.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// What came is not what the standard allows.
    #[error("the event was refused")]
    Rejected(Box<Rejection>),
    /// The database could not write. Nothing was kept; asking again later helps.
    #[error("the database could not write")]
    Unavailable,
    /// No signed head of the audit log covers a record yet.
    #[error("no signed head covers it yet")]
    NotSigned,
    /// More waits to be written than Lethe lets wait. Asking again later helps.
    #[error("too many events wait to be written")]
    Overloaded,
    /// Too many others wait for the same. Asking again later helps.
    #[error("too many wait for the same")]
    Busy,
    /// Lethe is shutting down. Asking again later helps.
    #[error("the server is shutting down")]
    Stopping,
    /// The search index failed.
    #[error("the search index failed: {0}")]
    Index(String),
    /// A follower did not reach the position that was waited for in time.
    #[error("position {wanted} was not reached in time; it is at {reached}")]
    Behind {
        /// The position waited for.
        wanted: u64,
        /// The position reached.
        reached: u64,
    },
    /// The position that was waited for lies in a history that is no more: the database was put
    /// back, or a standby that was behind took its place.
    #[error("position {0} lies in another history than the database's")]
    OtherHistory(u64),
    /// This node does not know, or knows too late, what other nodes changed for rules: what it
    /// holds of this follower might show what must be hidden. Asking again later helps.
    #[error("this node has lost touch: what {0} knows may not be shown")]
    OutOfTouch(&'static str),
    /// The rules in force do not allow it; in words.
    #[error("{0}")]
    Denied(String),
    /// What was asked for does not exist.
    #[error("{0} not found")]
    NotFound(String),
    /// What was asked for makes no sense; the field and what to do.
    #[error("{field}: {message}")]
    BadInput {
        /// The parameter or JSON pointer at fault.
        field: String,
        /// What is wrong and what would be right.
        message: String,
    },
    /// What is asked for does not go with what is there.
    #[error("{0}")]
    Conflict(String),
    /// A task of Lethe's own ended unexpectedly.
    #[error("an internal task failed: {0}")]
    Internal(String),
}

impl FlowError {
    /// Makes an error about a parameter.
    #[must_use]
    pub fn bad(field: &str, message: impl Into<String>) -> Self {
        Self::BadInput { field: field.to_owned(), message: message.into() }
    }
}
