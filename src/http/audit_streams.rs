//! The audit log in streams: exported, or followed live.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CACHE_CONTROL;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::audit::{entry, text};
use super::audit_filter::{Filter, FilterParams};
use super::caller::{Requester, listener};
use super::guard::may_still;
use super::page::Params;
use super::problem::Problem;
use super::site::Site;
use super::state::Http;
use crate::access::Action;
use crate::db::AuditRow;
use crate::flow::{AuditTail, ExportQuestion};

/// The index of the last record that a listener has seen (WHATWG server-sent events).
const LAST_EVENT_ID: &str = "last-event-id";
/// How often something is said to a listener even if nothing happens.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How often it is decided again whether a listener may listen.
const DECIDED_FOR: Duration = Duration::from_secs(1);

/// What is exported.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExportParams {
    /// The first record's index; 0 if absent.
    #[serde(default)]
    from_index: u64,
    /// `bundle` (if absent) or `ocsf`.
    #[serde(default)]
    #[param(inline)]
    format: FormatParam,
}

/// The form of an export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum FormatParam {
    /// Records and signed heads, which `lethe audit verify` checks.
    #[default]
    Bundle,
    /// Events of the Open Cybersecurity Schema Framework, API Activity (6003).
    Ocsf,
}

/// Exports the log as JSON Lines that are checked offline (`lethe audit verify`).
///
/// With a filter each record comes with its own proof; that none was left out is not provable
/// then. The export is recorded before its first byte. As `ocsf` it proves nothing.
#[utoipa::path(get, path = "/api/v1/audit/export", tag = "audit", params(FilterParams, ExportParams), responses(
    (status = 200, description = "A bundle: records, signed heads; or events", body = String, content_type = "application/jsonl"),
    (status = 400, description = "A parameter is not understood, or the log does not reach so far", body = Problem),
    (status = 404, description = "No head was signed yet", body = Problem)))]
pub(super) async fn export(
    State(http): State<Http>,
    asker: Requester,
    site: Site,
    headers: HeaderMap,
    Filter(filter): Filter,
    Params(params): Params<ExportParams>,
) -> Result<Response, Problem> {
    let filter = filter.read(&http, &asker).await?;
    let ocsf = params.format == FormatParam::Ocsf;
    let question = ExportQuestion { from: params.from_index, filter, ocsf };
    let export = http.app.audit_export(&asker.actor, question).await?;
    let begun = (export, http, site, headers, Instant::now());
    let parts =
        stream::try_unfold(begun, |(mut export, http, site, headers, mut decided)| async move {
            // Whoever reads slowly may be shut out before the end.
            if decided.elapsed() > DECIDED_FOR {
                if !may_still(&http, (&site, &headers), Action::AuditExport).await {
                    return Err(std::io::Error::other("whoever exports may no longer"));
                }
                decided = Instant::now();
            }
            let part = export.next().await.map_err(std::io::Error::other)?;
            Ok(part.map(|part| (Bytes::from(part), (export, http, site, headers, decided))))
        });
    Ok(text("application/jsonl", Body::from_stream(parts)))
}

/// Follows the log live, as server-sent events.
///
/// Each event is a record, its id the record's index; whoever comes back with `Last-Event-ID` misses
/// nothing, whoever comes without begins at the log's end. Ends when the listener may no
/// longer listen or Lethe stops.
#[utoipa::path(get, path = "/api/v1/audit/tail", tag = "audit", params(FilterParams,
    ("last-event-id" = Option<i64>, Header, description = "The index of the last record that was seen", example = 41)), responses(
    (status = 200, description = "Records as they come", body = String, content_type = "text/event-stream"),
    (status = 400, description = "A parameter is not understood", body = Problem),
    (status = 503, description = "Too many listen already", body = Problem)))]
pub(super) async fn tail(
    State(http): State<Http>,
    asker: Requester,
    site: Site,
    headers: HeaderMap,
    Filter(filter): Filter,
) -> Result<Response, Problem> {
    let filter = filter.read(&http, &asker).await?;
    let after = headers.get(LAST_EVENT_ID).map(|id| {
        let id = id.to_str().ok().and_then(|id| id.parse::<i64>().ok());
        id.ok_or_else(|| Problem::bad_input(LAST_EVENT_ID, "must be a record's index"))
    });
    let who = listener(&asker.known, &site);
    let tail = http.app.audit_tail(who, filter, after.transpose()?).await??;
    let listening = Listening { http, site, headers, tail, decided: Instant::now() };
    let keep_alive = KeepAlive::new().interval(HEARTBEAT);
    let stream = Sse::new(records(listening)).keep_alive(keep_alive);
    Ok(([(CACHE_CONTROL, "private, no-store")], stream).into_response())
}

/// Somebody who listens.
struct Listening {
    http: Http,
    site: Site,
    headers: HeaderMap,
    tail: AuditTail,
    decided: Instant,
}

fn records(listening: Listening) -> impl Stream<Item = Result<Event, Infallible>> {
    let parts = stream::unfold(listening, |mut listening| async move {
        if listening.decided.elapsed() > DECIDED_FOR {
            if !may_still(&listening.http, (&listening.site, &listening.headers), Action::AuditRead)
                .await
            {
                return None;
            }
            listening.decided = Instant::now();
        }
        // A listener whom the database failed comes back with what it saw last.
        let rows = listening.tail.next().await.ok()??;
        let events: Vec<_> = rows.into_iter().filter_map(event).map(Ok).collect();
        Some((stream::iter(events), listening))
    });
    futures_util::StreamExt::flatten(parts)
}

fn event(row: AuditRow) -> Option<Event> {
    let id = row.seq.to_string();
    Event::default().event("record").id(id).json_data(entry(row).ok()?).ok()
}
