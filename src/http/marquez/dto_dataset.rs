//! A dataset and its column lineage as Marquez writes them.
//!
//! Mapping only: [`super::read_datasets`] brings together what it needs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::dto_job::EntityId;
use super::facets::{Detail, FacetMap, facet_map};
use crate::base::Time;
use crate::catalog::{Bodies, ColumnView, DatasetDoc, DatasetType, FacetBook};
use crate::flow::DatasetFull;
use crate::openlineage::facets::{ColumnLineage, LifecycleState, Transformation};

/// The source of a dataset that nobody told the source of.
pub(super) const SOURCE_DEFAULT: &str = "default";

/// One column.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = marquez::Field)]
pub(super) struct FieldDto {
    /// Its name; nested ones with the names above, joined by dots.
    pub(super) name: String,
    /// Its type, in its store's words.
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    /// Its tags.
    #[serde(default)]
    pub(super) tags: Vec<String>,
    /// What it holds.
    pub(super) description: Option<String>,
}

/// What was done to a value on its way; more than Marquez tells.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = marquez::Transformation)]
pub(super) struct TransformationDto {
    /// DIRECT or INDIRECT.
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// IDENTITY, AGGREGATION, FILTER and so on.
    pub(super) subtype: Option<String>,
    /// In words.
    pub(super) description: Option<String>,
    /// Whether the value can no longer be told from the result.
    pub(super) masking: bool,
}

/// A column that another was made from.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::ColumnInput)]
pub(super) struct ColumnInputDto {
    /// Its dataset's namespace.
    namespace: String,
    /// Its dataset.
    dataset: String,
    /// Its name.
    field: String,
    /// Deprecated by the standard.
    transformation_description: Option<String>,
    /// Deprecated by the standard.
    transformation_type: Option<String>,
    /// What was done to the value; not known to Marquez.
    transformations: Vec<TransformationDto>,
}

/// Which columns a column was made from.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::ColumnLineage)]
pub(super) struct ColumnLineageDto {
    /// The column.
    name: String,
    /// What it was made from.
    input_fields: Vec<ColumnInputDto>,
    /// Deprecated by the standard.
    transformation_description: Option<String>,
    /// Deprecated by the standard.
    transformation_type: Option<String>,
}

/// A dataset.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::Dataset)]
pub(super) struct DatasetDto {
    /// What it has in common with its node in the lineage graph.
    #[serde(flatten)]
    pub(super) core: DatasetCore,
    /// The newest of its versions.
    current_version: Uuid,
    /// Where its columns come from, as its latest `columnLineage` facet says; null if none.
    column_lineage: Option<Vec<ColumnLineageDto>>,
    /// Its facets, and the input facets of its latest reader.
    #[schema(value_type = Object)]
    facets: FacetMap,
    /// Whether its store dropped it.
    deleted: bool,
}

/// What a dataset and its node in the lineage graph have in common.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::DatasetCore)]
pub(super) struct DatasetCore {
    /// Its namespace and name.
    pub(super) id: EntityId,
    /// `DB_TABLE` or `STREAM`.
    #[serde(rename = "type")]
    #[schema(example = "DB_TABLE")]
    pub(super) kind: &'static str,
    /// Its name.
    pub(super) name: String,
    /// Its name in its store.
    pub(super) physical_name: String,
    /// When anything first spoke of it.
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Time,
    /// When anything last spoke of it.
    #[schema(value_type = String, format = DateTime)]
    pub(super) updated_at: Time,
    /// Its namespace.
    pub(super) namespace: String,
    /// The source it lives in.
    pub(super) source_name: String,
    /// Its columns.
    pub(super) fields: Vec<FieldDto>,
    /// Its tags.
    pub(super) tags: Vec<String>,
    /// When it was last written.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) last_modified_at: Option<Time>,
    /// What it holds.
    pub(super) description: Option<String>,
    /// The last thing that happened to it as a whole; empty if nothing did.
    pub(super) last_lifecycle_state: &'static str,
    /// Where a stream's schema is; only of streams.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) schema_location: Option<String>,
}

/// Datasets.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::Datasets)]
pub(super) struct DatasetsDto {
    /// The datasets, by name.
    pub(super) datasets: Vec<DatasetDto>,
    /// How many there are in all.
    pub(super) total_count: i64,
}

