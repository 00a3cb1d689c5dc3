//! The lineage graph in memory, every question over it, layout and SVG.
//!
//! Pure: facts in (`facts`), answers out (`answer`). It is a follower: whoever owns it feeds
//! it from the change feed and keeps its position. It knows nothing of OpenLineage's JSON, of
//! a database or of who may see what; the latter comes in as a closure.

mod alias;
mod answer;
mod apply;
mod columns;
mod compose;
mod edges;
mod facts;
mod graph;
mod hide;
mod index;
mod maps;
mod merge;
mod nodes;
mod question;
mod reach;
#[cfg(test)]
mod testing;
mod texts;
mod transforms;
mod view;
mod walk;

pub use answer::*;
pub use facts::*;
pub use graph::Graph;
pub use question::{Level, NodeRef, Question, Scope, Sight, Visibility};
pub use transforms::Carry;
