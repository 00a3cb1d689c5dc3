//! Joins deltas to what is known and says what must be written.

use std::collections::HashMap;

use serde_json::value::RawValue;

use super::super::document::dataset::DatasetDoc;
use super::super::document::fact::{FactKey, FactKind};
use super::super::document::job::{JobDoc, LatestRun};
use super::super::document::run::{RunDoc, RunJob};
use super::super::document::small::{NamespaceDoc, SourceDoc, TagDoc};
use super::super::document::stamp::{Seen, join_max};
use super::super::document::uses::{RunUse, RunUseKey};
use super::super::fold::delta::Delta;
use super::changed::{Changed, Recount, Told, Touch};
use crate::base::{DatasetId, Digest, JobId, NamespaceId, RunId, SourceId, Time};

/// Documents that deltas are joined to: those that a batch touches, and others kept
/// from earlier batches. A document that does not exist yet is present and empty.
#[derive(Debug, Default)]
pub struct Working {
    /// Namespaces.
    pub namespaces: HashMap<NamespaceId, NamespaceDoc>,
    /// Sources.
    pub sources: HashMap<SourceId, SourceDoc>,
    /// Tags, by name.
    pub tags: HashMap<String, TagDoc>,
    /// Datasets.
    pub datasets: HashMap<DatasetId, DatasetDoc>,
    /// Jobs.
    pub jobs: HashMap<JobId, JobDoc>,
    /// Runs.
    pub runs: HashMap<RunId, RunDoc>,
    /// By dataset and job: what rules saw of it when it was loaded or last written.
    pub told: HashMap<uuid::Uuid, Told>,
}

impl Working {
    /// Returns the ids that a delta names and that are not here yet, but for the jobs
    /// of its runs (see [`Self::of_runs_missing`]).
    pub fn missing(&self, delta: &Delta, touch: &mut Touch) {
        for doc in &delta.namespaces {
            let id = NamespaceId::of(&doc.name);
            if !self.namespaces.contains_key(&id) {
                touch.namespaces.insert(id);
            }
        }
        for doc in &delta.sources {
            let id = SourceId::of(&doc.name);
            if !self.sources.contains_key(&id) {
                touch.sources.insert(id);
            }
        }
        for doc in &delta.tags {
            if !self.tags.contains_key(&doc.name) {
                touch.tags.insert(doc.name.clone());
            }
        }
        for doc in &delta.datasets {
            let id = doc.id();
            if !self.datasets.contains_key(&id) {
                touch.datasets.insert(id);
            }
        }
        for (id, _) in &delta.runs {
            if !self.runs.contains_key(id) {
                touch.runs.insert(*id);
            }
        }
    }

    /// Returns the jobs that a delta names, those its runs belonged to so far, and the datasets that
    /// these wrote, that are not here yet. The delta's runs must be loaded.
    pub fn of_runs_missing(&self, delta: &Delta, touch: &mut Touch) {
        for (id, doc) in &delta.runs {
            let known = self.runs.get(&self.kept_as_loaded(*id, doc));
            let written = known.into_iter().flat_map(|run| run.outputs.keys());
            touch.datasets.extend(written.filter(|id| !self.datasets.contains_key(id)));
        }
        let named = self.jobs_of(std::slice::from_ref(delta));
        touch.jobs.extend(named.filter(|id| !self.jobs.contains_key(id)));
    }

