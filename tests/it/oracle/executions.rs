//! Executions (point 3): the runs of one job under one parent, and from when on they replace.

use std::collections::{BTreeMap, BTreeSet};

use super::log::Name;
use super::moment::Moment;
use super::rule::Rule;
use super::runs::Word;
use super::time::END;

/// One output that an execution wrote well.
#[derive(Debug, Clone)]
pub struct Written {
    pub name: Name,
    pub place: Name,
    pub dataset: Option<usize>,
    pub at: i64,
    /// Its sources reach the dataset itself.
    pub in_place: bool,
}

/// The runs of one job that count together.
#[derive(Debug, Clone)]
pub struct Execution {
    pub members: Vec<usize>,
    pub began: i64,
    /// What all of them read, by name.
    pub reads: BTreeSet<Name>,
    pub wrote: Vec<Written>,
    /// The last completed write; where there is none, the last completion.
    pub last: Option<i64>,
    pub all_completed: bool,
    pub said_something: bool,
    /// From when on it replaces; none while it only adds.
    pub replaces: Option<i64>,
}

/// When a run began and ended, and which.
pub type Spoke = (i64, i64, usize);

impl Moment<'_> {
    /// All executions by job.
    pub fn executions(&self) -> BTreeMap<Name, Vec<Execution>> {
        // By job, parent, and the run itself if it has none.
        let mut groups: BTreeMap<(Name, Option<usize>, usize), Vec<Spoke>> = BTreeMap::new();
        for (run, began, ended) in self.begun() {
            let Some(job) = self.run(run).job.clone() else { continue };
            let parent = self.run(run).parent.filter(|_| self.say(Rule::TogetherUnderParent));
            let alone = if parent.is_none() { run } else { 0 };
            groups.entry((job, parent, alone)).or_default().push((began, ended, run));
        }
        let mut executions: BTreeMap<Name, Vec<Execution>> = BTreeMap::new();
        for ((job, parent, _), mut members) in groups {
            members.sort_unstable();
            let split = self.split(&members).into_iter();
            let all = split.map(|members| self.execution(members, parent));
            executions.entry(job).or_default().extend(all);
        }
        executions
    }

    fn split(&self, members: &[Spoke]) -> Vec<Vec<usize>> {
        let mut parts: Vec<Vec<usize>> = Vec::new();
        let mut end = END;
        for (began, ended, run) in members {
            let apart = end != END && began - end >= self.known().bounds.apart;
            match parts.last_mut() {
                Some(part) if !(apart && self.say(Rule::GapSplits)) => {
                    part.push(*run);
                    end = end.max(*ended);
                }
                _ => {
                    parts.push(vec![*run]);
                    end = *ended;
                }
            }
        }
        parts
    }

    fn execution(&self, members: Vec<usize>, parent: Option<usize>) -> Execution {
        let wrote: Vec<Written> = members.iter().flat_map(|run| self.wrote(*run)).collect();
        let began = members.iter().filter_map(|run| self.states[*run].began).min();
        let done = members.iter().filter_map(|run| {
            let named = self.states[*run].began?;
            self.completed(*run, named).filter(|_| !self.said[*run].is_empty())
        });
        let last = wrote.iter().map(|written| written.at).max().or(done.max());
        let completed = |run: &usize| {
            let state = self.states[*run];
            state.word == Word::Completed && !state.is_live()
        };
        Execution {
            began: began.unwrap_or(END),
            reads: members.iter().flat_map(|run| self.said[*run].reads()).collect(),
            all_completed: members.iter().all(completed),
            said_something: members.iter().any(|run| !self.said[*run].is_empty()),
            replaces: last.and_then(|last| self.replaces(&members, parent, last)),
            wrote,
            last,
            members,
        }
    }

    fn wrote(&self, run: usize) -> Vec<Written> {
        let said = &self.said[run];
        let mut all = Vec::new();
        for name in said.writes() {
            let output = said.outputs.get(&name);
            if output.is_some_and(|output| !output.is_write()) {
                continue;
            }
            let first = output.map_or_else(|| self.states[run].began, |output| Some(output.first));
            let Some(at) = first.and_then(|first| self.completed(run, first)) else { continue };
            let place = self.oracle.links.place(&name, at);
            let dataset = self.oracle.names.dataset(&place, at, false);
            let in_place = dataset.is_some_and(|dataset| self.is_in_place(run, &name, dataset));
            all.push(Written { name, place, dataset, at, in_place });
        }
        all
    }

    /// From the end of the parent run, or once the execution is closed; never before its own last
    /// completed write. A run alone: from then.
    fn replaces(&self, members: &[usize], parent: Option<usize>, last: i64) -> Option<i64> {
        let Some(parent) = parent else { return Some(last) };
        let ended = self.states[parent].ended.filter(|ended| *ended <= self.at);
        let ends = members.iter().map(|run| self.states[*run].ended.unwrap_or(END));
        let end = ends.max().unwrap_or(END);
        let closed = end.saturating_add(self.known().bounds.apart);
        let closed = Some(closed).filter(|closed| *closed <= self.at);
        let from = match (ended, closed) {
            (Some(ended), Some(closed)) => Some(ended.min(closed)),
            (None, Some(closed)) => Some(closed).filter(|_| self.say(Rule::Closed)),
            (ended, None) => ended,
        };
        match from {
            Some(from) => Some(from.max(last)),
            None => (!self.say(Rule::ParentEndReplaces)).then_some(last),
        }
    }
}
