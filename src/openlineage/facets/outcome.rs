//! Outcomes of tests: of a run as a whole, and assertions about an input dataset.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::lenient;
use super::map::Facet;
use crate::openlineage::shape::Field::{Opt, Req};
use crate::openlineage::shape::{Kind, Object};

/// Tests that a run carried out (`TestRunFacet`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestRun {
    /// The tests.
    pub tests: Vec<TestExecution>,
}

/// One test and its outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TestExecution {
    /// The test's name.
    pub name: String,
    /// `pass`, `fail`, `skip` or a producer's own word.
    pub status: String,
    /// What a failure leads to: `error` stops the pipeline, `warn` does not.
    pub severity: Option<String>,
    /// The kind of test, such as `not_null`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// What it checks, for people.
    pub description: Option<String>,
    /// The value or threshold that was expected.
    #[serde(default, deserialize_with = "lenient::scalar")]
    pub expected: Option<String>,
    /// The value that was found.
    #[serde(default, deserialize_with = "lenient::scalar")]
    pub actual: Option<String>,
    /// The test's body, such as a query.
    pub content: Option<String>,
    /// The body's language, such as `sql`.
    pub content_type: Option<String>,
    /// Whatever else the test takes.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub params: Map<String, Value>,
}

impl Facet for TestRun {
    const KEY: &'static str = "test";
}

pub(in crate::openlineage) static TEST_RUN: Object =
    Object::facet(&[Req("tests", Kind::List(&Kind::Object(&TEST_EXECUTION)))]);

static TEST_EXECUTION: Object = Object::plain(&[
    Req("name", Kind::Text),
    Req("status", Kind::Text),
    Opt("severity", Kind::Text),
    Opt("type", Kind::Text),
    Opt("description", Kind::Text),
    Opt("expected", Kind::Scalar),
    Opt("actual", Kind::Scalar),
    Opt("content", Kind::Text),
    Opt("contentType", Kind::Text),
    Opt("params", Kind::Values),
]);

/// Assertions about an input (`DataQualityAssertionsDatasetFacet`). Producers also send it
/// among the dataset's plain facets; look in both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataQualityAssertions {
    /// The assertions.
    pub assertions: Vec<Assertion>,
}

/// One assertion and whether it held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Assertion {
    /// The kind of assertion, such as `not_null`.
    pub assertion: String,
    /// Whether it held.
    pub success: bool,
    /// The column it is about; none for the dataset as a whole.
    pub column: Option<String>,
    /// What a failure leads to: `error` stops the pipeline, `warn` does not.
    pub severity: Option<String>,
    /// The assertion's name.
    pub name: Option<String>,
    /// What it checks, for people.
    pub description: Option<String>,
    /// The value or threshold that was expected.
    #[serde(default, deserialize_with = "lenient::scalar")]
    pub expected: Option<String>,
    /// The value that was found.
    #[serde(default, deserialize_with = "lenient::scalar")]
    pub actual: Option<String>,
    /// The assertion's body, such as a query.
    pub content: Option<String>,
    /// The body's language, such as `sql`.
    pub content_type: Option<String>,
    /// Whatever else the assertion takes.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub params: Map<String, Value>,
}

impl Facet for DataQualityAssertions {
    const KEY: &'static str = "dataQualityAssertions";
}

pub(in crate::openlineage) static DATA_QUALITY_ASSERTIONS: Object =
    Object::facet(&[Req("assertions", Kind::List(&Kind::Object(&ASSERTION)))]);

static ASSERTION: Object = Object::plain(&[
    Req("assertion", Kind::Text),
    Req("success", Kind::Flag),
    Opt("column", Kind::Column),
    Opt("severity", Kind::Text),
    Opt("name", Kind::Text),
    Opt("description", Kind::Text),
    Opt("expected", Kind::Scalar),
    Opt("actual", Kind::Scalar),
    Opt("content", Kind::Text),
    Opt("contentType", Kind::Text),
    Opt("params", Kind::Values),
]);
