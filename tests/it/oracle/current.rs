//! How is it made now? (point 3): the default of graph and impact.

use std::collections::{BTreeMap, BTreeSet};

use super::executions::{Execution, Written};
use super::links::Node;
use super::log::{Edit, Name};
use super::moment::Moment;
use super::read::Change;
use super::rule::Rule;
use super::runs::Word;
use super::statements::{End, Flow, How, declared, declarers, flows};

/// What an answer says of an edge beside that it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    Inferred,
    ByName,
    Unfinished,
    Lost,
    Ended,
    Unresolved,
    Unknown,
    Declared,
    ByHand,
    Disputed,
}

/// An edge of an answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    pub from: Node,
    pub to: Node,
    pub from_field: Option<String>,
    pub to_field: Option<String>,
    pub job: Option<Name>,
    pub marks: BTreeSet<Mark>,
    /// It stands between a job and what it reads or writes.
    pub side: bool,
    /// Of these: whether the job as a whole consumes or produces it.
    pub passes: bool,
}

/// A statement that stands: of a run all of it, or what it says of some outputs.
struct Standing {
    run: usize,
    /// None: all of it.
    outputs: Option<BTreeSet<Name>>,
    mark: Option<Mark>,
}

impl Moment<'_> {
    /// Every edge that is current.
    pub fn current(&self) -> &BTreeSet<Edge> {
        self.worked_out.current.get_or_init(|| self.find_current())
    }

    fn find_current(&self) -> BTreeSet<Edge> {
        let mut edges = BTreeSet::new();
        for (job, executions) in self.executions() {
            if self.oracle.is_deleted(&job, true) {
                continue;
            }
            for standing in self.standing_of(&executions) {
                self.add_run(&standing, &mut edges);
            }
        }
        self.add_declared(&mut edges);
        self.add_by_hand(&mut edges);
        self.without_dropped(edges)
    }

    /// Every edge that any statement ever made until now.
    pub fn ever(&self) -> BTreeSet<Edge> {
        let mut edges = BTreeSet::new();
        for (run, ..) in self.begun() {
            self.add_run(&Standing { run, outputs: None, mark: None }, &mut edges);
        }
        for (declarer, times) in declarers(self.known()) {
            for at in times.into_iter().filter(|at| *at <= self.until) {
                self.add_declaration(&declarer, at, &mut edges);
            }
        }
        edges.retain(|edge| !edge.marks.contains(&Mark::ByName));
        edges
    }

    fn standing_of(&self, executions: &[Execution]) -> Vec<Standing> {
        let all = || executions.iter().flat_map(|execution| &execution.members).copied();
        let live = |run: &usize| self.states[*run].is_live();
        let mut standing = Vec::new();
        for run in all().filter(live) {
            if self.say(Rule::LiveIsCurrent) {
                standing.push(Standing { run, outputs: None, mark: None });
            }
        }
        let streams = all().filter(live).any(|run| self.run(run).endless);
        if streams && executions.len() > 1 && self.say(Rule::StreamReplaces) {
            return standing;
        }
        let wrote = executions.iter().any(|execution| !execution.wrote.is_empty());
        for execution in executions {
            for run in execution.members.iter().filter(|run| !live(run)) {
                standing.extend(self.standing_run(*run, execution, executions, wrote));
            }
        }
        if !wrote {
            standing.extend(self.newest_ended(executions));
        }
        standing
    }

    fn standing_run(
        &self,
        run: usize,
        execution: &Execution,
        executions: &[Execution],
        wrote: bool,
    ) -> Option<Standing> {
        let writes = self.said[run].writes();
        let began = self.states[run].began?;
        if writes.is_empty() {
            self.completed(run, began)?;
            let ended = executions.iter().any(|other| {
                other.all_completed
                    && other.said_something
                    && self.is_later(other, execution)
                    && other.replaces.is_some_and(|from| from <= self.at)
            });
            let stands = !(ended && self.say(Rule::ReaderEnds));
            return stands.then_some(Standing { run, outputs: None, mark: None });
        }
        let mut kept = BTreeSet::new();
        for name in &writes {
            let first = self.said[run].outputs.get(name).map_or(began, |output| output.first);
            let Some(at) = self.completed(run, first) else {
                if wrote && !self.say(Rule::OnlyCompletedStands) {
                    kept.insert(name.clone());
                }
                continue;
            };
            let place = self.oracle.links.place(name, at);
            let dataset = self.oracle.names.dataset(&place, at, false);
            let name = name.clone();
            let written = Written { name, place, dataset, at, in_place: false };
            let replaced =
                executions.iter().any(|other| self.replaces_it(other, execution, &written));
            if !replaced && !self.is_overwritten(run, dataset, at) {
                kept.insert(written.name);
            }
        }
        (!kept.is_empty()).then_some(Standing { run, outputs: Some(kept), mark: None })
    }

    /// Whether one execution began after the other's last completed write.
    fn is_later(&self, other: &Execution, than: &Execution) -> bool {
        if other.members == than.members {
            return false;
        }
        let later = than.last.is_some_and(|last| other.began > last);
        later || !self.say(Rule::OnlyLaterReplaces)
    }

    fn replaces_it(&self, other: &Execution, own: &Execution, written: &Written) -> bool {
        if other.replaces.is_none_or(|from| from > self.at) || !self.is_later(other, own) {
            return false;
        }
        let same = |theirs: &&Written| {
            theirs.place == written.place
                || (theirs.dataset.is_some() && theirs.dataset == written.dataset)
        };
        let mut wrote = other.wrote.iter().filter(same).peekable();
        if wrote.peek().is_some() {
            let replaces =
                wrote.any(|theirs| !(theirs.in_place && self.say(Rule::InPlaceReplacesNothing)));
            return replaces && self.say(Rule::SameOutputReplaces);
        }
        if !other.said_something || other.reads.is_empty() {
            return false;
        }
        let completed = other.all_completed || !self.say(Rule::AllCompleted);
        let inputs = other.reads == own.reads || !self.say(Rule::SameInputsOnly);
        completed && inputs && self.say(Rule::SameInputsReplace)
    }

    /// Whether another run has overwritten a dataset since.
    fn is_overwritten(&self, run: usize, dataset: Option<usize>, since: i64) -> bool {
        let Some(dataset) = dataset else { return false };
        let overwrote = |other: usize| {
            self.said[other].outputs.iter().any(|(name, output)| {
                let whole = output.changes.contains(&Change::Overwrite) && !output.partial;
                whole
                    && output.counts
                    && self.output(other, name, output.first) == Some(dataset)
                    && self.completed(other, output.first).is_some_and(|at| at > since)
                    && !(self.is_in_place(other, name, dataset)
                        && self.say(Rule::InPlaceReplacesNothing))
            })
        };
        let overwritten = self.begun().any(|(other, ..)| other != run && overwrote(other));
        overwritten && self.say(Rule::OverwriteReplaces)
    }

    /// Where no write was completed: the newest ended run, and those that ran beside it.
    fn newest_ended(&self, executions: &[Execution]) -> Vec<Standing> {
        let ended = |run: &usize| {
            let (began, end) = (self.states[*run].began?, self.states[*run].ended?);
            (!self.said[*run].is_empty()).then_some((end, began, *run))
        };
        let all: Vec<(i64, i64, usize)> =
            executions.iter().flat_map(|e| &e.members).filter_map(ended).collect();
        let Some((end, began, _)) = all.iter().max().copied() else { return Vec::new() };
        if !self.say(Rule::FallbackStands) {
            return Vec::new();
        }
        let beside = all.into_iter().filter(|other| other.1 <= end && other.0 >= began);
        let kept = beside.filter_map(|(ended, _, run)| {
            let mark = match self.states[run].word {
                Word::Lost => Some(Mark::Lost),
                Word::Completed => None,
                _ => Some(Mark::Unfinished),
            };
            let said = &self.said[run];
            let stands = |name: &Name| {
                let first = said.outputs.get(name).map_or(ended, |output| output.first);
                !self.is_overwritten(run, self.output(run, name, first), ended)
            };
            let outputs: BTreeSet<Name> = said.writes().into_iter().filter(stands).collect();
            let whole = said.writes().is_empty();
            (whole || !outputs.is_empty()).then_some(Standing {
                run,
                outputs: (!whole).then_some(outputs),
                mark,
            })
        });
        kept.collect()
    }

    fn add_run(&self, standing: &Standing, edges: &mut BTreeSet<Edge>) {
        let run = standing.run;
        let Some(job) = self.run(run).job.clone() else { return };
        let keeps = |name: &Name| standing.outputs.as_ref().is_none_or(|kept| kept.contains(name));
        let target = |name: &Name, first: i64| self.output(run, name, first).map(Node::Dataset);
        let marks: BTreeSet<Mark> = standing.mark.into_iter().collect();
        for flow in &self.flows[run].all {
            let to = match &flow.to {
                End::Dataset(name, _) if !keeps(name) => None,
                End::Dataset(name, first) => target(name, *first),
                End::Job(job) => Some(Node::Job(job.clone())),
            };
            let Some(to) = to else { continue };
            let marks = with_flow(&marks, flow);
            match &flow.from {
                End::Dataset(name, first) => {
                    for (from, mark) in self.input_now(run, name, *first) {
                        let marks = marks.iter().copied().chain(mark).collect();
                        edges.insert(edge(from, to.clone(), flow, Some(&job), marks));
                    }
                }
                End::Job(from) => {
                    let from = Node::Job(from.clone());
                    edges.insert(edge(from, to, flow, Some(&job), marks));
                }
            }
        }
        let here = || Node::Job(job.clone());
        for (name, first) in &self.said[run].inputs {
            for (from, mark) in self.input_now(run, name, *first) {
                let marks = marks.iter().copied().chain(mark).collect();
                let passes = self.flows[run].consumed.contains_key(name);
                edges.insert(side(from, here(), &job, (marks, passes)));
            }
        }
        for (name, output) in self.said[run].outputs.iter().filter(|(name, _)| keeps(name)) {
            if let Some(to) = target(name, output.first) {
                let passes = self.flows[run].produced.contains_key(name);
                edges.insert(side(here(), to, &job, (marks.clone(), passes)));
            }
        }
    }

    /// What an input means: what it was, and what its name holds now if that is something else.
    fn input_now(&self, run: usize, name: &Name, first: i64) -> Vec<(Node, Option<Mark>)> {
        let then = self.input(run, name, first);
        let now = self.oracle.names.live(&self.oracle.links.place(name, self.at), self.at);
        let mut all: Vec<_> = then.map(|then| (Node::Dataset(then), None)).into_iter().collect();
        if let Some(now) = now.filter(|now| Some(*now) != then)
            && self.say(Rule::ByName)
        {
            all.push((Node::Dataset(now), Some(Mark::ByName)));
        }
        all
    }

    fn add_declared(&self, edges: &mut BTreeSet<Edge>) {
        for (declarer, _) in declarers(self.known()) {
            let deleted = |job: &Name| self.oracle.is_deleted(job, true);
            if !declarer.job.as_ref().is_some_and(deleted) {
                self.add_declaration(&declarer, self.until, edges);
            }
        }
    }

    fn add_declaration(
        &self,
        declarer: &super::statements::Declarer,
        at: i64,
        edges: &mut BTreeSet<Edge>,
    ) {
        let said = declared(self.known(), declarer, at);
        let job = declarer.job.as_ref();
        let node = |end: &End| match end {
            End::Dataset(name, first) => self.now(name, *first).map(Node::Dataset),
            End::Job(job) => Some(Node::Job(job.clone())),
        };
        let all = flows(self.known(), &said, job);
        let marks = BTreeSet::from([Mark::Declared]);
        for flow in &all.all {
            if let (Some(from), Some(to)) = (node(&flow.from), node(&flow.to)) {
                edges.insert(edge(from, to, flow, job, with_flow(&marks, flow)));
            }
        }
        let Some(job) = job else { return };
        for (name, at) in &said.inputs {
            let from = self.now(name, *at).map(Node::Dataset);
            let marks = (marks.clone(), all.consumed.contains_key(name));
            edges.extend(from.map(|from| side(from, Node::Job(job.clone()), job, marks)));
        }
        for (name, output) in &said.outputs {
            let to = self.now(name, output.first).map(Node::Dataset);
            let marks = (marks.clone(), all.produced.contains_key(name));
            edges.extend(to.map(|to| side(Node::Job(job.clone()), to, job, marks)));
        }
    }

    /// What a name that was said to stand means now; what it meant then if it holds nothing.
    fn now(&self, name: &Name, then: i64) -> Option<usize> {
        let place = |at: i64| self.oracle.links.place(name, at);
        let names = &self.oracle.names;
        names.live(&place(self.at), self.at).or_else(|| names.dataset(&place(then), then, false))
    }

    fn add_by_hand(&self, edges: &mut BTreeSet<Edge>) {
        let mut standing: BTreeMap<(&Name, &Name), (i64, bool)> = BTreeMap::new();
        for (_, at, edit) in &self.known().edits {
            if let Edit::Edge(from, to, on) = edit
                && *at <= self.at
                && (*on || self.say(Rule::ByHand))
            {
                standing.insert((from, to), (*at, *on));
            }
        }
        for ((from, to), (at, _)) in standing.into_iter().filter(|(_, (_, on))| *on) {
            let ends = self.now(from, at).zip(self.now(to, at));
            edges.extend(ends.map(|(from, to)| Edge {
                from: Node::Dataset(from),
                to: Node::Dataset(to),
                from_field: None,
                to_field: None,
                job: None,
                marks: BTreeSet::from([Mark::ByHand]),
                side: false,
                passes: true,
            }));
        }
    }

    /// Takes out what people deleted, and datasets that ended, unless something was made of them.
    fn without_dropped(&self, edges: BTreeSet<Edge>) -> BTreeSet<Edge> {
        let ended = |node: &Node| match node {
            Node::Dataset(dataset) => self.oracle.names.ended(*dataset, self.at).is_some(),
            _ => false,
        };
        let hidden = |node: &Node| match node {
            Node::Dataset(dataset) => self.is_hidden(*dataset),
            Node::Job(job) | Node::Reads(job) => self.oracle.is_deleted(job, true),
        };
        let mut kept: BTreeSet<Node> = BTreeSet::new();
        let open = edges.into_iter().filter(|edge| !hidden(&edge.from) && !hidden(&edge.to));
        let mut open: BTreeSet<Edge> = open.collect();
        loop {
            let alive = |node: &Node| !ended(node) || kept.contains(node);
            let more: BTreeSet<Node> = open
                .iter()
                .filter(|edge| !edge.side && edge.from != edge.to && ended(&edge.from))
                .filter(|edge| alive(&edge.to) && !kept.contains(&edge.from))
                .map(|edge| edge.from.clone())
                .collect();
            if more.is_empty() || !self.say(Rule::DroppedStays) {
                break;
            }
            kept.extend(more);
        }
        open.retain(|edge| {
            let gone = [&edge.from, &edge.to].iter().any(|n| ended(n) && !kept.contains(n));
            !(gone && self.say(Rule::DroppedGoes))
        });
        let emptied = self.truncated();
        open.retain(|edge| {
            !emptied.contains(&edge.to) || edge.side || self.say(Rule::TruncateEndsNothing)
        });
        open.into_iter()
            .map(|mut edge| {
                if self.is_disputed(&edge.from, &edge.to) {
                    edge.marks.insert(Mark::Disputed);
                }
                edge
            })
            .collect()
    }

    fn truncated(&self) -> BTreeSet<Node> {
        let mut all = BTreeSet::new();
        for (run, ..) in self.begun() {
            for (name, output) in &self.said[run].outputs {
                if output.changes.contains(&Change::Truncate)
                    && self.completed(run, output.first).is_some()
                {
                    all.extend(self.output(run, name, output.first).map(Node::Dataset));
                }
            }
        }
        all
    }
}

fn with_flow(marks: &BTreeSet<Mark>, flow: &Flow) -> BTreeSet<Mark> {
    let mut marks = marks.clone();
    marks.extend((flow.how == How::Inferred).then_some(Mark::Inferred));
    marks.extend(flow.unresolved.then_some(Mark::Unresolved));
    marks.extend(flow.unknown.then_some(Mark::Unknown));
    marks
}

fn edge(from: Node, to: Node, flow: &Flow, job: Option<&Name>, marks: BTreeSet<Mark>) -> Edge {
    Edge {
        from,
        to,
        from_field: flow.from_field.clone(),
        to_field: flow.to_field.clone(),
        job: job.cloned(),
        marks,
        side: false,
        passes: true,
    }
}

fn side(from: Node, to: Node, job: &Name, (marks, passes): (BTreeSet<Mark>, bool)) -> Edge {
    let (from_field, to_field, job) = (None, None, Some(job.clone()));
    Edge { from, to, from_field, to_field, job, marks, side: true, passes }
}
