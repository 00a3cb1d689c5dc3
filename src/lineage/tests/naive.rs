//! The reference for property tests: facts read directly, with sets and no index at all.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::super::*;
use super::shorthand::*;
use crate::base::{DatasetId, JobId};

const DATASETS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
const JOBS: [&str; 4] = ["j0", "j1", "j2", "j3"];

/// A small world: facts, one per job at most, aliases and deletions.
#[derive(Debug, Clone)]
pub(in crate::lineage) struct World {
    pub(in crate::lineage) facts: Vec<JobFacts>,
    pub(in crate::lineage) views: Vec<DatasetFacts>,
    pub(in crate::lineage) aliases: Vec<(&'static str, &'static str)>,
    pub(in crate::lineage) deleted: Vec<&'static str>,
}

pub(in crate::lineage) fn dataset() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&DATASETS[..])
}

fn field() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&["x", "y"][..])
}

fn source() -> impl Strategy<Value = String> {
    let mark = prop::sample::select(&["", "!", "?", "~"][..]);
    (dataset(), prop::option::of(field()), mark).prop_map(|(dataset, field, mark)| match field {
        Some(field) => format!("{dataset}.{field}{mark}"),
        None => format!("{dataset}{mark}"),
    })
}

fn times() -> impl Strategy<Value = Seen> {
    (0_i64..6, 0_i64..4).prop_map(|(first, more)| seen(first, first + more))
}

fn origin() -> impl Strategy<Value = Origin> {
    prop::sample::select(&[Origin::Observed, Origin::Observed, Origin::Declared][..])
}

fn column_fact() -> impl Strategy<Value = ColumnFact> {
    let inputs = |most| prop::collection::vec(source().prop_map(|s| input(&s)), 0..most);
    let fields = prop::collection::vec((field().prop_map(str::to_owned), inputs(3)), 0..3);
    (dataset(), origin(), times(), fields, inputs(2)).prop_map(
        |(output, origin, seen, fields, dataset)| {
            let output = ds(output);
            ColumnFact { output, origin, seen, fields, dataset }
        },
    )
}

fn explicit_fact() -> impl Strategy<Value = ExplicitFact> {
    let node = prop_oneof![3 => source(), 1 => prop::sample::select(&["@j0", "@j1", "@j2"][..])
        .prop_map(str::to_owned)];
    let inputs = prop::collection::vec(node.prop_map(|s| entry_input(&s)), 0..3);
    let target = prop_oneof![
        4 => dataset().prop_map(|d| EntryTarget::Dataset(ds(d))),
        1 => prop::sample::select(&JOBS[..3]).prop_map(|j| EntryTarget::Job(job(j))),
    ];
    let fields = prop::collection::vec(
        (field().prop_map(str::to_owned), source().prop_map(|s| vec![entry_input(&s)])),
        0..2,
    );
    let entry = (target, inputs, fields).prop_map(|(target, inputs, fields)| {
        let is_job = matches!(target, EntryTarget::Job(_));
        Entry { target, inputs, fields: if is_job { Vec::new() } else { fields } }
    });
    (origin(), times(), prop::collection::vec(entry, 0..3))
        .prop_map(|(origin, seen, entries)| ExplicitFact { origin, seen, entries })
}

fn job_facts(name: &'static str) -> impl Strategy<Value = JobFacts> {
    let direction = prop::sample::select(&[Direction::Input, Direction::Output][..]);
    let io =
        (dataset(), direction, times(), origin()).prop_map(|(dataset, direction, seen, origin)| {
            let dataset = ds(dataset);
            IoFact { dataset, direction, seen, origin }
        });
    let explicit = prop_oneof![
        2 => Just(Vec::new()),
        1 => prop::collection::vec(explicit_fact(), 1..3),
    ];
    (prop::collection::vec(io, 0..6), prop::collection::vec(column_fact(), 0..3), explicit)
        .prop_map(move |(io, columns, explicit)| JobFacts { job: job(name), io, columns, explicit })
}

