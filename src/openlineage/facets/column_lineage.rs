//! Which columns a column was made from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::lenient;
use super::map::Facet;
use crate::base::DatasetId;
use crate::openlineage::shape::Field::{Opt, Req};
use crate::openlineage::shape::{Counted, Kind, Object};

/// Which columns each column of an output was made from (`ColumnLineageDatasetFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnLineage {
    /// By column of this dataset: where it comes from. Empty if it was left out, as Trino
    /// does when it knows of none.
    #[serde(default, deserialize_with = "lenient::map")]
    pub fields: BTreeMap<String, ColumnLineageField>,
    /// Columns that bear on every column of this dataset: filters, joins, order.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub dataset: Vec<InputField>,
}

/// Where one column comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ColumnLineageField {
    /// The columns that it was made from.
    pub input_fields: Vec<InputField>,
    /// How, in words (deprecated by the standard).
    pub transformation_description: Option<String>,
    /// `IDENTITY` or `MASKED` (deprecated by the standard).
    pub transformation_type: Option<String>,
}

/// One column that something was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputField {
    /// Its dataset's namespace.
    pub namespace: String,
    /// Its dataset's name.
    pub name: String,
    /// Its name.
    pub field: String,
    /// How it was used; empty if the producer does not say.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub transformations: Vec<Transformation>,
}

impl InputField {
    /// Computes the id of the column's dataset.
    #[must_use]
    pub fn dataset_id(&self) -> DatasetId {
        DatasetId::of(&self.namespace, &self.name)
    }
}

/// How an input was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transformation {
    /// `DIRECT` if the value went in, `INDIRECT` if it only decided something.
    #[serde(rename = "type")]
    pub kind: String,
    /// `IDENTITY`, `TRANSFORMATION`, `AGGREGATION`; `JOIN`, `GROUP_BY`, `FILTER`, `SORT`,
    /// `WINDOW`, `CONDITIONAL`; or a producer's own word.
    pub subtype: Option<String>,
    /// How, in words.
    pub description: Option<String>,
    /// Whether the value can no longer be told from the result.
    pub masking: Option<bool>,
}

impl Facet for ColumnLineage {
    const KEY: &'static str = "columnLineage";
}

pub(in crate::openlineage) static COLUMN_LINEAGE: Object = Object::facet(&[
    Opt("fields", Kind::ColumnMap(&Kind::Object(&COLUMN_LINEAGE_FIELD))),
    Opt("dataset", Kind::List(&Kind::Object(&INPUT_FIELD))),
]);

static COLUMN_LINEAGE_FIELD: Object = Object::plain(&[
    Req("inputFields", Kind::List(&Kind::Object(&INPUT_FIELD))),
    Opt("transformationDescription", Kind::Text),
    Opt("transformationType", Kind::Text),
]);

static INPUT_FIELD: Object = Object::plain(&[
    Req("namespace", Kind::Name),
    Req("name", Kind::Name),
    Req("field", Kind::Column),
    Opt("transformations", Kind::List(&Kind::Object(&TRANSFORMATION))),
])
.counting(Counted::Edge);

pub(super) static TRANSFORMATION: Object = Object::plain(&[
    Req("type", Kind::Text),
    Opt("subtype", Kind::Text),
    Opt("description", Kind::Text),
    Opt("masking", Kind::Flag),
]);
