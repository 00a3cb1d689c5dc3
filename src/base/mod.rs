//! The ground that every room stands on: ids, times, digests, cursors and limits.
//!
//! Nothing here knows what a dataset is made of, what SQL is or what HTTP is.

pub mod clock;
pub mod cursor;
pub mod digest;
pub mod fold;
pub mod id;
pub mod limits;
pub mod name;
pub mod position;
pub mod rng;
pub mod spoken;
pub mod stamps;
pub mod tag;
pub mod time;

pub use clock::{Clock, NodeClock, SystemClock};
pub use digest::Digest;
pub use id::{DatasetId, EventId, JobId, NamespaceId, NodeKind, RunId, SourceId};
pub use position::Position;
pub use stamps::Stamps;
pub use time::Time;
