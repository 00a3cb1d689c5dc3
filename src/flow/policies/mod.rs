//! Sets of rules, administered and explained: drafting, trying, activating, and saying why.
//!
//! A set is never edited. What is in force changes by activating another one, in one
//! transaction with its record, and only if its cases pass and somebody could change it back.

mod activate;
mod error;
mod sets;

pub use error::{PolicyError, PolicyFault};
pub use sets::{Draft, Drafted, PolicyDetail, PolicyState, PolicySummary};
