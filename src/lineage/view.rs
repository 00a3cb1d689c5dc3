//! The graph as one question sees it: which statements count, and how flow passes a job.
//!
//! Here is the precedence of OpenLineage (explicit lineage facet, section "Precedence"):
//! what an explicit entry or a column lineage facet says of an output replaces inputs ×
//! outputs for it. What is left over, the job consumes and produces as a whole:
//! - a job *consumes* an input as a whole unless it has explicit entries and one of them
//!   uses that input for something else than the job itself;
//! - a job *produces* an output as a whole unless an entry or a column lineage facet covers it;
//! - whatever it consumes as a whole feeds whatever it produces as a whole.

use std::ops::ControlFlow;
use std::rc::Rc;

use super::edges::{Block, Edge, Said};
use super::graph::Graph;
use super::maps::Map;
use super::nodes::Kind;
use super::question::Scope;

/// With or against the flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Way {
    /// To what is fed.
    Down,
    /// To what feeds.
    Up,
}

/// What one step from a node at table level touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Touch {
    /// A job that reads or writes it; `enters` if flow goes on to what the job handles as
    /// a whole.
    Job { job: u32, enters: bool, edge: u32 },
    /// A dataset fed over a job (or over none).
    Dataset { dataset: u32, via: Option<u32>, edge: u32 },
}

/// What a job says in the statements that count. Datasets are canonical.
#[derive(Debug, Default)]
struct Says {
    explicit: bool,
    covered: Vec<u32>,
    covered_explicitly: Vec<u32>,
    used: Vec<u32>,
}

/// A graph and the statements that count.
pub(super) struct View<'g> {
    pub(super) graph: &'g Graph,
    pub(super) scope: Scope,
    /// Edges looked at so far.
    pub(super) work: usize,
    says: Map<u32, Rc<Says>>,
}

impl<'g> View<'g> {
    pub(super) fn new(graph: &'g Graph, scope: Scope) -> Self {
        Self { graph, scope, work: 0, says: Map::default() }
    }

    /// Tells whether a node may be walked over.
    pub(super) fn is_open(&self, node: u32) -> bool {
        self.scope.include_deleted || !self.graph.is_deleted(node)
    }

    /// Tells whether a block counts.
    pub(super) fn counts(&mut self, block: &Block) -> bool {
        self.is_present(block) && self.is_open(block.owner) && !self.is_beaten(block)
    }

    /// Lists what one step from a dataset touches. `dataset` is canonical.
    pub(super) fn touch(&mut self, dataset: u32, way: Way, touched: &mut Vec<Touch>) {
        self.touch_each(dataset, way, |_, touch| {
            touched.push(touch);
            ControlFlow::Continue(())
        });
    }

    /// Goes through what one step from a dataset touches, until told to stop.
    pub(super) fn touch_each(
        &mut self,
        dataset: u32,
        way: Way,
        mut each: impl FnMut(&mut Self, Touch) -> ControlFlow<()>,
    ) {
        let graph = self.graph;
        for member in graph.nodes.names_of(dataset) {
            let (mut out, mut into);
            let edges: &mut dyn Iterator<Item = (u32, &Edge)> = match way {
                Way::Down => {
                    out = graph.edges.outgoing(&graph.nodes, member);
                    &mut out
                }
                Way::Up => {
                    into = graph.edges.incoming(&graph.nodes, member);
                    &mut into
                }
            };
            for (handle, edge) in edges {
                let end = if way == Way::Down { edge.to } else { edge.from };
                if let Some(touch) = self.touch_over(dataset, handle, edge, end, way)
                    && each(self, touch).is_break()
                {
                    return;
                }
            }
        }
    }

    /// Lists what a job that was entered passes the flow on to. With `whole`, everything on
    /// that side of the job.
    pub(super) fn pass(&mut self, job: u32, way: Way, whole: bool, touched: &mut Vec<Touch>) {
        let graph = self.graph;
        match way {
            Way::Down => {
                for (handle, edge) in graph.edges.outgoing(&graph.nodes, job) {
                    touched.extend(self.pass_over(job, handle, edge, edge.to, way, whole));
                }
            }
            Way::Up => {
                for (handle, edge) in graph.edges.incoming(&graph.nodes, job) {
                    touched.extend(self.pass_over(job, handle, edge, edge.from, way, whole));
                }
            }
        }
        if whole {
            self.pass_flows(job, way, touched);
        }
    }

    /// Tells whether an edge says something between fields or between whole datasets as
    /// column level sees them.
    pub(super) fn is_column_edge(&self, edge: &Edge) -> bool {
        let (from, to) = (self.graph.nodes[edge.from].kind, self.graph.nodes[edge.to].kind);
        match (from, to) {
            (Kind::Field, _) | (_, Kind::Field) => true,
            (Kind::Dataset, Kind::Dataset) => !edge.detail.is_derived(),
            _ => false,
        }
    }

