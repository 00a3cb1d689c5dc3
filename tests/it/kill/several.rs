//! Several nodes on one PostgreSQL, and producers and people who turn to whichever of them runs.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lethe::base::DatasetId;
use lethe::db::{Db, DbUrl};
use serde_json::json;
use tempfile::TempDir;

use super::check::Log;
use super::edits::SPACE;
use super::load::{self, How, Ledger};
use crate::process::{Launch, Lethe, answer, client};
use crate::world::Closely;

/// The root key that nodes of one database share.
pub const ROOT_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
/// Milliseconds that a producer rests between two requests at most.
const REST_MS_MAX: u64 = 60;
/// How long somebody waits who finds no node.
const NOBODY: Duration = Duration::from_millis(10);
/// How long all of them may take to come to the last commit.
const SETTLE_TIME_MAX: Duration = Duration::from_secs(90);

/// Several nodes: how each is started, and where each is that runs.
pub struct Nodes {
    /// How each is started.
    pub launches: Vec<Launch>,
    dirs: Vec<TempDir>,
    bases: Mutex<Vec<Option<String>>>,
    /// What was sent to any of them.
    pub ledger: Ledger,
    /// Ids of the requests of edits that were acknowledged.
    edits: Mutex<BTreeSet<String>>,
    asked: AtomicU64,
    is_over: AtomicBool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Nodes {
    /// Prepares nodes on one database each in a folder of its own; none is started.
    pub fn new(urls: &[&DbUrl]) -> Self {
        let dirs: Vec<TempDir> =
            urls.iter().map(|_| TempDir::new().expect("a temporary folder")).collect();
        let launch = |(dir, url): (&TempDir, &&DbUrl)| {
            Launch::new(dir.path(), url).with_env("LETHE_ROOT_KEY", ROOT_KEY)
        };
        Self {
            launches: dirs.iter().zip(urls).map(launch).collect(),
            dirs,
            bases: Mutex::new(vec![None; urls.len()]),
            ledger: Ledger::default(),
            edits: Mutex::default(),
            asked: AtomicU64::default(),
            is_over: AtomicBool::default(),
        }
    }

    /// Returns the data directory of a node.
    pub fn dir(&self, number: usize) -> &std::path::Path {
        self.dirs[number].path()
    }

    /// Starts a node and tells everybody where it is.
    pub async fn start(&self, number: usize) -> Lethe {
        let lethe = self.launches[number].start().await;
        lock(&self.bases)[number] = Some(lethe.url(""));
        lethe
    }

    /// Kills a node as `kill -9` does. Who was being answered finds out by themselves.
    pub fn kill(&self, number: usize, lethe: Lethe) {
        lethe.kill();
        lock(&self.bases)[number] = None;
    }

    /// Returns a node that runs, as far as is known.
    fn any(&self) -> Option<String> {
        let running: Vec<String> = lock(&self.bases).iter().flatten().cloned().collect();
        fastrand::choice(running)
    }

    /// Lets all producers and people come to their end.
    pub fn end(&self) {
        self.is_over.store(true, Ordering::Release);
    }

    /// Lets producers and people begin again.
    pub fn begin(&self) {
        self.is_over.store(false, Ordering::Release);
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Acquire)
    }

    /// Returns the ids of the requests of edits that were acknowledged.
    pub fn edits(&self) -> BTreeSet<String> {
        lock(&self.edits).clone()
    }

    /// Sends events to one node or another until it is over, some of them twice.
    pub async fn produce(&self) {
        let client = client();
        while !self.is_over() {
            let Some(base) = self.any() else {
                tokio::time::sleep(NOBODY).await;
                continue;
            };
            let (count, how) = match fastrand::u8(..6) {
                0 => (fastrand::usize(2..20), How::Batch),
                1 => (fastrand::usize(2..20), How::Import),
                _ => (1, How::Single),
            };
            let sent = load::take_and_send(&client, &base, &self.ledger, (count, how)).await;
            if let Some(marks) = sent.filter(|marks| !marks.is_empty() && fastrand::u8(..3) == 0)
                && let Some(other) = self.any()
            {
                load::send(&client, &other, &marks, how).await;
            }
            tokio::time::sleep(Duration::from_millis(fastrand::u64(..REST_MS_MAX))).await;
        }
    }

