//! Marquez's two neighbourhoods: `/lineage` (not directed) and `/column-lineage`.
//!
//! Unlike Marquez, a dataset starts from all jobs that touch it and not from one, and deleted
//! jobs carry nothing (its issues 2543 and 3085).

use super::answer::SubGraph;
use super::columns::Arc;
use super::graph::Graph;
use super::index::NONE;
use super::maps::Set;
use super::nodes::Kind;
use super::question::{Level, NodeRef, Question, Scope};
use super::view::{Touch, Way};
use super::walk::Walk;
use crate::base::limits::GRAPH_DEPTH_MAX;

impl Graph {
    /// Answers with the jobs around a node and all their datasets.
    ///
    /// From a job (or from all jobs that touch a dataset), each step of `depth` adds every
    /// job that shares any dataset with a job found. Depth 0 is just the jobs started from.
    /// `hops` of the nodes are these steps. Jobs over the node limit are left out with their
    /// datasets.
    #[must_use]
    pub fn marquez_neighbourhood(&self, focus: &NodeRef, depth: u32, limit: usize) -> SubGraph {
        let question = Question { limit, ..Question::around(focus.clone(), 0, 0) };
        let mut walk = Walk::new(self, &question);
        let Some(start) = self.resolve(focus).filter(|&n| walk.view.is_open(n)) else {
            return SubGraph::default();
        };
        let start = walk.view.canon(start).unwrap_or(start);
        let mut jobs = vec![start];
        if self.nodes[start].kind != Kind::Job {
            walk.show(start, 0);
            jobs = walk.jobs_touching(start);
        }
        let mut seen: Set<u32> = jobs.iter().copied().collect();
        for step in 0..=depth.min(GRAPH_DEPTH_MAX) {
            jobs.sort_by(|a, b| self.compare(*a, *b));
            let mut datasets = Vec::new();
            for &job in &jobs {
                datasets.extend(walk.show_job(job, step.cast_signed()));
            }
            datasets.sort_unstable();
            datasets.dedup();
            let near = datasets.into_iter().flat_map(|d| walk.jobs_touching(d));
            jobs = near.filter(|&j| seen.insert(j)).collect();
            if jobs.is_empty() {
                break;
            }
        }
        walk.truncated.depth = !jobs.is_empty() && !walk.truncated.nodes;
        walk.truncated.beyond = jobs.len();
        walk.compose()
    }

    /// Answers `/column-lineage`: the fields that feed a dataset, field or job's outputs,
    /// with `downstream` also those fed by them, as it is now; `depth` counts edges.
    #[must_use]
    pub fn marquez_columns(
        &self,
        focus: &NodeRef,
        depth: u32,
        downstream: bool,
        limit: usize,
    ) -> SubGraph {
        self.reach(&Question {
            focus: vec![focus.clone()],
            level: Level::Column,
            up: depth,
            down: if downstream { depth } else { 0 },
            limit,
            scope: Scope::CURRENT,
            include_jobs: false,
        })
    }
}

impl Walk<'_> {
    /// Shows a node unless the limit is reached.
    fn show(&mut self, node: u32, hop: i32) -> bool {
        if self.hops.contains_key(&node) {
            return true;
        }
        if self.order.len() >= self.limit {
            self.truncated.nodes = true;
            self.truncated.left_out += 1;
            return false;
        }
        self.hops.insert(node, hop);
        self.order.push(node);
        true
    }

    /// Shows a job with its datasets and returns these.
    fn show_job(&mut self, job: u32, hop: i32) -> Vec<u32> {
        if !self.show(job, hop) {
            return Vec::new();
        }
        let mut datasets = Vec::new();
        for way in [Way::Up, Way::Down] {
            let mut touched = Vec::new();
            self.view.pass(job, way, true, &mut touched);
            for touch in touched {
                let (end, edge) = match touch {
                    Touch::Dataset { dataset, edge, .. } => (dataset, edge),
                    Touch::Job { job, edge, .. } => (job, edge),
                };
                let (from, to) = if way == Way::Down { (job, end) } else { (end, job) };
                self.arcs.push(Arc { from, to, via: NONE, edge, second: NONE });
                datasets.extend(Some(end).filter(|&e| self.view.canon(e).is_some()));
            }
        }
        datasets.sort_by(|a, b| self.view.graph.compare(*a, *b));
        datasets.dedup();
        datasets.retain(|&dataset| self.show(dataset, hop));
        datasets
    }

    fn jobs_touching(&mut self, dataset: u32) -> Vec<u32> {
        let mut touched = Vec::new();
        self.view.touch(dataset, Way::Down, &mut touched);
        self.view.touch(dataset, Way::Up, &mut touched);
        let jobs = touched.into_iter().filter_map(|touch| match touch {
            Touch::Job { job, .. } => Some(job),
            Touch::Dataset { via, .. } => via,
        });
        let mut jobs: Vec<u32> = jobs.collect();
        jobs.sort_unstable();
        jobs.dedup();
        jobs
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::shorthand::*;
    use super::super::*;

    #[test]
    fn neighbourhood_goes_over_shared_datasets_either_way() {
        let graph = graph(&[
            facts("j1").io(&["a"], &["b"]),
            facts("j2").io(&["a"], &["c"]),
            facts("j3").io(&["c"], &["d"]),
        ]);
        let around = |focus: NodeRef, depth| nodes(&graph.marquez_neighbourhood(&focus, depth, 99));
        assert_eq!(around(NodeRef::Job(job("j1")), 0), "j1 a b");
        assert_eq!(around(NodeRef::Job(job("j1")), 1), "j1 a b j2 c");
        assert_eq!(around(NodeRef::Job(job("j1")), 2), "j1 a b j2 c j3 d");
        assert_eq!(around(NodeRef::Dataset(ds("a")), 0), "a j1 b j2 c");
        assert_eq!(around(NodeRef::Dataset(ds("q")), 20), "q");
    }
}
