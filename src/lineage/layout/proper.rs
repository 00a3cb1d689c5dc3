//! The proper layered graph: every edge joins neighbouring layers, long ones over dummies.

use super::super::answer::SubGraph;
use super::layers::Layers;
use super::size::{self, Size};

/// Space between cards of a layer.
const GAP: f32 = 18.0;
/// Height kept free for a long edge that passes a layer.
const LANE: f32 = 10.0;
/// Dummies per node, beyond which the longest edges run straight over everything.
const DUMMIES_PER_NODE_MAX: usize = 8;

/// An item of a layer: a node, or a dummy where a long edge passes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    /// Layer, counted from 0.
    pub(super) layer: usize,
    /// The node, unless it is a dummy.
    pub(super) node: Option<usize>,
    /// Height with the gap around it.
    pub(super) height: f32,
    /// Connected part.
    pub(super) component: usize,
}

/// A short edge to a neighbour in the next or previous layer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    /// The neighbour.
    pub(super) to: u32,
    /// How far below my middle minus how far below its middle the edge attaches.
    pub(super) shift: f32,
    /// How much it counts to run straight.
    pub(super) weight: f32,
}

/// The graph. Items 0 to n-1 are the nodes.
pub(super) struct Proper {
    pub(super) items: Vec<Item>,
    /// Neighbours to the left: `left[left_starts[i]..left_starts[i + 1]]`.
    pub(super) left: Links,
    /// Neighbours to the right.
    pub(super) right: Links,
    /// Items of each layer in their order.
    pub(super) layers: Vec<Vec<u32>>,
    /// For each pair of [`Layers`], its dummies from left to right.
    pub(super) chains: Vec<std::ops::Range<usize>>,
    /// Layer of the graph that is layer 0 here.
    pub(super) first_layer: i32,
}

/// Adjacency in one direction.
pub(super) struct Links {
    starts: Vec<u32>,
    list: Vec<Link>,
}

impl Links {
    /// Returns the neighbours of an item.
    pub(super) fn of(&self, item: usize) -> &[Link] {
        &self.list[self.starts[item] as usize..self.starts[item + 1] as usize]
    }

    fn new(count: usize, mut links: Vec<(u32, Link)>) -> Self {
        links.sort_by_key(|(from, link)| (*from, link.to));
        let mut starts = vec![0; count + 1];
        for (from, _) in &links {
            starts[*from as usize + 1] += 1;
        }
        for item in 0..count {
            starts[item + 1] += starts[item];
        }
        Self { starts, list: links.into_iter().map(|(_, link)| link).collect() }
    }
}

impl Proper {
    /// Cuts the edges into short ones.
    pub(super) fn of(graph: &SubGraph, layers: &Layers, sizes: &[Size]) -> Self {
        let first_layer = layers.layer.iter().copied().min().unwrap_or(0);
        let at = |node: usize| (layers.layer[node] - first_layer) as usize;
        let mut items: Vec<Item> = (0..sizes.len())
            .map(|node| Item {
                layer: at(node),
                node: Some(node),
                height: sizes[node].h + GAP,
                component: layers.component[node],
            })
            .collect();
        let span_max = span_max(layers, sizes.len());
        let shifts = shifts(graph, layers, sizes);
        let (mut chains, mut short) = (Vec::new(), Vec::new());
        for (pair, &(source, target)) in layers.pairs.iter().enumerate() {
            let (from, to) = (at(source), at(target));
            let first = items.len();
            if to - from <= span_max {
                let dummy = |layer| Item {
                    layer,
                    node: None,
                    height: LANE,
                    component: layers.component[source],
                };
                items.extend((from + 1..to).map(dummy));
                let chain = first..items.len();
                let stops: Vec<usize> =
                    std::iter::once(source).chain(chain.clone()).chain([target]).collect();
                for (step, two) in stops.windows(2).enumerate() {
                    let (out, into) = shifts[pair];
                    let out = if step == 0 { out } else { 0.0 };
                    let into = if step + 2 == stops.len() { into } else { 0.0 };
                    short.push((two[0] as u32, two[1] as u32, out - into));
                }
            }
            chains.push(first..items.len());
        }
        let depth = items.iter().map(|i| i.layer + 1).max().unwrap_or(0);
        let mut in_layers = vec![Vec::new(); depth];
        for (index, item) in items.iter().enumerate() {
            in_layers[item.layer].push(index as u32);
        }
        let count = items.len();
        let link = |from: u32, to: u32, shift| {
            let dummies = [from, to].iter().filter(|&&i| items[i as usize].node.is_none()).count();
            let weight = [1.0, 2.0, 16.0][dummies];
            (from, Link { to, shift, weight })
        };
        let right = short.iter().map(|&(a, b, shift)| link(a, b, shift)).collect();
        let left = short.iter().map(|&(a, b, shift)| link(b, a, -shift)).collect();
        let (left, right) = (Links::new(count, left), Links::new(count, right));
        Self { items, left, right, layers: in_layers, chains, first_layer }
    }
}

/// The longest edge that still gets dummies.
fn span_max(layers: &Layers, nodes: usize) -> usize {
    let mut spans: Vec<usize> = layers
        .pairs
        .iter()
        .map(|&(s, t)| (layers.layer[t] - layers.layer[s]).unsigned_abs() as usize)
        .collect();
    spans.sort_unstable();
    let mut dummies = 0;
    for &span in &spans {
        dummies += span.saturating_sub(1);
        if dummies > DUMMIES_PER_NODE_MAX * nodes + 1_000 {
            return span.saturating_sub(1).max(1);
        }
    }
    usize::MAX
}

/// For each pair, how far below the middle its edges attach on average, left and right.
fn shifts(graph: &SubGraph, layers: &Layers, sizes: &[Size]) -> Vec<(f32, f32)> {
    let mut sums = vec![(0.0_f32, 0.0_f32, 0_u16); layers.pairs.len()];
    let below = |node: usize, field: Option<&str>| {
        let height = sizes[node].h;
        size::port(&graph.nodes[node], height, field) - height / 2.0
    };
    for edge in &graph.edges {
        let source = (edge.source, edge.source_field.as_deref());
        let target = (edge.target, edge.target_field.as_deref());
        for (left, right) in [(source, target), (target, source)] {
            if let Ok(pair) = layers.pairs.binary_search(&(left.0, right.0))
                && sums[pair].2 < u16::MAX
            {
                sums[pair].0 += below(left.0, left.1);
                sums[pair].1 += below(right.0, right.1);
                sums[pair].2 += 1;
            }
        }
    }
    let mean = |(out, into, count): (f32, f32, u16)| {
        let count = f32::from(count.max(1));
        (out / count, into / count)
    };
    sums.into_iter().map(mean).collect()
}
