//! The columns of a dataset.

use serde::{Deserialize, Serialize};

use super::lenient;
use super::map::Facet;
use crate::openlineage::shape::Field::{Opt, Req};
use crate::openlineage::shape::{Counted, Kind, Object};

/// The columns of a dataset (`SchemaDatasetFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// The columns, in the producer's order.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub fields: Vec<SchemaField>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaField {
    /// Its name; may be empty, as CSV headers are.
    pub name: String,
    /// Its type, in the store's own words.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// What it holds.
    pub description: Option<String>,
    /// Its place in the dataset, counted from 1.
    #[serde(default, deserialize_with = "lenient::count")]
    pub ordinal_position: Option<i64>,
    /// The columns inside it, if it is a structure.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub fields: Vec<SchemaField>,
}

impl Facet for Schema {
    const KEY: &'static str = "schema";
}

pub(in crate::openlineage) static SCHEMA: Object =
    Object::facet(&[Opt("fields", Kind::List(&Kind::Object(&SCHEMA_FIELD)))]);

static SCHEMA_FIELD: Object = Object::plain(&[
    Req("name", Kind::Column),
    Opt("type", Kind::Text),
    Opt("description", Kind::Text),
    Opt("ordinal_position", Kind::Count),
    Opt("fields", Kind::List(&Kind::Object(&SCHEMA_FIELD))),
])
.counting(Counted::Column);
