//! Lineage events as JSON, after version 2-0-2 of the OpenLineage standard.
//!
//! This file knows what an event looks like; what is in it comes from a job's report.

use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::batch::{Batch, text};

/// Who the events say they come from.
pub const PRODUCER: &str = concat!("https://meridian.example/etl/", env!("CARGO_PKG_VERSION"));

/// Which moment of a run an event tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    Start,
    Running,
    Complete,
    Fail,
    Abort,
}

/// What kind of process a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobKind {
    /// A set of tasks; it moves no data itself.
    Dag,
    Task,
    /// A stream that reports every so many seconds.
    Stream {
        seconds: u64,
    },
}

/// A job as events name it.
#[derive(Debug, Clone)]
pub struct JobName {
    pub namespace: String,
    pub name: String,
    pub doc: String,
    pub owner: String,
    pub kind: JobKind,
}

/// A run as events name it.
#[derive(Debug, Clone)]
pub struct Run {
    pub id: Uuid,
    /// The run and the name of the DAG that it is a part of, in the job's namespace.
    pub parent: Option<(Uuid, String)>,
}

/// What an event adds to its job and run.
#[derive(Debug, Default)]
pub struct Details {
    pub sql: Option<String>,
    pub error: Option<String>,
    pub inputs: Vec<Json>,
    pub outputs: Vec<Json>,
}

/// Makes a facet of a body: `schema` is its version and name, as in `1-0-1/SQLJobFacet`.
#[must_use]
pub fn facet(schema: &str, mut body: Json) -> Json {
    if let (Json::Object(body), Some((_, name))) = (&mut body, schema.split_once('/')) {
        let url = format!("https://openlineage.io/spec/facets/{schema}.json#/$defs/{name}");
        body.insert("_producer".to_owned(), json!(PRODUCER));
        body.insert("_schemaURL".to_owned(), json!(url));
    }
    body
}

/// Makes the event of a moment.
#[must_use]
pub fn event(moment: Moment, run: &Run, job: &JobName, batch: &Batch, details: Details) -> Json {
    let moment = match moment {
        Moment::Start => "START",
        Moment::Running => "RUNNING",
        Moment::Complete => "COMPLETE",
        Moment::Fail => "FAIL",
        Moment::Abort => "ABORT",
    };
    json!({
        "eventType": moment,
        "eventTime": Timestamp::now().to_string(),
        "producer": PRODUCER,
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": { "runId": run.id, "facets": run_facets(run, job, batch, details.error) },
        "job": {
            "namespace": job.namespace,
            "name": job.name,
            "facets": job_facets(job, details.sql),
        },
        "inputs": details.inputs,
        "outputs": details.outputs,
    })
}

/// Makes the event that declares a dataset.
#[must_use]
pub fn declaration(dataset: &Json) -> Json {
    json!({
        "eventTime": Timestamp::now().to_string(),
        "producer": PRODUCER,
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent",
        "dataset": dataset,
    })
}

fn run_facets(run: &Run, job: &JobName, batch: &Batch, error: Option<String>) -> Json {
    let mut facets = Map::new();
    let engine = json!({ "name": "meridian-etl", "version": env!("CARGO_PKG_VERSION") });
    facets.insert("processing_engine".to_owned(), facet("1-1-1/ProcessingEngineRunFacet", engine));
    if !matches!(job.kind, JobKind::Stream { .. }) {
        let nominal =
            json!({ "nominalStartTime": text(batch.start), "nominalEndTime": text(batch.end) });
        facets.insert("nominalTime".to_owned(), facet("1-0-1/NominalTimeRunFacet", nominal));
    }
    if let Some((id, dag)) = &run.parent {
        let parent = json!({
            "run": { "runId": id },
            "job": { "namespace": job.namespace, "name": dag },
            "root": {
                "run": { "runId": id },
                "job": { "namespace": job.namespace, "name": dag },
            },
        });
        facets.insert("parent".to_owned(), facet("1-2-0/ParentRunFacet", parent));
    }
    if let Some(message) = error {
        let error = json!({ "message": message, "programmingLanguage": "RUST" });
        facets.insert("errorMessage".to_owned(), facet("1-0-1/ErrorMessageRunFacet", error));
    }
    Json::Object(facets)
}

fn job_facets(job: &JobName, sql: Option<String>) -> Json {
    let mut facets = Map::new();
    let (processing, kind) = match job.kind {
        JobKind::Dag => ("BATCH", "DAG"),
        JobKind::Task => ("BATCH", "TASK"),
        JobKind::Stream { .. } => ("STREAMING", "JOB"),
    };
    let mut job_type =
        json!({ "processingType": processing, "integration": "MERIDIAN", "jobType": kind });
    if let JobKind::Stream { seconds } = job.kind {
        job_type["emissionPattern"] = json!({
            "eventTrigger": "PERIODIC",
            "eventContentMode": "ACCUMULATIVE",
            "windowDuration": seconds.max(1),
        });
    }
    facets.insert("jobType".to_owned(), facet("2-0-4/JobTypeJobFacet", job_type));
    let doc = json!({ "description": job.doc });
    facets.insert("documentation".to_owned(), facet("1-1-0/DocumentationJobFacet", doc));
    let owners = json!({ "owners": [{ "name": job.owner, "type": "MAINTAINER" }] });
    facets.insert("ownership".to_owned(), facet("1-0-1/OwnershipJobFacet", owners));
    if let Some(query) = sql {
        let sql = json!({ "query": query, "dialect": "sqlite" });
        facets.insert("sql".to_owned(), facet("1-1-0/SQLJobFacet", sql));
    }
    Json::Object(facets)
}
