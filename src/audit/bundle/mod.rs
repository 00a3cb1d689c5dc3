//! Bundles: an export of the log as JSON Lines that is checked offline, with the public key alone.
//!
//! A *full* bundle holds every record of a range: the tree is computed again and compared with
//! each signed checkpoint. A *partial* one (a filter's result) carries an inclusion proof with
//! each record; that nothing was left out of it is not provable.
//!
//! Every line is canonical JSON with one outer member, or a record line:
//!
//! ```text
//! {"bundle":{"format":"lethe-audit-bundle/1","from":0,"frontier":[],"kind":"full","origin":"…"}}
//! {"index":0,"record":{…}}                            full: every index, in order
//! {"index":7,"proof":["base64",…],"record":{…}}       partial: rising indices
//! {"checkpoint":"a signed note"}                      full: when the tree has its size
//! {"consistency":["base64",…]}                        partial: between two checkpoints
//! {"end":{"records":2}}
//! ```
//!
//! In a record line the bytes after `"record":` up to the last brace are the log's entry,
//! byte for byte. In a partial bundle a record is proven under the last checkpoint before it.

mod fault;
mod line;
mod range;
mod verify;
mod write;

#[cfg(test)]
mod tests;

pub use fault::{Fault, Reason};
pub use line::{BUNDLE_LINE_BYTES_MAX, BundleKind};
pub use range::TreeRange;
pub use verify::{BundleVerifier, Report};
pub use write::BundleWriter;
