//! What one node restricts is found by nobody it is hidden from on another, asked all the while: from a
//! second after the answer on it is hidden, or that node refuses, whatever happens to its database.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;
use lethe::base::DatasetId;
use lethe::db::{Change, ChangeKind, Db, DbUrl};
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};

use crate::kill::several::{Nodes, settled};
use crate::process::{Lethe, answer, client};
use crate::world::dump::ask;
use crate::world::{Answer, OwnServer, TOKEN, Way};

/// From when on after the answer a restriction holds everywhere.
const HOLDS_AFTER: Duration = Duration::from_secs(1);
/// For how long it is asked after the answer: longer than anything is remembered.
const ASKED_FOR: Duration = Duration::from_secs(4);
/// How often it is asked through each door.
const ASKED_EVERY: Duration = Duration::from_millis(150);
/// How soon all is well again once the fault is over.
const BACK_TIME_MAX: Duration = Duration::from_secs(60);
/// Where nobody finds what is hidden; `{name}` and `{id}` stand for what is.
const DOORS: [&str; 6] = [
    "catalog/search?q={name}",
    "catalog/suggest?q={name}",
    "search?q={name}",
    "datasets/{id}",
    "lineage/graph?focus=dataset:open:source&depth=2",
    "lineage?nodeId=dataset:open:source&depth=2",
];

/// Two nodes on one server, each with a way of its own there, and who asks.
struct Scene {
    server: OwnServer,
    /// The ways of both.
    ways: [Way; 2],
    /// Their folders.
    _nodes: Nodes,
    /// The one on which things are restricted, and the one that is asked.
    running: [Lethe; 2],
    viewer: String,
    client: reqwest::Client,
}

/// What is known while it is asked.
#[derive(Default)]
struct Watch {
    restricted: Mutex<Option<Instant>>,
    is_over: AtomicBool,
    /// Questions that were begun after it must hold, and those of them that were refused.
    asked: AtomicU32,
    refused: AtomicU32,
}

/// A run that makes a dataset of another; what breaks stands alone.
fn made(number: usize, name: &str) -> Value {
    let source = json!({"namespace": "open", "name": "source"});
    json!({
        "eventType": "COMPLETE", "eventTime": "2026-11-20T12:00:00Z", "producer": "https://e.org",
        "run": {"runId": format!("0198c0de-0000-7000-8000-{number:012}")},
        "job": {"namespace": "etl", "name": format!("job_{number}")},
        "inputs": if name == "broken" { json!([]) } else { json!([source]) },
        "outputs": [{"namespace": "open", "name": name}],
    })
}

impl Scene {
    /// Makes both nodes know datasets, and a viewer who finds them.
    async fn with(names: &[&str]) -> Self {
        let server = OwnServer::start();
        let (one, one_url) = Way::to(&server.url()).await;
        let (other, other_url) = Way::to(&server.url()).await;
        let mut nodes = Nodes::new(&[&one_url, &other_url]);
        for launch in &mut nodes.launches {
            *launch = launch.clone().with_env("LETHE_ADMIN_TOKEN", TOKEN);
        }
        let running = [nodes.start(0).await, nodes.start(1).await];
        let (viewer, client) = (String::new(), client());
        let mut scene = Self { server, ways: [one, other], _nodes: nodes, running, viewer, client };
        for (number, name) in names.iter().enumerate() {
            scene.admin("POST", "lineage", made(number, name)).await.ok(201);
        }
        scene.admin("PUT", "users/vera", json!({"roles": [{"role": "viewer"}]})).await.ok(200);
        let token = scene.admin("POST", "users/vera/tokens", json!({"name": "one"})).await.ok(201);
        scene.viewer = token["token"].as_str().expect("a token").to_owned();
        settled(&[&scene.running[0], &scene.running[1]]).await;
        scene
    }

    /// Asks the first node for something as the administrator.
    async fn admin(&self, method: &str, path: &str, body: Value) -> Answer {
        let method = method.parse().expect("a method");
        let request = self.client.request(method, self.running[0].url(&format!("/api/v1/{path}")));
        let request = request.bearer_auth(TOKEN).header("content-type", "application/json");
        answer(request.body(body.to_string())).await.expect("it answers")
    }

