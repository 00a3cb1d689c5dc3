//! Jobs and runs in Lethe's own words.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use super::asked::Asked;
use super::datasets::DeleteParams;
use super::findings::FindingBody;
use super::page::{List, PageParams, Params, PathOf};
use super::problem::Problem;
use super::resource::{EntityName, Owner};
use super::submit::with_position;
use crate::base::cursor::Cursor;
use crate::base::{DatasetId, JobId, NodeKind, RunId, Time};
use crate::catalog::{Edit, EntityRef, RunDoc, RunIo};
use crate::db::RunRow;
use crate::flow::{JobFull, Names, RunFull};

/// A job.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct JobBody {
    /// Its id.
    id: Uuid,
    /// Its namespace.
    #[schema(example = "airflow")]
    namespace: String,
    /// Its name, its parent's included.
    #[schema(example = "orders.load")]
    name: String,
    /// Its name without its parent's.
    #[schema(example = "load")]
    simple_name: String,
    /// The job that starts it.
    parent: Option<EntityName>,
    /// What it does.
    description: Option<String>,
    /// Who owns it.
    owners: Vec<Owner>,
    /// Its tags.
    tags: Vec<String>,
    /// BATCH, STREAMING or SERVICE.
    processing: Option<String>,
    /// SPARK, DBT, AIRFLOW and so on.
    integration: Option<String>,
    /// QUERY, TASK, DAG, MODEL and so on.
    job_type: Option<String>,
    /// The SQL it runs.
    sql: Option<String>,
    /// Where its code is.
    location: Option<String>,
    /// Datasets it reads now.
    inputs: Vec<EntityName>,
    /// Datasets it writes now.
    outputs: Vec<EntityName>,
    /// How many runs it had.
    runs: u32,
    /// The state of the run that spoke last.
    #[schema(example = "COMPLETED")]
    state: Option<&'static str>,
    /// The earliest event that named it.
    #[schema(value_type = Option<String>, format = DateTime)]
    created_at: Option<Time>,
    /// The latest event that named it.
    #[schema(value_type = Option<String>, format = DateTime)]
    updated_at: Option<Time>,
    /// Whether it is deleted.
    deleted: bool,
    /// The id of the job it became, when its runs were later said to have a parent.
    renamed_to: Option<Uuid>,
    /// What was said of it by somebody whose word does not count for that, and has no effect.
    findings: Vec<FindingBody>,
    /// Its facets as they came.
    #[schema(value_type = BTreeMap<String, Object>)]
    facets: BTreeMap<String, Box<RawValue>>,
}

fn named(ids: &[DatasetId], names: &Names) -> Vec<EntityName> {
    let known = ids.iter().filter_map(|id| names.get(id));
    known
        .map(|(namespace, name)| EntityName { namespace: namespace.clone(), name: name.clone() })
        .collect()
}

fn job_body(full: JobFull, names: &Names) -> JobBody {
    let JobFull { id, doc, bodies, view, io, access_class: _ } = full;
    let facets = doc.facets.resolved(&bodies);
    let facets = facets.into_iter().map(|(name, raw)| (name.to_owned(), raw.to_owned())).collect();
    let parent = doc.parent.as_ref().map(|parent| parent.value.clone());
    JobBody {
        id: id.0,
        parent: parent.map(|(namespace, name)| EntityName { namespace, name }),
        description: view.description,
        owners: view.owners.into_iter().map(Owner::from).collect(),
        tags: view.tags,
        processing: view.processing,
        integration: view.integration,
        job_type: view.job_type,
        sql: view.sql,
        location: view.location,
        inputs: named(&io.inputs, names),
        outputs: named(&io.outputs, names),
        findings: doc.findings.iter().map(FindingBody::from).collect(),
        runs: doc.runs,
        state: doc.latest.map(|latest| latest.state.as_str()),
        created_at: doc.created,
        updated_at: doc.updated,
        deleted: doc.is_deleted(),
        renamed_to: doc.renamed_to.as_ref().map(|renamed| renamed.value.0),
        facets,
        namespace: doc.namespace,
        name: doc.name,
        simple_name: doc.simple_name,
    }
}

async fn find(http: &Asked, id: Uuid) -> Result<JobFull, Problem> {
    let found = http.app.job_by_id(JobId(id)).await?;
    found.ok_or_else(|| Problem::not_found(&format!("job {id}")))
}

/// Gives a job by its id.
#[utoipa::path(get, path = "/api/v1/jobs/{id}", tag = "catalog",
    params(("id" = Uuid, Path, description = "The job's id")), responses(
    (status = 200, description = "The job", body = JobBody),
    (status = 404, description = "No such job", body = Problem)))]
