//! What one event or one edit says, as small documents ready to be joined.
//!
//! Imports the documents and nothing else of the room: what is known already is not looked at,
//! so that events can be folded beside each other and in any order.

pub(super) mod context;
mod dataset;
pub(super) mod delta;
pub(super) mod edit;
pub(super) mod event;
mod job;
mod mention;
pub(super) mod naming;
mod run;
mod tags;
