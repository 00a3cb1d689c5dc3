//! The graph itself: what it holds and how it is told of names, deletions and positions.
//!
//! How facts become edges is in [`super::apply`], which datasets are one in
//! [`super::alias`]. No question is answered here.

use crate::base::{DatasetId, JobId, Position};

use super::edges::Edges;
use super::index::NONE;
use super::marks::Marks;
use super::nodes::{Kind, Nodes};
use super::question::NodeRef;
use super::texts::Texts;
use super::transforms::Transforms;

/// The lineage graph in memory: a follower of the change feed.
///
/// It is order-free: whatever order names, aliases, deletions and facts of different
/// owners come in, the same questions get the same answers. Facts of one owner replace all
/// that this owner said before.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    pub(super) nodes: Nodes,
    pub(super) edges: Edges,
    pub(super) texts: Texts,
    pub(super) transforms: Transforms,
    pub(super) marks: Marks,
    pub(super) position: Position,
}

impl Graph {
    /// Makes an empty graph at position 0.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room at once, so that a first load does not grow step by step.
    pub fn reserve(&mut self, entities: usize, fields: usize, edges: usize) {
        self.nodes.reserve(entities, fields);
        self.edges.reserve(entities, edges);
        self.texts.reserve(entities, entities.saturating_mul(32));
    }

    /// Names a dataset. An unnamed dataset is shown by its id.
    pub fn name_dataset(&mut self, id: DatasetId, namespace: &str, name: &str) {
        let node = self.dataset_node(id);
        self.name(node, namespace, name);
        self.settle_class(node);
    }

    /// Names a job. An unnamed job is shown by its id.
    pub fn name_job(&mut self, id: JobId, namespace: &str, name: &str) {
        let node = self.job_node(id);
        self.name(node, namespace, name);
    }

    /// Marks a dataset as deleted, or takes the mark away.
    ///
    /// A dataset under several names is deleted when all its named members are.
    pub fn set_dataset_deleted(&mut self, id: DatasetId, deleted: bool) {
        let node = self.dataset_node(id);
        self.nodes[node].deleted = deleted;
        self.settle_class(node);
    }

    /// Marks a job as deleted, or takes the mark away.
    pub fn set_job_deleted(&mut self, id: JobId, deleted: bool) {
        let node = self.job_node(id);
        self.nodes[node].deleted = deleted;
    }

    /// Takes a dataset out for good: its name, its fields, what it says and every edge that
    /// touches it, whoever says so. Its aliases stay one dataset among themselves.
    pub fn remove_dataset(&mut self, id: DatasetId) {
        let Some(node) = self.nodes.find(Kind::Dataset, id.0) else { return };
        let mut ends = Vec::new();
        self.edges.remove_said(&mut self.nodes, node, &mut ends);
        let fields: Vec<u32> = self.nodes.fields(node).collect();
        for field in fields {
            self.edges.remove_touching(&mut self.nodes, field, &mut ends);
            self.nodes.remove(field);
        }
        self.edges.remove_touching(&mut self.nodes, node, &mut ends);
        self.edges.forget_topic(node);
        self.leave_class(node);
        self.marks.remove(node);
        self.nodes.remove(node);
        self.reap(&ends);
    }

    /// Takes a job out for good: its name, what it says and every edge that touches it.
    pub fn remove_job(&mut self, id: JobId) {
        let Some(node) = self.nodes.find(Kind::Job, id.0) else { return };
        let mut ends = Vec::new();
        self.edges.remove_said(&mut self.nodes, node, &mut ends);
        self.edges.remove_touching(&mut self.nodes, node, &mut ends);
        self.edges.forget_topic(node);
        self.nodes.remove(node);
        self.reap(&ends);
    }

    /// Tells whether the graph knows a node, be it only from what others say of it.
    #[must_use]
    pub fn contains(&self, node: &NodeRef) -> bool {
        self.resolve(node).is_some()
    }

    /// Returns namespace and name of a dataset, if it was named.
    #[must_use]
    pub fn dataset_name(&self, id: DatasetId) -> Option<(&str, &str)> {
        self.name_of(self.nodes.find(Kind::Dataset, id.0)?)
    }

    /// Returns namespace and name of a job, if it was named.
    #[must_use]
    pub fn job_name(&self, id: JobId) -> Option<(&str, &str)> {
        self.name_of(self.nodes.find(Kind::Job, id.0)?)
    }

    /// Returns the number of nodes: datasets, jobs and fields, aliases counted each.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// Returns the number of stored edges; what is inferred is not stored.
    #[must_use]
    pub fn edge_count(&self) -> usize {
        self.edges.len()
    }

    /// Returns the bytes held on the heap (by capacity: an upper bound of what is touched).
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.nodes.memory_bytes()
            + self.edges.memory_bytes()
            + self.texts.memory_bytes()
            + self.transforms.memory_bytes()
            + self.marks.memory_bytes()
    }

    /// Returns the position in the change feed up to which the graph has followed.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position.number
    }

    /// Returns the same with its history.
    #[must_use]
    pub fn reached(&self) -> Position {
        self.position
    }

    /// Sets the position in the change feed.
    pub fn set_position(&mut self, position: impl Into<Position>) {
        self.position = position.into();
    }

    /// Finds or makes a dataset's node.
    pub(super) fn dataset_node(&mut self, id: DatasetId) -> u32 {
        self.nodes.entity(Kind::Dataset, id.0)
    }

    /// Finds or makes a job's node.
    pub(super) fn job_node(&mut self, id: JobId) -> u32 {
        self.nodes.entity(Kind::Job, id.0)
    }

    /// Finds the node of a reference; of a dataset the canonical one, of a field the first
    /// one along the class.
    pub(super) fn resolve(&self, node: &NodeRef) -> Option<u32> {
        match node {
            NodeRef::Dataset(id) => {
                self.nodes.find(Kind::Dataset, id.0).map(|n| self.nodes[n].canon)
            }
            NodeRef::Job(id) => self.nodes.find(Kind::Job, id.0),
            NodeRef::Field(id, field) => {
                let dataset = self.nodes.find(Kind::Dataset, id.0)?;
                self.field_of_class(dataset, self.texts.find(field)?)
            }
        }
    }

    /// Finds the node that stands for a field of a dataset under any of its names.
    pub(super) fn field_of_class(&self, dataset: u32, name: u32) -> Option<u32> {
        self.nodes.names_of(dataset).find_map(|member| self.nodes.find_field(member, name))
    }

    /// Returns the nodes that statements speak of.
    pub(super) fn topics(&self) -> super::maps::Set<u32> {
        self.edges.topics().collect()
    }

    /// Takes out those of `candidates` that are fields without edges.
    pub(super) fn reap(&mut self, candidates: &[u32]) {
        for &node in candidates {
            let is = self.nodes[node];
            if is.kind == Kind::Field && is.out == NONE && is.into == NONE {
                self.nodes.remove(node);
            }
        }
    }

    fn name(&mut self, node: u32, namespace: &str, name: &str) {
        let (place, name) = (self.texts.intern(namespace), self.texts.intern(name));
        let node = &mut self.nodes[node];
        (node.place, node.name, node.named) = (place, name, true);
    }

    fn name_of(&self, node: u32) -> Option<(&str, &str)> {
        let node = self.nodes[node];
        node.named.then(|| (self.texts.get(node.place), self.texts.get(node.name)))
    }
}
