//! What people and Lethe did, in a log that nobody can quietly change.
//!
//! `act` says what was done, `ledger` appends it in the transaction of what it records,
//! `publish` signs the log's head, `explore` answers auditors.

mod act;
mod explore;
mod export;
mod ledger;
mod publish;
mod tail;
mod thin;

pub use act::{Act, Actor, Sealed};
pub use export::{AuditExport, ExportQuestion};
pub(super) use ledger::{Ledger, record_all};
pub use publish::Signer;
pub(super) use publish::{Publisher, publish_loop};
pub use tail::AuditTail;
