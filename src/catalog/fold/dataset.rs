//! Folds a dataset as an event names it: its facets, its other names, its schema.

use super::super::document::author::{Standing, Weight};
use super::super::document::dataset::DatasetDoc;
use super::super::document::finding::{Finding, FindingKind};
use super::super::document::small::SourceDoc;
use super::super::document::stamp::{Seen, Stamp, Stamped};
use super::context::{Fold, Part};
use super::mention::{mention, name_explicit_of_dataset};
use super::tags::{finding, fold_dataset_tags, note_uncounted};
use crate::base::{DatasetId, Digest};
use crate::openlineage::facets::{
    ColumnLineage, DataSource, LifecycleState, LifecycleStateChange, Symlinks,
};
use crate::openlineage::{Dataset, DatasetEvent, is_deleted};

/// What the event's job or run needs to remember of the dataset. Each is none if nothing
/// was said, and some none if the facet was `_deleted`.
#[derive(Debug, Default)]
pub(super) struct Folded {
    /// The digest of its `schema` facet.
    pub(super) schema: Option<Option<Digest>>,
    /// The digest of its `columnLineage` facet, unless it is only read.
    pub(super) columns: Option<Option<Digest>>,
}

pub(super) fn fold_dataset(fold: &mut Fold<'_>, dataset: &Dataset, part: Part) -> Folded {
    let standing = fold.received.voice.standing(&dataset.namespace);
    fold.namespace(&dataset.namespace, standing);
    let weight = fold.weight(part, &dataset.namespace);
    let mut doc = stub(fold, &dataset.namespace, &dataset.name);
    // Under which of its names it is shown is nothing that a stranger says.
    doc.primary = (standing != Standing::Stranger).then_some(fold.stamp.at);
    doc.facets = fold.facets(&dataset.facets, weight);
    let mut folded = Folded::default();
    if let Some(raw) = dataset.facets.get("schema") {
        let digest = (!is_deleted(raw)).then(|| fold.store(raw));
        let schemas = if weight.counts() { &mut doc.schemas } else { &mut doc.schemas_read };
        schemas.extend(digest.map(|digest| (digest, Seen::at(fold.stamp.at))));
        folded.schema = Some(digest);
    }
    // What is only read has its facet looked into as well: a facet that is stored must be
    // one whose references have documents, whoever brought it.
    let columns = fold_columns(fold, dataset);
    if part != Part::Input {
        folded.columns = columns;
    }
    fold_names(fold, dataset, weight, &mut doc);
    fold_source(fold, dataset, weight, &mut doc);
    fold_dataset_tags(fold, dataset, weight, &mut doc);
    if !weight.counts() {
        note_uncounted(fold, &dataset.facets, weight, &mut doc.findings);
    }
    fold.delta.datasets.push(doc);
    folded
}

pub(super) fn fold_declared_dataset(fold: &mut Fold<'_>, event: &DatasetEvent) {
    let folded = fold_dataset(fold, &event.dataset, Part::Declared);
    let lineage = event.dataset.facets.get("lineage").map(|raw| {
        (!is_deleted(raw)).then(|| {
            name_explicit_of_dataset(fold, raw);
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
        doc.described = Some(stamp);
    }
}

/// Starts the document of a dataset that is at least mentioned.
fn stub(fold: &Fold<'_>, namespace: &str, name: &str) -> DatasetDoc {
    DatasetDoc {
        created: Some(fold.stamp.at),
        updated: Some(fold.stamp.at),
        named: fold.named(fold.received.voice.standing(namespace)),
        ..DatasetDoc::new(namespace, name)
    }
}

fn fold_columns(fold: &mut Fold<'_>, dataset: &Dataset) -> Option<Option<Digest>> {
    let raw = dataset.facets.get("columnLineage")?;
    if is_deleted(raw) {
        return Some(None);
    }
    let digest = fold.store(raw);
    if !(fold.known)(&digest)
        && let Some(facet) = dataset.facets.typed::<ColumnLineage>()
    {
        let inputs = facet.fields.values().flat_map(|field| &field.input_fields);
        for input in inputs.chain(&facet.dataset) {
            mention(fold, &input.namespace, &input.name);
        }
    }
    Some(Some(digest))
}

/// Symlinks and renames: both names are one dataset, whichever came first. Whoever says so
/// must count for both.
fn fold_names(fold: &mut Fold<'_>, dataset: &Dataset, weight: Weight, doc: &mut DatasetDoc) {
    if let Some(symlinks) = dataset.facets.typed::<Symlinks>() {
        for other in &symlinks.identifiers {
            link(fold, doc, weight, (&other.namespace, &other.name), false);
        }
    }
    if let Some(change) = dataset.facets.typed::<LifecycleStateChange>() {
        let state = change.lifecycle_state_change;
        if let (LifecycleState::Rename, Some(previous)) = (state, &change.previous_identifier) {
            link(fold, doc, weight, (&previous.namespace, &previous.name), true);
        }
        if weight.counts() {
            doc.lifecycle = Some(Stamped::new(fold.stamp.weighing(weight), state));
        }
    }
}

fn link(
    fold: &mut Fold<'_>,
    doc: &mut DatasetDoc,
    weight: Weight,
    (namespace, name): (&str, &str),
    renamed: bool,
) {
    let (id, other) = (doc.id(), DatasetId::of(namespace, name));
    if other == id || namespace.is_empty() || name.is_empty() {
        return;
    }
    let of_other = weight.min(fold.weight(Part::Declared, namespace));
    if !of_other.counts() {
        let named = Some((namespace.to_owned(), name.to_owned()));
        doc.findings
            .put(Finding { other: named, ..finding(fold, FindingKind::Symlink, "", weight) });
        if weight.counts() {
            // Its own author says so here: those who are bound there must see it.
            let named = Some((doc.namespace.clone(), doc.name.clone()));
            let mut told = DatasetDoc::new(namespace, name);
            told.findings
                .put(Finding { other: named, ..finding(fold, FindingKind::Symlink, "", of_other) });
            fold.mention_namespace(namespace);
            fold.delta.datasets.push(told);
        }
        return;
    }
    if let Err(place) = doc.aliases.binary_search(&other) {
        doc.aliases.insert(place, other);
    }
    let mut other_doc = stub(fold, namespace, name);
    other_doc.aliases.push(id);
    if renamed {
        other_doc.renamed_to = Some(Stamped::new(fold.stamp.weighing(of_other), id));
    }
    let standing = fold.received.voice.standing(namespace);
    fold.namespace(namespace, standing);
    fold.delta.datasets.push(other_doc);
}

fn fold_source(fold: &mut Fold<'_>, dataset: &Dataset, weight: Weight, doc: &mut DatasetDoc) {
    let Some(facet) = dataset.facets.typed::<DataSource>() else { return };
    let Some(name) = facet.name.filter(|name| !name.is_empty()) else { return };
    let stamp = fold.stamp.weighing(weight);
    doc.source = Some(Stamped::new(stamp, name.clone()));
    // Who told first is by receipt: what time an event names is its author's choice.
    let received = Stamp { at: fold.received.at, ..stamp };
    let source = SourceDoc {
        name,
        created: Some(stamp.at),
        told: facet.uri.filter(|uri| !uri.is_empty()).map(|uri| Stamped::new(received, uri)),
        ..SourceDoc::default()
    };
    match fold.delta.sources.iter_mut().find(|known| known.name == source.name) {
        Some(known) => known.join(source),
        None => fold.delta.sources.push(source),
    }
}
