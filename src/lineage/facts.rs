//! What pipelines assert, in the words of the lineage graph: its only input.
//!
//! The caller folds events into these facts, deduplicated by content. Nothing here parses
//! OpenLineage, knows a database or decides which fact wins: precedence (OpenLineage
//! explicit lineage facet, then column lineage, then inputs × outputs) is the graph's.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{DatasetId, JobId, Time};

/// When and how often something was asserted.
///
/// For what runs observed, take the times of the *run* (its start), not of the event, so
/// that all that one run asserted begins and ends together.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
pub struct Seen {
    /// First time it was asserted.
    #[schema(value_type = String, format = DateTime)]
    pub first: Time,
    /// Last time it was asserted.
    #[schema(value_type = String, format = DateTime)]
    pub last: Time,
    /// Number of runs that asserted it; 0 for declarations.
    pub runs: u32,
}

/// How an edge is known. The order is the strength: what is observed beats what is inferred.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Nobody said so: inputs × outputs of one job.
    Inferred,
    /// A JobEvent, a DatasetEvent or somebody over the API said so.
    Declared,
    /// A run did it.
    Observed,
}

/// Side of a job on which a dataset stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The job reads it.
    Input,
    /// The job writes it.
    Output,
}

/// Name of a dataset in its namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DatasetName<'a> {
    /// Namespace, e.g. `postgres://db:5432`.
    pub namespace: &'a str,
    /// Name, e.g. `shop.public.orders`.
    pub name: &'a str,
}

/// Name of a job in its namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobName<'a> {
    /// Namespace of the scheduler or application.
    pub namespace: &'a str,
    /// Full name of the job.
    pub name: &'a str,
}

/// Everything that one job asserts, over all its runs and declarations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobFacts {
    /// The job that asserts.
    pub job: JobId,
    /// Datasets it reads and writes.
    pub io: Vec<IoFact>,
    /// Column lineage facets of its outputs.
    pub columns: Vec<ColumnFact>,
    /// Explicit lineage facets (`job.facets.lineage`).
    pub explicit: Vec<ExplicitFact>,
}

/// One dataset that a job reads or writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IoFact {
    /// The dataset.
    pub dataset: DatasetId,
    /// Whether it is read or written.
    pub direction: Direction,
    /// When.
    pub seen: Seen,
    /// How it is known.
    pub origin: Origin,
}

/// A column lineage facet of one output, in one version of its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnFact {
    /// The dataset that carries the facet.
    pub output: DatasetId,
    /// How it is known.
    pub origin: Origin,
    /// When it had this content.
    pub seen: Seen,
    /// Per output field, the inputs that feed it.
    pub fields: Vec<(String, Vec<FieldInput>)>,
    /// Inputs that influence every output field (`dataset[]`: filters, joins, sorting).
    pub dataset: Vec<FieldInput>,
}

/// An input of column lineage: a field, or a whole dataset where the field is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldInput {
    /// Dataset that is read.
    pub dataset: DatasetId,
    /// Its field, if known.
    pub field: Option<String>,
    /// What was done to the value on the way; empty if not told.
    pub transformations: Vec<Transformation>,
}

/// What was done to a value on its way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Transformation {
    /// Whether the value itself is carried, or only has influence.
    #[serde(rename = "type")]
    pub kind: TransformationKind,
    /// E.g. `IDENTITY`, `AGGREGATION`, `JOIN`.
    pub subtype: Option<String>,
    /// In the producer's words.
    pub description: Option<String>,
    /// Whether the value is made unreadable (hashed, counted…).
    pub masking: bool,
}

/// Kind of a transformation.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TransformationKind {
    /// The output's value derives from the input's value.
    Direct,
    /// The input decides about the output (filter, join, sort…) but is not in it.
    Indirect,
    /// A word the standard does not know.
    Other,
}

/// An explicit lineage facet of a job, in one version of its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplicitFact {
    /// Observed on a RunEvent, declared on a JobEvent.
    pub origin: Origin,
    /// When it had this content.
    pub seen: Seen,
    /// Its entries.
    pub entries: Vec<Entry>,
}

/// An entry of an explicit lineage facet: one target and what feeds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What is fed. The event's own job is spelled out by its id.
    pub target: EntryTarget,
    /// What feeds the target as a whole. Empty says: nothing that is tracked.
    pub inputs: Vec<EntryInput>,
    /// What feeds single fields of a dataset target.
    pub fields: Vec<(String, Vec<EntryInput>)>,
}

/// Target of an explicit lineage entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryTarget {
    /// A dataset.
    Dataset(DatasetId),
    /// A job, maybe the event's own.
    Job(JobId),
}

/// Input of an explicit lineage entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryInput {
    /// What feeds the target.
    pub source: EntrySource,
    /// What was done to the value on the way; empty if not told.
    pub transformations: Vec<Transformation>,
}

/// Source of an explicit lineage entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntrySource {
    /// A dataset, or one field of it.
    Dataset {
        /// The dataset.
        dataset: DatasetId,
        /// Its field, if told.
        field: Option<String>,
    },
    /// A job, maybe the event's own.
    Job(JobId),
}

/// What a dataset asserts about itself (`dataset.facets.lineage` of a DatasetEvent: a view's
/// definition, an alias): it derives from others without a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetFacts {
    /// The dataset that derives.
    pub dataset: DatasetId,
    /// When this was declared.
    pub seen: Seen,
    /// What feeds the dataset as a whole.
    pub inputs: Vec<EntryInput>,
    /// What feeds single fields.
    pub fields: Vec<(String, Vec<EntryInput>)>,
}
