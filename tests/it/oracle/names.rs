//! Names in time (point 6): a name is a place in which datasets follow one another.

use std::collections::{BTreeMap, BTreeSet};

use super::known::{Known, mentions};
use super::log::{Edit, Name};
use super::read::{About, Change, Source, Told, digest};
use super::rule::Rule;
use super::runs::Runs;
use super::statements::{Output, Said, meant, of_run};
use super::symlinks::Symlinks;
use super::time::{BEGINNING, END};

/// What a place holds from some time on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    Live(usize),
    /// Nothing any more: what was there was dropped (none: nothing was ever named there).
    Dropped(Option<usize>, i64),
    /// Nothing any more: what was there bears another name.
    Freed(usize),
}

/// Why a dataset ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Dropped,
    /// Another was renamed onto its name.
    Displaced,
}

/// A dataset: a chain of names and intervals.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// Place, from when, until when, and which one of that place it is.
    pub chain: Vec<(Name, i64, i64, usize)>,
    pub ended: Option<(i64, Ended)>,
}

/// What happens to a place, in the order in which things of one instant count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Mention,
    Change(u64, Change),
    Write,
}

/// A tag that people put on a name (true) or took off.
type Given<'a> = (Name, &'a String, bool);

/// All names and what they held when.
#[derive(Debug, Default)]
pub struct Names {
    pub datasets: Vec<Dataset>,
    /// By place: from when, whether a mention found it so, what it holds.
    slots: BTreeMap<Name, Vec<(i64, bool, Slot)>>,
    /// Renames that counted: when, from where, to where.
    renames: Vec<(i64, Name, Name)>,
}

impl Names {
    pub fn new(known: &Known, runs: &Runs, links: &Symlinks) -> Self {
        let mut acts: Vec<(i64, Act, Name)> = Vec::new();
        acts.extend(mentioned(known, runs, links));
        acts.extend(written(known, runs, links));
        acts.extend(changed(known, runs, links));
        acts.sort();
        acts.dedup();
        let mut names = Self::default();
        let mut told: BTreeMap<(Name, Name), i64> = BTreeMap::new();
        for (at, act, place) in acts {
            match act {
                Act::Mention => names.mention(known, &place, at),
                Act::Write => names.write(known, &place, at),
                Act::Change(_, Change::Rename(old)) => {
                    let old = links.place(&old, at);
                    let last = told.get(&(old.clone(), place.clone()));
                    let again = last.is_some_and(|last| at - last <= known.bounds.twice);
                    if !(again && known.rules.say(Rule::TwiceIsOnce)) {
                        told.insert((old.clone(), place.clone()), at);
                        names.rename(known, &old, &place, at);
                    }
                }
                Act::Change(_, Change::Drop) => names.drop(known, &place, at),
                Act::Change(_, Change::Create) => names.create(known, &place, at),
                Act::Change(..) => {}
            }
        }
        names
    }

    fn slot(&self, place: &Name) -> Option<Slot> {
        self.slots.get(place).and_then(|slots| slots.last()).map(|(.., slot)| *slot)
    }

    fn put(&mut self, place: &Name, at: i64, by_mention: bool, slot: Slot) {
        self.slots.entry(place.clone()).or_default().push((at, by_mention, slot));
    }

    fn begin(&mut self, place: &Name, at: i64, by_mention: bool) -> usize {
        let dataset = self.datasets.len();
        let nth = self.nth(place);
        self.datasets.push(Dataset { chain: vec![(place.clone(), at, END, nth)], ended: None });
        self.put(place, at, by_mention, Slot::Live(dataset));
        dataset
    }

    fn nth(&self, place: &Name) -> usize {
        let here = |dataset: &&Dataset| dataset.chain.iter().any(|(name, ..)| name == place);
        self.datasets.iter().filter(here).count() + 1
    }

    fn end(&mut self, dataset: usize, at: i64, how: Ended) {
        self.datasets[dataset].ended = Some((at, how));
        if let Some(last) = self.datasets[dataset].chain.last_mut() {
            last.2 = at;
        }
    }

