//! What the graph answers: parts of the graph as plain data, ready for JSON, layout and SVG.
//!
//! Answers are deterministic: nodes by distance from the focus and then by name, edges by
//! the nodes they join. They name what they leave out.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::facts::{Origin, Seen, Transformation};
use super::transforms::Carry;

/// A part of the graph.
#[derive(Debug, Clone, PartialEq, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubGraph {
    /// Its nodes, nearest to the focus first.
    pub nodes: Vec<Node>,
    /// Its edges, from what feeds to what is fed.
    pub edges: Vec<Edge>,
    /// What it leaves out.
    pub truncated: Truncated,
}

/// What an answer leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Truncated {
    /// The depth asked for ended before the graph did.
    pub depth: bool,
    /// The node limit ended it.
    pub nodes: bool,
    /// The limit of work ended it: a hub was not looked at to its end.
    pub work: bool,
    /// Nodes that were found but not shown, because of the node limit.
    pub left_out: usize,
    /// Nodes that lie one hop beyond what is shown, because of the depth.
    pub beyond: usize,
}

impl Truncated {
    /// Tells whether anything is left out.
    #[must_use]
    pub fn any(&self) -> bool {
        self.depth || self.nodes || self.work
    }
}

/// Kind of a node of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum NodeType {
    /// A dataset, with those of its fields that take part.
    Dataset,
    /// A job.
    Job,
    /// A run (in run-level graphs that are made elsewhere and laid out here).
    Run,
    /// Nodes that the asker may not see, joined where they touch.
    Hidden,
}

/// What became of a node or edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// There at the later time only.
    Added,
    /// There at the earlier time only.
    Removed,
    /// There at both.
    Kept,
}

/// A node of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Node {
    /// What it is.
    pub kind: NodeType,
    /// Its id; none if hidden.
    pub id: Option<Uuid>,
    /// Its namespace; empty if not named or hidden.
    pub namespace: String,
    /// Its name; the id if not named, empty if hidden.
    pub name: String,
    /// Signed distance from the focus in hops: negative against the flow. A job counts with
    /// the dataset it leads to.
    pub hops: i32,
    /// Whether it is deleted.
    pub deleted: bool,
    /// Other ids of the same dataset.
    pub aliases: Vec<Uuid>,
    /// Column level: the fields that take part, by name.
    pub fields: Vec<FieldNode>,
    /// Column level: signed hops of the dataset as a whole (all its fields, or one that
    /// nobody named), if it takes part as such.
    pub whole: Option<i32>,
    /// Table level, datasets: datasets one hop up that are not shown; counts to
    /// [`HIDDEN_COUNT_MAX`] and stops.
    pub more_up: u32,
    /// Table level, datasets: datasets one hop down that are not shown.
    pub more_down: u32,
    /// How many datasets and jobs a hidden node stands for.
    pub hidden: Option<HiddenCount>,
    /// What became of it, in a comparison of two times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

/// Where counting the neighbours that are not shown stops.
pub const HIDDEN_COUNT_MAX: u32 = 1_000;

/// A field of a dataset in a column-level answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FieldNode {
    /// Its name.
    pub name: String,
    /// Signed distance from the focus in hops.
    pub hops: i32,
}

/// How many nodes a hidden node stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HiddenCount {
    /// Datasets.
    pub datasets: usize,
    /// Jobs.
    pub jobs: usize,
    /// Fields.
    pub fields: usize,
}

/// What an edge says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum EdgeType {
    /// A dataset feeds a job.
    Reads,
    /// A job feeds a dataset.
    Writes,
    /// A dataset feeds a dataset, over the jobs that the edge names or over none.
    Flow,
    /// A field (or whole dataset) feeds a field (or whole dataset).
    Column,
    /// A job feeds a job.
    Job,
    /// At least one end is hidden.
    Hidden,
}

/// An edge of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Edge {
    /// Index in [`SubGraph::nodes`] of what feeds.
    pub source: usize,
    /// Index in [`SubGraph::nodes`] of what is fed.
    pub target: usize,
    /// Field of the source, at column level; none means the whole dataset.
    pub source_field: Option<String>,
    /// Field of the target, at column level; none means all its fields.
    pub target_field: Option<String>,
    /// What it says.
    pub kind: EdgeType,
    /// What of the value is carried.
    pub carry: Carry,
    /// The best way in which it is known.
    pub origin: Origin,
    /// First and last time, and runs, over all who say it.
    pub seen: Seen,
    /// Whether it is current.
    pub current: bool,
    /// Jobs over which it leads, unless they are nodes of the answer, by name.
    pub jobs: Vec<JobLabel>,
    /// Number of further such jobs that the asker may not see.
    pub hidden_jobs: usize,
    /// What is done to the value, in all ways that are known.
    pub transformations: Vec<Transformation>,
    /// What became of it, in a comparison of two times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

impl Edge {
    /// Returns what edges of an answer are sorted by: the ends, then their fields.
    pub(super) fn order(&self) -> (usize, usize, Option<&String>, Option<&String>) {
        (self.source, self.target, self.source_field.as_ref(), self.target_field.as_ref())
    }
}

/// A job that an edge leads over.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobLabel {
    /// Its namespace.
    pub namespace: String,
    /// Its name; the id if not named.
    pub name: String,
    /// Its id.
    pub id: Uuid,
}

impl Node {
    /// Returns the node's key in Marquez's form: `dataset:{namespace}:{name}`,
    /// `job:{namespace}:{name}`, `run:{id}`. Hidden nodes have none.
    #[must_use]
    pub fn key(&self) -> Option<String> {
        match self.kind {
            NodeType::Dataset => Some(format!("dataset:{}:{}", self.namespace, self.name)),
            NodeType::Job => Some(format!("job:{}:{}", self.namespace, self.name)),
            NodeType::Run => self.id.map(|id| format!("run:{id}")),
            NodeType::Hidden => None,
        }
    }

    /// Returns the key of one of its fields: `datasetField:{namespace}:{dataset}:{field}`.
    #[must_use]
    pub fn field_key(&self, field: &str) -> String {
        format!("datasetField:{}:{}:{field}", self.namespace, self.name)
    }
}
