//! The whole lineage graph as a few lines of text.

use std::collections::BTreeSet;

use lethe::lineage::{Edge, Level, Node, NodeRef, Question, Scope, SubGraph};

use crate::world::World;

/// Returns all flows from dataset to dataset: `a -> b over job`, or `a -> b` over none.
pub async fn flows(world: &World, scope: Scope) -> BTreeSet<String> {
    let answer = ask(world, scope, Level::Table).await;
    let name = |place: usize| &answer.nodes[place].name;
    let mut lines = BTreeSet::new();
    for edge in &answer.edges {
        let (source, target) = (name(edge.source), name(edge.target));
        if edge.jobs.is_empty() {
            lines.insert(format!("{source} -> {target}"));
        }
        for job in &edge.jobs {
            lines.insert(format!("{source} -> {target} over {}", job.name));
        }
    }
    lines
}

/// Returns all edges between columns: `a.x -> b.y`, `a.* -> b.y` of a whole dataset, with
/// what is told of the transformation.
pub async fn columns(world: &World, scope: Scope) -> BTreeSet<String> {
    let answer = ask(world, scope, Level::Column).await;
    let end = |node: &Node, field: &Option<String>| {
        format!("{}.{}", node.name, field.as_deref().unwrap_or("*"))
    };
    let line = |edge: &Edge| {
        let source = end(&answer.nodes[edge.source], &edge.source_field);
        let target = end(&answer.nodes[edge.target], &edge.target_field);
        let how = edge.transformations.iter().map(|t| {
            let subtype = t.subtype.as_deref().unwrap_or("?");
            format!(" {:?} {subtype}{}", t.kind, if t.masking { " masked" } else { "" })
        });
        format!("{source} -> {target}{}", how.collect::<String>())
    };
    answer.edges.iter().map(line).collect()
}

async fn ask(world: &World, scope: Scope, level: Level) -> SubGraph {
    world.settle().await;
    let rows = world.app.db().scan_datasets(None, 10_000).await.expect("datasets");
    let mut focus: Vec<NodeRef> = rows.iter().map(|row| NodeRef::Dataset(row.id)).collect();
    let jobs = world.app.db().scan_jobs(None, 10_000).await.expect("jobs");
    if level == Level::Column {
        focus.extend(jobs.iter().map(|row| NodeRef::Job(row.id)));
    }
    let around = Question::around(focus[0].clone(), 1, 1);
    let question = Question { focus, level, scope, limit: 5_000, include_jobs: false, ..around };
    world.app.graph(|graph| graph.reach(&question)).expect("an answer")
}

/// Makes the set of these lines.
pub fn lines(lines: &[&str]) -> BTreeSet<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}