pub(super) async fn get(http: Asked, PathOf(id): PathOf<Uuid>) -> Result<Json<JobBody>, Problem> {
    let full = find(&http, id).await?;
    let ids: Vec<DatasetId> = full.io.inputs.iter().chain(&full.io.outputs).copied().collect();
    let names = http.app.dataset_names(&ids).await?;
    Ok(Json(job_body(full, &names)))
}

/// Deletes a job, softly or for good.
#[utoipa::path(delete, path = "/api/v1/jobs/{id}", tag = "catalog",
    params(("id" = Uuid, Path, description = "The job's id"), DeleteParams), responses(
    (status = 204, description = "It is deleted"),
    (status = 404, description = "No such job", body = Problem)))]
pub(super) async fn remove(
    http: Asked,
    PathOf(id): PathOf<Uuid>,
    Params(params): Params<DeleteParams>,
) -> Result<Response, Problem> {
    let entities = vec![entity(&find(&http, id).await?)];
    let position = if params.is_hard() {
        http.app.remove(&entities).await?
    } else {
        let edit = Edit::SetDeleted { entities, deleted: true };
        http.app.edit(edit).await?.position
    };
    Ok(with_position(position, StatusCode::NO_CONTENT))
}

fn entity(full: &JobFull) -> EntityRef {
    EntityRef {
        kind: NodeKind::Job,
        namespace: full.doc.namespace.clone(),
        name: full.doc.name.clone(),
    }
}

/// Brings a softly deleted job back.
#[utoipa::path(post, path = "/api/v1/jobs/{id}/undelete", tag = "catalog",
    params(("id" = Uuid, Path, description = "The job's id")), responses(
    (status = 204, description = "It is back"),
    (status = 404, description = "No such job", body = Problem)))]
pub(super) async fn undelete(http: Asked, PathOf(id): PathOf<Uuid>) -> Result<Response, Problem> {
    let entities = vec![entity(&find(&http, id).await?)];
    let edit = Edit::SetDeleted { entities, deleted: false };
    let accepted = http.app.edit(edit).await?;
    Ok(with_position(accepted.position, StatusCode::NO_CONTENT))
}

/// What a run did to a dataset.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RunDataset {
    /// The dataset's id.
    id: Uuid,
    /// The dataset's namespace.
    namespace: String,
    /// The dataset's name.
    name: String,
    /// The input or output facets as they came.
    #[schema(value_type = BTreeMap<String, Object>)]
    facets: BTreeMap<String, Box<RawValue>>,
}

/// A run.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RunBody {
    /// Its id.
    id: Uuid,
    /// The id its producer gave, where that was no UUID.
    given_id: Option<String>,
    /// The job's id.
    job_id: Option<Uuid>,
    /// The job.
    job: Option<EntityName>,
    /// The run that started it.
    parent: Option<Uuid>,
    /// The run at the top of its tree.
    root: Option<Uuid>,
    /// NEW, RUNNING, COMPLETED, ABORTED or FAILED.
    #[schema(example = "COMPLETED")]
    state: &'static str,
    /// When it started.
    #[schema(value_type = Option<String>, format = DateTime)]
    started_at: Option<Time>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Time>,
    /// How long it took, in milliseconds.
    duration_ms: Option<i64>,
    /// What it read.
    inputs: Vec<RunDataset>,
    /// What it wrote.
    outputs: Vec<RunDataset>,
    /// Its facets as they came.
    #[schema(value_type = BTreeMap<String, Object>)]
    facets: BTreeMap<String, Box<RawValue>>,
    /// The id that its producer gave it, where a run of another namespace has that id.
    shared_id: Option<Uuid>,
}

/// A run, and others that were given its id.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RunDetail {
    #[serde(flatten)]
    run: RunBody,
    /// Runs that jobs of other namespaces gave the same id, the earliest first.
    others: Vec<OtherRun>,
}

/// A run that was given the id of another.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OtherRun {
    /// The id that it is kept under.
    id: Uuid,
    /// Its job.
    job: Option<EntityName>,
}

