//! Which runs there are (point 2): known by id and job, with the states that follow.

use std::collections::{BTreeMap, BTreeSet};

use super::known::Known;
use super::log::Name;
use super::read::{About, Event, Kind, Parent};
use super::rule::Rule;
use super::time::END;

/// A run.
#[derive(Debug, Clone, Default)]
pub struct Run {
    pub id: String,
    /// Its job, the parent's name included.
    pub job: Option<Name>,
    /// Its own events, in the order of time; none if others only mention it.
    pub events: Vec<usize>,
    /// The run that started it.
    pub parent: Option<usize>,
    pub children: Vec<usize>,
    pub endless: bool,
}

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// Something spoke of it, but not of its state.
    New,
    Running,
    Completed,
    Failed,
    Aborted,
    Lost,
}

/// How a run stands at some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    pub word: Word,
    pub began: Option<i64>,
    pub ended: Option<i64>,
    /// Its children say so, not itself.
    pub inferred: bool,
}

impl State {
    pub fn is_live(&self) -> bool {
        self.began.is_some() && self.ended.is_none()
    }
}

/// What lies between a START and the next one that follows an end.
#[derive(Debug, Clone, Copy)]
pub struct Try {
    /// When the next one begins.
    pub until: i64,
    pub end: Option<(i64, Word)>,
}

/// All runs.
#[derive(Debug, Default)]
pub struct Runs {
    pub all: Vec<Run>,
    /// By event: its run.
    pub of_event: BTreeMap<usize, usize>,
}

/// A job's name under its parent's, and the parent's (ADR 5).
pub fn naming(given: &str, parent: Option<&str>) -> (String, Option<String>) {
    let parent = match parent {
        Some(parent) if parent == given => given.rsplit_once('.').map(|(before, _)| before),
        other => other,
    };
    let Some(parent) = parent.filter(|parent| !parent.is_empty()) else {
        return (given.to_owned(), None);
    };
    let below = given.strip_prefix(parent).and_then(|rest| rest.strip_prefix('.'));
    let named = below.is_some_and(|rest| !rest.is_empty());
    let name = if named { given.to_owned() } else { format!("{parent}.{given}") };
    (name, Some(parent.to_owned()))
}

fn run_part(event: &Event) -> Option<(&str, Option<Kind>, Option<&Parent>, &Name)> {
    match (&event.about, &event.job) {
        (About::Run { id, kind, parent }, Some(job)) => Some((id, *kind, parent.as_ref(), job)),
        _ => None,
    }
}

fn long_name(job: &Name, parent: Option<&Parent>) -> Name {
    let (name, _) = naming(&job.name, parent.map(|parent| parent.job.name.as_str()));
    Name::new(&job.namespace, &name)
}

type Groups = BTreeMap<(String, Name), Vec<usize>>;

impl Runs {
    pub fn new(known: &Known) -> Self {
        let mut groups = Groups::new();
        for (index, event) in known.events.iter().enumerate() {
            let Some((id, _, parent, job)) = run_part(event) else { continue };
            let mut key = (id.to_owned(), long_name(job, parent));
            let other = groups.keys().find(|(known, job)| known == id && *job != key.1);
            if let Some(other) = other.cloned()
                && !known.rules.say(Rule::RunsByJob)
            {
                key = other;
            }
            groups.entry(key).or_default().push(index);
        }
        join_names(known, &mut groups);
        let mut runs = Self::default();
        for ((id, job), mut events) in groups {
            events.sort_unstable();
            let run = runs.all.len();
            runs.of_event.extend(events.iter().map(|event| (*event, run)));
            let endless = events.iter().any(|e| known.events[*e].endless == Some(true));
            runs.all.push(Run { id, job: Some(job), events, endless, ..Run::default() });
        }
        runs.link_parents(known);
        runs
    }

    fn link_parents(&mut self, known: &Known) {
        for run in 0..self.all.len() {
            let newest = self.all[run].events.iter().rev().find_map(|event| {
                let (_, _, parent, job) = run_part(&known.events[*event])?;
                let parent = parent?;
                let (_, name) = naming(&job.name, Some(&parent.job.name));
                Some((parent.id.clone(), Name::new(&parent.job.namespace, &name?)))
            });
            let Some((id, job)) = newest else { continue };
            let parent = self.mentioned(known, &id, &job);
            if parent != run {
                self.all[run].parent = Some(parent);
                self.all[parent].children.push(run);
            }
        }
    }

    /// Finds the run that a mention means, or makes it.
    fn mentioned(&mut self, known: &Known, id: &str, job: &Name) -> usize {
        let same = |run: &Run| run.id == id && run.job.as_ref() == Some(job);
        if let Some(run) = self.all.iter().position(same) {
            return run;
        }
        let near = |(_, run): &(usize, &Run)| {
            let home = run.job.as_ref().map(|job| &job.namespace);
            run.id == id && home == Some(&job.namespace) && !run.events.is_empty()
        };
        let first = |(_, run): &(usize, &Run)| run.events.first().copied();
        if let Some((run, _)) = self.all.iter().enumerate().filter(near).min_by_key(first) {
            if !known.rules.say(Rule::OwnWordCounts) {
                self.all[run].job = Some(job.clone());
            }
            return run;
        }
        self.all.push(Run { id: id.to_owned(), job: Some(job.clone()), ..Run::default() });
        self.all.len() - 1
    }