    /// Goes through the jobs that the deltas name, by whatever name of theirs.
    pub fn jobs_of<'a>(&'a self, deltas: &'a [Delta]) -> impl Iterator<Item = JobId> + 'a {
        let of_run = |(id, doc): &'a (RunId, RunDoc)| {
            let known = self.runs.get(&self.kept_as_loaded(*id, doc));
            let others = |run: &'a RunDoc| run.other_jobs.iter().chain(&run.past_jobs).copied();
            let others = known.into_iter().flat_map(others);
            let before = known.and_then(|run| run.job.as_ref());
            [before, doc.job.as_ref()].into_iter().flatten().map(RunJob::id).chain(others)
        };
        let named = deltas.iter().flat_map(|delta| &delta.jobs).map(JobDoc::id);
        named.chain(deltas.iter().flat_map(|delta| &delta.runs).flat_map(of_run))
    }

    /// Forgets a document, because somebody else may have changed it.
    pub fn forget(&mut self, id: uuid::Uuid) {
        self.namespaces.remove(&NamespaceId(id));
        self.datasets.remove(&DatasetId(id));
        self.jobs.remove(&JobId(id));
        self.runs.remove(&RunId(id));
        self.told.remove(&id);
    }

    /// Where more documents of a kind are held than `max`, keeps only those that just
    /// changed.
    pub fn shrink(&mut self, max: usize, changed: &Changed) {
        let full = self.datasets.len() > max || self.jobs.len() > max;
        if self.datasets.len() > max {
            self.datasets.retain(|id, _| changed.datasets.contains_key(id));
        }
        if self.jobs.len() > max {
            self.jobs.retain(|id, _| changed.jobs.contains_key(id));
        }
        if full {
            let (datasets, jobs) = (&self.datasets, &self.jobs);
            let held = |id| datasets.contains_key(&DatasetId(id)) || jobs.contains_key(&JobId(id));
            self.told.retain(|id, _| held(*id));
        }
        if self.runs.len() > max {
            self.runs.retain(|id, _| changed.runs.contains(id));
        }
        if self.namespaces.len() > max {
            self.namespaces.clear();
        }
        if self.sources.len() > max {
            self.sources.clear();
        }
        if self.tags.len() > max {
            self.tags.clear();
        }
    }

    /// Joins a delta, whose documents must have been loaded. What follows for other names of what
    /// changed is left to [`Self::settle_names`].
    pub fn apply(&mut self, delta: Delta, changed: &mut Changed) {
        self.apply_small(&delta.namespaces, &delta.sources, delta.tags, changed);
        for doc in delta.datasets {
            let id = doc.id();
            let known = self.datasets.entry(id).or_default();
            let created = known.created;
            let content = known.join(doc);
            // Which of several names is shown follows from when each was first spoken of.
            let moved = known.created != created && !known.aliases.is_empty();
            *changed.datasets.entry(id).or_default() |= content | moved;
        }
        for doc in delta.jobs {
            let id = doc.id();
            let content = self.jobs.entry(id).or_default().join(doc);
            *changed.jobs.entry(id).or_default() |= content;
        }
        for (id, doc) in delta.runs {
            match self.kept_as(id, &doc) {
                own if own == id => self.apply_run(id, doc, changed),
                own => {
                    let doc = self.note_shared(id, doc, changed);
                    self.apply_run(own, doc, changed);
                }
            }
        }
        changed.facets.extend(delta.facets);
    }

    fn apply_small(
        &mut self,
        namespaces: &[NamespaceDoc],
        sources: &[SourceDoc],
        tags: Vec<TagDoc>,
        changed: &mut Changed,
    ) {
        for new in namespaces {
            let id = NamespaceId::of(&new.name);
            let doc = self.namespaces.entry(id).or_default();
            let before = doc.clone();
            doc.join(new.clone());
            if *doc != before {
                changed.namespaces.insert(id);
            }
        }
        for new in sources {
            let id = SourceId::of(&new.name);
            let doc = self.sources.entry(id).or_default();
            let before = doc.clone();
            doc.join(new.clone());
            if *doc != before {
                changed.sources.insert(id);
            }
        }
        for new in tags {
            let name = new.name.clone();
            let doc = self.tags.entry(name.clone()).or_default();
            let before = doc.clone();
            doc.join(new);
            if *doc != before {
                changed.tags.insert(name);
            }
        }
    }

    fn apply_run(&mut self, id: RunId, new: RunDoc, changed: &mut Changed) {
        let run = self.runs.entry(id).or_default();
        let before = Shadow::of(id, run);
        run.join(new);
        let mut after = Shadow::of(id, run);
        let latest = LatestRun { last: run.seen().last, run: id, state: run.state() };
        // The version was stored when it first appeared.
        let all_known = after.facts.iter().all(|fact| before.facts.binary_search(fact).is_ok());
        if let Some((digest, raw)) = after.version.take().filter(|_| !all_known) {
            changed.facets.entry(digest).or_insert(raw);
        }
        changed.runs.insert(id);
        self.note_renames(id, changed);
        self.count_uses(&before, &after);
        self.settle_written(&before, &after, changed);
        settle_uses(&before, &after, changed);
        self.settle_facts(&before, &after, changed);
        self.settle_latest(&before, &after, latest, changed);
    }

    fn count_uses(&mut self, before: &Shadow, after: &Shadow) {
        for (key, _) in &after.uses {
            if !before.uses.iter().any(|(known, _)| known.is_of_same(key))
                && let Some(doc) = self.datasets.get_mut(&key.dataset)
            {
                doc.uses = doc.uses.saturating_add(1);
            }
        }
    }

    /// A dataset was written when a run that wrote it was done with it.
    fn settle_written(&mut self, before: &Shadow, after: &Shadow, changed: &mut Changed) {
        for (key, value) in after.uses.iter().filter(|(key, _)| key.write) {
            let known = before.uses.iter().find(|(known, _)| known.is_of_same(key));
            let known = known.and_then(|(_, value)| value.done);
            if value.done == known {
                continue;
            }
            if value.done < known {
                changed.recounts.insert(Recount::Written(key.dataset));
            }
            let Some(doc) = self.datasets.get_mut(&key.dataset).filter(|d| !d.name.is_empty())
            else {
                continue;
            };
            doc.note_written(key.run, value.done);
            changed.datasets.entry(key.dataset).or_default();
        }
    }

    fn settle_facts(&mut self, before: &Shadow, after: &Shadow, changed: &mut Changed) {
        let moved = before.job != after.job;
        for fact in &before.facts {
            if !moved && after.facts.binary_search(fact).is_ok() {
                continue;
            }
            let Some((id, job)) = before.job.and_then(|id| Some((id, self.jobs.get_mut(&id)?)))
            else {
                continue;
            };
            if job.drop_fact(*fact) && !fact.0.is_past() {
                changed.recounts.insert(Recount::Fact(id, fact.0, fact.1, fact.2));
            }
            changed.jobs.insert(id, true);
        }
        let Some((id, job)) = after.job.and_then(|id| Some((id, self.jobs.get_mut(&id)?))) else {
            return;
        };
        let content = changed.jobs.entry(id).or_default();
        for fact in &after.facts {
            let counted = !moved && before.facts.binary_search(fact).is_ok();
            let seen = if fact.0.is_past() { Seen::at(Time::MIN) } else { after.seen };
            *content |= job.add_fact(*fact, seen, counted);
        }
    }

    fn settle_latest(
        &mut self,
        before: &Shadow,
        after: &Shadow,
        latest: LatestRun,
        changed: &mut Changed,
    ) {
        if before.job != after.job
            && let Some((id, old)) = before.job.and_then(|id| Some((id, self.jobs.get_mut(&id)?)))
        {
            old.runs = old.runs.saturating_sub(1);
            if old.latest.is_some_and(|known| known.run == latest.run) {
                old.latest = None;
            }
            old.settled = None;
            changed.recounts.insert(Recount::Latest(id));
            changed.jobs.entry(id).or_default();
        }
        let Some(job) = after.job.and_then(|id| self.jobs.get_mut(&id)) else { return };
        if before.job != after.job {
            job.runs = job.runs.saturating_add(1);
        }
        let began_earlier = before.settles > after.settles && job.settled == before.settles;
        let spoke_earlier = before.seen.last > latest.last
            && job.latest.is_some_and(|known| known.run == latest.run);
        if before.job == after.job && (began_earlier || spoke_earlier) {
            // Less is known of the run that counted than was thought: now another may count.
            changed.recounts.extend(after.job.map(Recount::Latest));
        }
        join_max(&mut job.settled, after.settles);
        let newer = |known: LatestRun| (known.last, known.run) <= (latest.last, latest.run);
        if job.latest.is_none_or(|known| known.run == latest.run || newer(known)) {
            job.latest = Some(latest);
        }
    }
}

