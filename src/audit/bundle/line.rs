//! The lines of a bundle: how they are written and read.

use serde::{Deserialize, Serialize};

use super::fault::Reason;
use crate::audit::canonical::{self, write_string};
use crate::audit::hash::Hash;

/// Greatest size of one line: a record of 65,535 bytes and its proof, or a note in JSON.
pub const BUNDLE_LINE_BYTES_MAX: usize = 512 * 1024;

/// The format's name, with its version.
pub(super) const FORMAT: &str = "lethe-audit-bundle/1";

/// How much of the log a bundle holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BundleKind {
    /// Every record of a range.
    Full,
    /// Chosen records, each with its proof.
    Partial,
}

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub format: String,
    /// Index of the first record of a full bundle.
    pub from: u64,
    /// Hashes of the complete subtrees over the records before `from`, the largest first.
    pub frontier: Vec<String>,
    pub kind: BundleKind,
    pub origin: String,
}

/// Every line but a record's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum Line {
    Bundle(Header),
    Checkpoint(String),
    Consistency(Vec<String>),
    End { records: u64 },
}

impl Line {
    pub fn parse(text: &[u8]) -> Result<Self, Reason> {
        canonical::check(text)?;
        serde_json::from_slice(text).map_err(|_| Reason::Malformed("unknown kind or member"))
    }

    pub fn write(&self, out: &mut Vec<u8>) {
        // Texts, lists of texts and counts below 2^53 always have a canonical form.
        let text = serde_json::to_value(self).ok().and_then(|line| canonical::encode(&line).ok());
        out.extend(text.unwrap_or_default());
        out.push(b'\n');
    }
}

pub(super) fn to_base64(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(Hash::to_base64).collect()
}

pub(super) fn from_base64(hashes: &[String]) -> Result<Vec<Hash>, Reason> {
    let hashes: Option<Vec<_>> = hashes.iter().map(|text| Hash::from_base64(text)).collect();
    hashes.ok_or(Reason::Malformed("a hash is not 32 bytes of base64"))
}

const INDEX: &[u8] = b"{\"index\":";
const PROOF: &[u8] = b",\"proof\":[";
const RECORD: &[u8] = b",\"record\":";

/// A record's line, taken apart without parsing its JSON.
pub(super) struct RecordLine<'a> {
    pub index: u64,
    pub proof: Option<Vec<Hash>>,
    /// The log's entry, byte for byte.
    pub entry: &'a [u8],
}

impl<'a> RecordLine<'a> {
    /// Says whether a line claims to be a record's.
    pub fn claims(text: &[u8]) -> bool {
        text.starts_with(INDEX)
    }

    pub fn parse(text: &'a [u8]) -> Result<Self, Reason> {
        Self::split(text).ok_or(Reason::Malformed("a record's line has another form"))
    }

    fn split(text: &'a [u8]) -> Option<Self> {
        let rest = text.strip_prefix(INDEX)?;
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = rest.split_at(digits);
        let plain = matches!(digits, [b'0'] | [b'1'..=b'9', ..]) && digits.len() < 20;
        let index = digits.iter().fold(0_u64, |index, digit| {
            index.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'))
        });
        let (proof, rest) = match rest.strip_prefix(PROOF) {
            Some(rest) => split_proof(rest).map(|(proof, rest)| (Some(proof), rest))?,
            None => (None, rest),
        };
        let entry = rest.strip_prefix(RECORD)?.strip_suffix(b"}")?;
        plain.then_some(Self { index, proof, entry })
    }
}

/// Reads `"…","…"]`, each a hash in base64.
fn split_proof(text: &[u8]) -> Option<(Vec<Hash>, &[u8])> {
    let end = text.iter().position(|byte| *byte == b']')?;
    let (list, rest) = text.split_at_checked(end)?;
    let list = std::str::from_utf8(list).ok()?;
    let hash = |item: &str| Hash::from_base64(item.strip_prefix('"')?.strip_suffix('"')?);
    let hashes: Option<Vec<_>> = match list {
        "" => Some(Vec::new()),
        list => list.split(',').map(hash).collect(),
    };
    Some((hashes?, rest.strip_prefix(b"]")?))
}

pub(super) fn write_record(index: u64, proof: Option<&[Hash]>, entry: &[u8], out: &mut Vec<u8>) {
    out.extend(INDEX);
    out.extend(index.to_string().bytes());
    if let Some(proof) = proof {
        out.extend(PROOF);
        for (at, hash) in proof.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            write_string(&hash.to_base64(), out);
        }
        out.push(b']');
    }
    out.extend(RECORD);
    out.extend(entry);
    out.extend(b"}\n");
}
