//! Faults of the world around: a full disk, a database that is locked, crashes, hangs or is
//! gone, more than can be written, a directory that is taken, an end in the midst of work. Requests fail cleanly, say
//! when to come again, and nothing acknowledged is lost; it all comes back by itself.

mod damage;
mod disk;
mod end;
mod overload;
mod server;
mod taken;
mod writable;

use serde_json::{Value, json};

use crate::world::Answer;

/// An event with a text of some bytes, different for each number.
fn event(number: usize, bytes: usize) -> Value {
    let (minute, second) = (number / 60 % 60, number % 60);
    let text =
        json!({"_producer": "https://x", "_schemaURL": "https://x", "text": "x".repeat(bytes)});
    json!({
        "eventType": "COMPLETE", "eventTime": format!("2026-11-20T10:{minute:02}:{second:02}Z"),
        "producer": "https://example.com/test",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": format!("00000000-0000-7000-8000-{number:012}"), "facets": {"big": text}},
        "job": {"namespace": "etl", "name": format!("job_{}", number % 5)},
        "inputs": [{"namespace": "postgres://db:5432", "name": "shop.orders"}],
        "outputs": [{"namespace": "postgres://db:5432", "name": format!("shop.out_{number}")}],
    })
}

/// Demands that a write was refused for the database's sake, and that the answer says when
/// to come again.
#[track_caller]
fn unavailable(answer: &Answer) {
    answer.problem(503, "database-unavailable");
    assert_eq!(answer.header("retry-after"), Some("1"));
}