impl From<&ColumnView> for FieldDto {
    fn from(column: &ColumnView) -> Self {
        Self {
            name: column.name.clone(),
            kind: column.data_type.clone(),
            tags: column.tags.clone(),
            description: column.description.clone(),
        }
    }
}

/// Returns what happened last to a dataset as a whole, in the standard's word.
pub(super) fn lifecycle(doc: &DatasetDoc) -> &'static str {
    match doc.lifecycle.as_ref().map(|last| last.value) {
        None => "",
        Some(LifecycleState::Alter) => "ALTER",
        Some(LifecycleState::Create) => "CREATE",
        Some(LifecycleState::Drop) => "DROP",
        Some(LifecycleState::Overwrite) => "OVERWRITE",
        Some(LifecycleState::Rename) => "RENAME",
        Some(LifecycleState::Truncate) => "TRUNCATE",
    }
}

impl DatasetCore {
    /// Writes what every dataset's answer begins with.
    pub(super) fn new(dataset: &DatasetFull) -> Self {
        let doc = &dataset.doc;
        let kind = doc.kind.as_ref().map_or(DatasetType::DbTable, |kind| kind.value);
        let named = doc.physical_name.as_ref().map_or(&doc.name, |name| &name.value);
        let source = doc.source.as_ref().map_or(SOURCE_DEFAULT, |source| &source.value);
        let created_at = doc.created.unwrap_or(Time::MIN);
        Self {
            id: EntityId { namespace: doc.namespace.clone(), name: doc.name.clone() },
            kind: match kind {
                DatasetType::DbTable => "DB_TABLE",
                DatasetType::Stream => "STREAM",
            },
            name: doc.name.clone(),
            physical_name: named.clone(),
            created_at,
            updated_at: doc.updated.unwrap_or(created_at),
            namespace: doc.namespace.clone(),
            source_name: source.to_owned(),
            fields: dataset.view.columns.iter().map(FieldDto::from).collect(),
            tags: dataset.view.tags.clone(),
            last_modified_at: doc.last_write().map(|last| last.stamp.at),
            description: dataset.view.description.clone(),
            last_lifecycle_state: lifecycle(doc),
            schema_location: doc.schema_location.as_ref().map(|at| at.value.clone()),
        }
    }
}

impl DatasetDto {
    /// Writes a dataset. `read` are the input facets of its latest reader.
    pub(super) fn new(
        dataset: &DatasetFull,
        version: Uuid,
        read: Option<(&FacetBook, &Bodies)>,
        detail: Detail,
    ) -> Self {
        let (doc, bodies) = (&dataset.doc, &dataset.bodies);
        let mut facets = facet_map(&doc.facets, bodies, detail);
        if let Some((book, bodies)) = read {
            let newer = |name: &str| doc.facets.stamp(name) < book.stamp(name);
            let said = facet_map(book, bodies, detail).into_iter();
            facets.extend(said.filter(|(name, _)| newer(name)));
        }
        let columns = doc.facets.typed::<ColumnLineage>("columnLineage", bodies);
        Self {
            core: DatasetCore::new(dataset),
            current_version: version,
            column_lineage: columns.map(column_lineage).filter(|all| !all.is_empty()),
            facets,
            deleted: doc.is_dropped(),
        }
    }
}

fn column_lineage(facet: ColumnLineage) -> Vec<ColumnLineageDto> {
    let of = |(name, field): (String, crate::openlineage::facets::ColumnLineageField)| {
        let (description, kind) = (field.transformation_description, field.transformation_type);
        let inputs = field.input_fields.into_iter().map(|input| ColumnInputDto {
            namespace: input.namespace,
            dataset: input.name,
            field: input.field,
            transformation_description: description.clone(),
            transformation_type: kind.clone(),
            transformations: input.transformations.into_iter().map(transformation).collect(),
        });
        ColumnLineageDto {
            name,
            input_fields: inputs.collect(),
            transformation_description: description.clone(),
            transformation_type: kind.clone(),
        }
    };
    facet.fields.into_iter().map(of).collect()
}

fn transformation(said: Transformation) -> TransformationDto {
    TransformationDto {
        kind: said.kind,
        subtype: said.subtype,
        description: said.description,
        masking: said.masking.unwrap_or(false),
    }
}
