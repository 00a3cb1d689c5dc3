//! `/lineage`: the jobs around a node and all their datasets, each told of in full.

use std::collections::BTreeMap;

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::dto_dataset::DatasetCore;
use super::dto_job::{EntityId, entity_ids, job_type, parent};
use super::dto_run::RunDto;
use super::error::{Answer, ApiError, ErrorList, ErrorMessage};
use super::examples;
use super::extract::Params;
use super::graph::{DEPTH_DEFAULT, EdgeDto, NODES_MAX, TruncatedDto, ask, freshen, left_out};
use super::names::Names;
use super::node_id::{self, Kind};
use super::read_runs::runs_by_id;
use crate::base::limits::GRAPH_DEPTH_MAX;
use crate::base::{DatasetId, JobId, RunId, Time};
use crate::flow::Follower;
use crate::flow::{DatasetFull, JobFull};
use crate::http::Http;
use crate::http::asked::Asked;
use crate::lineage::{NodeType, SubGraph};

/// A lineage graph.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = marquez::Lineage)]
struct LineageDto {
    /// Its nodes, by id.
    graph: Vec<NodeDto>,
    /// What it leaves out; absent if nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    truncated: Option<TruncatedDto>,
}

/// A node of a lineage graph.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::Node)]
struct NodeDto {
    /// Its id.
    #[schema(example = "dataset:shop:public.orders")]
    id: String,
    /// DATASET or JOB.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The dataset or job.
    data: DataDto,
    /// Edges that end here.
    in_edges: Vec<EdgeDto>,
    /// Edges that start here.
    out_edges: Vec<EdgeDto>,
}

/// What a node stands for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = marquez::NodeData)]
enum DataDto {
    Dataset(Box<DatasetCore>),
    Job(Box<JobData>),
}

/// A job in a lineage graph.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::JobData)]
struct JobData {
    /// Its namespace and name.
    id: EntityId,
    /// BATCH, STREAM or SERVICE.
    #[serde(rename = "type")]
    kind: &'static str,
    /// Its name, its parent's included.
    name: String,
    /// Its name without its parent's.
    simple_name: String,
    /// The name of the job that starts it.
    parent_job_name: Option<String>,
    /// The id of the job that starts it.
    parent_job_uuid: Option<Uuid>,
    /// The id of the run that spoke last.
    current_run_uuid: Option<Uuid>,
    /// When anything first spoke of it.
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    /// When anything last spoke of it.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Time,
    /// Its namespace.
    namespace: String,
    /// Datasets it reads.
    inputs: Vec<EntityId>,
    /// Datasets it writes.
    outputs: Vec<EntityId>,
    /// Where its code is.
    location: Option<String>,
    /// What it does.
    description: Option<String>,
    /// The run that spoke last.
    latest_run: Option<RunDto>,
}

pub(super) fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(get_lineage))
}

/// Get the lineage graph around a dataset or job
///
/// Not directed: each step of `depth` adds every job that shares any dataset with a job
/// found. Nodes are sorted by id.
#[utoipa::path(get, path = "/api/v1/lineage", tag = "marquez", operation_id = "marquezGetLineage",
    params(("nodeId" = String, Query, pattern = "^(dataset|job):", description = "dataset:{namespace}:{name} or job:{namespace}:{name}"),
        ("depth" = Option<u32>, Query, description = "Steps from job to job; 20 if not said")),
    responses((status = 200, body = LineageDto, example = json!(examples::lineage())),
        (status = 400, body = ErrorList), (status = 404, body = ErrorMessage)))]
async fn get_lineage(http: Asked, params: Params) -> Answer<LineageDto> {
    let id = params.required("nodeId")?;
    let depth = params.number("depth", DEPTH_DEFAULT, GRAPH_DEPTH_MAX as usize)?;
    let of_kind = node_id::kind_of(id).filter(|(kind, _)| *kind != Kind::Field);
    let Some((kind, rest)) = of_kind else {
        return Err(ApiError::missing(format!("Node '{id}' must be of type dataset or job.")));
    };
    let missing = || ApiError::missing(format!("Node '{id}' not found."));
    let found = node_id::find(&http.app, kind, rest).await?.ok_or_else(missing)?;
    freshen(&http.app, Follower::Lineage).await;
    let depth = u32::try_from(depth).unwrap_or(GRAPH_DEPTH_MAX);
    let graph = ask(&http.app, |graph, sight| {
        graph.marquez_neighbourhood(&found.node, depth, NODES_MAX).hide(sight)
    })
    .await?;
    if graph.nodes.is_empty() {
        return Err(missing());
    }
    Ok(Json(write(&http, graph).await?))
}

