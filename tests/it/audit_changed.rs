//! An audit log that somebody changed in the database: Lethe finds it by itself, says so, and
//! signs nothing any more.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::world::{Backend, World, dump};

async fn put(world: &World, name: &str) {
    let put = json!({"datasets": [{"namespace": "pg", "name": name, "tags": ["t"]}]});
    assert_eq!(world.call("PUT", "/api/v1/datasets", put.to_string()).await.status, 204);
}

async fn state(world: &World) -> Value {
    world.get("/api/v1/audit").await.json()
}

async fn signed(world: &World) -> String {
    world.get("/api/v1/audit/checkpoint").await.text
}

/// Makes a log of twenty records whose head is signed.
async fn log(backend: Backend) -> World {
    let world = World::new(backend).await;
    for n in 0..20 {
        put(&world, &format!("n{n:02}")).await;
    }
    until(&world, "the head is signed", |_, head| head.lines().nth(1) == Some("20")).await;
    world
}

/// Waits for a state of the log and its signed head.
async fn until(world: &World, what: &str, is: impl Fn(&Value, &str) -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while Instant::now() < end {
        if is(&state(world).await, &signed(world).await) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what}: {}", state(world).await);
}

const SWAP: &[&str] = &[
    "UPDATE audit_record SET seq = 900 WHERE seq = 3",
    "UPDATE audit_record SET seq = 3 WHERE seq = 4",
    "UPDATE audit_record SET seq = 4 WHERE seq = 900",
];

/// What a tree that was changed is called: by its records, or by a check that had read them.
const TREE: &[&str] =
    &["record 0 is not the one in the tree", "tile 0/0 is not what its records come to"];

