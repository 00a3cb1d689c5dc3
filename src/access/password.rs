//! Passwords: argon2id (RFC 9106), with parameters that have a name.
//!
//! Hashing takes tens of milliseconds on purpose: call it where blocking is allowed, behind a
//! throttle.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use super::limits::{PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN};

/// Random bytes of a salt (RFC 9106, section 3.1).
pub const SALT_BYTES: usize = 16;

/// Memory, in KiB: OWASP's recommendation for argon2id with two passes.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// A stored hash that asks for more than this is not computed.
const MEMORY_KIB_MAX: u32 = 256 * 1024;
const PASSES_MAX: u32 = 16;

/// The hash of no password under today's parameters, to spend the same time on people that do
/// not exist.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bGV0aGUtbm8tc3VjaC11c2Vy$\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why a password cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// It is too short.
    #[error("a password has at least {PASSWORD_CHARS_MIN} characters")]
    TooShort,
    /// It is too long to be hashed.
    #[error("a password has at most {PASSWORD_BYTES_MAX} bytes")]
    TooLong,
    /// argon2 failed.
    #[error("hashing failed: {0}")]
    Failed(String),
}

fn argon2() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None);
    let params = params.map_err(|error| PasswordError::Failed(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a new password with a random salt; returns a PHC string, to be stored.
///
/// # Errors
///
/// [`PasswordError`] if it is too short or too long.
pub fn hash_password(password: &str, salt: &[u8; SALT_BYTES]) -> Result<String, PasswordError> {
    if password.chars().count() < PASSWORD_CHARS_MIN {
        return Err(PasswordError::TooShort);
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(PasswordError::TooLong);
    }
    let hash = argon2()?.hash_password_with_salt(password.as_bytes(), salt);
    hash.map(|hash| hash.to_string()).map_err(|error| PasswordError::Failed(error.to_string()))
}

/// Returns whether the password is the one that was hashed. Without a stored hash (nobody has
/// that name, or has no password) the same work is done, and the answer is no.
#[must_use]
pub fn verify_password(password: &str, stored: Option<&str>) -> bool {
    let hash = PasswordHash::new(stored.unwrap_or(NOBODY)).ok().filter(is_affordable);
    let (Some(hash), Ok(argon2)) = (hash, argon2()) else {
        return false;
    };
    let fit = password.len() <= PASSWORD_BYTES_MAX;
    let shown = if fit { password.as_bytes() } else { &[] };
    let equal = argon2.verify_password(shown, &hash).is_ok();
    equal && fit && stored.is_some()
}

/// Returns whether the stored hash was made with other parameters than today's, and should be made
/// again when the password is next at hand.
#[must_use]
pub fn is_outdated(stored: &str) -> bool {
    let params = PasswordHash::new(stored).ok().and_then(|hash| Params::try_from(&hash).ok());
    params.is_none_or(|params| {
        (params.m_cost(), params.t_cost(), params.p_cost()) != (MEMORY_KIB, PASSES, LANES)
    })
}

fn is_affordable(hash: &PasswordHash) -> bool {
    Params::try_from(hash).is_ok_and(|params| {
        params.m_cost() <= MEMORY_KIB_MAX && params.t_cost() <= PASSES_MAX && params.p_cost() <= 4
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "correct horse battery";

    #[test]
    fn a_password_is_known_again_and_no_other() {
        let stored = hash_password(GOOD, &[7; SALT_BYTES]).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify_password(GOOD, Some(&stored)));
        assert!(!verify_password("correct horse batters", Some(&stored)));
        assert!(!verify_password(&"x".repeat(2_000), Some(&stored)));
        assert_ne!(stored, hash_password(GOOD, &[8; SALT_BYTES]).unwrap());
        assert!(!is_outdated(&stored));
    }

    #[test]
    fn nobody_has_no_password() {
        assert!(!verify_password("", None));
        assert!(!verify_password(GOOD, None));
        assert!(!is_outdated(NOBODY), "the same work as for somebody");
    }

    #[test]
    fn hashes_that_are_broken_or_too_costly_are_refused() {
        let costly = NOBODY.replace("m=19456", "m=4000000000");
        for stored in ["", "plain", "$argon2id$v=19$m=1$x", &costly] {
            assert!(!verify_password(GOOD, Some(stored)), "{stored}");
            assert!(is_outdated(stored), "{stored}");
        }
    }

    #[test]
    fn passwords_have_a_length() {
        assert_eq!(hash_password("short", &[0; 16]), Err(PasswordError::TooShort));
        assert_eq!(hash_password(&"x".repeat(2_000), &[0; 16]), Err(PasswordError::TooLong));
    }
}
