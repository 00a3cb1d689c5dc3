//! What the lineage graph answers about everything it knows, as text.

use std::collections::BTreeMap;

use lethe::base::Time;
use lethe::flow::App;
use lethe::lineage::{Level, NodeRef, Question, Scope};

/// Asks about every dataset and job of the catalog, in several ways.
pub async fn answers(app: &App) -> BTreeMap<String, String> {
    let datasets = app.db().scan_datasets(None, 10_000).await.expect("datasets");
    let jobs = app.db().scan_jobs(None, 10_000).await.expect("jobs");
    let nodes: Vec<(String, NodeRef)> = datasets
        .iter()
        .map(|row| (format!("{} {}", row.doc.namespace, row.doc.name), NodeRef::Dataset(row.id)))
        .chain(jobs.iter().map(|row| (row.doc.name.clone(), NodeRef::Job(row.id))))
        .collect();
    let noon = Time::parse("2026-11-20T10:03:00Z").expect("a time");
    let scopes =
        [("all", Scope::default()), ("current", Scope::CURRENT), ("then", Scope::at(noon))];
    app.graph(|graph| {
        let mut answers = BTreeMap::new();
        for (name, node) in nodes {
            for (scope_name, scope) in scopes {
                for level in [Level::Table, Level::Column] {
                    let around = Question::around(node.clone(), 10, 10);
                    let question = Question { level, scope, limit: 2_000, ..around };
                    let answer = serde_json::to_string(&graph.reach(&question)).expect("an answer");
                    answers.insert(format!("{name} {scope_name} {level:?}"), answer);
                }
            }
        }
        answers
    })
    .expect("the graph answers")
}
