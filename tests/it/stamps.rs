//! A clock that stood ahead for a while: what people do afterwards counts all the same.

use lethe::base::Time;
use serde_json::{Value, json};

use crate::world::{Backend, World};

const DAY: i64 = 86_400;

async fn describe(world: &World, text: &str) {
    let put = json!({"datasets": [{"namespace": "pg", "name": "x", "description": text}]});
    assert_eq!(world.call("PUT", "/api/v1/datasets", put.to_string()).await.status, 204);
}

async fn dataset(world: &World) -> Value {
    let found = world.get("/api/v1/datasets?namespace=pg&name=x").await.json();
    let Some(id) = found["items"][0]["id"].as_str() else { return Value::Null };
    world.get(&format!("/api/v1/datasets/{id}")).await.json()
}

async fn change(world: &World, method: &str, path: &str) {
    let answer = world.call(method, path, "").await;
    assert_eq!(answer.status, 204, "{method} {path}: {}", answer.text);
}

fn event(at: &str) -> Value {
    json!({
        "eventType": "COMPLETE", "eventTime": at, "producer": "https://example.com/etl",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": "0190a2b4-0000-7000-8000-000000000001"},
        "job": {"namespace": "etl", "name": "job"},
        "outputs": [{"namespace": "pg", "name": "x"}],
    })
}

/// What is done while the clock is ahead, and undone once it is right again.
async fn ahead_and_back(world: World, back: impl AsyncFn(World) -> World) {
    describe(&world, "first").await;
    let id = dataset(&world).await["id"].as_str().expect("an id").to_owned();
    let (path, tag) = (format!("/api/v1/datasets/{id}"), format!("/api/v1/datasets/{id}/tags/hot"));
    world.clock.advance_secs(DAY);
    describe(&world, "while ahead").await;
    change(&world, "PUT", &tag).await;
    change(&world, "DELETE", &tag).await;
    let world = back(world).await;
    describe(&world, "now").await;
    change(&world, "PUT", &tag).await;
    let now = dataset(&world).await;
    assert_eq!((&now["description"], &now["tags"]), (&json!("now"), &json!(["hot"])));
    // Deleted while ahead, named by an event afterwards: it is there again.
    world.clock.advance_secs(DAY);
    change(&world, "DELETE", &path).await;
    let world = back(world).await;
    assert_eq!(dataset(&world).await["deleted"], true);
    world.ingest(&event("2026-11-20T12:00:00Z")).await;
    let now = dataset(&world).await;
    assert_eq!((&now["description"], &now["deleted"]), (&json!("now"), &json!(false)));
    change(&world, "DELETE", &path).await;
    assert_eq!(dataset(&world).await["deleted"], true, "and deleted again at once");
    describe(&world, "last").await;
    let last = dataset(&world).await;
    assert_eq!((&last["description"], &last["deleted"]), (&json!("last"), &json!(false)));
    // The record of it has the wall clock's time.
    let record =
        world.get("/api/v1/audit/records?limit=1").await.json()["items"][0]["record"].clone();
    let shown = Time::parse(record["ts"].as_str().expect("a time")).expect("a time");
    assert!(shown < world.app.stamp(), "{record}");
    let told = world.projections().await;
    lethe::flow::rebuild(world.app.db(), world.app.now(), |_| {}).await.expect("it is rebuilt");
    assert_eq!(world.projections().await, told, "rebuilt equals incremental");
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_count_after_the_clock_was_put_back_under_a_running_node() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        ahead_and_back(world, async |world| {
            world.clock.advance_secs(-DAY);
            world
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_count_after_the_clock_was_put_back_between_two_starts() {
    for backend in Backend::ALL {
        // A world that starts has a clock of its own, a day behind by then.
        ahead_and_back(World::new(backend).await, async |world| world.restart().await).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_of_a_node_whose_clock_is_behind_count_after_another_nodes() {
    let ahead = World::new(Backend::Postgres).await;
    let behind = ahead.another_node().await;
    ahead.clock.advance_secs(DAY);
    describe(&ahead, "ahead").await;
    describe(&behind, "behind").await;
    assert_eq!(dataset(&behind).await["description"], "behind");
    let record = behind.get("/api/v1/audit/records?limit=1").await.json();
    let after =
        record["items"][0]["record"]["change"]["after"].as_str().expect("a digest").to_owned();
    let entry = behind.app.db().scan_events(0, 10).await.expect("the log").pop().expect("an edit");
    assert_eq!(lethe::audit::Hash::of(entry.raw.as_bytes()).to_string(), after);
}

#[tokio::test(flavor = "multi_thread")]
async fn times_that_pipelines_claim_push_no_stamp() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        world.ingest(&event("9998-12-31T00:00:00Z")).await;
        describe(&world, "now").await;
        assert!(world.app.stamp() < Time::parse("2026-11-21").expect("a time"));
    }
}
