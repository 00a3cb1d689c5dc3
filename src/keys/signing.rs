//! Signing with Ed25519 (RFC 8032): the private key is sealed at rest and never shown.
//!
//! It signs bytes and knows nothing of notes or certificates.

use std::fmt;

use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};

use super::envelope::{Context, DataKey};
use super::error::KeyError;
use super::secret::SecretBytes;

/// A signing key as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKeyRow {
    /// The key's name, e.g. the origin of the log it signs.
    pub name: String,
    /// The public key.
    pub public: [u8; 32],
    /// The PKCS#8 document, sealed under a purpose's key.
    pub sealed: Vec<u8>,
}

/// An opened signing key.
pub struct SigningKey {
    name: String,
    public: [u8; 32],
    pair: Ed25519KeyPair,
}

impl SigningKey {
    /// Draws a new key pair and seals it under `key`.
    ///
    /// # Errors
    ///
    /// [`KeyError::NoRandomness`], or that of [`DataKey::seal`].
    pub fn generate(name: &str, key: &DataKey) -> Result<(Self, SigningKeyRow), KeyError> {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
            .map(|document| SecretBytes::from(document.as_ref().to_vec()))
            .map_err(|_| KeyError::NoRandomness)?;
        let signing = Self::from_pkcs8(name, &document)?;
        let (name, public) = (name.to_owned(), signing.public);
        let sealed = key.seal(&context(&name, &public), document.expose())?;
        Ok((signing, SigningKeyRow { name, public, sealed }))
    }

    /// Opens a stored key.
    ///
    /// # Errors
    ///
    /// That of [`DataKey::open`]; [`KeyError::Refused`] also if name or public key are not
    /// those that it was sealed with.
    pub fn open(row: &SigningKeyRow, key: &DataKey) -> Result<Self, KeyError> {
        let document = key.open(&context(&row.name, &row.public), &row.sealed)?;
        let signing = Self::from_pkcs8(&row.name, &document)?;
        if signing.public == row.public { Ok(signing) } else { Err(KeyError::Refused) }
    }

    /// Returns the key's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the public key.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        self.public
    }

    /// Signs a message.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        let mut signature = [0; 64];
        signature.copy_from_slice(self.pair.sign(message).as_ref());
        signature
    }

    fn from_pkcs8(name: &str, document: &SecretBytes) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_pkcs8(document.expose()).map_err(|_| KeyError::Refused)?;
        let public = pair.public_key().as_ref().try_into().map_err(|_| KeyError::Refused)?;
        Ok(Self { name: name.to_owned(), public, pair })
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, [secret])", self.name)
    }
}

fn context<'a>(name: &'a str, public: &'a [u8; 32]) -> Context<'a> {
    Context { table: "signing_key", purpose: name, row: public }
}

#[cfg(test)]
mod tests {
    use super::super::secret::Secret;
    use super::*;
    use ring::signature::{ED25519, UnparsedPublicKey};
    use uuid::Uuid;

    #[test]
    fn a_stored_key_signs_as_before_and_a_changed_row_does_not_open() {
        let key = DataKey::new(Uuid::nil(), Secret::random().unwrap());
        let (signing, row) = SigningKey::generate("lethe.example/audit", &key).unwrap();
        let opened = SigningKey::open(&row, &key).unwrap();
        assert_eq!(opened.sign(b"message"), signing.sign(b"message"));
        let public = UnparsedPublicKey::new(&ED25519, opened.public_key());
        public.verify(b"message", &opened.sign(b"message")).unwrap();
        assert_eq!(format!("{opened:?}"), "SigningKey(lethe.example/audit, [secret])");

        let renamed = SigningKeyRow { name: "other".into(), ..row.clone() };
        assert!(matches!(SigningKey::open(&renamed, &key), Err(KeyError::Refused)));
        let replaced = SigningKeyRow { public: [0; 32], ..row };
        assert!(matches!(SigningKey::open(&replaced, &key), Err(KeyError::Refused)));
    }
}
