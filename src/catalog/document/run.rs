//! A run as the catalog keeps it, and the state that follows from its events.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::caps::{CAPS, Caps, keep_greatest};
use super::facet::FacetBook;
use super::fact::{FactKey, FactKind, JobVersionContent};
use super::named::Named;
use super::stamp::{Seen, Stamp, Stamped, join_max, join_min, join_newest};
use super::tries::{Marks, RunState};
use crate::base::limits::NAMED_BEFORE_MAX;
use crate::base::{DatasetId, Digest, JobId, RunId, Time};

/// Who says which job a run belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Teller {
    /// A run of another namespace that it started.
    Other,
    /// A run of its own namespace that it started.
    Child,
    /// The run itself.
    #[default]
    Itself,
}

impl Teller {
    fn is_itself(&self) -> bool {
        *self == Self::Itself
    }
}

/// Which job a run belongs to. The run itself knows better than those that it started, an event
/// that names the run's parent better than one that does not; among equals the newest wins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RunJob {
    /// Who says so.
    #[serde(rename = "by", default, skip_serializing_if = "Teller::is_itself")]
    pub by: Teller,
    /// Whether the event named the parent.
    #[serde(rename = "p")]
    pub has_parent: bool,
    /// When it was said.
    #[serde(rename = "s")]
    pub stamp: Stamp,
    /// The job's namespace.
    #[serde(rename = "ns")]
    pub namespace: String,
    /// The job's name, its parent's included.
    #[serde(rename = "n")]
    pub name: String,
}

impl RunJob {
    /// Returns the job's id.
    #[must_use]
    pub fn id(&self) -> JobId {
        JobId::of(&self.namespace, &self.name)
    }
}

/// What a run did to one dataset.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunIo {
    /// The input or output facets (statistics, assertions, subset).
    #[serde(skip_serializing_if = "FacetBook::is_empty")]
    pub facets: FacetBook,
    /// The digest of the schema it had; none if the run took its word back (`_deleted`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<Stamped<Option<Digest>>>,
    /// The digest of the `columnLineage` facet that the run gave it (outputs only); none
    /// if the run took its word back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<Stamped<Option<Digest>>>,
    /// When the run first named it (outputs only): it was not written before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub named: Option<Time>,
}

impl RunIo {
    pub(in crate::catalog) fn join(&mut self, new: Self) {
        self.join_within(new, &CAPS);
    }

    fn join_within(&mut self, new: Self, caps: &Caps) {
        self.facets.join_within(new.facets, caps);
        join_newest(&mut self.schema, new.schema);
        join_newest(&mut self.columns, new.columns);
        join_min(&mut self.named, new.named);
    }

    /// Returns the digest of the schema it had.
    #[must_use]
    pub fn schema(&self) -> Option<Digest> {
        self.schema.as_ref().and_then(|said| said.value)
    }

    /// Returns the digest of the `columnLineage` facet that the run gave it.
    #[must_use]
    pub fn columns(&self) -> Option<Digest> {
        self.columns.as_ref().and_then(|said| said.value)
    }
}

/// All that is known of one run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunDoc {
    /// The id as its producer wrote it, where that was no UUID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_id: Option<String>,
    /// The id that its events gave it, where a run of another namespace has that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared: Option<RunId>,
    /// Namespaces of which runs were given the same id, which this one has.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub sharers: BTreeSet<String>,
    /// The job it belongs to.
    pub job: Option<RunJob>,
    /// Other jobs that its events named without naming a parent. If its job has a parent,
    /// they are that job under a shorter name.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub other_jobs: BTreeSet<JobId>,
    /// Longer names that its events gave its job before.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub past_jobs: BTreeSet<JobId>,
    /// The run that started it.
    pub parent: Option<Stamped<RunId>>,
    /// The run at the top of its tree.
    pub root: Option<Stamped<RunId>>,
    /// The earliest and the latest time of its own events.
    pub seen: Option<Seen>,
    /// The earliest and the latest time at which runs that it started named it: as long as it has not
    /// spoken for itself nothing else is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mentioned: Option<Seen>,
    /// The earliest START.
    pub started: Option<Time>,
    /// The earliest RUNNING or OTHER.
    pub ran: Option<Time>,
    /// What was said of its state: each START, each end.
    #[serde(skip_serializing_if = "Marks::is_empty")]
    pub marks: Marks,
    /// The latest terminal event, in documents of earlier versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<(Time, RunState)>,
    /// What its children's events suggest while it has not spoken for itself: the
    /// earliest one's time, the latest one's time and state.
    pub by_child: Option<(Time, Time, RunState)>,
    /// Its nominal start and end (`nominalTime` facet).
    pub nominal: Option<Stamped<(Time, Option<Time>)>>,
    /// Its facets.
    #[serde(skip_serializing_if = "FacetBook::is_empty")]
    pub facets: FacetBook,
    /// What it read.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<DatasetId, RunIo>,
    /// What it wrote.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub outputs: BTreeMap<DatasetId, RunIo>,
    /// Digests of its job's explicit `lineage` facets, and when each was last said: what
    /// several events of a run state explicitly adds up.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub explicit: BTreeMap<Digest, Stamp>,
    /// When the explicit facets said before were taken back (`_deleted`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explicit_deleted: Option<Stamp>,
    /// Facets about lineage that it said before and no longer does.
    #[serde(skip_serializing_if = "Named::is_empty")]
    pub before: Named,
    /// Where its code was.
    pub location: Option<Stamped<String>>,
    /// Whether it belongs to a job without an end (streaming, service).
    pub endless: bool,
}