    /// Asks the second node as the viewer. Returns whether the name is told, and the answer.
    async fn finds(&self, door: &str, name: &str) -> (bool, Answer) {
        let id = DatasetId::of("open", name).0.to_string();
        let path = door.replace("{name}", name).replace("{id}", &id);
        let request = self.client.get(self.running[1].url(&format!("/api/v1/{path}")));
        let answer = answer(request.bearer_auth(&self.viewer)).await.expect("it answers");
        (answer.status == 200 && answer.text.contains(&format!("\"{name}\"")), answer)
    }

    /// Waits until the viewer finds a dataset through every door.
    async fn until_found(&self, name: &str) {
        let until = Instant::now() + BACK_TIME_MAX;
        for door in DOORS {
            loop {
                let (found, answer) = self.finds(door, name).await;
                if found {
                    break;
                }
                let log = self.running[1].log();
                assert!(Instant::now() < until, "{door}: {} {}\n{log}", answer.status, answer.text);
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }

    /// Asks through a door once, and demands that the name is not told if it must not be any more.
    async fn look(&self, watch: &Watch, door: &str, name: &str) {
        let restricted = *watch.restricted.lock().unwrap_or_else(PoisonError::into_inner);
        let since = restricted.map(|at| at.elapsed());
        let (found, answer) = self.finds(door, name).await;
        assert!([200, 404, 503].contains(&answer.status), "{} {}", answer.status, answer.text);
        let Some(since) = since.filter(|since| *since > HOLDS_AFTER) else { return };
        assert!(!found, "{name}: {door} tells it, asked {since:?} after it was restricted");
        watch.asked.fetch_add(1, Ordering::AcqRel);
        watch.refused.fetch_add(u32::from(answer.status == 503), Ordering::AcqRel);
    }

    /// Asks through a door again and again, also while nothing is answered, until it is over.
    async fn watch(&self, watch: &Watch, door: &str, name: &str) {
        let mut out = FuturesUnordered::new();
        let mut next = tokio::time::interval(ASKED_EVERY);
        while !watch.is_over.load(Ordering::Acquire) {
            tokio::select! {
                _ = next.tick() => out.push(self.look(watch, door, name)),
                Some(()) = out.next() => {}
            }
        }
        while out.next().await.is_some() {}
    }

    async fn mark(&self, name: &str) {
        let path = format!("datasets/{}/tags/restricted", DatasetId::of("open", name).0);
        let answer = self.admin("PUT", &path, Value::Null).await;
        assert!(answer.status < 300, "{}", answer.text);
    }

    /// Restricts a dataset that the viewer finds, and brings a fault about as soon as that is
    /// answered, while the viewer asks all the while; then it is mended, and who waited is answered.
    async fn hides(&self, name: &str, fault: impl AsyncFnOnce(), mend: impl AsyncFnOnce()) {
        self.until_found(name).await;
        let watch = Watch::default();
        let story = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            self.mark(name).await;
            *watch.restricted.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
            fault().await;
            tokio::time::sleep(ASKED_FOR).await;
            watch.is_over.store(true, Ordering::Release);
            mend().await;
        };
        let askers = DOORS.map(|door| self.watch(&watch, door, name));
        tokio::join!(story, join_all(askers));
        let (asked, refused) = (watch.asked.into_inner(), watch.refused.into_inner());
        assert!(asked >= 60, "{name}: asked {asked} times");
        println!(
            "{name}: asked {asked} times from a second after the answer on, {refused} refused"
        );
    }

    /// Lifts a restriction once all is well again, and waits until the viewer finds it.
    async fn lifts(&self, name: &str) {
        let until = Instant::now() + BACK_TIME_MAX;
        let path = format!("datasets/{}/tags/restricted", DatasetId::of("open", name).0);
        loop {
            let answer = self.admin("DELETE", &path, Value::Null).await;
            if answer.status < 300 {
                break;
            }
            assert!(Instant::now() < until, "{}", answer.text);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.until_found(name).await;
    }

    /// Takes a lock on a table as another client of the database does.
    async fn lock(&self, table: &str) -> PgConnection {
        let DbUrl::Postgres(url) = self.server.url() else { panic!("PostgreSQL") };
        let mut other = PgConnection::connect(&url).await.expect("it answers");
        let lock = format!("BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE");
        sqlx::raw_sql(sqlx::AssertSqlSafe(lock)).execute(&mut other).await.expect("the lock");
        other
    }

    /// Brings the followers of all nodes to a standstill: they are told of a dataset that cannot be read.
    async fn stall(&self) {
        let broken = DatasetId::of("open", "broken").0;
        self.server.run(&format!("UPDATE dataset SET doc = '{{' WHERE id = '{broken}'"));
        let db = Db::open(&self.server.url()).await.expect("the database opens");
        let mut tx = db.begin().await.expect("a transaction");
        let mut next = tx.head().await.expect("the head");
        let changes = [Change { kind: ChangeKind::Dataset, id: broken }];
        let now = lethe::base::Time::from_micros(next.stamp);
        tx.append_changes(&mut next, now, &changes).await.expect("appended");
        tx.set_head(next).await.expect("set");
        tx.commit().await.expect("committed");
        db.close().await;
    }

    fn read_only(&self, on: &str) {
        self.server.run(&format!(
            "BEGIN READ WRITE; \
             ALTER DATABASE postgres SET default_transaction_read_only = {on}; COMMIT"
        ));
        self.server.end_connections();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_restricted_is_hidden_while_the_database_is_lost_locked_or_read_only() {
    let names = ["swallowed", "headless", "tableless", "unwritten", "standing", "broken"];
    let scene = Scene::with(&names).await;
    // The host is lost without a word; then the address leads to it again.
    let way = &scene.ways[1];
    scene.hides("swallowed", async || way.lose(), async || way.move_on()).await;
    scene.lifts("swallowed").await;
    // Nobody can tell what was committed, or what it is that was changed.
    for (name, table) in [("headless", "head"), ("tableless", "dataset")] {
        let held = Mutex::new(None);
        let set = |lock| *held.lock().unwrap_or_else(PoisonError::into_inner) = lock;
        let fault = async || set(Some(scene.lock(table).await));
        scene.hides(name, fault, async || set(None)).await;
        scene.lifts(name).await;
    }
    let read_only = async || scene.read_only("on");
    scene.hides("unwritten", read_only, async || scene.read_only("off")).await;
    scene.lifts("unwritten").await;
    // The last, since nothing moves them again.
    scene.stall().await;
    scene.hides("standing", async || (), async || ()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_restricted_is_hidden_by_nodes_that_come_to_a_standby() {
    let scene = Scene::with(&["behind", "before", "after"]).await;
    // The standby knows of all that is only noted now and then.
    scene.until_found("behind").await;
    let (replication, _) = Way::to(&scene.server.url()).await;
    let standby = tokio::task::block_in_place(|| OwnServer::standby_of(replication.port()));
    // The address of one node leads to a standby that hears nothing any more, and can only be read.
    replication.lose();
    let to_standby = async || {
        scene.ways[1].lead_to(&standby.url());
        scene.server.end_connections();
    };
    let back = async || {
        scene.ways[1].lead_to(&scene.server.url());
        standby.end_connections();
    };
    scene.hides("behind", to_standby, back).await;
    scene.lifts("behind").await;
    drop(standby);
    // A standby that has everything takes the primary's place.
    let (replication, _) = Way::to(&scene.server.url()).await;
    let standby = tokio::task::block_in_place(|| OwnServer::standby_of(replication.port()));
    let promoted = async || {
        let written = ask(&scene.server.url(), "SELECT pg_current_wal_lsn()::text").await;
        let question = "SELECT pg_last_wal_replay_lsn()::text";
        let lsn = |text: &str| {
            let (high, low) = text.split_once('/').expect("a place in the log");
            let [high, low] = [high, low].map(|part| u64::from_str_radix(part, 16).expect("hex"));
            (high << 32) | low
        };
        while lsn(&ask(&standby.url(), question).await) < lsn(&written) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        scene.server.freeze(true);
        standby.promote();
        scene.ways.iter().for_each(|way| {
            way.lead_to(&standby.url());
            way.move_on();
        });
    };
    scene.hides("before", promoted, async || ()).await;
    scene.lifts("before").await;
    // And what is restricted from then on is hidden as well.
    scene.hides("after", async || (), async || ()).await;
    scene.lifts("after").await;
}
