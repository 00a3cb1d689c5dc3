//! What a run says (point 1) and what was declared, and which flows follow from it (point 8).

use std::collections::{BTreeMap, BTreeSet};

use super::known::Known;
use super::log::Name;
use super::read::{About, Change, Event, Mentioned, Source, Stated, Told};
use super::rule::Rule;
use super::runs::{Runs, naming};

/// What is said of one output.
#[derive(Debug, Clone, Default)]
pub struct Output {
    /// When it was first named.
    pub first: i64,
    pub changes: BTreeSet<Change>,
    /// Only a part of it is written.
    pub partial: bool,
    /// Somebody who is no stranger there says so.
    pub counts: bool,
    pub schema: Vec<String>,
    /// It came with column lineage that says nothing.
    pub silent: bool,
    /// Column (none: all), source and its column; and when that was first said.
    pub columns: BTreeMap<(Option<String>, Name, String), i64>,
}

impl Output {
    /// Whether data was written, not only the table's life changed.
    pub fn is_write(&self) -> bool {
        self.changes.is_empty()
            || self.changes.iter().any(|c| matches!(c, Change::Create | Change::Overwrite))
    }
}

/// One statement: the union of what its events say.
#[derive(Debug, Clone, Default)]
pub struct Said {
    pub inputs: BTreeMap<Name, i64>,
    pub outputs: BTreeMap<Name, Output>,
    /// Explicit entries, and when each was first said.
    pub stated: BTreeMap<Stated, i64>,
}

impl Said {
    pub fn is_empty(&self) -> bool {
        self.inputs.is_empty() && self.outputs.is_empty() && self.stated.is_empty()
    }

    /// The datasets that it reads, under whatever member that is said.
    pub fn reads(&self) -> BTreeSet<Name> {
        let mut all: BTreeSet<Name> = self.inputs.keys().cloned().collect();
        for source in self.stated.keys().flat_map(|entry| &entry.sources) {
            if let Source::Dataset(name, _) = source {
                all.insert(name.clone());
            }
        }
        all
    }

    /// The datasets that it writes.
    pub fn writes(&self) -> BTreeSet<Name> {
        let stated = self.stated.keys().filter_map(|entry| match &entry.target {
            Source::Dataset(name, _) => Some(name.clone()),
            Source::Job(_) => None,
        });
        self.outputs.keys().cloned().chain(stated).collect()
    }
}

/// How a flow is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    Stated,
    Columns,
    Inferred,
}

/// One end of a flow: a dataset with when it was first named, or a job.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    Dataset(Name, i64),
    Job(Name),
}

/// Something flows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flow {
    pub from: End,
    pub to: End,
    pub from_field: Option<String>,
    pub to_field: Option<String>,
    pub how: How,
    /// The source is a bare name that nothing else names.
    pub unresolved: bool,
    /// The column's sources are not known: it may be any column of the source.
    pub unknown: bool,
}

/// What flows by one statement.
#[derive(Debug, Clone, Default)]
pub struct Flows {
    pub all: Vec<Flow>,
    /// Inputs that the job as a whole consumes, outputs that it as a whole produces.
    pub consumed: BTreeMap<Name, i64>,
    pub produced: BTreeMap<Name, i64>,
}

/// What a run said until some time.
pub fn of_run(known: &Known, runs: &Runs, run: usize, at: i64) -> Said {
    let mut said = Said::default();
    let own = runs.all[run].events.iter().filter(|event| known.events[**event].at <= at);
    let own: Vec<&usize> = own.collect();
    for event in &own {
        add(known, &mut said, &known.events[**event]);
    }
    let last = own.iter().rev().find(|event| speaks(&known.events[***event]));
    let parts = own.iter().filter(|event| speaks(&known.events[***event])).count();
    if let Some(last) = last
        && parts > 1
        && !known.rules.say(Rule::EventsAddUp)
    {
        said = Said::default();
        add(known, &mut said, &known.events[**last]);
    }
    let others = runs.all.iter().enumerate().filter(|(other, its)| {
        *other != run && its.job == runs.all[run].job && !its.events.is_empty()
    });
    let others: Vec<usize> = others.map(|(other, _)| other).collect();
    if !others.is_empty() && !said.outputs.is_empty() && !known.rules.say(Rule::PairsOfOneRun) {
        for event in others.iter().flat_map(|other| &runs.all[*other].events) {
            let event = &known.events[*event];
            for input in event.inputs.iter().flatten().filter(|_| event.at <= at) {
                said.inputs.entry(input.name.clone()).or_insert(event.at);
            }
        }
    }
    said
}

fn speaks(event: &Event) -> bool {
    let some = |side: &Option<Vec<Mentioned>>| side.as_ref().is_some_and(|all| !all.is_empty());
    some(&event.inputs) || some(&event.outputs) || event.explicit.is_some()
}

