//! Envelopes: a value sealed with AES-256-GCM under one key, for one place.
//!
//! `"LE" | version | algorithm | kid (16) | nonce (12) | ciphertext | tag (16)`. The header up to
//! the kid and the caller's [`Context`] are authenticated with it: a value that is moved to
//! another row, table or purpose, or offered to another key, does not open. (GCM alone does not
//! commit to its key; the kid in the header does.)
//!
//! Nonces are random, which is safe for 2^32 values a key (NIST SP 800-38D, 8.3). A subject's
//! key seals a few dozen values, a bucket's key one a data key and generation. Purpose keys may
//! see more: every opened key counts and refuses to go on at [`SEALS_PER_KEY_MAX`], 1/4,096 of
//! that, so that thousands of openings (restarts, nodes) of one key in use stay below it.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use ring::rand::{SecureRandom, SystemRandom};
use uuid::Uuid;

use super::error::KeyError;
use super::secret::{Secret, SecretBytes};

const MAGIC: [u8; 2] = *b"LE";
const VERSION: u8 = 1;
const AES_256_GCM: u8 = 1;
const HEADER_BYTES: usize = 4 + 16;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;

/// Bytes that sealing adds to a value.
pub const ENVELOPE_OVERHEAD_BYTES: usize = HEADER_BYTES + NONCE_BYTES + TAG_BYTES;

/// Values that one opened key seals at most.
pub const SEALS_PER_KEY_MAX: u32 = 1 << 20;

/// Where a sealed value belongs. To open it takes the same three parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context<'a> {
    /// The table it is stored in.
    pub table: &'a str,
    /// What it is for.
    pub purpose: &'a str,
    /// The row it belongs to.
    pub row: &'a [u8],
}

impl Context<'_> {
    /// Writes what is authenticated: the header, then each part after its length.
    fn authenticated(&self, header: &[u8]) -> Vec<u8> {
        let mut bytes = header.to_vec();
        for part in [self.table.as_bytes(), self.purpose.as_bytes(), self.row] {
            bytes.extend((part.len() as u64).to_be_bytes());
            bytes.extend(part);
        }
        bytes
    }
}

/// A key that seals and opens values. Once shredded it does neither, whoever still holds it.
pub struct DataKey {
    kid: Uuid,
    secret: Secret<32>,
    cipher: Aes256Gcm,
    seals: AtomicU32,
    shredded: AtomicBool,
}

impl DataKey {
    /// Makes a usable key of secret bytes.
    #[must_use]
    pub fn new(kid: Uuid, secret: Secret<32>) -> Self {
        let cipher = Aes256Gcm::new(secret.expose().into());
        Self { kid, secret, cipher, seals: AtomicU32::new(0), shredded: AtomicBool::new(false) }
    }

    /// Returns the key's id, which stands in everything it seals.
    #[must_use]
    pub fn kid(&self) -> Uuid {
        self.kid
    }

    /// Seals a value for one place.
    ///
    /// # Errors
    ///
    /// [`KeyError::Shredded`], [`KeyError::WornOut`] or [`KeyError::NoRandomness`].
    pub fn seal(&self, context: &Context, value: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.usable()?;
        let count = |seals: u32| (seals < SEALS_PER_KEY_MAX).then_some(seals + 1);
        self.seals
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, count)
            .map_err(|_| KeyError::WornOut { kid: self.kid })?;
        let mut nonce = [0; NONCE_BYTES];
        SystemRandom::new().fill(&mut nonce).map_err(|_| KeyError::NoRandomness)?;
        let header = header(self.kid);
        let payload = Payload { msg: value, aad: &context.authenticated(&header) };
        // Fails only for values beyond 2^36 bytes.
        let sealed = self.cipher.encrypt(&nonce.into(), payload).map_err(|_| KeyError::Refused)?;
        Ok([&header[..], &nonce, &sealed].concat())
    }

    /// Opens a value that was sealed by this key for this place.
    ///
    /// # Errors
    ///
    /// [`KeyError::Shredded`], [`KeyError::NotSealed`], [`KeyError::OtherKey`], or
    /// [`KeyError::Refused`] if a bit of it or its context is not what it was.
    pub fn open(&self, context: &Context, sealed: &[u8]) -> Result<SecretBytes, KeyError> {
        self.usable()?;
        let found = kid_of(sealed).ok_or(KeyError::NotSealed)?;
        if found != self.kid {
            return Err(KeyError::OtherKey { expected: self.kid, found });
        }
        let (header, rest) = sealed.split_at_checked(HEADER_BYTES).ok_or(KeyError::NotSealed)?;
        let (nonce, msg) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(KeyError::NotSealed)?;
        let payload = Payload { msg, aad: &context.authenticated(header) };
        let value = self.cipher.decrypt(nonce.into(), payload);
        value.map(SecretBytes::from).map_err(|_| KeyError::Refused)
    }

    /// Makes every further use fail, also of handles already given out.
    pub(super) fn shred(&self) {
        self.shredded.store(true, Ordering::SeqCst);
    }

    /// Shows the key itself to this room, which wraps it and derives from it.
    pub(super) fn secret(&self) -> &Secret<32> {
        &self.secret
    }

    fn usable(&self) -> Result<(), KeyError> {
        let shredded = self.shredded.load(Ordering::SeqCst);
        if shredded { Err(KeyError::Shredded { kid: self.kid }) } else { Ok(()) }
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DataKey({}, [secret])", self.kid)
    }
}