    fn mention(&mut self, known: &Known, place: &Name, at: i64) {
        match self.slot(place) {
            None => _ = self.begin(place, BEGINNING, true),
            Some(Slot::Freed(old)) => {
                if known.rules.say(Rule::FreedBegins) {
                    self.begin(place, at, true);
                } else {
                    self.put(place, at, true, Slot::Live(old));
                }
            }
            Some(Slot::Dropped(dataset, dropped)) => {
                if !known.rules.say(Rule::DroppedIsRead) {
                    self.begin(place, at, true);
                } else if dataset.is_none() {
                    let dataset = self.begin(place, BEGINNING, true);
                    self.end(dataset, dropped, Ended::Dropped);
                    self.put(place, at, true, Slot::Dropped(Some(dataset), dropped));
                }
            }
            Some(Slot::Live(_)) => {}
        }
    }

    fn write(&mut self, known: &Known, place: &Name, at: i64) {
        match self.slot(place) {
            None => _ = self.begin(place, BEGINNING, true),
            Some(Slot::Freed(_)) => _ = self.begin(place, at, false),
            Some(Slot::Dropped(..)) if known.rules.say(Rule::WriteBegins) => {
                self.begin(place, at, false);
            }
            _ => {}
        }
    }

    fn create(&mut self, known: &Known, place: &Name, at: i64) {
        match self.slot(place) {
            Some(Slot::Live(dataset)) => {
                if !known.rules.say(Rule::CreateOnLive) {
                    self.end(dataset, at, Ended::Displaced);
                    self.begin(place, at, false);
                }
            }
            None => _ = self.begin(place, BEGINNING, true),
            Some(_) => _ = self.begin(place, at, false),
        }
    }

    fn drop(&mut self, known: &Known, place: &Name, at: i64) {
        match self.slot(place) {
            Some(Slot::Live(dataset)) if known.rules.say(Rule::DropEnds) => {
                self.end(dataset, at, Ended::Dropped);
                self.put(place, at, false, Slot::Dropped(Some(dataset), at));
            }
            None => {
                if !known.rules.say(Rule::DropOfNothing) {
                    let dataset = self.begin(place, BEGINNING, true);
                    self.end(dataset, at, Ended::Dropped);
                }
                self.put(place, at, false, Slot::Dropped(None, at));
            }
            _ => {}
        }
    }

    fn rename(&mut self, known: &Known, old: &Name, new: &Name, at: i64) {
        if old == new {
            return;
        }
        let moved = match self.slot(old) {
            None => self.begin(old, BEGINNING, true),
            Some(Slot::Live(dataset)) => dataset,
            // What holds nothing moves nothing.
            Some(_) => return,
        };
        if !known.rules.say(Rule::RenameMoves) {
            return;
        }
        if let Some(Slot::Live(there)) = self.slot(new)
            && known.rules.say(Rule::RenameOnto)
        {
            self.end(there, at, Ended::Displaced);
        }
        if let Some(last) = self.datasets[moved].chain.last_mut() {
            last.2 = at;
        }
        let nth = self.nth(new);
        self.datasets[moved].chain.push((new.clone(), at, END, nth));
        self.put(new, at, false, Slot::Live(moved));
        if known.rules.say(Rule::RenameFrees) {
            self.put(old, at, false, Slot::Freed(moved));
        }
        self.renames.push((at, old.clone(), new.clone()));
    }

    /// What a place holds at some time. `before`: what it held when something first spoke of it
    /// then, else after all that happened then.
    pub fn at(&self, place: &Name, at: i64, before: bool) -> Option<Slot> {
        let slots = self.slots.get(place)?;
        let until =
            |slot: &&(i64, bool, Slot)| slot.0 < at || (slot.0 == at && (!before || slot.1));
        slots.iter().rev().find(until).or(slots.first()).map(|(.., slot)| *slot)
    }

    /// The dataset that a place means at some time.
    pub fn dataset(&self, place: &Name, at: i64, before: bool) -> Option<usize> {
        match self.at(place, at, before)? {
            Slot::Live(dataset) | Slot::Freed(dataset) => Some(dataset),
            Slot::Dropped(dataset, _) => dataset,
        }
    }

