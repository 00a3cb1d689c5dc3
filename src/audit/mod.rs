//! The audit log: records, canonical bytes, Merkle tiles, proofs, signed checkpoints.
//!
//! Pure: no I/O, no clock, no randomness. Others store what it makes, hand it what they
//! stored, and sign with keys it never sees. In standard terms: an RFC 6962 tree in C2SP
//! tlog-tiles, heads as C2SP tlog-checkpoints, receipts as C2SP tlog-proofs.

pub mod bundle;
pub mod canonical;
pub mod entries;
pub mod ocsf;

mod append;
mod checkpoint;
mod hash;
mod note;
mod proof;
mod query;
mod receipt;
mod record;
mod tile;
mod witness;

#[cfg(test)]
mod canonical_tests;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod tree_tests;

pub use append::{Appended, Edge};
pub use checkpoint::{Checkpoint, Trust};
pub use hash::Hash;
pub use note::{NoteError, SIGNATURE_BYTES, VerifierKey, cosign_note, open_note, sign_note};
pub use proof::{ProofError, verify_consistency, verify_inclusion};
pub use query::{LOG_ENTRIES_MAX, TreeError, TreeQuery};
pub use receipt::{Receipt, ReceiptError};
pub use record::{
    Actor, Change, DecisionRef, Outcome, RECORD_BYTES_MAX, RECORD_VERSION, Record, RecordError,
    RequestRef, Resource, SealedValue,
};
pub use tile::{TILE_WIDTH, Tile, TileId, TileKind, TilePath, Tiles};
pub use witness::{WitnessError, Witnessed, verify_growth};