impl RunDoc {
    /// Joins what is new to what is known.
    pub fn join(&mut self, new: Self) {
        self.join_within(new, &CAPS);
    }

    /// As [`Self::join`], within some bounds.
    pub(in crate::catalog) fn join_within(&mut self, new: Self, caps: &Caps) {
        join_max(&mut self.given_id, new.given_id);
        join_max(&mut self.shared, new.shared);
        self.sharers.extend(new.sharers);
        self.join_job(new.job, new.other_jobs, new.past_jobs);
        join_newest(&mut self.parent, new.parent);
        join_newest(&mut self.root, new.root);
        for (known, new) in [(&mut self.seen, new.seen), (&mut self.mentioned, new.mentioned)] {
            match (known, new) {
                (Some(known), Some(new)) => known.join(new),
                (known, new) => *known = known.or(new),
            }
        }
        join_min(&mut self.started, new.started);
        join_min(&mut self.ran, new.ran);
        self.marks.join(new.marks, caps.marks);
        join_max(&mut self.ended, new.ended);
        self.by_child = match (self.by_child, new.by_child) {
            (Some(a), Some(b)) => {
                let (last, state) = (a.1, a.2).max((b.1, b.2));
                Some((a.0.min(b.0), last, state))
            }
            (a, b) => a.or(b),
        };
        join_newest(&mut self.nominal, new.nominal);
        self.facets.join_within(new.facets, caps);
        for (dataset, io) in new.inputs {
            self.inputs.entry(dataset).or_default().join_within(io, caps);
        }
        self.before.extend(new.before);
        for (dataset, io) in new.outputs {
            let known = self.outputs.entry(dataset).or_default();
            let said = [known.columns(), io.columns()];
            known.join_within(io, caps);
            let now = known.columns();
            self.before.columns.extend(said.into_iter().flatten().filter(|one| now != Some(*one)));
        }
        self.join_explicit(new.explicit, new.explicit_deleted, caps.explicit);
        let many = self.outputs.len() + self.explicit.len() > NAMED_BEFORE_MAX;
        if many || !self.before.is_empty() {
            let now = self.names();
            self.before.settle(&now, NAMED_BEFORE_MAX);
        }
        join_newest(&mut self.location, new.location);
        self.endless |= new.endless;
    }

    fn join_job(
        &mut self,
        job: Option<RunJob>,
        other_jobs: BTreeSet<JobId>,
        past_jobs: BTreeSet<JobId>,
    ) {
        let same_name = match (&self.job, &job) {
            (Some(known), Some(new)) => known.name == new.name && known.namespace == new.namespace,
            _ => true,
        };
        self.other_jobs.extend(other_jobs);
        self.past_jobs.extend(past_jobs);
        if !same_name {
            // What a run of another namespace says of its parent renames nothing.
            let said = [&self.job, &job].into_iter().flatten();
            for job in said.filter(|job| job.by != Teller::Other) {
                let names = if job.has_parent { &mut self.past_jobs } else { &mut self.other_jobs };
                names.insert(job.id());
            }
        }
        join_max(&mut self.job, job);
        if let Some(job) = &self.job
            && !(self.other_jobs.is_empty() && self.past_jobs.is_empty())
        {
            let id = job.id();
            self.other_jobs.remove(&id);
            self.past_jobs.remove(&id);
        }
    }

    fn join_explicit(
        &mut self,
        explicit: BTreeMap<Digest, Stamp>,
        deleted: Option<Stamp>,
        most: usize,
    ) {
        for (digest, stamp) in explicit {
            let known = self.explicit.entry(digest).or_insert(stamp);
            *known = stamp.max(*known);
        }
        join_max(&mut self.explicit_deleted, deleted);
        if let Some(deleted) = self.explicit_deleted {
            let before = &mut self.before.explicit;
            self.explicit.retain(|digest, stamp| {
                let stands = *stamp > deleted;
                before.extend((!stands).then_some(*digest));
                stands
            });
        }
        if self.explicit.len() > most {
            self.before.explicit.extend(self.explicit.keys());
            keep_greatest(&mut self.explicit, most, |digest, stamp| (*stamp, *digest));
        }
    }

    /// Returns which facets about lineage it says now.
    fn names(&self) -> Named {
        Named {
            columns: self.outputs.values().filter_map(RunIo::columns).collect(),
            explicit: self.explicit.keys().copied().collect(),
            ..Named::default()
        }
    }

