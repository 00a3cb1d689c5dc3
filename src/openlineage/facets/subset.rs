//! Which part of a dataset a run read or wrote.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::lenient;
use super::map::Facet;
use crate::openlineage::shape::Field::{Opt, Req};
use crate::openlineage::shape::{Kind, Object, Rule};

/// Which part of an input was read or of an output was written
/// (`InputSubsetInputDatasetFacet`, `OutputSubsetOutputDatasetFacet`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subset {
    /// The part that was read.
    pub input_condition: Option<SubsetCondition>,
    /// The part that was written.
    pub output_condition: Option<SubsetCondition>,
}

/// What tells a part of a dataset from the rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum SubsetCondition {
    /// What lies in one of these places.
    Location {
        /// Paths or addresses.
        locations: Vec<String>,
    },
    /// What lies in one of these partitions.
    Partition {
        /// The partitions.
        partitions: Vec<Partition>,
    },
    /// What compares so.
    Compare {
        /// The left side.
        left: CompareOperand,
        /// The right side.
        right: CompareOperand,
        /// `EQUAL`, `GREATER_THAN`, `GREATER_EQUAL_THAN`, `LESS_THAN`, `LESS_EQUAL_THAN`.
        comparison: String,
    },
    /// What meets both conditions, or one of them.
    Binary {
        /// One condition.
        left: Box<SubsetCondition>,
        /// The other.
        right: Box<SubsetCondition>,
        /// `AND` or `OR`.
        operator: String,
    },
}

/// One partition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Partition {
    /// Its name, if it has one.
    pub identifier: Option<String>,
    /// Partition column to value.
    pub dimensions: Map<String, Value>,
}

/// One side of a comparison. A literal may be personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum CompareOperand {
    /// A column.
    Field {
        /// Its name.
        field: String,
    },
    /// A value.
    Literal {
        /// The value as text.
        #[serde(deserialize_with = "lenient::scalar_required")]
        value: String,
    },
}

impl Facet for Subset {
    const KEY: &'static str = "subset";
}

pub(in crate::openlineage) static SUBSET: Object = Object::facet(&[
    Opt("inputCondition", Kind::Tagged(&CONDITIONS)),
    Opt("outputCondition", Kind::Tagged(&CONDITIONS)),
])
.with(Rule::Either("inputCondition", "outputCondition"));

static CONDITIONS: [(&str, &Object); 4] = [
    ("location", &LOCATION),
    ("partition", &PARTITION_LIST),
    ("compare", &COMPARE),
    ("binary", &BINARY),
];

const OPERAND: Kind = Kind::Tagged(&[("field", &FIELD), ("literal", &LITERAL)]);

static LOCATION: Object = Object::plain(&[Req("locations", Kind::List(&Kind::Text))]);

static PARTITION_LIST: Object =
    Object::plain(&[Req("partitions", Kind::List(&Kind::Object(&PARTITION)))]);

static PARTITION: Object =
    Object::plain(&[Opt("identifier", Kind::Text), Req("dimensions", Kind::Values)]);

static COMPARE: Object =
    Object::plain(&[Req("left", OPERAND), Req("right", OPERAND), Req("comparison", Kind::Text)]);

static BINARY: Object = Object::plain(&[
    Req("left", Kind::Tagged(&CONDITIONS)),
    Req("right", Kind::Tagged(&CONDITIONS)),
    Req("operator", Kind::Text),
]);

static FIELD: Object = Object::plain(&[Req("field", Kind::Column)]);

static LITERAL: Object = Object::plain(&[Req("value", Kind::Scalar)]);
