//! The bounded walk behind every question: breadth first, both ways level by level.
//!
//! A level is sorted by name before the node limit cuts it, so that the answer does not
//! depend on the order in which facts came. The walk looks one step beyond its last level,
//! for the edges among the nodes shown and to tell whether the depth cut anything off.

use super::answer::Truncated;
use super::columns::Arc;
use super::graph::Graph;
use super::index::NONE;
use super::maps::{Map, Set};
use super::nodes::Kind;
use super::question::{Level, NodeRef, Question};
use super::view::{Touch, View, Way};

/// Edges that one question looks at, at most.
pub(super) const WORK_EDGES_MAX: usize = 4_000_000;

/// A job that the flow entered, with what it came from and what it goes on to.
#[derive(Debug, Default)]
pub(super) struct Gate {
    /// Datasets on the side the walk came from, with the edge.
    pub(super) ins: Vec<(u32, u32)>,
    /// Datasets on the side it goes on to, with the edge.
    pub(super) outs: Vec<(u32, u32)>,
    /// Jobs it came from, with the edge.
    pub(super) jobs: Vec<(u32, u32)>,
}

/// Where a search for paths must lead: nothing else is taken in.
#[derive(Debug)]
pub(super) struct Aim {
    /// Nodes from which the end can be reached.
    pub(super) allowed: Set<u32>,
    /// The end: taken in whatever the limit.
    pub(super) end: u32,
}

/// A node that was found, and the ways in which to go on from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) node: u32,
    pub(super) down: bool,
    pub(super) up: bool,
}

impl Found {
    /// Found on the way, to go on the same way.
    pub(super) fn on(node: u32, way: Way) -> Self {
        Self { node, down: way == Way::Down, up: way == Way::Up }
    }

    /// To be shown, not to go on from.
    pub(super) fn shown_only(node: u32) -> Self {
        Self { node, down: false, up: false }
    }
}

/// A walk and what it found.
pub(super) struct Walk<'g> {
    pub(super) view: View<'g>,
    pub(super) level: Level,
    pub(super) include_jobs: bool,
    /// Nodes of the answer in their order.
    pub(super) order: Vec<u32>,
    /// Their signed hops.
    pub(super) hops: Map<u32, i32>,
    /// Steps found; their ends need not be in the answer.
    pub(super) arcs: Vec<Arc>,
    /// Jobs entered.
    pub(super) gates: Map<(u32, Way), Gate>,
    pub(super) truncated: Truncated,
    /// Greatest number of nodes.
    pub(super) limit: usize,
    /// Where it must lead, if it searches for paths.
    pub(super) aim: Option<Aim>,
    /// Nodes whose steps were or will be taken.
    pub(super) visited: Set<(u32, Way)>,
    /// Nodes whose steps come next.
    pub(super) frontiers: [Vec<u32>; 2],
    /// Arcs found before the present level.
    pub(super) mark: usize,
    parted: Set<(u32, Way)>,
}

impl<'g> Walk<'g> {
    /// Walks a question to its end.
    pub(super) fn of(graph: &'g Graph, question: &Question) -> Self {
        Self::new(graph, question).walked(question)
    }

    /// Walks to the end.
    pub(super) fn walked(mut self, question: &Question) -> Self {
        let (up, down, _) = question.bounds();
        let focus = self.focus(question);
        self.run(focus, up, down);
        self
    }

    /// Makes a walk that has not begun.
    pub(super) fn new(graph: &'g Graph, question: &Question) -> Self {
        Self {
            view: View::new(graph, question.scope),
            level: question.level,
            include_jobs: question.include_jobs,
            order: Vec::new(),
            hops: Map::default(),
            arcs: Vec::new(),
            gates: Map::default(),
            truncated: Truncated::default(),
            limit: question.bounds().2,
            aim: None,
            visited: Set::default(),
            frontiers: [Vec::new(), Vec::new()],
            mark: 0,
            parted: Set::default(),
        }
    }