    /// The tries of a run, as far as they are known at some time.
    pub fn tries(&self, known: &Known, run: usize, at: i64) -> Vec<Try> {
        let mut tries = Vec::new();
        let (mut complete, mut fail): (Option<i64>, Option<(i64, Word)>) = (None, None);
        let until = |index: &&usize| known.events[**index].at <= at;
        for event in self.all[run].events.iter().take_while(until) {
            let event = &known.events[*event];
            match run_part(event).and_then(|(_, kind, ..)| kind) {
                Some(Kind::Start)
                    if (complete.is_some() || fail.is_some())
                        && known.rules.say(Rule::StartReopens) =>
                {
                    tries.push(Try { until: event.at, end: end(complete, fail) });
                    (complete, fail) = (None, None);
                }
                Some(Kind::Complete) => {
                    if fail.is_none() || known.rules.say(Rule::FailStands) {
                        complete = Some(event.at);
                    } else {
                        (complete, fail) = (Some(event.at), None);
                    }
                }
                Some(kind @ (Kind::Fail | Kind::Abort)) => {
                    let word = if kind == Kind::Fail { Word::Failed } else { Word::Aborted };
                    if complete.is_none() || known.rules.say(Rule::FailCounts) {
                        fail = Some((event.at, word));
                    }
                }
                _ => {}
            }
        }
        tries.push(Try { until: END, end: end(complete, fail) });
        tries
    }

    /// How a run stands at some time, from what was said until then.
    pub fn state(&self, known: &Known, run: usize, at: i64) -> State {
        self.state_within(known, run, at, 8)
    }

    fn state_within(&self, known: &Known, run: usize, at: i64, depth: u8) -> State {
        let own = &self.all[run].events;
        let until: Vec<&Event> =
            own.iter().map(|event| &known.events[*event]).filter(|event| event.at <= at).collect();
        let kinds = |event: &&&Event| run_part(event).and_then(|(_, kind, ..)| kind).is_some();
        if until.iter().find(kinds).is_none() {
            let state = self.by_children(known, run, at, depth);
            let Some(first) = until.first().filter(|_| state.began.is_none()) else { return state };
            let lost = self.heard(known, run, at).saturating_add(known.bounds.lost);
            let ended = Some(lost).filter(|lost| *lost <= at);
            return State { began: Some(first.at), ended, ..state };
        }
        let is = |event: &&Event, wanted: fn(Kind) -> bool| {
            run_part(event).and_then(|(_, kind, ..)| kind).is_some_and(wanted)
        };
        // Its first START; but a run that ended before that began before that.
        let first = until.iter().find(|event| is(event, |kind| kind != Kind::Running));
        let start = first.filter(|event| is(event, |kind| kind == Kind::Start));
        let began = start.or(until.first()).map(|event| event.at);
        let end = self.tries(known, run, at).last().and_then(|last| last.end);
        if let Some((ended, word)) = end {
            return State { word, began, ended: Some(ended), inferred: false };
        }
        let lost = self.heard(known, run, at).saturating_add(known.bounds.lost);
        if lost <= at && known.rules.say(Rule::Lost) {
            return State { word: Word::Lost, began, ended: Some(lost), inferred: false };
        }
        State { word: Word::Running, began, ended: None, inferred: false }
    }

    /// When it was last heard of: by its own events and those of its children, the later of
    /// when it happened and when it came in.
    fn heard(&self, known: &Known, run: usize, at: i64) -> i64 {
        let of_children = self.all[run].children.iter().flat_map(|child| &self.all[*child].events);
        let events = self.all[run].events.iter().chain(of_children).map(|e| &known.events[*e]);
        let heard = events.filter(|event| event.at <= at).map(|e| e.at.max(e.received.min(at)));
        heard.max().unwrap_or(at)
    }

    /// How a silent run stands by its children.
    fn by_children(&self, known: &Known, run: usize, at: i64, depth: u8) -> State {
        let new = State { word: Word::New, began: None, ended: None, inferred: false };
        let Some(depth) = depth.checked_sub(1) else { return new };
        let children: Vec<(usize, State)> = self.all[run]
            .children
            .iter()
            .map(|child| (*child, self.state_within(known, *child, at, depth)))
            .filter(|(_, state)| state.began.is_some())
            .collect();
        let Some(began) = children.iter().filter_map(|(_, state)| state.began).min() else {
            return new;
        };
        let began = Some(began);
        let live = children.iter().any(|(_, state)| state.is_live());
        if live && known.rules.say(Rule::ParentRuns) {
            return State { word: Word::Running, began, ended: None, inferred: true };
        }
        let ended = children.iter().filter_map(|(_, state)| state.ended).max();
        let mended = |child: usize, state: &State| {
            let later = |(other, its): &(usize, State)| {
                self.all[*other].job == self.all[child].job
                    && its.word == Word::Completed
                    && its.began >= state.ended
            };
            children.iter().any(later) && known.rules.say(Rule::RetryMends)
        };
        let left = |word: Word| {
            children.iter().any(|(child, state)| state.word == word && !mended(*child, state))
        };
        let bad = [Word::Failed, Word::Aborted, Word::Lost].into_iter().find(|word| left(*word));
        let word = match bad {
            Some(bad) if known.rules.say(Rule::ParentFailed) => bad,
            _ => Word::Completed,
        };
        State { word, began, ended, inferred: true }
    }

