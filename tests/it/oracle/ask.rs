//! Questions as text, and their answers.

use std::collections::BTreeSet;

use super::answers::Table;
use super::links::Node;
use super::moment::{Moment, Oracle};
use super::text::{moment, name};

/// A question and the answer that is expected.
#[derive(Debug, Clone)]
pub struct Question {
    pub line: String,
    pub what: String,
    pub expected: BTreeSet<String>,
}

/// Takes the questions out of a case.
pub fn questions(text: &str) -> Vec<Question> {
    let lines = text.lines().map(str::trim).filter_map(|line| line.strip_prefix('?'));
    let read = |line: &str| {
        let (what, expected) = line.split_once("=>").unwrap_or_else(|| panic!("no answer: {line}"));
        let expected = expected.split(';').map(str::trim).filter(|one| !one.is_empty());
        Question {
            line: line.trim().to_owned(),
            what: what.trim().to_owned(),
            expected: expected.map(str::to_owned).collect(),
        }
    };
    lines.map(read).collect()
}

fn lines(table: Table) -> BTreeSet<String> {
    let line = |((from, to), marks): ((String, String), BTreeSet<super::current::Mark>)| {
        let marks: Vec<String> = marks
            .iter()
            .filter(|mark| **mark != super::current::Mark::Inferred)
            .map(|mark| format!("{mark:?}"))
            .collect();
        if marks.is_empty() {
            format!("{from} > {to}")
        } else {
            format!("{from} > {to} ({})", marks.join(" "))
        }
    };
    table.into_iter().map(line).collect()
}

/// Answers a question: what is asked, of what, and `@` when.
pub fn answer(oracle: &Oracle, what: &str) -> BTreeSet<String> {
    let words: Vec<&str> = what.split_whitespace().collect();
    let times: Vec<i64> = words.iter().filter_map(|w| w.strip_prefix('@')).map(moment).collect();
    let of = words.get(1).copied().unwrap_or_default();
    let at = times.last().copied().unwrap_or_else(|| oracle.newest());
    let then = oracle.at(at);
    let labels = |all: BTreeSet<usize>| all.into_iter().map(|d| then.label(d)).collect();
    let Some(kind) = words.first() else { return BTreeSet::new() };
    match *kind {
        "current" => lines(then.table(then.current(), false)),
        "graph" => lines(then.table(then.current(), true)),
        "ever" => lines(then.table(&then.ever(), false)),
        "inferred" => {
            let table = then.table(then.current(), false).into_iter();
            let inferred =
                table.filter(|(_, marks)| marks.contains(&super::current::Mark::Inferred));
            inferred.map(|((from, to), _)| format!("{from} > {to}")).collect()
        }
        "columns" => lines(then.column_table(&then.columns())),
        "window" => {
            let all = oracle.window(times[0], at).into_iter();
            all.map(|(from, to)| format!("{from} > {to}")).collect()
        }
        "diff" => oracle.diff(times[0], at),
        "run" => then.runs_of(of).into_iter().collect(),
        "latest" => then.runs_of(of).into_iter().take(1).collect(),
        "findings" => then.findings(),
        "nobody" => labels(then.demanded_of_nobody()),
        "jobs" => jobs(&then),
        "reads" => then.io(&name(of)).0,
        "writes" => then.io(&name(of)).1,
        "one" => {
            let all = oracle.links.one_with(&name(of), at);
            all.into_iter().map(|name| name.to_string()).collect()
        }
        "tags" => oracle.names.tags(&oracle.known, &oracle.links, &name(of), at),
        "datasets" => {
            let all = oracle.names.datasets.iter().enumerate();
            let begun = all.filter(|(_, dataset)| dataset.chain[0].1 <= at);
            begun.map(|(dataset, _)| then.label(dataset)).collect()
        }
        _ => about(oracle, &then, kind, of),
    }
}

fn jobs(then: &Moment<'_>) -> BTreeSet<String> {
    let begun = then.states.iter().enumerate().filter(|(_, state)| state.began.is_some());
    begun.filter_map(|(run, _)| Some(then.run(run).job.as_ref()?.to_string())).collect()
}

/// Answers what is asked of one thing.
fn about(oracle: &Oracle, then: &Moment<'_>, kind: &str, of: &str) -> BTreeSet<String> {
    let labels = |all: BTreeSet<usize>| all.into_iter().map(|d| then.label(d)).collect();
    let job = of.strip_prefix(':').map(name);
    let (table, field) = of.split_once('#').unwrap_or((of, ""));
    let found = then.find(table);
    let node = job.map(Node::Job).or(found.map(Node::Dataset));
    let (Some(node), dataset) = (node, found.unwrap_or_default()) else {
        return BTreeSet::from([format!("no {of}")]);
    };
    let others = |all: BTreeSet<usize>| labels(all.into_iter().filter(|d| *d != dataset).collect());
    match kind {
        "holds" if !field.is_empty() => {
            let all = then.holds_column(dataset, field).into_iter();
            let line = |(dataset, field): (usize, Option<String>)| match field {
                Some(field) => format!("{}#{field}", then.label(dataset)),
                None => then.label(dataset),
            };
            all.map(line).filter(|line| line != of).collect()
        }
        "holds" => others(then.holds(dataset, false)),
        "inherits" => others(then.holds(dataset, true)),
        "impact" => labels(then.impact(dataset)),
        "up" | "down" => {
            let reached = then.reach(then.current(), &node, kind == "up");
            reached.iter().map(|node| then.node(node)).collect()
        }
        "focus" => lines(then.table(&oracle.focus(&node, then.at), false)),
        "schema" => then.schema(dataset).0.into_iter().collect(),
        "described" => then.description(dataset).into_iter().collect(),
        "written" => {
            let at = then.written_at(dataset).map(super::text::rfc3339);
            at.map(|at| at[..16].to_owned()).into_iter().collect()
        }
        "life" => {
            let ended = oracle.names.ended(dataset, then.at);
            BTreeSet::from([ended.map_or("live".to_owned(), |(_, how)| format!("{how:?}"))])
        }
        other => panic!("no question: {other}"),
    }
}
