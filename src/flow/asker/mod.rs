//! Somebody who asks, and the catalog as they may see it.
//!
//! Every door reads and edits the catalog through an [`Asker`]: whatever its rules hide is not
//! found, not counted and not named, by whichever way it is asked for. Followers and
//! maintenance work on the whole catalog and never answer anybody.

mod accessed;
mod answers;
mod book;
mod datasets;
mod dead_letters;
mod described;
mod edits;
mod events;
mod jobs;
mod known_rights;
mod learn;
mod lists;
mod namespaces;
mod personal;
mod read;
mod redact;
mod relations;
mod rights;
mod runs;
mod search;
mod sight;
mod spoken;
mod strangers;
mod texts;
mod upstream;

pub use answers::Asker;
pub(super) use book::ClassBook;
pub use described::Told;
pub(super) use known_rights::KnownRights;
pub use read::{
    DatasetFull, DatasetVersion, JobFull, JobVersion, Names, RunFull, SchemaVersion,
    dataset_version_id,
};
pub use sight::Intent;
pub use strangers::WouldBeStranger;
