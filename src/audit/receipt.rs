//! Receipts: one record's proof as a text file that anybody can check offline
//! (C2SP tlog-proof, version 1; extension `.tlog-proof`).
//!
//! The specification does not say whether a final newline follows the checkpoint; a signed
//! note ends with one, so a receipt does too. Its order of hashes is leaf to root.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::checkpoint::{Checkpoint, Trust, decimal};
use super::hash::Hash;
use super::note::{NOTE_BYTES_MAX, NoteError};
use super::proof::{ProofError, verify_inclusion};

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// Greatest size of a receipt: a checkpoint, 64 hashes and some extra data.
pub const RECEIPT_BYTES_MAX: usize = NOTE_BYTES_MAX + 128 * 1024;

/// Why a receipt proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// It is not a receipt.
    #[error("not a receipt: {0}")]
    Malformed(&'static str),
    /// Its checkpoint is not to be believed.
    #[error("its checkpoint: {0}")]
    Checkpoint(#[from] NoteError),
    /// The record is not where it says in the checkpoint's tree.
    #[error("its inclusion proof: {0}")]
    Proof(#[from] ProofError),
}

/// The proof that an entry stands at an index of the log under a signed checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Position of the entry, from 0.
    pub index: u64,
    /// Sibling hashes from the leaf up.
    pub proof: Vec<Hash>,
    /// The signed checkpoint, verbatim.
    pub checkpoint: String,
    /// Application data that nothing vouches for.
    pub extra: Option<Vec<u8>>,
}

impl Receipt {
    /// Writes the receipt's text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut lines = vec![FIRST_LINE.to_owned()];
        lines.extend(self.extra.as_ref().map(|extra| format!("extra {}", STANDARD.encode(extra))));
        lines.push(format!("index {}", self.index));
        lines.extend(self.proof.iter().map(Hash::to_base64));
        format!("{}\n\n{}", lines.join("\n"), self.checkpoint)
    }

    /// Reads a receipt's text. Reading is not believing: see [`Self::verify`].
    ///
    /// # Errors
    ///
    /// [`ReceiptError::Malformed`] if it does not have the format's form.
    pub fn parse(text: &str) -> Result<Self, ReceiptError> {
        if text.len() > RECEIPT_BYTES_MAX {
            return Err(ReceiptError::Malformed("it is too large"));
        }
        let (head, checkpoint) =
            text.split_once("\n\n").ok_or(ReceiptError::Malformed("it has no checkpoint"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(FIRST_LINE) {
            return Err(ReceiptError::Malformed("it does not begin with the format's name"));
        }
        let extra = lines.next_if(|line| line.starts_with("extra ")).map(|line| line.get(6..));
        let extra = extra.map(|data| data.and_then(|data| STANDARD.decode(data).ok()));
        if extra == Some(None) {
            return Err(ReceiptError::Malformed("its extra data are not base64"));
        }
        let index = lines.next().and_then(|line| decimal(line.strip_prefix("index ")?));
        let index = index.ok_or(ReceiptError::Malformed("it has no index"))?;
        let proof: Option<Vec<_>> = lines.map(Hash::from_base64).collect();
        let proof = proof.ok_or(ReceiptError::Malformed("its proof holds something else"))?;
        Ok(Self { index, proof, checkpoint: checkpoint.to_owned(), extra: extra.flatten() })
    }

    /// Checks offline that `entry` (a record's exact bytes) is in the trusted log, and
    /// returns the checkpoint that vouches for it.
    ///
    /// # Errors
    ///
    /// [`ReceiptError`] if it does not show that.
    pub fn verify(&self, entry: &[u8], trust: &Trust) -> Result<Checkpoint, ReceiptError> {
        let checkpoint = trust.open(&self.checkpoint)?;
        let leaf = Hash::leaf(entry);
        verify_inclusion(leaf, self.index, checkpoint.size, &self.proof, checkpoint.root)?;
        Ok(checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::Log;
    use super::*;

    #[test]
    fn a_receipt_is_read_back_and_verifies() {
        let log = Log::of(300);
        let mut receipt = log.receipt(257);
        for extra in [None, Some(b"file name".to_vec())] {
            receipt.extra = extra;
            let read = Receipt::parse(&receipt.to_text()).unwrap();
            assert_eq!(read, receipt);
            assert_eq!(read.verify(&log.entries[257], &log.trust()).unwrap().size, 300);
        }
    }

    #[test]
    fn every_flipped_bit_of_a_receipt_or_its_record_is_noticed() {
        let log = Log::of(5);
        let text = log.receipt(2).to_text();
        let accepted = |text: &[u8], entry: &[u8]| {
            let text = std::str::from_utf8(text).ok()?;
            Receipt::parse(text).ok()?.verify(entry, &log.trust()).ok()
        };
        assert!(accepted(text.as_bytes(), &log.entries[2]).is_some());
        for at in 0..text.len() * 8 {
            let mut forged = text.clone().into_bytes();
            forged[at / 8] ^= 1 << (at % 8);
            assert!(accepted(&forged, &log.entries[2]).is_none(), "bit {at}");
        }
        for at in 0..log.entries[2].len() * 8 {
            let mut forged = log.entries[2].clone();
            forged[at / 8] ^= 1 << (at % 8);
            assert!(accepted(text.as_bytes(), &forged).is_none(), "bit {at}");
        }
    }

    #[test]
    fn texts_that_are_no_receipts_are_refused() {
        let text = Log::of(5).receipt(2).to_text();
        for bad in [
            String::new(),
            text.replace("@v1", "@v2"),
            text.replace("index 2", "index 02"),
            text.replace("index 2\n", ""),
            text.replace("index 2", "extra *\nindex 2"),
            text.replace("\n\n", "\n"),
        ] {
            assert!(Receipt::parse(&bad).is_err(), "{bad}");
        }
    }
}
