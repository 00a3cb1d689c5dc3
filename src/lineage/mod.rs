//! The lineage graph in memory, every question over it, layout and SVG.
//!
//! Pure: facts in (`facts`), answers out (`answer`). It is a follower: whoever owns it feeds
//! it from the change feed and keeps its position. It knows nothing of OpenLineage's JSON, of
//! a database or of who may see what; the latter comes in as a closure.
//!
//! Imports `base`, and of `catalog` the marks of columns. No circle of files: what is kept
//! (`nodes`, `edges`, `texts`, `marks` …) knows nothing of the `graph` that holds it, and `answer`
//! nothing of how it is found or drawn.

mod access;
mod admit;
mod alias;
mod answer;
mod apply;
mod bytes;
mod columns;
mod compose;
mod degree;
mod diff;
mod edges;
mod facts;
mod graph;
mod hide;
mod impact;
mod index;
mod layout;
mod maps;
mod marks;
mod marquez;
mod merge;
mod nodes;
mod paths;
mod question;
mod reach;
mod snapshot;
mod svg;
mod svg_style;
#[cfg(test)]
mod tests;
mod texts;
mod transforms;
mod units;
mod view;
mod walk;

pub use answer::*;
pub use degree::Degree;
pub use facts::*;
pub use graph::Graph;
pub use impact::{Impact, ImpactEntry, Label};
pub use layout::{Layout, NodeBox, Position, Positions, Route, layout};
pub use paths::{Path, PathQuestion, PathStep, Paths};
pub use question::{Level, NodeRef, Question, Scope, Sight, Visibility, see_all};
pub use snapshot::SnapshotError;
pub use svg::{SvgOptions, svg};
pub use svg_style::Theme;
pub use transforms::Carry;
