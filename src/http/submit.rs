//! Events come in: one, a batch, a stream.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::TryStreamExt;
use serde::Serialize;
use tokio_util::io::StreamReader;
use utoipa::ToSchema;

use super::aside::aside;
use super::body;
use super::caller::Requester;
use super::documents;
use super::problem::Problem;
use super::state::Http;
use crate::access::Action;
use crate::base::Position;
use crate::base::limits::{BODY_BYTES_MAX, EVENT_BYTES_MAX};
use crate::flow::{Importer, Refused, Submission};
use crate::openlineage::{Parsed, Rejection, parse, parse_array};

/// Events larger than this are parsed aside, so that they hold nobody up.
const PARSE_ASIDE_BYTES: usize = 128 * 1024;
/// The header that tells the position at which a write can be seen.
pub(super) static POSITION: HeaderName = HeaderName::from_static("lethe-position");

/// The header that tells the same with the history that it lies in.
pub(super) static MARK: HeaderName = HeaderName::from_static("lethe-mark");

pub(super) fn with_position(
    position: impl Into<Position>,
    response: impl IntoResponse,
) -> Response {
    let (position, mut response) = (position.into(), response.into_response());
    let headers = response.headers_mut();
    headers.insert(POSITION.clone(), HeaderValue::from(position.number));
    if let Ok(mark) = HeaderValue::from_str(&position.to_string()) {
        headers.insert(MARK.clone(), mark);
    }
    response
}

fn parse_off(bytes: &[u8]) -> Result<Parsed, Rejection> {
    if bytes.len() > PARSE_ASIDE_BYTES { aside(|| parse(bytes)) } else { parse(bytes) }
}

/// Takes one OpenLineage event.
///
/// Answers after the event is on disk. The same event twice is one. The body may be packed
/// (`Content-Encoding: gzip` or `zstd`). An event that is refused gets a 4xx: sending it again
/// does not help.
#[utoipa::path(
    post, path = "/api/v1/lineage", tag = "ingest",
    request_body(content = documents::OpenLineageEvent, description = "A RunEvent, JobEvent or DatasetEvent (OpenLineage 2-0-2)", example = json!({
        "eventType": "START", "eventTime": "2026-11-20T12:00:00Z", "producer": "https://example.com/etl",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": "0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a69"}, "job": {"namespace": "etl", "name": "orders.daily"},
        "inputs": [{"namespace": "postgres://db:5432", "name": "shop.public.orders"}], "outputs": []
    })),
    responses(
        (status = 201, description = "The event is on disk; `lethe-position` tells when followers have seen it"),
        (status = 400, description = "The body is not JSON", body = Problem),
        (status = 413, description = "The event is too large", body = Problem),
        (status = 422, description = "The event is not valid; every fault is listed", body = Problem),
        (status = 503, description = "Try again after `Retry-After` seconds", body = Problem),
    )
)]
pub(super) async fn post_event(
    State(http): State<Http>,
    Requester { known, actor }: Requester,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = body::read(body, EVENT_BYTES_MAX).await?;
    let parsed = parse_off(&bytes)?;
    let submission = Submission::of(parsed).said_by(http.app.voice(&known));
    http.app.enter_with(&known, &actor, Action::EventIngest, &submission).await?;
    let accepted = http.app.submit(submission).await?;
    Ok(with_position(accepted.position, StatusCode::CREATED))
}

/// What became of a batch, as the standard words it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BatchResult {
    /// `success` or `partial_success`.
    #[schema(example = "partial_success")]
    status: &'static str,
    /// How many.
    summary: BatchSummary,
    /// The events that were refused.
    failed_events: Vec<FailedEvent>,
}

/// How many events of a batch became what.
#[derive(Debug, Serialize, ToSchema)]
struct BatchSummary {
    /// Events in the batch.
    received: usize,
    /// Events that are on disk, those known before included.
    successful: usize,
    /// Events that were refused.
    failed: usize,
    /// Refused events that may be accepted later: none.
    retriable: usize,
    /// Refused events that will always be refused; they are kept as dead letters.
    non_retriable: usize,
}

/// An event of a batch that was refused.
#[derive(Debug, Serialize, ToSchema)]
struct FailedEvent {
    /// Its place in the batch, from 0.
    index: usize,
    /// Why.
    #[schema(example = "/job/name must not be missing")]
    reason: String,
    /// Whether sending it again may help.
    retriable: bool,
}

