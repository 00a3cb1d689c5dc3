//! An end that is asked for: what was begun is finished, what was acknowledged is there.

use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::event;
use crate::kill::check::Log;
use crate::kill::load::{self, Ledger};
use crate::process::Launch;
use crate::world::{Backend, fresh_url};
use lethe::db::{Db, DbUrl};

/// How long an end may take when nothing stands in its way.
const STOP_TIME_MAX: Duration = Duration::from_secs(15);
/// How long it may take when clients do not end their requests.
const CUT_TIME_MAX: Duration = Duration::from_secs(35);

#[tokio::test(flavor = "multi_thread")]
async fn end_under_load_finishes_what_was_begun_and_loses_nothing() {
    for backend in Backend::ALL {
        let dir = TempDir::new().expect("a temporary folder");
        let url = fresh_url(backend, dir.path()).await;
        let (launch, ledger, mut log) =
            (Launch::new(dir.path(), &url), Ledger::default(), Log::default());
        for _ in 0..3 {
            let lethe = launch.start().await;
            let stop = async {
                tokio::time::sleep(Duration::from_millis(fastrand::u64(100..700))).await;
                lethe.ask_to_stop();
            };
            tokio::join!(
                load::post_singles(&lethe, &ledger),
                load::post_singles(&lethe, &ledger),
                load::post_batches(&lethe, &ledger),
                load::stream_imports(&lethe, &ledger),
                stop,
            );
            assert!(lethe.stopped(STOP_TIME_MAX).await.success());
            let db = Db::open(&url).await.expect("the database opens");
            log.read_on(&db).await;
            db.close().await;
            assert_eq!((log.lost(&ledger.open()), &log.doubled), (vec![], &vec![]));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn request_that_was_begun_is_answered_before_the_end() {
    let dir = TempDir::new().expect("a temporary folder");
    let launch = Launch::new(dir.path(), &DbUrl::in_dir(dir.path()));
    let lethe = launch.start().await;
    let body = event(1, 10).to_string();
    let mut stream = TcpStream::connect(lethe.address()).await.expect("a connection");
    let head = format!(
        "POST /api/v1/lineage HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.expect("it is sent");
    // Its head is read meanwhile, also on a busy machine.
    tokio::time::sleep(Duration::from_secs(2)).await;
    lethe.ask_to_stop();
    tokio::time::sleep(Duration::from_millis(300)).await;
    stream.write_all(body.as_bytes()).await.expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("it is answered, and the connection closed");
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    assert!(lethe.stopped(STOP_TIME_MAX).await.success());
    assert_eq!(launch.run(&["export"]).lines().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_never_finish_do_not_keep_it_from_ending() {
    let dir = TempDir::new().expect("a temporary folder");
    let lethe = Launch::new(dir.path(), &DbUrl::in_dir(dir.path())).start().await;
    let mut held = Vec::new();
    for path in ["/api/v1/lineage", "/api/v1/events/import"] {
        let mut stream = TcpStream::connect(lethe.address()).await.expect("a connection");
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{{");
        stream.write_all(head.as_bytes()).await.expect("it is sent");
        held.push(stream);
    }
    held.push(TcpStream::connect(lethe.address()).await.expect("a connection"));
    tokio::time::sleep(Duration::from_millis(300)).await;
    let asked = Instant::now();
    lethe.ask_to_stop();
    assert!(lethe.stopped(CUT_TIME_MAX).await.success());
    assert!(asked.elapsed() > Duration::from_secs(5), "requests are given time to end");
}

#[tokio::test(flavor = "multi_thread")]
async fn end_that_is_asked_for_while_starting_is_clean() {
    let dir = TempDir::new().expect("a temporary folder");
    let launch = Launch::new(dir.path(), &DbUrl::in_dir(dir.path()));
    for _ in 0..5 {
        let lethe = launch.start().await;
        lethe.ask_to_stop();
        assert!(lethe.stopped(STOP_TIME_MAX).await.success());
    }
}
