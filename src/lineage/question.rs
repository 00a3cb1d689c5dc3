//! What can be asked of the graph: where from, which way, how far, as of when, seen by whom.

use serde::{Deserialize, Serialize};

use crate::base::limits::{GRAPH_DEPTH_MAX, GRAPH_NODES_DEFAULT, GRAPH_NODES_MAX};
use crate::base::{DatasetId, JobId, Time};

/// A node of the graph, as the outside names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NodeRef {
    /// A dataset, under any of its names.
    Dataset(DatasetId),
    /// A job.
    Job(JobId),
    /// A field of a dataset, under any of the dataset's names.
    Field(DatasetId, String),
}

/// Detail in which lineage is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Datasets and jobs.
    #[default]
    Table,
    /// Fields; jobs are named on the edges.
    Column,
}

/// Whether the asker may see a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Shown.
    Visible,
    /// Walked over, but shown only as an anonymous count.
    Hidden,
}

/// Decides what the asker may see. Hidden nodes keep the connection between visible ones.
pub type Sight<'a> = dyn Fn(&NodeRef) -> Visibility + 'a;

/// Shows everything.
#[must_use]
pub fn see_all(_: &NodeRef) -> Visibility {
    Visibility::Visible
}

/// Which statements count and which nodes are walked over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scope {
    /// Count what was there at this time: first seen at or before it and, unless still
    /// current, last seen at or after it. Without it all that was ever said counts.
    pub as_of: Option<Time>,
    /// Count only what is current.
    pub current_only: bool,
    /// Walk over deleted datasets and jobs too.
    pub include_deleted: bool,
    /// Column level: where a job told nothing about columns, take every column of its
    /// inputs as feeding every column of its outputs (origin inferred, carry unknown).
    pub assume_columns: bool,
}

impl Scope {
    /// What is current now.
    pub const CURRENT: Self =
        Self { as_of: None, current_only: true, include_deleted: false, assume_columns: false };

    /// What was there at a time.
    #[must_use]
    pub fn at(time: Time) -> Self {
        Self { as_of: Some(time), ..Self::default() }
    }
}

/// A question for the part of the graph around some nodes.
///
/// A hop leads from a dataset over a job (or over none, for views) to the next dataset, or
/// at column level from field to field; jobs do not count. From a job, its own inputs and
/// outputs are one hop away.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Where to start. Unknown nodes are passed over.
    pub focus: Vec<NodeRef>,
    /// Tables or columns.
    pub level: Level,
    /// Hops against the flow, at most [`GRAPH_DEPTH_MAX`].
    pub up: u32,
    /// Hops with the flow, at most [`GRAPH_DEPTH_MAX`].
    pub down: u32,
    /// Greatest number of nodes (at column level: fields and whole datasets), at most
    /// [`GRAPH_NODES_MAX`].
    pub limit: usize,
    /// Which statements count.
    pub scope: Scope,
    /// Table level: show jobs as nodes. Otherwise they are named on the edges.
    pub include_jobs: bool,
}

impl Question {
    /// Asks for everything around one node, both ways, at table level with jobs, as it is
    /// now, up to the default number of nodes.
    #[must_use]
    pub fn around(focus: NodeRef, up: u32, down: u32) -> Self {
        Self {
            focus: vec![focus],
            level: Level::Table,
            up,
            down,
            limit: GRAPH_NODES_DEFAULT,
            scope: Scope::CURRENT,
            include_jobs: true,
        }
    }

    /// Returns the hops up and down and the node limit, cut to what is allowed.
    pub(super) fn bounds(&self) -> (u32, u32, usize) {
        let limit = self.limit.clamp(1, GRAPH_NODES_MAX);
        (self.up.min(GRAPH_DEPTH_MAX), self.down.min(GRAPH_DEPTH_MAX), limit)
    }
}
