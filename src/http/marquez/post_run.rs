//! Marquez's deprecated way to create runs and to mark their states.
//!
//! Each call is told to the catalog as the OpenLineage event it stands for, so that runs
//! made this way differ in nothing from others.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::OriginalUri;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto_run::RunDto;
use super::error::{Answer, ApiError, ErrorList, ErrorMessage};
use super::examples;
use super::extract::{At, Body, Checked, Params};
use super::read_jobs::find_job;
use super::read_runs::{find_run, write_run};
use super::tell::{facet, run_event, submit, told_id};
use crate::base::Time;
use crate::base::rng::Rng;
use crate::http::Http;
use crate::http::asked::Asked;
use crate::openlineage::{EventType, run_id};

/// What a run is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::RunMeta)]
pub(super) struct RunMeta {
    /// Its id; one is made if none is given.
    id: Option<String>,
    /// The start of the interval it stands for.
    #[schema(value_type = Option<String>, format = DateTime)]
    nominal_start_time: Option<Time>,
    /// The end of the interval it stands for.
    #[schema(value_type = Option<String>, format = DateTime)]
    nominal_end_time: Option<Time>,
    /// What it is started with.
    args: Option<BTreeMap<String, String>>,
}

impl Checked for RunMeta {
    fn missing(&self) -> Vec<&'static str> {
        Vec::new()
    }
}

pub(super) fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .routes(routes!(start_run))
        .routes(routes!(complete_run))
        .routes(routes!(fail_run))
        .routes(routes!(abort_run))
}

/// Create a run
///
/// Deprecated in Marquez in favour of OpenLineage events.
#[utoipa::path(post, path = "/api/v1/namespaces/{namespace}/jobs/{job}/runs", tag = "marquez",
    operation_id = "marquezCreateRun",
    params(("namespace" = String, Path, description = "The namespace's name"),
        ("job" = String, Path, description = "The job's name, percent-encoded")),
    request_body(content = RunMeta, example = json!({
        "nominalStartTime": "2020-02-22T22:00:00Z", "nominalEndTime": null, "args": {"day": "1"}})),
    responses((status = 201, body = RunDto, example = json!(examples::run())),
        (status = 400, body = ErrorMessage), (status = 404, body = ErrorMessage),
        (status = 422, body = ErrorList)))]
pub(super) async fn create_run(
    http: Asked,
    OriginalUri(uri): OriginalUri,
    At((namespace, name)): At<(String, String)>,
    Body(meta): Body<RunMeta>,
) -> Result<Response, ApiError> {
    let job = find_job(&http, &uri, &namespace, &name).await?;
    let now = http.app.stamp();
    let given = meta.id.clone().filter(|id| !id.is_empty());
    let id = given.as_deref().map_or_else(|| Rng::from_os().uuid_v7(now), |id| run_id(id).0);
    if given.is_some() && !http.app.run_rows(&[crate::base::RunId(id)]).await?.is_empty() {
        return Err(ApiError::bad(format!(
            "Run '{id}' already exists for '{name}' under namespace '{namespace}'."
        )));
    }
    let names = (job.doc.namespace.as_str(), job.doc.name.as_str());
    let mut event = run_event(names, id, now);
    event["run"]["facets"] = facets(&meta);
    submit(&http, &event, given.is_some()).await?;
    let run = find_run(&http, &id.to_string()).await?;
    let location = format!("/api/v1/jobs/runs/{id}");
    let body = Json(write_run(&http, run).await?);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], body).into_response())
}

/// Writes what is said of a new run as standard facets.
fn facets(meta: &RunMeta) -> Value {
    let mut facets = json!({});
    if let Some(start) = meta.nominal_start_time {
        let mut nominal = facet("1-0-1/NominalTimeRunFacet");
        nominal["nominalStartTime"] = json!(start);
        if let Some(end) = meta.nominal_end_time {
            nominal["nominalEndTime"] = json!(end);
        }
        facets["nominalTime"] = nominal;
    }
    if let Some(args) = meta.args.as_ref().filter(|args| !args.is_empty()) {
        let parameter = |(key, value): (&String, &String)| json!({"key": key, "value": value});
        let mut given = facet("1-0-0/ExecutionParametersRunFacet");
        given["parameters"] = args.iter().map(parameter).collect();
        facets["executionParameters"] = given;
    }
    facets
}

