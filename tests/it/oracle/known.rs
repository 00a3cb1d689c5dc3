//! All that was said, each thing once: what every other file starts from.

use std::collections::{BTreeMap, BTreeSet};

use super::log::{Edit, Entry, Name};
use super::read::{self, About, Change, Event, Kind, Mentioned, Source, Told};
use super::rule::Rules;
use super::time::{HOUR, MINUTE};

/// What may be configured, and what is kept exactly. Small ones are reached by small histories.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// After so long without a word a run is lost.
    pub lost: i64,
    /// So long between two runs of a job under one parent parts them, and closes after the last.
    pub apart: i64,
    /// The same rename told again within this time is one.
    pub twice: i64,
    /// Changes of a job and output that are exact for `holds`.
    pub changes: usize,
    /// Whether runs that follow one another and say the same are one interval for `holds`. What is
    /// answered lies between both: exact is never less, by changes never more.
    pub by_changes: bool,
    /// Intervals of a name that are told apart for `holds`.
    pub intervals: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            lost: 24 * HOUR,
            apart: 6 * HOUR,
            twice: 60 * MINUTE,
            changes: 64,
            by_changes: false,
            intervals: 32,
        }
    }
}

/// The accepted events, without repetitions and in the order of their times, and the edits.
#[derive(Debug)]
pub struct Known {
    pub rules: Rules,
    pub bounds: Bounds,
    pub events: Vec<Event>,
    /// Place in the log, stamp, edit.
    pub edits: Vec<(usize, i64, Edit)>,
    /// Names that an event uses otherwise than as the source of a column.
    pub named: BTreeSet<Name>,
}

impl Known {
    pub fn new(log: &[Entry], bounds: Bounds, rules: Rules) -> Self {
        let mut once: BTreeMap<(i64, u64), Event> = BTreeMap::new();
        let mut edits = Vec::new();
        for (place, entry) in log.iter().enumerate() {
            match entry {
                Entry::Event { text, author, received } => {
                    let Some(event) = read::event(text, author, *received, place) else { continue };
                    let known = once.entry((event.at, event.digest)).or_insert(event);
                    known.place = place;
                    known.received = known.received.min(*received);
                }
                Entry::Edit { edit, at } => edits.push((place, *at, edit.clone())),
            }
        }
        let mut events: Vec<Event> = once.into_values().collect();
        events.sort_by_key(|event| (event.at, rank(event), event.digest));
        let named = events.iter().flat_map(names_of).collect();
        Self { rules, bounds, events, edits, named }
    }
}

/// Within one instant a run starts before it ends.
fn rank(event: &Event) -> Kind {
    match event.about {
        About::Run { kind: Some(kind), .. } => kind,
        _ => Kind::Running,
    }
}

/// All datasets that an event speaks of as such.
pub fn mentions(event: &Event) -> impl Iterator<Item = &Mentioned> {
    event.inputs.iter().flatten().chain(event.outputs.iter().flatten()).chain(&event.dataset)
}

fn names_of(event: &Event) -> Vec<Name> {
    let mut names = Vec::new();
    let mut stated = Vec::new();
    for one in mentions(event) {
        names.push(one.name.clone());
        if let Some(Told::Is(others)) = &one.symlinks {
            names.extend(others.iter().map(|(name, _)| name.clone()));
        }
        if let Some(Change::Rename(old)) = &one.change {
            names.push(old.clone());
        }
        stated.extend(&one.lineage);
    }
    for told in stated.into_iter().chain(&event.explicit) {
        let Told::Is(entries) = told else { continue };
        let ends = entries.iter().flat_map(|entry| entry.sources.iter().chain([&entry.target]));
        names.extend(ends.filter_map(|end| match end {
            Source::Dataset(name, _) => Some(name.clone()),
            Source::Job(_) => None,
        }));
    }
    names
}
