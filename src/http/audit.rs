//! The audit log over HTTP: records, receipts, proofs, tiles, the whole log.
//!
//! Tiles, entries and the checkpoint are served as C2SP tlog-tiles describes, so that
//! anybody's tools can follow the log.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use super::access_events::purpose_of;
use super::asked::purpose;
use super::audit_filter::{Filter, FilterParams};
use super::caller::Requester;
use super::page::{List, PageParams, Params, PathOf};
use super::problem::Problem;
use super::state::Http;
use crate::access::Action;
use crate::audit::TilePath;
use crate::base::Time;
use crate::base::cursor::Cursor;
use crate::db::{AuditPiiRow, AuditRow};
use crate::flow::{AuditChecked, FlowError};

/// A record of the audit log.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuditEntry {
    /// Its place in the log, from 0.
    #[schema(example = 41)]
    index: i64,
    /// The record, byte for byte as it was hashed.
    #[schema(value_type = Object)]
    record: Box<RawValue>,
}

/// Two sizes of the log.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct GrowthParams {
    /// The smaller one.
    #[param(example = 7)]
    from: u64,
    /// The larger one.
    #[param(example = 41)]
    to: u64,
}

/// A proof that the log has only grown.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Growth {
    /// The smaller size.
    from: u64,
    /// The larger size.
    to: u64,
    /// Hashes (base64) of RFC 6962 section 2.1.2.
    proof: Vec<String>,
}

/// The log's public key and state.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuditState {
    /// The key that signs its heads, as a C2SP verifier key; null if nothing signs them.
    #[schema(example = "lethe/audit+c74f20a3+ATEDUMwqMfUFP1f1YWPpIvJmVqsrhK3sXKgBGlN4cmuL")]
    key: Option<String>,
    /// Records in it; 0 to those who may not verify it, since it grows with what is denied.
    #[schema(example = 42)]
    size: i64,
    /// Why its head is not signed any more; null if all is well, and to those who may not
    /// verify it.
    alarm: Option<String>,
    /// The last look at the whole log that found nothing; null before the first, and to those who
    /// may not verify it.
    checked: Option<CheckedState>,
}

/// A look at the whole log that found it as it was hashed and signed, and every record filed under
/// what its bytes say. Filters find by what records are filed under: what was filed elsewhere
/// after `since` may be missing from their answers until the next look.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CheckedState {
    /// When it began.
    #[schema(value_type = String, format = DateTime, example = "2026-11-20T12:00:00Z")]
    since: Time,
    /// How many records there were.
    #[schema(example = 42)]
    records: u64,
}

pub(super) fn entry(row: AuditRow) -> Result<AuditEntry, Problem> {
    let text = String::from_utf8(row.body).map_err(|_| corrupt(row.seq))?;
    let record = RawValue::from_string(text).map_err(|_| corrupt(row.seq))?;
    Ok(AuditEntry { index: row.seq, record })
}

fn corrupt(seq: i64) -> Problem {
    FlowError::Internal(format!("audit record {seq} is no JSON")).into()
}

pub(super) fn text(kind: &'static str, body: impl Into<Body>) -> Response {
    ([(header::CONTENT_TYPE, kind)], body.into()).into_response()
}

/// Tells what state the audit log is in.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", responses(
    (status = 200, description = "The log's key and state", body = AuditState)))]
pub(super) async fn state(
    State(http): State<Http>,
    asker: Requester,
) -> Result<Json<AuditState>, Problem> {
    let key = http.app.audit_key();
    if !http.app.allows(&asker.known, Action::AuditVerify) {
        return Ok(Json(AuditState { key, size: 0, alarm: None, checked: None }));
    }
    let size = http.app.audit_size().await?;
    let checked = http.app.audit_checked();
    let checked = checked.map(|AuditChecked { since, records }| CheckedState { since, records });
    Ok(Json(AuditState { key, size, alarm: http.app.audit_alarm(), checked }))
}

/// Lists records of the audit log, the latest first.
#[utoipa::path(get, path = "/api/v1/audit/records", tag = "audit", params(FilterParams, PageParams), responses(
    (status = 200, description = "A page of records", body = List<AuditEntry>),
    (status = 400, description = "A parameter is not understood", body = Problem),
    (status = 404, description = "No such dataset", body = Problem)))]
pub(super) async fn records(
    State(http): State<Http>,
    asker: Requester,
    Filter(filter): Filter,
    Params(page): Params<PageParams>,
) -> Result<Json<List<AuditEntry>>, Problem> {
    let page = page.page()?;
    let filter = filter.read(&http, &asker).await?;
    let before = page.after.map(|cursor| cursor.number);
    let rows = http.app.audit_records(&filter, before, page.limit).await?;
    let last = rows.last().filter(|_| rows.len() == page.limit);
    let next = last.map(|row| Cursor { number: row.seq, ..Cursor::default() }.encode());
    let items = rows.into_iter().map(entry).collect::<Result<_, _>>()?;
    Ok(Json(List { items, next }))
}

/// A record, with what is sealed beside it if that was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OpenedEntry {
    /// Its place in the log, from 0.
    #[schema(example = 41)]
    index: i64,
    /// The record, byte for byte as it was hashed.
    #[schema(value_type = Object)]
    record: Box<RawValue>,
    /// Personal values beside the record; absent unless `unseal` was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed: Option<Vec<OpenedValue>>,
}

