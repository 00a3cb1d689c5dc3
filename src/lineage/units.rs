//! An answer as a plain directed graph of units: a node, or a field of it.
//!
//! Impact and paths are computed on answers, so that table, graph and list always agree.
//! What is said of a whole dataset holds for its fields: such steps cost no hop.

use super::answer::{NodeType, SubGraph};
use super::maps::Map;
use super::transforms::Carry;
use super::view::Way;

/// A step between units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// Unit it leads to.
    pub(super) to: usize,
    /// Edge of the answer; none from a whole to its field or back.
    pub(super) edge: Option<usize>,
    /// What is carried.
    pub(super) carry: Carry,
}

impl Step {
    /// Returns what the step costs in hops.
    pub(super) fn cost(&self) -> u32 {
        u32::from(self.edge.is_some())
    }
}

/// The units of an answer. Unit order is node order, the whole before its fields.
pub(super) struct Units {
    /// Index of the node, and of its field.
    pub(super) list: Vec<(usize, Option<usize>)>,
    /// Steps out of each unit, by target.
    pub(super) steps: Vec<Vec<Step>>,
    at: Map<(usize, usize), usize>,
}

const WHOLE: usize = usize::MAX;

impl Units {
    /// Makes the units, with steps along the flow or against it. `assumed` tells that the
    /// columns which nobody told are taken as carrying.
    pub(super) fn of(graph: &SubGraph, way: Way, assumed: bool) -> Self {
        let mut units = Self { list: Vec::new(), steps: Vec::new(), at: Map::default() };
        for (index, node) in graph.nodes.iter().enumerate() {
            units.add(index, None);
            for field in 0..node.fields.len() {
                units.add(index, Some(field));
            }
        }
        units.add_edges(graph, way);
        if way == Way::Up || assumed {
            units.inherit();
        }
        units.add_parts(graph);
        for steps in &mut units.steps {
            steps.sort_by_key(|s| (s.to, s.edge));
        }
        units
    }

    /// Finds the unit of a node or one of its fields.
    pub(super) fn find(&self, graph: &SubGraph, node: usize, field: Option<&str>) -> Option<usize> {
        let field = match field {
            None => WHOLE,
            Some(name) => {
                let fields = &graph.nodes.get(node)?.fields;
                fields.binary_search_by(|f| f.name.as_str().cmp(name)).ok()?
            }
        };
        self.at.get(&(node, field)).copied()
    }

    /// Returns the hops of each unit from the nearest of `starts`, through open units only.
    pub(super) fn distances(&self, starts: &[usize], open: impl Fn(usize) -> bool) -> Vec<u32> {
        let mut distance = vec![u32::MAX; self.list.len()];
        let mut queue = std::collections::VecDeque::new();
        for &start in starts {
            distance[start] = 0;
            queue.push_back((start, 0));
        }
        while let Some((unit, far)) = queue.pop_front() {
            if far > distance[unit] {
                continue;
            }
            for step in &self.steps[unit] {
                let far = far + step.cost();
                if far < distance[step.to] && open(step.to) {
                    distance[step.to] = far;
                    if step.cost() == 0 {
                        queue.push_front((step.to, far));
                    } else {
                        queue.push_back((step.to, far));
                    }
                }
            }
        }
        distance
    }

    fn add(&mut self, node: usize, field: Option<usize>) {
        self.at.insert((node, field.unwrap_or(WHOLE)), self.list.len());
        self.list.push((node, field));
        self.steps.push(Vec::new());
    }

    fn add_edges(&mut self, graph: &SubGraph, way: Way) {
        for (index, edge) in graph.edges.iter().enumerate() {
            let source = self.find(graph, edge.source, edge.source_field.as_deref());
            let target = self.find(graph, edge.target, edge.target_field.as_deref());
            if let (Some(source), Some(target)) = (source, target) {
                let (from, to) = if way == Way::Down { (source, target) } else { (target, source) };
                self.steps[from].push(Step { to, edge: Some(index), carry: edge.carry });
            }
        }
    }

    /// What feeds the whole feeds each of its fields; and, if so assumed, what the whole
    /// feeds, each of its fields feeds.
    fn inherit(&mut self) {
        for unit in 0..self.list.len() {
            if let (node, Some(_)) = self.list[unit]
                && let Some(&whole) = self.at.get(&(node, WHOLE))
            {
                let inherited = self.steps[whole].clone();
                self.steps[unit].extend(inherited);
            }
        }
    }

    /// Whoever comes to a whole goes on from each of its fields.
    fn add_parts(&mut self, graph: &SubGraph) {
        let wholes = graph.nodes.iter().enumerate().filter(|(_, n)| n.kind == NodeType::Dataset);
        for (index, node) in wholes {
            let Some(&whole) = self.at.get(&(index, WHOLE)) else { continue };
            for (field, part) in node.fields.iter().enumerate() {
                let Some(&unit) = self.at.get(&(index, field)) else { continue };
                if node.whole == Some(0) && part.hops != 0 {
                    self.come_back(whole, unit);
                } else {
                    self.steps[whole].push(Step { to: unit, edge: None, carry: Carry::Direct });
                }
            }
        }
    }

    /// Where the focus is a field that no column lineage speaks of, the whole stands for it.
    /// Its fields are not reached from it, but by whoever comes back to the whole.
    fn come_back(&mut self, whole: usize, unit: usize) {
        for steps in &mut self.steps {
            let back: Vec<Step> = steps.iter().filter(|s| s.to == whole).copied().collect();
            steps.extend(back.into_iter().map(|s| Step { to: unit, ..s }));
        }
    }

    /// Returns the same units with every step turned round.
    pub(super) fn reversed(&self) -> Self {
        let mut steps: Vec<Vec<Step>> = vec![Vec::new(); self.list.len()];
        for (unit, out) in self.steps.iter().enumerate() {
            for step in out {
                steps[step.to].push(Step { to: unit, ..*step });
            }
        }
        Self { list: self.list.clone(), steps, at: self.at.clone() }
    }
}