/// What of a run matters to its job and its datasets.
struct Shadow {
    job: Option<JobId>,
    seen: Seen,
    settles: Option<Time>,
    facts: Vec<FactKey>,
    version: Option<(Digest, Box<RawValue>)>,
    uses: Vec<(RunUseKey, RunUse)>,
}

impl Shadow {
    fn of(id: RunId, run: &RunDoc) -> Self {
        let job = run.job.as_ref().map(RunJob::id);
        let mut facts = run.facts();
        let version = run.version().map(|version| version.to_stored());
        let of_version = version.iter().map(|(digest, _)| (FactKind::Version, None, Some(*digest)));
        facts.extend(of_version);
        facts.sort_unstable();
        let settles = run.settles();
        Self { job, seen: run.seen(), settles, facts, version, uses: run.uses(id) }
    }
}

fn settle_uses(before: &Shadow, after: &Shadow, changed: &mut Changed) {
    for (key, _) in &before.uses {
        if !after.uses.iter().any(|(other, _)| other == key) {
            changed.uses.remove(key);
            changed.uses_gone.insert(*key);
        }
    }
    for (key, value) in &after.uses {
        if !before.uses.iter().any(|known| known == &(*key, *value)) {
            changed.uses_gone.remove(key);
            changed.uses.insert(*key, *value);
        }
    }
}