/// A personal value beside a record.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OpenedValue {
    /// Which value of the record it is.
    #[schema(example = "reason")]
    slot: String,
    /// Whose it is, by reference.
    subject: Uuid,
    /// The value; null once its key was destroyed.
    value: Option<String>,
}

/// How a record is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OpenParams {
    /// Whether what is sealed beside it is opened, which is recorded; it takes the header
    /// `x-purpose` and the act `audit:unseal`.
    #[serde(default)]
    unseal: bool,
}

/// Gives one record of the audit log.
#[utoipa::path(get, path = "/api/v1/audit/records/{id}", tag = "audit",
    params(("id" = Uuid, Path, description = "The record's id"), OpenParams), responses(
    (status = 200, description = "The record", body = OpenedEntry),
    (status = 400, description = "No purpose was stated", body = Problem),
    (status = 404, description = "No such record", body = Problem)))]
pub(super) async fn record(
    State(http): State<Http>,
    PathOf(id): PathOf<Uuid>,
    Requester { known, actor }: Requester,
    headers: HeaderMap,
    Params(params): Params<OpenParams>,
) -> Result<Json<OpenedEntry>, Problem> {
    let entry = entry(http.app.audit_record(id).await?)?;
    let sealed = match purpose_of(params.unseal, purpose(&headers)?)? {
        Some(purpose) => {
            http.app.enter(&known, &actor, Action::AuditUnseal).await?;
            let values = http.app.unseal_record(&actor, purpose, id).await?;
            let value = |(row, value): (AuditPiiRow, Option<String>)| OpenedValue {
                slot: row.slot,
                subject: row.subject,
                value,
            };
            Some(values.into_iter().map(value).collect())
        }
        None => None,
    };
    let AuditEntry { index, record } = entry;
    Ok(Json(OpenedEntry { index, record, sealed }))
}

/// Proves that a record is in the log.
///
/// The answer (C2SP tlog-proof, version 1) is checked offline with the log's public key and
/// the record's bytes. A new record's receipt may take a second: it waits for a signed head.
#[utoipa::path(get, path = "/api/v1/audit/records/{id}/receipt", tag = "audit",
    params(("id" = Uuid, Path, description = "The record's id")), responses(
    (status = 200, description = "The receipt", body = String, content_type = "text/plain"),
    (status = 404, description = "No such record", body = Problem),
    (status = 503, description = "No signed head covers it yet", body = Problem)))]
pub(super) async fn receipt(
    State(http): State<Http>,
    PathOf(id): PathOf<Uuid>,
) -> Result<Response, Problem> {
    Ok(text("text/plain; charset=utf-8", http.app.audit_receipt(id).await?))
}

/// Gives the latest signed head of the log (C2SP tlog-checkpoint).
#[utoipa::path(get, path = "/api/v1/audit/checkpoint", tag = "audit", responses(
    (status = 200, description = "A signed note", body = String, content_type = "text/plain"),
    (status = 404, description = "None was signed yet", body = Problem)))]
pub(super) async fn checkpoint(State(http): State<Http>) -> Result<Response, Problem> {
    Ok(text("text/plain; charset=utf-8", http.app.audit_checkpoint().await?))
}

/// Proves that the log of one size is the beginning of that of another.
#[utoipa::path(get, path = "/api/v1/audit/consistency", tag = "audit", params(GrowthParams), responses(
    (status = 200, description = "The proof", body = Growth),
    (status = 400, description = "The log has no such sizes", body = Problem)))]
pub(super) async fn consistency(
    State(http): State<Http>,
    Params(params): Params<GrowthParams>,
) -> Result<Json<Growth>, Problem> {
    let (from, to) = (params.from, params.to);
    let proof = http.app.audit_consistency(from, to).await?;
    Ok(Json(Growth { from, to, proof: proof.iter().map(crate::audit::Hash::to_base64).collect() }))
}

/// The route of the tiles: their paths have several parts, which OpenAPI cannot say.
pub(super) fn tiles() -> OpenApiRouter<Http> {
    OpenApiRouter::with_openapi(Tiles::openapi())
        .route("/api/v1/audit/tile/{*path}", axum::routing::get(tile))
}

#[derive(OpenApi)]
#[openapi(paths(tile))]
struct Tiles;

/// Gives a tile of the tree, or a bundle of entries (C2SP tlog-tiles).
#[utoipa::path(get, path = "/api/v1/audit/tile/{path}", tag = "audit",
    params(("path" = String, Path, description = "`<L>/<N>[.p/<W>]` or `entries/<N>[.p/<W>]`", example = "0/000.p/7")),
    responses(
    (status = 200, description = "Hashes or entries", body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 400, description = "Not the path of a tile", body = Problem),
    (status = 404, description = "The log does not reach that far", body = Problem)))]
pub(super) async fn tile(
    State(http): State<Http>,
    PathOf(path): PathOf<String>,
) -> Result<Response, Problem> {
    let path: TilePath = format!("tile/{path}")
        .parse()
        .map_err(|_| Problem::bad_input("path", "must be a tile's path (C2SP tlog-tiles)"))?;
    let body = http.app.audit_tile(path).await?;
    Ok(text("application/octet-stream", Bytes::from(body)))
}
