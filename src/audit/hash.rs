//! The hashes of the tree: SHA-256, with leaves and nodes kept apart (RFC 6962, 2.1).
//!
//! It knows how two hashes become one, not where in the tree they stand.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{Context, SHA256, digest};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes in a hash.
pub const HASH_BYTES: usize = 32;

/// A whole SHA-256 value. In JSON it is 64 lower-case hexadecimal digits; in notes, proofs
/// and bundles it is base64.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; HASH_BYTES]);

impl Hash {
    /// Hashes plain content: no leaf and no node, but a digest that a record mentions.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        Self::from_ring(&digest(&SHA256, content))
    }

    /// Hashes one entry of the log: `SHA-256(0x00 || entry)`.
    #[must_use]
    pub fn leaf(entry: &[u8]) -> Self {
        let mut context = Context::new(&SHA256);
        context.update(&[0]);
        context.update(entry);
        Self::from_ring(&context.finish())
    }

    /// Hashes two neighbouring subtrees: `SHA-256(0x01 || left || right)`.
    #[must_use]
    pub fn node(left: &Self, right: &Self) -> Self {
        let mut bytes = [1; 1 + 2 * HASH_BYTES];
        bytes[1..=HASH_BYTES].copy_from_slice(&left.0);
        bytes[1 + HASH_BYTES..].copy_from_slice(&right.0);
        Self::of(&bytes)
    }

    /// The root of the tree without leaves: the hash of nothing.
    #[must_use]
    pub fn of_empty_tree() -> Self {
        Self::of(&[])
    }

    /// Reads exactly 32 bytes.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Writes standard base64 with padding (RFC 4648, 4), 44 characters.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads what [`Self::to_base64`] writes, and no other spelling of it.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        Self::from_slice(&STANDARD.decode(text).ok()?)
    }

    /// Reads 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 2 * HASH_BYTES {
            return None;
        }
        let mut bytes = [0; HASH_BYTES];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte =
                pair.iter().try_fold(0, |value, digit| Some(value << 4 | hex_digit(*digit)?))?;
        }
        Some(Self(bytes))
    }

    fn from_ring(digest: &ring::digest::Digest) -> Self {
        let mut bytes = [0; HASH_BYTES];
        bytes.copy_from_slice(digest.as_ref());
        Self(bytes)
    }
}

fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::from_hex(&text)
            .ok_or_else(|| serde::de::Error::custom("expected 64 lower-case hex digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_hashes_of_rfc_6962_are_met() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Hash::of_empty_tree().to_string(), empty);
        let leaf = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
        assert_eq!(Hash::leaf(b"").to_string(), leaf);
    }

    #[test]
    fn both_spellings_are_read_back_and_others_refused() {
        let hash = Hash::of(b"lethe");
        assert_eq!(Hash::from_hex(&hash.to_string()), Some(hash));
        assert_eq!(Hash::from_base64(&hash.to_base64()), Some(hash));
        assert_eq!(Hash::from_hex(&hash.to_string().to_uppercase()), None);
        assert_eq!(Hash::from_base64(hash.to_base64().trim_end_matches('=')), None);
        assert_eq!(Hash::from_hex("é".repeat(32).as_str()), None);
    }
}