    /// When what the run named by some time was last written well, as is known at some time.
    pub fn completed(&self, known: &Known, run: usize, named: i64, at: i64) -> Option<i64> {
        let tries = self.tries(known, run, at);
        let well = |tried: &Try| match tried.end {
            Some((end, Word::Completed)) if named < tried.until => Some(end.max(named)),
            _ => None,
        };
        let last = tries.iter().rev().find_map(well);
        let is_last = tries.last().and_then(well).is_some();
        last.filter(|_| is_last || known.rules.say(Rule::WriteStaysCompleted))
    }

    /// When a run's last word was: its end, or its newest event.
    pub fn last_word(&self, known: &Known, run: usize) -> i64 {
        let end = self.tries(known, run, END).last().and_then(|last| last.end);
        let newest = self.all[run].events.last().map(|event| known.events[*event].at);
        end.map(|(at, _)| at).or(newest).unwrap_or_default()
    }

    /// Every time at which what was named then was written well.
    pub fn writes(&self, known: &Known, run: usize, named: i64) -> Vec<i64> {
        let well = |tried: Try| match tried.end {
            Some((end, Word::Completed)) if named < tried.until => Some(end.max(named)),
            _ => None,
        };
        self.tries(known, run, END).into_iter().filter_map(well).collect()
    }

    /// The runs of an id, the earliest first.
    pub fn of_id(&self, id: &str) -> Vec<usize> {
        let mut found: Vec<usize> = (0..self.all.len()).filter(|r| self.all[*r].id == id).collect();
        found.sort_by_key(|run| self.all[*run].events.first().copied().unwrap_or(usize::MAX));
        found
    }
}

fn end(complete: Option<i64>, fail: Option<(i64, Word)>) -> Option<(i64, Word)> {
    fail.or(complete.map(|at| (at, Word::Completed)))
}

/// Two names of one id are one run only if one began and never ended, the other ended and never
/// began, in one namespace and by one author; and if there is no choice between several.
fn join_names(known: &Known, groups: &mut Groups) {
    let has = |events: &[usize], test: fn(Kind) -> bool| {
        let kind = |event: &usize| run_part(&known.events[*event]).and_then(|(_, kind, ..)| kind);
        events.iter().filter_map(kind).any(test)
    };
    let starts = |events: &[usize]| has(events, |kind| kind == Kind::Start);
    let ends = |events: &[usize]| has(events, |kind| kind >= Kind::Complete);
    let places: BTreeSet<(String, String)> =
        groups.keys().map(|(id, job)| (id.clone(), job.namespace.clone())).collect();
    for (id, namespace) in places {
        let of = |wanted: &dyn Fn(&[usize]) -> bool| -> Vec<Name> {
            let here = groups.iter().filter(|((known, job), events)| {
                *known == id && job.namespace == namespace && wanted(events)
            });
            here.map(|((_, job), _)| job.clone()).collect()
        };
        let open = of(&|events| starts(events) && !ends(events));
        let shut = of(&|events| ends(events) && !starts(events));
        let ([open], [shut]) = (open.as_slice(), shut.as_slice()) else { continue };
        let (open, shut) = ((id.clone(), open.clone()), (id.clone(), shut.clone()));
        let both: Vec<usize> = groups[&open].iter().chain(&groups[&shut]).copied().collect();
        let authors: BTreeSet<&String> =
            both.iter().map(|event| &known.events[*event].author.name).collect();
        if authors.len() != 1 || !known.rules.say(Rule::OneRunTwoNames) {
            continue;
        }
        let name = joined_name(known, &groups[&open], &groups[&shut]);
        groups.remove(&open);
        groups.remove(&shut);
        groups.entry((id, name)).or_default().extend(both);
    }
}

fn joined_name(known: &Known, open: &[usize], shut: &[usize]) -> Name {
    let newest = |events: &[usize]| events.iter().max().copied().unwrap_or_default();
    let parent = |events: &[usize]| {
        let mut sorted = events.to_vec();
        sorted.sort_unstable();
        sorted.iter().rev().find_map(|event| run_part(&known.events[*event])?.2.cloned())
    };
    let named = if known.rules.say(Rule::EndedNameWins) { shut } else { open };
    let parent = parent(shut).or_else(|| parent(open));
    match &known.events[newest(named)].job {
        Some(job) => long_name(job, parent.as_ref()),
        None => Name::new("", ""),
    }
}
