//! A job as the catalog keeps it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::caps::{CAPS, Caps};
use super::edit::Owners;
use super::facet::FacetBook;
use super::fact::{Fact, FactKey, FactKind};
use super::finding::Findings;
use super::named::Named;
use super::names::JobNames;
use super::said::SaidTags;
use super::small::revive;
use super::stamp::{Seen, Stamped, join_map, join_min, join_newest, join_noting, join_updated};
use super::tries::RunState;
use crate::base::limits::NAMED_BEFORE_MAX;
use crate::base::{DatasetId, Digest, JobId, RunId, Time};

/// What a JobEvent (or the API) declared of a job's data flow; the latest replaces.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    /// Datasets it reads.
    #[serde(rename = "i")]
    pub inputs: Vec<DatasetId>,
    /// Datasets it writes.
    #[serde(rename = "o")]
    pub outputs: Vec<DatasetId>,
    /// Column lineage of its outputs, by the facets' digests.
    #[serde(rename = "c")]
    pub columns: Vec<(DatasetId, Digest)>,
    /// Explicit lineage, by the facet's digest.
    #[serde(rename = "e")]
    pub explicit: Option<Digest>,
    /// The version that this declares.
    #[serde(rename = "v")]
    pub version: Option<Digest>,
}

impl Declared {
    /// Returns the datasets and facets that it names.
    fn names(&self) -> Named {
        let outputs = self.columns.iter().map(|(output, _)| output);
        Named {
            datasets: self.inputs.iter().chain(&self.outputs).chain(outputs).copied().collect(),
            columns: self.columns.iter().map(|(_, digest)| *digest).collect(),
            explicit: self.explicit.into_iter().collect(),
            full: false,
        }
    }
}

/// The run that spoke last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LatestRun {
    /// When it last spoke.
    #[serde(rename = "l")]
    pub last: Time,
    /// Its id.
    #[serde(rename = "r")]
    pub run: RunId,
    /// Its state then.
    #[serde(rename = "s")]
    pub state: RunState,
}

/// Runs of a job that retention removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expired {
    /// How many.
    #[serde(rename = "n")]
    pub runs: u32,
    /// When any of them last spoke.
    #[serde(rename = "l")]
    pub last: Time,
}

/// All that is known of one job.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobDoc {
    /// The namespace it is in.
    pub namespace: String,
    /// Its name, its parent's included (see [`crate::catalog::job_naming`]).
    pub name: String,
    /// Its name without its parent's.
    pub simple_name: String,
    /// The name of the job that starts it.
    pub parent: Option<Stamped<(String, String)>>,
    /// The earliest event that named it.
    pub created: Option<Time>,
    /// The latest event that named it.
    pub updated: Option<Time>,
    /// Its facets.
    #[serde(skip_serializing_if = "FacetBook::is_empty")]
    pub facets: FacetBook,
    /// The tags that pipelines ever said, as far as they count.
    #[serde(skip_serializing_if = "SaidTags::is_empty")]
    pub said: SaidTags,
    /// What was said of it and does not count.
    #[serde(skip_serializing_if = "Findings::is_empty")]
    pub findings: Findings,
    /// What was declared of its data flow.
    pub declared: Option<Stamped<Declared>>,
    /// What was declared before, and is no longer; after retention also what only removed events
    /// and runs said.
    #[serde(skip_serializing_if = "Named::is_empty")]
    pub before: Named,
    /// The job this one became, when its runs were later said to have a parent.
    pub renamed_to: Option<Stamped<JobId>>,
    /// All its other names, past ones too.
    #[serde(skip_serializing_if = "JobNames::is_empty")]
    pub names: JobNames,
    /// Its description, as edited.
    pub description: Option<Stamped<Option<String>>>,
    /// Where its code is, as edited.
    pub location: Option<Stamped<Option<String>>>,
    /// Its owners, as edited.
    pub owners: Option<Stamped<Owners>>,
    /// Tags put on (true) or taken off (false) by people.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, Stamped<bool>>,
    /// Whether it is deleted.
    pub deleted: Option<Stamped<bool>>,
    /// What its runs say of data flow, summed over them. Sorted by key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// How many runs it had.
    pub runs: u32,
    /// Those of them that retention removed: what they said stays summed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expired: Option<Expired>,
    /// The run that spoke last.
    pub latest: Option<LatestRun>,
    /// When the newest of its runs that have ended began: what was last seen before that
    /// is no longer part of the job.
    pub settled: Option<Time>,
    /// When Lethe last received an event naming it; only kept in deltas.
    #[serde(skip)]
    pub named: Option<Time>,
}

