//! Retention: events expire by their own time; what they taught the catalog stays.

mod runs;

use serde_json::json;

use crate::world::{Backend, World};

fn event(run: u32, at: &str) -> serde_json::Value {
    json!({
        "eventType": "COMPLETE", "eventTime": at, "producer": "https://example.com/test",
        "run": {"runId": format!("00000000-0000-7000-8000-{run:012}")},
        "job": {"namespace": "etl", "name": format!("job_{run}")},
        "outputs": [{"namespace": "s3://lake", "name": format!("kept_{run}")}],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn expired_events_are_gone_and_their_datasets_are_not() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        let old = event(1, "2026-01-01T00:00:00Z");
        let young = event(2, "2026-11-20T11:00:00Z");
        let batch = json!([old, young]).to_string();
        world.call("POST", "/api/v1/lineage/batch", batch).await.ok(200);
        world.clock.advance_secs(3_600);
        let before = world.app.now().plus_micros(-30 * 86_400_000_000);
        assert_eq!(world.app.expire(before).await.unwrap().events, 1);
        let left = world.get("/api/v1/events").await.ok(200);
        assert_eq!(left["items"].as_array().unwrap().len(), 1);
        assert_eq!(left["items"][0]["event"]["job"]["name"], "job_2");
        let kept = world.get("/api/v1/datasets?namespace=s3://lake").await.ok(200);
        assert_eq!(kept["items"].as_array().unwrap().len(), 2);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signed_heads_are_kept_for_a_month_and_then_one_a_minute() {
    let world = World::new(Backend::Sqlite).await;
    let db = world.app.db();
    let month = 30 * 86_400_i64;
    let start = world.app.now().plus_micros(-(month + 3_600) * 1_000_000);
    // More than a page of them, two a minute, the youngest within the month.
    let heads = 2 * (60 + 10) + 2_000;
    let mut tx = db.begin().await.unwrap();
    for size in 0..heads {
        let at = start.plus_micros(30_000_000 * (size - 2_000).max(0) + size);
        tx.put_checkpoint(10_000 + size, at, "note").await.unwrap();
    }
    tx.commit().await.unwrap();
    let until = world.app.thin_checkpoints(-1).await.unwrap();
    let left = db.checkpoint_times(9_999, 5_000).await.unwrap();
    let old: Vec<_> =
        left.iter().filter(|(_, at)| *at < start.plus_micros(3_600_000_000)).collect();
    let minutes: std::collections::BTreeSet<i64> =
        old.iter().map(|(_, at)| at.as_micros() / 60_000_000).collect();
    assert_eq!(minutes.len(), old.len(), "one of each minute");
    assert!((60..=62).contains(&minutes.len()), "{}", minutes.len());
    let young = left.len() - old.len();
    assert_eq!(young, 20, "those within the month are all there");
    assert!(until > 10_000 + 2_000, "it need not begin again: {until}");
    assert_eq!(world.app.thin_checkpoints(until).await.unwrap(), until);
    assert_eq!(db.checkpoint_times(9_999, 5_000).await.unwrap(), left);
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_node_sees_what_one_wrote() {
    let world = World::new(Backend::Postgres).await;
    let other = world.another_node().await;
    world.ingest(&event(1, "2026-11-20T11:00:00Z")).await;
    other.ingest(&event(2, "2026-11-20T11:00:01Z")).await;
    for node in [&world, &other] {
        node.settle().await;
        let found = node.get("/api/v1/catalog/search?q=kept&kind=dataset").await.ok(200);
        assert_eq!(found["total"], 2);
    }
    other.app.stop().await;
    world.app.stop().await;
}