fn add(known: &Known, said: &mut Said, event: &Event) {
    for input in event.inputs.iter().flatten() {
        said.inputs.entry(input.name.clone()).or_insert(event.at);
    }
    for output in event.outputs.iter().flatten() {
        add_output(known, said, event, output);
    }
    match &event.explicit {
        Some(Told::Is(entries)) => {
            for entry in entries {
                said.stated.entry(entry.clone()).or_insert(event.at);
            }
        }
        Some(Told::Deleted) => said.stated.clear(),
        None => {}
    }
}

fn add_output(known: &Known, said: &mut Said, event: &Event, output: &Mentioned) {
    let new = Output { first: event.at, ..Output::default() };
    let kept = said.outputs.entry(output.name.clone()).or_insert(new);
    let counts = event.author.counts(&output.name);
    kept.counts |= counts || !known.rules.say(Rule::StrangerForgetsNothing);
    kept.partial |= output.partial;
    kept.silent |= output.silent;
    kept.changes.extend(output.change.clone());
    if let Some(schema) = &output.schema {
        kept.schema.clone_from(schema);
    }
    match &output.columns {
        Some(Told::Is(pairs)) => {
            for pair in pairs {
                kept.columns.entry(pair.clone()).or_insert(event.at);
            }
        }
        Some(Told::Deleted) => kept.columns.clear(),
        None => {}
    }
}

/// Whoever declares: an author, and the job or dataset that it is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Declarer {
    pub author: String,
    pub job: Option<Name>,
    pub dataset: Option<Name>,
}

/// All who ever declared, with the times at which they did.
pub fn declarers(known: &Known) -> BTreeMap<Declarer, BTreeSet<i64>> {
    let mut all: BTreeMap<Declarer, BTreeSet<i64>> = BTreeMap::new();
    for event in &known.events {
        if let Some(declarer) = declarer(known, event) {
            all.entry(declarer).or_default().insert(event.at);
        }
    }
    all
}

fn declarer(known: &Known, event: &Event) -> Option<Declarer> {
    let author = || {
        let apart = known.rules.say(Rule::AuthorsApart);
        if apart { event.author.name.clone() } else { String::new() }
    };
    match (&event.about, &event.job, &event.dataset) {
        (About::Job, Some(job), _) => {
            let job = Name::new(&job.namespace, &naming(&job.name, None).0);
            Some(Declarer { author: author(), job: Some(job), dataset: None })
        }
        (About::Dataset, _, Some(dataset)) if declares(dataset) => {
            Some(Declarer { author: author(), job: None, dataset: Some(dataset.name.clone()) })
        }
        _ => None,
    }
}

fn declares(dataset: &Mentioned) -> bool {
    dataset.lineage.is_some() || dataset.columns.is_some()
}

/// What stands of a declaration at some time: of each member what was said last.
pub fn declared(known: &Known, of: &Declarer, at: i64) -> Said {
    let own = |event: &&Event| event.at <= at && declarer(known, event).as_ref() == Some(of);
    let events: Vec<&Event> = known.events.iter().filter(own).collect();
    let mut said = Said::default();
    if events.len() > 1 && !known.rules.say(Rule::DeclarationReplaced) {
        events.iter().for_each(|event| add(known, &mut said, event));
        return said;
    }
    let newest = |has: &dyn Fn(&Event) -> bool| {
        let last = events.iter().rev().find(|event| has(event)).copied();
        let whole = last.is_none_or(|last| events.last().is_some_and(|e| e.digest == last.digest));
        last.filter(|_| whole || known.rules.say(Rule::MissingEndsNothing))
    };
    if let Some(event) = newest(&|event| event.inputs.is_some()) {
        let inputs = event.inputs.iter().flatten();
        said.inputs = inputs.map(|input| (input.name.clone(), event.at)).collect();
    }
    if let Some(event) = newest(&|event| event.outputs.is_some()) {
        for output in event.outputs.iter().flatten() {
            add_output(known, &mut said, event, output);
        }
    }
    if let Some(event) = newest(&|event| event.explicit.is_some())
        && let Some(Told::Is(entries)) = &event.explicit
    {
        said.stated = entries.iter().map(|entry| (entry.clone(), event.at)).collect();
    }
    let of_dataset = |event: &Event| event.dataset.clone();
    if let Some(event) = newest(&|event| of_dataset(event).is_some_and(|d| d.lineage.is_some()))
        && let Some(Told::Is(entries)) = event.dataset.as_ref().and_then(|d| d.lineage.as_ref())
    {
        said.stated = entries.iter().map(|entry| (entry.clone(), event.at)).collect();
    }
    if let Some(event) = newest(&|event| of_dataset(event).is_some_and(|d| d.columns.is_some()))
        && let Some(dataset) = &event.dataset
    {
        add_output(known, &mut said, event, dataset);
    }
    said
}