pub(in crate::lineage) fn world() -> impl Strategy<Value = World> {
    let view = (dataset(), prop::collection::vec(source(), 1..3)).prop_map(|(dataset, inputs)| {
        let inputs = inputs.iter().map(|s| entry_input(s)).collect();
        DatasetFacts { dataset: ds(dataset), seen: seen(1, 1), inputs, fields: Vec::new() }
    });
    let facts: Vec<_> = JOBS.into_iter().map(job_facts).collect();
    let deleted = prop::sample::select(&["a", "b", "j0", "j1", "z"][..]);
    (
        facts,
        prop::collection::vec(view, 0..2),
        prop::collection::vec((dataset(), dataset()), 0..2),
        prop::collection::vec(deleted, 0..2),
    )
        .prop_map(|(facts, mut views, aliases, deleted)| {
            views.truncate(1);
            World { facts, views, aliases, deleted }
        })
}

pub(in crate::lineage) fn scope() -> impl Strategy<Value = Scope> {
    let as_of = prop::option::of((0_i64..9).prop_map(crate::base::Time::from_micros));
    (as_of, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(as_of, current_only, include_deleted, assume_columns)| Scope {
            as_of,
            current_only,
            include_deleted,
            assume_columns,
        },
    )
}

/// One thing that a graph is told.
#[derive(Debug, Clone)]
pub(in crate::lineage) enum Telling {
    NameDataset(&'static str),
    NameJob(&'static str),
    Job(JobFacts),
    View(DatasetFacts),
    Alias(&'static str, &'static str),
    Delete(&'static str),
}

impl World {
    pub(in crate::lineage) fn tellings(&self) -> Vec<Telling> {
        let names = DATASETS.map(Telling::NameDataset);
        let jobs = JOBS.map(Telling::NameJob);
        let facts = self.facts.iter().cloned().map(Telling::Job);
        let views = self.views.iter().cloned().map(Telling::View);
        let aliases = self.aliases.iter().map(|&(a, b)| Telling::Alias(a, b));
        let deleted = self.deleted.iter().copied().map(Telling::Delete);
        names
            .into_iter()
            .chain(jobs)
            .chain(facts)
            .chain(views)
            .chain(aliases)
            .chain(deleted)
            .collect()
    }

    pub(in crate::lineage) fn graph(&self) -> Graph {
        told(&self.tellings())
    }

    /// Returns the name under which a dataset is shown.
    pub(in crate::lineage) fn canon(&self, id: DatasetId) -> &'static str {
        let mut class = BTreeSet::from([name(id)]);
        for _ in DATASETS {
            for (a, b) in &self.aliases {
                if class.contains(a) || class.contains(b) {
                    class.extend([*a, *b]);
                }
            }
        }
        class.into_iter().min_by_key(|n| (self.deleted.contains(n), *n)).unwrap()
    }

    /// Returns the name of an entry's target.
    pub(in crate::lineage) fn target(&self, entry: &Entry) -> &'static str {
        match entry.target {
            EntryTarget::Dataset(id) => self.canon(id),
            EntryTarget::Job(id) => job_name(id),
        }
    }

    /// Returns an input as name and field.
    pub(in crate::lineage) fn place(&self, input: &EntryInput) -> (String, Option<String>) {
        match &input.source {
            EntrySource::Dataset { dataset, field } => {
                (self.canon(*dataset).to_owned(), field.clone())
            }
            EntrySource::Job(id) => (job_name(*id).to_owned(), None),
        }
    }

    pub(in crate::lineage) fn open(&self, scope: Scope, name: &str) -> bool {
        scope.include_deleted || !self.deleted.contains(&name)
    }
}

pub(in crate::lineage) fn told(tellings: &[Telling]) -> Graph {
    let mut graph = Graph::new();
    for telling in tellings {
        match telling {
            Telling::NameDataset(name) => graph.name_dataset(ds(name), "ns", name),
            Telling::NameJob(name) => graph.name_job(job(name), "ns", name),
            Telling::Job(facts) => graph.apply_job(facts),
            Telling::View(facts) => graph.apply_dataset(facts),
            Telling::Alias(a, b) => graph.alias(ds(a), ds(b)),
            Telling::Delete(name) if name.starts_with('j') => {
                graph.set_job_deleted(job(name), true);
            }
            Telling::Delete(name) => graph.set_dataset_deleted(ds(name), true),
        }
    }
    graph
}

fn name(id: DatasetId) -> &'static str {
    DATASETS.into_iter().find(|n| ds(n) == id).unwrap()
}

