//! Jobs: listed, told of, deleted softly.

use axum::Json;
use axum::extract::OriginalUri;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto_job::{JobDto, JobsDto};
use super::error::{Answer, ErrorList, ErrorMessage};
use super::examples;
use super::extract::{At, PageParams, Params, one_of};
use super::facets::Detail;
use super::put_job;
use super::read_jobs::{find_job, write_job, write_jobs};
use super::read_namespaces::check_namespace;
use super::read_runs::AT_ONCE;
use crate::base::NodeKind;
use crate::catalog::{Edit, EntityRef, RunState};
use crate::http::Http;
use crate::http::asked::Asked;
use crate::http::documents::RunState as StateWord;

/// The states of runs, in Marquez's words.
const STATES: [(&str, RunState); 5] = [
    ("NEW", RunState::New),
    ("RUNNING", RunState::Running),
    ("COMPLETED", RunState::Completed),
    ("ABORTED", RunState::Aborted),
    ("FAILED", RunState::Failed),
];

pub(super) fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(list_all_jobs)).routes(routes!(list_jobs)).routes(routes!(
        get_job,
        put_job::put_job,
        delete_job
    ))
}

/// List all jobs
///
/// The last updated first; deleted and renamed ones are left out.
#[utoipa::path(get, path = "/api/v1/jobs", tag = "marquez", operation_id = "marquezListAllJobs",
    params(PageParams, ("lastRunStates" = inline(Option<Vec<StateWord>>), Query,
        description = "Only jobs whose last run is in one of these states")),
    responses((status = 200, body = JobsDto, example = json!({"jobs": [examples::job()], "totalCount": 1})),
        (status = 400, body = ErrorList)))]
async fn list_all_jobs(http: Asked, params: Params) -> Answer<JobsDto> {
    list(&http, None, &params).await
}

/// List a namespace's jobs
///
/// The last updated first; deleted and renamed ones are left out.
#[utoipa::path(get, path = "/api/v1/namespaces/{namespace}/jobs", tag = "marquez",
    operation_id = "marquezListJobs",
    params(("namespace" = String, Path, description = "The namespace's name"), PageParams,
        ("lastRunStates" = inline(Option<Vec<StateWord>>), Query,
            description = "Only jobs whose last run is in one of these states")),
    responses((status = 200, body = JobsDto, example = json!({"jobs": [examples::job()], "totalCount": 1})),
        (status = 400, body = ErrorList), (status = 404, body = ErrorMessage)))]
async fn list_jobs(http: Asked, At(namespace): At<String>, params: Params) -> Answer<JobsDto> {
    check_namespace(&http, &namespace).await?;
    list(&http, Some(&namespace), &params).await
}

async fn list(http: &Asked, namespace: Option<&str>, params: &Params) -> Answer<JobsDto> {
    let page = params.page()?;
    let states = params.all("lastRunStates").flat_map(|value| value.split(','));
    let states = states
        .filter(|word| !word.is_empty())
        .map(|word| one_of("lastRunStates", word, &STATES))
        .collect::<Result<Vec<_>, _>>()?;
    let (rows, mut total_count) =
        http.app.list_jobs(namespace, &states, page.limit, page.offset).await?;
    if http.settings.marquez_strict && !states.is_empty() {
        (_, total_count) = http.app.list_jobs(namespace, &[], 0, 0).await?;
    }
    let mut jobs = Vec::with_capacity(rows.len());
    for rows in rows.chunks(AT_ONCE) {
        let full = http.app.jobs_full(rows.to_vec()).await?;
        jobs.extend(write_jobs(http, full, Detail::Listed).await?);
    }
    Ok(Json(JobsDto { jobs, total_count }))
}

/// Get a job
///
/// A job that was renamed (because its runs were later said to have a parent) is answered
/// 301 with its new address.
#[utoipa::path(get, path = "/api/v1/namespaces/{namespace}/jobs/{job}", tag = "marquez",
    operation_id = "marquezGetJob",
    params(("namespace" = String, Path, description = "The namespace's name"),
        ("job" = String, Path, description = "The job's name, percent-encoded")),
    responses((status = 200, body = JobDto, example = json!(examples::job())),
        (status = 301, description = "The job has another name now; see Location"),
        (status = 404, body = ErrorMessage)))]
async fn get_job(
    http: Asked,
    OriginalUri(uri): OriginalUri,
    At((namespace, name)): At<(String, String)>,
) -> Answer<JobDto> {
    let job = find_job(&http, &uri, &namespace, &name).await?;
    Ok(Json(write_job(&http, job).await?))
}

/// Delete a job softly
///
/// The next event that names it brings it back. Answers with the job as it was.
#[utoipa::path(delete, path = "/api/v1/namespaces/{namespace}/jobs/{job}", tag = "marquez",
    operation_id = "marquezDeleteJob",
    params(("namespace" = String, Path, description = "The namespace's name"),
        ("job" = String, Path, description = "The job's name, percent-encoded")),
    responses((status = 200, body = JobDto, example = json!(examples::job())),
        (status = 404, body = ErrorMessage)))]
async fn delete_job(
    http: Asked,
    OriginalUri(uri): OriginalUri,
    At((namespace, name)): At<(String, String)>,
) -> Answer<JobDto> {
    let job = find_job(&http, &uri, &namespace, &name).await?;
    let before = write_job(&http, job).await?;
    let entities = vec![EntityRef { kind: NodeKind::Job, namespace, name }];
    http.app.edit(Edit::SetDeleted { entities, deleted: true }).await?;
    Ok(Json(before))
}
