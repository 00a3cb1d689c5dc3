//! No room left: in the database's file, and on the whole disk.

use std::time::{Duration, Instant};

use lethe::db::{Db, DbUrl};
use tempfile::TempDir;

use super::{event, unavailable};
use crate::kill::several::ROOT_KEY;
use crate::process::Launch;
use crate::world::{Backend, SmallDisk, World};

/// Bytes of an event that fill a small file soon.
const BIG: usize = 30_000;

/// Lets the database's file grow no further than this. The connection that found it full
/// is replaced by one that knows no limit, so it is set anew each time.
async fn limit_pages(world: &World, pages: u32) {
    let Db::Sqlite { writer, .. } = world.app.db() else { panic!("SQLite") };
    let limit = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
    sqlx::query(limit).execute(writer).await.expect("the limit is set");
}

#[tokio::test(flavor = "multi_thread")]
async fn full_database_refuses_writes_answers_reads_and_goes_on_when_there_is_room() {
    let world = World::new(Backend::Sqlite).await;
    world.ingest(&event(0, BIG)).await;
    limit_pages(&world, 80).await;
    let mut kept = 1;
    let refused = loop {
        let event = noisy(kept);
        let answer = world.call("POST", "/api/v1/lineage", event.to_string()).await;
        if answer.status != 201 {
            unavailable(&answer);
            break event;
        }
        kept += 1;
        assert!(kept < 500, "the file does not fill");
    };
    for (method, path, body) in [
        ("POST", "/api/v1/lineage/batch", format!("[{refused}]")),
        ("POST", "/api/v1/events/import", refused.to_string()),
    ] {
        limit_pages(&world, 1).await;
        unavailable(&world.call(method, path, body).await);
    }
    let listed = world.get("/api/v1/events?limit=1000").await.ok(200);
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(kept));
    world.get("/api/v1/catalog/search?q=orders").await.ok(200);
    world.ingest(&refused).await;
    world.settle().await;
    let head = world.app.db().head().await.unwrap();
    assert_eq!(usize::try_from(head.seq).unwrap(), kept + 1);
    let found = world.get(&format!("/api/v1/catalog/search?q=out_{kept}")).await.ok(200);
    assert_eq!(found["hits"][0]["name"], format!("shop.out_{kept}"), "{found}");
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_written_is_logged_with_its_cause() {
    let dir = TempDir::new().expect("a temporary folder");
    let url = DbUrl::in_dir(dir.path());
    let lethe = Launch::new(dir.path(), &url).with_full_disk().start().await;
    lethe.caught_up().await;
    lethe.limit_files(Some(4_096));
    unavailable(&lethe.call("POST", "/api/v1/lineage", event(0, 10).to_string()).await);
    let until = Instant::now() + Duration::from_secs(30);
    for (place, cause) in [("data directory", "File too large"), ("database", "disk")] {
        let logged = || {
            let log = lethe.log();
            let mut lines = log.lines().filter(|line| line.contains("it cannot be written"));
            lines.find(|line| line.contains(place)).map(str::to_owned)
        };
        while logged().is_none() {
            assert!(Instant::now() < until, "{place}: {}", lethe.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let line = logged().expect("a line");
        assert!(line.contains(cause), "{line}");
    }
    lethe.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn full_disk_refuses_writes_answers_reads_and_goes_on_when_there_is_room() {
    let dir = TempDir::new().expect("a temporary folder");
    let url = DbUrl::in_dir(dir.path());
    let launch = Launch::new(dir.path(), &url).with_full_disk();
    let lethe = launch.start().await;
    let post = |number: usize| lethe.call("POST", "/api/v1/lineage", event(number, 10).to_string());
    for number in 0..10 {
        assert_eq!(post(number).await.status, 201);
    }
    lethe.caught_up().await;
    let mut next = 10;
    for full in 1..=3 {
        lethe.limit_files(Some(4_096));
        unavailable(&post(next).await);
        unavailable(&post(next).await);
        lethe.get("/livez").await;
        let listed = lethe.get("/api/v1/events?limit=1000").await.ok(200);
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(next));
        lethe.get("/api/v1/catalog/search?q=orders").await.ok(200);
        lethe.limit_files(None);
        for _ in 0..5 {
            assert_eq!(post(next).await.status, 201, "after round {full}\n{}", lethe.log());
            next += 1;
        }
        // What follows the log finds no room while it takes these in.
    }
    lethe.caught_up().await;
    let newest = format!("/api/v1/catalog/search?q=out_{}", next - 1);
    assert_eq!(lethe.get(&newest).await.ok(200)["total"], 1);
    lethe.kill();
    let lethe = launch.start().await;
    lethe.caught_up().await;
    let listed = lethe.get("/api/v1/events?limit=1000").await.ok(200);
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(next));
    assert_eq!(lethe.get(&newest).await.ok(200)["total"], 1);
    lethe.kill();
    let db = Db::open(&url).await.expect("the database opens");
    let Db::Sqlite { readers, .. } = &db else { panic!("SQLite") };
    let sound: String =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_one(readers).await.unwrap();
    assert_eq!(sound, "ok");
    db.close().await;
}

/// Bytes of the server's disk, and of what else lies there until room is given.
const DISK: u64 = 96 << 20;
const OTHER: usize = 48 << 20;
/// How soon nodes must write again once there is room, and say before that that they cannot.
const NOTICED_TIME_MAX: Duration = Duration::from_secs(30);

/// An event with texts that do not shrink when they are packed.
fn noisy(number: usize) -> serde_json::Value {
    let mut event = event(number, 0);
    let noise: String = (0..BIG).map(|_| fastrand::alphanumeric()).collect();
    event["run"]["facets"]["big"]["text"] = noise.into();
    event
}

#[tokio::test(flavor = "multi_thread")]
async fn full_disk_of_the_server_loses_nothing_that_two_nodes_acknowledged() {
    let disk = SmallDisk::start(DISK);
    let dirs = [(); 2].map(|()| TempDir::new().expect("a temporary folder"));
    let start = |dir: &TempDir| {
        let launch = Launch::new(dir.path(), &disk.url()).with_env("LETHE_ROOT_KEY", ROOT_KEY);
        async move { launch.start().await }
    };
    let nodes = [start(&dirs[0]).await, start(&dirs[1]).await];
    let ready = async |status: u16| {
        let until = Instant::now() + NOTICED_TIME_MAX;
        for node in &nodes {
            while node.get("/readyz").await.status != status {
                assert!(Instant::now() < until, "{}", node.get("/readyz").await.text);
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    };
    let mut kept = 0;
    for other in [OTHER, OTHER / 4 * 3] {
        disk.take_room(other);
        let refused = loop {
            let event = noisy(kept);
            let node = &nodes[kept % 2];
            let answer = node.call("POST", "/api/v1/lineage", event.to_string()).await;
            if answer.status != 201 {
                unavailable(&answer);
                break event;
            }
            kept += 1;
            assert!(kept < 5_000, "the disk does not fill");
        };
        ready(503).await;
        for node in &nodes {
            node.get("/livez").await;
            let newest = format!("/api/v1/catalog/search?q=out_{}", kept - 1);
            assert_eq!(node.get(&newest).await.ok(200)["total"], 1);
        }
        disk.give_room();
        ready(200).await;
        for node in &nodes {
            let posted = node.call("POST", "/api/v1/lineage", refused.to_string()).await;
            assert!([200, 201].contains(&posted.status), "{}", posted.text);
        }
        kept += 1;
    }
    let db = Db::open(&disk.url()).await.expect("the database opens");
    assert_eq!(usize::try_from(db.head().await.expect("a head").seq).unwrap(), kept);
    db.close().await;
    for node in nodes {
        node.caught_up().await;
        node.kill();
    }
}
