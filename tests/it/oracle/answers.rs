//! Answers: impact, as of, window, difference, a focus that has ended, and findings, as lines of
//! text that are equal exactly if the answers are.

use std::collections::{BTreeMap, BTreeSet};

use super::current::{Edge, Mark};
use super::links::Node;
use super::log::Name;
use super::moment::{Moment, Oracle};
use super::rule::Rule;
use super::runs::Word;
use super::symlinks::Points;

/// Edges of datasets, each once, with the marks that all who say them share.
pub type Table = BTreeMap<(String, String), BTreeSet<Mark>>;

impl Moment<'_> {
    pub fn node(&self, node: &Node) -> String {
        match node {
            Node::Dataset(dataset) => self.label(*dataset),
            Node::Job(job) | Node::Reads(job) => format!(":{job}"),
        }
    }

    /// Edges at table level. With `sides`, those between jobs and data too.
    pub fn table(&self, edges: &BTreeSet<Edge>, sides: bool) -> Table {
        let mut table = Table::new();
        for edge in edges.iter().filter(|edge| edge.from != edge.to && (sides || !edge.side)) {
            let mut marks = edge.marks.clone();
            marks.remove(&Mark::Unknown);
            let ends = (self.node(&edge.from), self.node(&edge.to));
            let known = table.entry(ends).or_insert_with(|| marks.clone());
            known.retain(|mark| marks.contains(mark));
        }
        table
    }

    /// Edges at column level.
    pub fn column_table(&self, edges: &BTreeSet<Edge>) -> Table {
        let mut table = Table::new();
        let end = |node: &Node, field: &Option<String>| match field {
            Some(field) => format!("{}#{field}", self.node(node)),
            None => self.node(node),
        };
        for edge in edges.iter().filter(|edge| edge.from != edge.to || edge.from_field.is_some()) {
            let ends = (end(&edge.from, &edge.from_field), end(&edge.to, &edge.to_field));
            let known = table.entry(ends).or_insert_with(|| edge.marks.clone());
            known.retain(|mark| edge.marks.contains(mark));
        }
        table
    }

    /// All that is made from a node by current edges, or (`up`) that it is made from.
    pub fn reach(&self, edges: &BTreeSet<Edge>, focus: &Node, up: bool) -> BTreeSet<Node> {
        let mut seen = BTreeSet::from([focus.clone()]);
        if let Node::Job(job) = focus {
            let sides = edges.iter().filter(|edge| edge.side && edge.job.as_ref() == Some(job));
            let end = |edge: &Edge| if up { edge.from.clone() } else { edge.to.clone() };
            seen.extend(sides.map(end));
        }
        let mut open: Vec<Node> = seen.iter().cloned().collect();
        while let Some(at) = open.pop() {
            let next =
                edges.iter().flat_map(|edge| if up { before(edge, &at) } else { after(edge, &at) });
            for node in next {
                if seen.insert(node.clone()) {
                    open.push(node);
                }
            }
        }
        seen.remove(focus);
        seen
    }

    /// The datasets that are made from one, directly or not.
    pub fn impact(&self, dataset: usize) -> BTreeSet<usize> {
        let reached = self.reach(self.current(), &Node::Dataset(dataset), false);
        let datasets = reached.into_iter().filter_map(|node| match node {
            Node::Dataset(dataset) => Some(dataset),
            _ => None,
        });
        datasets.collect()
    }

    /// The runs of an id: job, state, begin and end; the earliest by event time first.
    pub fn runs_of(&self, id: &str) -> Vec<String> {
        let all = self.oracle.runs.of_id(id).into_iter();
        let spoke = all.filter(|run| self.states[*run].began.is_some());
        let line = |run: usize| {
            let (its, state) = (self.run(run), self.states[run]);
            let job = its.job.as_ref().map(Name::to_string).unwrap_or_default();
            let inferred = if state.inferred { " inferred" } else { "" };
            let parent = its.parent.and_then(|parent| self.run(parent).job.clone());
            let parent = parent.map(|job| format!(" in {job}")).unwrap_or_default();
            format!("{job} {:?}{inferred}{parent}", state.word)
        };
        spoke.map(line).collect()
    }

    /// What somebody should look at: contested names and lost runs.
    pub fn findings(&self) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for (name, points) in &self.oracle.links.points {
            if let Points::Contested(places) = points {
                let places: Vec<String> = places.iter().map(Name::to_string).collect();
                all.insert(format!("contested {name}: {}", places.join(", ")));
            }
        }
        for (run, state) in self.states.iter().enumerate() {
            if state.word == Word::Lost {
                let job = self.run(run).job.as_ref().map(Name::to_string).unwrap_or_default();
                all.insert(format!("lost {job}"));
            }
        }
        all
    }

    /// The datasets that a job reads and writes now.
    pub fn io(&self, job: &Name) -> (BTreeSet<String>, BTreeSet<String>) {
        let (mut reads, mut writes) = (BTreeSet::new(), BTreeSet::new());
        let node = Node::Job(job.clone());
        for edge in self.current().iter().filter(|edge| edge.side) {
            if edge.to == node {
                reads.insert(self.node(&edge.from));
            }
            if edge.from == node {
                writes.insert(self.node(&edge.to));
            }
        }
        (reads, writes)
    }
}

