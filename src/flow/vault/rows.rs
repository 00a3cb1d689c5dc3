//! How wrapped keys lie in the database: a row each, what is particular to a kind as JSON.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::error::FlowError;
use crate::base::{Digest, Time};
use crate::db::{DbError, KeyRow};
use crate::keys::{BucketKey, DataKeyRow, KeyError, KeyKind, SigningKeyRow, Wrapped};

/// How the rows' kinds are numbered.
pub(in crate::flow) const BUCKET: i16 = 0;
pub(in crate::flow) const SUBJECT: i16 = 1;
pub(in crate::flow) const PURPOSE: i16 = 2;
pub(in crate::flow) const SIGNING: i16 = 3;

#[derive(Serialize, Deserialize)]
struct BucketDoc {
    generation: u32,
    root_version: u32,
    wrapped: String,
}

#[derive(Serialize, Deserialize)]
struct DataKeyDoc {
    generation: u32,
    wrapped: Option<String>,
    created: Time,
    shredded: Option<Time>,
}

#[derive(Serialize, Deserialize)]
struct SigningDoc {
    name: String,
    public: String,
    sealed: String,
}

/// Returns the id of the row that holds a bucket's key.
pub(super) fn bucket_id(bucket: u32) -> Uuid {
    Uuid::from_bytes(Digest::of_parts(&[b"bucket key", &bucket.to_be_bytes()]).0)
}

/// Returns the id of the row that holds a log's signing key.
pub(super) fn signing_id(origin: &str) -> Uuid {
    Uuid::from_bytes(Digest::of_parts(&[b"signing key", origin.as_bytes()]).0)
}

pub(in crate::flow) fn read_bucket(row: &KeyRow) -> Result<BucketKey, DbError> {
    let doc: BucketDoc = read(row)?;
    let wrapped = Wrapped { root_version: doc.root_version, bytes: decode(&doc.wrapped)? };
    Ok(BucketKey { bucket: unsigned(row.bucket), generation: doc.generation, wrapped })
}

pub(in crate::flow) fn write_bucket(key: &BucketKey) -> KeyRow {
    let doc = BucketDoc {
        generation: key.generation,
        root_version: key.wrapped.root_version,
        wrapped: STANDARD.encode(&key.wrapped.bytes),
    };
    let id = bucket_id(key.bucket);
    KeyRow { id, kind: BUCKET, bucket: number(key.bucket), doc: text(&doc) }
}

pub(in crate::flow) fn read_data_key(row: &KeyRow) -> Result<DataKeyRow, DbError> {
    let doc: DataKeyDoc = read(row)?;
    Ok(DataKeyRow {
        kid: row.id,
        kind: if row.kind == SUBJECT { KeyKind::Subject } else { KeyKind::Purpose },
        bucket: unsigned(row.bucket),
        generation: doc.generation,
        wrapped: doc.wrapped.as_deref().map(decode).transpose()?,
        created: doc.created,
        shredded: doc.shredded,
    })
}

pub(in crate::flow) fn write_data_key(key: &DataKeyRow) -> KeyRow {
    let doc = DataKeyDoc {
        generation: key.generation,
        wrapped: key.wrapped.as_deref().map(|bytes| STANDARD.encode(bytes)),
        created: key.created,
        shredded: key.shredded,
    };
    let kind = if key.kind == KeyKind::Subject { SUBJECT } else { PURPOSE };
    KeyRow { id: key.kid, kind, bucket: number(key.bucket), doc: text(&doc) }
}

pub(super) fn read_signing(row: &KeyRow) -> Result<SigningKeyRow, DbError> {
    let doc: SigningDoc = read(row)?;
    let public = decode(&doc.public)?.try_into().map_err(|_| unreadable("its length"))?;
    Ok(SigningKeyRow { name: doc.name, public, sealed: decode(&doc.sealed)? })
}

pub(super) fn write_signing(id: Uuid, bucket: u32, key: &SigningKeyRow) -> KeyRow {
    let doc = SigningDoc {
        name: key.name.clone(),
        public: STANDARD.encode(key.public),
        sealed: STANDARD.encode(&key.sealed),
    };
    KeyRow { id, kind: SIGNING, bucket: number(bucket), doc: text(&doc) }
}

fn number(bucket: u32) -> i32 {
    i32::try_from(bucket).unwrap_or(i32::MAX)
}

fn unsigned(bucket: i32) -> u32 {
    u32::try_from(bucket).unwrap_or_default()
}

fn text(doc: &impl Serialize) -> String {
    // A struct of texts and numbers always serialises.
    serde_json::to_string(doc).unwrap_or_default()
}

fn read<T: for<'a> Deserialize<'a>>(row: &KeyRow) -> Result<T, DbError> {
    serde_json::from_str(&row.doc).map_err(unreadable)
}

fn decode(text: &str) -> Result<Vec<u8>, DbError> {
    STANDARD.decode(text).map_err(unreadable)
}

fn unreadable(why: impl std::fmt::Display) -> DbError {
    DbError::Corrupt { what: "key", why: why.to_string() }
}

/// Says that keys could not be used; no message of theirs holds a secret.
pub(in crate::flow) fn failed(error: KeyError) -> FlowError {
    FlowError::Internal(format!("keys: {error}"))
}
