//! The lowest storey: documents, what they are made of, and how two of them are joined.
//!
//! A document is what is known of one thing. Joining is commutative, associative and
//! idempotent, so that no order of events matters. It imports nothing of the room: it knows
//! neither events nor what readers are shown.

pub(super) mod author;
pub(super) mod bounds;
pub(super) mod caps;
pub(super) mod dataset;
pub(super) mod edit;
pub(super) mod facet;
pub(super) mod fact;
pub(super) mod finding;
pub(super) mod job;
pub(super) mod lasting;
pub(super) mod named;
pub(super) mod names;
pub(super) mod refs;
pub(super) mod run;
pub(super) mod said;
pub(super) mod small;
pub(super) mod stamp;
pub(super) mod tries;
pub(super) mod uses;