    /// The live dataset that a place holds at some time.
    pub fn live(&self, place: &Name, at: i64) -> Option<usize> {
        match self.at(place, at, false)? {
            Slot::Live(dataset) => Some(dataset),
            _ => None,
        }
    }

    /// Whether a dataset has ended by some time.
    pub fn ended(&self, dataset: usize, at: i64) -> Option<(i64, Ended)> {
        self.datasets[dataset].ended.filter(|(ended, _)| *ended <= at)
    }

    /// The place that a dataset is shown under at some time, and which one of it it is.
    pub fn shown(&self, dataset: usize, at: i64) -> (&Name, usize) {
        let chain = &self.datasets[dataset].chain;
        let begun = chain.iter().rev().find(|(_, from, ..)| *from <= at).unwrap_or(&chain[0]);
        (&begun.0, begun.3)
    }

    /// Those of a place that are told apart no longer, the oldest of those that are among them.
    pub fn merged(&self, known: &Known) -> Vec<BTreeSet<usize>> {
        let mut by_place: BTreeMap<&Name, Vec<(usize, usize)>> = BTreeMap::new();
        for (dataset, its) in self.datasets.iter().enumerate() {
            for (place, .., nth) in &its.chain {
                by_place.entry(place).or_default().push((*nth, dataset));
            }
        }
        let many = by_place.into_values().filter(|all| all.len() > known.bounds.intervals);
        let many = many.filter(|_| known.rules.say(Rule::ManyIntervals));
        many.map(|mut all| {
            all.sort_unstable();
            let old = all.len() - known.bounds.intervals;
            all.into_iter().take(old).map(|(_, dataset)| dataset).collect()
        })
        .collect()
    }

