//! Facets that more than one kind of owner has: documentation, owners, tags.

use serde::{Deserialize, Serialize};

use super::lenient;
use super::map::Facet;
use crate::openlineage::shape::Field::{Opt, Req};
use crate::openlineage::shape::{Kind, Object};

/// What a job or dataset is (`DocumentationJobFacet`, `DocumentationDatasetFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Documentation {
    /// The description.
    pub description: String,
    /// Its media type, such as `text/markdown`.
    pub content_type: Option<String>,
}

impl Facet for Documentation {
    const KEY: &'static str = "documentation";
}

pub(in crate::openlineage) static DOCUMENTATION: Object =
    Object::facet(&[Req("description", Kind::Text), Opt("contentType", Kind::Text)]);

/// Who answers for a job or dataset (`OwnershipJobFacet`, `OwnershipDatasetFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ownership {
    /// The owners.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub owners: Vec<Owner>,
}

/// One owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// Who, best as `user:…`, `team:…` or `application:…`.
    pub name: String,
    /// In what role, such as `MAINTAINER`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

impl Facet for Ownership {
    const KEY: &'static str = "ownership";
}

pub(in crate::openlineage) static OWNERSHIP: Object =
    Object::facet(&[Opt("owners", Kind::List(&Kind::Object(&OWNER)))]);

static OWNER: Object = Object::plain(&[Req("name", Kind::Text), Opt("type", Kind::Text)]);

/// Tags of a run, a job, a dataset or its columns (`TagsRunFacet`, `TagsJobFacet`,
/// `TagsDatasetFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tags {
    /// The tags.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub tags: Vec<Tag>,
}

/// One tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// Its key.
    pub key: String,
    /// Its value.
    #[serde(deserialize_with = "lenient::scalar_required")]
    pub value: String,
    /// Who set it, such as `USER` or `DBT CORE`.
    pub source: Option<String>,
    /// The column that it is on; none for the dataset as a whole. Only datasets have it.
    pub field: Option<String>,
}

impl Facet for Tags {
    const KEY: &'static str = "tags";
}

pub(in crate::openlineage) static TAGS: Object =
    Object::facet(&[Opt("tags", Kind::List(&Kind::Object(&TAG)))]);

static TAG: Object = Object::plain(&[
    Req("key", Kind::Text),
    Req("value", Kind::Scalar),
    Opt("source", Kind::Text),
    Opt("field", Kind::Column),
]);
