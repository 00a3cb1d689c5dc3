//! Ids are computed, not looked up.
//!
//! The id of a dataset, job, namespace or source is the first 16 bytes of SHA-256 over
//! its kind, namespace and name, each preceded by its length. Every node computes the
//! same id without asking the database, and writing twice is writing once.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::digest::Digest;

/// What a node of the catalog and of the lineage graph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NodeKind {
    /// A table, file, topic, view: anything that holds records.
    Dataset,
    /// A process that reads and writes datasets.
    Job,
    /// One execution of a job.
    Run,
    /// One column of a dataset.
    Field,
}

impl NodeKind {
    /// Returns the lower-case word used in ids, URLs and answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dataset => "dataset",
            Self::Job => "job",
            Self::Run => "run",
            Self::Field => "field",
        }
    }
}

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    };
}

id_type!(
    /// A dataset, by its namespace and name.
    DatasetId
);
id_type!(
    /// A job, by its namespace and name.
    JobId
);
id_type!(
    /// A run, by the UUID its producer gave it (or one derived from what it gave).
    RunId
);
id_type!(
    /// A namespace, by its name.
    NamespaceId
);
id_type!(
    /// A source (the system a dataset lives in), by its name.
    SourceId
);
id_type!(
    /// An event: its time in microseconds (56 bits), then 72 bits of its content's digest, so that
    /// the same event is always the same id and neighbours in time are neighbours on disk.
    EventId
);

/// The bits of version and variant that mark ids of runs which Lethe made.
const MADE: u8 = 0xF0;

impl DatasetId {
    /// Computes the id of the dataset of that name.
    #[must_use]
    pub fn of(namespace: &str, name: &str) -> Self {
        Self(computed(b"dataset", namespace, name))
    }
}

impl JobId {
    /// Computes the id of the job of that name.
    #[must_use]
    pub fn of(namespace: &str, name: &str) -> Self {
        Self(computed(b"job", namespace, name))
    }
}

impl RunId {
    /// Computes the id under which a run of that namespace is kept where another has its own. It
    /// is of a form that no run is given ([`Self::is_made`]), or whoever knows both could have it
    /// before.
    #[must_use]
    pub fn within(self, namespace: &str) -> Self {
        let mut bytes = computed(b"run", &self.to_string(), namespace).into_bytes();
        bytes[6] |= MADE;
        bytes[8] |= MADE;
        Self(Uuid::from_bytes(bytes))
    }

    /// Returns whether it has the form of [`Self::within`]: version 15 of the variant that RFC
    /// 9562 (section 4.1) keeps for later, both digits `f`.
    #[must_use]
    pub fn is_made(self) -> bool {
        let bytes = self.0.as_bytes();
        bytes[6] & MADE == MADE && bytes[8] & MADE == MADE
    }
}

impl NamespaceId {
    /// Computes the id of the namespace of that name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self(computed(b"namespace", name, ""))
    }
}

impl SourceId {
    /// Computes the id of the source of that name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self(computed(b"source", name, ""))
    }
}

impl EventId {
    /// Computes an event's id from its time and its content without insignificant space.
    #[must_use]
    pub fn of(event_time: super::Time, content: &Digest) -> Self {
        let mut bytes = [0; 16];
        bytes[..7].copy_from_slice(&Self::time_prefix(event_time));
        bytes[7..].copy_from_slice(&content.0[..9]);
        Self(Uuid::from_bytes(bytes))
    }

    /// Returns the smallest id an event of that time can have, so that a span of time is
    /// a span of ids. Times before 1970 share one prefix.
    #[must_use]
    pub fn floor(event_time: super::Time) -> Self {
        let mut bytes = [0; 16];
        bytes[..7].copy_from_slice(&Self::time_prefix(event_time));
        Self(Uuid::from_bytes(bytes))
    }

    fn time_prefix(time: super::Time) -> [u8; 7] {
        let [_, prefix @ ..] = time.as_micros().clamp(0, (1 << 56) - 1).to_be_bytes();
        prefix
    }
}

fn computed(kind: &[u8], namespace: &str, name: &str) -> Uuid {
    let digest = Digest::of_parts(&[kind, namespace.as_bytes(), name.as_bytes()]);
    Uuid::from_bytes(digest.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Time;

    #[test]
    fn id_depends_on_kind_and_on_where_the_namespace_ends() {
        let ids = [
            DatasetId::of("a", "bc").0,
            DatasetId::of("ab", "c").0,
            JobId::of("a", "bc").0,
            NamespaceId::of("a").0,
        ];
        for (i, a) in ids.iter().enumerate() {
            assert!(ids[i + 1..].iter().all(|b| a != b));
        }
    }

    #[test]
    fn event_ids_sort_by_time() {
        let digest = Digest::of(b"x");
        let early = EventId::of(Time::from_millis(1_000), &digest);
        let late = EventId::of(Time::from_millis(2_000), &digest);
        assert!(early < late);
    }
}
