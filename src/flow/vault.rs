//! Keys that Lethe keeps: opened from what the database holds, made where they are missing.
//!
//! The database holds wrapped keys only; what unwraps them stays with the key provider. Every
//! node with the same root key opens the same keys.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::audit::Signer;
use super::error::FlowError;
use crate::audit::VerifierKey;
use crate::base::{Digest, Time};
use crate::db::{Db, DbError, KeyRow, Tx};
use crate::keys::{
    BUCKETS_DEFAULT, BucketKey, DataKey, DataKeyRow, KeyError, KeyKind, KeyProvider, Keyring,
    SigningKey, SigningKeyRow, Wrapped,
};

/// What the key is for that seals the audit log's signing key.
const SEALING: &str = "signing keys";
/// The name of the audit log.
const AUDIT_ORIGIN: &str = "lethe/audit";

/// How the rows' kinds are numbered.
const BUCKET: i16 = 0;
const PURPOSE: i16 = 2;
const SIGNING: i16 = 3;

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

/// Opens the key that signs the audit log's head; makes it, and the keys above it, the first
/// time.
///
/// # Errors
///
/// [`FlowError::Internal`] if what the database holds cannot be opened with the provider's
/// root key, [`FlowError::Db`] if the database fails.
pub async fn open_signer(
    db: &Db,
    provider: Arc<dyn KeyProvider>,
    now: Time,
) -> Result<Signer, FlowError> {
    let ring = Keyring::new(provider, BUCKETS_DEFAULT);
    let kid = DataKeyRow::purpose_kid(SEALING);
    let bucket = ring.bucket_of(kid);
    // Under the writer's lock, so that of two nodes that start together one makes the keys.
    let mut tx = db.begin().await?;
    let bucket = open_bucket(db, &mut tx, &ring, bucket).await?;
    let key = open_purpose(db, &mut tx, &ring, &bucket, now).await?;
    let signing = open_signing(db, &mut tx, &bucket, &key).await?;
    tx.commit().await?;
    let key = VerifierKey::new(signing.name(), signing.public_key());
    let key = key.ok_or_else(|| FlowError::Internal("the signing key has no name".to_owned()))?;
    Ok(Signer::new(key, move |text| signing.sign(text)))
}

async fn open_bucket(
    db: &Db,
    tx: &mut Tx,
    ring: &Keyring,
    bucket: u32,
) -> Result<BucketKey, FlowError> {
    if let Some(row) = db.keys(BUCKET, number(bucket)).await?.into_iter().next() {
        let doc: BucketDoc = read(&row)?;
        let wrapped = Wrapped { root_version: doc.root_version, bytes: decode(&doc.wrapped)? };
        return Ok(BucketKey { bucket, generation: doc.generation, wrapped });
    }
    let made = ring.new_bucket(bucket).await.map_err(failed)?;
    let doc = BucketDoc {
        generation: made.generation,
        root_version: made.wrapped.root_version,
        wrapped: STANDARD.encode(&made.wrapped.bytes),
    };
    let id = Uuid::from_bytes(Digest::of_parts(&[b"bucket key", &bucket.to_be_bytes()]).0);
    store(tx, KeyRow { id, kind: BUCKET, bucket: number(bucket), doc: text(&doc) }).await?;
    Ok(made)
}

async fn open_purpose(
    db: &Db,
    tx: &mut Tx,
    ring: &Keyring,
    bucket: &BucketKey,
    now: Time,
) -> Result<Arc<DataKey>, FlowError> {
    let kid = DataKeyRow::purpose_kid(SEALING);
    let rows = db.keys(PURPOSE, number(bucket.bucket)).await?;
    if let Some(row) = rows.into_iter().find(|row| row.id == kid) {
        let doc: DataKeyDoc = read(&row)?;
        let row = DataKeyRow {
            kid,
            kind: KeyKind::Purpose,
            bucket: bucket.bucket,
            generation: doc.generation,
            wrapped: doc.wrapped.as_deref().map(decode).transpose()?,
            created: doc.created,
            shredded: doc.shredded,
        };
        return ring.open(bucket, &row).await.map_err(failed);
    }
    let (row, key) = ring.new_purpose(bucket, SEALING, now).await.map_err(failed)?;
    let doc = DataKeyDoc {
        generation: row.generation,
        wrapped: row.wrapped.as_deref().map(|bytes| STANDARD.encode(bytes)),
        created: row.created,
        shredded: row.shredded,
    };
    let (kind, bucket) = (PURPOSE, number(row.bucket));
    store(tx, KeyRow { id: kid, kind, bucket, doc: text(&doc) }).await?;
    Ok(key)
}

async fn open_signing(
    db: &Db,
    tx: &mut Tx,
    bucket: &BucketKey,
    key: &DataKey,
) -> Result<SigningKey, FlowError> {
    let id = Uuid::from_bytes(Digest::of_parts(&[b"signing key", AUDIT_ORIGIN.as_bytes()]).0);
    let rows = db.keys(SIGNING, number(bucket.bucket)).await?;
    if let Some(row) = rows.into_iter().find(|row| row.id == id) {
        let doc: SigningDoc = read(&row)?;
        let public = decode(&doc.public)?.try_into().map_err(|_| unreadable("its length"))?;
        let row = SigningKeyRow { name: doc.name, public, sealed: decode(&doc.sealed)? };
        return SigningKey::open(&row, key).map_err(failed);
    }
    let (signing, row) = SigningKey::generate(AUDIT_ORIGIN, key).map_err(failed)?;
    let doc = SigningDoc {
        name: row.name,
        public: STANDARD.encode(row.public),
        sealed: STANDARD.encode(&row.sealed),
    };
    let (kind, bucket) = (SIGNING, number(bucket.bucket));
    store(tx, KeyRow { id, kind, bucket, doc: text(&doc) }).await?;
    Ok(signing)
}

async fn store(tx: &mut Tx, row: KeyRow) -> Result<(), DbError> {
    tx.put_keys(&[row]).await
}

fn number(bucket: u32) -> i32 {
    i32::try_from(bucket).unwrap_or(i32::MAX)
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

fn failed(error: KeyError) -> FlowError {
    FlowError::Internal(format!("keys: {error}"))
}
