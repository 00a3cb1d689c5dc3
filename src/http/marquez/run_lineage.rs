//! `/runlineage/upstream`: the runs whose outputs a run read, and theirs.

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::dto_run::{VersionId, job_version};
use super::error::{Answer, ApiError, ErrorList, ErrorMessage, Thing};
use super::extract::Params;
use super::graph::{DEPTH_DEFAULT, TruncatedDto};
use super::names::Names;
use super::read_runs::PARALLEL;
use crate::base::limits::GRAPH_DEPTH_MAX;
use crate::base::{DatasetId, RunId, Time};
use crate::db::RunRow;
use crate::flow::Asker;
use crate::flow::dataset_version_id;
use crate::http::Http;
use crate::http::asked::Asked;
use crate::openlineage::asked_run_id;

/// Runs of one answer at most.
const RUNS_MAX: usize = 1_000;

/// The runs upstream of a run.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = marquez::RunLineage)]
struct RunLineageDto {
    /// The runs, the nearest first.
    runs: Vec<UpstreamRunDto>,
    /// What it leaves out; absent if nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    truncated: Option<TruncatedDto>,
}

/// A run and what it read.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = marquez::UpstreamRun)]
struct UpstreamRunDto {
    /// Its job.
    job: UpstreamJobDto,
    /// The run.
    run: RunSummaryDto,
    /// What it read.
    inputs: Vec<UpstreamInputDto>,
}

/// A run's job.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = marquez::UpstreamJob)]
struct UpstreamJobDto {
    /// Its namespace.
    namespace: String,
    /// Its name.
    name: String,
    /// The version that the run made of it; null while it is not done.
    version: Option<Uuid>,
}

/// A run in short.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = marquez::RunSummary)]
struct RunSummaryDto {
    /// Its id.
    id: Uuid,
    /// When it started.
    #[schema(value_type = Option<String>, format = DateTime)]
    start: Option<Time>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    end: Option<Time>,
    /// Its state.
    status: &'static str,
}

/// What a run read, and the run that had written it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::UpstreamInput)]
struct UpstreamInputDto {
    /// The version that was read.
    #[serde(flatten)]
    version: VersionId,
    /// The run that made it; null if none is known.
    produced_by_run_id: Option<Uuid>,
}

/// A run and, by dataset, the run that wrote what it read.
struct Step {
    row: RunRow,
    writers: BTreeMap<DatasetId, Option<RunId>>,
}

pub(super) fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(get_upstream))
}

/// Get the runs upstream of a run
#[utoipa::path(get, path = "/api/v1/runlineage/upstream", tag = "marquez",
    operation_id = "marquezGetRunLineage",
    params(("runId" = String, Query, pattern = "[^ ]", description = "The run's id"),
        ("depth" = Option<u32>, Query, description = "Steps from run to run; 20 if not said")),
    responses((status = 200, body = RunLineageDto, example = json!({"runs": [{
            "job": {"namespace": "shop", "name": "load_orders", "version": null},
            "run": {"id": "870492da-ecfb-4be0-91b9-9a89ddd3db90", "start": "2020-02-22T22:42:42Z", "end": null, "status": "RUNNING"},
            "inputs": []}]})),
        (status = 400, body = ErrorList), (status = 404, body = ErrorMessage)))]
async fn get_upstream(http: Asked, params: Params) -> Answer<RunLineageDto> {
    let given = params.required("runId")?;
    let depth = params.number("depth", DEPTH_DEFAULT, GRAPH_DEPTH_MAX as usize)?;
    let (steps, left) = walk(&http.app, asked_run_id(given), depth).await?;
    if steps.is_empty() {
        return Err(ApiError::not_found(Thing::Run, given));
    }
    let inputs = steps.iter().flat_map(|step| step.row.doc.inputs.keys());
    let names = Names::load(&http.app, inputs.copied().collect()).await?;
    let runs = steps.into_iter().map(|step| write(step, &names)).collect();
    let truncated = (left > 0).then_some(TruncatedDto { left_out: left, edges_left_out: 0 });
    Ok(Json(RunLineageDto { runs, truncated }))
}

/// Goes upstream, level by level. Returns the runs and how many were found but not taken.
async fn walk(app: &Asker, start: RunId, depth: usize) -> Result<(Vec<Step>, usize), ApiError> {
    let mut seen = BTreeSet::from([start]);
    let mut level = vec![start];
    let mut steps: Vec<Step> = Vec::new();
    for _ in 0..=depth {
        let room = RUNS_MAX.saturating_sub(steps.len());
        let left = level.len().saturating_sub(room);
        level.truncate(room);
        let mut rows = app.traced_runs(&level).await?;
        rows.sort_by_key(|row| level.iter().position(|id| *id == row.id));
        let asked: Vec<_> = rows.into_iter().map(|row| step(app, row)).collect();
        let found: Vec<Step> = stream::iter(asked).buffered(PARALLEL).try_collect().await?;
        let next = found.iter().flat_map(|step| step.writers.values().flatten().copied());
        level = next.filter(|run| seen.insert(*run)).collect();
        steps.extend(found);
        if left > 0 || level.is_empty() {
            return Ok((steps, left));
        }
    }
    Ok((steps, 0))
}

async fn step(app: &Asker, row: RunRow) -> Result<Step, ApiError> {
    let mut writers = BTreeMap::new();
    let before = row.doc.order_at().plus_micros(-1);
    for dataset in row.doc.inputs.keys() {
        writers.insert(*dataset, app.traced_writer(*dataset, before).await?);
    }
    Ok(Step { row, writers })
}

fn write(step: Step, names: &Names) -> UpstreamRunDto {
    let Step { row, writers } = step;
    let input = |(dataset, writer): (&DatasetId, &Option<RunId>)| {
        let (namespace, name) = names.get(*dataset)?;
        let version = dataset_version_id(*dataset, *writer);
        let (namespace, name) = (namespace.to_owned(), name.to_owned());
        Some(UpstreamInputDto {
            version: VersionId { namespace, name, version },
            produced_by_run_id: writer.map(|run| run.0),
        })
    };
    let job = row.doc.job.as_ref();
    UpstreamRunDto {
        inputs: writers.iter().filter_map(input).collect(),
        job: UpstreamJobDto {
            namespace: job.map(|job| job.namespace.clone()).unwrap_or_default(),
            name: job.map(|job| job.name.clone()).unwrap_or_default(),
            version: job_version(&row.doc).map(|made| made.version),
        },
        run: RunSummaryDto {
            id: row.id.0,
            start: row.doc.started_at(),
            end: row.doc.ended_at(),
            status: row.doc.state().as_str(),
        },
    }
}
