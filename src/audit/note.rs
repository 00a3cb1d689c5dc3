//! Signed notes with Ed25519 (C2SP signed-note): a text, and who put their name to it.
//!
//! It signs nothing itself: whoever holds a private key hands in a closure. Other signature
//! types (cosignatures of witnesses) are carried along and ignored.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, UnparsedPublicKey};

use super::hash::Hash;

/// Greatest size of a note: room for 16 post-quantum signatures, which must be accepted.
pub const NOTE_BYTES_MAX: usize = 256 * 1024;

/// Bytes of an Ed25519 signature.
pub const SIGNATURE_BYTES: usize = 64;

/// The signature type of plain Ed25519.
const ED25519_TYPE: u8 = 0x01;

/// Why a note is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It is not a signed note.
    #[error("not a signed note: {0}")]
    Malformed(&'static str),
    /// A key that is trusted did not make the signature that bears its name.
    #[error("the signature of {0} is wrong")]
    BadSignature(String),
    /// No key that is trusted has signed it.
    #[error("no trusted key has signed it")]
    Unsigned,
    /// It is a checkpoint of another log.
    #[error("it is a checkpoint of {found}, not of {expected}")]
    OtherLog {
        /// The origin it states.
        found: String,
        /// The origin that was asked for.
        expected: String,
    },
}

/// A public key with its name, written `<name>+<id in hex>+<base64 of type and key>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VerifierKey {
    name: String,
    public: [u8; 32],
}

impl VerifierKey {
    /// Names a public key (RFC 8032); `None` if the name is empty or has a space or a plus.
    #[must_use]
    pub fn new(name: &str, public: [u8; 32]) -> Option<Self> {
        let bad = |c: char| c == '+' || c.is_whitespace() || c.is_control();
        let fits = !name.is_empty() && !name.contains(bad);
        fits.then(|| Self { name: name.to_owned(), public })
    }

    /// Returns the key's name, which is its log's origin by custom.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the first four bytes of the hash over name, type and key.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let hash = Hash::of(&[self.name.as_bytes(), b"\n", &self.typed()].concat());
        let [a, b, c, d, ..] = hash.0;
        [a, b, c, d]
    }

    /// Checks an Ed25519 signature over `message`.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.public).verify(message, signature).is_ok()
    }

    fn typed(&self) -> Vec<u8> {
        [&[ED25519_TYPE][..], &self.public].concat()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = u32::from_be_bytes(self.id());
        write!(f, "{}+{id:08x}+{}", self.name, STANDARD.encode(self.typed()))
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let malformed = NoteError::Malformed("a verifier key is name+id+base64 of an Ed25519 key");
        let key = parse_key(text.trim()).ok_or_else(|| malformed.clone())?;
        if key.to_string() == text.trim() { Ok(key) } else { Err(malformed) }
    }
}

fn parse_key(text: &str) -> Option<VerifierKey> {
    let (name, rest) = text.split_once('+')?;
    let (_, key) = rest.split_once('+')?;
    match STANDARD.decode(key).ok()?.split_first()? {
        (&ED25519_TYPE, public) => VerifierKey::new(name, public.try_into().ok()?),
        _ => None,
    }
}

/// Signs a text that ends with a newline. `sign` makes the Ed25519 signature of its argument
/// with the private half of `key`.
pub fn sign_note(
    text: &str,
    key: &VerifierKey,
    sign: impl FnOnce(&[u8]) -> [u8; SIGNATURE_BYTES],
) -> String {
    format!("{text}\n{}", signature_line(text, key, sign))
}

/// Adds a signature to a note, as a key's successor does once, so that both vouch for it.
///
/// # Errors
///
/// [`NoteError::Malformed`] if it is no signed note.
pub fn cosign_note(
    note: &str,
    key: &VerifierKey,
    sign: impl FnOnce(&[u8]) -> [u8; SIGNATURE_BYTES],
) -> Result<String, NoteError> {
    let (text, _) = split(note)?;
    Ok(format!("{note}{}", signature_line(text, key, sign)))
}

