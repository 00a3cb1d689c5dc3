//! Columns of the drawing, boxes and polylines.

use super::super::answer::SubGraph;
use super::layers::Layers;
use super::proper::Proper;
use super::size::{self, Size};
use super::types::{Layout, NodeBox, Route};

/// Space between layers; wide enough for edges to bend in.
const LAYER_GAP: f32 = 90.0;
/// How far a loop at one node reaches out.
const LOOP: f32 = 24.0;

/// Makes the layout of heights and layers.
pub(super) fn finish(
    graph: &SubGraph,
    layers: &Layers,
    proper: &Proper,
    sizes: &[Size],
    y: &[f32],
) -> Layout {
    let columns = columns(proper, sizes);
    let nodes: Vec<NodeBox> = sizes
        .iter()
        .enumerate()
        .map(|(node, size)| NodeBox {
            x: tenth(columns[proper.items[node].layer].0),
            y: tenth(y[node] - size.h / 2.0),
            w: size.w,
            h: size.h,
            layer: proper.items[node].layer as i32 + proper.first_layer,
        })
        .collect();
    let router = Router { graph, layers, proper, columns: &columns, y, nodes: &nodes };
    let edges: Vec<Route> = (0..graph.edges.len()).map(|edge| router.route(edge)).collect();
    let points = edges.iter().flat_map(|r| &r.points);
    let bend = points.fold([0.0_f32; 2], |[x, y], p| [x.max(p[0]), y.max(p[1])]);
    let width = nodes.iter().map(|n| n.x + n.w).fold(bend[0], f32::max);
    let height = nodes.iter().map(|n| n.y + n.h).fold(bend[1], f32::max);
    Layout { nodes, edges, width: tenth(width), height: tenth(height) }
}

/// Left and right side of each layer's column.
fn columns(proper: &Proper, sizes: &[Size]) -> Vec<(f32, f32)> {
    let mut left = 0.0;
    let width = |layer: &Vec<u32>| {
        let nodes = layer.iter().filter_map(|&i| proper.items[i as usize].node);
        nodes.map(|node| sizes[node].w).fold(0.0, f32::max)
    };
    let column = |layer| {
        let right = left + width(layer);
        let column = (left, right);
        left = right + LAYER_GAP;
        column
    };
    proper.layers.iter().map(column).collect()
}

struct Router<'a> {
    graph: &'a SubGraph,
    layers: &'a Layers,
    proper: &'a Proper,
    columns: &'a [(f32, f32)],
    y: &'a [f32],
    nodes: &'a [NodeBox],
}

impl Router<'_> {
    fn route(&self, edge: usize) -> Route {
        let edge = &self.graph.edges[edge];
        let (Some(from), Some(to)) = (self.nodes.get(edge.source), self.nodes.get(edge.target))
        else {
            return Route::default();
        };
        let port = |node: usize, at: &NodeBox, field: &Option<String>| {
            at.y + size::port(&self.graph.nodes[node], at.h, field.as_deref())
        };
        let start = port(edge.source, from, &edge.source_field);
        let end = port(edge.target, to, &edge.target_field);
        if edge.source == edge.target {
            let right = from.x + from.w;
            let reach = right + LOOP;
            let points = [[right, start], [reach, start], [reach, end + 6.0], [right, end + 6.0]];
            return Route { points: points.map(|p| p.map(tenth)).to_vec(), back: true };
        }
        let back = from.layer > to.layer;
        let pair = if back { (edge.target, edge.source) } else { (edge.source, edge.target) };
        let mut bends = self.bends(pair);
        if back {
            bends.reverse();
        }
        let (out, into) = if back { (from.x, to.x + to.w) } else { (from.x + from.w, to.x) };
        let mut points = Vec::with_capacity(bends.len() + 4);
        points.push([out, start]);
        // Cards are left-aligned: leave and enter the layer's column level.
        let side = |at: &NodeBox, right: bool| {
            let layer = (at.layer - self.proper.first_layer) as usize;
            self.columns.get(layer).map_or(0.0, |c| if right { c.1 } else { c.0 })
        };
        points.push([side(from, !back), start]);
        points.append(&mut bends);
        points.push([side(to, back), end]);
        points.push([into, end]);
        points.dedup();
        Route { points: points.into_iter().map(|p| p.map(tenth)).collect(), back }
    }

    /// Where a long edge passes the layers between, from left to right.
    fn bends(&self, pair: (usize, usize)) -> Vec<[f32; 2]> {
        let Ok(pair) = self.layers.pairs.binary_search(&pair) else { return Vec::new() };
        let Some(chain) = self.proper.chains.get(pair) else { return Vec::new() };
        let pass = |item: usize| {
            let (left, right) = self.columns[self.proper.items[item].layer];
            [[left, self.y[item]], [right, self.y[item]]]
        };
        chain.clone().flat_map(pass).collect()
    }
}

/// Rounds to a tenth of a pixel.
fn tenth(value: f32) -> f32 {
    (value * 10.0).round() / 10.0
}