/// What flows by a statement of a job (none: of a dataset). Explicit entries come first, then
/// column lineage, then inputs × outputs, each output for itself.
pub fn flows(known: &Known, said: &Said, job: Option<&Name>) -> Flows {
    let mut flows = Flows::default();
    let mut covered: BTreeSet<Name> = BTreeSet::new();
    let mut used: BTreeSet<Name> = BTreeSet::new();
    for (entry, at) in &said.stated {
        if let Source::Dataset(name, _) = &entry.target {
            covered.insert(name.clone());
            used.extend(entry.sources.iter().filter_map(|source| match source {
                Source::Dataset(name, _) => Some(name.clone()),
                Source::Job(_) => None,
            }));
        }
        flows.all.extend(entry.sources.iter().map(|source| stated(said, entry, source, *at)));
    }
    let free = |name: &Name| !used.contains(name);
    flows.consumed.extend(said.inputs.iter().filter(|(name, _)| free(name)).map(own));
    for (name, output) in &said.outputs {
        if covered.contains(name) && known.rules.say(Rule::ExplicitFirst) {
            continue;
        }
        let mut named = BTreeSet::new();
        column_flows(known, said, (name, output), &mut named, &mut flows.all);
        if job.is_none() {
            continue;
        }
        flows.produced.insert(name.clone(), output.first);
        for (input, at) in said.inputs.iter().filter(|(input, _)| free(input)) {
            if named.contains(input) {
                continue;
            }
            let silenced = if output.columns.is_empty() {
                output.silent && !known.rules.say(Rule::SaysNothing)
            } else {
                !known.rules.say(Rule::PartlyCovered)
            };
            if silenced {
                continue;
            }
            flows.all.push(inferred(input, *at, name, output.first));
        }
    }
    flows.all.sort();
    flows.all.dedup();
    flows
}

fn own((name, at): (&Name, &i64)) -> (Name, i64) {
    (name.clone(), *at)
}

fn stated(said: &Said, entry: &Stated, source: &Source, at: i64) -> Flow {
    let end = |one: &Source, reads: bool| match one {
        Source::Dataset(name, field) => {
            let known = if reads {
                said.inputs.get(name).copied()
            } else {
                said.outputs.get(name).map(|output| output.first)
            };
            (End::Dataset(name.clone(), known.map_or(at, |first| first.min(at))), field.clone())
        }
        Source::Job(name) => (End::Job(name.clone()), None),
    };
    let ((from, from_field), (to, to_field)) = (end(source, true), end(&entry.target, false));
    let how = How::Stated;
    Flow { from, to, from_field, to_field, how, unresolved: false, unknown: false }
}

fn inferred(input: &Name, at: i64, output: &Name, first: i64) -> Flow {
    Flow {
        from: End::Dataset(input.clone(), at),
        to: End::Dataset(output.clone(), first),
        from_field: None,
        to_field: None,
        how: How::Inferred,
        unresolved: false,
        unknown: false,
    }
}

fn column_flows(
    known: &Known,
    said: &Said,
    (name, output): (&Name, &Output),
    named: &mut BTreeSet<Name>,
    flows: &mut Vec<Flow>,
) {
    let to = End::Dataset(name.clone(), output.first);
    for ((column, source, field), at) in &output.columns {
        let (source, unresolved) = meant(known, said, name, source);
        let first = said.inputs.get(&source).map_or(*at, |first| *first.min(at));
        named.insert(source.clone());
        flows.push(Flow {
            from: End::Dataset(source, first),
            to: to.clone(),
            from_field: Some(field.clone()),
            to_field: column.clone(),
            how: How::Columns,
            unresolved,
            unknown: false,
        });
    }
    let has = |column: &String| output.columns.keys().any(|(of, ..)| of.as_ref() == Some(column));
    if output.columns.keys().all(|(of, ..)| of.is_none()) {
        return;
    }
    for column in output.schema.iter().filter(|column| !has(column)) {
        if known.rules.say(Rule::UnknownColumn) {
            flows.extend(said.inputs.iter().map(|(input, at)| Flow {
                to_field: Some(column.clone()),
                unknown: true,
                ..inferred(input, *at, name, output.first)
            }));
        }
    }
}

/// The dataset that a source of column lineage means, and whether that stays open.
pub fn meant(known: &Known, said: &Said, output: &Name, source: &Name) -> (Name, bool) {
    if said.inputs.contains_key(source) {
        return (source.clone(), false);
    }
    let below = |input: &&Name| {
        let rest = source.name.strip_prefix(input.name.trim_end_matches('/'));
        input.namespace == source.namespace && rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let table = said.inputs.keys().filter(below).max_by_key(|input| input.name.len());
    if let Some(table) = table
        && known.rules.say(Rule::PartitionsCount)
    {
        return (table.clone(), false);
    }
    let last = |input: &&Name| {
        input.namespace == source.namespace
            && input.name.rsplit(['.', '/']).next() == Some(source.name.as_str())
            && input.name != source.name
    };
    let mut parts = said.inputs.keys().filter(last);
    if let (Some(input), None) = (parts.next(), parts.next())
        && known.rules.say(Rule::LastPart)
    {
        return (input.clone(), false);
    }
    let bare = |name: &Name| !name.name.contains(['.', '/']);
    let open = bare(source) && !bare(output) && !known.named.contains(source);
    (source.clone(), open && known.rules.say(Rule::Unresolved))
}