/// Takes a batch of OpenLineage events.
///
/// Good events are kept together with the refusals of the bad ones, which become dead letters.
#[utoipa::path(
    post, path = "/api/v1/lineage/batch", tag = "ingest",
    request_body(content = Vec<serde_json::Value>, description = "Up to 10,000 events of any kind", example = json!([{
        "eventTime": "2026-11-20T12:00:00Z", "producer": "https://example.com/etl",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent",
        "dataset": {"namespace": "postgres://db:5432", "name": "shop.public.orders"}
    }])),
    responses(
        (status = 200, description = "What became of each event", body = BatchResult),
        (status = 400, description = "The body is no JSON array", body = Problem),
        (status = 413, description = "The batch is too large", body = Problem),
        (status = 422, description = "The batch as a whole is not valid", body = Problem),
        (status = 503, description = "Nothing was kept; try again after `Retry-After` seconds", body = Problem),
    )
)]
pub(super) async fn post_batch(
    State(http): State<Http>,
    Requester { known, actor }: Requester,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = body::read(body, BODY_BYTES_MAX).await?;
    let (submission, failed_events) = aside(|| split(&bytes))?;
    http.app.enter_with(&known, &actor, Action::EventIngest, &submission).await?;
    let (successful, failed) = (submission.events.len(), failed_events.len());
    let accepted = http.app.submit(submission.said_by(http.app.voice(&known))).await?;
    let result = BatchResult {
        status: if failed == 0 { "success" } else { "partial_success" },
        summary: BatchSummary {
            received: successful + failed,
            successful,
            failed,
            retriable: 0,
            non_retriable: failed,
        },
        failed_events,
    };
    Ok(with_position(accepted.position, Json(result)))
}

fn split(bytes: &[u8]) -> Result<(Submission, Vec<FailedEvent>), Rejection> {
    let mut submission = Submission::default();
    let mut failed = Vec::new();
    for (index, text) in parse_array(bytes)?.into_iter().enumerate() {
        match parse(text) {
            Ok(event) => submission.events.push(event),
            Err(rejection) => {
                failed.push(FailedEvent { index, reason: rejection.to_string(), retriable: false });
                let payload = text.to_vec();
                submission.refused.push(Refused::new("batch", payload, rejection));
            }
        }
    }
    Ok((submission, failed))
}

/// What became of an import.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ImportResult {
    /// Lines that held something.
    received: u64,
    /// Events that are new.
    new: u64,
    /// Events that were known before.
    known: u64,
    /// Lines that were refused; they are dead letters now.
    refused: u64,
}

/// Takes a stream of events, one JSON event a line (NDJSON).
///
/// The stream may be of any length. Each event is decided about by its namespace before it is
/// taken, and who sends them is asked anew every 1,000 events or 8 MiB. What was taken before a failure or a denial stays; sending all again is safe, since
/// known events are passed by.
#[utoipa::path(
    post, path = "/api/v1/events/import", tag = "ingest",
    request_body(content = String, content_type = "application/x-ndjson", description = "One event a line",
        example = "{\"eventTime\":\"2026-11-20T12:00:00Z\",\"producer\":\"https://example.com/etl\",\"dataset\":{\"namespace\":\"postgres://db:5432\",\"name\":\"shop.public.orders\"}}\n"),
    responses(
        (status = 200, description = "What became of the lines", body = ImportResult),
        (status = 400, description = "The stream broke off or is not what its Content-Encoding says", body = Problem),
        (status = 403, description = "An event is of a namespace that is not the sender's to import for", body = Problem),
        (status = 503, description = "Try again after `Retry-After` seconds", body = Problem),
    )
)]
pub(super) async fn post_import(
    State(http): State<Http>,
    Requester { known, actor }: Requester,
    body: Body,
) -> Result<Response, Problem> {
    http.app.enter_at_all(&known, &actor, Action::EventImport).await?;
    let stream = body.into_data_stream().map_err(std::io::Error::other);
    let by = Importer::Known(&known, &actor);
    let done = http.app.import(StreamReader::new(stream), by, (None, 0), |_| {}).await?;
    let result = ImportResult {
        received: done.received,
        new: done.new,
        known: done.known,
        refused: done.refused,
    };
    Ok(with_position(done.position, Json(result)))
}