fn run_body(full: RunFull, names: &Names) -> RunBody {
    let RunFull { id, doc, bodies } = full;
    let own = |raw: BTreeMap<&str, &RawValue>| -> BTreeMap<String, Box<RawValue>> {
        raw.into_iter().map(|(name, raw)| (name.to_owned(), raw.to_owned())).collect()
    };
    let datasets = |ios: &BTreeMap<DatasetId, RunIo>| -> Vec<RunDataset> {
        let known = ios.iter().filter_map(|(id, io)| Some((id, names.get(id)?, io)));
        known
            .map(|(id, (namespace, name), io)| RunDataset {
                id: id.0,
                namespace: namespace.clone(),
                name: name.clone(),
                facets: own(io.facets.resolved(&bodies)),
            })
            .collect()
    };
    RunBody {
        id: id.0,
        job_id: doc.job.as_ref().map(|job| job.id().0),
        job: job_name(&doc),
        parent: doc.parent.as_ref().map(|parent| parent.value.0),
        root: doc.root.as_ref().map(|root| root.value.0),
        state: doc.state().as_str(),
        started_at: doc.started_at(),
        ended_at: doc.ended_at(),
        duration_ms: doc.duration_ms(),
        inputs: datasets(&doc.inputs),
        outputs: datasets(&doc.outputs),
        facets: own(doc.facets.resolved(&bodies)),
        given_id: doc.given_id,
        shared_id: doc.shared.map(|shared| shared.0),
    }
}

fn job_name(doc: &RunDoc) -> Option<EntityName> {
    let job = doc.job.as_ref()?;
    Some(EntityName { namespace: job.namespace.clone(), name: job.name.clone() })
}

async fn run_bodies(http: &Asked, runs: Vec<RunFull>) -> Result<Vec<RunBody>, Problem> {
    let ids: Vec<DatasetId> = runs
        .iter()
        .flat_map(|run| run.doc.inputs.keys().chain(run.doc.outputs.keys()).copied())
        .collect();
    let names = http.app.dataset_names(&ids).await?;
    Ok(runs.into_iter().map(|run| run_body(run, &names)).collect())
}

/// Lists a job's runs, the latest first.
#[utoipa::path(get, path = "/api/v1/jobs/{id}/runs", tag = "catalog",
    params(("id" = Uuid, Path, description = "The job's id"), PageParams), responses(
    (status = 200, description = "A page of runs", body = List<RunBody>),
    (status = 404, description = "No such job", body = Problem)))]
pub(super) async fn runs(
    http: Asked,
    PathOf(id): PathOf<Uuid>,
    Params(params): Params<PageParams>,
) -> Result<Json<List<RunBody>>, Problem> {
    let page = params.page()?;
    let job = find(&http, id).await?.id;
    let after = page.after.map(|cursor| (Time::from_micros(cursor.number), RunId(cursor.id)));
    let rows = http.app.runs_of_job(job, after, page.limit).await?;
    let last = rows.last().filter(|_| rows.len() == page.limit);
    let next = last.map(|row| {
        Cursor { number: row.doc.order_at().as_micros(), id: row.id.0, ..Cursor::default() }
            .encode()
    });
    let full = http.app.runs_full(rows).await?;
    Ok(Json(List { items: run_bodies(&http, full).await?, next }))
}

/// Gives a run by its id.
///
/// A run is known by its id and its job's namespace. Where jobs of several namespaces gave the same
/// id, it is the earliest that the asker sees.
#[utoipa::path(get, path = "/api/v1/runs/{id}", tag = "catalog",
    params(("id" = Uuid, Path, description = "The run's id")), responses(
    (status = 200, description = "The run", body = RunDetail),
    (status = 404, description = "No such run", body = Problem)))]
pub(super) async fn run(http: Asked, PathOf(id): PathOf<Uuid>) -> Result<Json<RunDetail>, Problem> {
    let mut rows = http.app.runs_given(RunId(id)).await?;
    let others = rows.split_off(rows.len().min(1));
    let full = http.app.runs_full(rows).await?;
    let run = run_bodies(&http, full).await?.pop();
    let run = run.ok_or_else(|| Problem::not_found(&format!("run {id}")))?;
    let other = |row: &RunRow| OtherRun { id: row.id.0, job: job_name(&row.doc) };
    Ok(Json(RunDetail { run, others: others.iter().map(other).collect() }))
}

/// Lists the runs that a run started, the latest first (at most 1,000).
#[utoipa::path(get, path = "/api/v1/runs/{id}/children", tag = "catalog",
    params(("id" = Uuid, Path, description = "The run's id")), responses(
    (status = 200, description = "The runs", body = List<RunBody>)))]
pub(super) async fn children(
    http: Asked,
    PathOf(id): PathOf<Uuid>,
) -> Result<Json<List<RunBody>>, Problem> {
    let limit = crate::base::limits::PAGE_MAX;
    let rows = http.app.child_runs(RunId(id), limit).await?;
    let full = http.app.runs_full(rows).await?;
    Ok(Json(List { items: run_bodies(&http, full).await?, next: None }))
}