/// Reads the id of the key that a value is sealed under; `None` if it is no envelope.
#[must_use]
pub fn kid_of(sealed: &[u8]) -> Option<Uuid> {
    let (found, _) = sealed.split_first_chunk::<HEADER_BYTES>()?;
    let kid = Uuid::from_slice(found.get(4..)?).ok()?;
    (*found == header(kid) && sealed.len() >= ENVELOPE_OVERHEAD_BYTES).then_some(kid)
}

fn header(kid: Uuid) -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    header[..2].copy_from_slice(&MAGIC);
    header[2..4].copy_from_slice(&[VERSION, AES_256_GCM]);
    header[4..].copy_from_slice(kid.as_bytes());
    header
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ring::aead::{AES_256_GCM as RING, Aad, LessSafeKey, Nonce, UnboundKey};

    const HERE: Context<'_> = Context { table: "identity", purpose: "erasure", row: b"7" };

    fn key(fill: u8) -> DataKey {
        DataKey::new(Uuid::from_u128(fill.into()), Secret::copy_of(&[fill; 32]).unwrap())
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_refused() {
        let key = key(1);
        let sealed = key.seal(&HERE, b"ada@example.com").unwrap();
        assert_eq!(sealed.len(), 15 + ENVELOPE_OVERHEAD_BYTES);
        for at in 0..sealed.len() * 8 {
            let mut forged = sealed.clone();
            forged[at / 8] ^= 1 << (at % 8);
            assert!(key.open(&HERE, &forged).is_err(), "bit {at}");
        }
        for end in 0..sealed.len() {
            assert!(key.open(&HERE, &sealed[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn another_place_or_key_does_not_open_it() {
        let sealed = key(1).seal(&HERE, b"value").unwrap();
        for elsewhere in [
            Context { table: "identit", purpose: "yerasure", row: b"7" },
            Context { row: b"8", ..HERE },
            Context { purpose: "export", ..HERE },
        ] {
            assert!(matches!(key(1).open(&elsewhere, &sealed), Err(KeyError::Refused)));
        }
        assert!(matches!(key(2).open(&HERE, &sealed), Err(KeyError::OtherKey { .. })));
        let impostor = DataKey::new(key(1).kid(), Secret::copy_of(&[2; 32]).unwrap());
        assert!(matches!(impostor.open(&HERE, &sealed), Err(KeyError::Refused)));
    }

    #[test]
    fn a_worn_out_or_shredded_key_refuses() {
        let key = key(1);
        let sealed = key.seal(&HERE, b"value").unwrap();
        key.seals.store(SEALS_PER_KEY_MAX, Ordering::Relaxed);
        assert!(matches!(key.seal(&HERE, b"more"), Err(KeyError::WornOut { .. })));
        assert!(key.open(&HERE, &sealed).is_ok());
        key.shred();
        assert!(matches!(key.seal(&HERE, b"more"), Err(KeyError::Shredded { .. })));
        assert!(matches!(key.open(&HERE, &sealed), Err(KeyError::Shredded { .. })));
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_here_and_with_ring(value: Vec<u8>, row: Vec<u8>) {
            let context = Context { row: &row, ..HERE };
            let sealed = key(1).seal(&context, &value).unwrap();
            let opened = key(1).open(&context, &sealed).unwrap();
            prop_assert_eq!(opened.expose(), &value[..]);

            let ring = LessSafeKey::new(UnboundKey::new(&RING, &[1; 32]).unwrap());
            let (header, rest) = sealed.split_at(HEADER_BYTES);
            let (nonce, body) = rest.split_at(NONCE_BYTES);
            let mut body = body.to_vec();
            let nonce = Nonce::try_assume_unique_for_key(nonce).unwrap();
            let aad = Aad::from(context.authenticated(header));
            prop_assert_eq!(ring.open_in_place(nonce, aad, &mut body).unwrap(), &value[..]);
        }

        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            prop_assert!(key(1).open(&HERE, &bytes).is_err());
        }
    }
}
