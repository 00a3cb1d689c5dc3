//! Makes an answer of a walk: nodes with their names, edges merged from all who say them.

use std::ops::ControlFlow;

use super::answer::{Edge, FieldNode, HIDDEN_COUNT_MAX, Node, NodeType, SubGraph};
use super::columns::Arc;
use super::edges::Said;
use super::graph::Graph;
use super::index::NONE;
use super::maps::{Map, Set};
use super::merge::Merged;
use super::nodes::Kind;
use super::question::Level;
use super::view::{Touch, Way};
use super::walk::Walk;

/// Edges inferred over folded jobs that one answer shows, at most.
const FOLDED_EDGES_MAX: usize = 200_000;

/// Joins the two ends of an edge: node indices and texts of the field names, or [`NONE`].
type Ends = (usize, usize, u32, u32);

impl Walk<'_> {
    /// Makes the answer.
    pub(super) fn compose(mut self) -> SubGraph {
        let (nodes, at) = self.nodes();
        let mut edges: Map<Ends, Merged> = Map::default();
        for arc in &self.arcs {
            self.add_arc(&at, arc, &mut edges);
        }
        if self.level == Level::Table {
            self.fold_gates(&at, &mut edges);
        }
        let mut edges: Vec<Edge> =
            edges.into_iter().map(|(ends, merged)| self.edge(ends, &merged, &nodes)).collect();
        edges.sort_by(|a, b| a.order().cmp(&b.order()));
        SubGraph { nodes, edges, truncated: self.truncated }
    }

    /// Makes the nodes, and tells at which index each place of the walk is.
    fn nodes(&mut self) -> (Vec<Node>, Map<u32, usize>) {
        let graph = self.view.graph;
        let mut nodes: Vec<Node> = Vec::new();
        let mut at: Map<u32, usize> = Map::default();
        let mut cards: Map<u32, usize> = Map::default();
        for &place in &self.order {
            let hops = self.hops.get(&place).copied().unwrap_or_default();
            let card = self.view.canon(place).unwrap_or(place);
            let index = *cards.entry(card).or_insert_with(|| {
                nodes.push(graph.answer_node(card, hops));
                nodes.len() - 1
            });
            at.insert(place, index);
            let Some(node) = nodes.get_mut(index) else { continue };
            if graph.nodes[place].kind == Kind::Field {
                let name = graph.texts.get(graph.nodes[place].name).to_owned();
                node.fields.push(FieldNode { name, hops });
            } else {
                let is_whole = self.level == Level::Column && node.kind == NodeType::Dataset;
                node.whole = is_whole.then_some(hops);
            }
        }
        for node in &mut nodes {
            node.fields.sort_by(|a, b| a.name.cmp(&b.name));
        }
        if self.level == Level::Table {
            self.count_more(&mut nodes);
        }
        (nodes, at)
    }

    /// Counts the neighbours that are not shown.
    fn count_more(&mut self, nodes: &mut [Node]) {
        let mut passed: Map<(u32, Way), Vec<u32>> = Map::default();
        for (index, node) in nodes.iter_mut().enumerate() {
            let Some(&place) = self.order.get(index) else { continue };
            if node.kind == NodeType::Dataset {
                node.more_down = self.more(place, Way::Down, &mut passed);
                node.more_up = self.more(place, Way::Up, &mut passed);
            }
        }
    }

    fn more(&mut self, place: u32, way: Way, passed: &mut Map<(u32, Way), Vec<u32>>) -> u32 {
        let Self { view, hops, .. } = self;
        let mut more = Set::default();
        view.touch_each(place, way, |view, touch| {
            match touch {
                Touch::Dataset { dataset, .. } if !hops.contains_key(&dataset) => {
                    more.insert(dataset);
                }
                Touch::Job { job, enters: true, .. } => {
                    let unseen = passed.entry((job, way)).or_insert_with(|| {
                        let mut ends = Vec::new();
                        view.pass(job, way, false, &mut ends);
                        let ends = ends.into_iter().filter_map(|end| match end {
                            Touch::Dataset { dataset, .. } => Some(dataset),
                            Touch::Job { .. } => None,
                        });
                        let unseen = ends.filter(|d| !hops.contains_key(d));
                        unseen.take(HIDDEN_COUNT_MAX as usize).collect()
                    });
                    more.extend(unseen.iter().copied());
                }
                _ => {}
            }
            // Stopping later would give the same answer, so order does not show.
            match more.len() >= HIDDEN_COUNT_MAX as usize {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        });
        u32::try_from(more.len()).unwrap_or(HIDDEN_COUNT_MAX).min(HIDDEN_COUNT_MAX)
    }

    fn add_arc(&self, at: &Map<u32, usize>, arc: &Arc, edges: &mut Map<Ends, Merged>) {
        let Arc { from, to, via, edge, second } = *arc;
        if self.level == Level::Column {
            if let Some(ends) = self.ends(at, from, to) {
                let merged = edges.entry(ends).or_default();
                if second == NONE {
                    merged.add(self.view.graph, edge);
                } else {
                    merged.add_pair(self.view.graph, edge, second);
                }
            }
        } else if via == NONE || !self.is_node(via) {
            if via != NONE && self.include_jobs {
                return;
            }
            if let Some(ends) = self.ends(at, from, to) {
                edges.entry(ends).or_default().add(self.view.graph, edge);
            }
        } else {
            for (from, to) in [(from, via), (via, to)] {
                if let Some(ends) = self.ends(at, from, to) {
                    edges.entry(ends).or_default().add(self.view.graph, edge);
                }
            }
        }
    }

    /// Adds the edges over jobs that are no nodes of the answer.
    fn fold_gates(&mut self, at: &Map<u32, usize>, edges: &mut Map<Ends, Merged>) {
        if self.include_jobs {
            return;
        }
        let mut gates: Vec<(u32, Way)> = self.gates.keys().copied().collect();
        gates.sort_by(|a, b| {
            self.view.graph.compare(a.0, b.0).then((a.1 as usize).cmp(&(b.1 as usize)))
        });
        let mut added = 0;
        for (job, way) in gates.into_iter().filter(|(job, _)| !self.is_node(*job)) {
            let sources = self.sources(job, way);
            let Some(gate) = self.gates.get(&(job, way)) else { continue };
            for (source, first) in sources {
                for &(end, second) in &gate.outs {
                    let (from, to) = if way == Way::Down { (source, end) } else { (end, source) };
                    let Some(ends) = self.ends(at, from, to) else { continue };
                    edges.entry(ends).or_default().add_pair(self.view.graph, first, second);
                    added += 1;
                    if added >= FOLDED_EDGES_MAX {
                        self.truncated.work = true;
                        return;
                    }
                }
            }
        }
    }

    /// Returns what is shown of all that led into a job that is not shown.
    fn sources(&self, job: u32, way: Way) -> Vec<(u32, u32)> {
        let mut sources = Vec::new();
        let (mut waiting, mut seen) = (vec![job], Set::default());
        while let Some(job) = waiting.pop() {
            let Some(gate) = self.gates.get(&(job, way)).filter(|_| seen.insert(job)) else {
                continue;
            };
            sources.extend(gate.ins.iter().filter(|(node, _)| self.is_node(*node)));
            for &(from, edge) in &gate.jobs {
                if self.is_node(from) {
                    sources.push((from, edge));
                } else {
                    waiting.push(from);
                }
            }
        }
        sources.sort_unstable();
        sources.dedup();
        sources
    }

    fn is_node(&self, node: u32) -> bool {
        self.hops.contains_key(&node)
    }

    /// Returns where the ends of an edge are in the answer, unless one is not, or they are one.
    fn ends(&self, at: &Map<u32, usize>, from: u32, to: u32) -> Option<Ends> {
        let field = |place: u32| match self.view.graph.nodes[place] {
            node if node.kind == Kind::Field => node.name,
            _ => NONE,
        };
        let ends = (*at.get(&from)?, *at.get(&to)?, field(from), field(to));
        (from != to).then_some(ends)
    }

    fn edge(&self, ends: Ends, merged: &Merged, nodes: &[Node]) -> Edge {
        let (source, target, source_field, target_field) = ends;
        let text = |h: u32| (h != NONE).then(|| self.view.graph.texts.get(h).to_owned());
        let kind = |index: usize| nodes.get(index).map_or(NodeType::Dataset, |n| n.kind);
        let mut edge = merged.edge(self.view.graph, (kind(source), kind(target)), self.level);
        (edge.source, edge.target) = (source, target);
        (edge.source_field, edge.target_field) = (text(source_field), text(target_field));
        edge
    }
}

impl Graph {
    /// Makes the answer's form of a dataset or job.
    pub(super) fn answer_node(&self, node: u32, hops: i32) -> Node {
        let is = self.nodes[node];
        let mut aliases = Vec::new();
        if is.kind == Kind::Dataset && is.ring != node {
            aliases = self.sorted_class(node);
            aliases.remove(0);
        }
        Node {
            kind: if is.kind == Kind::Job { NodeType::Job } else { NodeType::Dataset },
            id: Some(is.id),
            namespace: self.texts.get(is.place).to_owned(),
            name: self.label(node),
            hops,
            deleted: self.is_deleted(node),
            aliases,
            fields: Vec::new(),
            whole: None,
            more_up: 0,
            more_down: 0,
            hidden: None,
            change: None,
        }
    }

    /// Returns the name of a dataset or job, or its id.
    pub(super) fn label(&self, node: u32) -> String {
        let is = self.nodes[node];
        if is.named { self.texts.get(is.name).to_owned() } else { is.id.to_string() }
    }

    /// Tells whether a kind of statement says only who reads and writes.
    pub(super) fn is_io(said: Said) -> bool {
        matches!(said, Said::Reads | Said::Writes)
    }
}
