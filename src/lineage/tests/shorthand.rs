//! Shorthand for this room's tests: facts from short texts, answers as short texts.

use super::super::*;
use crate::base::{DatasetId, JobId, Time};

/// The dataset of that name in namespace `ns`.
pub(in crate::lineage) fn ds(name: &str) -> DatasetId {
    DatasetId::of("ns", name)
}

/// The job of that name in namespace `ns`.
pub(in crate::lineage) fn job(name: &str) -> JobId {
    JobId::of("ns", name)
}

/// Seen from and to those microseconds, in two runs.
pub(in crate::lineage) fn seen(first: i64, last: i64) -> Seen {
    Seen { first: Time::from_micros(first), last: Time::from_micros(last), runs: 2 }
}

/// `a.x` is a field, `a` a whole dataset; a trailing `!` masks, `?` is indirect, `~` tells
/// nothing, and otherwise the value is carried.
pub(in crate::lineage) fn input(text: &str) -> FieldInput {
    let (name, transformations) = transformations(text);
    let (dataset, field) = match name.split_once('.') {
        Some((dataset, field)) => (dataset, Some(field.to_owned())),
        None => (name, None),
    };
    FieldInput { dataset: ds(dataset), field, transformations }
}

fn transformations(text: &str) -> (&str, Vec<Transformation>) {
    let (name, kind, subtype, masking) = match text.chars().last() {
        Some('!') => (&text[..text.len() - 1], TransformationKind::Direct, "HASH", true),
        Some('?') => (&text[..text.len() - 1], TransformationKind::Indirect, "FILTER", false),
        Some('~') => return (&text[..text.len() - 1], Vec::new()),
        _ => (text, TransformationKind::Direct, "IDENTITY", false),
    };
    let subtype = Some(subtype.to_owned());
    (name, vec![Transformation { kind, subtype, description: None, masking }])
}

/// As [`input`]; `@j` is a job.
pub(in crate::lineage) fn entry_input(text: &str) -> EntryInput {
    if let Some(name) = text.strip_prefix('@') {
        return EntryInput { source: EntrySource::Job(job(name)), transformations: Vec::new() };
    }
    let FieldInput { dataset, field, transformations } = input(text);
    EntryInput { source: EntrySource::Dataset { dataset, field }, transformations }
}

/// Facts of a job that are built step by step.
pub(in crate::lineage) fn facts(name: &str) -> JobFacts {
    JobFacts { job: job(name), io: Vec::new(), columns: Vec::new(), explicit: Vec::new() }
}

impl JobFacts {
    pub(in crate::lineage) fn io(self, reads: &[&str], writes: &[&str]) -> Self {
        self.io_at(reads, writes, seen(1, 9), Origin::Observed)
    }

    pub(in crate::lineage) fn io_at(
        mut self,
        reads: &[&str],
        writes: &[&str],
        seen: Seen,
        origin: Origin,
    ) -> Self {
        for (names, direction) in [(reads, Direction::Input), (writes, Direction::Output)] {
            let io = |name: &&str| IoFact { dataset: ds(name), direction, seen, origin };
            self.io.extend(names.iter().map(io));
        }
        self
    }

    pub(in crate::lineage) fn columns(
        self,
        output: &str,
        fields: &[(&str, &[&str])],
        dataset: &[&str],
    ) -> Self {
        self.columns_at(output, fields, dataset, seen(1, 9))
    }

    pub(in crate::lineage) fn columns_at(
        mut self,
        output: &str,
        fields: &[(&str, &[&str])],
        dataset: &[&str],
        seen: Seen,
    ) -> Self {
        let list = |texts: &[&str]| texts.iter().map(|t| input(t)).collect::<Vec<_>>();
        let fields = fields.iter().map(|(f, from)| ((*f).to_owned(), list(from))).collect();
        let (output, dataset, origin) = (ds(output), list(dataset), Origin::Observed);
        self.columns.push(ColumnFact { output, origin, seen, fields, dataset });
        self
    }

    /// Entries: target (`@j` for a job) and what feeds it.
    pub(in crate::lineage) fn explicit(mut self, entries: &[(&str, &[&str])]) -> Self {
        let entry = |(target, inputs): &(&str, &[&str])| Entry {
            target: match target.strip_prefix('@') {
                Some(name) => EntryTarget::Job(job(name)),
                None => EntryTarget::Dataset(ds(target)),
            },
            inputs: inputs.iter().map(|t| entry_input(t)).collect(),
            fields: Vec::new(),
        };
        let entries = entries.iter().map(entry).collect();
        self.explicit.push(ExplicitFact { origin: Origin::Observed, seen: seen(1, 9), entries });
        self
    }
}

/// A graph of these facts, every dataset `a`..`z` and every job named.
pub(in crate::lineage) fn graph(facts: &[JobFacts]) -> Graph {
    let mut graph = Graph::new();
    for letter in 'a'..='z' {
        graph.name_dataset(ds(&letter.to_string()), "ns", &letter.to_string());
    }
    for number in 0..10 {
        graph.name_job(job(&format!("j{number}")), "ns", &format!("j{number}"));
    }
    for fact in facts {
        graph.apply_job(fact);
    }
    graph
}

/// `a j1 b` as answered nodes, hidden ones as `(datasets+jobs)`.
pub(in crate::lineage) fn nodes(answer: &SubGraph) -> String {
    let names: Vec<String> = answer.nodes.iter().map(label).collect();
    names.join(" ")
}

/// `a>j1 j1>b` as answered edges, sorted; columns as `a.x>b.y`.
pub(in crate::lineage) fn edges(answer: &SubGraph) -> String {
    let end = |index: usize, field: &Option<String>| {
        let name = label(&answer.nodes[index]);
        field.as_ref().map_or(name.clone(), |f| format!("{name}.{f}"))
    };
    let mut edges: Vec<String> = answer
        .edges
        .iter()
        .map(|e| format!("{}>{}", end(e.source, &e.source_field), end(e.target, &e.target_field)))
        .collect();
    edges.sort();
    edges.join(" ")
}

fn label(node: &Node) -> String {
    node.hidden.map_or(node.name.clone(), |h| format!("({}+{})", h.datasets, h.jobs))
}

/// Everything around a dataset (or `@job`, or `a.x` at column level).
pub(in crate::lineage) fn ask(focus: &str, up: u32, down: u32) -> Question {
    if let Some(name) = focus.strip_prefix('@') {
        return Question::around(NodeRef::Job(job(name)), up, down);
    }
    match focus.split_once('.') {
        Some((dataset, field)) => Question {
            level: Level::Column,
            ..Question::around(NodeRef::Field(ds(dataset), field.to_owned()), up, down)
        },
        None => Question::around(NodeRef::Dataset(ds(focus)), up, down),
    }
}
