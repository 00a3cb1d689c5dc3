//! From a passphrase to a key: Argon2id (RFC 9106).

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::envelope::DataKey;
use super::error::KeyError;
use super::secret::{Secret, SecretBytes};

/// What one guess at a passphrase costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KdfCost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes (parallelism).
    pub lanes: u32,
}

impl KdfCost {
    /// The second recommended choice of RFC 9106, section 4: 64 MiB, 3 passes, 4 lanes.
    pub const RECOMMENDED: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 4 };

    /// The most that is done for a file somebody hands in: 1 GiB, 16 passes, 16 lanes.
    const MAX: Self = Self { memory_kib: 1024 * 1024, passes: 16, lanes: 16 };

    /// Derives the key that seals a root key file. Takes about a tenth of a second and
    /// `memory_kib` by design.
    pub(super) fn derive(
        self,
        passphrase: &SecretBytes,
        salt: &[u8; 16],
    ) -> Result<DataKey, KeyError> {
        let bad = |_| KeyError::BadRoot("its cost parameters are out of range");
        let Self { memory_kib, passes, lanes } = self;
        if memory_kib > Self::MAX.memory_kib || passes > Self::MAX.passes || lanes > Self::MAX.lanes
        {
            return Err(KeyError::BadRoot("its cost parameters are out of range"));
        }
        if passphrase.expose().is_empty() {
            return Err(KeyError::BadRoot("the passphrase is empty"));
        }
        let params = Params::new(memory_kib, passes, lanes, Some(32)).map_err(bad)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let secret = Secret::filled(|key: &mut [u8; 32]| {
            argon2.hash_password_into(passphrase.expose(), salt, key).map_err(bad)
        })?;
        Ok(DataKey::new(Uuid::from_bytes(*salt), secret))
    }
}
