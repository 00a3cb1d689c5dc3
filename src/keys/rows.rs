//! The rows of wrapped keys, as `db/` stores them. They hold nothing that is secret by itself.

use uuid::Uuid;

use super::provider::Wrapped;
use crate::base::{Digest, Time};

/// The key of one bucket, in one generation. A bucket has one row; rekeying replaces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketKey {
    /// Number of the bucket, from 0.
    pub bucket: u32,
    /// Counts the keys that the bucket has had, from 1.
    pub generation: u32,
    /// The key under the provider's root key.
    pub wrapped: Wrapped,
}

/// What a data key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// Values of one person; shredding it forgets them.
    Subject,
    /// Values of one purpose of Lethe's own (sealed signing keys, recognisers).
    Purpose,
}

impl KeyKind {
    /// Returns the word that is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Purpose => "purpose",
        }
    }

    /// Reads the word that is stored.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Subject, Self::Purpose].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// The key of one subject or purpose, wrapped under its bucket's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataKeyRow {
    /// Its id, for life: a subject's random reference, or [`DataKeyRow::purpose_kid`].
    pub kid: Uuid,
    /// What it is for.
    pub kind: KeyKind,
    /// The bucket whose key wraps it.
    pub bucket: u32,
    /// The generation of that bucket's key.
    pub generation: u32,
    /// The wrapped key; `None` once it was shredded.
    pub wrapped: Option<Vec<u8>>,
    /// When it was made.
    pub created: Time,
    /// When it was shredded.
    pub shredded: Option<Time>,
}

impl DataKeyRow {
    /// Computes the id of a purpose's key.
    #[must_use]
    pub fn purpose_kid(purpose: &str) -> Uuid {
        Uuid::from_bytes(Digest::of_parts(&[b"purpose key", purpose.as_bytes()]).0)
    }

    /// Returns the row of a destroyed key, which holds none.
    #[must_use]
    pub fn shredded(&self, now: Time) -> Self {
        Self { wrapped: None, shredded: self.shredded.or(Some(now)), ..self.clone() }
    }
}
