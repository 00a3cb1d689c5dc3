//! The audit log over HTTP: records, receipts, proofs, tiles, the whole log.
//!
//! Tiles, entries and the checkpoint are served as C2SP tlog-tiles describes, so that
//! anybody's tools can follow the log.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use super::page::{List, PageParams, Params, PathOf};
use super::problem::Problem;
use super::state::Http;
use crate::audit::TilePath;
use crate::base::Time;
use crate::base::cursor::Cursor;
use crate::db::{AuditFilter, AuditRow};
use crate::flow::FlowError;

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

/// Which records are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(super) struct RecordParams {
    /// By this principal.
    actor: Option<Uuid>,
    /// Of this action.
    #[param(example = "dataset:edit")]
    action: Option<String>,
    /// About this dataset, job, token, ….
    resource: Option<Uuid>,
    /// Concerning this person, by reference.
    subject: Option<Uuid>,
    /// That ended so: `done`, `allowed`, `denied` or `failed`.
    #[param(inline)]
    outcome: Option<OutcomeParam>,
    /// For this purpose.
    purpose: Option<String>,
    /// Made at this time or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Time>,
    /// Made before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Time>,
    /// Entries wanted, 1 to 1000; 100 if absent.
    limit: Option<usize>,
    /// Where to go on: the `next` of the page before.
    after: Option<String>,
}

/// How an act ended.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum OutcomeParam {
    /// It took effect.
    Done,
    /// It was allowed.
    Allowed,
    /// It was denied.
    Denied,
    /// It was tried and failed.
    Failed,
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
    /// Records in it.
    #[schema(example = 42)]
    size: i64,
    /// Why its head is not signed any more; null if all is well.
    alarm: Option<String>,
}

/// Where an export begins.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ExportParams {
    /// The first record's index; 0 if absent.
    #[serde(default)]
    from: u64,
}

fn entry(row: AuditRow) -> Result<AuditEntry, Problem> {
    let text = String::from_utf8(row.body).map_err(|_| corrupt(row.seq))?;
    let record = RawValue::from_string(text).map_err(|_| corrupt(row.seq))?;
    Ok(AuditEntry { index: row.seq, record })
}

fn corrupt(seq: i64) -> Problem {
    FlowError::Internal(format!("audit record {seq} is no JSON")).into()
}

fn text(kind: &'static str, body: impl Into<Body>) -> Response {
    ([(header::CONTENT_TYPE, kind)], body.into()).into_response()
}

/// Tells what state the audit log is in.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", responses(
    (status = 200, description = "The log's key and state", body = AuditState)))]
pub(super) async fn state(State(http): State<Http>) -> Result<Json<AuditState>, Problem> {
    let size = http.app.db().audit_size().await.map_err(FlowError::from)?;
    Ok(Json(AuditState { key: http.app.audit_key(), size, alarm: http.app.audit_alarm() }))
}

/// Lists records of the audit log, the latest first.
#[utoipa::path(get, path = "/api/v1/audit/records", tag = "audit", params(RecordParams), responses(
    (status = 200, description = "A page of records", body = List<AuditEntry>),
    (status = 400, description = "A parameter is not understood", body = Problem)))]
pub(super) async fn records(
    State(http): State<Http>,
    Params(params): Params<RecordParams>,
) -> Result<Json<List<AuditEntry>>, Problem> {
    for (name, text) in [("action", &params.action), ("purpose", &params.purpose)] {
        if text.as_ref().is_some_and(|text| text.contains('\0')) {
            return Err(Problem::bad_input(name, "must not contain the character NUL"));
        }
    }
    let page = PageParams { limit: params.limit, after: params.after }.page()?;
    let filter = AuditFilter {
        actor: params.actor,
        action: params.action,
        resource: params.resource,
        subject: params.subject,
        outcome: params.outcome.map(|outcome| match outcome {
            OutcomeParam::Done => 0,
            OutcomeParam::Allowed => 1,
            OutcomeParam::Denied => 2,
            OutcomeParam::Failed => 3,
        }),
        purpose: params.purpose,
        from: params.from,
        until: params.until,
    };
    let before = page.after.map(|cursor| cursor.number);
    let rows = http.app.audit_records(&filter, before, page.limit).await?;
    let last = rows.last().filter(|_| rows.len() == page.limit);
    let next =
        last.map(|row| Cursor { number: row.seq, text: String::new(), id: Uuid::nil() }.encode());
    let items = rows.into_iter().map(entry).collect::<Result<_, _>>()?;
    Ok(Json(List { items, next }))
}

/// Gives one record of the audit log.
#[utoipa::path(get, path = "/api/v1/audit/records/{id}", tag = "audit",
    params(("id" = Uuid, Path, description = "The record's id")), responses(
    (status = 200, description = "The record", body = AuditEntry),
    (status = 404, description = "No such record", body = Problem)))]
pub(super) async fn record(
    State(http): State<Http>,
    PathOf(id): PathOf<Uuid>,
) -> Result<Json<AuditEntry>, Problem> {
    Ok(Json(entry(http.app.audit_record(id).await?)?))
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

/// Exports the log as JSON Lines that are checked offline (`lethe audit verify`).
#[utoipa::path(get, path = "/api/v1/audit/export", tag = "audit", params(ExportParams), responses(
    (status = 200, description = "A bundle: records, signed heads", body = String, content_type = "application/jsonl"),
    (status = 400, description = "The log does not reach so far", body = Problem),
    (status = 404, description = "No head was signed yet", body = Problem)))]
pub(super) async fn export(
    State(http): State<Http>,
    Params(params): Params<ExportParams>,
) -> Result<Response, Problem> {
    let export = http.app.audit_export(params.from).await?;
    let parts = futures_util::stream::try_unfold(export, |mut export| async move {
        let part = export.next().await.map_err(std::io::Error::other)?;
        Ok::<_, std::io::Error>(part.map(|part| (Bytes::from(part), export)))
    });
    Ok(text("application/jsonl", Body::from_stream(parts)))
}
