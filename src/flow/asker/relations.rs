//! What a job touches: everything that any of its runs or declarations ever named, as input,
//! output, source of a column or in explicit lineage. What is current makes no difference here:
//! a text that was written when a dataset was read still names it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::super::error::FlowError;
use super::super::facts::{Content, Contents, contents_of_job, job_facts, parse_content};
use super::answers::Asker;
use crate::base::{DatasetId, Digest, JobId};
use crate::catalog::{FactKind, JobDoc, Working};
use crate::lineage::{Entry, EntryInput, EntrySource, EntryTarget};

/// Facets of one job that are read to see what it touches; one with more may touch anything.
const CONTENTS_MAX: usize = 200;

/// What a job touches.
#[derive(Debug, Default)]
pub(super) struct Touched {
    /// Datasets.
    pub(super) datasets: BTreeSet<DatasetId>,
    /// Other jobs.
    pub(super) jobs: BTreeSet<JobId>,
    /// Whether some of what would tell it cannot be read, so that it may touch anything.
    pub(super) unreadable: bool,
}

impl Touched {
    /// Adds what its document alone names.
    fn add_document(&mut self, doc: &JobDoc) {
        let of_runs = doc.facts.iter().filter_map(|fact| fact.dataset);
        let declared = doc.declared.iter().flat_map(|said| {
            let said = &said.value;
            let columns = said.columns.iter().map(|(output, _)| output);
            said.inputs.iter().chain(&said.outputs).chain(columns).copied()
        });
        self.datasets.extend(of_runs.chain(declared));
    }

    /// Adds what its facets name.
    fn add_contents(&mut self, doc: &JobDoc, contents: &Contents) {
        let told = contents_of_job(doc);
        let read = |digest: &Digest| {
            contents.get(digest).is_some_and(|one| !matches!(**one, Content::Unreadable))
        };
        self.unreadable |= told.len() > CONTENTS_MAX || !told.iter().all(|(one, _)| read(one));
        let facts = job_facts(doc, contents);
        for columns in &facts.columns {
            let fields = columns.fields.iter().flat_map(|(_, inputs)| inputs);
            let inputs = fields.chain(&columns.dataset).map(|input| input.dataset);
            self.datasets.extend(inputs.chain([columns.output]));
        }
        for entry in facts.explicit.iter().flat_map(|explicit| &explicit.entries) {
            self.add_entry(entry);
        }
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
        let mut kinds: HashMap<Digest, FactKind> = HashMap::new();
        for doc in known.jobs.values() {
            kinds.extend(contents_of_job(doc).into_iter().take(CONTENTS_MAX));
        }
        let digests: Vec<Digest> = kinds.keys().copied().collect();
        let bodies = self.app.db().facet_bodies(&digests).await?;
        let parsed = kinds.into_iter().filter_map(|(digest, kind)| {
            let content = parse_content(kind, bodies.get(&digest)?.get());
            Some((digest, Arc::new(content)))
        });
        let contents: Contents = parsed.collect();
        let touched = docs.iter().map(|doc| {
            let Some(doc) = doc else { return Touched::default() };
            let mut touched = Touched::default();
            let names = known.job_names(doc.id());
            for doc in names.ids.iter().filter_map(|id| known.jobs.get(id)) {
                touched.add_document(doc);
                touched.add_contents(doc, &contents);
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
}
