//! A database whose host is lost without a word: what a node answers then, and how it comes back.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::policies::admin;
use crate::world::{Backend, TOKEN, Way, World};
use lethe::base::DatasetId;

/// A run that makes a dataset.
fn made(name: &str) -> Value {
    json!({
        "eventType": "COMPLETE", "eventTime": "2026-11-20T12:00:00Z", "producer": "https://e.org",
        "run": {"runId": "0198c0de-0000-7000-8000-000000000001"},
        "job": {"namespace": "etl", "name": "etl"},
        "outputs": [{"namespace": "open", "name": name}],
    })
}

/// Whether somebody finds a dataset, or it cannot be told; with the words of the answer.
async fn finds(node: &World, token: &str) -> (bool, String) {
    let search = node.as_whom(token, "GET", "/api/v1/catalog/search?q=hush", "").await;
    let id = DatasetId::of("open", "hush").0;
    let graph = "/api/v1/lineage/graph?focus=dataset:open:hush&depth=1";
    let graph = node.as_whom(token, "GET", graph, "").await;
    let page = node.as_whom(token, "GET", &format!("/api/v1/datasets/{id}"), "").await;
    let told = [search, graph, page].map(|answer| (answer.status, answer.text));
    let found = told.iter().any(|(status, text)| *status == 200 && text.contains("hush"));
    (found, format!("{told:?}"))
}

async fn until(what: &str, within: Duration, mut is: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + within;
    while !is().await {
        assert!(Instant::now() < end, "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Two nodes that know a dataset, and a viewer who finds it on both.
async fn two_nodes() -> (World, World, Way, String) {
    let one = World::guarded(Backend::Postgres).await;
    let viewer = one.person("vera", &["viewer"]).await;
    let event = made("hush");
    one.call_as(TOKEN, "POST", "/api/v1/lineage", &event).await.ok(201);
    let (other, way) = one.another_node_by_a_way().await;
    // Their clocks go by looks: what one made must not lie ahead of the other.
    other.clock.advance_secs(1);
    one.settle().await;
    other.settle().await;
    for node in [&one, &other] {
        let (found, told) = finds(node, &viewer).await;
        assert!(found, "{told}");
    }
    (one, other, way, viewer)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_restricted_is_found_on_no_node_that_has_lost_its_database() {
    let (one, other, way, viewer) = two_nodes().await;
    way.lose();
    let mark = format!("/api/v1/datasets/{}/tags/restricted", DatasetId::of("open", "hush").0);
    admin(&one, "PUT", &mark, &Value::Null).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let end = Instant::now() + Duration::from_secs(8);
    while Instant::now() < end {
        for node in [&one, &other] {
            let (found, told) = finds(node, &viewer).await;
            assert!(!found, "{told}");
        }
    }
    assert_eq!(other.get("/readyz").await.status, 503);
    // New connections work; those that were there are silent for ever.
    way.move_on();
    until("it is ready again", Duration::from_secs(30), async || {
        other.get("/readyz").await.status == 200
    })
    .await;
    let event = made("later");
    until("it writes again", Duration::from_secs(30), async || {
        other.call_as(TOKEN, "POST", "/api/v1/lineage", &event).await.status == 201
    })
    .await;
    let search = "/api/v1/catalog/search?q=later";
    until("it finds again", Duration::from_secs(30), async || {
        let answer = other.as_whom(&viewer, "GET", search, "").await;
        answer.status == 200 && answer.text.contains("\"later\"")
    })
    .await;
    assert!(!finds(&other, &viewer).await.0);
    one.app.stop().await;
    other.app.stop().await;
}
