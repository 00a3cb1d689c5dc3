//! Several processes on one database: nothing is lost, nothing twice, all answer the same.

mod denied;
mod failover;
mod keepers;
mod obeyed;
mod pages;
mod places;

use std::collections::HashSet;
use std::process::Stdio;
use std::time::Duration;

use lethe::base::{NodeKind, Position};
use lethe::catalog::{Edit, EntityRef};
use lethe::db::DbUrl;
use lethe::flow::{Actor, Follower, Submission};
use lethe::openlineage::{Parsed, parse};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::events;
use crate::world::dump::{difference, held};
use crate::world::{Backend, World, answers, keep, put_back};

/// Draws a stream of events, the same each time.
fn stream(count: usize) -> Vec<Parsed> {
    let mut runner = TestRunner::deterministic();
    let mut drawn = Vec::with_capacity(count);
    let mut known = HashSet::new();
    while drawn.len() < count {
        let event = events::event().new_tree(&mut runner).expect("an event").current();
        let event = parse(event.to_string().as_bytes()).expect("a valid event");
        if known.insert(event.id) {
            drawn.push(event);
        }
    }
    drawn
}

async fn send(world: &World, events: &[Parsed], batch: usize) {
    for events in events.chunks(batch) {
        let submission = Submission { events: events.to_vec(), ..Submission::default() };
        world.app.submit(submission).await.expect("they are accepted");
    }
}

fn actor() -> Actor {
    Actor::anonymous()
}

fn dataset(name: &str) -> EntityRef {
    EntityRef { kind: NodeKind::Dataset, namespace: "pg".to_owned(), name: name.to_owned() }
}

fn event_about(name: &str, minute: u8) -> Value {
    let mut event = events::base(minute, "DatasetEvent");
    event["dataset"] = json!({"namespace": "pg", "name": name});
    event
}

