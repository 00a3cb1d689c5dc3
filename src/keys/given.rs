//! A root key that was given as text, as from an environment variable.
//!
//! This file does not read the environment: `cli/` does, and hands the value in.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::envelope::Context;
use super::error::KeyError;
use super::provider::{Answer, KeyProvider, Wrapped};
use super::roots::Roots;
use super::secret::{Secret, SecretBytes};

/// A provider whose root keys live outside of Lethe and are handed in at start.
#[derive(Debug)]
pub struct GivenProvider {
    roots: Roots,
}

impl GivenProvider {
    /// Reads 32 bytes in base64 (version 1), or several versions as
    /// `1:<base64>,2:<base64>`, of which the highest is the current one.
    ///
    /// # Errors
    ///
    /// [`KeyError::BadRoot`], which does not repeat the text.
    pub fn parse(text: &SecretBytes) -> Result<Self, KeyError> {
        let text = std::str::from_utf8(text.expose());
        let text = text.map_err(|_| KeyError::BadRoot("it is no text"))?;
        let keys: Result<Vec<_>, _> = text.trim().split(',').map(parse_version).collect();
        Ok(Self { roots: Roots::new(keys?)? })
    }
}

fn parse_version(text: &str) -> Result<(u32, Secret<32>), KeyError> {
    let (version, key) = text.split_once(':').unwrap_or(("1", text));
    let version = version.parse().ok().filter(|version| *version > 0);
    let version = version.ok_or(KeyError::BadRoot("a version is no number from 1"))?;
    let bytes = STANDARD.decode(key).map(Zeroizing::new);
    let bytes = bytes.map_err(|_| KeyError::BadRoot("a key is not base64"))?;
    let key = Secret::copy_of(&bytes).ok_or(KeyError::BadRoot("a key does not have 32 bytes"))?;
    Ok((version, key))
}

impl KeyProvider for GivenProvider {
    fn name(&self) -> &'static str {
        "environment"
    }

    fn current_version(&self) -> Answer<'_, u32> {
        Box::pin(async { Ok(self.roots.current_version()) })
    }

    fn wrap_key<'a>(&'a self, key: &'a Secret<32>, context: Context<'a>) -> Answer<'a, Wrapped> {
        Box::pin(async move { self.roots.wrap(key, &context) })
    }

    fn unwrap_key<'a>(
        &'a self,
        wrapped: &'a Wrapped,
        context: Context<'a>,
    ) -> Answer<'a, Secret<32>> {
        Box::pin(async move { self.roots.unwrap(wrapped, &context) })
    }

    fn rotate(&self) -> Answer<'_, u32> {
        let how = "add a version to the value of LETHE_ROOT_KEY, or in root.key.plain, as in 1:<old>,2:<new>, and start again";
        Box::pin(async move { Err(KeyError::CannotRotate(how)) })
    }

    fn destroy(&self, version: u32) -> Answer<'_, ()> {
        let how = "take the version out of the value, wherever it is kept, and start again";
        Box::pin(async move {
            // One that is not there, or is the current one, is told as such.
            self.roots.without(version)?;
            Err(KeyError::CannotRotate(how))
        })
    }
}