impl JobDoc {
    /// Returns the id that its name gives.
    #[must_use]
    pub fn id(&self) -> JobId {
        JobId::of(&self.namespace, &self.name)
    }

    /// Joins what is new to what is known; sums over runs are not part of it. Returns
    /// whether anything changed that search and lineage show, other than times.
    pub fn join(&mut self, new: Self) -> bool {
        self.join_within(new, &CAPS)
    }

    /// As [`Self::join`], within some bounds.
    pub(in crate::catalog) fn join_within(&mut self, new: Self, caps: &Caps) -> bool {
        let mut changed = self.name.is_empty();
        if changed {
            self.namespace = new.namespace;
            self.name = new.name;
        }
        // The longest simple name is the one said without a parent: prefer the shorter.
        if self.simple_name.is_empty()
            || (!new.simple_name.is_empty() && new.simple_name.len() < self.simple_name.len())
        {
            self.simple_name = new.simple_name;
        }
        join_min(&mut self.created, new.created);
        changed |= join_updated(&mut self.updated, new.updated);
        changed |= self.facets.join_within(new.facets, caps);
        changed |= self.said.join(new.said);
        changed |= self.findings.join(new.findings);
        changed |= join_noting(&mut self.parent, new.parent);
        changed |= self.join_declared(new.declared, new.before);
        changed |= join_noting(&mut self.renamed_to, new.renamed_to);
        changed |= self.names.join(new.names, caps.job_names);
        changed |= join_noting(&mut self.description, new.description);
        changed |= join_noting(&mut self.location, new.location);
        changed |= join_noting(&mut self.owners, new.owners);
        changed |= join_map(&mut self.tags, new.tags);
        let was_deleted = self.is_deleted();
        join_newest(&mut self.deleted, new.deleted);
        revive(&mut self.deleted, new.named);
        changed | (was_deleted != self.is_deleted())
    }

    fn join_declared(&mut self, new: Option<Stamped<Declared>>, before: Named) -> bool {
        if new.is_none() && before.is_empty() {
            return false;
        }
        self.before.extend(before);
        for said in [&self.declared, &new].into_iter().flatten() {
            self.before.extend(said.value.names());
        }
        let changed = join_noting(&mut self.declared, new);
        let now = self.declared.as_ref().map(|said| said.value.names()).unwrap_or_default();
        self.before.settle(&now, NAMED_BEFORE_MAX);
        changed
    }

