//! Facets of datasets: where they live, what they are, and what became of them.
//!
//! Columns are in `schema.rs`, lineage in `column_lineage.rs` and `lineage.rs`.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::lenient;
use super::map::Facet;
use crate::base::DatasetId;
use crate::openlineage::shape::Field::{Opt, Req};
use crate::openlineage::shape::{Kind, Object};

/// The system that holds the dataset (`DatasourceDatasetFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataSource {
    /// Its name.
    pub name: Option<String>,
    /// Its address.
    pub uri: Option<String>,
}

impl Facet for DataSource {
    const KEY: &'static str = "dataSource";
}

pub(in crate::openlineage) static DATA_SOURCE: Object =
    Object::facet(&[Opt("name", Kind::Text), Opt("uri", Kind::Text)]);

/// What a run did to a dataset as a whole (`LifecycleStateChangeDatasetFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LifecycleStateChange {
    /// What was done.
    pub lifecycle_state_change: LifecycleState,
    /// For a rename: what the dataset was called.
    pub previous_identifier: Option<PreviousIdentifier>,
}

/// What was done to a dataset as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum LifecycleState {
    /// Its definition changed.
    Alter,
    /// It was made.
    Create,
    /// It was removed.
    Drop,
    /// Its content was replaced.
    Overwrite,
    /// It was given another name.
    Rename,
    /// Its content was removed.
    Truncate,
}

const LIFECYCLE_WORDS: &[&str] = &["ALTER", "CREATE", "DROP", "OVERWRITE", "RENAME", "TRUNCATE"];

impl LifecycleState {
    /// Reads the word, in any case of letters.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word.to_ascii_uppercase().as_str() {
            "ALTER" => Self::Alter,
            "CREATE" => Self::Create,
            "DROP" => Self::Drop,
            "OVERWRITE" => Self::Overwrite,
            "RENAME" => Self::Rename,
            "TRUNCATE" => Self::Truncate,
            _ => return None,
        })
    }
}

impl<'de> Deserialize<'de> for LifecycleState {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        let word = std::borrow::Cow::<'de, str>::deserialize(json)?;
        Self::parse(&word).ok_or_else(|| serde::de::Error::custom("unknown lifecycle state"))
    }
}

/// What a dataset was called before a rename.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousIdentifier {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

impl Facet for LifecycleStateChange {
    const KEY: &'static str = "lifecycleStateChange";
}

pub(in crate::openlineage) static LIFECYCLE_STATE_CHANGE: Object = Object::facet(&[
    Req("lifecycleStateChange", Kind::Choice(LIFECYCLE_WORDS)),
    Opt("previousIdentifier", Kind::Object(&PREVIOUS_IDENTIFIER)),
]);

static PREVIOUS_IDENTIFIER: Object =
    Object::plain(&[Req("namespace", Kind::Name), Req("name", Kind::Name)]);

/// Other names of the dataset (`SymlinksDatasetFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Symlinks {
    /// The other names.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub identifiers: Vec<SymlinkIdentifier>,
}

/// One other name of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SymlinkIdentifier {
    /// The other namespace.
    pub namespace: String,
    /// The name there.
    pub name: String,
    /// What it names, such as `TABLE` or `LOCATION`.
    #[serde(rename = "type")]
    pub kind: String,
}

impl SymlinkIdentifier {
    /// Computes the id of the dataset under this name.
    #[must_use]
    pub fn id(&self) -> DatasetId {
        DatasetId::of(&self.namespace, &self.name)
    }
}

impl Facet for Symlinks {
    const KEY: &'static str = "symlinks";
}

pub(in crate::openlineage) static SYMLINKS: Object =
    Object::facet(&[Opt("identifiers", Kind::List(&Kind::Object(&IDENTIFIER)))]);

static IDENTIFIER: Object = Object::plain(&[
    Req("namespace", Kind::Name),
    Req("name", Kind::Name),
    Req("type", Kind::Text),
]);

/// How the data is stored (`StorageDatasetFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Storage {
    /// The table format or layer, such as `iceberg` or `delta`.
    pub storage_layer: String,
    /// The file format, such as `parquet`.
    pub file_format: Option<String>,
}

impl Facet for Storage {
    const KEY: &'static str = "storage";
}

pub(in crate::openlineage) static STORAGE: Object =
    Object::facet(&[Req("storageLayer", Kind::Text), Opt("fileFormat", Kind::Text)]);

/// The catalog that knows the dataset (`CatalogDatasetFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Catalog {
    /// The table framework, such as `iceberg`.
    pub framework: String,
    /// The catalog's kind, such as `hive` or `glue`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The catalog's name where it is configured.
    pub name: String,
    /// The catalog's address.
    pub metadata_uri: Option<String>,
    /// Where the data is.
    pub warehouse_uri: Option<String>,
    /// The system in which the catalog is configured.
    pub source: Option<String>,
    /// The catalog's other settings.
    #[serde(default, deserialize_with = "lenient::scalar_map")]
    pub catalog_properties: BTreeMap<String, String>,
}

impl Facet for Catalog {
    const KEY: &'static str = "catalog";
}

pub(in crate::openlineage) static CATALOG: Object = Object::facet(&[
    Req("framework", Kind::Text),
    Req("type", Kind::Text),
    Req("name", Kind::Text),
    Opt("metadataUri", Kind::Text),
    Opt("warehouseUri", Kind::Text),
    Opt("source", Kind::Text),
    Opt("catalogProperties", Kind::Map(&Kind::Scalar)),
]);

/// What the dataset is (`DatasetTypeDatasetFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DatasetType {
    /// `TABLE`, `VIEW`, `FILE`, `TOPIC`, `STREAM`, `MODEL` or another word.
    pub dataset_type: String,
    /// A finer kind, such as `MATERIALIZED`.
    pub sub_type: Option<String>,
}

impl Facet for DatasetType {
    const KEY: &'static str = "datasetType";
}

pub(in crate::openlineage) static DATASET_TYPE: Object =
    Object::facet(&[Req("datasetType", Kind::Text), Opt("subType", Kind::Text)]);

/// The containers that the dataset lies in (`HierarchyDatasetFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hierarchy {
    /// From the highest container down to the dataset.
    pub hierarchy: Vec<HierarchyLevel>,
}

/// One container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HierarchyLevel {
    /// Its kind, such as `DATABASE`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its name.
    pub name: String,
}

impl Facet for Hierarchy {
    const KEY: &'static str = "hierarchy";
}

pub(in crate::openlineage) static HIERARCHY: Object =
    Object::facet(&[Req("hierarchy", Kind::List(&Kind::Object(&HIERARCHY_LEVEL)))]);

static HIERARCHY_LEVEL: Object = Object::plain(&[Req("type", Kind::Text), Req("name", Kind::Text)]);

/// The store's own version of the dataset (`DatasetVersionDatasetFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DatasetVersion {
    /// The version, such as an Iceberg snapshot's id.
    #[serde(deserialize_with = "lenient::scalar_required")]
    pub dataset_version: String,
}

impl Facet for DatasetVersion {
    const KEY: &'static str = "version";
}

pub(in crate::openlineage) static DATASET_VERSION: Object =
    Object::facet(&[Req("datasetVersion", Kind::Scalar)]);
