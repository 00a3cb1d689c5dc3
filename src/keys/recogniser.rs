//! Recognising an identity without holding it: keyed HMAC-SHA256 (RFC 2104).
//!
//! The same identity gives the same mark, so that a person can be found again; without the
//! key a mark says nothing, also about values that could be guessed. To normalise an identity
//! (case, spaces, country codes) is the caller's part: it depends on the kind.

use std::fmt;

use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::hmac::{HMAC_SHA256, Key, sign, verify};

use super::envelope::DataKey;
use super::error::KeyError;
use super::secret::Secret;

/// Marks identities for one purpose.
pub struct Recogniser(Key);

impl Recogniser {
    /// Derives a recogniser from a purpose's key (HKDF-SHA256, RFC 5869). Each `label` gives
    /// another one, whose marks cannot be compared with each other's.
    ///
    /// # Errors
    ///
    /// None in practice: 32 bytes are always derivable.
    pub fn derive(key: &DataKey, label: &str) -> Result<Self, KeyError> {
        let extracted =
            Salt::new(HKDF_SHA256, b"lethe recogniser 1").extract(key.secret().expose());
        let derived = Secret::filled(|out: &mut [u8; 32]| {
            extracted.expand(&[label.as_bytes()], Bytes32)?.fill(out)
        });
        let derived = derived.map_err(|_: ring::error::Unspecified| KeyError::Refused)?;
        Ok(Self(Key::new(HMAC_SHA256, derived.expose())))
    }

    /// Computes the mark of a normalised identity of that kind.
    #[must_use]
    pub fn mark(&self, kind: &str, identity: &str) -> [u8; 32] {
        let tag = sign(&self.0, &message(kind, identity));
        let mut mark = [0; 32];
        mark.copy_from_slice(tag.as_ref());
        mark
    }

    /// Says, in constant time, whether that is the identity's mark.
    #[must_use]
    pub fn recognises(&self, kind: &str, identity: &str, mark: &[u8]) -> bool {
        verify(&self.0, &message(kind, identity), mark).is_ok()
    }
}

impl fmt::Debug for Recogniser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recogniser([secret])")
    }
}

fn message(kind: &str, identity: &str) -> Vec<u8> {
    let length = (kind.len() as u64).to_be_bytes();
    [&length[..], kind.as_bytes(), identity.as_bytes()].concat()
}

struct Bytes32;

impl KeyType for Bytes32 {
    fn len(&self) -> usize {
        32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_mark_depends_on_key_label_kind_and_identity() {
        let key = |fill| DataKey::new(Uuid::nil(), Secret::copy_of(&[fill; 32]).unwrap());
        let recogniser = |fill, label| Recogniser::derive(&key(fill), label).unwrap();
        let mark = recogniser(1, "subjects").mark("email", "ada@example.com");
        assert!(recogniser(1, "subjects").recognises("email", "ada@example.com", &mark));
        for other in [
            recogniser(2, "subjects").mark("email", "ada@example.com"),
            recogniser(1, "requests").mark("email", "ada@example.com"),
            recogniser(1, "subjects").mark("phone", "ada@example.com"),
            recogniser(1, "subjects").mark("emai", "lada@example.com"),
            recogniser(1, "subjects").mark("email", "bob@example.com"),
        ] {
            assert_ne!(mark, other);
        }
    }
}
