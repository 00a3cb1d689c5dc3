//! Keys: listed without their bytes, rotated, destroyed.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::caller::Caller;
use super::page::{List, PageParams, Params};
use super::problem::Problem;
use super::resource::read_json;
use super::state::Http;
use crate::base::Time;
use crate::base::cursor::Cursor;
use crate::flow::KeyEntry as Key;

/// What people send about a key has at most this size.
const BYTES_MAX: usize = 16 * 1024;

/// A key, without its bytes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeyEntry {
    /// Its id: of a subject's key the subject's reference.
    id: Uuid,
    /// `bucket`, `subject`, `purpose` or `signing`.
    #[schema(example = "subject")]
    kind: &'static str,
    /// The bucket it belongs to.
    bucket: i32,
    /// Which of the bucket's keys wraps it, or which it is.
    generation: Option<u32>,
    /// Which version of the root key wraps it; bucket keys only.
    root_version: Option<u32>,
    /// When it was made.
    #[schema(value_type = Option<String>, format = DateTime)]
    created_at: Option<Time>,
    /// When it was destroyed.
    #[schema(value_type = Option<String>, format = DateTime)]
    shredded_at: Option<Time>,
}

impl From<Key> for KeyEntry {
    fn from(key: Key) -> Self {
        let Key { id, kind, bucket, generation, root_version, created, shredded } = key;
        let (created_at, shredded_at) = (created, shredded);
        Self { id, kind, bucket, generation, root_version, created_at, shredded_at }
    }
}

/// Whose key is to be destroyed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ShredPut {
    /// The subject's reference, which is the key's id.
    subject: Uuid,
    /// Why; kept sealed beside the audit record.
    #[schema(example = "request 2026-118")]
    reason: Option<String>,
}

/// What a rotation did.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeysRotated {
    /// The version of the root key that is in use.
    root_version: u32,
    /// Bucket keys that were wrapped anew.
    buckets: usize,
}

/// What a rekeying did.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KeysRekeyed {
    /// Buckets that have a new key.
    buckets: usize,
}

/// Lists keys by id, without their bytes.
#[utoipa::path(get, path = "/api/v1/keys", tag = "keys", params(PageParams), responses(
    (status = 200, description = "A page of keys", body = List<KeyEntry>),
    (status = 400, description = "A parameter is not understood", body = Problem)))]
pub(super) async fn list(
    State(http): State<Http>,
    Params(params): Params<PageParams>,
) -> Result<Json<List<KeyEntry>>, Problem> {
    let page = params.page()?;
    let after = page.after.map_or(Uuid::nil(), |cursor| cursor.id);
    let keys = http.app.keys(after, page.limit).await?;
    let last = keys.last().filter(|_| keys.len() == page.limit);
    let next = last.map(|last| Cursor { id: last.id, ..Cursor::default() }.encode());
    Ok(Json(List { items: keys.into_iter().map(KeyEntry::from).collect(), next }))
}

/// Destroys a subject's key: what it sealed is gone for good, every proof still holds.
///
/// Backups reach back until the bucket is rekeyed and the root key's version of then destroyed.
#[utoipa::path(post, path = "/api/v1/keys/shred", tag = "keys", request_body(content = ShredPut), responses(
    (status = 200, description = "The key, destroyed", body = KeyEntry),
    (status = 400, description = "It is not a subject's key", body = Problem),
    (status = 404, description = "No such key", body = Problem)))]
pub(super) async fn shred(
    State(http): State<Http>,
    Caller(actor): Caller,
    body: Body,
) -> Result<Json<KeyEntry>, Problem> {
    let put: ShredPut = read_json(body, BYTES_MAX).await?;
    let key = http.app.shred_key(&actor, put.subject, put.reason.as_deref()).await?;
    Ok(Json(key.into()))
}

/// Rotates the root key, where its provider can, and wraps every bucket's key anew.
#[utoipa::path(post, path = "/api/v1/keys/rotate", tag = "keys", responses(
    (status = 200, description = "What was done", body = KeysRotated),
    (status = 409, description = "The root key is given from outside, and no new version was", body = Problem)))]
pub(super) async fn rotate(
    State(http): State<Http>,
    Caller(actor): Caller,
) -> Result<Json<KeysRotated>, Problem> {
    let done = http.app.rotate_root(&actor, true).await?;
    Ok(Json(KeysRotated { root_version: done.root_version, buckets: done.buckets }))
}

/// Gives new keys to the buckets in which something was shredded since their last one.
#[utoipa::path(post, path = "/api/v1/keys/rekey", tag = "keys", responses(
    (status = 200, description = "What was done", body = KeysRekeyed)))]
pub(super) async fn rekey(
    State(http): State<Http>,
    Caller(actor): Caller,
) -> Result<Json<KeysRekeyed>, Problem> {
    Ok(Json(KeysRekeyed { buckets: http.app.rekey(&actor, false, |_, _| {}).await? }))
}
