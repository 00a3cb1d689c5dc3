//! Turns one event into small documents, ready to be joined to what is known.

use serde_json::value::RawValue;

use super::author::{Standing, Voice, Weight};
use super::dataset::DatasetDoc;
use super::fold_dataset::{Part, fold_dataset};
use super::fold_run::fold_run;
use super::fold_tags::fold_job_facets;
use super::job::{Declared, JobDoc};
use super::naming::job_naming;
use super::run::RunDoc;
use super::small::{NamespaceDoc, SourceDoc, TagDoc};
use super::stamp::{Stamp, Stamped};
use super::{FacetBody, FacetBook, JobVersionContent};
use crate::base::{Digest, EventId, RunId, Time};
use crate::openlineage::{Dataset, DatasetEvent, Event, Facets, JobEvent};

/// How, when and from whom an event came in.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// The event's id.
    pub id: EventId,
    /// When Lethe received it.
    pub at: Time,
    /// Who said it.
    pub voice: &'a Voice,
}

/// What one event (or edit) says, as documents to join.
#[derive(Debug, Default)]
pub struct Delta {
    /// Namespaces that it names.
    pub namespaces: Vec<NamespaceDoc>,
    /// Sources that it names.
    pub sources: Vec<SourceDoc>,
    /// Tags that it names.
    pub tags: Vec<TagDoc>,
    /// Datasets that it names.
    pub datasets: Vec<DatasetDoc>,
    /// Jobs that it names.
    pub jobs: Vec<JobDoc>,
    /// Runs that it names.
    pub runs: Vec<(RunId, RunDoc)>,
    /// Facet bodies that are kept once, by the digest of their text.
    pub facets: Vec<(Digest, Box<RawValue>)>,
}

/// What folding needs to know beside the event itself.
pub(super) struct Fold<'a> {
    pub(super) stamp: Stamp,
    pub(super) received: Received<'a>,
    /// Whether a facet's content was folded before, so that what it refers to is known.
    pub(super) known: &'a dyn Fn(&Digest) -> bool,
    pub(super) delta: Delta,
}

/// Folds one event. `known` tells which stored facet bodies were folded before: what
/// they refer to need not be looked up again.
#[must_use]
pub fn fold(event: &Event, received: Received<'_>, known: &dyn Fn(&Digest) -> bool) -> Delta {
    let stamp = Stamp::new(event.event_time(), received.id);
    let mut fold = Fold { stamp, received, known, delta: Delta::default() };
    match event {
        Event::Run(event) => fold_run(&mut fold, event),
        Event::Job(event) => fold_job(&mut fold, event),
        Event::Dataset(event) => fold_declared_dataset(&mut fold, event),
    }
    fold.delta
}

impl Fold<'_> {
    /// Returns the weight of what the event's author says of a dataset there.
    pub(super) fn weight(&self, part: Part, namespace: &str) -> Weight {
        Weight::of(part == Part::Input, self.received.voice.standing(namespace))
    }

    /// Returns when something was received that brings back what people deleted: a
    /// stranger's word does not.
    pub(super) fn named(&self, standing: Standing) -> Option<Time> {
        (standing != Standing::Stranger).then_some(self.received.at)
    }

    /// Names a namespace.
    pub(super) fn namespace(&mut self, name: &str, standing: Standing) {
        let named = self.named(standing);
        let told = |known: &NamespaceDoc| {
            known.name == name && known.created.is_some() && known.named >= named
        };
        if self.delta.namespaces.iter().any(told) {
            return;
        }
        self.delta.namespaces.push(NamespaceDoc {
            name: name.to_owned(),
            created: Some(self.stamp.at),
            named,
            ..NamespaceDoc::default()
        });
    }

    /// Makes sure that a namespace which something merely refers to has a document.
    pub(super) fn mention_namespace(&mut self, name: &str) {
        if !self.delta.namespaces.iter().any(|known| known.name == name) {
            let name = name.to_owned();
            self.delta.namespaces.push(NamespaceDoc { name, ..NamespaceDoc::default() });
        }
    }

    /// Enters facets into a book, as far as their author's word has weight for that.
    pub(super) fn facets(&mut self, facets: &Facets, weight: Weight) -> FacetBook {
        let mut book = FacetBook::default();
        for (name, raw) in facets.iter() {
            let deleted = crate::openlineage::is_deleted(raw);
            if FacetBook::takes(name, deleted, weight) {
                let body = self.place(name, raw);
                book.put(name, self.stamp.weighing(weight), body);
            }
        }
        book
    }

    /// Decides where a facet's body goes, and keeps it if it must be stored.
    pub(super) fn place(&mut self, name: &str, raw: &RawValue) -> FacetBody {
        if crate::openlineage::is_deleted(raw) {
            return FacetBody::Deleted;
        }
        FacetBody::place(name, raw, |digest, raw| self.keep(digest, raw))
    }

    /// Keeps a body under its digest whatever its size, and returns the digest.
    pub(super) fn store(&mut self, raw: &RawValue) -> Digest {
        let digest = Digest::of(raw.get().as_bytes());
        self.keep(digest, raw);
        digest
    }

    fn keep(&mut self, digest: Digest, raw: &RawValue) {
        if !(self.known)(&digest) && !self.delta.facets.iter().any(|(known, _)| *known == digest) {
            self.delta.facets.push((digest, raw.to_owned()));
        }
    }

    /// Starts a job's document.
    pub(super) fn job(&mut self, namespace: &str, name: &str, simple_name: &str) -> JobDoc {
        let standing = self.received.voice.standing_to_job(namespace);
        self.namespace(namespace, standing);
        JobDoc {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            simple_name: simple_name.to_owned(),
            created: Some(self.stamp.at),
            updated: Some(self.stamp.at),
            named: Some(self.received.at),
            ..JobDoc::default()
        }
    }
}