    fn focus(&mut self, question: &Question) -> Vec<Found> {
        let mut found = Vec::new();
        for reference in &question.focus {
            let node = self.view.graph.resolve(reference);
            let Some(node) = node.filter(|&n| self.view.is_open(n)) else {
                found.extend(self.untold_field(reference));
                continue;
            };
            let kind = self.view.graph.nodes[node].kind;
            let places = match (self.level, kind) {
                (Level::Column, Kind::Job) => self.written_places(node),
                (Level::Column, Kind::Dataset) => {
                    let mut places = self.view.parts(node);
                    places.push(node);
                    places
                }
                (Level::Table, Kind::Field) => self.view.canon(node).into_iter().collect(),
                _ => vec![self.view.place(node)],
            };
            found.extend(places.into_iter().map(|node| Found { node, down: true, up: true }));
        }
        found
    }

    /// A field that no column lineage speaks of stands where its dataset as a whole stands.
    fn untold_field(&self, reference: &NodeRef) -> Option<Found> {
        let NodeRef::Field(dataset, _) = reference else { return None };
        let node = self.view.graph.resolve(&NodeRef::Dataset(*dataset))?;
        let down = self.level == Level::Table || self.view.scope.assume_columns;
        self.view.is_open(node).then_some(Found { node, down, up: true })
    }

    /// Returns the places that a job's column lineage writes.
    fn written_places(&mut self, job: u32) -> Vec<u32> {
        let graph = self.view.graph;
        let mut places = Vec::new();
        for (handle, block) in graph.edges.said_by(&graph.nodes, job) {
            if self.view.counts(block) {
                let edges = graph.edges.of_block(handle).map(|(_, e)| e);
                let columns = edges.filter(|e| self.view.is_column_edge(e));
                places.extend(columns.map(|e| self.view.place(e.to)));
            }
        }
        places
    }

    fn run(&mut self, focus: Vec<Found>, up: u32, down: u32) {
        self.admit(focus, 0, true);
        for hop in 1..=up.max(down) {
            let mut found = Vec::new();
            self.mark = self.arcs.len();
            for (way, bound) in [(Way::Down, down), (Way::Up, up)] {
                if hop <= bound {
                    for node in std::mem::take(&mut self.frontiers[way as usize]) {
                        self.expand(node, way, &mut found);
                    }
                }
            }
            if found.is_empty() {
                break;
            }
            self.admit(found, hop.cast_signed(), false);
            if self.truncated.nodes && self.aim.is_none() {
                break;
            }
        }
        self.look_beyond(up, down);
    }

    fn expand(&mut self, node: u32, way: Way, found: &mut Vec<Found>) {
        if self.view.work > WORK_EDGES_MAX {
            self.truncated.work = true;
            return;
        }
        if self.level == Level::Column {
            self.expand_columns(node, way, found);
        } else if self.view.graph.nodes[node].kind == Kind::Job {
            let mut touched = Vec::new();
            self.view.pass(node, way, true, &mut touched);
            self.follow(node, way, &touched, found);
        } else {
            let mut touched = Vec::new();
            self.view.touch(node, way, &mut touched);
            self.follow(node, way, &touched, found);
        }
    }

    fn follow(&mut self, node: u32, way: Way, touched: &[Touch], found: &mut Vec<Found>) {
        for &touch in touched {
            match touch {
                Touch::Dataset { dataset, via, edge } => {
                    self.arc(node, dataset, way, via.unwrap_or(NONE), edge);
                    found.extend(via.map(|job| Found::on(job, way)));
                    found.push(Found::on(dataset, way));
                }
                Touch::Job { job, enters, edge } => {
                    self.arc(node, job, way, NONE, edge);
                    found.push(Found::on(job, way));
                    if enters {
                        self.enter(job, way, (node, edge), found);
                    }
                }
            }
        }
    }

