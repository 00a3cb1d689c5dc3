//! How stores name their datasets: from a namespace and a name to a kind of store, an
//! authority and a path, and back without loss.
//!
//! No name is ever refused or changed here, and whether two names mean the same dataset is
//! not decided here: symlinks say that.

mod reference;
mod store;

pub use reference::{DatasetRef, Part};
pub use store::{Level, StoreKind};