async fn write(http: &Asked, graph: SubGraph) -> Result<LineageDto, ApiError> {
    let truncated = left_out(graph.truncated, 0);
    let ids = |kind: NodeType| {
        let of_kind = graph.nodes.iter().filter(move |node| node.kind == kind);
        of_kind.filter_map(|node| node.id)
    };
    let datasets: Vec<DatasetId> = ids(NodeType::Dataset).map(DatasetId).collect();
    let jobs: Vec<JobId> = ids(NodeType::Job).map(JobId).collect();
    let mut data = dataset_data(http, &datasets).await?;
    data.append(&mut job_data(http, &jobs).await?);
    let (mut into, mut out) = edges(&graph);
    let nodes = graph.nodes.iter().filter_map(|node| {
        let id = node.key()?;
        let data = data.remove(&node.id?)?;
        Some(NodeDto {
            in_edges: into.remove(&id).unwrap_or_default(),
            out_edges: out.remove(&id).unwrap_or_default(),
            kind: if node.kind == NodeType::Job { "JOB" } else { "DATASET" },
            id,
            data,
        })
    });
    let mut nodes: Vec<NodeDto> = nodes.collect();
    nodes.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(LineageDto { graph: nodes, truncated })
}

type ByNode = BTreeMap<String, Vec<EdgeDto>>;

/// Returns the edges by the node they end at, and by the node they start from.
fn edges(graph: &SubGraph) -> (ByNode, ByNode) {
    let (mut into, mut out) = (ByNode::new(), ByNode::new());
    for edge in &graph.edges {
        let key = |place: usize| graph.nodes.get(place).and_then(crate::lineage::Node::key);
        let (Some(origin), Some(destination)) = (key(edge.source), key(edge.target)) else {
            continue;
        };
        let edge = EdgeDto { origin: origin.clone(), destination: destination.clone() };
        into.entry(destination).or_default().push(edge.clone());
        out.entry(origin).or_default().push(edge);
    }
    for list in into.values_mut().chain(out.values_mut()) {
        list.sort_unstable();
        list.dedup();
    }
    (into, out)
}

type Data = BTreeMap<Uuid, DataDto>;

async fn dataset_data(http: &Asked, ids: &[DatasetId]) -> Result<Data, ApiError> {
    let rows = http.app.dataset_rows(ids).await?;
    let full = http.app.datasets_full(rows).await?;
    let of = |dataset: &DatasetFull| {
        let mut core = DatasetCore::new(dataset);
        if http.settings.marquez_strict {
            core.tags = Vec::new();
        }
        (dataset.id.0, DataDto::Dataset(Box::new(core)))
    };
    Ok(full.iter().map(of).collect())
}

async fn job_data(http: &Asked, ids: &[JobId]) -> Result<Data, ApiError> {
    let rows = http.app.job_rows(ids).await?;
    let full = http.app.jobs_full(rows).await?;
    let last: Vec<RunId> = full.iter().filter_map(|job| Some(job.doc.latest?.run)).collect();
    let mut runs = runs_by_id(http, &last).await?;
    let ios = full.iter().flat_map(|job| job.io.inputs.iter().chain(&job.io.outputs));
    let names = Names::load(&http.app, ios.copied().collect()).await?;
    let strict = http.settings.marquez_strict;
    let of = |job: JobFull| {
        let last = job.doc.latest.map(|latest| latest.run);
        let latest_run = last.and_then(|run| runs.remove(&run));
        let kind = job_type(&job, strict);
        let JobFull { id, doc, view, io, .. } = job;
        let (parent_job_name, parent_job_uuid) = parent(&doc);
        let created_at = doc.created.unwrap_or(Time::MIN);
        let data = JobData {
            id: EntityId { namespace: doc.namespace.clone(), name: doc.name.clone() },
            kind,
            parent_job_name,
            parent_job_uuid,
            current_run_uuid: last.map(|run| run.0),
            created_at,
            updated_at: doc.updated.unwrap_or(created_at),
            inputs: entity_ids(io.inputs, &names),
            outputs: entity_ids(io.outputs, &names),
            location: view.location,
            description: view.description,
            latest_run,
            name: doc.name,
            simple_name: doc.simple_name,
            namespace: doc.namespace,
        };
        (id.0, DataDto::Job(Box::new(data)))
    };
    Ok(full.into_iter().map(of).collect())
}
