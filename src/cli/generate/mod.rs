//! Synthetic OpenLineage events: the stream that benches, tests and demos feed to Lethe.
//!
//! Pure: the same [`Settings`] always give the same bytes. Nothing here reads a clock, sends
//! anything or knows the catalog; every event is written from its indexes alone, so that a
//! million datasets need no more memory than ten.

mod event;
mod facets;
mod generator;
mod lineage;
mod number;
mod settings;
mod words;
mod world;
mod write;

pub use generator::Generator;
pub use settings::{Format, Settings};
pub use write::write;