    /// Goes on from a job to what it handles as a whole, once for each way.
    fn enter(&mut self, first: u32, way: Way, from: (u32, u32), found: &mut Vec<Found>) {
        let mut waiting = vec![(first, from)];
        while let Some((job, (node, edge))) = waiting.pop() {
            let is_first = !self.gates.contains_key(&(job, way));
            let gate = self.gates.entry((job, way)).or_default();
            if self.view.graph.nodes[node].kind == Kind::Job {
                gate.jobs.push((node, edge));
            } else {
                gate.ins.push((node, edge));
            }
            if !is_first {
                continue;
            }
            let mut touched = Vec::new();
            self.view.pass(job, way, false, &mut touched);
            for touch in touched {
                match touch {
                    Touch::Dataset { dataset, edge, .. } => {
                        self.gates.entry((job, way)).or_default().outs.push((dataset, edge));
                        self.arc(job, dataset, way, NONE, edge);
                        found.push(Found::on(dataset, way));
                    }
                    Touch::Job { job: next, edge, .. } => {
                        self.arc(job, next, way, NONE, edge);
                        found.push(Found::on(next, way));
                        waiting.push((next, (job, edge)));
                    }
                }
            }
        }
    }

    fn expand_columns(&mut self, node: u32, way: Way, found: &mut Vec<Found>) {
        let first = self.arcs.len();
        let mut arcs = std::mem::take(&mut self.arcs);
        self.view.column_steps(node, way, &mut arcs);
        for arc in arcs.iter().skip(first).filter(|arc| arc.from != arc.to) {
            let (here, next) =
                if way == Way::Down { (arc.from, arc.to) } else { (arc.to, arc.from) };
            if here != node {
                found.push(Found::shown_only(here));
            }
            found.push(Found::on(next, way));
            let is_whole = self.view.graph.nodes[next].kind == Kind::Dataset;
            if is_whole && self.parted.insert((next, way)) {
                let parts = self.view.parts(next);
                found.extend(parts.into_iter().map(|p| Found::on(p, way)));
            }
        }
        self.arcs = arcs;
    }

    fn arc(&mut self, node: u32, other: u32, way: Way, via: u32, edge: u32) {
        let (from, to) = if way == Way::Down { (node, other) } else { (other, node) };
        self.arcs.push(Arc { from, to, via, edge, second: NONE });
    }

    /// Looks one step beyond the last level.
    fn look_beyond(&mut self, up: u32, down: u32) {
        let mut between: Vec<(u32, i32)> = Vec::new();
        let mut beyond: Set<u32> = Set::default();
        for (way, hop) in [(Way::Down, down.cast_signed()), (Way::Up, -up.cast_signed())] {
            if hop == 0 {
                continue; // Not asked for this way.
            }
            let mut found = Vec::new();
            for node in std::mem::take(&mut self.frontiers[way as usize]) {
                self.expand(node, way, &mut found);
            }
            let graph = self.view.graph;
            for Found { node, .. } in found {
                if graph.nodes[node].kind == Kind::Job && self.level == Level::Table {
                    between.push((node, hop));
                } else if !self.hops.contains_key(&node) {
                    beyond.insert(node);
                }
            }
        }
        if !self.truncated.nodes {
            self.truncated.beyond = beyond.len();
            self.truncated.depth = !beyond.is_empty();
        }
        if self.include_jobs && self.level == Level::Table {
            self.admit_between(between);
        }
    }

    /// Takes in the jobs that lie between datasets of the answer.
    fn admit_between(&mut self, mut found: Vec<(u32, i32)>) {
        let mut joins: Set<u32> = Set::default();
        let hops = &self.hops;
        for arc in &self.arcs {
            if arc.via != NONE && hops.contains_key(&arc.from) && hops.contains_key(&arc.to) {
                joins.insert(arc.via);
            }
        }
        for ((job, _), gate) in &self.gates {
            let has = |ends: &[(u32, u32)]| ends.iter().any(|(node, _)| hops.contains_key(node));
            if has(&gate.ins) && has(&gate.outs) {
                joins.insert(*job);
            }
        }
        found.retain(|(job, _)| joins.contains(job) && !hops.contains_key(job));
        let graph = self.view.graph;
        found.sort_by(|a, b| graph.compare(a.0, b.0));
        found.dedup_by_key(|f| f.0);
        for (job, hop) in found {
            if self.order.len() < self.limit {
                self.hops.insert(job, hop);
                self.order.push(job);
            } else {
                self.truncated.nodes = true;
                self.truncated.left_out += 1;
            }
        }
    }
}
