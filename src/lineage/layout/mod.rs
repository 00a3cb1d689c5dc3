//! Layered layout, left to right: layers, order in the layers, coordinates, routes.
//!
//! Own code, because no crate fits. Measured on 2 cores at 5,000 nodes and 7,500 edges in 12
//! layers (2026-11): rust-sugiyama 0.4.0 (MIT) took 130 to 150 ms without its transpose step
//! and 55 s with it, returns no bend points, and takes no earlier order, so nodes jump when
//! a graph is expanded; dagre 0.1.2 (Apache-2.0) took 35 s with its fast ranker; layout-rs
//! 0.1.3 renders DOT and gives no coordinates back for our own cards. All three are
//! deterministic. None knows rows in a card to which edges attach.
//!
//! Steps: sizes (`size`), layers and cycles (`layers`), order (`order`), coordinates
//! (`place`), polylines (`route`), one after the other in `draw`. All are deterministic and
//! keep earlier positions.

mod draw;
mod layers;
mod order;
mod place;
mod proper;
#[cfg(test)]
mod properties;
mod route;
mod size;
mod types;

pub use draw::layout;
pub(super) use size::{HEAD_HEIGHT, LETTER_WIDTH, ROW_HEIGHT, TRIM_WIDTH};
pub use types::{Layout, NodeBox, Position, Positions, Route};
