//! Lethe's own database: the only room that knows its SQL.
//!
//! SQLite is the embedded default, PostgreSQL the production database, and every
//! function here behaves alike on both: one text of SQL serves both wherever it can, and
//! one contract suite (`tests/it/db_contract.rs`) runs every function on both. What is
//! written goes through one [`Tx`], which holds the writer's lock.

#[macro_use]
mod rows;
mod access_classes;
mod access_events;
mod aside;
mod attempts;
mod audit;
mod audit_find;
mod catalog;
mod codec;
mod credentials;
mod dead_letters;
mod error;
mod events;
mod expire;
mod facets;
mod feed;
mod head;
mod imports;
mod jobs;
mod keys;
mod lease;
mod lent;
mod load;
mod log;
mod open;
mod policies;
mod pools;
mod principals;
mod purge;
mod reclaim;
mod recount;
mod runs;
mod server;
mod small;
mod stats;
mod tx;
mod voices;
mod write;

pub use access_events::{AccessActorRow, AccessFilter, AccessRow, ReadingRow};
pub use audit::{AuditRow, TilePlace};
pub use audit_find::{AuditFilter, AuditPart, AuditPiiRow, AuditWidth};
pub use catalog::DatasetRow;
pub use credentials::{SessionRow, TokenRow};
pub use dead_letters::{DeadLetter, DeadLetterSummary};
pub use error::DbError;
pub use events::{EventFilter, EventRow};
pub use expire::{NewestUses, RunsGone};
pub use feed::{Change, ChangeKind, Feed, FeedRow};
pub use head::Head;
pub use jobs::JobRow;
pub use keys::KeyRow;
pub use log::{EntryKind, LogEntry};
pub use open::{Db, DbUrl};
pub use policies::{PolicyHead, PolicyRow};
pub use principals::PrincipalRow;
pub use reclaim::Reclaimed;
pub use runs::{RunRow, UseRow};
pub use stats::{CountBucket, EventBucket};
pub use tx::Tx;
pub use voices::{NO_VOICE, SaidAgain};
