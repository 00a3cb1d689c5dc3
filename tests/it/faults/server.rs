//! The database is locked, ends connections, crashes, hangs.

use std::time::{Duration, Instant};

use lethe::db::{Db, DbUrl};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;

use super::{event, unavailable};
use crate::kill::check::Log;
use crate::kill::load::{self, Ledger};
use crate::process::{Launch, Lethe};
use crate::world::OwnServer;

/// How soon a request is refused whose database does not answer.
const REFUSED_TIME_MAX: Duration = Duration::from_secs(35);
/// How soon it writes again once the database is back.
const BACK_TIME_MAX: Duration = Duration::from_secs(40);

/// Posts for a while, as several producers do.
async fn load_for(lethe: &Lethe, ledger: &Ledger, time: Duration) {
    let producers = async {
        tokio::join!(
            load::post_singles(lethe, ledger),
            load::post_singles(lethe, ledger),
            load::post_batches(lethe, ledger),
            load::stream_imports(lethe, ledger),
        );
        panic!("the server went away");
    };
    drop(tokio::time::timeout(time, producers).await);
}

/// Posts until it is accepted.
async fn back(lethe: &Lethe, event: &str) {
    let until = Instant::now() + BACK_TIME_MAX;
    loop {
        let answer = lethe.call("POST", "/api/v1/lineage", event.to_owned()).await;
        if answer.status == 201 {
            return;
        }
        unavailable(&answer);
        assert!(Instant::now() < until, "it does not come back\n{}", lethe.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn nothing_lost(lethe: &Lethe, url: &DbUrl, ledger: &Ledger) {
    lethe.caught_up().await;
    let db = Db::open(url).await.expect("the database opens");
    let mut log = Log::default();
    log.read_on(&db).await;
    db.close().await;
    let book = ledger.open();
    assert!(book.acknowledged.len() > 20, "only {} events", book.acknowledged.len());
    assert_eq!((log.lost(&book), &log.doubled), (vec![], &vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn file_that_another_process_locks_is_waited_for_and_then_refused() {
    let dir = TempDir::new().expect("a temporary folder");
    let url = DbUrl::in_dir(dir.path());
    let lethe = Launch::new(dir.path(), &url).start().await;
    let DbUrl::Sqlite(path) = &url else { panic!("SQLite") };
    let options = SqliteConnectOptions::new().filename(path);
    let mut other = SqliteConnection::connect_with(&options).await.expect("the file opens");
    let lock = sqlx::raw_sql("BEGIN IMMEDIATE");
    lock.execute(&mut other).await.expect("the lock is free");
    let waits = lethe.call("POST", "/api/v1/lineage", event(1, 10).to_string());
    let unlock = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        lethe.get("/api/v1/events").await.ok(200);
        sqlx::raw_sql("ROLLBACK").execute(&mut other).await.expect("it unlocks");
    };
    let (waited, ()) = tokio::join!(waits, unlock);
    assert_eq!(waited.status, 201, "{}", waited.text);
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.expect("the lock is free");
    let started = Instant::now();
    unavailable(&lethe.call("POST", "/api/v1/lineage", event(2, 10).to_string()).await);
    assert!(started.elapsed() < REFUSED_TIME_MAX, "{:?}", started.elapsed());
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.expect("it unlocks");
    back(&lethe, &event(2, 10).to_string()).await;
    assert_eq!(
        lethe.get("/api/v1/events").await.ok(200)["items"].as_array().map(Vec::len),
        Some(2)
    );
    lethe.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_the_database_ends_are_made_again() {
    let (dir, server) = (TempDir::new().expect("a folder"), OwnServer::start());
    let url = server.url();
    let lethe = Launch::new(dir.path(), &url).start().await;
    let ledger = Ledger::default();
    let ends = async {
        for _ in 0..6 {
            tokio::time::sleep(Duration::from_millis(500)).await;
            server.end_connections();
        }
    };
    tokio::join!(load_for(&lethe, &ledger, Duration::from_secs(4)), ends);
    nothing_lost(&lethe, &url, &ledger).await;
    lethe.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn database_that_crashes_is_missed_in_words_and_found_again() {
    let (dir, mut server) = (TempDir::new().expect("a folder"), OwnServer::start());
    let url = server.url();
    let lethe = Launch::new(dir.path(), &url).start().await;
    let ledger = Ledger::default();
    for _ in 0..2 {
        let crash = async {
            tokio::time::sleep(Duration::from_millis(1_500)).await;
            tokio::task::block_in_place(|| server.crash());
        };
        tokio::join!(load_for(&lethe, &ledger, Duration::from_secs(2)), crash);
        let started = Instant::now();
        unavailable(&lethe.call("POST", "/api/v1/lineage", load::event(3).to_string()).await);
        let answer = lethe.get("/api/v1/events").await;
        answer.problem(503, "database-unavailable");
        assert!(started.elapsed() < REFUSED_TIME_MAX, "{:?}", started.elapsed());
        assert_eq!(lethe.get("/readyz").await.status, 503);
        assert_eq!(lethe.get("/livez").await.status, 200);
        tokio::task::block_in_place(|| server.start_again());
        back(&lethe, &load::event(3).to_string()).await;
    }
    load_for(&lethe, &ledger, Duration::from_secs(1)).await;
    nothing_lost(&lethe, &url, &ledger).await;
    lethe.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn database_that_hangs_is_given_up_and_found_again() {
    let (dir, server) = (TempDir::new().expect("a folder"), OwnServer::start());
    let url = server.url();
    let lethe = Launch::new(dir.path(), &url).start().await;
    let ledger = Ledger::default();
    load_for(&lethe, &ledger, Duration::from_secs(1)).await;
    server.freeze(true);
    let started = Instant::now();
    unavailable(&lethe.call("POST", "/api/v1/lineage", load::event(3).to_string()).await);
    assert!(started.elapsed() < REFUSED_TIME_MAX, "{:?}", started.elapsed());
    assert_eq!(lethe.get("/readyz").await.status, 503);
    server.freeze(false);
    back(&lethe, &load::event(3).to_string()).await;
    load_for(&lethe, &ledger, Duration::from_secs(1)).await;
    nothing_lost(&lethe, &url, &ledger).await;
    lethe.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn start_without_a_database_ends_with_words_and_no_password() {
    let dir = TempDir::new().expect("a temporary folder");
    let nowhere = "postgres://lethe:s3cret@127.0.0.1:1/lethe".to_owned();
    let lethe = Launch::new(dir.path(), &DbUrl::Postgres(nowhere)).spawn();
    let log = lethe.log_to_the_end(REFUSED_TIME_MAX).await;
    assert!(log.contains("lethe: cannot open the database") && !log.contains("s3cret"), "{log}");
}
