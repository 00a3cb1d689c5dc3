//! Secrets: bytes that are overwritten when dropped, and that nothing prints or serialises.

use std::fmt;

use ring::rand::{SecureRandom, SystemRandom};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::error::KeyError;

/// `N` secret bytes. There is no `Clone`, `Display` or `Serialize`; to compare two takes the
/// same time whatever they hold.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Secret<const N: usize>([u8; N]);

impl<const N: usize> Secret<N> {
    /// Draws fresh bytes from the operating system.
    ///
    /// # Errors
    ///
    /// [`KeyError::NoRandomness`].
    pub fn random() -> Result<Self, KeyError> {
        let mut secret = Self([0; N]);
        SystemRandom::new().fill(&mut secret.0).map_err(|_| KeyError::NoRandomness)?;
        Ok(secret)
    }

    /// Copies bytes in; `None` unless there are exactly `N`. The original is the caller's to
    /// overwrite.
    #[must_use]
    pub fn copy_of(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Makes a secret that `fill` writes in place, so that no copy is left behind.
    ///
    /// # Errors
    ///
    /// That of `fill`.
    pub fn filled<E>(fill: impl FnOnce(&mut [u8; N]) -> Result<(), E>) -> Result<Self, E> {
        let mut secret = Self([0; N]);
        fill(&mut secret.0)?;
        Ok(secret)
    }

    /// Shows the bytes, for as long as they are used.
    #[must_use]
    pub fn expose(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> PartialEq for Secret<N> {
    fn eq(&self, other: &Self) -> bool {
        same_in_constant_time(&self.0, &other.0)
    }
}

impl<const N: usize> Eq for Secret<N> {}

impl<const N: usize> fmt::Debug for Secret<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// Secret bytes of any length, under the same rules as [`Secret`].
#[derive(Default, Zeroize, ZeroizeOnDrop)]
pub struct SecretBytes(Vec<u8>);

impl SecretBytes {
    /// Shows the bytes, for as long as they are used.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for SecretBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<String> for SecretBytes {
    fn from(text: String) -> Self {
        Self(text.into_bytes())
    }
}

impl PartialEq for SecretBytes {
    fn eq(&self, other: &Self) -> bool {
        same_in_constant_time(&self.0, &other.0)
    }
}

impl Eq for SecretBytes {}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// Compares in a time that depends on the lengths only. (`ring::constant_time` is
/// deprecated.) The black box keeps the compiler from leaving the loop early.
fn same_in_constant_time(a: &[u8], b: &[u8]) -> bool {
    let differing = a.iter().zip(b).fold(0, |bits, (a, b)| std::hint::black_box(bits | (a ^ b)));
    a.len() == b.len() && differing == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_print_as_such() {
        let secret =
            Secret::copy_of(b"pass").map(|secret: Secret<4>| (secret, SecretBytes::from(vec![1])));
        assert_eq!(format!("{secret:?}"), "Some(([secret], [secret]))");
    }

    #[test]
    fn comparison_sees_every_byte_and_the_length() {
        let secret = |text: &str| SecretBytes::from(text.to_owned());
        assert_eq!(secret("abc"), secret("abc"));
        for other in ["abd", "bbc", "ab", "abcd", ""] {
            assert_ne!(secret("abc"), secret(other));
        }
        assert_ne!(Secret::<32>::random().unwrap(), Secret::<32>::random().unwrap());
    }

    #[test]
    fn a_secret_has_exactly_its_length() {
        assert!(Secret::<4>::copy_of(b"abc").is_none());
    }
}
