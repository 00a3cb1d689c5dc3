//! The audit log asked: filtered, counted, followed live, exported in parts and as OCSF.

use futures_util::StreamExt;
use lethe::audit::bundle::{BundleKind, BundleVerifier};
use lethe::audit::{Trust, VerifierKey};
use serde_json::{Value, json};

use crate::process::{Launch, client};
use crate::world::{Backend, World};

async fn describe(world: &World, numbers: std::ops::Range<u32>) {
    for n in numbers {
        let put = json!({"datasets": [{"namespace": "pg", "name": format!("table_{n}")}]});
        assert_eq!(world.call("PUT", "/api/v1/datasets", put.to_string()).await.status, 204);
    }
}

async fn signed(world: &World) -> Value {
    let state = world.get("/api/v1/audit").await.json();
    for _ in 0..600 {
        let head = world.get("/api/v1/audit/checkpoint").await;
        if head.status == 200 && head.text.lines().nth(1) == Some(&state["size"].to_string()) {
            return state;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the head is not signed: {state}");
}

#[tokio::test(flavor = "multi_thread")]
async fn chosen_records_come_with_a_proof_each_and_exports_are_recorded_before_they_begin() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        describe(&world, 0..6).await;
        let id = world.get("/api/v1/datasets?namespace=pg").await.json()["items"][2]["id"].clone();
        let id = id.as_str().expect("an id");
        world.call("DELETE", &format!("/api/v1/datasets/{id}"), "").await;
        let state = signed(&world).await;
        let key: VerifierKey = state["key"].as_str().expect("a key").parse().expect("a key");
        let verify = |text: &str| -> Result<(BundleKind, u64), String> {
            let mut verifier = BundleVerifier::new(Trust::key(key.clone()));
            for line in text.lines() {
                verifier.line(line.as_bytes()).map_err(|fault| fault.to_string())?;
            }
            let report = verifier.finish().map_err(|fault| fault.to_string())?;
            Ok((report.kind, report.records))
        };
        let chosen = world.get(&format!("/api/v1/audit/export?resource={id}")).await.text;
        assert_eq!(verify(&chosen), Ok((BundleKind::Partial, 2)));
        assert!(verify(&chosen.replacen("table_2", "table_3", 1)).is_err());
        let rest = world.get("/api/v1/audit/export?action=dataset:edit&fromIndex=3").await.text;
        assert_eq!(verify(&rest), Ok((BundleKind::Partial, 3)));
        let none = world.get("/api/v1/audit/export?action=token:create").await.text;
        assert_eq!(verify(&none), Ok((BundleKind::Partial, 0)));
        let exports = world.get("/api/v1/audit/records?action=audit:export").await.json();
        assert_eq!(exports["items"].as_array().map(Vec::len), Some(3));
        assert_eq!(exports["items"][0]["record"]["ext"]["filtered"], true);
        let events = world.get("/api/v1/audit/export?format=ocsf&action=dataset:delete").await.text;
        let event: Value = serde_json::from_str(events.trim()).expect("one event");
        assert_eq!((&event["class_uid"], &event["type_uid"]), (&json!(6003), &json!(600_304)));
        assert_eq!(event["resources"][0]["uid"], id);
        assert_eq!(world.get("/api/v1/audit/export?fromIndex=99").await.status, 400);
        assert_eq!(world.get("/api/v1/audit/export?format=xml").await.status, 400);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_counted_by_time_and_found_by_dataset() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        describe(&world, 0..3).await;
        world.settle().await;
        let counted = world.get("/api/v1/audit/histogram?by=day&split=action").await.ok(200);
        assert_eq!(counted["items"].as_array().map(Vec::len), Some(1), "{counted}");
        assert_eq!(
            (&counted["items"][0]["part"], &counted["items"][0]["count"]),
            (&json!("dataset:edit"), &json!(3))
        );
        let counted = world.get("/api/v1/audit/histogram?outcome=done").await.ok(200);
        assert_eq!(counted["items"][0]["part"], "done");
        for route in ["records", "histogram", "export", "tail"] {
            for (query, field) in [
                ("action=nosuch", "action"),
                ("outcome=done&action=dataset:fly", "action"),
                ("untill=2026-01-01T00:00:00Z", "untill"),
                ("action=dataset:edit&colour=red", "colour"),
            ] {
                let path = format!("/api/v1/audit/{route}?{query}");
                let problem = world.get(&path).await.problem(400, "bad-input");
                assert_eq!(problem["errors"][0]["pointer"], field, "{path}: {problem}");
            }
        }
        for until in ["until", "to"] {
            let none = format!("/api/v1/audit/records?{until}=2000-01-01T00:00:00Z&limit=5");
            assert_eq!(world.get(&none).await.ok(200)["items"], json!([]), "{until}");
        }
        let wide = "/api/v1/audit/histogram?from=2000-01-01T00:00:00Z";
        assert_eq!(world.get(wide).await.status, 400);
        let found = world.get("/api/v1/audit/records?dataset=dataset:pg:table_1").await.ok(200);
        assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(found["items"][0]["record"]["resource"]["name"], "pg table_1");
        assert_eq!(world.get("/api/v1/audit/records?dataset=dataset:pg:none").await.status, 404);
        assert_eq!(world.get("/api/v1/audit/records?dataset=7").await.status, 400);
    }
}

/// Reads the stream until so many records have come.
async fn follow(answer: reqwest::Response, wanted: usize) -> Vec<i64> {
    let mut stream = answer.bytes_stream();
    let mut text = String::new();
    while text.matches("\n\n").count() < wanted {
        let part = stream.next().await.expect("more").expect("bytes");
        text.push_str(&String::from_utf8_lossy(&part));
    }
    let ids = text.lines().filter_map(|line| line.strip_prefix("id: "));
    ids.map(|id| id.parse().expect("an index")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_followed_live_taken_up_again_and_let_go_at_the_end() {
    let dir = tempfile::tempdir().expect("a folder");
    let lethe = Launch::new(dir.path(), &lethe::db::DbUrl::in_dir(dir.path())).start().await;
    let put = async |n: u32| {
        let body = json!({"datasets": [{"namespace": "pg", "name": format!("table_{n}")}]});
        let request = client().put(lethe.url("/api/v1/datasets")).body(body.to_string());
        assert!(request.send().await.expect("an answer").status().is_success());
    };
    let tail = async |after: Option<i64>| {
        let request = client().get(lethe.url("/api/v1/audit/tail"));
        let request = match after {
            Some(after) => request.header("last-event-id", after.to_string()),
            None => request,
        };
        request.send().await.expect("an answer")
    };
    put(0).await;
    let live = tail(None).await;
    put(1).await;
    put(2).await;
    assert_eq!(follow(live, 2).await, [1, 2]);
    assert_eq!(follow(tail(Some(0)).await, 2).await, [1, 2]);
    let wrong = client().get(lethe.url("/api/v1/audit/tail")).header("last-event-id", "x");
    assert_eq!(wrong.send().await.expect("an answer").status().as_u16(), 400);
    let mut listeners = Vec::new();
    for _ in 0..40 {
        listeners.push(tail(None).await);
    }
    let refused = listeners.iter().filter(|answer| answer.status().as_u16() == 429).count();
    assert!((32..40).contains(&refused), "{refused} of 40 by one principal were refused");
    // Those that listen do not hold the server up.
    lethe.ask_to_stop();
    assert!(lethe.stopped(std::time::Duration::from_secs(10)).await.success());
}
