//! The layout's result, the memory of earlier ones, and the way from one to the other.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::answer::{NodeType, SubGraph};

/// Coordinates for a [`SubGraph`], in pixels, y downwards; index for index its nodes and edges.
#[derive(Debug, Clone, PartialEq, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Layout {
    /// Where each node is.
    pub nodes: Vec<NodeBox>,
    /// How each edge runs.
    pub edges: Vec<Route>,
    /// Width of all; nothing lies left of 0.
    pub width: f32,
    /// Height of all; nothing lies above 0.
    pub height: f32,
}

/// Where a node is: its upper left corner and its size.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NodeBox {
    /// Left side.
    pub x: f32,
    /// Upper side.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
    /// Layer: grows along the flow; the focus of the first layout is in layer 0.
    pub layer: i32,
}

/// How an edge runs: a polyline from source to target.
#[derive(Debug, Clone, PartialEq, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Route {
    /// Points, `[x, y]` each.
    pub points: Vec<[f32; 2]>,
    /// Whether it runs against the layers, because it closes a circle.
    pub back: bool,
}

/// Where nodes were before, by node key.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Positions(pub BTreeMap<String, Position>);

/// Where one node was before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Position {
    /// Its layer.
    pub layer: i32,
    /// The middle of its height.
    pub y: f32,
}

impl Layout {
    /// Returns where the nodes are, to be given to the next layout.
    #[must_use]
    pub fn positions(&self, graph: &SubGraph) -> Positions {
        let boxes = graph.nodes.iter().zip(&self.nodes);
        let known = boxes.filter(|(node, _)| node.kind != NodeType::Hidden);
        let entries = known.filter_map(|(node, at)| {
            Some((node.key()?, Position { layer: at.layer, y: at.y + at.h / 2.0 }))
        });
        Positions(entries.collect())
    }
}
