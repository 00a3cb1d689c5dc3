//! Whoever is shown a field of personal data leaves a record, through whichever door and however the
//! mark spells it.

use serde_json::{Value, json};

use crate::policies::{admin, read};
use crate::world::{Backend, World};

const FIELD: &str = "mailzz";
const RUN: &str = "66666666-6666-4666-8666-666666666666";

fn facet(mut body: Value) -> Value {
    body["_producer"] = json!("https://example.com/etl");
    body["_schemaURL"] = json!("https://example.com/facet.json");
    body
}

fn columns(names: &[&str]) -> Value {
    let field = |name: &&str| json!({"name": name, "type": "text"});
    facet(json!({"fields": names.iter().map(field).collect::<Vec<_>>()}))
}

fn classed(field: &str) -> Value {
    facet(json!({"tags": [{"key": "class", "value": "user.contact", "field": field}]}))
}

async fn declare(world: &World, name: &str, facets: Value) {
    let event = json!({
        "eventTime": "2026-11-20T12:00:00Z", "producer": "https://example.com/etl",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent",
        "dataset": {"namespace": "pg", "name": name, "facets": facets},
    });
    admin(world, "POST", "/api/v1/lineage", &event).await.ok(201);
}

/// Makes two datasets with a personal field and a job that copies it and says so.
async fn catalog(world: &World) {
    for name in ["src", "dst"] {
        let facets = json!({"schema": columns(&["id", FIELD]), "tags": classed(FIELD)});
        declare(world, name, facets).await;
    }
    let of_src = json!({"namespace": "pg", "name": "src", "field": FIELD, "transformations": [
        {"type": "DIRECT", "subtype": "IDENTITY", "description": format!("copies {FIELD}")}]});
    let lineage = facet(json!({"fields": {FIELD: {"inputFields": [of_src]}}}));
    let metrics = facet(json!({"columnMetrics": {FIELD: {"nullCount": 1}}}));
    let query = facet(json!({"query": format!("select {FIELD} from src")}));
    let event = json!({
        "eventType": "COMPLETE", "eventTime": "2026-11-20T12:00:00Z",
        "producer": "https://example.com/etl",
        "run": {"runId": RUN, "facets": {
            "externalQuery": facet(json!({"externalQueryId": FIELD, "source": "x"}))}},
        "job": {"namespace": "etl", "name": "load", "facets": {"sql": query}},
        "inputs": [{"namespace": "pg", "name": "src",
            "inputFacets": {"dataQualityMetrics": metrics}}],
        "outputs": [{"namespace": "pg", "name": "dst", "facets": {"columnLineage": lineage}}],
    });
    admin(world, "POST", "/api/v1/lineage", &event).await.ok(201);
    world.settle().await;
}

/// Returns the doors by which the field is shown.
async fn doors(world: &World) -> Vec<String> {
    let id = lethe::base::DatasetId::of("pg", "src").0;
    let job = lethe::base::JobId::of("etl", "load").0;
    let events = read(world, "/api/v1/events").await;
    let events = events["items"].as_array().expect("events");
    let event = events.iter().find(|event| event["event"].to_string().contains("select"));
    let event = event.unwrap_or(&events[0])["id"].as_str().expect("an id");
    let field = format!("datasetField%3Apg%3Asrc%3A{FIELD}");
    let to = format!("datasetField%3Apg%3Adst%3A{FIELD}");
    let whole = "dataset%3Apg%3Asrc";
    let times = "before=2026-10-01T00:00:00Z&after=2026-12-20T00:00:00Z";
    vec![
        format!("/api/v1/datasets/{id}"),
        format!("/api/v1/datasets/{id}/schemas"),
        "/api/v1/datasets?namespace=pg".to_owned(),
        "/api/v1/namespaces/pg/datasets".to_owned(),
        "/api/v1/namespaces/pg/datasets/src/versions".to_owned(),
        format!("/api/v1/catalog/search?q={FIELD}"),
        "/api/v1/catalog/suggest?q=mailz".to_owned(),
        format!("/api/v1/catalog/explain?q={FIELD}&kind=dataset&id={id}"),
        format!("/api/v1/search?q={FIELD}"),
        format!("/api/v1/lineage?nodeId={whole}"),
        format!("/api/v1/column-lineage?nodeId={whole}"),
        format!("/api/v1/column-lineage?nodeId={field}"),
        format!("/api/v1/lineage/graph?level=column&focus={whole}"),
        format!("/api/v1/lineage/graph?level=column&focus={field}"),
        format!("/api/v1/lineage/impact?level=column&focus={field}"),
        format!("/api/v1/lineage/export?level=column&format=csv&focus={whole}"),
        format!("/api/v1/lineage/export?level=column&format=svg&focus={field}"),
        format!("/api/v1/lineage/diff?level=column&{times}&focus={field}"),
        format!("/api/v1/lineage/paths?level=column&from={field}&to={to}"),
        "/api/v1/events".to_owned(),
        format!("/api/v1/events/{event}"),
        "/api/v1/events/lineage".to_owned(),
        format!("/api/v1/runs/{RUN}"),
        format!("/api/v1/jobs/runs/{RUN}"),
        format!("/api/v1/jobs/runs/{RUN}/facets?type=run"),
        format!("/api/v1/jobs/runs/{RUN}/facets?type=job"),
        format!("/api/v1/jobs/{job}"),
        format!("/api/v1/jobs/{job}/runs"),
        "/api/v1/namespaces/etl/jobs/load".to_owned(),
        "/api/v1/namespaces/etl/jobs/load/runs".to_owned(),
        "/api/v1/jobs".to_owned(),
    ]
}

