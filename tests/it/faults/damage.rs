//! Damaged files of the search index and of the graph's snapshot: found, told, and built anew
//! from the catalog.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::event;
use crate::process::{Launch, Lethe};
use crate::world::{Backend, World, fresh_url};

/// How long a clean end may take.
const STOP_TIME_MAX: Duration = Duration::from_secs(30);
/// How long the follower may take to build the index anew.
const BUILT_TIME_MAX: Duration = Duration::from_secs(30);

/// What happens to a file.
type Harm = fn(&Path);

const HARMS: [Harm; 3] = [
    |path| {
        let mut bytes = std::fs::read(path).expect("it is read");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x10;
        std::fs::write(path, bytes).expect("it is written");
    },
    |path| {
        let bytes = std::fs::read(path).expect("it is read");
        std::fs::write(path, &bytes[..bytes.len() / 2]).expect("it is written");
    },
    |path| std::fs::remove_file(path).expect("it is removed"),
];

/// A file of the index whose name ends so.
fn file(dir: &Path, end: &str) -> PathBuf {
    let files = std::fs::read_dir(dir.join("index")).expect("the index").flatten();
    let files = files.map(|entry| entry.path());
    let mut files = files.filter(|path| path.to_string_lossy().ends_with(end));
    files.next().expect("such a file")
}

async fn answers_right(lethe: &Lethe, events: usize) {
    lethe.caught_up().await;
    for number in 1..=events {
        let found = lethe.get(&format!("/api/v1/catalog/search?q=out_{number}")).await.ok(200);
        assert_eq!(found["hits"][0]["name"], format!("shop.out_{number}"), "{found}");
    }
    let focus = "dataset:postgres%3A%2F%2Fdb%3A5432:shop.orders";
    let graph = lethe.get(&format!("/api/v1/lineage/graph?focus={focus}")).await;
    assert!(graph.text.contains(&format!("shop.out_{events}")), "{}", graph.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_files_are_found_at_the_start_and_what_was_in_them_is_built_anew() {
    let dir = TempDir::new().expect("a temporary folder");
    let url = fresh_url(Backend::Sqlite, dir.path()).await;
    let launch = Launch::new(dir.path(), &url);
    let stop = async |lethe: Lethe| {
        lethe.ask_to_stop();
        assert!(lethe.stopped(STOP_TIME_MAX).await.success());
    };
    let lethe = launch.start().await;
    for number in 1..=3 {
        let posted = lethe.call("POST", "/api/v1/lineage", event(number, 10).to_string()).await;
        assert_eq!(posted.status, 201);
    }
    lethe.caught_up().await;
    stop(lethe).await;
    // Each kind of file is harmed in each way in `index/trial_life.rs`.
    for (harm, name) in HARMS.into_iter().zip([".store", ".fast", ".term"]) {
        harm(&file(dir.path(), name));
        let snapshot = dir.path().join("lineage.snapshot");
        harm(&snapshot);
        let lethe = launch.start().await;
        answers_right(&lethe, 3).await;
        let log = lethe.log();
        let told = log.lines().filter(|line| line.contains("a damaged file")).count();
        // A snapshot that is gone may never have been.
        assert_eq!(told, if name == ".term" { 1 } else { 2 }, "{name}\n{log}");
        stop(lethe).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_that_is_found_while_it_runs_is_told_and_mended() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        world.ingest(&event(1, 10)).await;
        world.settle().await;
        for (harm, name) in [(HARMS[0], ".store"), (HARMS[2], ".idx"), (HARMS[0], "meta.json")] {
            let index = world.app.index();
            let listed = index.files();
            let file = listed.iter().find(|file| file.to_string_lossy().ends_with(name));
            let file = file.map_or(Path::new(name), |file| file.as_path());
            harm(&world.dir.path().join("index").join(file));
            for file in index.files() {
                index.check(&file);
            }
            let until = Instant::now() + BUILT_TIME_MAX;
            while index.damage().is_some() {
                assert!(Instant::now() < until, "{name} is not built anew");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            assert!(index.files().len() > 5);
            for file in index.files() {
                index.check(&file);
            }
            assert_eq!(index.damage(), None, "{name}: all is whole");
            let found = world.get("/api/v1/catalog/search?q=out_1").await.ok(200);
            assert_eq!(found["total"], 1, "{found}");
        }
        world.app.stop().await;
    }
}
