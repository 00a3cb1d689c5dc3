//! Runs: a job's runs, one run, its facets.

use axum::Json;
use axum::extract::OriginalUri;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::dto_run::RunDto;
use super::error::{Answer, ApiError, ErrorList, ErrorMessage};
use super::examples;
use super::extract::{At, PageParams, Params};
use super::facets::{Detail, FacetMap, facet_map};
use super::post_run;
use super::read_jobs::find_job;
use super::read_runs::{self, find_run, write_run};
use crate::flow::RunFull;
use crate::http::Http;
use crate::http::asked::Asked;

/// Runs of a job.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::Runs)]
struct RunsDto {
    /// The runs, the last started first.
    runs: Vec<RunDto>,
    /// How many there are in all.
    total_count: u32,
}

/// The facets of a run or of its job.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::RunFacets)]
struct RunFacetsDto {
    /// The run.
    run_id: Uuid,
    /// The facets.
    #[schema(value_type = Object)]
    facets: FacetMap,
}

/// Whose facets are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FacetsOf {
    Run,
    Job,
}

pub(super) fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .routes(routes!(list_runs, post_run::create_run))
        .routes(routes!(get_run))
        .routes(routes!(get_facets))
}

/// List a job's runs
#[utoipa::path(get, path = "/api/v1/namespaces/{namespace}/jobs/{job}/runs", tag = "marquez",
    operation_id = "marquezListRuns",
    params(("namespace" = String, Path, description = "The namespace's name"),
        ("job" = String, Path, description = "The job's name, percent-encoded"), PageParams),
    responses((status = 200, body = RunsDto, example = json!({"runs": [examples::run()], "totalCount": 1})),
        (status = 400, body = ErrorList), (status = 404, body = ErrorMessage)))]
async fn list_runs(
    http: Asked,
    OriginalUri(uri): OriginalUri,
    At((namespace, name)): At<(String, String)>,
    params: Params,
) -> Answer<RunsDto> {
    let page = params.page()?;
    let job = find_job(&http, &uri, &namespace, &name).await?;
    let rows = http.app.runs_of_job_at(job.id, page.limit, page.offset).await?;
    let runs = read_runs::list_runs(&http, &rows).await?;
    Ok(Json(RunsDto { runs, total_count: job.doc.runs_kept() }))
}

/// Get a run
#[utoipa::path(get, path = "/api/v1/jobs/runs/{id}", tag = "marquez",
    operation_id = "marquezGetRun",
    params(("id" = String, Path, description = "The run's id; one that is no UUID is found too")),
    responses((status = 200, body = RunDto, example = json!(examples::run())),
        (status = 404, body = ErrorMessage)))]
async fn get_run(http: Asked, At(id): At<String>) -> Answer<RunDto> {
    let run = find_run(&http, &id).await?;
    Ok(Json(write_run(&http, run).await?))
}

/// Get the facets of a run or of its job
#[utoipa::path(get, path = "/api/v1/jobs/runs/{id}/facets", tag = "marquez",
    operation_id = "marquezGetRunFacets",
    params(("id" = String, Path, description = "The run's id"),
        ("type" = String, Query, pattern = "^(run|job)$", description = "run or job")),
    responses((status = 200, body = RunFacetsDto, example = json!({
            "runId": "870492da-ecfb-4be0-91b9-9a89ddd3db90", "facets": {}})),
        (status = 400, body = ErrorList), (status = 404, body = ErrorMessage)))]
async fn get_facets(http: Asked, At(id): At<String>, params: Params) -> Answer<RunFacetsDto> {
    let whose = params.choice("type", &[("RUN", FacetsOf::Run), ("JOB", FacetsOf::Job)])?;
    let whose = whose.ok_or_else(|| ApiError::param("type", "must not be null"))?;
    let run = find_run(&http, &id).await?;
    let facets = match whose {
        FacetsOf::Run => facet_map(&run.doc.facets, &run.bodies, Detail::Full),
        FacetsOf::Job => job_facets(&http, &run).await?,
    };
    Ok(Json(RunFacetsDto { run_id: run.id.0, facets }))
}

async fn job_facets(http: &Asked, run: &RunFull) -> Result<FacetMap, ApiError> {
    let Some(job) = &run.doc.job else { return Ok(FacetMap::new()) };
    let job = http.app.job_by_id(job.id()).await?;
    Ok(job.map(|job| facet_map(&job.doc.facets, &job.bodies, Detail::Full)).unwrap_or_default())
}
