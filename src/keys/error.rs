//! What can go wrong with keys. No message holds a secret, a plaintext or a passphrase.

use uuid::Uuid;

/// Why a key operation failed.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The key was destroyed: what it sealed is gone for good.
    #[error("key {kid} was shredded")]
    Shredded {
        /// Id of the key.
        kid: Uuid,
    },
    /// Sealed under another key than the one at hand.
    #[error("it is sealed under key {found}, not {expected}")]
    OtherKey {
        /// Id of the key at hand.
        expected: Uuid,
        /// Id in the envelope.
        found: Uuid,
    },
    /// Changed since it was sealed, or sealed for another context.
    #[error("the ciphertext was changed or belongs somewhere else")]
    Refused,
    /// The bytes are no envelope of ours.
    #[error("not a sealed value of this version")]
    NotSealed,
    /// The key has sealed as many values as is safe with random nonces.
    #[error("key {kid} has sealed too many values and must be replaced")]
    WornOut {
        /// Id of the key.
        kid: Uuid,
    },
    /// A row was given together with the key of another bucket or generation.
    #[error("the row belongs to bucket {bucket}, generation {generation}")]
    OtherBucket {
        /// Bucket that the row names.
        bucket: u32,
        /// Generation that the row names.
        generation: u32,
    },
    /// The provider does not hold that version of the root key.
    #[error("root key version {0} is not there")]
    NoSuchRoot(u32),
    /// This provider's root is not Lethe's to rotate.
    #[error("this provider cannot rotate its root key: {0}")]
    CannotRotate(&'static str),
    /// The root key that was given cannot be read.
    #[error("the root key cannot be read: {0}")]
    BadRoot(&'static str),
    /// The passphrase does not open the root key file.
    #[error("the passphrase does not open the root key file, or the file was changed")]
    WrongPassphrase,
    /// Others than its owner may read the root key file.
    #[error("the root key file may be read by others (mode {mode:o}); make it 600")]
    OpenToOthers {
        /// Its permission bits.
        mode: u32,
    },
    /// The root key file cannot be read or written.
    #[error("the root key file: {0}")]
    Io(#[from] std::io::Error),
    /// The provider cannot be reached; asking again later may help.
    #[error("the key provider is unavailable: {0}")]
    Unavailable(String),
    /// The operating system gives no randomness.
    #[error("the operating system gives no randomness")]
    NoRandomness,
}
