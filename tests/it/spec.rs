//! What the standard says, end to end: from events in to lineage, states and schemas out.
//!
//! Expectations are written by hand from the standard and from reading the events.

mod edges;
mod fixtures;
mod lineage;
mod names;
mod runs;
mod schemas;

use serde_json::{Value, json};

use crate::events::base;

/// The namespace of all datasets here.
const NS: &str = "pg";

fn run_id(run: u32) -> String {
    format!("00000000-0000-7000-8000-{run:012}")
}

/// Makes a run event: its run, type, minute and job, and what it reads and writes.
fn run_event(run: u32, event_type: &str, minute: u8, job: &str) -> Value {
    let mut event = base(minute, "RunEvent");
    event["eventType"] = json!(event_type);
    event["run"] = json!({"runId": run_id(run)});
    event["job"] = json!({"namespace": "etl", "name": job});
    event
}

/// Adds datasets to an event.
fn with_io(mut event: Value, inputs: &[&str], outputs: &[&str]) -> Value {
    let named = |names: &[&str]| -> Vec<Value> { names.iter().map(|name| dataset(name)).collect() };
    event["inputs"] = Value::Array(named(inputs));
    event["outputs"] = Value::Array(named(outputs));
    event
}

fn dataset(name: &str) -> Value {
    json!({"namespace": NS, "name": name})
}

/// Makes a dataset event.
fn dataset_event(minute: u8, name: &str, facets: Value) -> Value {
    let mut event = base(minute, "DatasetEvent");
    event["dataset"] = json!({"namespace": NS, "name": name, "facets": facets});
    event
}
