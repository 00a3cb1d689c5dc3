//! Edges that a producer states outright, instead of leaving them to be inferred from
//! inputs and outputs (`LineageFacet`, 2026-08).
//!
//! Edges are written from the target's side. What they mean next to inputs, outputs and
//! column lineage is for the catalog to decide.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::column_lineage::{TRANSFORMATION, Transformation};
use super::lenient;
use super::map::Facet;
use crate::openlineage::shape::Field::{Opt, Req};
use crate::openlineage::shape::{Counted, Kind, Object, Rule};

/// Edges that a job's event states (`LineageJobFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobLineage {
    /// One entry a target.
    pub entries: Vec<LineageEntry>,
}

/// One target and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "UPPERCASE", rename_all_fields = "camelCase")]
pub enum LineageEntry {
    /// A dataset.
    Dataset {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
        /// What it comes from as a whole; an empty list says "from nothing that is tracked".
        inputs: Option<Vec<LineageInput>>,
        /// By column: what it comes from.
        #[serde(default, deserialize_with = "lenient::map")]
        fields: BTreeMap<String, LineageField>,
    },
    /// A job; the event's own if it has no name.
    Job {
        /// Its namespace; there is one exactly if there is a name.
        namespace: Option<String>,
        /// Its name.
        name: Option<String>,
        /// Its run, as the producer wrote the id.
        run_id: Option<String>,
        /// What it reads.
        inputs: Option<Vec<LineageInput>>,
    },
}

/// What one column comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineageField {
    /// The inputs; an empty list says "from nothing that is tracked".
    pub inputs: Vec<LineageInput>,
}

/// One thing that a target comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "UPPERCASE", rename_all_fields = "camelCase")]
pub enum LineageInput {
    /// A dataset or one of its columns.
    Dataset {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
        /// The column; none for the dataset as a whole.
        field: Option<String>,
        /// How it was used.
        #[serde(default, deserialize_with = "lenient::or_default")]
        transformations: Vec<Transformation>,
    },
    /// A job; the event's own if it has no name.
    Job {
        /// Its namespace; there is one exactly if there is a name.
        namespace: Option<String>,
        /// Its name.
        name: Option<String>,
        /// Its run, as the producer wrote the id.
        run_id: Option<String>,
        /// How it was used.
        #[serde(default, deserialize_with = "lenient::or_default")]
        transformations: Vec<Transformation>,
    },
}

impl Facet for JobLineage {
    const KEY: &'static str = "lineage";
}

/// What a dataset comes from, stated in a dataset event (`LineageDatasetFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetLineage {
    /// What it comes from as a whole; an empty list says "from nothing that is tracked".
    pub inputs: Option<Vec<LineageInput>>,
    /// By column: what it comes from.
    #[serde(default, deserialize_with = "lenient::map")]
    pub fields: BTreeMap<String, LineageField>,
}

impl Facet for DatasetLineage {
    const KEY: &'static str = "lineage";
}

pub(in crate::openlineage) static JOB_LINEAGE: Object = Object::facet(&[Req(
    "entries",
    Kind::List(&Kind::Tagged(&[("DATASET", &DATASET_ENTRY), ("JOB", &JOB_ENTRY)])),
)]);

pub(in crate::openlineage) static DATASET_LINEAGE: Object =
    Object::facet(&[Opt("inputs", INPUTS), Opt("fields", FIELDS)]);

const INPUTS: Kind = Kind::List(&Kind::Tagged(&[("DATASET", &DATASET_INPUT), ("JOB", &JOB_INPUT)]));

const FIELDS: Kind = Kind::ColumnMap(&Kind::Object(&LINEAGE_FIELD));

static LINEAGE_FIELD: Object = Object::plain(&[Req("inputs", INPUTS)]);

static DATASET_ENTRY: Object = Object::plain(&[
    Req("namespace", Kind::Name),
    Req("name", Kind::Name),
    Opt("inputs", INPUTS),
    Opt("fields", FIELDS),
]);

static JOB_ENTRY: Object = Object::plain(&[
    Opt("namespace", Kind::Name),
    Opt("name", Kind::Name),
    Opt("runId", Kind::Name),
    Opt("inputs", INPUTS),
])
.with(Rule::Together("namespace", "name"));

static DATASET_INPUT: Object = Object::plain(&[
    Req("namespace", Kind::Name),
    Req("name", Kind::Name),
    Opt("field", Kind::Column),
    Opt("transformations", Kind::List(&Kind::Object(&TRANSFORMATION))),
])
.counting(Counted::Edge);

static JOB_INPUT: Object = Object::plain(&[
    Opt("namespace", Kind::Name),
    Opt("name", Kind::Name),
    Opt("runId", Kind::Name),
    Opt("transformations", Kind::List(&Kind::Object(&TRANSFORMATION))),
])
.with(Rule::Together("namespace", "name"))
.counting(Counted::Edge);
