//! Turns what an owner asserts into blocks of edges, replacing what it asserted before.
//!
//! Beside the column edges stands one derived edge per pair of datasets, so that table-level
//! questions need not look at columns. Inputs × outputs is not stored: it is found when asked.

use crate::base::Time;

use super::edges::{Block, Said};
use super::facts::{
    ColumnFact, DatasetFacts, Direction, Entry, EntryInput, EntrySource, EntryTarget, FieldInput,
    IoFact, JobFacts, Origin, Seen,
};
use super::graph::Graph;
use super::index::NONE;
use super::nodes::Kind;
use super::transforms::{Carry, Detail};

impl Graph {
    /// Replaces all that a job asserted by these facts.
    ///
    /// An observed fact is current if its `last` is the newest among the job's observed
    /// facts, a declared one if it is the newest among the declared: a run does not end what
    /// was declared, nor the other way round.
    pub fn apply_job(&mut self, facts: &JobFacts) {
        self.apply_job_settled(facts, None);
    }

    /// As [`Self::apply_job`], but an observed fact is current if it was last seen at or after
    /// `settled`: the start of the newest run that is *complete*. So a run that has only
    /// begun adds its edges and ends none.
    pub fn apply_job_settled(&mut self, facts: &JobFacts, settled: Option<Time>) {
        let job = self.job_node(facts.job);
        let newest = Newest::of(facts, settled);
        self.replace(job, |graph| {
            graph.add_io(job, &facts.io, newest);
            for fact in &facts.columns {
                graph.add_columns(job, fact, newest);
            }
            for fact in &facts.explicit {
                let current = newest.is_current(fact.origin, fact.seen);
                for entry in &fact.entries {
                    graph.add_entry(job, entry, (fact.seen, fact.origin, current));
                }
            }
        });
    }

    /// Replaces all that a dataset asserted about itself.
    pub fn apply_dataset(&mut self, facts: &DatasetFacts) {
        let dataset = self.dataset_node(facts.dataset);
        self.replace(dataset, |graph| {
            let stamp = (facts.seen, Origin::Declared, true);
            let block = graph.block(dataset, Said::View, dataset, stamp);
            graph.add_target(block, dataset, &facts.inputs, &facts.fields);
        });
    }

    /// Takes out what a dataset asserted about itself; the dataset stays.
    pub fn clear_dataset_facts(&mut self, id: crate::base::DatasetId) {
        let dataset = self.dataset_node(id);
        self.replace(dataset, |_| ());
    }

    fn replace(&mut self, owner: u32, add: impl FnOnce(&mut Self)) {
        let mut ends = Vec::new();
        self.edges.remove_said(&mut self.nodes, owner, &mut ends);
        add(self);
        self.reap(&ends);
    }

    fn block(&mut self, owner: u32, said: Said, about: u32, stamp: (Seen, Origin, bool)) -> u32 {
        let (Seen { first, last, runs }, origin, current) = stamp;
        let (next, edges) = (NONE, NONE);
        let block = Block { first, last, runs, owner, about, next, edges, said, origin, current };
        self.edges.add_block(&mut self.nodes, block)
    }

    fn link(&mut self, block: u32, from: u32, to: u32, detail: Detail) {
        self.edges.add(&mut self.nodes, block, from, to, detail);
    }

    /// Datasets that were read or written at the same times share a block.
    fn add_io(&mut self, job: u32, io: &[IoFact], newest: Newest) {
        let mut sorted: Vec<&IoFact> = io.iter().collect();
        sorted.sort_by_key(|f| (f.direction, f.origin, f.seen, f.dataset));
        sorted.dedup();
        let together = |a: &&IoFact, b: &&IoFact| {
            (a.direction, a.origin, a.seen) == (b.direction, b.origin, b.seen)
        };
        for group in sorted.chunk_by(together) {
            let Some(&&IoFact { direction, origin, seen, .. }) = group.first() else { continue };
            let said = match direction {
                Direction::Input => Said::Reads,
                Direction::Output => Said::Writes,
            };
            let stamp = (seen, origin, newest.is_current(origin, seen));
            let block = self.block(job, said, NONE, stamp);
            for fact in group {
                let dataset = self.dataset_node(fact.dataset);
                match direction {
                    Direction::Input => self.link(block, dataset, job, Detail::NOTHING),
                    Direction::Output => self.link(block, job, dataset, Detail::NOTHING),
                }
            }
        }
    }