    fn touch_over(
        &mut self,
        dataset: u32,
        handle: u32,
        edge: &Edge,
        end: u32,
        way: Way,
    ) -> Option<Touch> {
        self.work += 1;
        let block = *self.graph.edges.block(edge.block);
        let kind = self.graph.nodes[end].kind;
        if kind == Kind::Field || !self.is_open(end) || !self.counts(&block) {
            return None;
        }
        if kind == Kind::Job {
            let enters = match (block.said, way) {
                (Said::Reads, _) => self.consumes(end, dataset),
                (Said::Writes, _) => self.produces(end, dataset),
                _ => true,
            };
            return Some(Touch::Job { job: end, enters, edge: handle });
        }
        let via = (block.said != Said::View).then_some(block.owner);
        Some(Touch::Dataset { dataset: self.graph.nodes[end].canon, via, edge: handle })
    }

    fn pass_over(
        &mut self,
        job: u32,
        handle: u32,
        edge: &Edge,
        end: u32,
        way: Way,
        whole: bool,
    ) -> Option<Touch> {
        self.work += 1;
        let block = *self.graph.edges.block(edge.block);
        if !self.is_open(end) || !self.counts(&block) {
            return None;
        }
        match self.graph.nodes[end].kind {
            Kind::Job => Some(Touch::Job { job: end, enters: true, edge: handle }),
            Kind::Dataset => {
                let dataset = self.graph.nodes[end].canon;
                let passes = whole
                    || match (block.said, way) {
                        (Said::Writes, _) => self.produces(job, dataset),
                        (Said::Reads, _) => self.consumes(job, dataset),
                        _ => true,
                    };
                passes.then_some(Touch::Dataset { dataset, via: None, edge: handle })
            }
            Kind::Field | Kind::Free => None,
        }
    }

    /// Adds the ends of the flows that lead over a job.
    fn pass_flows(&mut self, job: u32, way: Way, touched: &mut Vec<Touch>) {
        let graph = self.graph;
        for (handle, block) in graph.edges.said_by(&graph.nodes, job) {
            if !matches!(block.said, Said::Columns | Said::Entry) || !self.counts(block) {
                continue;
            }
            for (edge_handle, edge) in graph.edges.of_block(handle) {
                self.work += 1;
                let both = [edge.from, edge.to].map(|n| graph.nodes[n].kind);
                let end = if way == Way::Down { edge.to } else { edge.from };
                if both == [Kind::Dataset; 2] && self.is_open(end) {
                    let dataset = graph.nodes[end].canon;
                    touched.push(Touch::Dataset { dataset, via: None, edge: edge_handle });
                }
            }
        }
    }

    fn is_present(&self, block: &Block) -> bool {
        let then = self
            .scope
            .as_of
            .is_none_or(|at| block.first <= at && (block.current || at <= block.last));
        then && (block.current || !self.scope.current_only)
    }

    /// A column lineage facet counts for nothing beside an explicit entry on the same output.
    fn is_beaten(&mut self, block: &Block) -> bool {
        if block.said != Said::Columns {
            return false;
        }
        let about = self.canon(block.about);
        about.is_some_and(|about| {
            self.says(block.owner).covered_explicitly.binary_search(&about).is_ok()
        })
    }

    fn consumes(&mut self, job: u32, dataset: u32) -> bool {
        let says = self.says(job);
        !says.explicit || says.used.binary_search(&dataset).is_err()
    }

    fn produces(&mut self, job: u32, dataset: u32) -> bool {
        self.says(job).covered.binary_search(&dataset).is_err()
    }

    fn says(&mut self, job: u32) -> Rc<Says> {
        if let Some(known) = self.says.get(&job) {
            return Rc::clone(known);
        }
        let says = Rc::new(self.read_job(job));
        self.says.insert(job, Rc::clone(&says));
        says
    }

    fn read_job(&mut self, job: u32) -> Says {
        let graph = self.graph;
        let mut says = Says::default();
        for (handle, block) in graph.edges.said_by(&graph.nodes, job) {
            if !self.is_present(block) {
                continue;
            }
            let about = self.canon(block.about);
            says.explicit |= block.said == Said::Entry;
            if matches!(block.said, Said::Columns | Said::Entry) {
                says.covered.extend(about);
            }
            if block.said == Said::Entry {
                says.covered_explicitly.extend(about);
                if block.about != job {
                    let sources = graph.edges.of_block(handle).map(|(_, e)| e.from);
                    says.used.extend(sources.filter_map(|n| self.canon(n)));
                }
            }
        }
        for list in [&mut says.covered, &mut says.covered_explicitly, &mut says.used] {
            list.sort_unstable();
            list.dedup();
        }
        self.work += says.used.len();
        says
    }

    /// Returns the canonical dataset of a dataset or field.
    pub(super) fn canon(&self, node: u32) -> Option<u32> {
        if node == super::index::NONE {
            return None;
        }
        let is = self.graph.nodes[node];
        match is.kind {
            Kind::Dataset => Some(is.canon),
            Kind::Field => Some(self.graph.nodes[is.place].canon),
            Kind::Job | Kind::Free => None,
        }
    }
}
