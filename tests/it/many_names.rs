//! A dataset with very many names: it costs the writer little, and what is said of one holds of all.

use std::time::Instant;

use lethe::db::Feed;
use serde_json::{Value, json};

use crate::policies::{admin, read};
use crate::world::{Backend, World};

fn event(minute: usize, facets: Value) -> Value {
    json!({
        "eventType": "COMPLETE", "eventTime": format!("2026-11-20T12:{minute:02}:00Z"),
        "producer": "https://example.com/etl", "run": {"runId": "0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a69"},
        "job": {"namespace": "etl", "name": "load"},
        "outputs": [{"namespace": "pg://u", "name": "b", "facets": facets}],
    })
}

fn facet(key: &str, body: Value) -> Value {
    json!({"_producer": "https://example.com/etl", "_schemaURL": "https://example.com/f.json", key: body})
}

/// Says so many other names of the dataset, a hundred an event.
async fn link(world: &World, names: std::ops::Range<usize>) {
    for (minute, first) in names.clone().step_by(100).enumerate() {
        let some = first..names.end.min(first + 100);
        let name =
            |number| json!({"namespace": "pg://z", "name": format!("n{number}"), "type": "TABLE"});
        let links = facet("identifiers", some.map(name).collect());
        let event = event(minute, json!({"symlinks": links}));
        admin(world, "POST", "/api/v1/lineage", &event).await.ok(201);
    }
}

/// How many things the feed tells of that changed in one event.
async fn changed_by(world: &World, event: Value) -> usize {
    let before = world.app.db().head().await.expect("a head").reached();
    admin(world, "POST", "/api/v1/lineage", &event).await.ok(201);
    let Feed::Rows(rows) = world.app.db().changes_after(before, 10).await.expect("the feed") else {
        panic!("another history")
    };
    rows.iter().map(|row| row.changes.len()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_names_that_changes_is_written_alone() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        link(&world, 0..700).await;
        let since = Instant::now();
        let described = facet("description", json!("a table"));
        let changed = changed_by(&world, event(30, json!({"documentation": described}))).await;
        println!("{backend:?}: {changed} changes in {:?}", since.elapsed());
        assert!(changed < 10, "{backend:?}: {changed}");
        // What rules read of it is told of all names.
        let tags = facet("tags", json!([{"key": "restricted", "value": "true"}]));
        let changed = changed_by(&world, event(31, json!({"tags": tags}))).await;
        assert!(changed > 700, "{backend:?}: {changed}");
        let viewer = world.person("vera", &["viewer"]).await;
        let list = "/api/v1/datasets?namespace=pg://z&name=n7";
        assert_eq!(read(&world, list).await["items"].as_array().map(Vec::len), Some(1));
        let seen = world.call_as(&viewer, "GET", list, &Value::Null).await;
        assert_eq!(seen.ok(200)["items"], json!([]), "{backend:?}");
        world.settle().await;
        let grown = world.projections().await;
        let now = world.app.now();
        lethe::flow::rebuild(world.app.db(), now, |_| ()).await.expect("rebuilt");
        if let Some(difference) = crate::world::dump::difference(&grown, &world.projections().await)
        {
            panic!("{backend:?}: {difference}");
        }
        world.app.stop().await;
    }
}

/// Nobody pushes a restricted name out by giving a dataset more names than are looked at.
#[tokio::test(flavor = "multi_thread")]
async fn with_too_many_names_it_cannot_be_read() {
    let world = World::guarded(Backend::Sqlite).await;
    let viewer = world.person("vera", &["viewer"]).await;
    let list = "/api/v1/datasets?namespace=pg://u&name=b";
    let shown = async || {
        let seen = world.call_as(&viewer, "GET", list, &Value::Null).await;
        seen.ok(200)["items"].as_array().map_or(0, Vec::len)
    };
    link(&world, 0..100).await;
    assert_eq!(shown().await, 1);
    link(&world, 100..1_100).await;
    assert_eq!(shown().await, 0);
    world.app.stop().await;
}