fn fold_job(fold: &mut Fold<'_>, event: &JobEvent) {
    let naming = job_naming(&event.job.name, None);
    let mut job = fold.job(&event.job.namespace, &naming.name, &naming.simple_name);
    fold_job_facets(fold, &mut job, &event.job.facets);
    let mut declared = Declared {
        inputs: event.inputs.iter().map(Dataset::id).collect(),
        outputs: event.outputs.iter().map(Dataset::id).collect(),
        ..Declared::default()
    };
    for dataset in &event.inputs {
        fold_dataset(fold, dataset, Part::Input);
    }
    for dataset in &event.outputs {
        let folded = fold_dataset(fold, dataset, Part::DeclaredOutput);
        declared.columns.extend(folded.columns.flatten().map(|columns| (dataset.id(), columns)));
    }
    declared.explicit = explicit_lineage(fold, &event.job.facets).flatten();
    let location = location_of(&event.job.facets);
    let version = JobVersionContent {
        inputs: declared.inputs.iter().copied().collect(),
        outputs: declared.outputs.iter().copied().collect(),
        location,
    };
    let (digest, raw) = version.to_stored();
    fold.keep(digest, &raw);
    declared.version = Some(digest);
    job.declared = Some(Stamped::new(fold.stamp, declared));
    fold.delta.jobs.push(job);
}

fn fold_declared_dataset(fold: &mut Fold<'_>, event: &DatasetEvent) {
    let folded = fold_dataset(fold, &event.dataset, Part::Declared);
    let lineage = event.dataset.facets.get("lineage").map(|raw| {
        (!crate::openlineage::is_deleted(raw)).then(|| {
            super::fold_dataset::name_explicit_of_dataset(fold, raw);
            fold.store(raw)
        })
    });
    let id = event.dataset.id();
    let weight = fold.weight(Part::Declared, &event.dataset.namespace);
    let stamp = fold.stamp;
    if let Some(doc) = fold.delta.datasets.iter_mut().find(|doc| doc.id() == id) {
        let counts = |said: &Option<Digest>| said.is_some() || weight.counts();
        let stamped = |said| Stamped::new(stamp.weighing(weight), said);
        doc.declared_lineage = lineage.filter(counts).map(stamped);
        doc.declared_columns = folded.columns.filter(counts).map(stamped);
        doc.written = Some(Stamped::new(stamp, None));
    }
}

/// Stores a job's explicit `lineage` facet and names what it refers to. Returns some none
/// if the facet was `_deleted`.
pub(super) fn explicit_lineage(fold: &mut Fold<'_>, facets: &Facets) -> Option<Option<Digest>> {
    let raw = facets.get("lineage")?;
    if crate::openlineage::is_deleted(raw) {
        return Some(None);
    }
    let digest = Digest::of(raw.get().as_bytes());
    // Which jobs it makes depends on who says it, so those are looked for each time.
    let may_name_jobs = raw.get().contains("JOB") || raw.get().contains('\\');
    if may_name_jobs || !(fold.known)(&digest) {
        super::fold_dataset::name_explicit_of_job(fold, raw);
    }
    Some(Some(fold.store(raw)))
}

/// Returns where a job's code is.
pub(super) fn location_of(facets: &Facets) -> Option<String> {
    facets.typed::<crate::openlineage::facets::SourceCodeLocation>().map(|facet| facet.url)
}
