//! Checkpoints: the signed head of the log (C2SP tlog-checkpoint), and whom to believe.

use super::hash::Hash;
use super::note::{NoteError, SIGNATURE_BYTES, VerifierKey, open_note, sign_note};

/// The head of a log: so many entries hash to this root. Signed, it is a promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's unique name, e.g. `lethe.example/audit/2026`.
    pub origin: String,
    /// Entries in the log.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
}

impl Checkpoint {
    /// Writes the text that is signed: origin, size and root, a line each.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root.to_base64())
    }

    /// Writes the checkpoint as a signed note. `sign` makes the Ed25519 signature of its
    /// argument with the private half of `key`.
    pub fn signed(
        &self,
        key: &VerifierKey,
        sign: impl FnOnce(&[u8]) -> [u8; SIGNATURE_BYTES],
    ) -> String {
        sign_note(&self.to_text(), key, sign)
    }

    /// Reads a checkpoint's text. Extension lines are allowed and dropped.
    ///
    /// # Errors
    ///
    /// [`NoteError::Malformed`] if the three lines are not there or not in their one form.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let body = text.strip_suffix('\n').ok_or(NoteError::Malformed("no final newline"))?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(NoteError::Malformed("a checkpoint has at least three lines"));
        };
        if origin.is_empty() || lines.any(str::is_empty) {
            return Err(NoteError::Malformed("a checkpoint has no empty line"));
        }
        let size = decimal(size).ok_or(NoteError::Malformed("the size is no number"))?;
        let root = Hash::from_base64(root).ok_or(NoteError::Malformed("the root is no hash"))?;
        Ok(Self { origin: origin.to_owned(), size, root })
    }
}

/// Reads a decimal number without sign or leading zeroes.
pub(super) fn decimal(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|value| value.to_string() == text)
}

/// What a verifier knows beforehand: which log, and which keys speak for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// The log's origin.
    pub origin: String,
    /// The public keys that sign its checkpoints; one signature suffices.
    pub keys: Vec<VerifierKey>,
}

impl Trust {
    /// Trusts one key, for the log of the same name.
    #[must_use]
    pub fn key(key: VerifierKey) -> Self {
        Self { origin: key.name().to_owned(), keys: vec![key] }
    }

    /// Opens a signed checkpoint of the trusted log.
    ///
    /// # Errors
    ///
    /// [`NoteError`] if it is malformed, not signed by a trusted key, or of another log.
    pub fn open(&self, note: &str) -> Result<Checkpoint, NoteError> {
        let checkpoint = Checkpoint::parse(open_note(note, &self.keys)?)?;
        if checkpoint.origin == self.origin {
            return Ok(checkpoint);
        }
        Err(NoteError::OtherLog { found: checkpoint.origin, expected: self.origin.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::Signer;
    use super::*;

    #[test]
    fn a_signed_checkpoint_is_opened_only_by_those_who_trust_its_key_and_log() {
        let signer = Signer::new("lethe.example/audit");
        let checkpoint =
            Checkpoint { origin: "lethe.example/audit".into(), size: 9, root: Hash::of(b"x") };
        let note = checkpoint.signed(&signer.key, |text| signer.sign(text));
        assert_eq!(Trust::key(signer.key.clone()).open(&note), Ok(checkpoint));
        let elsewhere = Trust { origin: "other.example".into(), keys: vec![signer.key] };
        assert!(matches!(elsewhere.open(&note), Err(NoteError::OtherLog { .. })));
        let stranger = Signer::new("lethe.example/audit");
        assert_eq!(Trust::key(stranger.key).open(&note), Err(NoteError::Unsigned));
    }

    #[test]
    fn only_one_form_is_read() {
        let root = Hash::of(b"x").to_base64();
        assert!(Checkpoint::parse(&format!("a\n0\n{root}\n")).is_ok());
        assert!(Checkpoint::parse(&format!("a\n0\n{root}\nextension\n")).is_ok());
        for text in [
            format!("a\n00\n{root}\n"),
            format!("a\n+1\n{root}\n"),
            format!("\n0\n{root}\n"),
            format!("a\n0\n{root}\n\n"),
            format!("a\n0\n{root}"),
            "a\n0\n".to_owned(),
            format!("a\n0\n{}\n", root.trim_end_matches('=')),
        ] {
            assert!(Checkpoint::parse(&text).is_err(), "{text:?}");
        }
    }
}
