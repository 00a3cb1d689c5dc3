//! More than can be written waits: the rest is sent away with a time to come again, and
//! what was let in is kept.

use lethe::db::DbUrl;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::time::Duration;

use super::event;
use crate::world::{Backend, World};

/// Events of a batch.
const BATCH: usize = 3_000;
/// Batches: more than [`lethe::base::limits::QUEUE_EVENTS_MAX`] lets wait.
const BATCHES: usize = 10;

fn small(number: usize) -> serde_json::Value {
    let mut event = event(number, 0);
    event["run"]["facets"] = serde_json::json!({});
    event["outputs"] = serde_json::json!([]);
    event
}

#[tokio::test(flavor = "multi_thread")]
async fn queue_that_is_full_sends_away_with_words_and_loses_nothing() {
    let world = World::new(Backend::Sqlite).await;
    let DbUrl::Sqlite(path) = &world.url else { panic!("SQLite") };
    let options = SqliteConnectOptions::new().filename(path);
    let mut other = SqliteConnection::connect_with(&options).await.expect("the file opens");
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.expect("the lock is free");
    let send = |batch: usize| {
        let events: Vec<_> = (0..BATCH).map(|place| small(batch * BATCH + place)).collect();
        world.call("POST", "/api/v1/lineage/batch", serde_json::Value::from(events).to_string())
    };
    let unlock = async {
        while world.app.waiting() + BATCH <= lethe::base::limits::QUEUE_EVENTS_MAX {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let one = world.call("POST", "/api/v1/lineage/batch", batch_that_is_too_much()).await;
        one.problem(503, "overloaded");
        assert_eq!(one.header("retry-after"), Some("1"));
        world.get("/api/v1/events").await.ok(200);
        sqlx::raw_sql("ROLLBACK").execute(&mut other).await.expect("it unlocks");
    };
    let (answers, ()) =
        tokio::join!(futures_util::future::join_all((0..BATCHES).map(send)), unlock);
    let mut kept = 0;
    for answer in &answers {
        match answer.status {
            200 => kept += 1,
            _ => drop(answer.problem(503, "overloaded")),
        }
    }
    assert!((6..BATCHES).contains(&kept), "{kept}");
    let head = world.app.db().head().await.unwrap();
    assert_eq!(usize::try_from(head.seq).unwrap(), kept * BATCH, "all of a batch or nothing");
    while world.app.waiting() > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    world.ingest(&event(1, 10)).await;
    world.app.stop().await;
}

fn batch_that_is_too_much() -> String {
    let events: Vec<_> = (0..BATCH).map(|place| small(1_000_000 + place)).collect();
    serde_json::Value::from(events).to_string()
}
