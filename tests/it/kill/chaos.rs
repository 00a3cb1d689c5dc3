//! Three nodes on one PostgreSQL, `kill -9` of any of them at any moment, events and edits to all: what was
//! acknowledged is there, once each; all nodes, a rebuild and a SQLite that was fed the same answer the
//! same; and there is one audit log.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use lethe::audit::Record;
use lethe::catalog::EditRecord;
use lethe::db::{Db, DbUrl, EntryKind};
use lethe::flow::Actor;
use serde_json::Value;
use tempfile::TempDir;

use super::check::{Log, runs_are_counted};
use super::load::event;
use super::several::{Nodes, ROOT_KEY, settled};
use super::{projections, rounds};
use crate::process::{Launch, Lethe};
use crate::world::dump::difference;
use crate::world::{Backend, Closely, Told, World, fresh_url, told, told_otherwise};

/// Nodes.
const NODES: usize = 3;
/// Who sends events.
const PRODUCERS: usize = 6;
/// Who edits.
const EDITORS: usize = 2;
/// Milliseconds between two kills at least and at most.
const BETWEEN_MS: (u64, u64) = (200, 900);
/// Milliseconds that a node is gone at most.
const GONE_MS_MAX: u64 = 300;
/// How soon the nodes must agree: what only shifts ranking is taken in once nothing happens.
const AGREED_TIME_MAX: Duration = Duration::from_secs(60);
/// Datasets that are looked at closely, besides all lists and searches; more where there is time.
const LOOKED_AT: usize = 6;
const LOOKED_AT_OF_MANY: usize = 30;
/// Rounds from which on there is.
const MANY: u32 = 20;
/// What two databases say otherwise though they were told the same: when they were told, and by whom.
const OF_ONE_WORLD: [&str; 5] = ["receivedAt", "createdAt", "updatedAt", "taggedAt", "at"];

#[tokio::test(flavor = "multi_thread")]
async fn three_nodes_that_are_killed_at_random_stay_one_catalog_and_one_log() {
    let dir = TempDir::new().expect("a temporary folder");
    let url = fresh_url(Backend::Postgres, dir.path()).await;
    let nodes = Nodes::new(&[&url; NODES]);
    let mut running = Vec::new();
    for number in 0..NODES {
        running.push(nodes.start(number).await);
    }
    let producers = futures_util::future::join_all((0..PRODUCERS).map(|_| nodes.produce()));
    let editors = futures_util::future::join_all((0..EDITORS).map(|_| nodes.edit()));
    let chaos = kill_at_random(&nodes, running);
    let (running, _, _) = tokio::join!(chaos, producers, editors);
    nodes.send_all_again(1).await;
    let all: Vec<&Lethe> = running.iter().collect();
    settled(&all).await;
    let log = nothing_is_lost(&nodes, &url).await;
    runs_are_counted(&running[0], &log).await;
    let closely = nodes.closely(if rounds() < MANY { LOOKED_AT } else { LOOKED_AT_OF_MANY });
    let grown = all_agree(&all, &closely).await;
    one_audit_log(&nodes, &all).await;
    let before = projections(&url).await;
    let launch = Launch::new(dir.path(), &url).with_env("LETHE_ROOT_KEY", ROOT_KEY);
    launch.run(&["rebuild"]);
    if let Some(difference) = difference(&before, &projections(&url).await) {
        panic!("grown and rebuilt differ: {difference}");
    }
    settled(&all).await;
    let rebuilt = all_agree(&all, &closely).await;
    assert_eq!(told_otherwise(&grown, &rebuilt), None, "grown and rebuilt");
    as_on_sqlite(&url, &log, (&running[0], &closely)).await;
    let edits = nodes.edits().len();
    println!(
        "kill -9 of three nodes: {} rounds, {} events, {edits} edits acknowledged, {} answers of each node compared, 0 lost, 0 doubled",
        rounds(),
        log.marks.len(),
        grown.len(),
    );
    running.into_iter().for_each(Lethe::kill);
}

/// Kills one node, now and then two or all, and starts them again; round by round.
async fn kill_at_random(nodes: &Nodes, running: Vec<Lethe>) -> Vec<Lethe> {
    let mut running: Vec<Option<Lethe>> = running.into_iter().map(Some).collect();
    for _ in 0..rounds() {
        let between = fastrand::u64(BETWEEN_MS.0..BETWEEN_MS.1);
        tokio::time::sleep(Duration::from_millis(between)).await;
        let count = fastrand::choice([1, 1, 1, 2, NODES]).expect("one of them");
        let chosen = fastrand::choose_multiple(0..NODES, count);
        for number in &chosen {
            nodes.kill(*number, running[*number].take().expect("it runs"));
        }
        tokio::time::sleep(Duration::from_millis(fastrand::u64(..GONE_MS_MAX))).await;
        for number in chosen {
            if fastrand::u8(..4) == 0 {
                // In the midst of its start, once more.
                let again = nodes.launches[number].spawn();
                tokio::time::sleep(Duration::from_millis(fastrand::u64(..GONE_MS_MAX))).await;
                again.kill();
            }
            running[number] = Some(nodes.start(number).await);
        }
    }
    nodes.end();
    running.into_iter().flatten().collect()
}

async fn nothing_is_lost(nodes: &Nodes, url: &DbUrl) -> Log {
    let db = Db::open(url).await.expect("the database opens");
    let mut log = Log::default();
    log.read_on(&db).await;
    db.close().await;
    let book = nodes.ledger.open();
    assert_eq!((log.lost(&book), &log.doubled), (vec![], &vec![]));
    assert!(log.marks.iter().copied().eq(1..=book.sent), "every event is there, once");
    log
}

