//! Bad input: whatever is sent, the answer is right or says clearly what is wrong, nothing
//! of it is half kept, and the server stays quick.
//!
//! The routes and their parameters are read from the OpenAPI document, so that a new route
//! is tried without anybody thinking of it here.

mod bodies;
mod events;
mod names;
mod queries;
mod wire;

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::world::{Answer, Backend, World};

/// How long an answer may take in a debug build on a busy machine.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(30);
/// The dataset that is there in every world.
const NAMESPACE: &str = "postgres://db:5432";
const NAME: &str = "shop.public.orders";
const RUN: &str = "00000000-0000-7000-8000-000000000001";

/// An operation of the API.
struct Operation {
    method: String,
    path: String,
    /// Names of parameters in its query, with an example of each.
    query: Vec<(String, String)>,
}

/// Reads all operations from the OpenAPI document.
fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(include_str!("../../openapi/openapi.json")).unwrap();
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        // Answers that never end; `audit_asked.rs` and `changes.rs` ask for them.
        if ["/api/v1/audit/tail", "/api/v1/changes"].contains(&path.as_str()) {
            continue;
        }
        for (method, operation) in methods.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let query = parameters.filter(|one| one["in"] == "query").map(|one| {
                let name = one["name"].as_str().unwrap().to_owned();
                let value = example(path, &name);
                (name, value)
            });
            let (method, query) = (method.to_uppercase(), query.collect());
            all.push(Operation { method, path: path.clone(), query });
        }
    }
    assert!(all.len() > 70, "{}", all.len());
    all
}

/// A value of a parameter that its route understands, where it needs one.
fn example(path: &str, name: &str) -> String {
    match name {
        "nodeId" if path.ends_with("column-lineage") => {
            format!("datasetField:{NAMESPACE}:{NAME}:id")
        }
        "nodeId" | "focus" => format!("dataset:{NAMESPACE}:{NAME}"),
        "from" | "to" if path.ends_with("paths") => format!("dataset:{NAMESPACE}:{NAME}"),
        "before" | "after" if path.ends_with("diff") => "2026-11-20T12:00:00Z".to_owned(),
        "namespace" if path.ends_with("datasets") => NAMESPACE.to_owned(),
        "runId" => RUN.to_owned(),
        "period" => "DAY".to_owned(),
        "type" => "run".to_owned(),
        "q" => "orders".to_owned(),
        "kind" if path.ends_with("explain") => "dataset".to_owned(),
        "id" => lethe::base::DatasetId::of(NAMESPACE, NAME).0.to_string(),
        _ => String::new(),
    }
}

/// Writes a text so that it is one part of a path or a query.
fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// A good event.
pub fn good_event(minute: u32) -> Value {
    json!({
        "eventType": "COMPLETE", "eventTime": format!("2026-11-20T10:{minute:02}:00Z"),
        "producer": "https://example.com/test",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": RUN}, "job": {"namespace": "etl", "name": "orders.daily"},
        "inputs": [{"namespace": NAMESPACE, "name": NAME}],
        "outputs": [{"namespace": NAMESPACE, "name": "shop.mart.daily"}],
    })
}

/// A world with something in it.
async fn world(backend: Backend) -> World {
    let world = World::new(backend).await;
    world.ingest(&good_event(0)).await;
    world
}

/// Asks, and demands a clear answer in time.
async fn ask(world: &World, method: &str, path: &str, body: impl Into<axum::body::Body>) -> Answer {
    let started = Instant::now();
    let answer = world.call(method, path, body).await;
    let took = started.elapsed();
    let what = format!("{method} {} on {:?}", cut(path), world.backend);
    assert!(took < ANSWER_TIME_MAX, "{what} took {took:?}");
    clear(&what, &answer);
    answer
}

/// Demands that an answer is no fault of the server's, and that a refusal says why.
fn clear(what: &str, answer: &Answer) {
    let text = cut(&answer.text);
    assert!(answer.status < 500, "{what}: {} {text}", answer.status);
    if answer.status >= 400 {
        let body = answer.json();
        let told = [&body["detail"], &body["message"], &body["errors"][0]];
        let told = told.into_iter().find_map(|one| one.as_str());
        assert!(told.is_some_and(|told| told.len() > 5), "{what}: {} {text}", answer.status);
        let own = answer.header("content-type") == Some("application/problem+json");
        assert!(
            own || body["code"] == answer.status || body["errors"].is_array(),
            "{what}: {text}"
        );
    }
}

fn cut(text: &str) -> String {
    text.chars().take(300).collect()
}

/// Demands that the server answers quickly and writes still.
async fn still_well(world: &World) {
    let started = Instant::now();
    world.ingest(&good_event(59)).await;
    world.settle().await;
    let found = world.get("/api/v1/catalog/search?q=orders").await.ok(200);
    assert!(found["total"].as_u64().is_some_and(|total| total > 0), "{found}");
    assert!(started.elapsed() < ANSWER_TIME_MAX, "{:?}", started.elapsed());
}