    /// Edits datasets on one node or another until it is over.
    pub async fn edit(&self) {
        let client = client();
        while !self.is_over() {
            tokio::time::sleep(Duration::from_millis(fastrand::u64(..4 * REST_MS_MAX))).await;
            let Some(base) = self.any() else { continue };
            let number = self.asked.fetch_add(1, Ordering::Relaxed);
            let name = format!("shop.out_{}", fastrand::u8(..13));
            let path = format!("{base}/api/v1/datasets");
            let tag = format!("{path}/{}/tags/t{}", DatasetId::of(SPACE, &name).0, number % 5);
            let request = match fastrand::u8(..3) {
                0 => client.put(tag),
                1 => client.delete(tag),
                _ => {
                    let put = json!({"namespace": SPACE, "name": name, "description": format!("by hand, {number}")});
                    client.put(path).body(json!({"datasets": [put]}).to_string())
                }
            };
            let id = format!("edit-{number}");
            let Ok(answer) = answer(request.header("x-request-id", &id)).await else { continue };
            match answer.status {
                204 => drop(lock(&self.edits).insert(id)),
                // The dataset is not there yet, or the database is not for now.
                404 | 503 => {}
                status => panic!("{status}: {}", answer.text),
            }
        }
    }

    /// Sends all events from a mark on once more, in any order, each until it is taken.
    pub async fn send_all_again(&self, from: u64) {
        let mut marks: Vec<u64> = (from..=self.ledger.open().sent).collect();
        fastrand::shuffle(&mut marks);
        let client = client();
        let until = Instant::now() + SETTLE_TIME_MAX;
        for marks in marks.chunks(40) {
            loop {
                let base = self.any().expect("a node that runs");
                if load::send(&client, &base, marks, How::Batch).await == Some(true) {
                    self.ledger.open().acknowledged.extend(marks);
                    break;
                }
                assert!(Instant::now() < until, "they are not taken");
                tokio::time::sleep(NOBODY).await;
            }
        }
    }

    /// Some of what all write and read, and of what only one event wrote, to look at closely.
    pub fn closely(&self, datasets: usize) -> Closely {
        let sent = self.ledger.open().sent;
        let mut own: Vec<String> = (1..=sent).filter_map(load::own_dataset).collect();
        // The newest for certain.
        let newest = own.pop();
        let shared = (0..13).map(|number| format!("shop.out_{number}"));
        own.extend(shared.chain((0..11).map(|number| format!("shop.src_{number}"))));
        fastrand::shuffle(&mut own);
        own.truncate(datasets);
        let datasets = newest.into_iter().chain(own).map(|name| (SPACE.to_owned(), name));
        let jobs = (0..4).map(|number| ("etl".to_owned(), load::job_of(number * 3)));
        Closely { datasets: datasets.collect(), jobs: jobs.collect() }
    }

    /// Demands that all events that were sent are in the log of a database, once each, and returns it.
    pub async fn whole_log(&self, url: &DbUrl) -> Log {
        let db = Db::open(url).await.expect("the database opens");
        let mut log = Log::default();
        log.read_on(&db).await;
        db.close().await;
        assert_eq!(log.doubled, Vec::<u64>::new());
        assert!(log.marks.iter().copied().eq(1..=self.ledger.open().sent), "every event is there");
        log
    }
}

/// Waits until all nodes stand at one position, with nothing behind.
pub async fn settled(nodes: &[&Lethe]) {
    let until = Instant::now() + SETTLE_TIME_MAX;
    loop {
        let mut positions = BTreeSet::new();
        for node in nodes {
            node.caught_up().await;
            positions.insert(node.get("/readyz").await.json()["position"].as_u64());
        }
        if positions.len() == 1 {
            return;
        }
        assert!(Instant::now() < until, "they do not meet: {positions:?}");
    }
}
