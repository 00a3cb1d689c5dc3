//! The highest storey: what readers are shown and rules may read, once the bodies of facets are
//! at hand.
//!
//! Imports documents, and what is joined of them. It changes nothing that is known, but for
//! the tags of documents that an earlier version wrote.

pub(super) mod attributes;
pub(super) mod compare;
pub(super) mod in_force;
pub(super) mod marks;
pub(super) mod shown;
#[cfg(test)]
mod strangers;
