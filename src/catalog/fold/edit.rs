//! Folds an edit, by the same documents and rules as an event.

use serde_json::json;
use serde_json::value::RawValue;

use super::super::document::author::{Standing, Weight};
use super::super::document::dataset::DatasetDoc;
use super::super::document::edit::{DatasetPut, Edit, EditRecord, EntityRef, FieldPut};
use super::super::document::facet::FacetBody;
use super::super::document::fact::JobVersionContent;
use super::super::document::job::{Declared, JobDoc};
use super::super::document::small::{NamespaceDoc, SourceDoc, TagDoc};
use super::super::document::stamp::{Seen, Stamp, Stamped};
use super::context::{Fold, Received};
use super::delta::Delta;
use crate::base::tag::spelled;
use crate::base::{DatasetId, Digest, NodeKind};

/// Who Lethe says produced the facets that edits make.
const PRODUCER: &str = "https://lethe.example/api/v1";

/// Folds one edit.
#[must_use]
pub fn fold_edit(
    record: &EditRecord,
    received: Received<'_>,
    known: &dyn Fn(&Digest) -> bool,
) -> Delta {
    let stamp = Stamp::new(record.event_time, received.id);
    let mut fold = Fold { stamp, received, known, delta: Delta::default() };
    match &record.edit {
        Edit::PutNamespace { name, owner, description } => {
            fold.delta.namespaces.push(NamespaceDoc {
                name: name.clone(),
                created: Some(stamp.at),
                edited: Some(stamp.at),
                owner: owner.clone().map(|owner| Stamped::new(stamp, owner)),
                description: Some(Stamped::new(stamp, description.clone())),
                named: Some(received.at),
                ..NamespaceDoc::default()
            });
        }
        Edit::PutSource { name, kind, url, description } => fold.delta.sources.push(SourceDoc {
            name: name.clone(),
            created: Some(stamp.at),
            edited: Some(stamp.at),
            url: Some(Stamped::new(over_pipelines(stamp), url.clone())),
            told: None,
            kind: Some(Stamped::new(stamp, kind.clone())),
            description: Some(Stamped::new(stamp, description.clone())),
        }),
        Edit::PutTag { name, description } => fold.delta.tags.push(TagDoc {
            name: spelled(name).into_owned(),
            created: Some(stamp.at),
            description: Some(Stamped::new(stamp, description.clone())),
        }),
        Edit::PutDatasets { datasets } => {
            for put in datasets {
                put_dataset(&mut fold, put);
            }
        }
        Edit::PutJob { .. } => put_job(&mut fold, &record.edit),
        Edit::SetNamespaceDeleted { name, deleted } => fold.delta.namespaces.push(NamespaceDoc {
            name: name.clone(),
            deleted: Some(Stamped::new(at_receipt(&fold), *deleted)),
            ..NamespaceDoc::default()
        }),
        entity_edit => edit_entities(&mut fold, entity_edit),
    }
    fold.delta
}

/// What pipelines say too, and people put, is as people put it, whoever says what when.
fn over_pipelines(stamp: Stamp) -> Stamp {
    stamp.weighing(Weight::Put)
}

/// Deletion follows the order in which Lethe received things, not what events claim.
fn at_receipt(fold: &Fold<'_>) -> Stamp {
    Stamp { at: fold.received.at, ..fold.stamp }
}

fn edit_entities(fold: &mut Fold<'_>, edit: &Edit) {
    let stamp = fold.stamp;
    match edit {
        Edit::Tag { entity, field, tag, on } => {
            let tag = spelled(tag).into_owned();
            let mark = [(tag.clone(), Stamped::new(stamp, *on))];
            if *on {
                let name = tag;
                let created = Some(stamp.at);
                fold.delta.tags.push(TagDoc { name, created, description: None });
            }
            let in_field = field.clone();
            on_entity(
                fold,
                entity,
                |doc| match in_field {
                    Some(field) => _ = doc.field_tags.insert(field, mark.clone().into()),
                    None => doc.tags = mark.clone().into(),
                },
                |job| job.tags = mark.clone().into(),
            );
        }
        Edit::Describe { entity, field, description } => {
            let value = Stamped::new(stamp, description.clone());
            on_entity(
                fold,
                entity,
                |doc| match field.clone() {
                    Some(field) => _ = doc.field_descriptions.insert(field, value.clone()),
                    None => doc.description = Some(value.clone()),
                },
                |job| job.description = Some(value.clone()),
            );
        }
        Edit::SetOwners { entity, owners } => {
            let value = Some(Stamped::new(stamp, owners.clone()));
            on_entity(
                fold,
                entity,
                |doc| doc.owners = value.clone(),
                |job| job.owners = value.clone(),
            );
        }
        Edit::SetDeleted { entities, deleted } => {
            let mark = Some(Stamped::new(at_receipt(fold), *deleted));
            for entity in entities {
                on_entity(
                    fold,
                    entity,
                    |doc| doc.deleted = mark.clone(),
                    |job| job.deleted = mark.clone(),
                );
            }
        }
        _ => {}
    }
}

