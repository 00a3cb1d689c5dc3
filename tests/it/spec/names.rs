//! One dataset under several names: symlinks early and late, renames.

use lethe::lineage::Scope;
use serde_json::{Value, json};

use super::edges::{flows, lines};
use super::{NS, run_event, with_io};
use crate::events::facet;
use crate::world::{Backend, World};

fn writes_location() -> Value {
    let mut event = with_io(run_event(1, "COMPLETE", 0, "spark"), &["raw"], &["warehouse/orders"]);
    event["outputs"][0]["namespace"] = json!("s3://lake");
    event
}

fn with_symlink(mut event: Value) -> Value {
    event["outputs"][0]["facets"] = json!({"symlinks": facet(json!({"identifiers": [
        {"namespace": "hive://meta", "name": "db.orders", "type": "TABLE"}]}))});
    event
}

fn reads_table() -> Value {
    let mut event = with_io(run_event(2, "COMPLETE", 1, "trino"), &["db.orders"], &["mart"]);
    event["inputs"][0]["namespace"] = json!("hive://meta");
    event
}

/// Whichever name and link come first, the two are one dataset in lineage, search and catalog.
#[tokio::test(flavor = "multi_thread")]
async fn symlink_joins_two_names_whenever_it_comes() {
    let mut late = with_symlink(writes_location());
    late["eventTime"] = json!("2026-11-20T10:07:00Z");
    let (write, read) = (writes_location(), reads_table());
    let early = with_symlink(writes_location());
    let orders = [
        vec![&early, &read],
        vec![&read, &early],
        vec![&write, &read, &late],
        vec![&late, &write, &read],
    ];
    for backend in Backend::ALL {
        for events in &orders {
            let world = World::new(backend).await;
            for event in events {
                world.ingest(event).await;
            }
            let expected = lines(&[
                "raw -> warehouse/orders over spark",
                "warehouse/orders -> mart over trino",
            ]);
            assert_eq!(flows(&world, Scope::CURRENT).await, expected, "{backend:?} {events:?}");
            let found = world.get("/api/v1/catalog/search?q=orders").await.ok(200);
            assert_eq!(found["total"], 1, "{found}");
            let by_table =
                world.app.anybody().dataset("hive://meta", "db.orders").await.expect("an answer");
            let by_location = world
                .app
                .anybody()
                .dataset("s3://lake", "warehouse/orders")
                .await
                .expect("an answer");
            let (by_table, by_location) =
                (by_table.expect("a dataset"), by_location.expect("a dataset"));
            assert_eq!(by_table.id, by_location.id);
            assert_eq!(by_table.names, by_location.names);
            assert_eq!(by_table.names.len(), 2);
            assert_eq!(
                by_table.doc.name, "warehouse/orders",
                "the name that events are about is shown"
            );
            world.app.stop().await;
        }
    }
}

fn rename(run: u32, minute: u8, to: &str, previous: &str) -> Value {
    let mut event = with_io(run_event(run, "COMPLETE", minute, "ddl"), &[], &[to]);
    event["outputs"][0]["facets"] = json!({"lifecycleStateChange": facet(json!({
        "lifecycleStateChange": "RENAME",
        "previousIdentifier": {"namespace": NS, "name": previous},
    }))});
    event
}

#[tokio::test(flavor = "multi_thread")]
async fn renamed_dataset_keeps_its_history_under_its_new_name() {
    let fill = with_io(run_event(1, "COMPLETE", 0, "fill"), &["raw"], &["old"]);
    let first = rename(2, 1, "middle", "old");
    let second = rename(3, 2, "new", "middle");
    let read = with_io(run_event(4, "COMPLETE", 3, "read"), &["new"], &["mart"]);
    for events in [[&fill, &first, &second, &read], [&second, &read, &fill, &first]] {
        let world = World::new(Backend::Sqlite).await;
        for event in events {
            world.ingest(event).await;
        }
        let expected = lines(&["new -> mart over read", "raw -> new over fill"]);
        assert_eq!(flows(&world, Scope::CURRENT).await, expected);
        for name in ["old", "middle", "new"] {
            let full =
                world.app.anybody().dataset(NS, name).await.expect("an answer").expect("a dataset");
            assert_eq!(full.doc.name, "new");
            assert_eq!(full.names.len(), 3);
        }
        let listed = world.get(&format!("/api/v1/datasets?namespace={NS}")).await.ok(200);
        let names: Vec<&str> = listed["items"]
            .as_array()
            .expect("items")
            .iter()
            .filter_map(|item| item["name"].as_str())
            .collect();
        assert_eq!(names, ["mart", "new", "raw"]);
        world.app.stop().await;
    }
}

/// A chain longer than any that is loaded at once.
#[tokio::test(flavor = "multi_thread")]
async fn long_chain_of_renames_is_one_dataset() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        for step in (0..20_u8).rev() {
            let event =
                rename(u32::from(step), step, &format!("t{}", step + 1), &format!("t{step}"));
            world.ingest(&event).await;
        }
        // Nothing of it is in the writer's memory any more.
        let world = world.restart().await;
        world.ingest(&with_io(run_event(99, "COMPLETE", 30, "fill"), &[], &["t0"])).await;
        let full =
            world.app.anybody().dataset(NS, "t0").await.expect("an answer").expect("a dataset");
        assert_eq!((full.doc.name.as_str(), full.names.len()), ("t20", 21), "{backend:?}");
        world.app.stop().await;
    }
}
