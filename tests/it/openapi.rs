//! The committed OpenAPI document is the one that the code makes.

use std::path::Path;

use serde_json::json;

use crate::world::{Backend, World};

/// `make openapi` writes the file anew.
#[test]
fn committed_document_is_the_generated_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/openapi.json");
    let committed = std::fs::read_to_string(path).expect("openapi/openapi.json is committed");
    let mut generated = lethe::http::document().to_pretty_json().expect("it is JSON");
    generated.push('\n');
    assert!(committed == generated, "openapi/openapi.json is not up to date: run `make openapi`");
}

#[test]
fn every_operation_is_described_and_tagged() {
    let document = serde_json::to_value(lethe::http::document()).expect("it is JSON");
    let mut faults = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            if operation["summary"].as_str().is_none_or(str::is_empty) {
                faults.push(format!("{method} {path} has no summary"));
            }
            if operation["tags"].as_array().is_none_or(Vec::is_empty) {
                faults.push(format!("{method} {path} has no tag"));
            }
            if operation["responses"].as_object().is_none_or(serde_json::Map::is_empty) {
                faults.push(format!("{method} {path} has no answers"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// `make interop` makes requests up from the document; these are those that it found taken.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_document_calls_invalid_is_refused() {
    let world = World::new(Backend::Sqlite).await;
    for tag in ["", "a\0b"] {
        let inner = json!({"name": "inner", "tags": [tag]});
        let fields = json!([{"name": "outer", "fields": [inner]}]);
        let put = json!({"datasets": [{"namespace": "pg", "name": "a", "fields": fields}]});
        let answer = world.call("PUT", "/api/v1/datasets", put.to_string()).await;
        answer.problem(400, "bad-input");
    }
    let about = "job=28cfdfdd-a787-4d45-83c8-82940aabd4b9";
    world.get(&format!("/api/v1/events?{about}&order=random")).await.problem(400, "bad-input");
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_is_replayed_as_it_came_by_null_as_by_nothing() {
    let world = World::new(Backend::Sqlite).await;
    let broken = json!([{"eventTime": "never"}]).to_string();
    world.call("POST", "/api/v1/lineage/batch", broken).await.ok(200);
    let letters = world.get("/api/v1/dead-letters").await.ok(200);
    let path = format!(
        "/api/v1/dead-letters/{}/replay",
        letters["items"][0]["id"].as_str().expect("an id")
    );
    for body in ["", "null", " null\n"] {
        let problem = world.call("POST", &path, body).await.problem(422, "invalid-event");
        assert!(problem["detail"].to_string().contains("eventTime"), "{problem}");
    }
    world.app.stop().await;
}