    fn add_columns(&mut self, job: u32, fact: &ColumnFact, newest: Newest) {
        let output = self.dataset_node(fact.output);
        let stamp = (fact.seen, fact.origin, newest.is_current(fact.origin, fact.seen));
        let block = self.block(job, Said::Columns, output, stamp);
        let mut flows = Vec::new();
        for (field, inputs) in fact.fields.iter().filter(|f| !f.1.is_empty()) {
            let name = self.texts.intern(field);
            let target = self.nodes.field(output, name);
            for input in inputs {
                flows.push(self.add_field_input(block, input, target));
            }
        }
        for input in &fact.dataset {
            flows.push(self.add_field_input(block, input, output));
        }
        self.add_flows(block, output, flows);
    }

    fn add_field_input(&mut self, block: u32, input: &FieldInput, target: u32) -> (u32, Carry) {
        let dataset = self.dataset_node(input.dataset);
        let source = match &input.field {
            Some(field) => {
                let name = self.texts.intern(field);
                self.nodes.field(dataset, name)
            }
            None => dataset,
        };
        let detail = self.transforms.intern(&input.transformations, &mut self.texts);
        self.link(block, source, target, detail);
        (dataset, detail.carry())
    }

    fn add_entry(&mut self, job: u32, entry: &Entry, stamp: (Seen, Origin, bool)) {
        match entry.target {
            EntryTarget::Dataset(id) => {
                let target = self.dataset_node(id);
                let block = self.block(job, Said::Entry, target, stamp);
                self.add_target(block, target, &entry.inputs, &entry.fields);
            }
            EntryTarget::Job(id) => {
                let target = self.job_node(id);
                let block = self.block(job, Said::Entry, target, stamp);
                self.add_target(block, target, &entry.inputs, &[]);
            }
        }
    }

    fn add_target(
        &mut self,
        block: u32,
        target: u32,
        inputs: &[EntryInput],
        fields: &[(String, Vec<EntryInput>)],
    ) {
        let mut flows = Vec::new();
        for input in inputs {
            flows.extend(self.add_entry_input(block, input, target));
        }
        for (field, inputs) in fields.iter().filter(|f| !f.1.is_empty()) {
            let name = self.texts.intern(field);
            let field = self.nodes.field(target, name);
            for input in inputs {
                flows.extend(self.add_entry_input(block, input, field));
            }
        }
        self.add_flows(block, target, flows);
    }

    /// Adds an edge and returns what it means between whole nodes, unless it says that itself.
    fn add_entry_input(
        &mut self,
        block: u32,
        input: &EntryInput,
        target: u32,
    ) -> Option<(u32, Carry)> {
        let detail = self.transforms.intern(&input.transformations, &mut self.texts);
        let (source, whole) = match &input.source {
            EntrySource::Dataset { dataset, field } => {
                let dataset = self.dataset_node(*dataset);
                match field {
                    Some(field) => {
                        let name = self.texts.intern(field);
                        (self.nodes.field(dataset, name), dataset)
                    }
                    None => (dataset, dataset),
                }
            }
            EntrySource::Job(id) => {
                let job = self.job_node(*id);
                (job, job)
            }
        };
        if source == target && self.nodes[source].kind == Kind::Job {
            return None;
        }
        self.link(block, source, target, detail);
        let says_it = source == whole && self.nodes[target].kind != Kind::Field;
        (!says_it).then_some((whole, detail.carry()))
    }

    /// Adds one derived edge per source, with the strongest of what its columns carry.
    fn add_flows(&mut self, block: u32, target: u32, mut flows: Vec<(u32, Carry)>) {
        flows.sort_unstable();
        for group in flows.chunk_by(|a, b| a.0 == b.0) {
            if let Some(&(source, carry)) = group.last() {
                self.link(block, source, target, Detail::derived(carry));
            }
        }
    }
}

/// The newest times among a job's facts.
#[derive(Debug, Clone, Copy)]
struct Newest {
    observed: Time,
    declared: Time,
}

impl Newest {
    fn of(facts: &JobFacts, settled: Option<Time>) -> Self {
        let io = facts.io.iter().map(|f| (f.origin, f.seen.last));
        let columns = facts.columns.iter().map(|f| (f.origin, f.seen.last));
        let explicit = facts.explicit.iter().map(|f| (f.origin, f.seen.last));
        let mut newest = Self { observed: Time::MIN, declared: Time::MIN };
        for (origin, last) in io.chain(columns).chain(explicit) {
            let of_origin = match origin {
                Origin::Declared => &mut newest.declared,
                Origin::Observed | Origin::Inferred => &mut newest.observed,
            };
            *of_origin = last.max(*of_origin);
        }
        newest.observed = settled.unwrap_or(newest.observed);
        newest
    }

    fn is_current(self, origin: Origin, seen: Seen) -> bool {
        match origin {
            Origin::Declared => seen.last >= self.declared,
            Origin::Observed | Origin::Inferred => seen.last >= self.observed,
        }
    }
}
