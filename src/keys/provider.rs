//! Key providers: who keeps the root key and wraps other keys under it.
//!
//! The root key never leaves its provider. Providers across a network (Vault Transit, AWS KMS)
//! fit the same trait, so its methods return futures; those of the local ones are ready at once.

use std::fmt;
use std::pin::Pin;

use super::envelope::Context;
use super::error::KeyError;
use super::secret::Secret;

/// What a provider promises to answer.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, KeyError>> + Send + 'a>>;

/// A key wrapped under a root key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrapped {
    /// Version of the root key it is wrapped under.
    pub root_version: u32,
    /// The wrapped key, in the provider's own form.
    pub bytes: Vec<u8>,
}

/// Keeps the root key in one or more versions.
pub trait KeyProvider: Send + Sync + fmt::Debug {
    /// Returns what kind of provider it is and where, without secrets; for people to read.
    fn name(&self) -> &str;

    /// Returns the version that new keys are wrapped under.
    fn current_version(&self) -> Answer<'_, u32>;

    /// Wraps a key under the current version. To unwrap it takes the same context.
    fn wrap_key<'a>(&'a self, key: &'a Secret<32>, context: Context<'a>) -> Answer<'a, Wrapped>;

    /// Unwraps a key, under whichever version it was wrapped.
    fn unwrap_key<'a>(
        &'a self,
        wrapped: &'a Wrapped,
        context: Context<'a>,
    ) -> Answer<'a, Secret<32>>;

    /// Makes a new version the current one, keeps the old ones, and returns the new.
    fn rotate(&self) -> Answer<'_, u32>;

    /// Destroys a version that is not the current one: what it wraps cannot be opened again.
    fn destroy(&self, version: u32) -> Answer<'_, ()>;
}
