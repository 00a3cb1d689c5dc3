//! Schemas that change, facets that are taken back.

use serde_json::{Value, json};

use super::{NS, dataset, dataset_event, run_event};
use crate::events::facet;
use crate::world::{Backend, World};

fn schema(columns: &[(&str, &str)]) -> Value {
    let fields: Vec<Value> =
        columns.iter().map(|(name, kind)| json!({"name": name, "type": kind})).collect();
    json!({"schema": facet(json!({"fields": fields}))})
}

fn writes(run: u32, minute: u8, facets: Value) -> Value {
    let mut event = run_event(run, "COMPLETE", minute, "load");
    event["outputs"] = json!([dataset("people")]);
    event["outputs"][0]["facets"] = facets;
    event
}

#[tokio::test(flavor = "multi_thread")]
async fn drift_is_told_in_the_order_of_events_not_of_arrival() {
    let old = writes(1, 1, schema(&[("id", "int"), ("email", "text")]));
    let new = writes(2, 2, schema(&[("id", "bigint"), ("email", "text"), ("phone", "text")]));
    for events in [[&old, &new], [&new, &old]] {
        let world = World::new(Backend::Sqlite).await;
        for event in events {
            world.ingest(event).await;
        }
        let people =
            world.app.anybody().dataset(NS, "people").await.expect("an answer").expect("a dataset");
        let names: Vec<&str> = people.view.columns.iter().map(|column| &column.name[..]).collect();
        assert_eq!(names, ["id", "email", "phone"]);
        let history = world.app.anybody().schema_history(&people).await.expect("an answer");
        assert_eq!(history.len(), 2);
        let newest = serde_json::to_value(&history[0].changes).expect("changes");
        assert_eq!(
            newest,
            json!([
                {"change": "retyped", "column": "id", "from": "int", "to": "bigint"},
                {"change": "added", "column": "phone", "dataType": "text"},
            ])
        );
        assert_eq!(history[1].changes.len(), 2, "the first adds its columns");
        let (versions, total) =
            world.app.anybody().dataset_versions(&people, 10, 0).await.expect("versions");
        assert_eq!(total, 2);
        assert_ne!(versions[0].schema, versions[1].schema);
        world.app.stop().await;
    }
}

/// Columns in another order are no drift.
#[tokio::test(flavor = "multi_thread")]
async fn order_of_columns_is_no_drift() {
    let world = World::new(Backend::Sqlite).await;
    world.ingest(&writes(1, 1, schema(&[("id", "int"), ("email", "text")]))).await;
    world.ingest(&writes(2, 2, schema(&[("email", "text"), ("id", "int")]))).await;
    let people =
        world.app.anybody().dataset(NS, "people").await.expect("an answer").expect("a dataset");
    assert_eq!(world.app.anybody().schema_history(&people).await.expect("an answer").len(), 1);
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deleted_facet_is_gone_until_it_is_said_again() {
    let documented = |text: &str| json!({"documentation": facet(json!({"description": text}))});
    let taken_back = json!({"documentation": facet(json!({"_deleted": true}))});
    let said = dataset_event(0, "people", documented("who we know"));
    let deleted = dataset_event(1, "people", taken_back);
    let again = dataset_event(2, "people", documented("whom we know"));
    for backend in Backend::ALL {
        // A deletion that comes before what it deletes holds as well.
        for events in [[&said, &deleted], [&deleted, &said]] {
            let world = World::new(backend).await;
            for event in events {
                world.ingest(event).await;
            }
            let people = world
                .app
                .anybody()
                .dataset(NS, "people")
                .await
                .expect("an answer")
                .expect("a dataset");
            assert_eq!(people.view.description, None);
            assert!(people.doc.facets.resolved(&people.bodies).is_empty());
            world.ingest(&again).await;
            let people = world
                .app
                .anybody()
                .dataset(NS, "people")
                .await
                .expect("an answer")
                .expect("a dataset");
            assert_eq!(people.view.description.as_deref(), Some("whom we know"));
            world.app.stop().await;
        }
    }
}

/// A facet that is sent again replaces the former one whole, and others stay.
#[tokio::test(flavor = "multi_thread")]
async fn newest_facet_replaces_the_older_whole() {
    let world = World::new(Backend::Sqlite).await;
    let owned = |name: &str| json!({"ownership": facet(json!({"owners": [{"name": name, "type": "OWNER"}]}))});
    world.ingest(&dataset_event(1, "people", owned("team:new"))).await;
    world.ingest(&dataset_event(0, "people", owned("team:old"))).await;
    world.ingest(&dataset_event(2, "people", schema(&[("id", "int")]))).await;
    let people =
        world.app.anybody().dataset(NS, "people").await.expect("an answer").expect("a dataset");
    let owners: Vec<&str> = people.view.owners.iter().map(|owner| &owner.name[..]).collect();
    assert_eq!(owners, ["team:new"]);
    assert_eq!(people.view.columns.len(), 1);
    world.app.stop().await;
}