pub(in crate::lineage) fn job_name(id: JobId) -> &'static str {
    JOBS.into_iter().find(|n| job(n) == id).unwrap()
}

/// All that holds between nodes at table level, spelled out.
#[derive(Debug, Default)]
pub(in crate::lineage) struct Tables {
    /// Dataset feeds job or job feeds dataset or job: to be shown.
    shown: BTreeSet<(&'static str, &'static str)>,
    /// Dataset enters job, job goes on to job, job goes on to dataset.
    gates: BTreeSet<(&'static str, &'static str)>,
    /// Dataset feeds dataset, over a job or none.
    flows: BTreeSet<(&'static str, &'static str, Option<&'static str>)>,
}

impl Tables {
    pub(in crate::lineage) fn of(world: &World, scope: Scope) -> Self {
        let mut tables = Self::default();
        for facts in &world.facts {
            tables.add_job(world, scope, facts);
        }
        let last = world.views.last().into_iter();
        for view in last.filter(|_| scope.as_of.is_none_or(|t| seen(1, 1).first <= t)) {
            let to = world.canon(view.dataset);
            for from in view.inputs.iter().map(|i| known(&world.place(i).0)) {
                if world.open(scope, from) && world.open(scope, to) {
                    tables.flows.insert((from, to, None));
                }
            }
        }
        tables
    }

    fn add_job(&mut self, world: &World, scope: Scope, facts: &JobFacts) {
        let here = job_name(facts.job);
        if !world.open(scope, here) {
            return;
        }
        let Present { io, columns, entries } = Present::of(facts, scope);
        let target = |e: &Entry| world.target(e);
        let explicit = !entries.is_empty();
        let entered: BTreeSet<_> =
            entries.iter().map(|e| target(e)).filter(|t| !t.starts_with('j')).collect();
        let covered: BTreeSet<_> =
            columns.iter().map(|c| world.canon(c.output)).chain(entered.iter().copied()).collect();
        let mut used: BTreeSet<String> = BTreeSet::new();
        for entry in entries.iter().filter(|e| target(e) != here) {
            let all = entry.inputs.iter().chain(entry.fields.iter().flat_map(|f| &f.1));
            used.extend(all.map(|i| world.place(i).0));
        }
        let mut add = |from: &'static str, to: &'static str, passes: bool| {
            if world.open(scope, from) && world.open(scope, to) {
                self.shown.insert((from, to));
                if passes {
                    self.gates.insert((from, to));
                }
            }
        };
        for fact in &io {
            let dataset = world.canon(fact.dataset);
            match fact.direction {
                Direction::Input => add(dataset, here, !explicit || !used.contains(dataset)),
                Direction::Output => add(here, dataset, !covered.contains(dataset)),
            }
        }
        let mut flows = Vec::new();
        for fact in columns.iter().filter(|c| !entered.contains(world.canon(c.output))) {
            let all = fact.dataset.iter().chain(fact.fields.iter().flat_map(|f| &f.1));
            flows.extend(all.map(|i| (world.canon(i.dataset), world.canon(fact.output))));
        }
        for entry in &entries {
            let to = target(entry);
            for input in entry.inputs.iter().chain(entry.fields.iter().flat_map(|f| &f.1)) {
                let from = known(&world.place(input).0);
                match (from.starts_with('j'), to.starts_with('j')) {
                    (true, true) if from == to => {}
                    (false, false) => flows.push((from, to)),
                    _ => add(from, to, true),
                }
            }
        }
        for (from, to) in flows {
            if world.open(scope, from) && world.open(scope, to) {
                self.flows.insert((from, to, Some(here)));
            }
        }
    }

