//! Views: what a reader sees of a document, once its facets' bodies are at hand.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::value::RawValue;

use super::super::document::dataset::DatasetDoc;
use super::super::document::facet::{Bodies, FacetBody};
use super::super::document::job::JobDoc;
use super::super::document::stamp::Stamped;
use super::in_force::{Heard, OwnerView};
use crate::base::{DatasetId, Digest};
use crate::openlineage::facets::{
    DatasetType, Documentation, JobType, Schema, SchemaField, SourceCodeLocation, Sql,
};

/// One column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ColumnView {
    /// Its name; nested ones with the names above, joined by dots.
    pub name: String,
    /// Its type, in its store's words.
    #[serde(rename = "type")]
    pub data_type: Option<String>,
    /// What it holds.
    pub description: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
}

/// What a reader sees of a dataset beside its document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DatasetView {
    /// Its columns, nested ones after the one they are in.
    pub columns: Vec<ColumnView>,
    /// What it holds.
    pub description: Option<String>,
    /// Who owns it.
    pub owners: Vec<OwnerView>,
    /// Its tags, `key` or `key:value`.
    pub tags: Vec<String>,
    /// TABLE, VIEW, FILE, TOPIC and so on.
    pub subtype: Option<String>,
}

/// What a reader sees of a job beside its document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobView {
    /// What it does.
    pub description: Option<String>,
    /// Who owns it.
    pub owners: Vec<OwnerView>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The SQL it runs.
    pub sql: Option<String>,
    /// BATCH, STREAMING or SERVICE.
    pub processing: Option<String>,
    /// SPARK, DBT, AIRFLOW and so on.
    pub integration: Option<String>,
    /// QUERY, TASK, DAG, MODEL and so on.
    pub job_type: Option<String>,
    /// Where its code is.
    pub location: Option<String>,
}

/// Joins all names of one dataset to one document, under the name it is shown by.
#[must_use]
pub fn merge_names(mut members: Vec<DatasetDoc>) -> Option<DatasetDoc> {
    let canonical = members.iter().find_map(|doc| doc.canonical);
    let shown = |doc: &DatasetDoc| canonical.is_none_or(|id| doc.id() == id);
    let place = members.iter().position(shown).unwrap_or(0);
    if members.is_empty() {
        return None;
    }
    // Most have one name: nothing is gathered then.
    if members.len() > 1 {
        keep_what_is_on(&mut members);
    }
    let mut doc = members.swap_remove(place);
    for other in members {
        let dropped_by_rename = other.renamed_to.is_some();
        let (deleted, lifecycle) = (doc.deleted.clone(), doc.lifecycle.clone());
        doc.join(other);
        doc.deleted = deleted;
        if dropped_by_rename {
            doc.lifecycle = lifecycle;
        }
    }
    doc.renamed_to = None;
    Some(doc)
}

/// Takes out that a tag was taken off one name where it is on another: there it holds.
fn keep_what_is_on(names: &mut [DatasetDoc]) {
    let on = |tags: &BTreeMap<String, Stamped<bool>>| {
        let on = tags.iter().filter(|(_, mark)| mark.value);
        on.map(|(tag, _)| tag.clone()).collect::<BTreeSet<String>>()
    };
    let whole: BTreeSet<String> = names.iter().flat_map(|doc| on(&doc.tags)).collect();
    let mut columns: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (column, tags) in names.iter().flat_map(|doc| &doc.field_tags) {
        columns.entry(column.clone()).or_default().extend(on(tags));
    }
    for doc in names {
        doc.tags.retain(|tag, mark| mark.value || !whole.contains(tag));
        for (column, tags) in &mut doc.field_tags {
            let on = columns.get(column);
            tags.retain(|tag, mark| mark.value || !on.is_some_and(|on| on.contains(tag)));
        }
    }
}

