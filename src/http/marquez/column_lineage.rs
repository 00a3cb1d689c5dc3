//! `/column-lineage`: the fields that a dataset, a field or a job's outputs are made from,
//! and with `withDownstream` those made from them.

use axum::Json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::column_graph::{ColumnGraphDto, write};
use super::error::{Answer, ApiError, ErrorList, ErrorMessage};
use super::examples;
use super::extract::Params;
use super::graph::{DEPTH_DEFAULT, NODES_MAX, ask, freshen};
use super::node_id::{self, Found};
use crate::base::limits::GRAPH_DEPTH_MAX;
use crate::base::{DatasetId, Digest, JobId, Time};
use crate::flow::Follower;
use crate::http::Http;
use crate::http::asked::Asked;
use crate::lineage::{Level, NodeRef, Question, Scope, Visibility};

pub(super) fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(get_column_lineage))
}

/// Get the column lineage of a dataset, a field or a job
///
/// Of a job: of the columns that it writes. With a version (`#{uuid}` at the id's end): as
/// it was when that version was made. An edge's origin is the node itself: `inEdges` lead
/// to what it was made from, `outEdges` to what is made from it.
#[utoipa::path(get, path = "/api/v1/column-lineage", tag = "marquez",
    operation_id = "marquezGetColumnLineage",
    params(("nodeId" = String, Query, pattern = "^(dataset|datasetField|job):", description = "dataset:{namespace}:{name}, datasetField:{namespace}:{dataset}:{field} or job:{namespace}:{name}, each with #{version} or without"),
        ("depth" = Option<u32>, Query, description = "Steps from column to column; 20 if not said"),
        ("withDownstream" = Option<bool>, Query, description = "Whether to go downstream too")),
    responses((status = 200, body = ColumnGraphDto, example = json!(examples::column_lineage())),
        (status = 400, body = ErrorList), (status = 404, body = ErrorMessage)))]
async fn get_column_lineage(http: Asked, params: Params) -> Answer<ColumnGraphDto> {
    let id = params.required("nodeId")?;
    let depth = params.number("depth", DEPTH_DEFAULT, GRAPH_DEPTH_MAX as usize)?;
    let downstream = params.flag("withDownstream");
    let missing = || ApiError::missing("Could not find node");
    let (kind, rest) =
        node_id::kind_of(id).ok_or_else(|| ApiError::bad(format!("Invalid node id '{id}'.")))?;
    let found = node_id::find(&http.app, kind, rest).await?.ok_or_else(missing)?;
    if downstream && found.version.is_some() {
        let message = "Node version cannot be specified when withDownstream is true";
        return Err(ApiError::bad(message));
    }
    let scope = match found.version {
        Some(version) => Scope::at(made_at(&http, &found, version).await?.ok_or_else(missing)?),
        None => Scope::CURRENT,
    };
    freshen(&http.app, Follower::Lineage).await;
    let depth = u32::try_from(depth).unwrap_or(GRAPH_DEPTH_MAX);
    let question = Question {
        focus: vec![found.node.clone()],
        level: Level::Column,
        up: depth,
        down: if downstream { depth } else { 0 },
        limit: NODES_MAX,
        scope,
        include_jobs: false,
    };
    let (graph, known) = ask(&http.app, |graph, sight| {
        let known = graph.contains(&found.node) && sight(&found.node) == Visibility::Visible;
        (graph.reach_seen_by(&question, sight), known)
    })
    .await?;
    // A field without any lineage is no node of the graph; its dataset may still have it.
    if !known && !is_column(&http, &found.node).await? {
        return Err(missing());
    }
    Ok(Json(write(&http, graph).await?))
}

async fn is_column(http: &Asked, node: &NodeRef) -> Result<bool, ApiError> {
    let NodeRef::Field(dataset, field) = node else { return Ok(true) };
    let dataset = http.app.dataset_by_id(*dataset).await?;
    Ok(dataset.is_some_and(|dataset| dataset.view.columns.iter().any(|c| c.name == *field)))
}

/// Returns when a version was made.
async fn made_at(http: &Asked, found: &Found, version: Uuid) -> Result<Option<Time>, ApiError> {
    match &found.node {
        NodeRef::Job(job) => job_version_at(http, *job, version).await,
        NodeRef::Dataset(dataset) | NodeRef::Field(dataset, _) => {
            dataset_version_at(http, *dataset, version).await
        }
    }
}

async fn dataset_version_at(
    http: &Asked,
    dataset: DatasetId,
    version: Uuid,
) -> Result<Option<Time>, ApiError> {
    let Some(dataset) = http.app.dataset_by_id(dataset).await? else { return Ok(None) };
    let found = http.app.dataset_version(&dataset, version).await?;
    let Some(found) = found else { return Ok(None) };
    let Some(run) = found.run else { return Ok(Some(found.created_at)) };
    // What a run says of columns it may say at its end.
    let run = http.app.run(run).await?;
    Ok(run.map(|run| run.doc.seen().last))
}

async fn job_version_at(http: &Asked, job: JobId, version: Uuid) -> Result<Option<Time>, ApiError> {
    let Some(job) = http.app.job_by_id(job).await? else { return Ok(None) };
    let digest = Digest(version.into_bytes());
    let found = job.doc.versions().into_iter().find(|(known, _)| *known == digest);
    Ok(found.map(|(_, seen)| seen.last))
}