    /// Returns the run's state: that of its newest try.
    #[must_use]
    pub fn state(&self) -> RunState {
        if let Some((_, state)) = self.end() {
            return state;
        }
        if self.started.is_some() || self.ran.is_some() {
            return RunState::Running;
        }
        self.by_child.map_or(RunState::New, |(_, _, state)| state)
    }

    /// Returns when and how its newest try ended, if it said so itself.
    fn end(&self) -> Option<(Time, RunState)> {
        match self.ended {
            // Of what an earlier version told only the last end is known.
            Some(ended) if !self.marks.has_end() => {
                let again = self.marks.last_start().is_some_and(|start| start > ended.0);
                (!again).then_some(ended)
            }
            _ => self.marks.end(),
        }
    }

    fn has_ended(&self) -> bool {
        self.marks.has_end() || self.ended.is_some()
    }

    /// Returns when it last completed, whatever else it tried later.
    fn completed_at(&self) -> Option<Time> {
        let known = self.ended.filter(|(_, state)| *state == RunState::Completed);
        let known = known.map(|(at, _)| at).filter(|_| !self.marks.has_end());
        self.marks.completed().or(known)
    }

    /// Returns when it had written what it names: at its end; a run without an end, when it last
    /// spoke. Beginning and failing is not writing.
    #[must_use]
    pub fn wrote_at(&self) -> Option<Time> {
        let speaks = self.seen.filter(|_| self.endless).map(|seen| seen.last);
        self.completed_at().or(speaks)
    }

    /// Returns when it started: the earliest START, else the earliest sign of running.
    #[must_use]
    pub fn started_at(&self) -> Option<Time> {
        self.started
            .or(self.ran)
            .or_else(|| self.by_child.filter(|_| !self.has_ended()).map(|(first, _, _)| first))
    }

    /// Returns when it ended, if it has.
    #[must_use]
    pub fn ended_at(&self) -> Option<Time> {
        match (self.end(), self.by_child) {
            (Some((at, _)), _) => Some(at),
            (None, Some((_, last, state)))
                if state.is_terminal() && self.started.is_none() && self.ran.is_none() =>
            {
                Some(last)
            }
            _ => None,
        }
    }

    /// Returns how long it took, in milliseconds.
    #[must_use]
    pub fn duration_ms(&self) -> Option<i64> {
        let (start, end) = (self.started_at()?, self.ended_at()?);
        Some((end.as_micros() - start.as_micros()).max(0) / 1_000)
    }

    /// Returns when it first and last spoke, or when it was first and last spoken of before it did.
    #[must_use]
    pub fn seen(&self) -> Seen {
        self.seen.or(self.mentioned).unwrap_or(Seen::at(Time::from_micros(0)))
    }

    /// Returns the time that lists of runs are ordered by.
    #[must_use]
    pub fn order_at(&self) -> Time {
        self.started_at().unwrap_or(self.seen().first)
    }

    /// Returns the job version it made, once it is done (an endless run: at any time).
    #[must_use]
    pub fn version(&self) -> Option<JobVersionContent> {
        let has_ended = self.has_ended() || self.state().is_terminal();
        if !(has_ended || self.endless) || self.seen.is_none() {
            return None;
        }
        Some(JobVersionContent {
            inputs: self.inputs.keys().copied().collect(),
            outputs: self.outputs.keys().copied().collect(),
            location: self.location.as_ref().map(|location| location.value.clone()),
        })
    }

    /// Returns from when on this run says what its job does: its beginning, once the run
    /// itself said that it completed and named some data. A run that failed, was stopped or
    /// named nothing says nothing of what the job no longer does.
    #[must_use]
    pub fn settles(&self) -> Option<Time> {
        let completed = self.completed_at().is_some();
        let named =
            !self.inputs.is_empty() || !self.outputs.is_empty() || !self.explicit.is_empty();
        (completed && named).then(|| self.seen().first)
    }

    /// Returns the facts that this run stands for, sorted, but for its job version.
    pub(in crate::catalog) fn facts(&self) -> Vec<FactKey> {
        let mut facts: Vec<FactKey> =
            Vec::with_capacity(self.inputs.len() + 2 * self.outputs.len());
        facts.extend(self.inputs.keys().map(|d| (FactKind::Input, Some(*d), None)));
        facts.extend(self.outputs.keys().map(|d| (FactKind::Output, Some(*d), None)));
        for (dataset, io) in &self.outputs {
            if let Some(columns) = io.columns() {
                facts.push((FactKind::Columns, Some(*dataset), Some(columns)));
            }
        }
        facts.extend(self.explicit.keys().map(|digest| (FactKind::Explicit, None, Some(*digest))));
        let before = &self.before;
        facts.extend(before.columns.iter().map(|one| (FactKind::PastColumns, None, Some(*one))));
        facts.extend(before.explicit.iter().map(|one| (FactKind::PastExplicit, None, Some(*one))));
        facts.extend(before.full.then_some((FactKind::PastExplicit, None, None)));
        facts
    }
}
