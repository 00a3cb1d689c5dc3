//! Merges all statements that say one edge of an answer.

use super::answer::{Edge, EdgeType, JobLabel, NodeType};
use super::edges::{Block, Said};
use super::facts::{Origin, Seen};
use super::graph::Graph;
use super::nodes::Kind;
use super::question::Level;
use super::transforms::{Carry, Detail};

/// What was said of one edge.
#[derive(Debug, Default)]
pub(super) struct Merged {
    blocks: Vec<u32>,
    pairs: Vec<(u32, u32)>,
    details: Vec<Detail>,
    jobs: Vec<u32>,
}

impl Merged {
    /// Adds a stored edge.
    pub(super) fn add(&mut self, graph: &Graph, edge: u32) {
        let edge = graph.edges[edge];
        let block = graph.edges.block(edge.block);
        self.blocks.push(edge.block);
        if !Graph::is_io(block.said) {
            self.details.push(edge.detail);
        }
        if block.said != Said::View {
            self.jobs.push(block.owner);
        }
    }

    /// Adds what follows from two stored edges of one job: it reads the one and writes the
    /// other.
    pub(super) fn add_pair(&mut self, graph: &Graph, first: u32, second: u32) {
        let blocks = [first, second].map(|e| graph.edges[e].block);
        self.pairs.push((blocks[0], blocks[1]));
        self.details.push(Detail::NOTHING);
        let owners = blocks.map(|b| graph.edges.block(b).owner);
        self.jobs.extend(owners.into_iter().filter(|&o| graph.nodes[o].kind == Kind::Job));
    }

    /// Makes the edge, but for its ends.
    pub(super) fn edge(&self, graph: &Graph, ends: (NodeType, NodeType), level: Level) -> Edge {
        let kind = match (ends, level) {
            ((NodeType::Job, NodeType::Job), _) => EdgeType::Job,
            ((_, NodeType::Job), _) => EdgeType::Reads,
            ((NodeType::Job, _), _) => EdgeType::Writes,
            (_, Level::Table) => EdgeType::Flow,
            (_, Level::Column) => EdgeType::Column,
        };
        let (seen, origin, current) = self.times(graph);
        let is_flow = matches!(kind, EdgeType::Flow | EdgeType::Column);
        let carry = self.details.iter().map(|d| d.carry()).max().unwrap_or(Carry::Unknown);
        let mut transformations: Vec<_> =
            self.details.iter().flat_map(|&d| graph.transforms.get(d, &graph.texts)).collect();
        transformations.sort();
        transformations.dedup();
        Edge {
            source: 0,
            target: 0,
            source_field: None,
            target_field: None,
            kind,
            carry,
            origin,
            seen,
            current,
            jobs: if is_flow { self.labels(graph) } else { Vec::new() },
            hidden_jobs: 0,
            transformations,
            change: None,
        }
    }

    fn labels(&self, graph: &Graph) -> Vec<JobLabel> {
        let mut jobs = self.jobs.clone();
        jobs.sort_unstable();
        jobs.dedup();
        let mut labels: Vec<JobLabel> = jobs.into_iter().map(|j| graph.job_label(j)).collect();
        labels.sort();
        labels
    }

    fn times(&self, graph: &Graph) -> (Seen, Origin, bool) {
        let mut blocks = self.blocks.clone();
        blocks.sort_unstable();
        blocks.dedup();
        let single = blocks.iter().map(|&b| {
            let block = graph.edges.block(b);
            (block.seen(), block.origin, block.current)
        });
        let paired = self.pairs.iter().map(|&(a, b)| {
            let (a, b) = (graph.edges.block(a), graph.edges.block(b));
            let (first, last) = (a.first.max(b.first), a.last.min(b.last));
            let seen = Seen { first: first.min(last), last, runs: a.runs.min(b.runs) };
            (seen, Origin::Inferred, a.current && b.current)
        });
        let all = single.chain(paired).reduce(|(a, origin, current), (b, other, also)| {
            let (first, last) = (a.first.min(b.first), a.last.max(b.last));
            (Seen { first, last, runs: 0 }, origin.max(other), current || also)
        });
        let nothing = Seen { first: crate::base::Time::MIN, last: crate::base::Time::MIN, runs: 0 };
        let (mut seen, origin, current) = all.unwrap_or((nothing, Origin::Inferred, false));
        seen.runs = runs(graph, &blocks).max(self.paired_runs(graph));
        (seen, origin, current)
    }

    fn paired_runs(&self, graph: &Graph) -> u32 {
        let runs = self.pairs.iter().map(|&(a, b)| {
            let (a, b) = (graph.edges.block(a), graph.edges.block(b));
            a.runs.min(b.runs)
        });
        runs.max().unwrap_or(0)
    }
}

/// Counts runs: summed over owners and over versions of one statement, but not over
/// different statements that the same runs made.
fn runs(graph: &Graph, blocks: &[u32]) -> u32 {
    let mut blocks: Vec<&Block> = blocks.iter().map(|&b| graph.edges.block(b)).collect();
    blocks.sort_by_key(|b| (b.owner, b.said, b.about));
    let of_owner = blocks.chunk_by(|a, b| a.owner == b.owner).map(|owner| {
        let statements = owner.chunk_by(|a, b| (a.said, a.about) == (b.said, b.about));
        statements.map(|s| s.iter().fold(0_u32, |sum, b| sum.saturating_add(b.runs))).max()
    });
    of_owner.fold(0_u32, |sum, runs| sum.saturating_add(runs.unwrap_or(0)))
}

impl Graph {
    /// Makes the label of a job.
    pub(super) fn job_label(&self, job: u32) -> JobLabel {
        let namespace = self.texts.get(self.nodes[job].place).to_owned();
        JobLabel { namespace, name: self.label(job), id: self.nodes[job].id }
    }
}
