//! What is hidden is not told by what is shown beside it: texts that name it, lists and counts
//! that it would be in, scores, sizes, words of refusals, times.

mod accesses;
mod acts;
mod forgotten;
mod lists;
mod obligations;
mod oracles;
mod texts;
mod times;

use serde_json::{Value, json};

use crate::policies::admin;
use crate::world::World;

/// The namespace of all datasets here.
const OPEN: &str = "open";

/// Somebody who asks, by their token.
struct Asking<'a> {
    world: &'a World,
    token: String,
}

impl<'a> Asking<'a> {
    /// Makes a person with a role known.
    async fn of_role(world: &'a World, role: &str) -> Self {
        Self { world, token: world.person(role, &[role]).await }
    }

    async fn get(&self, path: &str) -> crate::world::Answer {
        self.world.as_whom(&self.token, "GET", path, "").await
    }
}

fn facet(mut body: Value) -> Value {
    body["_producer"] = json!("https://example.com/etl");
    body["_schemaURL"] = json!("https://example.com/facet.json");
    body
}

fn sql(query: &str) -> Value {
    facet(json!({ "query": query }))
}

pub fn tags(all: &[(&str, &str, Option<&str>)]) -> Value {
    let tag = |(key, value, field): &(&str, &str, Option<&str>)| match field {
        Some(field) => json!({"key": key, "value": value, "field": field}),
        None => json!({"key": key, "value": value}),
    };
    facet(json!({"tags": all.iter().map(tag).collect::<Vec<_>>()}))
}

fn columns(names: &[&str]) -> Value {
    let field = |name: &&str| json!({"name": name, "type": "text"});
    facet(json!({"fields": names.iter().map(field).collect::<Vec<_>>()}))
}

fn dataset(name: &str, facets: Value) -> Value {
    json!({"namespace": OPEN, "name": name, "facets": facets})
}

fn plain(name: &str) -> Value {
    dataset(name, json!({}))
}

fn from_column(output: &str, source: &str, column: &str) -> Value {
    let lineage = json!({"fields": {"a": {"inputFields": [
        {"namespace": OPEN, "name": source, "field": column}]}}});
    dataset(output, json!({"schema": columns(&["a"]), "columnLineage": facet(lineage)}))
}

fn explicit(source: &str) -> Value {
    facet(json!({"entries": [{"type": "DATASET", "namespace": OPEN, "name": "o4",
        "inputs": [{"type": "DATASET", "namespace": OPEN, "name": source}]}]}))
}

/// Posts what a dataset event says, as the administrator.
async fn about(world: &World, dataset: Value) {
    let event = json!({
        "eventTime": "2026-11-20T12:00:00Z", "producer": "https://example.com/etl",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent",
        "dataset": dataset,
    });
    admin(world, "POST", "/api/v1/lineage", &event).await.ok(201);
}

/// A run of a job in the namespace `etl`.
struct Run {
    job: &'static str,
    minute: u8,
    facets: Value,
    inputs: Vec<Value>,
    outputs: Vec<Value>,
}

impl Run {
    fn of(job: &'static str, facets: Value) -> Self {
        Self { job, minute: 0, facets, inputs: Vec::new(), outputs: Vec::new() }
    }

    fn reads(mut self, dataset: Value) -> Self {
        self.inputs.push(dataset);
        self
    }

    fn writes(mut self, dataset: Value) -> Self {
        self.outputs.push(dataset);
        self
    }

    fn at(mut self, minute: u8) -> Self {
        self.minute = minute;
        self
    }

    /// Posts it, complete, as the administrator.
    async fn post(self, world: &World) {
        let said = json!([self.job, self.minute, self.facets, self.inputs, self.outputs]);
        let run = uuid::Uuid::from_bytes(lethe::base::Digest::of(said.to_string().as_bytes()).0);
        let event = json!({
            "eventType": "COMPLETE", "eventTime": format!("2026-11-20T12:{:02}:00Z", self.minute),
            "producer": "https://example.com/etl", "run": {"runId": run},
            "job": {"namespace": "etl", "name": self.job, "facets": self.facets},
            "inputs": self.inputs, "outputs": self.outputs,
        });
        admin(world, "POST", "/api/v1/lineage", &event).await.ok(201);
    }
}
