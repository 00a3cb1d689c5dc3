//! Checking a bundle, line by line, in constant memory.
//!
//! It trusts the public keys and nothing in the bundle. The first fault ends the check.

use super::fault::{Fault, Reason};
use super::line::{
    BUNDLE_LINE_BYTES_MAX, BundleKind, FORMAT, Header, Line, RecordLine, from_base64,
};
use super::range::TreeRange;
use crate::audit::canonical::{find_member, write_string};
use crate::audit::checkpoint::{Checkpoint, Trust};
use crate::audit::hash::Hash;
use crate::audit::proof::verify_inclusion;
use crate::audit::query::LOG_ENTRIES_MAX;
use crate::audit::witness::verify_growth;

/// What was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Whether the bundle holds every record of its range.
    pub kind: BundleKind,
    /// Records that were verified.
    pub records: u64,
    /// Index of the first and of the last of them.
    pub range: Option<(u64, u64)>,
    /// Checkpoints that were verified.
    pub checkpoints: u64,
    /// The last of them, which vouches for everything before it.
    pub head: Checkpoint,
    /// Whether the log was found to contain the checkpoint that the verifier held.
    pub held_met: bool,
}

/// Checks one bundle. Feed it every line without its newline, then ask for the report.
#[derive(Debug)]
pub struct BundleVerifier {
    trust: Trust,
    held: Option<Checkpoint>,
    held_met: bool,
    /// The origin as it stands in a record's canonical text.
    log_member: Vec<u8>,
    lines: u64,
    stage: Stage,
    records: u64,
    range: Option<(u64, u64)>,
    checkpoints: u64,
    head: Option<Checkpoint>,
}

#[derive(Debug)]
enum Stage {
    Begin,
    Full(TreeRange),
    Partial { consistency: Option<Vec<Hash>> },
    Ended(BundleKind),
}

impl BundleVerifier {
    /// Begins to check a bundle of the trusted log.
    #[must_use]
    pub fn new(trust: Trust) -> Self {
        let mut log_member = Vec::new();
        write_string(&trust.origin, &mut log_member);
        Self {
            trust,
            held: None,
            held_met: false,
            log_member,
            lines: 0,
            stage: Stage::Begin,
            records: 0,
            range: None,
            checkpoints: 0,
            head: None,
        }
    }

    /// Demands that the log continues a checkpoint that was kept elsewhere. This is what finds
    /// a log that was cut off or written anew by somebody who holds its signing key.
    #[must_use]
    pub fn holding(mut self, checkpoint: Checkpoint) -> Self {
        self.held = Some(checkpoint);
        self
    }

    /// Checks the next line.
    ///
    /// # Errors
    ///
    /// The first [`Fault`]; after one, the check is over.
    pub fn line(&mut self, text: &[u8]) -> Result<(), Fault> {
        self.lines += 1;
        if text.len() > BUNDLE_LINE_BYTES_MAX {
            return self.fault(None, Reason::Malformed("it is too long"));
        }
        if RecordLine::claims(text) {
            let record = RecordLine::parse(text).or_else(|reason| self.fault(None, reason))?;
            let index = Some(record.index);
            return self.record(&record).or_else(|reason| self.fault(index, reason));
        }
        let checked = Line::parse(text).and_then(|line| self.other(line));
        checked.or_else(|reason| self.fault(None, reason))
    }

    /// Ends the check after the last line.
    ///
    /// # Errors
    ///
    /// A [`Fault`] if the bundle has no end, or falls short of the held checkpoint.
    pub fn finish(self) -> Result<Report, Fault> {
        let &Stage::Ended(kind) = &self.stage else {
            return self.fault(None, Reason::Cut("its last line is missing"));
        };
        let Some(head) = self.head.clone() else {
            return self.fault(None, Reason::Cut("it has no checkpoint"));
        };
        if let Some(held) = self.held.as_ref().filter(|held| held.size > head.size) {
            let reason = Reason::Truncated { found: head.size, held: held.size };
            return self.fault(None, reason);
        }
        let Self { records, range, checkpoints, held_met, .. } = self;
        Ok(Report { kind, records, range, checkpoints, head, held_met })
    }

    fn fault<T>(&self, index: Option<u64>, reason: Reason) -> Result<T, Fault> {
        Err(Fault { line: self.lines, index, reason })
    }

