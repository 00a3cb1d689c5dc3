//! Which names are one thing, and what of that must be decided anew when one of them changes.
//!
//! Names of a dataset go both ways and are one set. A job has shorter and longer names: it is
//! judged by those that led to its own and those that its own leads to, not by others that lead
//! there too, which are other jobs of the same short name.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::hash::Hash;

use super::super::document::job::JobDoc;
use super::super::document::names::{JobNames, NameSet};
use super::super::document::stamp::{Stamped, join_noting};
use super::super::fold::delta::Delta;
use super::apply::Working;
use super::changed::{Changed, Touch};
use crate::base::limits::{DATASET_NAMES_MAX, JOB_NAMES_MAX};
use crate::base::{DatasetId, JobId, RunId};

/// Names that are one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names<I> {
    /// All of them, the one that was asked about included, sorted.
    pub ids: Vec<I>,
    /// Whether there may be more, or some of these are not loaded: then nobody knows what is said
    /// of them.
    pub more: bool,
}

/// Goes from a name to others, the near ones first, up to a bound.
fn reach<I: Copy + Ord + Hash>(
    from: I,
    most: usize,
    mut next: impl FnMut(I, &mut dyn FnMut(I)),
) -> BTreeSet<I> {
    let mut found = BTreeSet::from([from]);
    let mut open = VecDeque::from([from]);
    while let Some(id) = open.pop_front() {
        next(id, &mut |other| {
            if found.len() < most && found.insert(other) {
                open.push_back(other);
            }
        });
    }
    found
}

impl Working {
    /// Returns all names that are one dataset with this one.
    #[must_use]
    pub fn dataset_names(&self, id: DatasetId) -> Names<DatasetId> {
        let found = reach(id, DATASET_NAMES_MAX, |id, tell| {
            let doc = self.datasets.get(&id);
            doc.into_iter().flat_map(|doc| &doc.aliases).for_each(|alias| tell(*alias));
        });
        let unknown = found.iter().any(|id| !self.datasets.contains_key(id));
        let more = unknown || found.len() >= DATASET_NAMES_MAX;
        Names { more, ids: found.into_iter().collect() }
    }

    /// Parts these datasets by what is one dataset: the names of each, and which of these they are.
    #[must_use]
    pub fn dataset_sets(
        &self,
        of: impl IntoIterator<Item = DatasetId>,
    ) -> Vec<(Names<DatasetId>, Vec<DatasetId>)> {
        let mut left: BTreeSet<DatasetId> = of.into_iter().collect();
        let mut sets = Vec::new();
        while let Some(first) = left.pop_first() {
            let names = self.dataset_names(first);
            let others = names.ids.iter().filter(|id| left.remove(id)).copied();
            let members = std::iter::once(first).chain(others).collect();
            sets.push((names, members));
        }
        sets
    }

    /// Returns the names by which a job is judged.
    #[must_use]
    pub fn job_names(&self, id: JobId) -> Names<JobId> {
        let mut more = false;
        let mut along = |side: fn(&JobDoc) -> &NameSet| {
            let found = reach(id, JOB_NAMES_MAX, |id, tell| {
                let Some(doc) = self.jobs.get(&id) else { return };
                more |= side(doc).is_full();
                side(doc).iter().for_each(tell);
            });
            more |= found.len() >= JOB_NAMES_MAX;
            found
        };
        let mut ids = along(|doc| &doc.names.shorter);
        ids.extend(along(|doc| &doc.names.longer));
        let unknown = ids.iter().any(|id| !self.jobs.contains_key(id));
        let more = more || unknown;
        Names { ids: ids.into_iter().collect(), more }
    }

    /// Returns the other names of the deltas' datasets that are not here yet. To be called until
    /// there are none.
    pub fn aliases_missing(&self, deltas: &[Delta], touch: &mut Touch) {
        let docs = deltas.iter().flat_map(|delta| &delta.datasets);
        let linked =
            |id: &DatasetId| self.datasets.get(id).is_some_and(|known| !known.aliases.is_empty());
        let mut of: BTreeSet<DatasetId> = BTreeSet::new();
        for doc in docs {
            of.extend(Some(doc.id()).filter(linked));
            of.extend(&doc.aliases);
        }
        for (names, _) in self.dataset_sets(of) {
            let missing = names.ids.into_iter().filter(|id| !self.datasets.contains_key(id));
            touch.datasets.extend(missing);
        }
    }

    /// Returns the other names of these jobs, and theirs, that are not here yet. To be called until
    /// there are none.
    pub fn names_missing(&self, of: impl IntoIterator<Item = JobId>, touch: &mut Touch) {
        let linked = |id: &JobId| self.jobs.get(id).is_some_and(|doc| !doc.names.is_empty());
        let of: BTreeSet<JobId> = of.into_iter().filter(linked).collect();
        let near: BTreeSet<JobId> = of.iter().flat_map(|id| self.job_names(*id).ids).collect();
        let further = near.difference(&of).flat_map(|id| self.job_names(*id).ids);
        let wanted = near.iter().copied().chain(further);
        touch.jobs.extend(wanted.filter(|id| !self.jobs.contains_key(id)));
    }

