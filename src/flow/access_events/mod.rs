//! Access events: what the stores themselves say of who read which dataset.
//!
//! `read` understands what was sent, `actors` keeps names sealed, `take` stores, `list`
//! lists, `readers` answers who read anything that was derived from a dataset.

mod actors;
mod list;
mod read;
mod readers;
mod take;

pub use list::{Access, AccessQuestion};
pub use read::{ACCESS_EVENTS_MAX, AccessEvent, AccessFault, AccessFaults, Operation, parse};
pub use readers::{Reader, Readers, ReadersQuestion};
pub use take::{Taken, TakenState};
