//! Facts: what a job's runs say of data flow, each once, with how many runs said it.
//!
//! A run contributes a set of facts that follows from its document alone. A job keeps
//! the sum over its runs. When a run's document changes, the difference between its
//! old and new set is added to and taken from the sum, so that the sum never depends on
//! the order of events.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::stamp::Seen;
use crate::base::{DatasetId, Digest};

/// What a fact is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FactKind {
    /// The job read the dataset.
    #[serde(rename = "i")]
    Input,
    /// The job wrote the dataset.
    #[serde(rename = "o")]
    Output,
    /// The job wrote the dataset's columns from others, as that `columnLineage` facet says.
    #[serde(rename = "c")]
    Columns,
    /// The job moved data as that explicit `lineage` facet says.
    #[serde(rename = "e")]
    Explicit,
    /// A run once said so of columns, and took it back or said otherwise since; without a content,
    /// it said more such than are remembered.
    #[serde(rename = "q")]
    PastColumns,
    /// The same of explicit lineage.
    #[serde(rename = "x")]
    PastExplicit,
    /// The job had that set of inputs, outputs and code: a version of it.
    #[serde(rename = "v")]
    Version,
}

impl FactKind {
    /// Returns whether it is no longer said: when it was does not matter.
    pub(in crate::catalog) fn is_past(self) -> bool {
        matches!(self, Self::PastColumns | Self::PastExplicit)
    }
}

/// The identity of a fact: kind, dataset (or none), content (or none).
pub(in crate::catalog) type FactKey = (FactKind, Option<DatasetId>, Option<Digest>);

/// One fact and who saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is about.
    #[serde(rename = "k")]
    pub kind: FactKind,
    /// The dataset, except for explicit lineage and versions.
    #[serde(rename = "d")]
    pub dataset: Option<DatasetId>,
    /// The facet's (or version's) content, where there is one.
    #[serde(rename = "c")]
    pub content: Option<Digest>,
    /// When the runs that said it began and last spoke.
    #[serde(rename = "s")]
    pub seen: Seen,
    /// How many runs said it.
    #[serde(rename = "n")]
    pub runs: u32,
}

impl Fact {
    pub(super) fn key(&self) -> FactKey {
        (self.kind, self.dataset, self.content)
    }
}

/// What a job version is: its inputs, outputs and where its code is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobVersionContent {
    /// Datasets read.
    pub inputs: BTreeSet<DatasetId>,
    /// Datasets written.
    pub outputs: BTreeSet<DatasetId>,
    /// Where its code is (`sourceCodeLocation.url`).
    pub location: Option<String>,
}

impl JobVersionContent {
    /// Returns the digest that names the version.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.to_stored().0
    }

    /// Writes the version as it is stored, and its digest, which names it.
    pub(in crate::catalog) fn to_stored(&self) -> (Digest, Box<serde_json::value::RawValue>) {
        let raw = serde_json::value::to_raw_value(self)
            .unwrap_or_else(|_| serde_json::value::RawValue::NULL.to_owned());
        (Digest::of(raw.get().as_bytes()), raw)
    }
}