async fn ask(node: &Lethe, closely: &Closely, left_out: &[&str]) -> Told {
    told(async |path| node.get(&path).await, closely, left_out).await
}

/// Waits until all nodes say the same of everything, and returns that.
async fn all_agree(nodes: &[&Lethe], closely: &Closely) -> Told {
    let until = Instant::now() + AGREED_TIME_MAX;
    loop {
        let one = ask(nodes[0], closely, &[]).await;
        let mut otherwise = None;
        for node in &nodes[1..] {
            otherwise = otherwise.or(told_otherwise(&one, &ask(node, closely, &[]).await));
        }
        let Some(otherwise) = otherwise else { return one };
        assert!(Instant::now() < until, "{otherwise}");
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

/// Demands that each export continues the head of each node, that no size was signed with two
/// roots, and that each acknowledged edit has its record.
async fn one_audit_log(nodes: &Nodes, running: &[&Lethe]) {
    let key = running[0].get("/api/v1/audit").await.ok(200)["key"].as_str().map(str::to_owned);
    let key = key.expect("a key");
    let mut heads = Vec::new();
    for (number, node) in running.iter().enumerate() {
        let head = nodes.dir(number).join("head");
        let answer = node.get("/api/v1/audit/checkpoint").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        std::fs::write(&head, answer.text).expect("it is written");
        heads.push(head);
    }
    let mut recorded = BTreeSet::new();
    for (number, node) in running.iter().enumerate() {
        let state = node.get("/api/v1/audit").await.ok(200);
        assert_eq!((&state["alarm"], state["key"].as_str()), (&Value::Null, Some(&key[..])));
        let text = node.get("/api/v1/audit/export").await.text;
        let bundle = nodes.dir(number).join("bundle");
        std::fs::write(&bundle, &text).expect("it is written");
        for head in &heads {
            let paths = [&bundle, head].map(|path| path.to_str().expect("a path"));
            let args = ["audit", "verify", paths[0], "--key", &key, "--checkpoint", paths[1]];
            nodes.launches[number].run(&args);
        }
        for line in text.lines() {
            let Some((_, record)) = line.split_once(",\"record\":") else { continue };
            let bytes = record.strip_suffix('}').expect("the end").as_bytes();
            let record = Record::from_canonical(bytes).expect("a record");
            recorded.extend(record.request.map(|request| request.id));
        }
    }
    let edits = nodes.edits();
    assert!(!edits.is_empty(), "nobody edited");
    assert_eq!(edits.difference(&recorded).next(), None, "an edit without its record");
    let mut roots: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for number in 0..running.len() {
        let kept = std::fs::read_to_string(nodes.dir(number).join("audit-checkpoints.jsonl"));
        for line in kept.expect("signed heads are kept").lines() {
            // The last line may have been cut off by a kill.
            let Ok(line) = serde_json::from_str::<Value>(line) else { continue };
            let mut note = line["note"].as_str().expect("a note").lines().skip(1);
            let mut next = || note.next().expect("size and root").to_owned();
            roots.entry(next()).or_default().insert(next());
        }
    }
    assert!(!roots.is_empty(), "nothing was signed");
    let forked = roots.iter().find(|(_, roots)| roots.len() > 1);
    assert_eq!(forked, None, "a size that was signed with two roots");
}

/// Feeds a SQLite the same events in another order, then the same edits in theirs, and asks it the
/// same.
async fn as_on_sqlite(url: &DbUrl, log: &Log, (node, closely): (&Lethe, &Closely)) {
    let world = World::new(Backend::Sqlite).await;
    let mut marks: Vec<u64> = log.marks.iter().copied().collect();
    fastrand::shuffle(&mut marks);
    for marks in marks.chunks(200) {
        let events: Vec<Value> = marks.iter().map(|mark| event(*mark)).collect();
        let body = Value::from(events).to_string();
        world.call("POST", "/api/v1/lineage/batch", body).await.ok(200);
    }
    let db = Db::open(url).await.expect("the database opens");
    let mut last = 0;
    loop {
        let rows = db.scan_events(last, 1_000).await.expect("the log can be read");
        let Some(row) = rows.last() else { break };
        last = row.seq;
        for row in rows.iter().filter(|row| row.kind == EntryKind::Edit) {
            let record: EditRecord = serde_json::from_str(&row.raw).expect("an edit");
            world.app.edit(&Actor::anonymous(), record.edit).await.expect("it is made");
        }
    }
    db.close().await;
    world.settle().await;
    let there = unordered(ask(node, closely, &OF_ONE_WORLD).await);
    let here = told(async |path| world.get(&path).await, closely, &OF_ONE_WORLD).await;
    assert_eq!(told_otherwise(&there, &unordered(here)), None, "PostgreSQL and SQLite");
    world.app.stop().await;
}

/// Forgets in which order searches found: it depends on when things were written, and a world's
/// clock is its own.
fn unordered(mut told: Told) -> Told {
    told.retain(|path, _| !path.starts_with("search?"));
    let searches = told.iter_mut().filter(|(path, _)| path.starts_with("catalog/search?"));
    for hits in searches.filter_map(|(_, hits)| hits.as_array_mut()) {
        hits.sort_by_key(|hit| hit["id"].to_string());
    }
    told
}
