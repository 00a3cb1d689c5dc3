//! Keys: sealing, wrapping, destroying and signing; the only room that holds secrets.
//!
//! root key (a provider's) → bucket keys → data keys (one a subject, one a purpose) → values.
//! Rows of wrapped keys are plain data that `db/` stores; this room neither knows where nor
//! reads the environment. Secrets are overwritten when dropped and cannot be printed.

mod backup;
mod cache;
mod envelope;
mod error;
mod file;
mod given;
mod keyring;
mod passphrase;
mod provider;
mod recogniser;
mod roots;
mod rows;
mod secret;
mod signing;

#[cfg(test)]
mod tests;

pub use backup::{open_backup, seal_backup};
pub use envelope::{Context, DataKey, ENVELOPE_OVERHEAD_BYTES, SEALS_PER_KEY_MAX, kid_of};
pub use error::KeyError;
pub use file::FileProvider;
pub use given::GivenProvider;
pub use keyring::{BUCKETS_DEFAULT, KEYS_CACHED_MAX, Keyring, Rekeyed};
pub use passphrase::KdfCost;
pub use provider::{Answer, KeyProvider, Wrapped};
pub use recogniser::Recogniser;
pub use rows::{BucketKey, DataKeyRow, KeyKind};
pub use secret::{Secret, SecretBytes};
pub use signing::{SigningKey, SigningKeyRow};
