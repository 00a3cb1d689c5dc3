//! Versions of a job: each set of inputs, outputs and code it had.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::OriginalUri;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::dto_job::JobVersionDto;
use super::error::{Answer, ApiError, ErrorList, ErrorMessage, Thing};
use super::examples;
use super::extract::{At, PageParams, Params};
use super::names::Names;
use super::read_jobs::find_job;
use super::read_runs::list_runs;
use crate::base::Digest;
use crate::db::RunRow;
use crate::flow::{JobFull, JobVersion};
use crate::http::Http;
use crate::http::asked::Asked;

/// Runs of a job that are looked through for the latest one of each version.
const RUNS_SEEN: usize = 100;

/// Versions of a job.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = marquez::JobVersions)]
struct JobVersionsDto {
    /// The versions, the newest first.
    versions: Vec<JobVersionDto>,
}

pub(super) fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(list_versions)).routes(routes!(get_version))
}

/// List a job's versions
#[utoipa::path(get, path = "/api/v1/namespaces/{namespace}/jobs/{job}/versions", tag = "marquez",
    operation_id = "marquezListJobVersions",
    params(("namespace" = String, Path, description = "The namespace's name"),
        ("job" = String, Path, description = "The job's name, percent-encoded"), PageParams),
    responses((status = 200, body = JobVersionsDto, example = json!({"versions": [examples::job_version()]})),
        (status = 400, body = ErrorList), (status = 404, body = ErrorMessage)))]
async fn list_versions(
    http: Asked,
    OriginalUri(uri): OriginalUri,
    At((namespace, name)): At<(String, String)>,
    params: Params,
) -> Answer<JobVersionsDto> {
    let page = params.page()?;
    let job = find_job(&http, &uri, &namespace, &name).await?;
    let (versions, _) = http.app.job_versions(&job, page.limit, page.offset).await?;
    Ok(Json(JobVersionsDto { versions: write_versions(&http, &job, versions).await? }))
}

/// Get a version of a job
#[utoipa::path(get, path = "/api/v1/namespaces/{namespace}/jobs/{job}/versions/{version}",
    tag = "marquez", operation_id = "marquezGetJobVersion",
    params(("namespace" = String, Path, description = "The namespace's name"),
        ("job" = String, Path, description = "The job's name, percent-encoded"),
        ("version" = Uuid, Path, description = "The version")),
    responses((status = 200, body = JobVersionDto, example = json!(examples::job_version())),
        (status = 404, body = ErrorMessage)))]
async fn get_version(
    http: Asked,
    OriginalUri(uri): OriginalUri,
    At((namespace, name, version)): At<(String, String, String)>,
) -> Answer<JobVersionDto> {
    let job = find_job(&http, &uri, &namespace, &name).await?;
    let missing = || ApiError::not_found(Thing::JobVersion, &version);
    let id = Uuid::try_parse(&version).map_err(|_| missing())?;
    let digest = Digest(id.into_bytes());
    let place = job.doc.versions().iter().position(|(known, _)| *known == digest);
    let (versions, _) = http.app.job_versions(&job, 1, place.ok_or_else(missing)?).await?;
    let written = write_versions(&http, &job, versions).await?.pop();
    Ok(Json(written.ok_or_else(missing)?))
}

async fn write_versions(
    http: &Asked,
    job: &JobFull,
    versions: Vec<JobVersion>,
) -> Result<Vec<JobVersionDto>, ApiError> {
    let runs = latest_by_version(http, job).await?;
    let (digests, runs): (Vec<Digest>, Vec<RunRow>) = runs.into_iter().unzip();
    let written = list_runs(http, &runs).await?;
    let mut runs: BTreeMap<Digest, _> = digests.into_iter().zip(written).collect();
    let ios = versions.iter().flat_map(|v| v.content.inputs.iter().chain(&v.content.outputs));
    let names = Names::load(&http.app, ios.copied().collect()).await?;
    let write = |version: JobVersion| {
        let latest = runs.remove(&version.version);
        JobVersionDto::new(&job.doc, version, latest, &names)
    };
    Ok(versions.into_iter().map(write).collect())
}

/// Returns the latest run of each version, as far back as [`RUNS_SEEN`].
async fn latest_by_version(
    http: &Asked,
    job: &JobFull,
) -> Result<BTreeMap<Digest, RunRow>, ApiError> {
    let rows = http.app.runs_of_job_at(job.id, RUNS_SEEN, 0).await?;
    let mut latest = BTreeMap::new();
    for row in rows {
        if let Some(version) = row.doc.version() {
            latest.entry(version.digest()).or_insert(row);
        }
    }
    Ok(latest)
}
