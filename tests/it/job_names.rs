//! A job is judged by all its names: those that it had before its runs named a parent, and those
//! that it has since.

use serde_json::{Value, json};

use crate::policies::{admin, read};
use crate::world::{Backend, World};

const RUN: &str = "0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a69";
const BOSS: &str = "0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a70";

fn facet(body: Value) -> Value {
    let mut facet =
        json!({"_producer": "https://example.com/etl", "_schemaURL": "https://example.com/f.json"});
    facet.as_object_mut().expect("an object").extend(body.as_object().expect("an object").clone());
    facet
}

/// An event of a run of `etl` that reads and writes; with a parent if one is named.
fn event(minute: u8, name: &str, parent: Option<&str>, input: &str, job_facets: Value) -> Value {
    let facets = parent.map_or(json!({}), |parent| {
        let job = json!({"namespace": "etl", "name": parent});
        json!({"parent": facet(json!({"run": {"runId": BOSS}, "job": job}))})
    });
    json!({
        "eventType": if parent.is_some() { "COMPLETE" } else { "START" },
        "eventTime": format!("2026-11-20T12:{minute:02}:00Z"),
        "producer": "https://example.com/etl", "run": {"runId": RUN, "facets": facets},
        "job": {"namespace": "etl", "name": name, "facets": job_facets},
        "inputs": [{"namespace": "pg://open", "name": input}],
        "outputs": [{"namespace": "pg://open", "name": "out"}],
    })
}

fn restricted() -> Value {
    json!({"tags": facet(json!({"tags": [{"key": "restricted", "value": "true"}]}))})
}

async fn post(world: &World, event: Value) {
    admin(world, "POST", "/api/v1/lineage", &event).await.ok(201);
}

/// Says how many doors show the longer name of a job, or its run, to somebody.
async fn shown(world: &World, token: &str, name: &str) -> Vec<String> {
    world.settle().await;
    let mut shown = Vec::new();
    for path in [
        format!("/api/v1/namespaces/etl/jobs/{name}"),
        format!("/api/v1/runs/{RUN}"),
        format!("/api/v1/namespaces/etl/jobs/{name}/runs"),
    ] {
        let answer = world.call_as(token, "GET", &path, &Value::Null).await;
        if answer.status != 404 {
            shown.push(path);
        }
    }
    for path in [
        "/api/v1/namespaces/etl/jobs".to_owned(),
        "/api/v1/jobs".to_owned(),
        format!("/api/v1/search?q={name}"),
        "/api/v1/lineage/graph?focus=dataset:pg://open:out".to_owned(),
    ] {
        let answer = world.call_as(token, "GET", &path, &Value::Null).await;
        if answer.text.contains(name) {
            shown.push(path);
        }
    }
    shown
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_one_name_of_a_job_holds_of_all() {
    for backend in Backend::ALL {
        for by_person in [true, false] {
            let world = World::guarded(backend).await;
            let viewer = world.person("vera", &["viewer"]).await;
            let tag = "/api/v1/namespaces/etl/jobs/kid/tags/restricted";
            let facets = if by_person { json!({}) } else { restricted() };
            post(&world, event(1, "kid", None, "in", facets)).await;
            if by_person {
                admin(&world, "POST", tag, &Value::Null).await.ok(200);
            }
            post(&world, event(2, "kid", Some("boss"), "in", json!({}))).await;
            for rebuilt in [false, true] {
                assert_eq!(
                    shown(&world, &viewer, "boss.kid").await,
                    [""; 0],
                    "{backend:?} {rebuilt}"
                );
                if !rebuilt {
                    let now = world.app.now();
                    lethe::flow::rebuild(world.app.db(), now, |_| ()).await.expect("rebuilt");
                }
            }
            // Until a person takes it off, under whichever name.
            let tag = "/api/v1/namespaces/etl/jobs/boss.kid/tags/restricted";
            admin(&world, "POST", tag, &Value::Null).await.ok(200);
            admin(&world, "DELETE", tag, &Value::Null).await.ok(200);
            assert_eq!(
                shown(&world, &viewer, "boss.kid").await.len(),
                7,
                "{backend:?} {by_person}"
            );
            world.app.stop().await;
        }
    }
}

/// A mark that comes late, on the shorter name, and on the longer.
#[tokio::test(flavor = "multi_thread")]
async fn a_mark_on_a_name_that_is_no_longer_used_holds_at_once() {
    let world = World::guarded(Backend::Sqlite).await;
    let viewer = world.person("vera", &["viewer"]).await;
    post(&world, event(1, "kid", None, "in", json!({}))).await;
    post(&world, event(2, "kid", Some("boss"), "in", json!({}))).await;
    assert_eq!(shown(&world, &viewer, "boss.kid").await.len(), 7);
    let other = json!({
        "eventType": "START", "eventTime": "2026-11-20T12:30:00Z",
        "producer": "https://example.com/etl", "run": {"runId": "0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a99"},
        "job": {"namespace": "etl", "name": "kid", "facets": restricted()},
    });
    post(&world, other).await;
    assert_eq!(shown(&world, &viewer, "boss.kid").await, [""; 0]);
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sql_names_what_a_job_touched_under_whatever_name() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let viewer = world.person("vera", &["viewer"]).await;
        let hush = json!({
            "eventTime": "2026-11-20T12:00:00Z", "producer": "https://example.com/etl",
            "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent",
            "dataset": {"namespace": "pg://open", "name": "hush", "facets": restricted()},
        });
        post(&world, hush).await;
        let sql = || json!({"sql": facet(json!({"query": "select secret_c from a_synonym"}))});
        let mut first = event(1, "kid", None, "hush", sql());
        first["run"]["runId"] = json!("0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a99");
        post(&world, first).await;
        post(&world, event(2, "kid", None, "in", json!({}))).await;
        post(&world, event(3, "kid", Some("boss"), "in", sql())).await;
        let path = "/api/v1/namespaces/etl/jobs/boss.kid";
        assert!(read(&world, path).await.to_string().contains("secret_c"), "{backend:?}");
        let seen = world.call_as(&viewer, "GET", path, &Value::Null).await;
        seen.ok(200);
        assert!(!seen.text.contains("secret_c"), "{backend:?}: {}", seen.text);
        world.app.stop().await;
    }
}