    /// Returns whether people deleted it.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.deleted.as_ref().is_some_and(|mark| mark.value)
    }

    /// Adds a run's word for a fact, or widens the time of one it already counted.
    pub(in crate::catalog) fn add_fact(&mut self, key: FactKey, seen: Seen, counted: bool) -> bool {
        match self.facts.binary_search_by_key(&key, Fact::key) {
            Ok(place) => {
                let fact = &mut self.facts[place];
                fact.seen.join(seen);
                fact.runs = fact.runs.saturating_add(u32::from(!counted));
                false
            }
            Err(place) => {
                let (kind, dataset, content) = key;
                self.facts.insert(place, Fact { kind, dataset, content, seen, runs: 1 });
                true
            }
        }
    }

    /// Takes a run's word back. Returns whether other runs still stand for the fact, so
    /// that its times must be counted anew.
    pub(in crate::catalog) fn drop_fact(&mut self, key: FactKey) -> bool {
        let Ok(place) = self.facts.binary_search_by_key(&key, Fact::key) else { return false };
        let fact = &mut self.facts[place];
        fact.runs = fact.runs.saturating_sub(1);
        if fact.runs == 0 {
            self.facts.remove(place);
            return false;
        }
        true
    }

    /// Sets a fact's times after they were counted anew. Where retention removed runs that may have
    /// said it, they are widened rather than narrowed.
    pub fn set_fact_seen(
        &mut self,
        key: (FactKind, Option<DatasetId>, Option<Digest>),
        counted: Option<Seen>,
    ) {
        let Ok(place) = self.facts.binary_search_by_key(&key, Fact::key) else { return };
        let seen = &mut self.facts[place].seen;
        match self.expired.filter(|expired| seen.first <= expired.last) {
            Some(expired) => {
                let last = seen.last.min(expired.last);
                seen.last = counted.map_or(last, |counted| counted.last.max(last));
                seen.first = counted.map_or(seen.first, |counted| counted.first.min(seen.first));
            }
            None => *seen = counted.unwrap_or(*seen),
        }
    }

    /// Notes that retention removed some of its runs, of which the last spoke at a time.
    pub fn note_expired(&mut self, runs: u32, last: Time) {
        let known = self.expired.unwrap_or(Expired { runs: 0, last });
        let (runs, last) = (known.runs.saturating_add(runs), known.last.max(last));
        self.expired = Some(Expired { runs, last });
    }

    /// Returns all that it ever named, as far as that is known.
    #[must_use]
    pub fn named_ever(&self) -> Named {
        let mut named = self.before.clone();
        named.extend(self.declared.as_ref().map(|said| said.value.names()).unwrap_or_default());
        for fact in &self.facts {
            named.datasets.extend(fact.dataset);
            match fact.kind {
                FactKind::Columns | FactKind::PastColumns => named.columns.extend(fact.content),
                FactKind::Explicit | FactKind::PastExplicit => named.explicit.extend(fact.content),
                FactKind::Input | FactKind::Output | FactKind::Version => {}
            }
            named.full |= fact.kind.is_past() && fact.content.is_none();
        }
        named
    }

    /// Returns how many of its runs can be asked for.
    #[must_use]
    pub fn runs_kept(&self) -> u32 {
        self.runs.saturating_sub(self.expired.map_or(0, |expired| expired.runs))
    }
}

/// What a job reads and writes now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CurrentIo {
    /// Datasets it reads, sorted.
    pub inputs: Vec<DatasetId>,
    /// Datasets it writes, sorted.
    pub outputs: Vec<DatasetId>,
}

impl JobDoc {
    /// Returns what the job reads and writes now: what its newest ended run did, what runs
    /// since then do, and what was declared.
    #[must_use]
    pub fn current_io(&self) -> CurrentIo {
        let current = |fact: &&Fact| self.settled.is_none_or(|settled| fact.seen.last >= settled);
        let mut io = CurrentIo::default();
        for fact in self.facts.iter().filter(current) {
            match (fact.kind, fact.dataset) {
                (FactKind::Input, Some(dataset)) => io.inputs.push(dataset),
                (FactKind::Output, Some(dataset)) => io.outputs.push(dataset),
                _ => {}
            }
        }
        if let Some(declared) = &self.declared {
            io.inputs.extend(&declared.value.inputs);
            io.outputs.extend(&declared.value.outputs);
        }
        for list in [&mut io.inputs, &mut io.outputs] {
            list.sort_unstable();
            list.dedup();
        }
        io
    }

    /// Returns the job's versions, the newest first, with when each was seen.
    #[must_use]
    pub fn versions(&self) -> Vec<(Digest, Seen)> {
        let of_runs = self.facts.iter().filter(|fact| fact.kind == FactKind::Version);
        let mut versions: Vec<(Digest, Seen)> =
            of_runs.filter_map(|fact| Some((fact.content?, fact.seen))).collect();
        if let Some(declared) = &self.declared
            && let Some(version) = declared.value.version
        {
            let at = declared.stamp.at;
            match versions.iter_mut().find(|(known, _)| *known == version) {
                Some((_, seen)) => seen.join(Seen::at(at)),
                None => versions.push((version, Seen::at(at))),
            }
        }
        versions.sort_unstable_by_key(|(digest, seen)| std::cmp::Reverse((seen.last, *digest)));
        versions
    }
}
