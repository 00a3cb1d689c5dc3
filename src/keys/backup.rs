//! A text sealed under a passphrase: backups of wrapped keys.
//!
//! JSON with the parameters of Argon2id, which the envelope is bound to.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::envelope::Context;
use super::error::KeyError;
use super::passphrase::KdfCost;
use super::secret::{Secret, SecretBytes};

const FORMAT: &str = "lethe-key-backup/1";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Backup {
    format: String,
    kdf: String,
    cost: KdfCost,
    salt: String,
    sealed: String,
}

/// Seals a text under a passphrase.
///
/// # Errors
///
/// [`KeyError::BadRoot`] for an empty passphrase, [`KeyError::NoRandomness`].
pub fn seal_backup(
    passphrase: &SecretBytes,
    cost: KdfCost,
    text: &[u8],
) -> Result<String, KeyError> {
    let salt = *Secret::<16>::random()?.expose();
    let sealed = cost.derive(passphrase, &salt)?.seal(&context(&bound(cost)), text)?;
    let backup = Backup {
        format: FORMAT.to_owned(),
        kdf: "argon2id".to_owned(),
        cost,
        salt: STANDARD.encode(salt),
        sealed: STANDARD.encode(sealed),
    };
    // A struct of texts and numbers always serialises.
    Ok(serde_json::to_string_pretty(&backup).unwrap_or_default())
}

/// Opens what [`seal_backup`] made.
///
/// # Errors
///
/// [`KeyError::WrongPassphrase`] also if a byte was changed, [`KeyError::BadRoot`] if it is
/// no backup.
pub fn open_backup(passphrase: &SecretBytes, text: &str) -> Result<SecretBytes, KeyError> {
    let wrong = KeyError::BadRoot("it is no backup of keys of this version");
    let Ok(backup) = serde_json::from_str::<Backup>(text) else { return Err(wrong) };
    let salt = STANDARD.decode(&backup.salt).ok().and_then(|salt| salt.try_into().ok());
    let sealed = STANDARD.decode(&backup.sealed).ok();
    let (Some(salt), Some(sealed)) = (salt, sealed) else { return Err(wrong) };
    if backup.format != FORMAT || backup.kdf != "argon2id" {
        return Err(wrong);
    }
    let key = backup.cost.derive(passphrase, &salt)?;
    let opened = key.open(&context(&bound(backup.cost)), &sealed);
    opened.map_err(|_| KeyError::WrongPassphrase)
}

fn context(cost: &[u8]) -> Context<'_> {
    Context { table: "key backup", purpose: FORMAT, row: cost }
}

fn bound(cost: KdfCost) -> Vec<u8> {
    [cost.memory_kib, cost.passes, cost.lanes].map(u32::to_be_bytes).concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_opens_with_its_passphrase_and_not_when_it_was_changed() {
        let cost = KdfCost { memory_kib: 32, passes: 1, lanes: 1 };
        let secret = |text: &str| SecretBytes::from(text.to_owned());
        let backup = seal_backup(&secret("open sesame"), cost, b"rows").unwrap();
        assert_eq!(open_backup(&secret("open sesame"), &backup).unwrap().expose(), b"rows");
        let other = open_backup(&secret("open says me"), &backup);
        assert!(matches!(other, Err(KeyError::WrongPassphrase)));
        let changed = backup.replace("\"passes\": 1", "\"passes\": 2");
        assert!(open_backup(&secret("open sesame"), &changed).is_err());
        assert!(matches!(open_backup(&secret("x"), "{}"), Err(KeyError::BadRoot(_))));
    }
}