/// Returns of what datasets it is recorded that somebody read personal fields.
async fn recorded(world: &World, token: &str) -> Vec<String> {
    let me = world.call_as(token, "GET", "/api/v1/me", &Value::Null).await.ok(200);
    let me = me["id"].as_str().expect("an id");
    let path = format!("/api/v1/audit/records?actor={me}&action=dataset:read_fields");
    let found = read(world, &path).await;
    let items = found["items"].as_array().expect("records");
    let name = |item: &Value| item["record"]["resource"]["name"].as_str().map(str::to_owned);
    items.iter().filter_map(name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_door_that_shows_a_personal_field_leaves_one_record_a_dataset() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        catalog(&world).await;
        for (number, door) in doors(&world).await.into_iter().enumerate() {
            let token = world.person(&format!("stew-{number}"), &["steward"]).await;
            let answer = world.call_as(&token, "GET", &door, &Value::Null).await;
            assert_eq!(answer.status, 200, "{door}: {}", answer.text);
            let asked = |key: &str| format!("\"{key}\":\"{FIELD}");
            let text = answer.text.replace(&asked("query"), "").replace(&asked("q"), "");
            let mut found = recorded(&world, &token).await;
            // These tell that a dataset has the field without naming it again.
            let found_by = door.contains("/explain") || door.contains("/v1/search");
            assert_eq!(text.contains(FIELD) || found_by, !found.is_empty(), "{door}: {text}");
            assert!(found.iter().all(|name| name == "pg src" || name == "pg dst"), "{found:?}");
            let all = found.len();
            found.sort();
            found.dedup();
            assert_eq!(found.len(), all, "{door}: one a dataset");
        }
        // To whom the field is not shown nothing is noted, nor of what holds nothing personal.
        let viewer = world.person("vera", &["viewer"]).await;
        for door in doors(&world).await {
            world.call_as(&viewer, "GET", &door, &Value::Null).await;
        }
        assert_eq!(recorded(&world, &viewer).await, Vec::<String>::new(), "{backend:?}");
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_in_other_letters_or_of_another_name_makes_a_read_of_personal_fields_too() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let own = json!({"schema": columns(&["id", "email"]), "tags": classed("EMAIL")});
        declare(&world, "letters", own).await;
        let names = facet(json!({"identifiers": [
            {"namespace": "pg", "name": "other", "type": "TABLE"}]}));
        let one = json!({"schema": columns(&["id", "email"]), "symlinks": names});
        declare(&world, "named", one).await;
        declare(&world, "other", json!({"tags": classed("email")})).await;
        declare(&world, "plain", json!({"schema": columns(&["email"])})).await;
        for (name, personal) in [("letters", true), ("named", true), ("plain", false)] {
            let path = format!("/api/v1/namespaces/pg/datasets/{name}");
            let viewer = world.person(&format!("v-{name}"), &["viewer"]).await;
            let seen = world.call_as(&viewer, "GET", &path, &Value::Null).await;
            assert_eq!(!seen.text.contains("\"email\""), personal, "{name}: {}", seen.text);
            let steward = world.person(&format!("s-{name}"), &["steward"]).await;
            let seen = world.call_as(&steward, "GET", &path, &Value::Null).await;
            assert!(seen.text.contains("\"email\""), "{name}");
            assert_eq!(recorded(&world, &steward).await.len(), usize::from(personal), "{name}");
            assert!(recorded(&world, &viewer).await.is_empty(), "{name}");
        }
        world.app.stop().await;
    }
}
