//! A data directory has one process that works on it; those that only look go on beside it.

use std::time::Duration;

use lethe::db::DbUrl;
use tempfile::TempDir;

use super::event;
use crate::process::{Launch, Lethe};
use crate::world::{Backend, fresh_url};

/// What a process says that is refused for another's sake.
const IN_USE: i32 = 3;

#[track_caller]
fn refused(launch: &Launch, args: &[&str], holder: &Lethe) {
    let begun = std::time::Instant::now();
    let out = launch.output(args);
    let said = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(IN_USE), "{args:?}: {said}");
    assert!(said.contains("another process") && said.contains(&holder.pid()), "{args:?}: {said}");
    assert!(begun.elapsed() < Duration::from_secs(10), "{args:?}: at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_directory_is_taken_by_one_process_until_it_dies() {
    for backend in Backend::ALL {
        let dir = TempDir::new().expect("a temporary folder");
        let url = fresh_url(backend, dir.path()).await;
        let launch = Launch::new(dir.path(), &url);
        let lethe = launch.start().await;
        let posted = lethe.call("POST", "/api/v1/lineage", event(1, 10).to_string()).await;
        assert_eq!(posted.status, 201);
        let file = dir.path().join("more.ndjson");
        std::fs::write(&file, event(2, 10).to_string()).expect("it is written");
        let file = file.to_str().expect("a path");
        for args in [
            &["serve", "--listen", "127.0.0.1:0"][..],
            &["import", file],
            &["rebuild"],
            &["migrate"],
        ] {
            refused(&launch, args, &lethe);
        }
        // Who only looks, or works through the database, goes on beside it.
        assert_eq!(launch.run(&["export"]).lines().count(), 1);
        assert!(launch.run(&["keys", "list"]).contains("under root version 1"));
        assert!(launch.run(&["sign-in-link"]).contains("/sign-in?code="));
        lethe.caught_up().await;
        // Killed, it gives the directory back as an end would.
        lethe.kill();
        launch.run(&["import", file]);
        let lethe = launch.start().await;
        refused(&launch, &["serve", "--listen", "127.0.0.1:0"], &lethe);
        lethe.ask_to_stop();
        assert!(lethe.stopped(Duration::from_secs(30)).await.success());
        assert_eq!(launch.run(&["export"]).lines().count(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sqlite_file_has_one_server_whatever_their_directories() {
    let (first, second) = (TempDir::new().expect("a folder"), TempDir::new().expect("a folder"));
    let elsewhere = TempDir::new().expect("a folder");
    let url = DbUrl::Sqlite(elsewhere.path().join("shared.sqlite"));
    let lethe = Launch::new(first.path(), &url).start().await;
    refused(&Launch::new(second.path(), &url), &["serve", "--listen", "127.0.0.1:0"], &lethe);
    lethe.kill();
}
