//! Refused events of batches and imports: listed, read, replayed, removed.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::asked::Asked;
use super::page::{List, PageParams, Params, PathOf};
use super::problem::{Problem, ProblemFault};
use super::submit::with_position;
use crate::base::Time;
use crate::base::cursor::Cursor;
use crate::db::DeadLetterSummary;

/// A refused event.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeadLetterEntry {
    /// Its id; the same payload always has the same.
    id: Uuid,
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    received_at: Time,
    /// How it came: `batch` or `import`.
    #[schema(example = "batch")]
    source: String,
    /// The kind of refusal.
    #[schema(example = "invalid-event")]
    code: String,
    /// Everything that is wrong with it, as far as it is listed.
    #[schema(value_type = Vec<ProblemFault>)]
    faults: serde_json::Value,
    /// Its size.
    bytes: i64,
    /// When it was replayed, if it was.
    #[schema(value_type = Option<String>, format = DateTime)]
    replayed_at: Option<Time>,
}

impl From<DeadLetterSummary> for DeadLetterEntry {
    fn from(letter: DeadLetterSummary) -> Self {
        Self {
            id: letter.id,
            received_at: letter.received_at,
            source: letter.source,
            code: letter.code,
            faults: serde_json::from_str(&letter.reason).unwrap_or_default(),
            bytes: letter.bytes,
            replayed_at: letter.replayed_at,
        }
    }
}

/// A refused event and what came.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeadLetterFull {
    #[serde(flatten)]
    entry: DeadLetterEntry,
    /// What came, as text (bytes that are no UTF-8 are shown as U+FFFD); null to whoever does not
    /// see all of the catalog as it is, since it may name anything.
    payload: Option<String>,
}

/// Lists refused events, the latest first: those of namespaces that the asker may read them of.
#[utoipa::path(get, path = "/api/v1/dead-letters", tag = "events", params(PageParams), responses(
    (status = 200, description = "A page of refused events", body = List<DeadLetterEntry>),
    (status = 400, description = "A parameter is not understood", body = Problem)))]
pub(super) async fn list(
    asked: Asked,
    Params(params): Params<PageParams>,
) -> Result<Json<List<DeadLetterEntry>>, Problem> {
    let page = params.page()?;
    let before = page.after.map(|cursor| (Time::from_micros(cursor.number), cursor.id));
    let (rows, next) = asked.app.dead_letters(before, page.limit).await?;
    let next =
        next.map(|(at, id)| Cursor { number: at.as_micros(), id, ..Cursor::default() }.encode());
    Ok(Json(List { items: rows.into_iter().map(DeadLetterEntry::from).collect(), next }))
}

/// Gives one refused event with its payload.
#[utoipa::path(get, path = "/api/v1/dead-letters/{id}", tag = "events",
    params(("id" = Uuid, Path, description = "The dead letter's id")), responses(
    (status = 200, description = "The refused event", body = DeadLetterFull),
    (status = 404, description = "No such dead letter", body = Problem)))]
pub(super) async fn get(
    asked: Asked,
    PathOf(id): PathOf<Uuid>,
) -> Result<Json<DeadLetterFull>, Problem> {
    let (letter, is_readable) = asked.app.dead_letter(id).await?;
    let payload = is_readable.then(|| String::from_utf8_lossy(&letter.payload).into_owned());
    Ok(Json(DeadLetterFull { entry: letter.summary.into(), payload }))
}

/// Sends a refused event through again: as it came, or with a corrected event as the body.
///
/// A corrected event of another namespace or name than the refused one told is posted like any
/// other, and takes the right to.
#[utoipa::path(post, path = "/api/v1/dead-letters/{id}/replay", tag = "events",
    params(("id" = Uuid, Path, description = "The dead letter's id")),
    request_body(content = Option<serde_json::Value>, description = "The corrected event, as `POST /api/v1/lineage` takes it; empty or null to send it as it came"),
    responses(
    (status = 201, description = "It is on disk now"),
    (status = 403, description = "The corrected event is about something else, and may not be posted", body = Problem),
    (status = 404, description = "No such dead letter", body = Problem),
    (status = 422, description = "It is still not valid", body = Problem)))]
pub(super) async fn replay(
    asked: Asked,
    PathOf(id): PathOf<Uuid>,
    body: axum::body::Body,
) -> Result<Response, Problem> {
    let corrected = super::body::read(body, crate::base::limits::EVENT_BYTES_MAX).await?;
    let corrected = Some(corrected).filter(|bytes| !matches!(bytes.trim_ascii(), b"" | b"null"));
    let accepted = asked.app.replay(id, corrected.as_deref()).await?;
    Ok(with_position(accepted.position, StatusCode::CREATED))
}

/// Removes a refused event.
#[utoipa::path(delete, path = "/api/v1/dead-letters/{id}", tag = "events",
    params(("id" = Uuid, Path, description = "The dead letter's id")), responses(
    (status = 204, description = "It is gone"),
    (status = 404, description = "No such dead letter", body = Problem)))]
pub(super) async fn remove(asked: Asked, PathOf(id): PathOf<Uuid>) -> Result<Response, Problem> {
    asked.app.drop_dead_letter(id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
