//! Events in: what is accepted, what is refused and how, and that nothing is half applied.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::world::{Backend, World};

fn event(run: u32, event_type: &str, minute: u32) -> serde_json::Value {
    json!({
        "eventType": event_type,
        "eventTime": format!("2026-11-20T10:{minute:02}:00Z"),
        "producer": "https://example.com/test",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": format!("00000000-0000-7000-8000-{run:012}")},
        "job": {"namespace": "etl", "name": "orders.daily"},
        "inputs": [{"namespace": "postgres://db:5432", "name": "shop.public.orders"}],
        "outputs": [{"namespace": "postgres://db:5432", "name": "shop.mart.daily"}],
    })
}

fn fixtures() -> Vec<(String, String)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/openlineage");
    let mut files = Vec::new();
    let mut open = vec![root];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "json") {
                files.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_that_real_clients_sent_is_accepted_once() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        let fixtures = fixtures();
        assert_eq!(fixtures.len(), 44);
        for _ in 0..2 {
            for (name, text) in &fixtures {
                let answer = world.call("POST", "/api/v1/lineage/", text.clone()).await;
                assert_eq!(answer.status, 201, "{name}: {}", answer.text);
            }
        }
        let head = world.app.db().head().await.unwrap();
        assert_eq!(head.seq, 44, "{backend:?}");
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_events_name_every_fault_and_leave_nothing() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        let answer = world.call("POST", "/api/v1/lineage", "{not json").await;
        answer.problem(400, "malformed-json");
        let mut bad = event(1, "START", 0);
        bad["job"]["name"] = json!(7);
        bad["run"] = json!({});
        let problem = world
            .call("POST", "/api/v1/lineage", bad.to_string())
            .await
            .problem(422, "invalid-event");
        let pointers: Vec<&str> = problem["errors"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|e| e["pointer"].as_str())
            .collect();
        assert!(
            pointers.contains(&"/job/name") && pointers.iter().any(|p| p.starts_with("/run")),
            "{pointers:?}"
        );
        assert_eq!(world.app.db().head().await.unwrap().seq, 0);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn batch_keeps_the_good_and_tells_of_the_bad() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        let mut bad = event(2, "START", 1);
        bad["job"]["namespace"] = json!("");
        let batch =
            json!([event(1, "START", 0), bad, event(1, "COMPLETE", 5), event(1, "START", 0)]);
        let answer = world.call("POST", "/api/v1/lineage/batch", batch.to_string()).await;
        let result = answer.ok(200);
        assert_eq!(result["status"], "partial_success");
        assert_eq!(
            result["summary"],
            json!({"received": 4, "successful": 3, "failed": 1, "retriable": 0, "non_retriable": 1})
        );
        assert_eq!(result["failed_events"][0]["index"], 1);
        assert_eq!(world.app.db().head().await.unwrap().seq, 2, "the repeated event is one");
        let letters = world.get("/api/v1/dead-letters").await.ok(200);
        let id = letters["items"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(letters["items"].as_array().unwrap().len(), 1);
        world
            .call("POST", &format!("/api/v1/dead-letters/{id}/replay"), "")
            .await
            .problem(422, "invalid-event");
        let corrected = event(2, "START", 1).to_string();
        let replayed =
            world.call("POST", &format!("/api/v1/dead-letters/{id}/replay"), corrected).await;
        assert_eq!(replayed.status, 201);
        let letter = world.get(&format!("/api/v1/dead-letters/{id}")).await.ok(200);
        assert!(letter["replayedAt"].is_string());
        assert_eq!(world.app.db().head().await.unwrap().seq, 3);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn packed_bodies_are_read_and_bombs_are_not() {
    let world = World::new(Backend::Sqlite).await;
    let post = |encoding: &str, body: Vec<u8>| {
        let request = Request::post("/api/v1/lineage").header("content-encoding", encoding);
        world.send(request.body(Body::from(body)).unwrap())
    };
    let packed = zstd::bulk::compress(event(1, "START", 0).to_string().as_bytes(), 3).unwrap();
    assert_eq!(post("zstd", packed).await.status, 201);
    let bomb = zstd::bulk::compress(&vec![b' '; 200 * 1024 * 1024], 19).unwrap();
    assert!(bomb.len() < 100_000);
    post("zstd", bomb).await.problem(413, "body-too-large");
    post("gzip", b"this is no gzip".to_vec()).await.problem(400, "bad-input");
    assert_eq!(post("compress", b"x".to_vec()).await.status, 415);
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_of_lines_are_imported_with_bad_lines_set_aside() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        let mut lines: Vec<String> =
            (0..2_500).map(|run| event(run, "COMPLETE", run % 60).to_string()).collect();
        lines.insert(1_200, "{broken".to_owned());
        lines.insert(2_000, String::new());
        let answer = world.call("POST", "/api/v1/events/import", lines.join("\n")).await;
        assert_eq!(
            answer.ok(200),
            json!({"received": 2_501, "new": 2_500, "known": 0, "refused": 1})
        );
        let again = world.call("POST", "/api/v1/events/import", lines.join("\n")).await;
        assert_eq!(again.ok(200)["known"], 2_500);
        world.app.stop().await;
    }
}
