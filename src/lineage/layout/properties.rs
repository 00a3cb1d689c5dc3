//! Properties of the layout, on random graphs.

use proptest::prelude::*;
use uuid::Uuid;

use super::super::answer::{Edge, EdgeType, FieldNode, Node, NodeType, SubGraph};
use super::super::facts::{Origin, Seen};
use super::super::transforms::Carry;
use super::*;
use crate::base::Time;

fn node(index: usize, kind: NodeType, fields: usize, hops: i32) -> Node {
    Node {
        kind,
        id: Some(Uuid::from_u128(index as u128)),
        namespace: "ns".to_owned(),
        name: format!("n{index:03}{}", "x".repeat(index % 40)),
        hops,
        deleted: false,
        aliases: Vec::new(),
        fields: (0..fields).map(|f| FieldNode { name: format!("f{f}"), hops }).collect(),
        whole: None,
        more_up: 0,
        more_down: 0,
        hidden: None,
        change: None,
    }
}

fn edge(source: usize, target: usize, fields: (Option<usize>, Option<usize>)) -> Edge {
    let name = |f: Option<usize>| f.map(|f| format!("f{f}"));
    let seen = Seen { first: Time::MIN, last: Time::MAX, runs: 1 };
    Edge {
        source,
        target,
        source_field: name(fields.0),
        target_field: name(fields.1),
        kind: EdgeType::Flow,
        carry: Carry::Direct,
        origin: Origin::Observed,
        seen,
        current: true,
        jobs: Vec::new(),
        hidden_jobs: 0,
        transformations: Vec::new(),
        change: None,
    }
}

fn graph() -> impl Strategy<Value = SubGraph> {
    let kind = prop::sample::select(
        &[NodeType::Dataset, NodeType::Job, NodeType::Run, NodeType::Hidden][..],
    );
    let nodes = prop::collection::vec((kind, 0..4_usize, -2..3_i32), 1..40);
    nodes.prop_flat_map(|nodes| {
        let count = nodes.len();
        let field = || prop::option::of(0..4_usize);
        let edges = prop::collection::vec((0..count, 0..count, (field(), field())), 0..80);
        (Just(nodes), edges).prop_map(|(nodes, edges)| SubGraph {
            nodes: nodes
                .into_iter()
                .enumerate()
                .map(|(i, (kind, fields, hops))| node(i, kind, fields, hops))
                .collect(),
            edges: edges.into_iter().map(|(s, t, f)| edge(s, t, f)).collect(),
            truncated: Default::default(),
        })
    })
}

/// The same without hidden nodes, which have no key to be remembered by.
fn seen_graph() -> impl Strategy<Value = SubGraph> {
    graph().prop_map(|mut graph| {
        for node in graph.nodes.iter_mut().filter(|n| n.kind == NodeType::Hidden) {
            node.kind = NodeType::Dataset;
        }
        graph
    })
}

/// The same without circles: every edge leads to a later node.
fn acyclic() -> impl Strategy<Value = SubGraph> {
    seen_graph().prop_map(|mut graph| {
        for edge in &mut graph.edges {
            (edge.source, edge.target) =
                (edge.source.min(edge.target), edge.source.max(edge.target));
        }
        graph.edges.retain(|e| e.source != e.target);
        graph
    })
}

fn check(graph: &SubGraph, layout: &Layout) -> Result<(), TestCaseError> {
    prop_assert_eq!(
        (layout.nodes.len(), layout.edges.len()),
        (graph.nodes.len(), graph.edges.len())
    );
    for (i, a) in layout.nodes.iter().enumerate() {
        prop_assert!(a.x >= 0.0 && a.y >= 0.0);
        prop_assert!(a.x + a.w <= layout.width && a.y + a.h <= layout.height + 0.1);
        for b in &layout.nodes[i + 1..] {
            let apart =
                a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
            prop_assert!(apart, "{:?} {:?}", a, b);
        }
    }
    for (edge, route) in graph.edges.iter().zip(&layout.edges) {
        let (from, to) = (layout.nodes[edge.source], layout.nodes[edge.target]);
        let on_side = |p: [f32; 2], n: NodeBox| {
            let side = (p[0] - n.x).abs() < 0.11 || (p[0] - n.x - n.w).abs() < 0.11;
            side && p[1] >= n.y - 0.11 && p[1] <= n.y + n.h + 6.11
        };
        prop_assert!(on_side(route.points[0], from));
        prop_assert!(on_side(route.points[route.points.len() - 1], to));
        prop_assert!(route.points.iter().flatten().all(|c| c.is_finite() && *c >= -0.11));
        if !route.back {
            prop_assert!(from.layer < to.layer);
            prop_assert!(route.points.is_sorted_by(|a, b| a[0] <= b[0]));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn nothing_overlaps_and_edges_end_at_their_nodes(graph in graph()) {
        let first = layout(&graph, None);
        check(&graph, &first)?;
        prop_assert_eq!(&first, &layout(&graph, None));
    }

    #[test]
    fn edges_without_circles_lead_to_the_right(graph in acyclic()) {
        let layout = layout(&graph, None);
        prop_assert!(layout.edges.iter().all(|r| !r.back));
    }

    #[test]
    fn old_nodes_keep_their_order_and_layer(graph in acyclic(), keep in 1..40_usize) {
        let keep = keep.min(graph.nodes.len());
        let mut part = graph.clone();
        part.nodes.truncate(keep);
        part.edges.retain(|e| e.source < keep && e.target < keep);
        let before = layout(&part, None);
        let after = layout(&graph, Some(&before.positions(&part)));
        check(&graph, &after)?;
        prop_assert!(after.edges.iter().all(|r| !r.back));
        for a in 0..keep {
            prop_assert!(after.nodes[a].layer >= before.nodes[a].layer);
            for b in 0..keep {
                let same = before.nodes[a].layer == before.nodes[b].layer
                    && after.nodes[a].layer == after.nodes[b].layer;
                if same {
                    let middle = |l: &Layout, n: usize| l.nodes[n].y + l.nodes[n].h / 2.0;
                    let was = middle(&before, a) < middle(&before, b);
                    prop_assert_eq!(was, middle(&after, a) < middle(&after, b));
                }
            }
        }
    }

    #[test]
    fn same_graph_again_stays_where_it_is(graph in seen_graph()) {
        let before = layout(&graph, None);
        let after = layout(&graph, Some(&before.positions(&graph)));
        let layers = |l: &Layout| l.nodes.iter().map(|n| n.layer).collect::<Vec<_>>();
        prop_assert_eq!(layers(&before), layers(&after));
    }
}

#[test]
fn chain_is_straight() {
    let nodes = (0..4).map(|i| node(i, NodeType::Dataset, 0, i as i32)).collect();
    let edges = (0..3).map(|i| edge(i, i + 1, (None, None))).collect();
    let graph = SubGraph { nodes, edges, truncated: Default::default() };
    let layout = layout(&graph, None);
    assert!(layout.nodes.iter().all(|n| (n.y - layout.nodes[0].y).abs() < 0.2));
    assert_eq!(layout.nodes.iter().map(|n| n.layer).collect::<Vec<_>>(), [0, 1, 2, 3]);
}