/// Mark a run as started
///
/// Deprecated in Marquez in favour of OpenLineage events.
#[utoipa::path(post, path = "/api/v1/jobs/runs/{id}/start", tag = "marquez",
    operation_id = "marquezStartRun",
    params(("id" = String, Path, description = "The run's id"),
        ("at" = Option<String>, Query, format = DateTime, description = "When; now if not said")),
    responses((status = 200, body = RunDto, example = json!(examples::run())),
        (status = 400, body = ErrorList), (status = 404, body = ErrorMessage)))]
async fn start_run(http: Asked, At(id): At<String>, params: Params) -> Answer<RunDto> {
    mark(&http, &id, &params, EventType::Start).await
}

/// Mark a run as completed
///
/// Deprecated in Marquez in favour of OpenLineage events.
#[utoipa::path(post, path = "/api/v1/jobs/runs/{id}/complete", tag = "marquez",
    operation_id = "marquezCompleteRun",
    params(("id" = String, Path, description = "The run's id"),
        ("at" = Option<String>, Query, format = DateTime, description = "When; now if not said")),
    responses((status = 200, body = RunDto, example = json!(examples::run())),
        (status = 400, body = ErrorList), (status = 404, body = ErrorMessage)))]
async fn complete_run(http: Asked, At(id): At<String>, params: Params) -> Answer<RunDto> {
    mark(&http, &id, &params, EventType::Complete).await
}

/// Mark a run as failed
///
/// Deprecated in Marquez in favour of OpenLineage events.
#[utoipa::path(post, path = "/api/v1/jobs/runs/{id}/fail", tag = "marquez",
    operation_id = "marquezFailRun",
    params(("id" = String, Path, description = "The run's id"),
        ("at" = Option<String>, Query, format = DateTime, description = "When; now if not said")),
    responses((status = 200, body = RunDto, example = json!(examples::run())),
        (status = 400, body = ErrorList), (status = 404, body = ErrorMessage)))]
async fn fail_run(http: Asked, At(id): At<String>, params: Params) -> Answer<RunDto> {
    mark(&http, &id, &params, EventType::Fail).await
}

/// Mark a run as aborted
///
/// Deprecated in Marquez in favour of OpenLineage events.
#[utoipa::path(post, path = "/api/v1/jobs/runs/{id}/abort", tag = "marquez",
    operation_id = "marquezAbortRun",
    params(("id" = String, Path, description = "The run's id"),
        ("at" = Option<String>, Query, format = DateTime, description = "When; now if not said")),
    responses((status = 200, body = RunDto, example = json!(examples::run())),
        (status = 400, body = ErrorList), (status = 404, body = ErrorMessage)))]
async fn abort_run(http: Asked, At(id): At<String>, params: Params) -> Answer<RunDto> {
    mark(&http, &id, &params, EventType::Abort).await
}

async fn mark(http: &Asked, id: &str, params: &Params, state: EventType) -> Answer<RunDto> {
    let at = params.time("at")?;
    let run = find_run(http, id).await?;
    // Now is after all that was told of it, also by a clock that is ahead.
    let at = at.unwrap_or_else(|| http.app.stamp().max(run.doc.seen().last.plus_micros(1)));
    let job = run.doc.job.as_ref();
    let names = job.map_or(("", ""), |job| (job.namespace.as_str(), job.name.as_str()));
    let mut event = run_event(names, told_id(run.id, &run.doc), at);
    event["eventType"] = json!(state.as_str());
    submit(http, &event, false).await?;
    let run = find_run(http, id).await?;
    Ok(Json(write_run(http, run).await?))
}
