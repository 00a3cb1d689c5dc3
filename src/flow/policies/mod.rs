//! Sets of rules, administered and explained: drafting, trying, activating, and saying why.
//!
//! A set is never edited. What is in force changes by activating another one, in one
//! transaction with its record, and only if its cases pass and somebody could change it back.

mod activate;
mod decide;
mod error;
mod people;
mod sets;
mod simulate;
mod who_can;

pub use decide::{About, Asked, Decided, Who};
pub use error::{PolicyError, PolicyFault};
pub use people::Place;
pub use sets::{Draft, Drafted, PolicyDetail, PolicyState, PolicySummary};
pub use simulate::{Simulated, Trial};
pub use who_can::WhoCan;