    /// Decides, once what a batch says is joined, what follows for other names of what changed: the
    /// name that a dataset is shown under, and which names must be judged anew. All names must be
    /// loaded.
    pub fn settle_names(&mut self, changed: &mut Changed) {
        let datasets: Vec<DatasetId> = content_of(&changed.datasets);
        let linked = |id: &DatasetId| {
            let doc = self.datasets.get(id);
            doc.is_some_and(|doc| !doc.aliases.is_empty() || doc.canonical.is_some())
        };
        let linked: Vec<DatasetId> = datasets.into_iter().filter(linked).collect();
        for (names, _) in self.dataset_sets(linked) {
            self.canonise(&names.ids, changed);
            let known =
                |id: &DatasetId| self.datasets.get(id).is_some_and(|doc| !doc.name.is_empty());
            changed.datasets_judged.extend(names.ids.into_iter().filter(known));
        }
        for id in content_of(&changed.jobs) {
            if self.jobs.get(&id).is_none_or(|doc| doc.names.is_empty()) {
                continue;
            }
            let known = |id: &JobId| self.jobs.get(id).is_some_and(|doc| !doc.name.is_empty());
            changed.jobs_judged.extend(self.job_names(id).ids.into_iter().filter(known));
        }
    }

    /// Decides anew which of a dataset's names it is shown under, if it has several.
    fn canonise(&mut self, names: &[DatasetId], changed: &mut Changed) {
        let rank = |id: &DatasetId| {
            let doc = self.datasets.get(id).filter(|doc| !doc.name.is_empty())?;
            let not_primary = doc.primary.is_none();
            Some((doc.renamed_to.is_some(), not_primary, doc.primary, doc.created, *id))
        };
        let several = names.len() > 1;
        let Some((.., canonical)) = names.iter().filter_map(rank).min() else { return };
        for member in names {
            if let Some(doc) = self.datasets.get_mut(member)
                && !doc.name.is_empty()
                && doc.canonical != Some(canonical).filter(|_| several)
            {
                doc.canonical = Some(canonical).filter(|_| several);
                changed.datasets.insert(*member, true);
            }
        }
    }

    /// A job that turns out to have a parent, by a run of its, is the same job under a longer name.
    pub(super) fn note_renames(&mut self, run: RunId, changed: &mut Changed) {
        let Self { runs, jobs, .. } = self;
        let Some(run) = runs.get(&run).filter(|run| !run.other_jobs.is_empty()) else { return };
        let Some(job) = run.job.as_ref().filter(|job| job.has_parent) else { return };
        for other in &run.other_jobs {
            let Some(doc) = jobs.get_mut(other) else { continue };
            let to = Some(Stamped::new(job.stamp, job.id()));
            *changed.jobs.entry(*other).or_default() |= join_noting(&mut doc.renamed_to, to);
        }
        let mut longer = run.past_jobs.clone();
        longer.insert(job.id());
        link(jobs, &run.other_jobs, &longer, changed);
    }

    /// Notes the names of jobs that an earlier version wrote, which knew only what a job became.
    /// The jobs that others became must be loaded.
    pub fn take_up_renames(&mut self, changed: &mut Changed) {
        let renamed = self.jobs.iter().filter_map(|(id, doc)| {
            let to = doc.renamed_to.as_ref()?.value;
            self.jobs.get(&to).filter(|doc| !doc.name.is_empty()).map(|_| (*id, to))
        });
        let renamed: BTreeSet<(JobId, JobId)> = renamed.collect();
        for (from, to) in renamed {
            link(&mut self.jobs, &[from].into(), &[to].into(), changed);
        }
    }
}

/// Notes of jobs that they are one, under shorter and longer names.
fn link(
    jobs: &mut HashMap<JobId, JobDoc>,
    shorter: &BTreeSet<JobId>,
    longer: &BTreeSet<JobId>,
    changed: &mut Changed,
) {
    let mut note = |of: &BTreeSet<JobId>, others: &BTreeSet<JobId>, side: Side| {
        for id in of {
            let Some(doc) = jobs.get_mut(id) else { continue };
            let names = side(&mut doc.names);
            let mut content = false;
            if others.len() > JOB_NAMES_MAX {
                content |= names.fill();
            } else {
                for other in others.iter().filter(|other| *other != id) {
                    content |= names.insert(*other, JOB_NAMES_MAX);
                }
            }
            if content {
                changed.jobs.insert(*id, true);
            }
        }
    };
    note(shorter, longer, |names| &mut names.longer);
    note(longer, shorter, |names| &mut names.shorter);
}

type Side = fn(&mut JobNames) -> &mut NameSet;

fn content_of<I: Copy + Ord + Hash>(changed: &HashMap<I, bool>) -> Vec<I> {
    let content = changed.iter().filter(|(_, content)| **content);
    let mut ids: Vec<I> = content.map(|(id, _)| *id).collect();
    ids.sort_unstable();
    ids
}
