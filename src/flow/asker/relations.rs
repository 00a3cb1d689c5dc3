//! What a job touches: everything that any of its runs or declarations ever named, as input,
//! output, source of a column or in explicit lineage. What is current makes no difference here:
//! a text that was written when a dataset was read still names it. And what one run touches, by
//! the same.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::super::error::FlowError;
use super::super::facts::{
    Content, Contents, contents_of_named, contents_of_run, explicit_entry, parse_content,
};
use super::answers::Asker;
use crate::base::{DatasetId, Digest, JobId};
use crate::catalog::{FactKind, JobDoc, RunDoc, RunJob, Working};
use crate::lineage::{Entry, EntryInput, EntrySource, EntryTarget, FieldInput};

/// Facets of one job or run that are read to see what it touches; one with more may touch anything.
const CONTENTS_MAX: usize = 200;

/// What a job or run touches.
#[derive(Debug, Clone, Default)]
pub(super) struct Touched {
    /// Datasets.
    pub(super) datasets: BTreeSet<DatasetId>,
    /// Other jobs.
    pub(super) jobs: BTreeSet<JobId>,
    /// Whether some of what would tell it cannot be read, so that it may touch anything.
    pub(super) unreadable: bool,
}

impl Touched {
    /// Adds all that a job ever named, itself and in its facets.
    fn add_job(&mut self, doc: &JobDoc, contents: &Contents) {
        let told = doc.named_ever();
        self.datasets.extend(&told.datasets);
        self.unreadable |= told.full;
        self.add_contents(contents_of_named(&told), doc.id(), contents);
    }

    /// Adds what facets of a job name.
    fn add_contents(&mut self, told: Vec<(Digest, FactKind)>, own: JobId, contents: &Contents) {
        self.unreadable |= told.len() > CONTENTS_MAX;
        for (digest, _) in told.into_iter().take(CONTENTS_MAX) {
            match contents.get(&digest).map(AsRef::as_ref) {
                Some(Content::Columns(fields, dataset)) => self.add_columns(fields, dataset),
                Some(Content::Explicit(lineage)) => {
                    let entries = lineage.entries.iter().map(|entry| explicit_entry(entry, own));
                    entries.for_each(|entry| self.add_entry(&entry));
                }
                Some(Content::Unreadable) | None => self.unreadable = true,
            }
        }
    }

    /// Reads what one run touches out of its document and its facets.
    fn by_run(doc: &RunDoc, contents: &Contents) -> Self {
        let datasets = doc.inputs.keys().chain(doc.outputs.keys()).copied().collect();
        let own = doc.job.as_ref().map(RunJob::id);
        // What it took back nobody knows any more.
        let mut taken_back = doc.outputs.values().filter_map(|io| io.columns.as_ref());
        let taken_back = taken_back.any(|columns| columns.value.is_none());
        let unreadable = taken_back || doc.explicit_deleted.is_some() || doc.before.full;
        let mut touched = Self { datasets, unreadable, ..Self::default() };
        let nobody = JobId(uuid::Uuid::nil());
        touched.add_contents(contents_of_run(doc), own.unwrap_or(nobody), contents);
        if let Some(own) = own {
            touched.jobs.remove(&own);
        }
        touched
    }

    /// Adds another's.
    pub(super) fn join(&mut self, other: &Self) {
        self.datasets.extend(&other.datasets);
        self.jobs.extend(&other.jobs);
        self.unreadable |= other.unreadable;
    }

    fn add_columns(&mut self, fields: &[(String, Vec<FieldInput>)], dataset: &[FieldInput]) {
        let inputs = fields.iter().flat_map(|(_, inputs)| inputs).chain(dataset);
        self.datasets.extend(inputs.map(|input| input.dataset));
    }

    fn add_entry(&mut self, entry: &Entry) {
        match entry.target {
            EntryTarget::Dataset(id) => _ = self.datasets.insert(id),
            EntryTarget::Job(id) => _ = self.jobs.insert(id),
        }
        let of_fields = entry.fields.iter().flat_map(|(_, inputs)| inputs);
        for EntryInput { source, .. } in entry.inputs.iter().chain(of_fields) {
            match source {
                EntrySource::Dataset { dataset, .. } => _ = self.datasets.insert(*dataset),
                EntrySource::Job(id) => _ = self.jobs.insert(*id),
            }
        }
    }
}

impl Asker {
    /// Returns what jobs touch, in the order given; nothing where no job is given.
    pub(super) async fn touched_by(
        &self,
        docs: &[Option<&JobDoc>],
    ) -> Result<Vec<Touched>, FlowError> {
        let known = self.with_names(docs).await?;
        let told = known.jobs.values().map(|doc| contents_of_named(&doc.named_ever()));
        let contents = self.contents(told).await?;
        let touched = docs.iter().map(|doc| {
            let Some(doc) = doc else { return Touched::default() };
            let mut touched = Touched::default();
            let names = known.job_names(doc.id());
            for doc in names.ids.iter().filter_map(|id| known.jobs.get(id)) {
                touched.add_job(doc, &contents);
            }
            touched.unreadable |= names.more;
            names.ids.iter().for_each(|id| _ = touched.jobs.remove(id));
            touched
        });
        Ok(touched.collect())
    }

    /// Returns jobs with all their names, past ones too: what one was when it was called otherwise
    /// it still is.
    async fn with_names(&self, docs: &[Option<&JobDoc>]) -> Result<Working, FlowError> {
        let mut known = Working::default();
        let docs = || docs.iter().flatten();
        known.jobs.extend(docs().map(|doc| (doc.id(), (*doc).clone())));
        loop {
            let names = docs().flat_map(|doc| known.job_names(doc.id()).ids);
            let missing: BTreeSet<JobId> =
                names.filter(|id| !known.jobs.contains_key(id)).collect();
            if missing.is_empty() {
                return Ok(known);
            }
            let rows = self.app.db().jobs(&Vec::from_iter(missing.iter().copied())).await?;
            known.jobs.extend(missing.into_iter().map(|id| (id, JobDoc::default())));
            known.jobs.extend(rows.into_iter().map(|row| (row.id, row.doc)));
        }
    }

    /// Returns what runs touch, in the order given; nothing where no run is given.
    pub(super) async fn touched_by_runs(
        &self,
        docs: &[Option<&RunDoc>],
    ) -> Result<Vec<Touched>, FlowError> {
        let told = docs.iter().flatten().map(|doc| contents_of_run(doc));
        let contents = self.contents(told).await?;
        let touched = docs
            .iter()
            .map(|doc| doc.map(|doc| Touched::by_run(doc, &contents)).unwrap_or_default());
        Ok(touched.collect())
    }

    /// Reads what facets say of lineage, of each teller as many as are looked at.
    async fn contents(
        &self,
        told: impl Iterator<Item = Vec<(Digest, FactKind)>>,
    ) -> Result<Contents, FlowError> {
        let kinds: HashMap<Digest, FactKind> =
            told.flat_map(|told| told.into_iter().take(CONTENTS_MAX)).collect();
        let digests: Vec<Digest> = kinds.keys().copied().collect();
        let bodies = self.app.db().facet_bodies(&digests).await?;
        let parsed = kinds.into_iter().filter_map(|(digest, kind)| {
            let content = parse_content(kind, bodies.get(&digest)?.get());
            Some((digest, Arc::new(content)))
        });
        Ok(parsed.collect())
    }
}