fn on_entity(
    fold: &mut Fold<'_>,
    entity: &EntityRef,
    on_dataset: impl FnOnce(&mut DatasetDoc),
    on_job: impl FnOnce(&mut JobDoc),
) {
    if entity.kind == NodeKind::Job {
        let mut job = JobDoc {
            namespace: entity.namespace.clone(),
            name: entity.name.clone(),
            simple_name: entity.name.clone(),
            ..JobDoc::default()
        };
        on_job(&mut job);
        fold.delta.jobs.push(job);
    } else {
        let mut doc = DatasetDoc::new(&entity.namespace, &entity.name);
        on_dataset(&mut doc);
        fold.delta.datasets.push(doc);
    }
}

fn put_dataset(fold: &mut Fold<'_>, put: &DatasetPut) {
    let stamp = fold.stamp;
    fold.namespace(&put.namespace, Standing::Unclaimed);
    let mut doc = DatasetDoc {
        created: Some(stamp.at),
        updated: Some(stamp.at),
        named: Some(fold.received.at),
        primary: Some(stamp.at),
        kind: put.kind.map(|kind| Stamped::new(stamp, kind)),
        physical_name: put.physical_name.clone().map(|name| Stamped::new(stamp, name)),
        source: put.source.clone().map(|source| Stamped::new(over_pipelines(stamp), source)),
        schema_location: put.schema_location.clone().map(|at| Stamped::new(stamp, at)),
        description: put.description.clone().map(|text| Stamped::new(stamp, Some(text))),
        owners: put.owners.clone().map(|owners| Stamped::new(stamp, owners)),
        ..DatasetDoc::new(&put.namespace, &put.name)
    };
    for (key, value) in &put.properties {
        doc.properties.insert(key.clone(), Stamped::new(stamp, value.clone()));
    }
    for tag in &put.tags {
        doc.tags.insert(spelled(tag).into_owned(), Stamped::new(stamp, true));
    }
    if let Some(source) = &put.source {
        fold.delta.sources.push(SourceDoc {
            name: source.clone(),
            created: Some(stamp.at),
            ..SourceDoc::default()
        });
    }
    if let Some(fields) = &put.fields {
        put_schema(fold, &mut doc, fields);
    }
    fold.delta.datasets.push(doc);
}

fn put_schema(fold: &mut Fold<'_>, doc: &mut DatasetDoc, fields: &[FieldPut]) {
    let Some(raw) = schema_facet(fields) else { return };
    let digest = fold.store(&raw);
    doc.schemas.insert(digest, Seen::at(fold.stamp.at));
    doc.facets.put("schema", over_pipelines(fold.stamp), FacetBody::Stored(digest));
    doc.described = Some(fold.stamp);
    for field in fields {
        for tag in &field.tags {
            let tags = doc.field_tags.entry(field.name.clone()).or_default();
            tags.insert(spelled(tag).into_owned(), Stamped::new(fold.stamp, true));
        }
    }
}

/// Writes the columns as a standard `schema` facet; tags are no part of that standard.
fn schema_facet(fields: &[FieldPut]) -> Option<Box<RawValue>> {
    fn of(field: &FieldPut) -> serde_json::Value {
        let mut value = json!({ "name": field.name });
        if let Some(data_type) = &field.data_type {
            value["type"] = json!(data_type);
        }
        if let Some(description) = &field.description {
            value["description"] = json!(description);
        }
        if !field.fields.is_empty() {
            value["fields"] = field.fields.iter().map(of).collect();
        }
        value
    }
    let facet = json!({
        "_producer": PRODUCER,
        "_schemaURL": "https://openlineage.io/spec/facets/1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet",
        "fields": fields.iter().map(of).collect::<Vec<_>>(),
    });
    serde_json::value::to_raw_value(&facet).ok()
}

fn put_job(fold: &mut Fold<'_>, edit: &Edit) {
    let Edit::PutJob { namespace, name, inputs, outputs, location, description, kind } = edit
    else {
        return;
    };
    let stamp = fold.stamp;
    let ids = |named: &[(String, String)]| -> Vec<DatasetId> {
        named.iter().map(|(namespace, name)| DatasetId::of(namespace, name)).collect()
    };
    let mut job = fold.job(namespace, name, name);
    let (inputs, outputs) = (ids(inputs), ids(outputs));
    let version = JobVersionContent {
        inputs: inputs.iter().copied().collect(),
        outputs: outputs.iter().copied().collect(),
        location: location.clone(),
    };
    let (digest, raw) = version.to_stored();
    fold.store(&raw);
    job.declared = Some(Stamped::new(
        stamp,
        Declared { inputs, outputs, version: Some(digest), ..Declared::default() },
    ));
    job.description = description.clone().map(|text| Stamped::new(stamp, Some(text)));
    job.location = location.clone().map(|url| Stamped::new(stamp, Some(url)));
    if let Some(kind) = kind
        && let Some(raw) = job_type_facet(kind)
    {
        let body = fold.place("jobType", &raw);
        job.facets.put("jobType", over_pipelines(stamp), body);
    }
    fold.delta.jobs.push(job);
}

fn job_type_facet(kind: &str) -> Option<Box<RawValue>> {
    let processing = if kind.eq_ignore_ascii_case("STREAM") { "STREAMING" } else { kind };
    let facet = json!({
        "_producer": PRODUCER,
        "_schemaURL": "https://openlineage.io/spec/facets/2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet",
        "processingType": processing.to_ascii_uppercase(),
        "integration": "MARQUEZ",
    });
    serde_json::value::to_raw_value(&facet).ok()
}
