//! Facets of runs: when, by what engine, with what parameters, and what went wrong.
//!
//! The parent run is in `parent.rs`, test outcomes are in `outcome.rs`.

use serde::{Deserialize, Serialize};

use super::lenient;
use super::map::Facet;
use crate::base::Time;
use crate::openlineage::shape::Field::{Opt, Req};
use crate::openlineage::shape::{Kind, Object};

/// The interval that a scheduled run stands for (`NominalTimeRunFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NominalTime {
    /// Start of the interval.
    pub nominal_start_time: Time,
    /// End of the interval.
    #[serde(default, deserialize_with = "lenient::moment")]
    pub nominal_end_time: Option<Time>,
}

impl Facet for NominalTime {
    const KEY: &'static str = "nominalTime";
}

pub(in crate::openlineage) static NOMINAL_TIME: Object =
    Object::facet(&[Req("nominalStartTime", Kind::Moment), Opt("nominalEndTime", Kind::Moment)]);

/// Why a run failed (`ErrorMessageRunFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorMessage {
    /// The error, for people; empty if the error had no message.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub message: String,
    /// The language that the failed code is written in.
    pub programming_language: String,
    /// The language's own trace.
    pub stack_trace: Option<String>,
}

impl Facet for ErrorMessage {
    const KEY: &'static str = "errorMessage";
}

pub(in crate::openlineage) static ERROR_MESSAGE: Object = Object::facet(&[
    Opt("message", Kind::Text),
    Req("programmingLanguage", Kind::Text),
    Opt("stackTrace", Kind::Text),
]);

/// The query's id in the system that ran it (`ExternalQueryRunFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalQuery {
    /// The id.
    #[serde(deserialize_with = "lenient::scalar_required")]
    pub external_query_id: String,
    /// The system, such as `bigquery`.
    pub source: String,
}

impl Facet for ExternalQuery {
    const KEY: &'static str = "externalQuery";
}

pub(in crate::openlineage) static EXTERNAL_QUERY: Object =
    Object::facet(&[Req("externalQueryId", Kind::Scalar), Req("source", Kind::Text)]);

/// What lineage could not be extracted (`ExtractionErrorRunFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExtractionError {
    /// Statements, or other units, of the run.
    #[serde(deserialize_with = "lenient::count_required")]
    pub total_tasks: i64,
    /// How many of them could not be understood.
    #[serde(deserialize_with = "lenient::count_required")]
    pub failed_tasks: i64,
    /// One entry a failure.
    pub errors: Vec<ExtractionFailure>,
}

/// One unit of a run whose lineage could not be extracted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExtractionFailure {
    /// The error, for people.
    pub error_message: String,
    /// The extractor's own trace.
    pub stack_trace: Option<String>,
    /// The unit, such as an SQL statement.
    pub task: Option<String>,
    /// The unit's place in the run, counted from 0.
    #[serde(default, deserialize_with = "lenient::count")]
    pub task_number: Option<i64>,
}

impl Facet for ExtractionError {
    const KEY: &'static str = "extractionError";
}

pub(in crate::openlineage) static EXTRACTION_ERROR: Object = Object::facet(&[
    Req("totalTasks", Kind::Count),
    Req("failedTasks", Kind::Count),
    Req("errors", Kind::List(&Kind::Object(&EXTRACTION_FAILURE))),
]);

static EXTRACTION_FAILURE: Object = Object::plain(&[
    Req("errorMessage", Kind::Text),
    Opt("stackTrace", Kind::Text),
    Opt("task", Kind::Text),
    Opt("taskNumber", Kind::Count),
]);

/// What ran the job (`ProcessingEngineRunFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProcessingEngine {
    /// The engine's version.
    #[serde(deserialize_with = "lenient::scalar_required")]
    pub version: String,
    /// The engine, such as `spark`.
    pub name: Option<String>,
    /// The version of its `OpenLineage` adapter.
    pub openlineage_adapter_version: Option<String>,
}

impl Facet for ProcessingEngine {
    const KEY: &'static str = "processing_engine";
}

pub(in crate::openlineage) static PROCESSING_ENGINE: Object = Object::facet(&[
    Req("version", Kind::Scalar),
    Opt("name", Kind::Text),
    Opt("openlineageAdapterVersion", Kind::Text),
]);

/// The environment of the run (`EnvironmentVariablesRunFacet`). Values may be secrets:
/// they belong in no answer and no log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentVariables {
    /// The variables.
    pub environment_variables: Vec<EnvironmentVariable>,
}

/// One variable of the environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvironmentVariable {
    /// Its name.
    pub name: String,
    /// Its value, which may be a secret.
    #[serde(deserialize_with = "lenient::scalar_required")]
    pub value: String,
}

impl Facet for EnvironmentVariables {
    const KEY: &'static str = "environmentVariables";
}

pub(in crate::openlineage) static ENVIRONMENT_VARIABLES: Object =
    Object::facet(&[Req("environmentVariables", Kind::List(&Kind::Object(&VARIABLE)))]);

static VARIABLE: Object = Object::plain(&[Req("name", Kind::Text), Req("value", Kind::Scalar)]);

/// What the run was started with (`ExecutionParametersRunFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExecutionParameters {
    /// The parameters.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub parameters: Vec<ExecutionParameter>,
}

/// One parameter of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExecutionParameter {
    /// Its key.
    pub key: String,
    /// Its name, for people.
    pub name: Option<String>,
    /// What it does.
    pub description: Option<String>,
    /// Its value.
    #[serde(default, deserialize_with = "lenient::scalar")]
    pub value: Option<String>,
}

impl Facet for ExecutionParameters {
    const KEY: &'static str = "executionParameters";
}

pub(in crate::openlineage) static EXECUTION_PARAMETERS: Object =
    Object::facet(&[Opt("parameters", Kind::List(&Kind::Object(&PARAMETER)))]);

static PARAMETER: Object = Object::plain(&[
    Req("key", Kind::Text),
    Opt("name", Kind::Text),
    Opt("description", Kind::Text),
    Opt("value", Kind::Scalar),
]);
