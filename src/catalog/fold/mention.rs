//! Whatever a facet refers to gets a document, so that an edge never ends at nothing.

use serde_json::value::{RawValue, to_raw_value};

use super::super::document::dataset::DatasetDoc;
use super::super::document::job::JobDoc;
use super::context::Fold;
use crate::base::Digest;
use crate::openlineage::facets::{DatasetLineage, JobLineage, LineageEntry, LineageInput};
use crate::openlineage::{Facets, is_deleted};

/// Makes sure that a dataset somebody refers to has a document. It gets no times: a facet
/// that is known already is not looked into again, so they would depend on which event
/// brought it first.
pub(super) fn mention(fold: &mut Fold<'_>, namespace: &str, name: &str) {
    let known = |doc: &DatasetDoc| doc.namespace == namespace && doc.name == name;
    if !namespace.is_empty() && !name.is_empty() && !fold.delta.datasets.iter().any(known) {
        fold.mention_namespace(namespace);
        fold.delta.datasets.push(DatasetDoc::new(namespace, name));
    }
}

/// Stores a job's explicit `lineage` facet, as far as its author may say that, and names what it
/// refers to. Returns some none if the facet was `_deleted`.
pub(super) fn explicit_lineage(fold: &mut Fold<'_>, facets: &Facets) -> Option<Option<Digest>> {
    let raw = facets.get("lineage")?;
    if is_deleted(raw) {
        return Some(None);
    }
    let narrowed = without_strange_jobs(fold, raw);
    let raw = narrowed.as_deref().unwrap_or(raw);
    let digest = Digest::of(raw.get().as_bytes());
    // Which jobs it makes depends on who says it, so those are looked for each time.
    let may_name_jobs = raw.get().contains("JOB") || raw.get().contains('\\');
    if may_name_jobs || !(fold.known)(&digest) {
        name_explicit_of_job(fold, raw);
    }
    Some(Some(fold.store(raw)))
}

/// Returns a job's explicit `lineage` facet without what it says of jobs that its author may not speak
/// for; nothing if it says no such thing.
fn without_strange_jobs(fold: &Fold<'_>, raw: &RawValue) -> Option<Box<RawValue>> {
    let voice = fold.received.voice;
    if voice.speaks_for_all() {
        return None;
    }
    let mut facet = serde_json::from_str::<JobLineage>(raw.get()).ok()?;
    let said = facet.entries.len();
    facet.entries.retain(|entry| match entry {
        LineageEntry::Job { namespace: Some(namespace), name: Some(_), .. } => {
            voice.may_speak_for(namespace)
        }
        _ => true,
    });
    let narrowed = (facet.entries.len() < said).then(|| to_raw_value(&facet));
    narrowed.and_then(Result::ok)
}

/// Makes sure that whatever a dataset's explicit `lineage` facet names has a document.
pub(super) fn name_explicit_of_dataset(fold: &mut Fold<'_>, raw: &RawValue) {
    let Ok(facet) = serde_json::from_str::<DatasetLineage>(raw.get()) else { return };
    let fields = facet.fields.values().flat_map(|field| &field.inputs);
    for input in facet.inputs.iter().flatten().chain(fields) {
        name_explicit_input(fold, input);
    }
}

/// Makes sure that whatever a job's explicit `lineage` facet names has a document.
fn name_explicit_of_job(fold: &mut Fold<'_>, raw: &RawValue) {
    let Ok(facet) = serde_json::from_str::<JobLineage>(raw.get()) else { return };
    for entry in &facet.entries {
        let (inputs, fields) = match entry {
            LineageEntry::Dataset { namespace, name, inputs, fields } => {
                mention(fold, namespace, name);
                (inputs, Some(fields))
            }
            LineageEntry::Job { namespace, name, inputs, .. } => {
                name_job(fold, namespace.as_deref(), name.as_deref());
                (inputs, None)
            }
        };
        let of_fields = fields.into_iter().flat_map(|fields| fields.values());
        let of_fields = of_fields.flat_map(|field| &field.inputs);
        for input in inputs.iter().flatten().chain(of_fields) {
            name_explicit_input(fold, input);
        }
    }
}

fn name_explicit_input(fold: &mut Fold<'_>, input: &LineageInput) {
    match input {
        LineageInput::Dataset { namespace, name, .. } => {
            mention(fold, namespace, name);
        }
        LineageInput::Job { namespace, name, .. } => {
            name_job(fold, namespace.as_deref(), name.as_deref());
        }
    }
}

fn name_job(fold: &mut Fold<'_>, namespace: Option<&str>, name: Option<&str>) {
    if let (Some(namespace), Some(name)) = (namespace, name)
        && !namespace.is_empty()
        && !name.is_empty()
        && fold.received.voice.may_speak_for(namespace)
    {
        fold.mention_namespace(namespace);
        fold.delta.jobs.push(JobDoc {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            simple_name: name.to_owned(),
            ..JobDoc::default()
        });
    }
}