fn parsed(event: &Value) -> Parsed {
    parse(event.to_string().as_bytes()).expect("a valid event")
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_that_write_at_once_end_as_one_would() {
    let events = stream(400);
    let alone = World::new(Backend::Sqlite).await;
    send(&alone, &events, 50).await;
    alone.settle().await;
    let one = World::new(Backend::Postgres).await;
    let other = one.another_node().await;
    // Each gets most of the events, in another order and other batches; many go to both.
    let forth: Vec<Parsed> = events.iter().take(300).cloned().collect();
    let back: Vec<Parsed> = events.iter().skip(100).rev().cloned().collect();
    tokio::join!(send(&one, &forth, 3), send(&other, &back, 2));
    one.settle().await;
    other.settle().await;
    assert_eq!(one.app.db().head().await.expect("a head").seq, 400, "each event once");
    if let Some(difference) = difference(&held(&alone).await, &held(&one).await) {
        panic!("{difference}");
    }
    let expected = answers(&alone.app).await;
    for node in [&one, &other] {
        let answers = answers(&node.app).await;
        for (question, answer) in &expected {
            assert_eq!(answers.get(question), Some(answer), "{question}");
        }
        let found = node.get("/api/v1/catalog/search?q=table&limit=100").await.ok(200);
        let known = alone.get("/api/v1/catalog/search?q=table&limit=100").await.ok(200);
        assert_eq!(found["total"], known["total"]);
    }
    for world in [other, one, alone] {
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_node_edits_the_other_does_not_overwrite() {
    let one = World::new(Backend::Postgres).await;
    let other = one.another_node().await;
    let mut event = event_about("people", 0);
    event["dataset"]["facets"] = json!({
        "dataSource": events::facet(json!({"name": "crm", "uri": "pg://crm"})),
        "tags": events::facet(json!({"tags": [{"key": "pii", "value": "true", "source": "x"}]})),
    });
    // Both have everything in their memory.
    one.ingest(&event).await;
    event["eventTime"] = json!("2026-11-20T10:01:00Z");
    other.ingest(&event).await;
    let description = || Some("By hand".to_owned());
    let edits = [
        Edit::PutTag { name: "pii".to_owned(), description: description() },
        Edit::PutSource {
            name: "crm".to_owned(),
            kind: "POSTGRESQL".to_owned(),
            url: "pg://other".to_owned(),
            description: description(),
        },
        Edit::PutNamespace { name: "pg".to_owned(), owner: None, description: description() },
        Edit::Describe { entity: dataset("people"), field: None, description: description() },
    ];
    // One edit at a time, so that each alone must reach the other node.
    for (minute, edit) in (2..).zip(edits) {
        other.app.edit(&actor(), edit).await.expect("it is made");
        // Earlier than all, so that what is known of every aggregate changes.
        event["eventTime"] = json!(format!("2026-11-20T09:{:02}:00Z", 59 - minute));
        one.ingest(&event).await;
    }
    let db = one.app.db();
    let tag = db.tag("pii").await.expect("an answer").expect("a tag");
    assert_eq!(tag.description.and_then(|edit| edit.value), description());
    let source = db.source("crm").await.expect("an answer").expect("a source");
    assert_eq!(source.description.and_then(|edit| edit.value), description());
    assert_eq!(source.url.map(|url| url.value), Some("pg://other".to_owned()));
    let namespace = db.namespace("pg").await.expect("an answer").expect("a namespace");
    assert_eq!(namespace.description.and_then(|edit| edit.value), description());
    for node in [&one, &other] {
        node.settle().await;
        let people = node
            .app
            .anybody()
            .dataset("pg", "people")
            .await
            .expect("an answer")
            .expect("a dataset");
        assert_eq!(people.view.description, description());
        let found = node.get("/api/v1/catalog/search?q=hand").await.ok(200);
        assert_eq!(found["total"], 1, "{found}");
    }
    other.app.stop().await;
    one.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_node_deletes_is_deleted_for_the_other() {
    let one = World::new(Backend::Postgres).await;
    let other = one.another_node().await;
    let mut event = event_about("people", 0);
    let documented = events::facet(json!({"description": "long ago ".repeat(60)}));
    event["dataset"]["facets"] = json!({"documentation": documented});
    one.ingest(&event).await;
    let gone = Edit::SetDeleted { entities: vec![dataset("people")], deleted: true };
    other.app.edit(&actor(), gone).await.expect("it is made");
    for node in [&one, &other] {
        node.settle().await;
        assert_eq!(node.get("/api/v1/catalog/search?q=people").await.ok(200)["total"], 0);
    }
    one.ingest(&event_about("people", 1)).await;
    for node in [&one, &other] {
        node.settle().await;
        assert_eq!(
            node.get("/api/v1/catalog/search?q=people").await.ok(200)["total"],
            1,
            "it is back"
        );
    }
    other.app.remove(&Actor::system(), &[dataset("people")]).await.expect("it is removed");
    for node in [&one, &other] {
        node.settle().await;
        assert_eq!(node.get("/api/v1/catalog/search?q=people").await.ok(200)["total"], 0);
    }
    // The same facet again: its body was removed with the dataset, so it must be kept anew.
    event["eventTime"] = json!("2026-11-20T10:02:00Z");
    one.ingest(&event).await;
    let back =
        other.app.anybody().dataset("pg", "people").await.expect("an answer").expect("a dataset");
    assert!(back.view.description.is_some_and(|text| text.starts_with("long ago")));
    other.app.stop().await;
    one.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rebuild_on_one_node_reaches_the_other() {
    let one = World::new(Backend::Postgres).await;
    let other = one.another_node().await;
    send(&one, &stream(60), 20).await;
    let rebuilt = lethe::flow::rebuild(other.app.db(), other.app.now(), |_| ()).await;
    assert_eq!(rebuilt.expect("it is rebuilt").entries, 60);
    let more: Vec<Parsed> = stream(120).into_iter().skip(60).collect();
    tokio::join!(send(&one, &more[..30], 4), send(&other, &more[30..], 4));
    let alone = World::new(Backend::Sqlite).await;
    send(&alone, &stream(120), 50).await;
    one.settle().await;
    other.settle().await;
    if let Some(difference) = difference(&held(&alone).await, &held(&one).await) {
        panic!("{difference}");
    }
    assert_eq!(answers(&one.app).await, answers(&other.app).await);
    for world in [other, one, alone] {
        world.app.stop().await;
    }
}

/// `lethe import` beside a server that runs and takes events in as well.
#[tokio::test(flavor = "multi_thread")]
async fn import_beside_a_running_server_loses_nothing() {
    for backend in Backend::ALL {
        let events = stream(600);
        let world = World::new(backend).await;
        let file = world.dir.path().join("events.ndjson");
        let lines: Vec<u8> =
            events[..500].iter().flat_map(|e| [&e.raw[..], b"\n"].concat()).collect();
        std::fs::write(&file, lines).expect("the file is written");
        let (url, elsewhere) = match &world.url {
            DbUrl::Sqlite(path) => {
                (format!("sqlite:{}", path.display()), world.dir.path().join("cli"))
            }
            DbUrl::Postgres(url) => (url.clone(), world.dir.path().join("cli")),
        };
        let import = std::process::Command::new(env!("CARGO_BIN_EXE_lethe"))
            .args(["import", "--json", "--database", &url, "--data-dir"])
            .arg(&elsewhere)
            .arg(&file)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        // Meanwhile the server takes in others, and some of the same.
        let own: Vec<Parsed> = events[450..].to_vec();
        send(&world, &own, 1).await;
        let import = tokio::task::spawn_blocking(|| import.wait_with_output()).await;
        let output = import.expect("it ends").expect("it ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said: Value = serde_json::from_slice(&output.stdout).expect("a result");
        assert_eq!((&said["received"], &said["refused"]), (&json!(500), &json!(0)), "{said}");
        assert_eq!(world.app.db().head().await.expect("a head").seq, 600, "each event once");
        world.settle().await;
        let alone = World::new(Backend::Sqlite).await;
        send(&alone, &events, 50).await;
        alone.settle().await;
        if let Some(difference) = difference(&held(&alone).await, &held(&world).await) {
            panic!("{backend:?}: {difference}");
        }
        assert_eq!(answers(&alone.app).await, answers(&world.app).await, "{backend:?}");
        alone.app.stop().await;
        world.app.stop().await;
    }
}

/// A batch that takes long to read, and a light one behind it: the place to go on from is the
/// end of the file, since the light one is written after the heavy one.
#[tokio::test(flavor = "multi_thread")]
async fn a_light_batch_is_not_imported_before_the_heavy_one_that_it_follows() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        let event = |number: usize, bytes: usize| {
            let (minute, second) = (number / 60, number % 60);
            let text = "x".repeat(bytes);
            let facet = json!({"_producer": "p:x", "_schemaURL": "p:x", "text": text});
            let event = json!({
                "eventTime": format!("2026-11-20T10:{minute:02}:{second:02}Z"), "producer": "p:x",
                "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent",
                "dataset": {"namespace": "pg", "name": format!("d{number}"), "facets": {"big": facet}},
            });
            format!("{event}\n")
        };
        let heavy = (0..260).map(|number| event(number, 33_000));
        let text: String = heavy.chain((260..263).map(|number| event(number, 1))).collect();
        let file = uuid::Uuid::from_u128(7);
        let done = world
            .app
            .import(text.as_bytes(), lethe::flow::Importer::Itself, (Some(file), 0), |_| {})
            .await
            .unwrap();
        assert_eq!((done.received, done.new, done.bytes), (263, 263, text.len() as u64));
        assert_eq!(world.app.import_start(file).await.unwrap(), text.len() as u64, "{backend:?}");
        let last = world.app.db().scan_events(0, 1_000).await.unwrap().pop().expect("events");
        assert!(last.raw.contains("\"d262\""), "the log keeps the order of the file");
        world.app.stop().await;
    }
}

/// Waits until a node has noticed that its database is another one, and follows that.
async fn settled_anew(node: &World) {
    for _ in 0..600 {
        let head = node.app.db().head().await.map(|head| head.reached().number);
        let positions = node.app.positions();
        if let Ok(head) = head
            && Follower::ALL.into_iter().all(|follower| positions.reached(follower) == head)
            && positions.committed() == head
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it does not follow");
}

/// Sends events one by one, each again until it is taken. Returns where the last was committed.
async fn send_till_taken(node: &World, events: &[Parsed]) -> Position {
    let mut last = Position::default();
    for event in events {
        for attempt in 0.. {
            let submission = Submission { events: vec![event.clone()], ..Submission::default() };
            match node.app.submit(submission).await {
                Ok(accepted) => {
                    last = accepted.position;
                    break;
                }
                Err(error) => assert!(attempt < 200, "{error}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    last
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_was_put_back_is_another_history_though_its_numbers_go_on() {
    let one = World::new(Backend::Postgres).await;
    let other = one.another_node().await;
    let events = stream(140);
    let (mut rest, mut number) = (&events[..], 0);
    // What is lost is overtaken by more, by as much and by less of what comes after.
    for (kept, lost, after) in [(20, 6, 9), (20, 6, 6), (20, 12, 3), (20, 3, 1)] {
        number += 1;
        let (before, more) = rest.split_at(kept);
        send_till_taken(&one, before).await;
        one.settle().await;
        other.settle().await;
        keep(&one.url);
        let (gone, more) = more.split_at(lost);
        send_till_taken(&one, &gone[..lost / 2]).await;
        let lost_mark = send_till_taken(&other, &gone[lost / 2..]).await;
        let (next, more) = more.split_at(after);
        rest = more;
        put_back(&one.url);
        send_till_taken(&other, next).await;
        // Producers send again what was not acknowledged, or what they think was lost.
        let mark = send_till_taken(&one, gone).await;
        settled_anew(&one).await;
        settled_anew(&other).await;
        for node in [&one, &other] {
            // Whoever waits for what they wrote learns that it is gone, whatever has its number now.
            let lost = node.get(&format!("/api/v1/tags?wait_for={lost_mark}")).await;
            lost.problem(409, "other-history");
            node.get(&format!("/api/v1/tags?wait_for={mark}")).await.ok(200);
        }
        let fresh = one.another_node().await;
        fresh.settle().await;
        let expected = answers(&fresh.app).await;
        fresh.app.stop().await;
        for node in [&one, &other] {
            let answers = answers(&node.app).await;
            for (question, answer) in &expected {
                assert_eq!(answers.get(question), Some(answer), "round {number}: {question}");
            }
            let found = node.get("/api/v1/catalog/search?q=table&limit=100").await.ok(200);
            assert_eq!(found["position"], node.app.positions().committed(), "round {number}");
        }
        let before = held(&one).await;
        let rebuilt = lethe::flow::rebuild(one.app.db(), one.app.now(), |_| ()).await;
        rebuilt.expect("it is rebuilt");
        if let Some(difference) = difference(&before, &held(&one).await) {
            panic!("round {number}: {difference}");
        }
        one.settle().await;
        other.settle().await;
    }
    for world in [other, one] {
        world.app.stop().await;
    }
}
