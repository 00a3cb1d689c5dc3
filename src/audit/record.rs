//! A record: what somebody did, was allowed or denied, as it stands in the log for ever.
//!
//! Personal values never enter a record: a person is a random reference, a value is the
//! digest of a ciphertext kept elsewhere under a key that can be destroyed. What cannot be
//! told apart by a type (a name in `ext` or `patch`) is the writer's duty.

use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::canonical::{self, EncodeError, NotCanonical};
use super::hash::Hash;
use crate::base::Time;

/// The version of the record's shape.
pub const RECORD_VERSION: u32 = 1;

/// Greatest size of a record's canonical text. An entry may have 65,535 bytes
/// ([`super::entries::ENTRY_BYTES_MAX`]); the rest is left for what later versions add.
pub const RECORD_BYTES_MAX: usize = 64_000;

/// Why a record cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// It is longer than [`RECORD_BYTES_MAX`]: refer to large contents by digest.
    #[error("a record of {bytes} bytes is longer than {RECORD_BYTES_MAX}")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// It holds a value that has no canonical text.
    #[error("the record has no canonical form: {0}")]
    Encode(#[from] EncodeError),
    /// The text is not canonical.
    #[error(transparent)]
    NotCanonical(#[from] NotCanonical),
    /// The text is no record of this version's shape.
    #[error("not a record: {0}")]
    Shape(#[from] serde_json::Error),
}

/// One entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Version of this shape, [`RECORD_VERSION`].
    pub v: u32,
    /// Origin of the log it belongs to, so that it proves nothing in another.
    pub log: String,
    /// Its own id, a UUID of version 7.
    pub id: Uuid,
    /// When it was written: RFC 3339 in UTC with six digits.
    #[serde(serialize_with = "six_digits")]
    pub ts: Time,
    /// Who acted.
    pub actor: Actor,
    /// Reference of whom the actor acted for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
    /// What was done or asked for, e.g. `dataset.read`.
    pub action: String,
    /// What it was done to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<Resource>,
    /// How it ended.
    pub outcome: Outcome,
    /// The decision that allowed or denied it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<DecisionRef>,
    /// The purpose that the actor stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// The request it came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestRef>,
    /// What changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// Sealed personal values that belong to this record and are kept outside of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pii: Vec<SealedValue>,
    /// Anything else, without personal values.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub ext: Map<String, Value>,
}

/// Who acted, by a reference that names nobody outside of Lethe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The principal's pseudonymous reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// What it is: `user`, `service`, `system`.
    pub kind: String,
    /// How it proved who it is: `session`, `token`, `none`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<String>,
    /// Id of the token used; never the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// What was acted on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// E.g. `dataset`, `policy`, `request`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its name, where that is no personal datum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The version that was seen or made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// How an act ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It was allowed; what came of it is not known here.
    Allowed,
    /// It was denied.
    Denied,
    /// It was tried and failed.
    Failed,
    /// It took effect.
    Done,
}

/// Which decision stands behind an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRef {
    /// Version of the policy.
    pub policy: String,
    /// The rules that made it.
    #[serde(default)]
    pub rules: Vec<String>,
    /// What it demanded (masking, a purpose).
    #[serde(default)]
    pub obligations: Vec<String>,
}

/// Which request an act came with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRef {
    /// Lethe's request id.
    pub id: String,
    /// The trace it belongs to (W3C Trace Context).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
}

/// What changed, by digests and a patch without personal values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// SHA-256 of the state before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Hash>,
    /// SHA-256 of the state after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Hash>,
    /// What the difference is, as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<Value>,
}

/// A personal value that is kept outside of the log, sealed under its subject's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedValue {
    /// Which value of the record it is.
    pub slot: String,
    /// Random reference of the person.
    pub subject_ref: Uuid,
    /// Algorithm, `A256GCM`.
    pub alg: String,
    /// Id of the key.
    pub kid: Uuid,
    /// SHA-256 of the ciphertext.
    pub ct_sha256: Hash,
}

impl Record {
    /// Writes the canonical text: the bytes to store and hash, once and for all.
    ///
    /// # Errors
    ///
    /// [`RecordError::TooLarge`] or [`RecordError::Encode`].
    pub fn to_canonical(&self) -> Result<Vec<u8>, RecordError> {
        let text = canonical::encode(&serde_json::to_value(self)?)?;
        if text.len() > RECORD_BYTES_MAX {
            return Err(RecordError::TooLarge { bytes: text.len() });
        }
        Ok(text)
    }

    /// Reads a stored text. Members that this version does not know are passed over.
    ///
    /// # Errors
    ///
    /// [`RecordError::NotCanonical`] or [`RecordError::Shape`].
    pub fn from_canonical(text: &[u8]) -> Result<Self, RecordError> {
        canonical::check(text)?;
        Ok(serde_json::from_slice(text)?)
    }
}

fn six_digits<S: Serializer>(time: &Time, serializer: S) -> Result<S::Ok, S::Error> {
    let timestamp = jiff::Timestamp::from_microsecond(time.as_micros());
    serializer.collect_str(&format_args!("{:.6}", timestamp.map_err(serde::ser::Error::custom)?))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::record;
    use super::*;
    use serde_json::json;

    #[test]
    fn a_record_is_read_back_and_its_time_has_six_digits() {
        let record = record("lethe.example/audit", 7);
        let text = record.to_canonical().unwrap();
        assert!(String::from_utf8_lossy(&text).contains(r#""ts":"2026-11-21T00:00:07.000000Z""#));
        assert_eq!(Record::from_canonical(&text).unwrap(), record);
    }

    #[test]
    fn what_is_absent_is_not_written() {
        let text = record("l", 0).to_canonical().unwrap();
        assert!(!String::from_utf8(text).unwrap().contains("null"));
    }

    #[test]
    fn large_and_fractional_contents_are_refused() {
        let mut large = record("l", 0);
        large.ext.insert("x".into(), "y".repeat(RECORD_BYTES_MAX).into());
        assert!(matches!(large.to_canonical(), Err(RecordError::TooLarge { .. })));
        let mut fraction = record("l", 0);
        fraction.ext.insert("x".into(), json!(0.5));
        assert!(matches!(fraction.to_canonical(), Err(RecordError::Encode(EncodeError::Float))));
    }

    #[test]
    fn another_text_of_the_same_record_is_refused() {
        let pretty = serde_json::to_vec_pretty(&record("l", 0)).unwrap();
        assert!(matches!(Record::from_canonical(&pretty), Err(RecordError::NotCanonical(_))));
        assert!(matches!(Record::from_canonical(b"{}"), Err(RecordError::Shape(_))));
    }
}
