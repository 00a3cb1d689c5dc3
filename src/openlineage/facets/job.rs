//! Facets of jobs: what kind of job it is, and the code that it runs.

use serde::{Deserialize, Serialize};

use super::lenient;
use super::map::Facet;
use crate::openlineage::shape::Field::{Opt, Req};
use crate::openlineage::shape::{Kind, Object};

/// What kind of job it is (`JobTypeJobFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobType {
    /// `BATCH`, `STREAMING`, `SERVICE` or a producer's own word.
    pub processing_type: String,
    /// The integration that speaks, such as `SPARK`.
    pub integration: String,
    /// The integration's own kind, such as `DAG`, `TASK` or `MODEL`.
    pub job_type: Option<String>,
    /// When events are sent and what each says.
    pub emission_pattern: Option<EmissionPattern>,
}

/// When a job's events are sent and what each says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EmissionPattern {
    /// `EVENT_BASED` or `PERIODIC`.
    pub event_trigger: String,
    /// `ACCUMULATIVE`, or `COMPLETE_SNAPSHOT` if each event is the whole truth of its window.
    pub event_content_mode: String,
    /// Length of the window, in seconds.
    #[serde(default, deserialize_with = "lenient::count")]
    pub window_duration: Option<i64>,
}

impl Facet for JobType {
    const KEY: &'static str = "jobType";
}

pub(in crate::openlineage) static JOB_TYPE: Object = Object::facet(&[
    Req("processingType", Kind::Text),
    Req("integration", Kind::Text),
    Opt("jobType", Kind::Text),
    Opt("emissionPattern", Kind::Object(&EMISSION_PATTERN)),
]);

static EMISSION_PATTERN: Object = Object::plain(&[
    Req("eventTrigger", Kind::Text),
    Req("eventContentMode", Kind::Text),
    Opt("windowDuration", Kind::Count),
]);

/// The job's code itself (`SourceCodeJobFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceCode {
    /// The code's language.
    pub language: String,
    /// The code.
    pub source_code: String,
}

impl Facet for SourceCode {
    const KEY: &'static str = "sourceCode";
}

pub(in crate::openlineage) static SOURCE_CODE: Object =
    Object::facet(&[Req("language", Kind::Text), Req("sourceCode", Kind::Text)]);

/// Where the job's code is kept (`SourceCodeLocationJobFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceCodeLocation {
    /// The version control system, such as `git`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The full URL of the file.
    pub url: String,
    /// The repository's URL.
    pub repo_url: Option<String>,
    /// The path inside the repository.
    pub path: Option<String>,
    /// The revision that runs.
    #[serde(default, deserialize_with = "lenient::scalar")]
    pub version: Option<String>,
    /// The tag that runs.
    #[serde(default, deserialize_with = "lenient::scalar")]
    pub tag: Option<String>,
    /// The branch that runs.
    #[serde(default, deserialize_with = "lenient::scalar")]
    pub branch: Option<String>,
    /// The pull request that a build belongs to.
    #[serde(default, deserialize_with = "lenient::scalar")]
    pub pull_request_number: Option<String>,
}

impl Facet for SourceCodeLocation {
    const KEY: &'static str = "sourceCodeLocation";
}

pub(in crate::openlineage) static SOURCE_CODE_LOCATION: Object = Object::facet(&[
    Req("type", Kind::Text),
    Req("url", Kind::Text),
    Opt("repoUrl", Kind::Text),
    Opt("path", Kind::Text),
    Opt("version", Kind::Scalar),
    Opt("tag", Kind::Scalar),
    Opt("branch", Kind::Scalar),
    Opt("pullRequestNumber", Kind::Scalar),
]);

/// The query that the job runs (`SQLJobFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sql {
    /// The query's text.
    pub query: String,
    /// Its dialect, such as `postgres`.
    pub dialect: Option<String>,
}

impl Facet for Sql {
    const KEY: &'static str = "sql";
}

pub(in crate::openlineage) static SQL: Object =
    Object::facet(&[Req("query", Kind::Text), Opt("dialect", Kind::Text)]);
