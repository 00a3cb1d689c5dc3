//! What signs the head of the audit log.

use crate::audit::{SIGNATURE_BYTES, VerifierKey};

/// Makes an Ed25519 signature of a text.
type Sign = dyn Fn(&[u8]) -> [u8; SIGNATURE_BYTES] + Send + Sync;

/// Signs heads with a key that it does not give away.
pub struct Signer {
    key: VerifierKey,
    sign: Box<Sign>,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("key", &self.key.to_string()).finish_non_exhaustive()
    }
}

impl Signer {
    /// Makes one from a public key, whose name is the log's origin, and what signs with its
    /// private half (Ed25519).
    pub fn new(
        key: VerifierKey,
        sign: impl Fn(&[u8]) -> [u8; SIGNATURE_BYTES] + Send + Sync + 'static,
    ) -> Self {
        Self { key, sign: Box::new(sign) }
    }

    /// Returns the public key.
    #[must_use]
    pub fn key(&self) -> &VerifierKey {
        &self.key
    }

    /// Signs a text.
    pub(super) fn sign(&self, text: &[u8]) -> [u8; SIGNATURE_BYTES] {
        (self.sign)(text)
    }
}
