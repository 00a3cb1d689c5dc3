//! Is it alive, is it ready, what does it measure, how far is everything.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::Problem;
use super::state::Http;
use crate::flow::Follower;

/// Commits that a follower may be behind before the node says it is not ready.
const BEHIND_MAX: u64 = 10_000;
/// How long the database may take to show a sign of life.
const PING_TIME_MAX: Duration = Duration::from_secs(3);

/// Says that the process is alive.
#[utoipa::path(get, path = "/livez", tag = "operation",
    responses((status = 200, description = "Alive", body = String, example = "ok")))]
pub(super) async fn livez() -> &'static str {
    "ok"
}

/// How far a follower is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FollowerState {
    /// `lineage` or `search`.
    #[schema(example = "lineage")]
    name: &'static str,
    /// The position it has reached.
    #[schema(example = 4711)]
    position: u64,
    /// Commits it has still to take in.
    #[schema(example = 0)]
    behind: u64,
}

/// What the node can do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ready {
    /// Whether it should be sent requests.
    ready: bool,
    /// `sqlite` or `postgres`.
    #[schema(example = "sqlite")]
    database: &'static str,
    /// Whether the database answers.
    database_answers: bool,
    /// The last commit's position.
    #[schema(example = 4711)]
    position: u64,
    /// The version of the rules that this node obeys.
    #[schema(example = 1)]
    policy_version: i64,
    /// Why these may not be the rules in force any more, and the node is not ready; null if they
    /// are.
    policy_alarm: Option<&'static str>,
    /// What is wrong with the audit log; null if it is what was signed. The node goes on.
    audit_alarm: Option<&'static str>,
    /// Loops of this node that show no sign of life, such as `lineage`, `search`, `rules`.
    standing_still: Vec<&'static str>,
    /// How far this machine's clock is behind the database's, which counts where several nodes share
    /// it, in milliseconds.
    #[schema(example = 0)]
    clock_behind_database_ms: i64,
    /// Events that wait for the writer.
    #[schema(example = 0)]
    waiting: usize,
    /// What cannot be written at present, such as for want of room: `database`, `data directory`.
    cannot_write: Vec<&'static str>,
    /// The file of the search index that was found damaged; null once it is built anew.
    search_damaged: Option<String>,
    /// How far each follower is.
    followers: Vec<FollowerState>,
}

async fn state(http: &Http) -> Ready {
    let app = &http.app;
    let head = tokio::time::timeout(PING_TIME_MAX, app.db().ping()).await;
    let head = head.ok().and_then(Result::ok);
    let database_answers = head.is_some();
    // What the database has, not what this node has heard of.
    let position = head.unwrap_or_default().max(app.positions().committed());
    let followers: Vec<FollowerState> = Follower::ALL
        .into_iter()
        .map(|follower| {
            let reached = app.positions().reached(follower);
            FollowerState {
                name: follower.as_str(),
                position: reached,
                behind: position.saturating_sub(reached),
            }
        })
        .collect();
    let close = followers.iter().all(|follower| follower.behind <= BEHIND_MAX);
    let started = Follower::ALL.into_iter().all(|follower| app.positions().has_started(follower));
    let obeyed = app.obeyed();
    let (cannot_write, standing_still) = (app.unwritable(), app.standing_still());
    let is_whole = cannot_write.is_empty() && standing_still.is_empty() && obeyed.alarm.is_none();
    Ready {
        policy_version: obeyed.version,
        policy_alarm: obeyed.alarm,
        audit_alarm: app.audit_differs().then_some("the audit log is not what was signed"),
        ready: database_answers && close && started && is_whole,
        database: app.db().kind(),
        database_answers,
        position,
        waiting: app.waiting(),
        cannot_write,
        standing_still,
        clock_behind_database_ms: app.clock_corrected_micros() / 1_000,
        search_damaged: app.index().damage(),
        followers,
    }
}

/// Says whether the node should be sent requests, and which follower is behind.
#[utoipa::path(get, path = "/readyz", tag = "operation", responses(
    (status = 200, description = "Ready", body = Ready),
    (status = 503, description = "Not ready; the body says why", body = Ready)))]
pub(super) async fn readyz(State(http): State<Http>) -> Response {
    let state = state(&http).await;
    let status = if state.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(state)).into_response()
}

/// Tells how far each follower of the change feed is.
#[utoipa::path(get, path = "/api/v1/followers", tag = "operation", responses(
    (status = 200, description = "The positions", body = Ready)))]
pub(super) async fn followers(State(http): State<Http>) -> Json<Ready> {
    Json(state(&http).await)
}

/// Gives the metrics in Prometheus' text format.
#[utoipa::path(get, path = "/metrics", tag = "operation", responses(
    (status = 200, description = "Metrics", body = String, content_type = "text/plain", example = "lethe_position 4711"),
    (status = 404, description = "Metrics are not collected", body = Problem)))]
pub(super) async fn metrics(State(http): State<Http>) -> Result<Response, Problem> {
    let Some(handle) = &http.metrics else { return Err(Problem::not_found("a metrics recorder")) };
    let app = &http.app;
    ::metrics::gauge!("lethe_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    let number = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    ::metrics::gauge!("lethe_position").set(number(app.positions().committed()));
    ::metrics::gauge!("lethe_queue_events").set(number(app.waiting() as u64));
    let writable = f64::from(u8::from(app.unwritable().is_empty()));
    ::metrics::gauge!("lethe_writable").set(writable);
    for follower in Follower::ALL {
        let reached = number(app.positions().reached(follower));
        ::metrics::gauge!("lethe_follower_position", "follower" => follower.as_str()).set(reached);
    }
    ::metrics::gauge!("lethe_audit_alarm").set(f64::from(u8::from(app.audit_alarm().is_some())));
    let behind = i32::try_from(app.clock_corrected_micros() / 1_000).unwrap_or(i32::MAX);
    ::metrics::gauge!("lethe_clock_behind_database_seconds").set(f64::from(behind) / 1_000.0);
    let ahead = u64::try_from(app.stamps_ahead_micros() / 1_000_000).unwrap_or(0);
    ::metrics::gauge!("lethe_clock_behind_seconds").set(number(ahead));
    let size = app.graph(|graph| (graph.node_count(), graph.edge_count(), graph.memory_bytes()))?;
    ::metrics::gauge!("lethe_lineage_nodes").set(number(size.0 as u64));
    ::metrics::gauge!("lethe_lineage_edges").set(number(size.1 as u64));
    ::metrics::gauge!("lethe_lineage_bytes").set(number(size.2 as u64));
    ::metrics::gauge!("lethe_search_documents").set(number(app.index().len()));
    handle.run_upkeep();
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    Ok((kind, handle.render()).into_response())
}
