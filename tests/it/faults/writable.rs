//! A node that cannot write says so within seconds, by itself, and takes it back by itself.

use std::time::{Duration, Instant};

use lethe::db::DbUrl;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

use super::event;
use crate::process::{Launch, Lethe};
use crate::world::{Backend, OwnServer, fresh_url};

/// How long it may take to be noticed in a debug build on a busy machine.
const NOTICED_TIME_MAX: Duration = Duration::from_secs(30);

/// Waits until readiness tells that this cannot be written, or that all can.
async fn told(lethe: &Lethe, cannot: Option<&str>) {
    let until = Instant::now() + NOTICED_TIME_MAX;
    loop {
        let answer = lethe.get("/readyz").await;
        let state = answer.json();
        let places = state["cannotWrite"].as_array().expect("a list");
        let as_told = match cannot {
            Some(place) => answer.status == 503 && places.contains(&place.into()),
            None => answer.status == 200 && places.is_empty(),
        };
        if as_told {
            return;
        }
        assert!(Instant::now() < until, "{}\n{}", answer.text, lethe.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_before_anybody_writes() {
    for backend in Backend::ALL {
        let dir = TempDir::new().expect("a temporary folder");
        let url = fresh_url(backend, dir.path()).await;
        let lethe = Launch::new(dir.path(), &url).with_full_disk().start().await;
        let posted = lethe.call("POST", "/api/v1/lineage", event(1, 10).to_string()).await;
        assert_eq!(posted.status, 201);
        lethe.caught_up().await;
        for _ in 0..2 {
            lethe.limit_files(Some(4_096));
            told(&lethe, Some("data directory")).await;
            assert_eq!(lethe.get("/livez").await.status, 200);
            lethe.get("/api/v1/catalog/search?q=orders").await.ok(200);
            lethe.limit_files(None);
            told(&lethe, None).await;
        }
        lethe.kill();
        let left = std::fs::read_dir(dir.path()).expect("the folder").flatten();
        let names: Vec<_> = left.map(|entry| entry.file_name()).collect();
        assert!(names.len() < 12, "probes are removed: {names:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_takes_no_writes_is_told() {
    let (dir, server) = (TempDir::new().expect("a folder"), OwnServer::start());
    let url = server.url();
    let DbUrl::Postgres(text) = &url else { panic!("PostgreSQL") };
    let options: PgConnectOptions = text.parse().expect("a URL");
    let lethe = Launch::new(dir.path(), &url).start().await;
    lethe.caught_up().await;
    let set = async |only_read: &str| {
        let mut own = PgConnection::connect_with(&options).await.expect("it answers");
        let name = options.get_database().expect("a name");
        let text =
            format!("ALTER DATABASE \"{name}\" SET default_transaction_read_only = {only_read}");
        for text in ["SET default_transaction_read_only = off", &text] {
            sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(&mut own).await.expect("it is set");
        }
        own.close().await.expect("it is closed");
    };
    set("on").await;
    server.end_connections();
    // Nobody writes: it is found out all the same.
    told(&lethe, Some("database")).await;
    // The connections that were made meanwhile stay, and are read-only for as long as they live.
    set("off").await;
    told(&lethe, None).await;
    for number in 0..20 {
        let posted = lethe.call("POST", "/api/v1/lineage", event(number, 10).to_string()).await;
        assert_eq!(posted.status, 201, "{}", posted.text);
    }
    lethe.kill();
}
