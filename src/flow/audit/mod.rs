//! What people and Lethe did, in a log that nobody can quietly change.
//!
//! `act` says what was done, `ledger` appends it in the transaction of what it records,
//! `notes` takes what changes nothing (`tally` counts what is too much of it) and `record` writes
//! it, `publish` signs the log's head, `check` looks whether the log is still what was signed and
//! raises the `alarm`, `read` answers auditors.

mod act;
mod acts;
mod alarm;
mod check;
mod export;
mod ledger;
mod notes;
mod publish;
mod read;
mod record;
mod signer;
mod tail;
mod tally;
mod thin;

pub use act::{Act, Actor, Sealed};
pub use acts::recorded_acts;
pub(super) use alarm::Alarm;
pub use alarm::AuditChecked;
pub(super) use check::check_loop;
pub use export::{AuditExport, ExportQuestion};
pub(super) use ledger::{Ledger, record_all};
pub(super) use notes::Notes;
pub(super) use publish::{Publisher, publish_loop};
pub(super) use record::note_loop;
pub use signer::Signer;
pub use tail::AuditTail;
