//! Which layer each node is in, and which edges run back.
//!
//! Layers grow out of anchors: nodes laid out before, else the focus. What is fed by an
//! anchor comes as early as its sources allow, what only feeds comes as late as its targets
//! allow. So edges are short on both sides of the focus, without a network simplex.

use super::super::answer::SubGraph;
use super::types::Position;

/// Layers, and the pairs of nodes that edges join.
pub(super) struct Layers {
    /// Layer of each node; may be negative.
    pub(super) layer: Vec<i32>,
    /// Pairs of nodes joined by at least one edge, left node first, sorted.
    pub(super) pairs: Vec<(usize, usize)>,
    /// Connected part that each node belongs to, by its smallest node.
    pub(super) component: Vec<usize>,
}

impl Layers {
    /// Finds the layers.
    pub(super) fn of(graph: &SubGraph, known: &[Option<Position>]) -> Self {
        let count = graph.nodes.len();
        let mut arcs: Vec<(usize, usize)> = graph
            .edges
            .iter()
            .map(|e| (e.source, e.target))
            .filter(|&(s, t)| s != t && s < count && t < count)
            .collect();
        arcs.sort_unstable();
        arcs.dedup();
        let arcs = turn_known_back(arcs, known);
        let order = start_order(graph, known);
        let (pairs, topological) = without_cycles(count, &arcs, &order);
        let anchors = anchors(graph, known);
        let layer = ranks(count, &pairs, &topological, &anchors);
        Self { layer, component: components(count, &pairs), pairs }
    }
}

/// Edges that ran back before run back again.
fn turn_known_back(
    mut arcs: Vec<(usize, usize)>,
    known: &[Option<Position>],
) -> Vec<(usize, usize)> {
    for (source, target) in &mut arcs {
        if let (Some(s), Some(t)) = (known[*source], known[*target])
            && s.layer > t.layer
        {
            std::mem::swap(source, target);
        }
    }
    arcs.sort_unstable();
    arcs.dedup();
    arcs
}

/// The order in which circles are looked for: where flow starts comes first.
fn start_order(graph: &SubGraph, known: &[Option<Position>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..graph.nodes.len()).collect();
    let layer = |node: usize| known[node].map_or(graph.nodes[node].hops, |p| p.layer);
    order.sort_by_key(|&node| (layer(node), node));
    order
}

/// Turns round the edges that close a circle; returns the edges, and the nodes sorted along
/// them.
fn without_cycles(
    count: usize,
    arcs: &[(usize, usize)],
    order: &[usize],
) -> (Vec<(usize, usize)>, Vec<usize>) {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let starts = starts(count, arcs);
    let mut state = vec![State::New; count];
    let mut turned = vec![false; arcs.len()];
    let mut finished = Vec::with_capacity(count);
    let mut stack: Vec<(usize, usize)> = Vec::new();
    for &root in order {
        if state[root] != State::New {
            continue;
        }
        state[root] = State::Open;
        stack.push((root, starts[root]));
        while let Some((node, next)) = stack.last_mut() {
            if *next == starts[*node + 1] {
                state[*node] = State::Done;
                finished.push(*node);
                stack.pop();
                continue;
            }
            let arc = *next;
            *next += 1;
            let target = arcs[arc].1;
            match state[target] {
                State::New => {
                    state[target] = State::Open;
                    stack.push((target, starts[target]));
                }
                State::Open => turned[arc] = true,
                State::Done => {}
            }
        }
    }
    finished.reverse();
    let turn = |(&(s, t), &turned): (&(usize, usize), &bool)| if turned { (t, s) } else { (s, t) };
    let mut pairs: Vec<(usize, usize)> = arcs.iter().zip(&turned).map(turn).collect();
    pairs.sort_unstable();
    pairs.dedup();
    (pairs, finished)
}

/// Where each node's arcs begin in the sorted list; one more at the end.
pub(super) fn starts(count: usize, arcs: &[(usize, usize)]) -> Vec<usize> {
    let mut starts = vec![0; count + 1];
    for (source, _) in arcs {
        starts[source + 1] += 1;
    }
    for node in 0..count {
        starts[node + 1] += starts[node];
    }
    starts
}

fn anchors(graph: &SubGraph, known: &[Option<Position>]) -> Vec<Option<i32>> {
    let any_known = known.iter().any(Option::is_some);
    let anchor = |(node, position): (&super::super::answer::Node, &Option<Position>)| {
        if any_known { position.map(|p| p.layer) } else { (node.hops == 0).then_some(0) }
    };
    graph.nodes.iter().zip(known).map(anchor).collect()
}

fn ranks(
    count: usize,
    pairs: &[(usize, usize)],
    topological: &[usize],
    anchors: &[Option<i32>],
) -> Vec<i32> {
    let starts = starts(count, pairs);
    let targets = |node: usize| pairs[starts[node]..starts[node + 1]].iter().map(|p| p.1);
    let mut rank: Vec<Option<i32>> = anchors.to_vec();
    for &node in topological {
        if let Some(here) = rank[node] {
            for target in targets(node) {
                rank[target] = Some(rank[target].map_or(here + 1, |r| r.max(here + 1)));
            }
        }
    }
    for &node in topological.iter().rev() {
        if rank[node].is_none() {
            let latest = targets(node).filter_map(|t| rank[t]).min().map_or(0, |r| r - 1);
            rank[node] = Some(latest);
        }
    }
    rank.into_iter().map(|r| r.unwrap_or(0)).collect()
}

fn components(count: usize, pairs: &[(usize, usize)]) -> Vec<usize> {
    let mut parent: Vec<usize> = (0..count).collect();
    fn root(parent: &mut [usize], mut node: usize) -> usize {
        while parent[node] != node {
            parent[node] = parent[parent[node]];
            node = parent[node];
        }
        node
    }
    for &(a, b) in pairs {
        let (a, b) = (root(&mut parent, a), root(&mut parent, b));
        parent[a.max(b)] = a.min(b);
    }
    (0..count).map(|node| root(&mut parent, node)).collect()
}