    fn record(&mut self, line: &RecordLine) -> Result<(), Reason> {
        if find_member(line.entry, "log")? != Some(&self.log_member) {
            return Err(Reason::OtherLog);
        }
        let leaf = Hash::leaf(line.entry);
        match (&mut self.stage, &line.proof, &self.head) {
            (Stage::Full(tree), None, _) => {
                if line.index != tree.size() {
                    return Err(Reason::Order { expected: tree.size() });
                }
                tree.push(leaf);
            }
            (Stage::Partial { .. }, Some(proof), Some(head)) => {
                let expected = self.range.map_or(0, |(_, last)| last.saturating_add(1));
                if line.index < expected {
                    return Err(Reason::Order { expected });
                }
                verify_inclusion(leaf, line.index, head.size, proof, head.root)
                    .map_err(Reason::Inclusion)?;
            }
            _ => return Err(Reason::Misplaced("a record of this form has no place here")),
        }
        self.records += 1;
        let first = self.range.map_or(line.index, |(first, _)| first);
        self.range = Some((first, line.index));
        self.compare_with_held()
    }

    fn other(&mut self, line: Line) -> Result<(), Reason> {
        match (line, &mut self.stage) {
            (Line::Bundle(header), Stage::Begin) => self.begin(&header),
            (Line::Checkpoint(note), Stage::Full(_) | Stage::Partial { .. }) => {
                self.checkpoint(&note)
            }
            (Line::Consistency(proof), Stage::Partial { consistency: consistency @ None })
                if self.head.is_some() =>
            {
                *consistency = Some(from_base64(&proof)?);
                Ok(())
            }
            (Line::End { records }, _) => self.end(records),
            _ => Err(Reason::Misplaced("this line has no place here")),
        }
    }

    fn begin(&mut self, header: &Header) -> Result<(), Reason> {
        if header.format != FORMAT {
            return Err(Reason::Malformed("another format or version"));
        }
        if header.origin != self.trust.origin {
            return Err(Reason::OtherLog);
        }
        let frontier = from_base64(&header.frontier)?;
        let tree = TreeRange::resume(header.from, frontier);
        self.stage = match (header.kind, tree) {
            (BundleKind::Full, Some(tree)) if header.from < LOG_ENTRIES_MAX => Stage::Full(tree),
            (BundleKind::Partial, Some(_)) if header.from == 0 => {
                Stage::Partial { consistency: None }
            }
            _ => return Err(Reason::Malformed("its beginning does not fit")),
        };
        self.compare_with_held()
    }

    fn checkpoint(&mut self, note: &str) -> Result<(), Reason> {
        let offered = self.trust.open(note)?;
        match &mut self.stage {
            Stage::Full(tree) => {
                let size = offered.size;
                if size != tree.size() || offered.root != tree.root() {
                    return Err(Reason::Root { size });
                }
            }
            Stage::Partial { consistency } => {
                let proof = consistency.take().unwrap_or_default();
                if let Some(head) = &self.head {
                    verify_growth(head, &offered, &proof)?;
                }
            }
            _ => return Err(Reason::Misplaced("a checkpoint has no place here")),
        }
        self.checkpoints += 1;
        self.head = Some(offered);
        self.compare_with_held()
    }

    fn end(&mut self, records: u64) -> Result<(), Reason> {
        let kind = match (&self.stage, &self.head) {
            (_, None) => return Err(Reason::Cut("it has no checkpoint")),
            (Stage::Full(tree), Some(head)) if head.size != tree.size() => {
                return Err(Reason::Cut("no checkpoint vouches for its last records"));
            }
            (Stage::Full(_), _) => BundleKind::Full,
            (Stage::Partial { consistency: None }, _) => BundleKind::Partial,
            _ => return Err(Reason::Misplaced("the end has no place here")),
        };
        if records != self.records {
            return Err(Reason::Cut("it counts other records than it holds"));
        }
        self.stage = Stage::Ended(kind);
        Ok(())
    }

    /// Compares with the held checkpoint at the moment when the sizes meet.
    fn compare_with_held(&mut self) -> Result<(), Reason> {
        let Some(ours) = &self.held else { return Ok(()) };
        let root = match (&self.stage, &self.head) {
            (Stage::Full(tree), _) if tree.size() == ours.size => tree.root(),
            (Stage::Partial { .. }, Some(head)) if head.size == ours.size => head.root,
            _ => return Ok(()),
        };
        if root != ours.root {
            return Err(Reason::Held { size: ours.size });
        }
        self.held_met = true;
        Ok(())
    }
}
