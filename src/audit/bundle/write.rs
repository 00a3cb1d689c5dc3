//! Writing a bundle, line by line, into whatever buffer the caller sends away.
//!
//! It does not check what it is given: [`super::BundleVerifier`] does, and tests bring both
//! together.

use super::line::{BundleKind, FORMAT, Header, Line, to_base64, write_record};
use crate::audit::hash::Hash;

/// Writes the lines of one bundle in the order described in [`super`].
#[derive(Debug)]
pub struct BundleWriter {
    records: u64,
}

impl BundleWriter {
    /// Begins a full bundle whose first record is `from`. `frontier` is what
    /// [`crate::audit::TreeQuery::frontier`] answers for `from` (nothing for 0).
    #[must_use]
    pub fn full(origin: &str, from: u64, frontier: &[Hash], out: &mut Vec<u8>) -> Self {
        Self::begin(BundleKind::Full, origin, from, frontier, out)
    }

    /// Begins a partial bundle; a checkpoint must be written before the first record.
    #[must_use]
    pub fn partial(origin: &str, out: &mut Vec<u8>) -> Self {
        Self::begin(BundleKind::Partial, origin, 0, &[], out)
    }

    fn begin(
        kind: BundleKind,
        origin: &str,
        from: u64,
        frontier: &[Hash],
        out: &mut Vec<u8>,
    ) -> Self {
        let (format, origin) = (FORMAT.to_owned(), origin.to_owned());
        let header = Header { format, from, frontier: to_base64(frontier), kind, origin };
        Line::Bundle(header).write(out);
        Self { records: 0 }
    }

    /// Writes a record of a full bundle: the entry's exact bytes.
    pub fn record(&mut self, index: u64, entry: &[u8], out: &mut Vec<u8>) {
        self.records += 1;
        write_record(index, None, entry, out);
    }

    /// Writes a record of a partial bundle with its proof under the last checkpoint written.
    pub fn proven_record(&mut self, index: u64, entry: &[u8], proof: &[Hash], out: &mut Vec<u8>) {
        self.records += 1;
        write_record(index, Some(proof), entry, out);
    }

    /// Writes a signed checkpoint.
    pub fn checkpoint(&self, note: &str, out: &mut Vec<u8>) {
        Line::Checkpoint(note.to_owned()).write(out);
    }

    /// Writes the proof that the checkpoint to be written next continues the last one.
    pub fn consistency(&self, proof: &[Hash], out: &mut Vec<u8>) {
        Line::Consistency(to_base64(proof)).write(out);
    }

    /// Writes the last line.
    pub fn end(self, out: &mut Vec<u8>) {
        Line::End { records: self.records }.write(out);
    }
}
