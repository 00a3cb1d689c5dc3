//! The oracle at one time: what was said until then, and how every run stands.
//!
//! Statements and states are those of events until then; which run, name and symlink is which
//! follows from all events.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use super::current::Edge;
use super::holds::Forgets;
use super::known::{Bounds, Known};
use super::links::{Link, Node};
use super::log::{Edit, Entry, Name};
use super::names::Names;
use super::rule::{Rule, Rules};
use super::runs::{Run, Runs, State};
use super::statements::{Flows, Said, flows, of_run};
use super::symlinks::Symlinks;
use super::time::{BEGINNING, END};

/// The naive model: all that was said, and what everything in it is.
#[derive(Debug)]
pub struct Oracle {
    pub known: Known,
    pub runs: Runs,
    pub links: Symlinks,
    pub names: Names,
}

impl Oracle {
    /// Takes a log, in its order, and rules of which one may be broken.
    pub fn new(log: &[Entry], bounds: Bounds, rules: Rules) -> Self {
        let known = Known::new(log, bounds, rules);
        let runs = Runs::new(&known);
        let links = Symlinks::new(&known, &runs);
        let names = Names::new(&known, &runs, &links);
        Self { known, runs, links, names }
    }

    /// The time of the newest event or edit.
    pub fn newest(&self) -> i64 {
        let events = self.known.events.iter().map(|event| event.at.max(event.received));
        events.chain(self.known.edits.iter().map(|edit| edit.1)).max().unwrap_or(BEGINNING)
    }

    pub fn at(&self, at: i64) -> Moment<'_> {
        let known = &self.known;
        let until = if known.events.last().is_some_and(|event| event.at > at)
            && !known.rules.say(Rule::AsOfByEventTime)
        {
            END
        } else {
            at
        };
        let all = 0..self.runs.all.len();
        let states = all.clone().map(|run| self.runs.state(known, run, until)).collect();
        let said: Vec<Said> = all.map(|run| of_run(known, &self.runs, run, until)).collect();
        let job = |run: usize| self.runs.all[run].job.as_ref();
        let flows = said.iter().enumerate().map(|(run, said)| flows(known, said, job(run)));
        let flows = flows.collect();
        let worked_out = WorkedOut::default();
        Moment { oracle: self, at, until, states, said, flows, worked_out }
    }

    /// Whether a name was deleted and nothing has named it since.
    pub fn is_deleted(&self, name: &Name, job: bool) -> bool {
        let deletes = |edit: &&(usize, i64, Edit)| match &edit.2 {
            Edit::DeleteDataset(deleted) => !job && deleted == name,
            Edit::DeleteJob(deleted) => job && deleted == name,
            _ => false,
        };
        let Some((place, ..)) = self.known.edits.iter().rev().find(deletes) else { return false };
        let later = self.known.events.iter().enumerate().filter(|(_, event)| event.place > *place);
        let mut names = later.filter(|(index, event)| {
            if job {
                let run = self.runs.of_event.get(index).map(|run| &self.runs.all[*run]);
                let own = run.map_or(event.job.as_ref(), |run| run.job.as_ref());
                return own == Some(name);
            }
            event.author.counts(name)
                && super::known::mentions(event).any(|mention| mention.name == *name)
        });
        !(names.next().is_some() && self.known.rules.say(Rule::ComesBack))
    }
}

/// The oracle at one time.
#[derive(Debug)]
pub struct Moment<'o> {
    pub oracle: &'o Oracle,
    pub at: i64,
    pub(super) until: i64,
    pub states: Vec<State>,
    pub said: Vec<Said>,
    pub flows: Vec<Flows>,
    pub(super) worked_out: WorkedOut,
}

/// What was worked out once and is asked for often.
#[derive(Debug, Default)]
pub struct WorkedOut {
    pub column_links: OnceCell<Vec<Link>>,
    pub links: OnceCell<Vec<Link>>,
    pub forgets: OnceCell<BTreeSet<Forgets>>,
    pub current: OnceCell<BTreeSet<Edge>>,
    /// By dataset: what its data may ever have come to, and when at the earliest.
    pub reached: RefCell<BTreeMap<usize, BTreeMap<Node, i64>>>,
}

impl Moment<'_> {
    pub fn known(&self) -> &Known {
        &self.oracle.known
    }

    pub fn say(&self, rule: Rule) -> bool {
        self.oracle.known.rules.say(rule)
    }

    pub fn run(&self, run: usize) -> &Run {
        &self.oracle.runs.all[run]
    }

    /// The runs that have spoken, with when they began and ended (or that they go on). What a run
    /// names after its end it may have touched until then.
    pub fn begun(&self) -> impl Iterator<Item = (usize, i64, i64)> {
        self.states.iter().enumerate().filter_map(|(run, state)| {
            let own = self.run(run).events.iter().map(|event| self.known().events[*event].at);
            let last = own.filter(|at| *at <= self.until).max()?;
            Some((run, state.began?, state.ended.unwrap_or(END).max(last)))
        })
    }

    /// When a run ended, or now.
    pub fn end(&self, run: usize) -> i64 {
        self.states[run].ended.unwrap_or(self.at).min(self.at)
    }

    /// When what a run named at some time was written well.
    pub fn completed(&self, run: usize, named: i64) -> Option<i64> {
        self.oracle.runs.completed(self.known(), run, named, self.until)
    }

    /// The dataset that an input means.
    pub fn input(&self, run: usize, name: &Name, first: i64) -> Option<usize> {
        let (at, before) =
            if self.say(Rule::InputAtFirst) { (first, true) } else { (self.end(run), false) };
        let place = self.oracle.links.place(name, at);
        self.oracle.names.dataset(&place, at, before)
    }

    /// When an output counts as written: when it was completed, else when the run ended, else now.
    pub fn written(&self, run: usize, first: i64) -> i64 {
        let end = if self.say(Rule::OutputAtEnd) { self.end(run) } else { first };
        self.completed(run, first).filter(|_| end != first).unwrap_or(end)
    }

    /// The dataset that an output means.
    pub fn output(&self, run: usize, name: &Name, first: i64) -> Option<usize> {
        let at = self.written(run, first);
        self.oracle.names.dataset(&self.oracle.links.place(name, at), at, false)
    }

    /// What a dataset is called now, with a number if it is no longer what the name holds.
    pub fn label(&self, dataset: usize) -> String {
        let (place, nth) = self.oracle.names.shown(dataset, self.at);
        let live = self.oracle.names.live(place, self.at) == Some(dataset);
        if live { place.to_string() } else { format!("{place}~{nth}") }
    }

    /// The datasets that are asked for by a label.
    pub fn find(&self, label: &str) -> Option<usize> {
        let all = 0..self.oracle.names.datasets.len();
        all.clone().find(|dataset| self.label(*dataset) == label).or_else(|| {
            let (namespace, name) = label.split_once('|').unwrap_or(("n", label));
            let place = self.oracle.links.place(&Name::new(namespace, name), self.at);
            self.oracle.names.live(&place, self.at)
        })
    }

    /// Whether people deleted a dataset, under all its names.
    pub fn is_hidden(&self, dataset: usize) -> bool {
        let (place, _) = self.oracle.names.shown(dataset, self.at);
        let names = self.oracle.links.one_with(place, self.at);
        let named: BTreeSet<&Name> =
            names.iter().filter(|name| self.known().named.contains(name)).collect();
        !named.is_empty() && named.iter().all(|name| self.oracle.is_deleted(name, false))
    }
}
