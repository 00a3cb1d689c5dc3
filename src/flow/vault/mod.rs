//! Keys that Lethe keeps: opened from what the database holds, made where they are missing.
//!
//! The database holds wrapped keys only; what unwraps them stays with the key provider. Every
//! node with the same root key opens the same keys. Rows are read anew for every use, so that a
//! key that another node shredded is not used here.

mod manage;
mod open;
mod rows;

pub use manage::{KeyEntry, Rotated};
pub use open::Vault;
pub(in crate::flow) use rows::failed;