/// What is done, by which statements, and the words of the alarm: one of these.
type Change = (&'static str, &'static [&'static str], &'static [&'static str]);

/// What somebody does, on each database, and the words of the alarm.
fn changes(backend: Backend) -> Vec<Change> {
    let edited: &[&str] = match backend {
        Backend::Sqlite => &[
            "UPDATE audit_record SET body = CAST(REPLACE(CAST(body AS TEXT), 'n07', 'n0X') AS BLOB) WHERE seq = 7",
        ],
        Backend::Postgres => &[
            "UPDATE audit_record SET body = convert_to(REPLACE(convert_from(body, 'UTF8'), 'n07', 'n0X'), 'UTF8') WHERE seq = 7",
        ],
    };
    let tile: &[&str] = match backend {
        Backend::Sqlite => &["UPDATE audit_tile SET body = zeroblob(640) WHERE level = 0"],
        Backend::Postgres => {
            &["UPDATE audit_tile SET body = decode(repeat('00', 640), 'hex') WHERE level = 0"]
        }
    };
    let inserted: &[&str] = &[
        "INSERT INTO audit_record (seq, id, at, actor, action, resource, subject, outcome, purpose, body) \
         SELECT -1, resource, at, actor, action, resource, subject, outcome, purpose, body FROM audit_record WHERE seq = 5",
    ];
    vec![
        ("edited", edited, &["record 7 is not the one in the tree"]),
        ("deleted", &["DELETE FROM audit_record WHERE seq = 7"], &["record 7 is missing"]),
        (
            "the last deleted",
            &["DELETE FROM audit_record WHERE seq = 19"],
            &["record 19 is missing"],
        ),
        ("swapped", SWAP, &["record 3 is not the one in the tree"]),
        ("slipped in", inserted, &["record -1 is outside of the log"]),
        (
            "hidden from filters",
            &["UPDATE audit_record SET action = 'dataset:read' WHERE seq = 5"],
            &["record 5 is filed under another action"],
        ),
        (
            "another's",
            &["UPDATE audit_record SET actor = resource WHERE seq = 6"],
            &["record 6 is filed under another actor"],
        ),
        (
            "at another time",
            &["UPDATE audit_record SET at = 0 WHERE seq = 8"],
            &["record 8 is filed under another time"],
        ),
        (
            "ended otherwise",
            &["UPDATE audit_record SET outcome = 2 WHERE seq = 9"],
            &["record 9 is filed under another outcome"],
        ),
        ("tree replaced", tile, TREE),
        ("tree removed", &["DELETE FROM audit_tile"], TREE),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_of_the_log_raises_the_alarm_while_lethe_runs() {
    for backend in Backend::ALL {
        let walks = changes(backend).into_iter().map(|change| found(backend, change));
        futures_util::future::join_all(walks).await;
    }
}

async fn found(backend: Backend, (what, statements, words): Change) {
    let world = log(backend).await;
    assert_eq!(state(&world).await["alarm"], Value::Null, "{what}");
    assert_eq!(world.get("/readyz").await.json()["auditAlarm"], Value::Null);
    let head = signed(&world).await;
    dump::run(&world.url, statements).await;
    let told = |alarm: &Value| words.iter().any(|words| alarm == *words);
    until(&world, what, |state, _| told(&state["alarm"])).await;
    let ready = world.get("/readyz").await.json();
    assert!(ready["auditAlarm"].is_string(), "{what}: {ready}");
    put(&world, "after").await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(signed(&world).await, head, "{what}: nothing is signed any more");
    let last = world.get("/api/v1/audit/records?limit=1").await.ok(200);
    let id = last["items"][0]["record"]["id"].as_str().expect("an id").to_owned();
    let receipt = world.get(&format!("/api/v1/audit/records/{id}/receipt")).await;
    receipt.problem(503, "not-signed");
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_alarm_is_found_after_a_start_and_outlives_what_raised_it() {
    for backend in Backend::ALL {
        let world = log(backend).await;
        let head = signed(&world).await;
        dump::run(&world.url, &["UPDATE audit_record SET purpose = 'p' WHERE seq = 7"]).await;
        let world = world.restart().await;
        until(&world, "found", |state, _| state["alarm"].is_string()).await;
        // Whoever did it undoes it: what was found stays found.
        dump::run(&world.url, &["UPDATE audit_record SET purpose = NULL WHERE seq = 7"]).await;
        let world = world.restart().await;
        put(&world, "after").await;
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        let told = state(&world).await["alarm"].clone();
        assert_eq!(told, "record 7 is filed under another purpose");
        assert_eq!(signed(&world).await, head, "nothing is signed any more");
        // Somebody who looked into it moves the file away.
        let file = world.dir.path().join("audit-alarm.json");
        std::fs::remove_file(file).expect("it is kept there");
        let world = world.restart().await;
        until(&world, "signed again", |_, head| head.lines().nth(1) == Some("21")).await;
        assert_eq!(state(&world).await["alarm"], Value::Null);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_told_when_the_whole_log_was_last_found_right() {
    for backend in Backend::ALL {
        let world = log(backend).await;
        until(&world, "checked", |state, _| state["checked"]["records"] == 20).await;
        world.clock.advance_secs(60);
        put(&world, "later").await;
        until(&world, "checked again", |state, _| state["checked"]["records"] == 21).await;
        let checked = state(&world).await["checked"].clone();
        // Filed under another act: a filter passes over it, until a check comes to it.
        dump::run(&world.url, &["UPDATE audit_record SET action = 'dataset:read' WHERE seq = 5"])
            .await;
        let by_act = world.get("/api/v1/audit/records?action=dataset:edit&limit=100").await.json();
        assert_eq!(by_act["items"].as_array().map(Vec::len), Some(20));
        until(&world, "found", |state, _| state["alarm"].is_string()).await;
        world.clock.advance_secs(60);
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        let told = state(&world).await["checked"].clone();
        let since = |checked: &Value| checked["since"].as_str().map(str::to_owned);
        assert!(since(&told) < since(&json!({"since": world.app.now().to_string()})), "{told}");
        assert_eq!(told["records"], checked["records"]);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_shown_as_their_bytes_say() {
    for backend in Backend::ALL {
        let world = log(backend).await;
        dump::run(
            &world.url,
            &["UPDATE audit_record SET action = 'user:read' WHERE seq BETWEEN 5 AND 14"],
        )
        .await;
        let found = world.get("/api/v1/audit/records?action=user:read").await.json();
        let items = found["items"].as_array().expect("a list").clone();
        assert_eq!(items.len(), 10);
        assert!(items.iter().all(|item| item["record"]["action"] == "dataset:edit"));
        let told = state(&world).await["alarm"].clone();
        assert!(told.is_string(), "whoever is given them raises the alarm at once: {told}");
    }
}
