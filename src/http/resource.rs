//! Words that several resources share: names, owners, columns, and reading a JSON body.

use std::collections::BTreeMap;

use axum::body::Body;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::documents;
use super::problem::Problem;
use crate::catalog::{ColumnView, DatasetPut, FieldPut, OwnerView};

/// A namespace and a name.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct EntityName {
    /// The namespace.
    #[schema(example = "postgres://db:5432")]
    pub(super) namespace: String,
    /// The name.
    #[schema(example = "shop.public.orders")]
    pub(super) name: String,
}

/// Somebody who owns something.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct Owner {
    /// Who.
    #[schema(example = "team:data-platform")]
    pub(super) name: String,
    /// In which role.
    #[serde(rename = "type")]
    #[schema(example = "MAINTAINER")]
    pub(super) role: Option<String>,
}

impl From<OwnerView> for Owner {
    fn from(owner: OwnerView) -> Self {
        Self { name: owner.name, role: owner.role }
    }
}

/// A column.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Column {
    /// Its name; nested ones with the names above, joined by dots.
    #[schema(example = "customer_id")]
    name: String,
    /// Its type, in its store's words.
    #[serde(rename = "type")]
    #[schema(example = "BIGINT")]
    data_type: Option<String>,
    /// What it holds.
    description: Option<String>,
    /// Its tags.
    tags: Vec<String>,
}

impl From<ColumnView> for Column {
    fn from(column: ColumnView) -> Self {
        let ColumnView { name, data_type, description, tags } = column;
        Self { name, data_type, description, tags }
    }
}

/// A column to describe.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PutField {
    /// Its name.
    #[schema(min_length = 1, example = "customer_id")]
    name: String,
    /// Its type, in its store's words.
    #[serde(rename = "type")]
    #[schema(example = "BIGINT")]
    data_type: Option<String>,
    /// What it holds.
    description: Option<String>,
    /// Its tags.
    #[serde(default)]
    #[schema(value_type = documents::Tags)]
    tags: Vec<String>,
    /// The fields nested in it.
    #[serde(default)]
    #[schema(no_recursion)]
    fields: Vec<PutField>,
}

impl From<PutField> for FieldPut {
    fn from(put: PutField) -> Self {
        Self {
            name: put.name,
            data_type: put.data_type,
            description: put.description,
            tags: put.tags,
            fields: put.fields.into_iter().map(Self::from).collect(),
        }
    }
}

/// A dataset to create or describe; what is left out stays as it is.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PutDataset {
    /// Its namespace.
    #[schema(min_length = 1, example = "postgres://db:5432")]
    namespace: String,
    /// Its name.
    #[schema(min_length = 1, example = "shop.public.orders")]
    name: String,
    /// The source it lives in.
    #[schema(min_length = 1)]
    source: Option<String>,
    /// What it holds.
    description: Option<String>,
    /// Its columns, all of them.
    fields: Option<Vec<PutField>>,
    /// Its owners, all of them.
    owners: Option<Vec<Owner>>,
    /// Tags to put on it.
    #[serde(default)]
    #[schema(value_type = documents::Tags)]
    tags: Vec<String>,
    /// Properties to set, or with null to remove.
    #[serde(default)]
    properties: BTreeMap<String, Option<String>>,
}

impl From<PutDataset> for DatasetPut {
    fn from(put: PutDataset) -> Self {
        let owners =
            put.owners.map(|owners| owners.into_iter().map(|o| (o.name, o.role)).collect());
        Self {
            namespace: put.namespace,
            name: put.name,
            source: put.source,
            description: put.description,
            fields: put.fields.map(|fields| fields.into_iter().map(FieldPut::from).collect()),
            owners,
            tags: put.tags,
            properties: put.properties,
            ..Self::default()
        }
    }
}

/// Reads a JSON body of at most `limit` bytes.
///
/// # Errors
///
/// A problem that tells what is wrong and where.
pub(super) async fn read_json<T: DeserializeOwned>(body: Body, limit: usize) -> Result<T, Problem> {
    let bytes = super::body::read(body, limit).await?;
    let mut text = serde_json::Deserializer::from_slice(&bytes);
    let read = serde_path_to_error::deserialize(&mut text).map_err(|error| {
        Problem::bad_input(&pointer(error.path()), &in_words(&error.inner().to_string()))
    })?;
    text.end().map_err(|error| Problem::bad_input("body", &error.to_string()))?;
    Ok(read)
}

/// Writes where in a body something is as a JSON pointer (RFC 6901); the whole is `body`.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let place = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(format!("/{index}")),
        Segment::Map { key } => Some(format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    let whole: String = path.iter().filter_map(place).collect();
    if whole.is_empty() { "body".to_owned() } else { whole }
}

/// Says what was expected without the names that types have in this program.
fn in_words(message: &str) -> String {
    let Some((before, rest)) = message.split_once("expected struct ") else {
        return message.to_owned();
    };
    let after = rest.split_once(' ').map_or(String::new(), |(_, after)| format!(" {after}"));
    format!("{before}expected an object{after}")
}

/// Returns the word that a plain enum is serialised as.
pub(super) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