/// Where data goes from a node over an edge. What a job consumes goes on only over what is told to
/// come from the job as a whole.
fn after(edge: &Edge, at: &Node) -> Vec<Node> {
    let told = match at {
        Node::Reads(job) => edge.from == Node::Job(job.clone()),
        _ => edge.from == *at,
    };
    match (&edge.to, edge.side) {
        (to, false) if told => vec![to.clone()],
        (Node::Job(job), true) if edge.passes && edge.from == *at => vec![Node::Reads(job.clone())],
        (to @ Node::Dataset(_), true) if edge.passes && edge.from == *at => vec![to.clone()],
        _ => Vec::new(),
    }
}

/// Where data comes from to a node. What a job produces comes only from what is told to go into it.
fn before(edge: &Edge, at: &Node) -> Vec<Node> {
    let told = |node: &Node| match node {
        Node::Job(job) => vec![Node::Job(job.clone()), Node::Reads(job.clone())],
        other => vec![other.clone()],
    };
    match (&edge.from, edge.side) {
        (from, false) if edge.to == *at => told(from),
        (from @ Node::Job(_), true) if edge.passes && edge.to == *at => vec![from.clone()],
        (from @ Node::Dataset(_), true) if edge.passes => match (&edge.to, at) {
            (Node::Job(to), Node::Reads(job)) if to == job => vec![from.clone()],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

impl Oracle {
    /// Every time at which an answer may change, up to one.
    pub fn turns(&self, until: i64) -> BTreeSet<i64> {
        let (lost, apart) = (self.known.bounds.lost, self.known.bounds.apart);
        let mut all = BTreeSet::new();
        for event in &self.known.events {
            for from in [event.at, event.at.max(event.received)] {
                for later in [0, lost, apart, lost.saturating_add(apart)] {
                    all.insert(from.saturating_add(later));
                }
            }
        }
        all.extend(self.known.edits.iter().map(|edit| edit.1));
        all.retain(|at| *at <= until);
        all
    }

    /// Whatever stood at any time from one to the other.
    pub fn window(&self, from: i64, to: i64) -> BTreeSet<(String, String)> {
        let times = self.turns(to).into_iter().filter(|at| *at > from);
        let last = self.at(to);
        let mut all = BTreeSet::new();
        for at in times.chain([from, to]) {
            all.extend(last.table(self.at(at).current(), false).into_keys());
        }
        all
    }

    /// What went (`-`) and what came (`+`) between two times.
    pub fn diff(&self, before: i64, after: i64) -> BTreeSet<String> {
        let last = self.at(after);
        let at = |at: i64| -> BTreeSet<(String, String)> {
            last.table(self.at(at).current(), false).into_keys().collect()
        };
        let (old, new) = (at(before), at(after));
        let gone = old.difference(&new).map(|(from, to)| format!("- {from} > {to}"));
        let came = new.difference(&old).map(|(from, to)| format!("+ {from} > {to}"));
        gone.chain(came).collect()
    }

    /// The edges that touch a node: the current ones; where there are none, the last that runs
    /// made. A declaration that was replaced was taken back, and is shown no more.
    pub fn focus(&self, node: &Node, at: i64) -> BTreeSet<Edge> {
        let touch = |at: i64| -> BTreeSet<Edge> {
            let then = self.at(at);
            let edges = then.current().iter();
            edges.filter(|edge| edge.from == *node || edge.to == *node).cloned().collect()
        };
        let mut now = touch(at);
        if now.is_empty() && self.known.rules.say(Rule::FocusEnded) {
            let by_runs = |at: i64| -> BTreeSet<Edge> {
                let edges = touch(at).into_iter();
                edges.filter(|edge| !edge.marks.contains(&Mark::Declared)).collect()
            };
            let turns = self.turns(at).into_iter().rev();
            let last = turns.map(by_runs).find(|edges| !edges.is_empty());
            for mut edge in last.into_iter().flatten() {
                edge.marks.insert(Mark::Ended);
                now.insert(edge);
            }
        }
        now
    }
}
