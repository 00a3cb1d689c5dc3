//! What one event or edit says, as small documents that are ready to be joined.

use serde_json::value::RawValue;

use super::super::document::dataset::DatasetDoc;
use super::super::document::job::JobDoc;
use super::super::document::run::RunDoc;
use super::super::document::small::{NamespaceDoc, SourceDoc, TagDoc};
use crate::base::{Digest, RunId};

/// What one event (or edit) says, as documents to join.
#[derive(Debug, Default)]
pub struct Delta {
    /// Namespaces that it names.
    pub namespaces: Vec<NamespaceDoc>,
    /// Sources that it names.
    pub sources: Vec<SourceDoc>,
    /// Tags that it names.
    pub tags: Vec<TagDoc>,
    /// Datasets that it names.
    pub datasets: Vec<DatasetDoc>,
    /// Jobs that it names.
    pub jobs: Vec<JobDoc>,
    /// Runs that it names.
    pub runs: Vec<(RunId, RunDoc)>,
    /// Facet bodies that are kept once, by the digest of their text.
    pub facets: Vec<(Digest, Box<RawValue>)>,
}
