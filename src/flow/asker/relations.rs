//! What a job touches: everything that any of its runs or declarations ever named, as input,
//! output, source of a column or in explicit lineage. What is current makes no difference here:
//! a text that was written when a dataset was read still names it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::super::error::FlowError;
use super::super::facts::{Content, Contents, contents_of_job, job_facts, parse_content};
use super::answers::Asker;
use crate::base::{DatasetId, Digest, JobId};
use crate::catalog::{FactKind, JobDoc};
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
    /// Reads what a job touches out of its document alone.
    fn by_document(doc: &JobDoc) -> Self {
        let of_runs = doc.facts.iter().filter_map(|fact| fact.dataset);
        let declared = doc.declared.iter().flat_map(|said| {
            let said = &said.value;
            let columns = said.columns.iter().map(|(output, _)| output);
            said.inputs.iter().chain(&said.outputs).chain(columns).copied()
        });
        let datasets = of_runs.chain(declared).collect();
        Self { datasets, ..Self::default() }
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
        self.jobs.remove(&doc.id());
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
        let mut kinds: HashMap<Digest, FactKind> = HashMap::new();
        for doc in docs.iter().flatten() {
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
            let mut touched = Touched::by_document(doc);
            touched.add_contents(doc, &contents);
            touched
        });
        Ok(touched.collect())
    }
}
