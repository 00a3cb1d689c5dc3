//! Tests of the room as a whole, on events that real clients sent and on made-up ones.

mod agreement;
mod faults;
mod fixtures;
mod limits;
mod mutation;
mod tolerance;

use serde_json::Value;

use super::{Fault, Parsed, Rejection, parse};

/// Reads an event that must be accepted.
fn accepted(event: &Value) -> Parsed {
    parse(event.to_string().as_bytes()).unwrap_or_else(|rejection| panic!("{rejection}"))
}

/// Reads an event that must be refused.
fn refused(event: &Value) -> Rejection {
    parse(event.to_string().as_bytes()).expect_err("must be refused")
}

/// Returns places and codes of faults.
fn places(faults: &[Fault]) -> Vec<(&str, &str)> {
    faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect()
}

/// Makes a small event of a run, with the given facets of its only output.
fn run_event(facets: &Value) -> Value {
    serde_json::json!({
        "eventTime": "2026-03-01T10:00:00Z",
        "producer": "https://example.com/tests",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "eventType": "COMPLETE",
        "run": {"runId": "0195519c-4000-7000-8000-000000000001"},
        "job": {"namespace": "tests", "name": "job"},
        "inputs": [{"namespace": "tests", "name": "source"}],
        "outputs": [{"namespace": "tests", "name": "target", "facets": facets}],
    })
}

/// Makes a facet out of its own members.
fn facet(mut members: Value) -> Value {
    members["_producer"] = "https://example.com/tests".into();
    members["_schemaURL"] = "https://example.com/schema".into();
    members
}