    /// Walks down to the end: hops of datasets, edges with jobs, edges without.
    pub(in crate::lineage) fn down(&self, focus: &'static str) -> Reference {
        let mut reference = Reference::default();
        let mut level = BTreeSet::from([focus]);
        let mut hop = 0;
        while !level.is_empty() {
            let mut next = BTreeSet::new();
            for &dataset in &level {
                reference.hops.insert(dataset, hop);
                let mut gates = BTreeSet::new();
                for &(from, to) in self.shown.iter().filter(|(from, _)| *from == dataset) {
                    reference.with_jobs.insert((from, to));
                    gates.extend(self.gates.get(&(from, to)).map(|_| to));
                }
                for _ in JOBS {
                    let on = self.gates.iter().filter(|(from, _)| gates.contains(from));
                    let on: Vec<_> = on.copied().collect();
                    reference.with_jobs.extend(on.iter().copied());
                    gates.extend(on.iter().map(|(_, to)| *to).filter(|to| to.starts_with('j')));
                    let ends = on.iter().map(|(_, to)| *to).filter(|to| !to.starts_with('j'));
                    reference.folded.extend(ends.map(|to| (dataset, to)));
                }
                for &(from, to, via) in self.flows.iter().filter(|f| f.0 == dataset) {
                    reference.folded.insert((from, to));
                    match via {
                        Some(job) => reference.with_jobs.extend([(from, job), (job, to)]),
                        None => reference.with_jobs.extend([(from, to)]),
                    }
                }
                next.extend(reference.folded.iter().filter(|e| e.0 == dataset).map(|e| e.1));
            }
            level = next.into_iter().filter(|d| !reference.hops.contains_key(d)).collect();
            hop += 1;
        }
        reference.with_jobs.retain(|(a, b)| a != b);
        reference.folded.retain(|(a, b)| a != b);
        reference
    }

    /// Returns what follows from one job's consuming and producing as a whole.
    pub(in crate::lineage) fn assumed(&self) -> BTreeSet<(&'static str, &'static str)> {
        let job = |name: &&str| name.starts_with('j');
        let ins = self.gates.iter().filter(|(from, to)| !job(from) && job(to));
        let outs = |gate| self.gates.iter().filter(move |g| g.0 == gate && !job(&g.1));
        ins.flat_map(|&(from, gate)| outs(gate).map(move |g| (from, g.1))).collect()
    }

    /// The same world with all arrows turned round.
    pub(in crate::lineage) fn reversed(&self) -> Self {
        Self {
            shown: self.shown.iter().map(|&(a, b)| (b, a)).collect(),
            gates: self.gates.iter().map(|&(a, b)| (b, a)).collect(),
            flows: self.flows.iter().map(|&(a, b, via)| (b, a, via)).collect(),
        }
    }
}

/// What a walk along the flow must find.
#[derive(Debug, Default)]
pub(in crate::lineage) struct Reference {
    pub(in crate::lineage) hops: BTreeMap<&'static str, i32>,
    pub(in crate::lineage) with_jobs: BTreeSet<(&'static str, &'static str)>,
    pub(in crate::lineage) folded: BTreeSet<(&'static str, &'static str)>,
}

/// The facts of a job that count.
pub(in crate::lineage) struct Present<'f> {
    io: Vec<&'f IoFact>,
    pub(in crate::lineage) columns: Vec<&'f ColumnFact>,
    pub(in crate::lineage) entries: Vec<&'f Entry>,
}

impl<'f> Present<'f> {
    pub(in crate::lineage) fn of(facts: &'f JobFacts, scope: Scope) -> Self {
        let io = facts.io.iter().map(|f| (f.origin, f.seen));
        let columns = facts.columns.iter().map(|f| (f.origin, f.seen));
        let explicit = facts.explicit.iter().map(|f| (f.origin, f.seen));
        let all: Vec<_> = io.chain(columns).chain(explicit).collect();
        let counts = |origin: Origin, seen: Seen| {
            let same = all.iter().filter(|(o, _)| *o == origin);
            let current = same.map(|(_, s)| s.last).max() == Some(seen.last);
            let then = |t| seen.first <= t && (current || t <= seen.last);
            scope.as_of.is_none_or(then) && (current || !scope.current_only)
        };
        Self {
            io: facts.io.iter().filter(|f| counts(f.origin, f.seen)).collect(),
            columns: facts.columns.iter().filter(|f| counts(f.origin, f.seen)).collect(),
            entries: facts
                .explicit
                .iter()
                .filter(|f| counts(f.origin, f.seen))
                .flat_map(|f| &f.entries)
                .collect(),
        }
    }
}

fn known(name: &str) -> &'static str {
    DATASETS.into_iter().chain(JOBS).find(|n| *n == name).unwrap()
}
