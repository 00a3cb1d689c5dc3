//! Tests of the room as a whole: shorthand, a naive reference, and properties against it.

mod columns;
mod naive;
mod paths;
mod properties;
pub(super) mod shorthand;
