//! What came and went between two times.

use super::answer::{Change, Edge, EdgeType, Node, NodeType, SubGraph, Truncated};
use super::graph::Graph;
use super::maps::Map;
use super::question::{Question, Sight};
use crate::base::Time;

/// A node, told apart over two answers.
type NodeKey = (NodeType, Option<uuid::Uuid>);

/// An edge, told apart over two answers.
type EdgeKey = (NodeKey, NodeKey, Option<String>, Option<String>, EdgeType);

impl Graph {
    /// Asks a question as of two times and lays the answers over each other: every node and
    /// edge says whether it was added, removed or kept. The question's own time is not used.
    #[must_use]
    pub fn diff(&self, before: Time, after: Time, question: &Question) -> SubGraph {
        let at = |time| {
            let mut question = question.clone();
            question.scope.as_of = Some(time);
            question.scope.current_only = false;
            self.reach(&question)
        };
        overlay(at(before), at(after))
    }

    /// As [`Self::diff`], but nodes that `sight` hides appear only as anonymous counts.
    #[must_use]
    pub fn diff_seen_by(
        &self,
        before: Time,
        after: Time,
        question: &Question,
        sight: &Sight<'_>,
    ) -> SubGraph {
        self.diff(before, after, question).hide(sight)
    }
}

fn key(node: &Node) -> NodeKey {
    (node.kind, node.id)
}

fn edge_key(graph: &SubGraph, edge: &Edge) -> EdgeKey {
    let end = |index: usize| graph.nodes.get(index).map_or((NodeType::Hidden, None), key);
    let fields = (edge.source_field.clone(), edge.target_field.clone());
    (end(edge.source), end(edge.target), fields.0, fields.1, edge.kind)
}

fn overlay(before: SubGraph, after: SubGraph) -> SubGraph {
    let truncated = Truncated {
        depth: before.truncated.depth || after.truncated.depth,
        nodes: before.truncated.nodes || after.truncated.nodes,
        work: before.truncated.work || after.truncated.work,
        left_out: before.truncated.left_out.max(after.truncated.left_out),
        beyond: before.truncated.beyond.max(after.truncated.beyond),
    };
    let mut edges: Map<EdgeKey, Edge> = Map::default();
    let mut nodes: Map<NodeKey, Node> = Map::default();
    for (graph, change) in [(before, Change::Removed), (after, Change::Added)] {
        for edge in &graph.edges {
            let mut edge_now = Edge { change: Some(change), ..edge.clone() };
            if edges.contains_key(&edge_key(&graph, edge)) {
                edge_now.change = Some(Change::Kept);
            }
            edges.insert(edge_key(&graph, edge), edge_now);
        }
        for mut node in graph.nodes {
            node.change = Some(change);
            if let Some(old) = nodes.remove(&key(&node)) {
                node.change = Some(Change::Kept);
                node.fields.extend(old.fields);
                node.fields.sort_by(|a, b| a.name.cmp(&b.name));
                node.fields.dedup_by(|again, first| again.name == first.name);
                node.whole = node.whole.or(old.whole);
            }
            nodes.insert(key(&node), node);
        }
    }
    let mut nodes: Vec<Node> = nodes.into_values().collect();
    nodes.sort_by(|a, b| {
        let key = |n: &Node| (n.hops.abs(), n.kind != NodeType::Job, n.id);
        let (a_key, b_key) = (key(a), key(b));
        (a_key.0, a_key.1)
            .cmp(&(b_key.0, b_key.1))
            .then_with(|| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)))
            .then_with(|| a_key.2.cmp(&b_key.2))
    });
    let at: Map<NodeKey, usize> = nodes.iter().enumerate().map(|(i, n)| (key(n), i)).collect();
    let find = |key: &NodeKey| at.get(key).copied().unwrap_or_default();
    let mut edges: Vec<Edge> = edges
        .into_iter()
        .map(|(key, edge)| Edge { source: find(&key.0), target: find(&key.1), ..edge })
        .collect();
    edges.sort_by(|a, b| a.order().cmp(&b.order()));
    SubGraph { nodes, edges, truncated }
}

#[cfg(test)]
mod tests {
    use super::super::tests::shorthand::*;
    use super::super::*;
    use crate::base::Time;

    #[test]
    fn diff_tells_what_came_and_went() {
        let graph = graph(&[
            facts("j1").io_at(&["a"], &["b"], seen(1, 20), Origin::Observed).io_at(
                &["c"],
                &[],
                seen(1, 9),
                Origin::Observed,
            ),
            facts("j2").io_at(&["b"], &["d"], seen(15, 20), Origin::Observed),
        ]);
        let times = (Time::from_micros(5), Time::from_micros(16));
        let diff = graph.diff(times.0, times.1, &ask("b", 2, 2));
        let changes: Vec<_> =
            diff.nodes.iter().map(|n| (n.name.as_str(), n.change.unwrap())).collect();
        let kept = [("b", Change::Kept), ("j1", Change::Kept)];
        assert_eq!(changes[..2], kept);
        let rest = [("j2", Change::Added), ("a", Change::Kept), ("c", Change::Removed)];
        assert_eq!(changes[2..5], rest);
        assert_eq!(changes[5], ("d", Change::Added));
        assert_eq!(edges(&diff), "a>j1 b>j2 c>j1 j1>b j2>d");
        let removed = diff.edges.iter().find(|e| e.change == Some(Change::Removed)).unwrap();
        assert_eq!(diff.nodes[removed.source].name, "c");
    }
}