    /// The tags that people gave a name: they belong to it and follow what is renamed.
    pub fn tags(&self, known: &Known, links: &Symlinks, name: &Name, at: i64) -> BTreeSet<String> {
        let mut tags: BTreeMap<Name, BTreeSet<String>> = BTreeMap::new();
        let edits = known.edits.iter().filter_map(|(_, when, edit)| match edit {
            Edit::Tag(name, tag, on) if *when <= at => {
                Some((*when, links.place(name, at), tag, *on))
            }
            _ => None,
        });
        let mut steps: Vec<(i64, usize, Option<Given<'_>>)> = Vec::new();
        steps.extend(edits.map(|(when, place, tag, on)| (when, 0, Some((place, tag, on)))));
        let renames = self.renames.iter().enumerate().filter(|(_, (when, ..))| *when <= at);
        steps.extend(renames.map(|(nth, (when, ..))| (*when, nth, None)));
        steps.sort_by_key(|step| step.0);
        for (_, nth, edit) in steps {
            match edit {
                Some((place, tag, true)) => _ = tags.entry(place).or_default().insert(tag.clone()),
                Some((place, tag, false)) => _ = tags.entry(place).or_default().remove(tag),
                None => {
                    let (_, old, new) = &self.renames[nth];
                    let given = tags.get(old).cloned().unwrap_or_default();
                    if !given.is_empty() && known.rules.say(Rule::TagsFollow) {
                        tags.entry(new.clone()).or_default().extend(given);
                    }
                }
            }
        }
        tags.remove(&links.place(name, at)).unwrap_or_default()
    }
}

/// Every place that is spoken of as data, and when.
fn mentioned(known: &Known, runs: &Runs, links: &Symlinks) -> Vec<(i64, Act, Name)> {
    let mut acts = Vec::new();
    for (_, at, edit) in &known.edits {
        if let Edit::Edge(from, to, true) = edit {
            let act = |name: &Name| (*at, Act::Mention, links.place(name, *at));
            acts.extend([from, to].map(act));
        }
    }
    let said: Vec<Said> = (0..runs.all.len()).map(|run| of_run(known, runs, run, END)).collect();
    for (index, event) in known.events.iter().enumerate() {
        let mut names: Vec<Name> = Vec::new();
        let said = runs.of_event.get(&index).map(|run| &said[*run]);
        for (nth, mention) in mentions(event).enumerate() {
            let is_input = nth < event.inputs.as_ref().map_or(0, Vec::len);
            let life_only = match said.and_then(|said| said.outputs.get(&mention.name)) {
                Some(output) => !is_input && !output.is_write(),
                None => mention.change.is_some(),
            };
            if !life_only {
                names.push(mention.name.clone());
            }
            if let Some(Told::Is(pairs)) = &mention.columns {
                let meant = |source: &Name| match said {
                    Some(said) => meant(known, said, &mention.name, source).0,
                    None => source.clone(),
                };
                names.extend(pairs.iter().map(|(_, source, _)| meant(source)));
            }
            names.extend(of_stated(mention.lineage.as_ref()));
        }
        names.extend(of_stated(event.explicit.as_ref()));
        let act = |name: Name| (event.at, Act::Mention, links.place(&name, event.at));
        acts.extend(names.into_iter().map(act));
    }
    acts
}

fn of_stated(told: Option<&Told<Vec<super::read::Stated>>>) -> Vec<Name> {
    let Some(Told::Is(entries)) = told else { return Vec::new() };
    let ends = entries.iter().flat_map(|entry| entry.sources.iter().chain([&entry.target]));
    let name = |end: &Source| match end {
        Source::Dataset(name, _) => Some(name.clone()),
        Source::Job(_) => None,
    };
    ends.filter_map(name).collect()
}

/// Every completed write.
fn written(known: &Known, runs: &Runs, links: &Symlinks) -> Vec<(i64, Act, Name)> {
    let mut acts = Vec::new();
    for run in 0..runs.all.len() {
        let said = of_run(known, runs, run, END);
        for (name, output) in said.outputs.iter().filter(|(_, output)| output.is_write()) {
            for at in runs.writes(known, run, output.first) {
                acts.push((at, Act::Write, links.place(name, at)));
            }
        }
    }
    acts
}

/// Every change of a dataset's life: once, at its run's COMPLETE; a declared one at its time.
fn changed(known: &Known, runs: &Runs, links: &Symlinks) -> Vec<(i64, Act, Name)> {
    let mut acts = Vec::new();
    let mut add = |at: i64, name: &Name, change: &Change| {
        let tie = digest(&format!("{name:?} {change:?}"));
        acts.push((at, Act::Change(tie, change.clone()), links.place(name, at)));
    };
    for (index, event) in known.events.iter().enumerate() {
        let run = runs.of_event.get(&index).copied();
        for mention in event.outputs.iter().flatten().chain(&event.dataset) {
            let Some(change) = &mention.change else { continue };
            let ends = match change {
                Change::Rename(old) => vec![&mention.name, old],
                _ => vec![&mention.name],
            };
            let counts = ends.iter().all(|name| event.author.counts(name));
            if !counts && known.rules.say(Rule::StrangerForgetsNothing) {
                continue;
            }
            match run {
                Some(run) => {
                    let done = runs.writes(known, run, event.at).first().copied();
                    if let Some(at) = done {
                        add(at, &mention.name, change);
                    } else if !known.rules.say(Rule::AtComplete) {
                        add(event.at, &mention.name, change);
                    }
                }
                None if event.about == About::Dataset => add(event.at, &mention.name, change),
                None => {}
            }
        }
    }
    acts
}

/// Whether an output's facets say that it was overwritten or emptied as a whole.
pub fn empties(known: &Known, output: &Output) -> Option<(Change, Rule)> {
    let has = |change: Change| output.changes.contains(&change).then_some(change);
    let what = [
        has(Change::Overwrite).map(|change| (change, Rule::OverwriteForgets)),
        has(Change::Truncate).map(|change| (change, Rule::TruncateForgets)),
        has(Change::Drop).map(|change| (change, Rule::DropForgets)),
    ]
    .into_iter()
    .flatten()
    .next()?;
    let whole = !(output.partial && known.rules.say(Rule::PartForgetsNothing));
    let counts = output.counts;
    (whole && counts).then_some(what)
}
