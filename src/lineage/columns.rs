//! Steps at column level.
//!
//! A place is a field or a whole dataset ("all its fields, or one that nobody named"). What
//! is said of the whole holds for each field: going up from a field, the edges into its
//! dataset as a whole are followed too; whoever comes to a whole dataset goes on from each
//! of its fields. So an input that influences every output field is stored and shown once.
//! Going down, a field goes on from its whole only if unknown columns are assumed to carry.

use super::index::NONE;
use super::nodes::Kind;
use super::view::{Touch, View, Way};

/// A step, always written along the flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Arc {
    /// What feeds.
    pub(super) from: u32,
    /// What is fed.
    pub(super) to: u32,
    /// Job over which it leads, or [`NONE`].
    pub(super) via: u32,
    /// Edge that says so.
    pub(super) edge: u32,
    /// If it is inferred over a job: `edge` reads, this one writes. Otherwise [`NONE`].
    pub(super) second: u32,
}

impl View<'_> {
    /// Returns the node that stands for a node: of a dataset the canonical one, of a field
    /// the first along its dataset's class.
    pub(super) fn place(&self, node: u32) -> u32 {
        let nodes = &self.graph.nodes;
        let is = nodes[node];
        match is.kind {
            Kind::Dataset => is.canon,
            Kind::Field if nodes[is.place].ring != is.place => {
                self.graph.field_of_class(is.place, is.name).unwrap_or(node)
            }
            _ => node,
        }
    }

    /// Returns the places of a dataset's fields of which some statement that counts speaks.
    pub(super) fn parts(&mut self, dataset: u32) -> Vec<u32> {
        let nodes = &self.graph.nodes;
        let fields: Vec<u32> = nodes.names_of(dataset).flat_map(|m| nodes.fields(m)).collect();
        let live = fields.into_iter().filter(|&field| self.is_spoken_of(field));
        let mut parts: Vec<u32> = live.collect();
        for part in &mut parts {
            *part = self.place(*part);
        }
        parts.sort_unstable();
        parts.dedup();
        parts
    }

    fn is_spoken_of(&mut self, field: u32) -> bool {
        let graph = self.graph;
        let out = graph.edges.outgoing(&graph.nodes, field).map(|(_, e)| (e, e.to));
        let into = graph.edges.incoming(&graph.nodes, field).map(|(_, e)| (e, e.from));
        out.chain(into).any(|(edge, end)| {
            self.work += 1;
            self.is_open(end) && self.counts(graph.edges.block(edge.block))
        })
    }

    /// Lists the steps from a place. Going up from a field, steps into its whole dataset
    /// are among them.
    pub(super) fn column_steps(&mut self, place: u32, way: Way, arcs: &mut Vec<Arc>) {
        let is = self.graph.nodes[place];
        match is.kind {
            Kind::Field => {
                let dataset = self.graph.nodes[is.place].canon;
                let members: Vec<u32> = self.graph.nodes.names_of(dataset).collect();
                for member in members {
                    if let Some(field) = self.graph.nodes.find_field(member, is.name) {
                        self.node_steps(field, place, way, arcs);
                    }
                }
                if way == Way::Up || self.scope.assume_columns {
                    self.whole_steps(dataset, way, arcs);
                }
            }
            Kind::Dataset => self.whole_steps(place, way, arcs),
            Kind::Job => self.node_steps(place, place, way, arcs),
            Kind::Free => {}
        }
    }

    fn whole_steps(&mut self, dataset: u32, way: Way, arcs: &mut Vec<Arc>) {
        let members: Vec<u32> = self.graph.nodes.names_of(dataset).collect();
        for member in members {
            self.node_steps(member, dataset, way, arcs);
        }
        if self.scope.assume_columns {
            self.assumed_steps(dataset, way, arcs);
        }
    }

    /// Follows the column edges of one node, which stands for `place`.
    fn node_steps(&mut self, node: u32, place: u32, way: Way, arcs: &mut Vec<Arc>) {
        let graph = self.graph;
        let mut follow = |view: &mut Self, handle, edge: &super::edges::Edge, end| {
            view.work += 1;
            if !view.is_column_edge(edge) || !view.is_open(end) {
                return;
            }
            if view.counts(graph.edges.block(edge.block)) {
                let end = view.place(end);
                let (from, to) = if way == Way::Down { (place, end) } else { (end, place) };
                arcs.push(Arc { from, to, via: NONE, edge: handle, second: NONE });
            }
        };
        match way {
            Way::Down => {
                for (handle, edge) in graph.edges.outgoing(&graph.nodes, node) {
                    follow(self, handle, edge, edge.to);
                }
            }
            Way::Up => {
                for (handle, edge) in graph.edges.incoming(&graph.nodes, node) {
                    follow(self, handle, edge, edge.from);
                }
            }
        }
    }

    /// Follows what a dataset feeds over jobs that say nothing about columns.
    fn assumed_steps(&mut self, dataset: u32, way: Way, arcs: &mut Vec<Arc>) {
        let mut touched = Vec::new();
        self.touch(dataset, way, &mut touched);
        for touch in touched {
            let Touch::Job { job, enters: true, edge } = touch else { continue };
            let mut passed = Vec::new();
            self.pass(job, way, false, &mut passed);
            for touch in passed {
                let Touch::Dataset { dataset: end, edge: other, .. } = touch else { continue };
                arcs.push(match way {
                    Way::Down => Arc { from: dataset, to: end, via: job, edge, second: other },
                    Way::Up => Arc { from: end, to: dataset, via: job, edge: other, second: edge },
                });
            }
        }
    }
}
