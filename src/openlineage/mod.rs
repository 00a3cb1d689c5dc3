//! The `OpenLineage` standard: its events and facets as types, read from what producers send.
//!
//! [`parse()`] turns bytes into an [`Event`] or into every fault; [`parse_array`] splits a
//! batch; [`DatasetRef`] understands how stores name their datasets. What is understood
//! beyond the standard is listed in `parse.rs`. Nothing here stores or remembers, and what
//! an event means for the catalog is not decided here.

mod batch;
mod check;
mod compact;
pub mod event;
pub mod facets;
mod known;
mod leaf;
mod members;
pub mod naming;
mod narrow;
mod parse;
mod rejection;
mod runs;
mod shape;
mod sketch;
mod syntax;
#[cfg(test)]
mod tests;
mod wire;

pub use batch::parse_array;
pub use event::{Dataset, DatasetEvent, Event, EventKind, EventType, Job, JobEvent, Run, RunEvent};
pub use facets::{Facet, Facets, is_deleted};
pub use naming::{DatasetRef, StoreKind};
pub use narrow::narrowed;
pub use parse::{Parsed, parse};
pub use rejection::{FAULT_CODES, Fault, Position, Rejection, RejectionCode};
pub use runs::{asked_run_id, parent_run_id, run_id};
pub use shape::Entity;
pub use sketch::Sketch;
