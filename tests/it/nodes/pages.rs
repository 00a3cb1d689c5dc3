//! Pages of a search, turn by turn from several nodes: whole and without repeats while nothing changes, and
//! they say so where something did.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{event_about, parsed, send, stream};
use crate::world::{Backend, World};

/// Searches that are walked through, under load and at rest.
const WALKS: usize = 25;
/// What is searched for, in turn.
const QUERIES: [&str; 5] = ["", "t", "db", "job", "load"];

/// What a walk found.
struct Walk {
    ids: Vec<String>,
    /// How many hits the first page promised.
    total: Value,
    /// Whether a page said that something changed since the first.
    changed: bool,
}

/// Walks through a search from page to page, each from the next node.
async fn walk(nodes: &[&World], query: &str) -> Walk {
    let (mut ids, mut next) = (Vec::new(), String::new());
    let (mut total, mut changed) = (None, false);
    for node in nodes.iter().cycle() {
        let path = format!("/api/v1/catalog/search?q={query}&limit=3{next}");
        let page = node.get(&path).await.ok(200);
        changed |= page["changed"] == true;
        total.get_or_insert_with(|| page["total"].clone());
        let hits = page["hits"].as_array().expect("hits");
        ids.extend(hits.iter().map(|hit| hit["id"].as_str().expect("an id").to_owned()));
        match page["next"].as_str() {
            Some(cursor) => next = format!("&after={cursor}"),
            None => break,
        }
    }
    Walk { ids, total: total.unwrap_or_default(), changed }
}

/// Walks where nothing changes.
async fn walked(nodes: &[&World], query: &str) -> Vec<String> {
    let walk = walk(nodes, query).await;
    assert!(!walk.changed, "nothing changes");
    walk.ids
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_under_load_are_whole_or_say_what_they_are_not() {
    let one = World::new(Backend::Postgres).await;
    let (two, three) = (one.another_node().await, one.another_node().await);
    let nodes = [&one, &two, &three];
    let events = stream(600);
    send(&one, &events[..200], 50).await;
    for node in nodes {
        node.settle().await;
    }
    let is_over = AtomicBool::new(false);
    let load = async {
        let mut rest = events[200..].iter().zip(nodes.iter().cycle());
        // With pauses, so that some walks have nothing change under them.
        while !is_over.load(Ordering::Acquire)
            && let Some((event, node)) = rest.next()
        {
            send(node, std::slice::from_ref(event), 1).await;
            let pause = if fastrand::u8(..8) == 0 { 400 } else { 15 };
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
    };
    let walks = async {
        let (mut whole, mut changed) = (0, 0);
        for number in 0..WALKS {
            let walk = walk(&nodes, QUERIES[number % QUERIES.len()]).await;
            if walk.changed {
                changed += 1;
                continue;
            }
            let distinct: BTreeSet<&String> = walk.ids.iter().collect();
            assert_eq!(distinct.len(), walk.ids.len(), "a repeat: {:?}", walk.ids);
            assert_eq!(walk.total, walk.ids.len(), "not whole");
            whole += 1;
        }
        is_over.store(true, Ordering::Release);
        println!("{whole} walks whole, {changed} that said that something changed");
        assert!(changed > 0, "nothing changed");
    };
    tokio::join!(load, walks);
    for node in nodes {
        node.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_search_are_whole_from_whichever_node_they_come() {
    let one = World::new(Backend::Postgres).await;
    let (two, three) = (one.another_node().await, one.another_node().await);
    let events = stream(300);
    tokio::join!(
        send(&one, &events[..120], 3),
        send(&two, &events[80..220], 7),
        send(&three, &events[200..], 1)
    );
    for node in [&one, &two, &three] {
        node.settle().await;
    }
    // Use is taken in once nothing happens.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut pages = 0;
    for query in QUERIES {
        let alone = walked(&[&one], query).await;
        pages += alone.len() / 3;
        assert_eq!(walked(&[&two], query).await, alone, "{query}");
        for _ in 0..WALKS / QUERIES.len() {
            assert_eq!(walked(&[&three, &one, &two], query).await, alone, "{query}");
        }
    }
    assert!(pages > 4, "{pages} pages are too few to tell");
    // What changed since the first page is told on all that follow, by any node.
    let first = one.get("/api/v1/catalog/search?q=&limit=1").await.ok(200);
    send(&two, &[parsed(&event_about("another", 9))], 1).await;
    let mut next = first["next"].as_str().expect("there is more").to_owned();
    for node in [&three, &one, &two] {
        node.settle().await;
        let page =
            node.get(&format!("/api/v1/catalog/search?q=&limit=1&after={next}")).await.ok(200);
        assert_eq!(page["changed"], true);
        next = page["next"].as_str().expect("there is more").to_owned();
    }
    for world in [three, two, one] {
        world.app.stop().await;
    }
}

/// What only ranking looks at waits a moment; a node that ends meanwhile must not forget it.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_ended_before_use_was_taken_in_ranks_as_all_others() {
    let one = World::new(Backend::Postgres).await;
    let run = |number: usize, name: &str| {
        json!({
            "eventType": "COMPLETE", "eventTime": format!("2026-11-20T10:{:02}:00Z", number % 60),
            "producer": "https://e.org",
            "run": {"runId": format!("0198c0de-0000-7000-8000-{number:012}")},
            "job": {"namespace": "etl", "name": name},
        })
    };
    for (number, name) in ["walk_a", "walk_b", "walk_c"].iter().enumerate() {
        one.ingest(&run(number, name)).await;
    }
    one.settle().await;
    let order = async |node: &World| {
        let found = node.get("/api/v1/catalog/search?q=walk").await.ok(200);
        let hits = found["hits"].as_array().expect("hits").clone();
        hits.iter().map(|hit| hit["name"].to_string()).collect::<Vec<_>>()
    };
    // What is least of the three becomes what is used most, and the node ends at once.
    let last = order(&one).await.pop().expect("three").replace('"', "");
    let runs: Vec<Value> = (10..50).map(|number| run(number, &last)).collect();
    one.call("POST", "/api/v1/lineage/batch", Value::from(runs).to_string()).await.ok(200);
    one.settle().await;
    // Something else that is found is written, and the place with it.
    one.ingest(&run(60, "something else")).await;
    one.settle().await;
    let one = one.restart().await;
    let other = one.another_node().await;
    one.settle().await;
    other.settle().await;
    let expected = order(&other).await;
    assert_eq!(expected[0], format!("\"{last}\""), "use counts");
    let until = Instant::now() + Duration::from_secs(30);
    while order(&one).await != expected {
        assert!(Instant::now() < until, "{:?}", order(&one).await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    other.app.stop().await;
    one.app.stop().await;
}