impl DatasetDoc {
    /// Puts together what a reader sees.
    #[must_use]
    pub fn view(&self, bodies: &Bodies) -> DatasetView {
        let tags = self.tags_in_force(bodies, Heard::Shown);
        let mut columns = Vec::new();
        if let Some(schema) = self.facets.typed::<Schema>("schema", bodies) {
            flatten(&schema.fields, "", &mut columns);
        }
        for column in &mut columns {
            column.tags = tags.of_columns.get(&column.name).cloned().unwrap_or_default();
            let by_people = self.field_descriptions.get(&column.name);
            column.description = edited(by_people, column.description.take());
        }
        let documented = self.facets.typed::<Documentation>("documentation", bodies);
        let kind = self.facets.typed::<DatasetType>("datasetType", bodies);
        DatasetView {
            columns,
            description: edited(self.description.as_ref(), documented.map(|f| f.description)),
            owners: self.facets.owners_in_force(self.owners.as_ref(), bodies),
            tags: tags.of_whole,
            subtype: kind.map(|facet| facet.dataset_type),
        }
    }

    /// Returns the digests of all bodies that [`Self::view`] reads.
    #[must_use]
    pub fn view_bodies(&self) -> Vec<Digest> {
        ["schema", "tags", "documentation", "ownership", "datasetType"]
            .iter()
            .filter_map(|name| stored(self.facets.get(name)))
            .collect()
    }

    /// Returns the id it is shown under.
    #[must_use]
    pub fn canonical_id(&self) -> DatasetId {
        self.canonical.unwrap_or_else(|| self.id())
    }
}

impl JobDoc {
    /// Puts together what a reader sees.
    #[must_use]
    pub fn view(&self, bodies: &Bodies) -> JobView {
        let facets = &self.facets;
        let documented = facets.typed::<Documentation>("documentation", bodies);
        let kind = facets.typed::<JobType>("jobType", bodies);
        let code = facets.typed::<SourceCodeLocation>("sourceCodeLocation", bodies);
        JobView {
            description: edited(self.description.as_ref(), documented.map(|f| f.description)),
            owners: facets.owners_in_force(self.owners.as_ref(), bodies),
            tags: self.tags_in_force(bodies, Heard::Shown),
            sql: facets.typed::<Sql>("sql", bodies).map(|facet| facet.query),
            processing: kind.as_ref().map(|kind| kind.processing_type.clone()),
            integration: kind.as_ref().map(|kind| kind.integration.clone()),
            job_type: kind.and_then(|kind| kind.job_type),
            location: edited(self.location.as_ref(), code.map(|facet| facet.url)),
        }
    }

    /// Returns the digests of all bodies that [`Self::view`] reads.
    #[must_use]
    pub fn view_bodies(&self) -> Vec<Digest> {
        ["documentation", "ownership", "tags", "jobType", "sourceCodeLocation", "sql"]
            .iter()
            .filter_map(|name| stored(self.facets.get(name)))
            .collect()
    }
}

/// Returns the columns that a `schema` facet's body says, nested ones after the one they
/// are in; none if it cannot be read.
#[must_use]
pub fn columns_of_schema(raw: &RawValue) -> Vec<ColumnView> {
    let mut columns = Vec::new();
    if let Ok(schema) = serde_json::from_str::<Schema>(raw.get()) {
        flatten(&schema.fields, "", &mut columns);
    }
    columns
}

fn stored(body: Option<&FacetBody>) -> Option<Digest> {
    match body {
        Some(FacetBody::Stored(digest)) => Some(*digest),
        _ => None,
    }
}

fn flatten(fields: &[SchemaField], above: &str, columns: &mut Vec<ColumnView>) {
    for field in fields {
        let name =
            if above.is_empty() { field.name.clone() } else { format!("{above}.{}", field.name) };
        columns.push(ColumnView {
            name: name.clone(),
            data_type: field.kind.clone().filter(|text| !text.is_empty()),
            description: field.description.clone().filter(|text| !text.is_empty()),
            tags: Vec::new(),
        });
        flatten(&field.fields, &name, columns);
    }
}

fn edited(
    by_people: Option<&Stamped<Option<String>>>,
    by_producer: Option<String>,
) -> Option<String> {
    by_people.and_then(|edit| edit.value.clone()).or(by_producer).filter(|text| !text.is_empty())
}
