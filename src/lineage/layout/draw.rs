//! The steps of the layout, one after the other.

use super::super::answer::SubGraph;
use super::layers::Layers;
use super::proper::Proper;
use super::types::{Layout, Position, Positions};
use super::{order, place, route, size};

/// Lays a graph out.
///
/// With earlier positions, nodes that were there keep their layer (unless a new edge forces
/// them to the right) and their order within the layer; new ones are put between them.
#[must_use]
pub fn layout(graph: &SubGraph, previous: Option<&Positions>) -> Layout {
    let known: Vec<Option<Position>> = graph
        .nodes
        .iter()
        .map(|node| previous.and_then(|p| p.0.get(&node.key()?)).filter(|p| p.y.is_finite()))
        .map(Option::<&Position>::copied)
        .collect();
    let sizes: Vec<size::Size> = graph.nodes.iter().map(size::of).collect();
    let layers = Layers::of(graph, &known);
    let mut proper = Proper::of(graph, &layers, &sizes);
    order::arrange(&mut proper, &known);
    let y = place::place(&proper);
    route::finish(graph, &layers, &proper, &sizes, &y)
}
