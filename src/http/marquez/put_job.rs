//! Marquez's deprecated way to create a job.

use axum::Json;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::dto_job::{EntityId, JobDto};
use super::error::{Answer, ApiError, ErrorList, ErrorMessage, Thing};
use super::examples;
use super::extract::{At, Body, Checked};
use super::read_jobs::rewrite_job;
use super::read_runs::find_run;
use super::tell::{dataset_of_run, tell_run};
use crate::base::{DatasetId, JobId};
use crate::catalog::Edit;
use crate::flow::RunFull;
use crate::http::asked::Asked;

/// What kind of process a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = marquez::JobType)]
pub(super) enum TypeMeta {
    /// It ends.
    Batch,
    /// It does not end.
    Stream,
    /// It waits to be asked.
    Service,
}

/// What a job is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::JobMeta)]
pub(super) struct JobMeta {
    /// What kind of process it is.
    #[serde(rename = "type")]
    #[schema(required = true, nullable = false)]
    kind: Option<TypeMeta>,
    /// Datasets it reads.
    inputs: Option<Vec<EntityId>>,
    /// Datasets it writes.
    outputs: Option<Vec<EntityId>>,
    /// Where its code is.
    location: Option<String>,
    /// What it does.
    description: Option<String>,
    /// A run of it that read and wrote these.
    run_id: Option<String>,
}

impl Checked for JobMeta {
    fn missing(&self) -> Vec<&'static str> {
        if self.kind.is_none() { vec!["type"] } else { Vec::new() }
    }
}

/// Create or describe a job
///
/// Deprecated in Marquez in favour of OpenLineage events. The datasets must exist; with
/// `runId` the run is noted as having read and written them.
#[utoipa::path(put, path = "/api/v1/namespaces/{namespace}/jobs/{job}", tag = "marquez",
    operation_id = "marquezPutJob",
    params(("namespace" = String, Path, description = "The namespace's name"),
        ("job" = String, Path, description = "The job's name, percent-encoded")),
    request_body(content = JobMeta, example = json!({
        "type": "BATCH", "inputs": [], "outputs": [{"namespace": "shop", "name": "public.orders"}],
        "location": null, "description": "Loads the day's orders.", "runId": null})),
    responses((status = 200, body = JobDto, example = json!(examples::job())),
        (status = 400, body = ErrorMessage), (status = 404, body = ErrorMessage),
        (status = 422, body = ErrorList)))]
pub(super) async fn put_job(
    http: Asked,
    At((namespace, name)): At<(String, String)>,
    Body(meta): Body<JobMeta>,
) -> Answer<JobDto> {
    let inputs = meta.inputs.unwrap_or_default();
    let outputs = meta.outputs.unwrap_or_default();
    check_datasets(&http, &inputs).await?;
    check_datasets(&http, &outputs).await?;
    let id = JobId::of(&namespace, &name);
    let run = match meta.run_id.as_deref().filter(|id| !id.is_empty()) {
        Some(run) => Some(find_run_of(&http, run, id, &name).await?),
        None => None,
    };
    let pairs = |ids: &[EntityId]| {
        ids.iter().map(|id| (id.namespace.clone(), id.name.clone())).collect::<Vec<_>>()
    };
    let edit = Edit::PutJob {
        namespace,
        name: name.clone(),
        inputs: pairs(&inputs),
        outputs: pairs(&outputs),
        location: meta.location,
        description: meta.description,
        kind: meta.kind.map(|kind| {
            match kind {
                TypeMeta::Batch => "BATCH",
                TypeMeta::Stream => "STREAM",
                TypeMeta::Service => "SERVICE",
            }
            .to_owned()
        }),
    };
    http.app.edit(edit).await?;
    if let Some(run) = run {
        let of = |ids: &[EntityId]| {
            let one = |id: &EntityId| dataset_of_run(&id.namespace, &id.name, json!({}));
            ids.iter().map(one).collect::<Vec<_>>()
        };
        let io = json!({ "inputs": of(&inputs), "outputs": of(&outputs) });
        tell_run(&http, &run.doc, run.id, io).await?;
    }
    Ok(Json(rewrite_job(&http, id, &name).await?))
}

async fn check_datasets(http: &Asked, named: &[EntityId]) -> Result<(), ApiError> {
    let of = |id: &EntityId| DatasetId::of(&id.namespace, &id.name);
    let mut ids: Vec<DatasetId> = named.iter().map(of).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = http.app.dataset_rows(&ids).await?;
    let known = |id: &EntityId| rows.iter().any(|row| row.id == of(id));
    match named.iter().find(|id| !known(id)) {
        Some(missing) => Err(ApiError::not_found(Thing::Dataset, &missing.name)),
        None => Ok(()),
    }
}

async fn find_run_of(http: &Asked, run: &str, job: JobId, name: &str) -> Result<RunFull, ApiError> {
    let found = find_run(http, run).await?;
    if found.doc.job.as_ref().is_some_and(|known| known.id() == job) {
        return Ok(found);
    }
    Err(ApiError::bad(format!("Run '{run}' does not belong to job '{name}'.")))
}