/// Checks a note and returns its text, final newline included.
///
/// Signatures by unknown keys are ignored; one by a known key that does not verify refuses
/// the note; at least one has to verify.
///
/// # Errors
///
/// [`NoteError`], anything but [`NoteError::OtherLog`].
pub fn open_note<'a>(note: &'a str, keys: &[VerifierKey]) -> Result<&'a str, NoteError> {
    let (text, signatures) = split(note)?;
    let mut signed = false;
    for line in signatures.lines() {
        let (name, id, signature) = parse_signature(line)?;
        let known = keys.iter().find(|key| key.name == name && key.id() == id);
        let Some(key) = known else { continue };
        if !key.verifies(text.as_bytes(), &signature) {
            return Err(NoteError::BadSignature(key.name.clone()));
        }
        signed = true;
    }
    if signed { Ok(text) } else { Err(NoteError::Unsigned) }
}

fn signature_line(
    text: &str,
    key: &VerifierKey,
    sign: impl FnOnce(&[u8]) -> [u8; SIGNATURE_BYTES],
) -> String {
    let signature = [&key.id()[..], &sign(text.as_bytes())].concat();
    format!("\u{2014} {} {}\n", key.name, STANDARD.encode(signature))
}

/// Splits a note at its last empty line.
fn split(note: &str) -> Result<(&str, &str), NoteError> {
    if note.len() > NOTE_BYTES_MAX {
        return Err(NoteError::Malformed("it is too large"));
    }
    if note.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
        return Err(NoteError::Malformed("it has control characters"));
    }
    let at = note.rfind("\n\n").ok_or(NoteError::Malformed("it has no signatures"))?;
    let (text, rest) = note.split_at(at + 1);
    let signatures = rest.strip_prefix('\n').unwrap_or(rest);
    if signatures.is_empty() || !signatures.ends_with('\n') {
        return Err(NoteError::Malformed("it does not end with a signature line"));
    }
    Ok((text, signatures))
}

fn parse_signature(line: &str) -> Result<(&str, [u8; 4], Vec<u8>), NoteError> {
    let parse = || {
        let (name, signature) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
        let bytes = STANDARD.decode(signature).ok()?;
        let (id, signature) = bytes.split_first_chunk::<4>()?;
        let whole = !name.is_empty() && !signature.is_empty();
        whole.then(|| (name, *id, signature.to_vec()))
    };
    parse().ok_or(NoteError::Malformed("a signature line cannot be read"))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::Signer;
    use super::*;
    use proptest::prelude::*;

    /// The key of Go's checksum database: made by another implementation.
    const GO_SUMDB: &str = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";

    #[test]
    fn a_key_of_gos_implementation_is_read() {
        let key: VerifierKey = GO_SUMDB.parse().unwrap();
        assert_eq!((key.name(), key.id()), ("sum.golang.org", [0x03, 0x3d, 0xe0, 0xae]));
        assert_eq!(key.to_string(), GO_SUMDB);
    }

    #[test]
    fn every_flipped_byte_is_noticed() {
        let signer = Signer::new("lethe.example/audit");
        let note = signer.note("origin\n7\nroot\n");
        let keys = [signer.key.clone()];
        assert_eq!(open_note(&note, &keys), Ok("origin\n7\nroot\n"));
        for at in 0..note.len() {
            for bit in 0..8 {
                let mut bytes = note.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                let Ok(forged) = String::from_utf8(bytes) else { continue };
                assert!(open_note(&forged, &keys).is_err(), "byte {at}, bit {bit}");
            }
        }
    }

    #[test]
    fn unknown_signatures_are_ignored_but_one_must_be_known() {
        let (ours, other) = (Signer::new("lethe.example/audit"), Signer::new("witness.example"));
        let note = other.cosign(&ours.note("text\n"));
        assert!(open_note(&note, std::slice::from_ref(&ours.key)).is_ok());
        assert!(open_note(&note, std::slice::from_ref(&other.key)).is_ok());
        let stranger = Signer::new("stranger.example");
        assert_eq!(open_note(&note, &[stranger.key]), Err(NoteError::Unsigned));
        let twice = note.replace(&ours.note("text\n")["text\n\n".len()..], "");
        assert_eq!(open_note(&twice, &[ours.key]), Err(NoteError::Unsigned));
    }

    #[test]
    fn keys_that_are_none_are_refused() {
        for text in ["", "a+b", "a+00000000+AAAA", &GO_SUMDB.replace("033d", "033e"), "a b+1+AQ=="]
        {
            assert!(text.parse::<VerifierKey>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_note_panics(note in "(a|\n|\u{2014} |[A-Za-z0-9+/= ]){0,60}") {
            let key: VerifierKey = GO_SUMDB.parse().unwrap();
            prop_assert!(open_note(&note, &[key]).is_err());
        }
    }
}
