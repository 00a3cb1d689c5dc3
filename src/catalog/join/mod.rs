//! What was said, joined to what is known: which documents that takes, what must be written
//! then, and which sums over runs change with it.
//!
//! Imports documents and what folding gives. What readers and rules see of it is the storey
//! above.

pub(super) mod apply;
pub(super) mod changed;
pub(super) mod names;
mod shared_runs;
