//! One generated run event, written straight as JSON text.
//!
//! START says what the job is and which columns it reads; the terminal event which columns it
//! wrote, where each of them came from, and how many rows. Consumers add the two up, as the
//! standard tells them to.

use std::fmt::Write;

use crate::base::{RunId, Time};

use super::facets::{
    PRODUCER, open, write_columns, write_owner, write_schema, write_source, write_statistics,
    write_tags,
};
use super::lineage::write_sql;
use super::number::push_number;
use super::world::{Dataset, Job, World};

/// What a run event tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Start,
    Complete,
    Fail,
}

/// One run of a job.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) id: RunId,
    /// The DAG run it is a part of, if any.
    pub(super) parent: Option<RunId>,
    pub(super) nominal: Time,
    pub(super) start: Time,
    pub(super) end: Time,
    pub(super) rows: u64,
}

/// What all events of a stream have in common.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    pub(super) world: World,
    pub(super) column_lineage: bool,
    pub(super) bytes_min: usize,
}

impl Writer {
    /// Writes one event.
    pub(super) fn event(&self, job: &Job, run: &Run, phase: Phase) -> String {
        let mut out = String::with_capacity(4_096);
        let (kind, time) = match phase {
            Phase::Start => ("START", run.start),
            Phase::Complete => ("COMPLETE", run.end),
            Phase::Fail => ("FAIL", run.end),
        };
        _ = write!(out, r#"{{"eventType":"{kind}","eventTime":"{time}","producer":"{PRODUCER}","#);
        out.push_str(r#""schemaURL":"https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/"#);
        out.push_str(r#"RunEvent","run":"#);
        write_run(&mut out, job, run, phase);
        out.push_str(r#","job":"#);
        let filler = self.job(&mut out, job, phase);
        out.push_str(r#","inputs":["#);
        for (at, input) in job.inputs.iter().enumerate() {
            out.push_str(if at == 0 { "" } else { "," });
            self.input(&mut out, input, phase);
        }
        out.push_str(r#"],"outputs":["#);
        for (at, output) in job.outputs.iter().enumerate() {
            out.push_str(if at == 0 { "" } else { "," });
            self.output(&mut out, job, output, run, phase);
        }
        out.push_str("]}");
        self.fill(&mut out, filler);
        out
    }

    /// Writes the job and returns where in the text another facet of it may be put.
    fn job(&self, out: &mut String, job: &Job, phase: Phase) -> usize {
        write_names(out, &job.namespace, &job.name);
        out.push_str(r#","facets":{"#);
        open(out, "jobType", "2-0-4", "JobTypeJobFacet");
        out.push_str(r#""processingType":"BATCH","integration":"SPARK","jobType":"TASK"}"#);
        if phase == Phase::Start {
            out.push(',');
            write_owner(out, "OwnershipJobFacet", job.domain.team);
            out.push(',');
            open(out, "sql", "1-1-0", "SQLJobFacet");
            out.push_str(r#""query":""#);
            write_sql(out, &self.world, job);
            out.push_str("\"}");
        }
        let filler = out.len();
        out.push_str("}}");
        filler
    }

    fn input(&self, out: &mut String, input: &Dataset, phase: Phase) {
        write_names(out, &input.namespace, &input.name);
        if phase == Phase::Start {
            out.push_str(r#","facets":{"#);
            write_schema(out, &self.world, input);
            out.push('}');
        }
        out.push('}');
    }

    fn output(&self, out: &mut String, job: &Job, output: &Dataset, run: &Run, phase: Phase) {
        write_names(out, &output.namespace, &output.name);
        out.push_str(r#","facets":{"#);
        if phase == Phase::Start {
            write_source(out, output);
            out.push(',');
            write_owner(out, "OwnershipDatasetFacet", job.domain.team);
            out.push(',');
            write_tags(out, &self.world, output);
        } else {
            write_schema(out, &self.world, output);
            if self.column_lineage {
                out.push(',');
                write_columns(out, &self.world, job, output);
            }
        }
        out.push('}');
        if phase == Phase::Complete {
            out.push_str(r#","outputFacets":{"#);
            write_statistics(out, run.rows);
            out.push('}');
        }
        out.push('}');
    }

    /// Puts a facet at `at` that makes the event as large as was asked for.
    fn fill(&self, out: &mut String, at: usize) {
        if out.len() >= self.bytes_min {
            return;
        }
        let mut facet = String::from(",");
        _ = write!(
            facet,
            r#""generate_filler":{{"_producer":"{PRODUCER}","_schemaURL":"{PRODUCER}:Filler","#
        );
        facet.push_str(r#""text":""#);
        let missing = self.bytes_min.saturating_sub(out.len() + facet.len() + 2);
        facet.extend("lethe ".chars().cycle().take(missing));
        facet.push_str("\"}");
        out.insert_str(at, &facet);
    }
}

/// Opens an object that a namespace and a name identify.
fn write_names(out: &mut String, namespace: &str, name: &str) {
    out.push_str(r#"{"namespace":""#);
    out.push_str(namespace);
    out.push_str(r#"","name":""#);
    out.push_str(name);
    out.push('"');
}

fn write_run(out: &mut String, job: &Job, run: &Run, phase: Phase) {
    _ = write!(out, r#"{{"runId":"{}","facets":{{"#, run.id);
    let mut separator = "";
    if phase == Phase::Start {
        open(out, "nominalTime", "1-0-1", "NominalTimeRunFacet");
        _ = write!(out, r#""nominalStartTime":"{}"}},"#, run.nominal);
        open(out, "processing_engine", "1-1-1", "ProcessingEngineRunFacet");
        out.push_str(r#""version":"4.1.0","name":"spark"}"#);
        separator = ",";
    }
    if let Some(parent) = run.parent {
        out.push_str(separator);
        open(out, "parent", "1-2-0", "ParentRunFacet");
        _ = write!(out, r#""run":{{"runId":"{parent}"}},"job":"#);
        write_names(out, &job.namespace, &job.dag);
        out.push_str("}}");
        separator = ",";
    }
    if phase == Phase::Fail {
        out.push_str(separator);
        open(out, "errorMessage", "1-0-1", "ErrorMessageRunFacet");
        out.push_str(r#""message":"executor lost after "#);
        push_number(out, run.rows);
        out.push_str(r#" rows","programmingLanguage":"JAVA"}"#);
    }
    out.push_str("}}");
}
