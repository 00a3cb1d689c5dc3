//! Takes out of an answer what the asker may not see, keeping what it connects.
//!
//! Hidden nodes that touch each other become one node without id, name or time of its own,
//! which only counts them. Its edges say neither jobs nor transformations. Hidden nodes come
//! last, ordered by the visible nodes they touch, so that their names show in no order.

use super::answer::{Change, Edge, EdgeType, HiddenCount, Node, NodeType, SubGraph};
use super::maps::{Map, Set};
use super::question::{NodeRef, Sight, Visibility};
use crate::base::{DatasetId, JobId};

/// A node, or one of its fields, that can be hidden on its own.
type Unit = (usize, Option<String>);

impl SubGraph {
    /// Hides what `sight` hides.
    #[must_use]
    pub fn hide(self, sight: &Sight<'_>) -> Self {
        let mut hiding = Hiding::new(&self, sight);
        if hiding.units.is_empty() && !hiding.hides_jobs(&self) {
            return self;
        }
        for edge in &self.edges {
            let (a, b) = (
                hiding.unit(edge.source, edge.source_field.as_ref()),
                hiding.unit(edge.target, edge.target_field.as_ref()),
            );
            if let (Some(a), Some(b)) = (a, b) {
                hiding.join(a, b);
            }
        }
        hiding.finish(self)
    }
}

struct Hiding<'a> {
    sight: &'a Sight<'a>,
    units: Vec<Unit>,
    at: Map<usize, Vec<usize>>,
    whole: Set<usize>,
    parent: Vec<usize>,
}

impl<'a> Hiding<'a> {
    fn new(graph: &SubGraph, sight: &'a Sight<'a>) -> Self {
        let mut hiding = Self {
            sight,
            units: Vec::new(),
            at: Map::default(),
            whole: Set::default(),
            parent: Vec::new(),
        };
        for (index, node) in graph.nodes.iter().enumerate() {
            if let Some(reference) = node.reference() {
                if sight(&reference) == Visibility::Hidden {
                    hiding.whole.insert(index);
                    hiding.add(index, None);
                } else if let NodeRef::Dataset(id) = reference {
                    for field in &node.fields {
                        let field = field.name.clone();
                        if sight(&NodeRef::Field(id, field.clone())) == Visibility::Hidden {
                            hiding.add(index, Some(field));
                        }
                    }
                }
            }
        }
        hiding
    }

    fn add(&mut self, index: usize, field: Option<String>) {
        self.at.entry(index).or_default().push(self.units.len());
        self.parent.push(self.units.len());
        self.units.push((index, field));
    }

    fn hides_jobs(&self, graph: &SubGraph) -> bool {
        let mut jobs = graph.edges.iter().flat_map(|e| &e.jobs);
        jobs.any(|j| (self.sight)(&NodeRef::Job(JobId(j.id))) == Visibility::Hidden)
    }

    /// Returns the hidden unit that an end of an edge belongs to.
    fn unit(&self, index: usize, field: Option<&String>) -> Option<usize> {
        let here = self.at.get(&index)?;
        if self.whole.contains(&index) {
            return here.first().copied();
        }
        let is = |&&unit: &&usize| self.units.get(unit).is_some_and(|u| u.1.as_ref() == field);
        field.and_then(|_| here.iter().find(is)).copied()
    }

