//! Root keys in memory, by version: what the local providers share.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::envelope::{Context, DataKey};
use super::error::KeyError;
use super::provider::Wrapped;
use super::secret::{Secret, SecretBytes};
use crate::base::Digest;

/// Bytes of one version in [`Roots::to_bytes`]: its number and the key.
const ENTRY_BYTES: usize = 4 + 32;

/// All versions of a root key. There is always at least one; the highest is the current one.
#[derive(Debug)]
pub(super) struct Roots(BTreeMap<u32, DataKey>);

impl Roots {
    /// Takes up given versions.
    pub fn new(keys: impl IntoIterator<Item = (u32, Secret<32>)>) -> Result<Self, KeyError> {
        let mut versions = BTreeMap::new();
        for (version, secret) in keys {
            if versions.insert(version, DataKey::new(root_kid(version), secret)).is_some() {
                return Err(KeyError::BadRoot("a version occurs twice"));
            }
        }
        if versions.is_empty() {
            return Err(KeyError::BadRoot("it holds no key"));
        }
        Ok(Self(versions))
    }

    /// Draws a first version.
    pub fn generate() -> Result<Self, KeyError> {
        Self::new([(1, Secret::random()?)])
    }

    pub fn current_version(&self) -> u32 {
        self.0.last_key_value().map_or(0, |(version, _)| *version)
    }

    pub fn wrap(&self, key: &Secret<32>, context: &Context) -> Result<Wrapped, KeyError> {
        let root_version = self.current_version();
        let bytes = self.version(root_version)?.seal(context, key.expose())?;
        Ok(Wrapped { root_version, bytes })
    }

    pub fn unwrap(&self, wrapped: &Wrapped, context: &Context) -> Result<Secret<32>, KeyError> {
        let opened = self.version(wrapped.root_version)?.open(context, &wrapped.bytes)?;
        Secret::copy_of(opened.expose()).ok_or(KeyError::NotSealed)
    }

    /// Copies all versions and adds a fresh one.
    pub fn with_next(&self) -> Result<Self, KeyError> {
        let next = self.current_version().checked_add(1);
        let next = next.ok_or(KeyError::CannotRotate("there is no higher version number"))?;
        let copies = self.0.iter().filter_map(|(version, key)| {
            Secret::copy_of(key.secret().expose()).map(|copy| (*version, copy))
        });
        Self::new(copies.chain([(next, Secret::random()?)]))
    }

    /// Copies all versions but one, which must not be the current one.
    pub fn without(&self, version: u32) -> Result<Self, KeyError> {
        if version == self.current_version() {
            return Err(KeyError::CannotRotate("the current version cannot be destroyed"));
        }
        self.version(version)?;
        let copies = self.0.iter().filter(|(known, _)| **known != version);
        Self::new(copies.filter_map(|(version, key)| {
            Secret::copy_of(key.secret().expose()).map(|copy| (*version, copy))
        }))
    }

    pub fn to_bytes(&self) -> SecretBytes {
        // Of the final size from the start: a vector that grows leaves copies behind.
        let mut bytes = Vec::with_capacity(self.0.len() * ENTRY_BYTES);
        for (version, key) in &self.0 {
            bytes.extend(version.to_be_bytes());
            bytes.extend(key.secret().expose());
        }
        bytes.into()
    }

    pub fn from_bytes(bytes: &SecretBytes) -> Result<Self, KeyError> {
        let (entries, rest) = bytes.expose().as_chunks::<ENTRY_BYTES>();
        if !rest.is_empty() {
            return Err(KeyError::BadRoot("it does not hold whole keys"));
        }
        let entry = |entry: &[u8; ENTRY_BYTES]| {
            let (version, key) = entry.split_first_chunk::<4>()?;
            Some((u32::from_be_bytes(*version), Secret::copy_of(key)?))
        };
        Self::new(entries.iter().filter_map(entry))
    }

    fn version(&self, version: u32) -> Result<&DataKey, KeyError> {
        self.0.get(&version).ok_or(KeyError::NoSuchRoot(version))
    }
}

fn root_kid(version: u32) -> Uuid {
    Uuid::from_bytes(Digest::of_parts(&[b"root key", &version.to_be_bytes()]).0)
}