    fn root(&self, mut unit: usize) -> usize {
        while self.parent[unit] != unit {
            unit = self.parent[unit];
        }
        unit
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b)] = a.min(b);
    }

    fn finish(self, graph: SubGraph) -> SubGraph {
        let SubGraph { nodes, edges, truncated } = graph;
        let kept: Vec<usize> = (0..nodes.len()).filter(|i| !self.whole.contains(i)).collect();
        let new_index: Map<usize, usize> =
            kept.iter().enumerate().map(|(new, &old)| (old, new)).collect();
        let groups = self.groups(&edges, &nodes, &new_index);
        let mut shown: Vec<Node> = Vec::new();
        for (index, mut node) in nodes.into_iter().enumerate() {
            if new_index.contains_key(&index) {
                node.fields.retain(|f| self.unit(index, Some(&f.name)).is_none());
                shown.push(node);
            }
        }
        let first_group = shown.len();
        let mut group_index: Map<usize, usize> = Map::default();
        for (offset, (root, count, hops)) in groups.into_iter().enumerate() {
            group_index.insert(root, first_group + offset);
            shown.push(Node::hidden(count, hops));
        }
        let end = |index: usize, field: Option<&String>| match self.unit(index, field) {
            Some(unit) => group_index.get(&self.root(unit)).copied().map(|i| (i, true)),
            None => new_index.get(&index).copied().map(|i| (i, false)),
        };
        let mut merged: Vec<Edge> = Vec::new();
        for edge in edges {
            let source = end(edge.source, edge.source_field.as_ref());
            let target = end(edge.target, edge.target_field.as_ref());
            if let (Some(source), Some(target)) = (source, target) {
                merged.extend(self.edge(edge, source, target));
            }
        }
        SubGraph { nodes: shown, edges: unite(merged), truncated }
    }

    /// Returns the groups: root, count and hops, ordered by the visible nodes they touch.
    fn groups(
        &self,
        edges: &[Edge],
        nodes: &[Node],
        new_index: &Map<usize, usize>,
    ) -> Vec<(usize, HiddenCount, i32)> {
        let mut groups: Map<usize, (HiddenCount, i32, Vec<usize>)> = Map::default();
        for (unit, (index, field)) in self.units.iter().enumerate() {
            let Some(node) = nodes.get(*index) else { continue };
            let group = groups.entry(self.root(unit)).or_insert((
                HiddenCount::default(),
                node.hops,
                Vec::new(),
            ));
            match (field, node.kind) {
                (Some(_), _) => group.0.fields += 1,
                (None, NodeType::Job) => group.0.jobs += 1,
                (None, _) => {
                    group.0.datasets += 1;
                    group.0.fields += node.fields.len();
                }
            }
            group.1 = [group.1, node.hops].into_iter().min_by_key(|h| (h.abs(), *h)).unwrap_or(0);
        }
        for edge in edges {
            let ends = [(edge.source, &edge.source_field), (edge.target, &edge.target_field)];
            for ((index, field), (other, other_field)) in [(ends[0], ends[1]), (ends[1], ends[0])] {
                let unit = self.unit(index, field.as_ref());
                let seen = self.unit(other, other_field.as_ref()).is_none();
                if let (Some(unit), true) = (unit, seen)
                    && let Some(group) = groups.get_mut(&self.root(unit))
                {
                    group.2.extend(new_index.get(&other));
                }
            }
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        for (_, group) in &mut groups {
            group.2.sort_unstable();
            group.2.dedup();
        }
        groups.sort_by(|(_, a), (_, b)| {
            let key =
                |g: &(HiddenCount, i32, Vec<usize>)| (g.1, g.0.datasets, g.0.jobs, g.0.fields);
            a.2.cmp(&b.2).then_with(|| key(a).cmp(&key(b)))
        });
        groups.into_iter().map(|(root, (count, hops, _))| (root, count, hops)).collect()
    }

    fn edge(
        &self,
        mut edge: Edge,
        (source, source_hidden): (usize, bool),
        (target, target_hidden): (usize, bool),
    ) -> Option<Edge> {
        if source == target && (source_hidden || target_hidden) {
            return None;
        }
        let all = edge.jobs.len();
        edge.jobs.retain(|j| (self.sight)(&NodeRef::Job(JobId(j.id))) == Visibility::Visible);
        edge.hidden_jobs += all - edge.jobs.len();
        (edge.source, edge.target) = (source, target);
        if source_hidden || target_hidden {
            edge.kind = EdgeType::Hidden;
            edge.jobs.clear();
            edge.hidden_jobs = 0;
            edge.transformations.clear();
            if source_hidden {
                edge.source_field = None;
            }
            if target_hidden {
                edge.target_field = None;
            }
        }
        Some(edge)
    }
}

/// Sorts edges and makes one of those that now join the same ends.
fn unite(mut edges: Vec<Edge>) -> Vec<Edge> {
    edges.sort_by(|a, b| a.order().cmp(&b.order()));
    edges.dedup_by(|again, first| {
        let same = again.order() == first.order();
        if same {
            first.carry = first.carry.max(again.carry);
            first.origin = first.origin.max(again.origin);
            first.current |= again.current;
            first.seen.first = first.seen.first.min(again.seen.first);
            first.seen.last = first.seen.last.max(again.seen.last);
            if first.change != again.change {
                first.change = Some(Change::Kept);
            }
            first.seen.runs = first.seen.runs.max(again.seen.runs);
        }
        same
    });
    edges
}

impl Node {
    /// Returns what the node stands for in the graph; nothing for runs and hidden nodes.
    #[must_use]
    pub fn reference(&self) -> Option<NodeRef> {
        match (self.kind, self.id) {
            (NodeType::Dataset, Some(id)) => Some(NodeRef::Dataset(DatasetId(id))),
            (NodeType::Job, Some(id)) => Some(NodeRef::Job(JobId(id))),
            _ => None,
        }
    }

    fn hidden(count: HiddenCount, hops: i32) -> Self {
        Self {
            kind: NodeType::Hidden,
            id: None,
            namespace: String::new(),
            name: String::new(),
            hops,
            deleted: false,
            aliases: Vec::new(),
            fields: Vec::new(),
            whole: None,
            more_up: 0,
            more_down: 0,
            hidden: Some(count),
            change: None,
        }
    }
}
