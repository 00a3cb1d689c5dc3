//! Databases that have grown: a rebuild while others write, and one that is cut off.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use lethe::base::NodeKind;
use lethe::catalog::EntityRef;
use lethe::db::{Db, DbUrl};
use lethe::flow::{Actor, FlowError, Holding, Submission, rebuild_until};
use lethe::openlineage::{Parsed, parse};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use rustix::process::Signal;
use serde_json::json;
use tempfile::TempDir;

use crate::process::{Launch, signal};
use crate::world::dump::{self, PROJECTIONS, Rows, difference, dump, held, live};
use crate::world::{Backend, World, answers, fresh_url};

/// Draws a stream of events, the same each time.
fn stream(count: usize) -> Vec<Parsed> {
    let mut runner = TestRunner::deterministic();
    let mut drawn: BTreeMap<_, Parsed> = BTreeMap::new();
    while drawn.len() < count {
        let event = crate::events::event().new_tree(&mut runner).expect("an event").current();
        let event = parse(event.to_string().as_bytes()).expect("a valid event");
        drawn.insert(event.id, event);
    }
    drawn.into_values().collect()
}

async fn send(world: &World, events: &[Parsed], batch: usize) {
    for events in events.chunks(batch) {
        let submission = Submission { events: events.to_vec(), ..Submission::default() };
        world.app.submit(submission).await.expect("they are accepted");
    }
}

/// Rebuilds in small pages, with something that is done in the midst of it, once.
async fn rebuild_while(world: &World, meanwhile: impl AsyncFn()) {
    let holding = Holding { page: 10, runs: 20, docs: 40, ..Holding::default() };
    let runtime = tokio::runtime::Handle::current();
    let mut rounds = 0;
    let progress = |_| {
        rounds += 1;
        if rounds == 5 {
            tokio::task::block_in_place(|| runtime.block_on(meanwhile()));
        }
    };
    let never = std::future::pending();
    let done = rebuild_until(world.app.db(), world.app.now(), holding, progress, never).await;
    done.expect("it is rebuilt").expect("nobody stops it");
    assert!(rounds > 5, "{rounds}");
}

/// What a database says of its tables, apart from what is in them.
async fn shape(url: &DbUrl) -> String {
    const SHAPE: &str = "SELECT string_agg(line, E'\n' ORDER BY line) FROM (\
         SELECT format('%s %s', schemaname, indexdef) AS line FROM pg_indexes WHERE tablename <> '_sqlx_migrations' \
         UNION ALL SELECT format('%s.%s.%s %s %s %s', table_schema, table_name, column_name, data_type, is_nullable, collation_name) \
         FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema') \
         UNION ALL SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE conrelid <> 0 \
         UNION ALL SELECT format('%s %s', oid::regclass, relacl) FROM pg_class WHERE relkind = 'r' AND relacl IS NOT NULL \
         UNION ALL SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%') lines";
    dump::ask(url, SHAPE).await
}

/// While one node rebuilds, another goes on writing: nothing of it is lost, no table is another
/// than migrations made it, and both show what is there.
#[tokio::test(flavor = "multi_thread")]
async fn others_write_while_one_rebuilds() {
    let events = stream(700);
    let one = World::new(Backend::Postgres).await;
    let other = one.another_node().await;
    dump::run(&one.url, &["GRANT SELECT ON run, dataset TO PUBLIC"]).await;
    send(&one, &events[..400], 50).await;
    let shape_before = shape(&one.url).await;
    rebuild_while(&one, async || {
        send(&other, &events[400..600], 7).await;
        send(&one, &events[600..], 50).await;
    })
    .await;
    assert_eq!(shape_before, shape(&one.url).await);
    let alone = World::new(Backend::Sqlite).await;
    send(&alone, &events, 50).await;
    for world in [&one, &other, &alone] {
        world.settle().await;
    }
    if let Some(difference) = difference(&held(&alone).await, &held(&one).await) {
        panic!("{difference}");
    }
    let expected = answers(&alone.app).await;
    for node in [&one, &other] {
        assert_eq!(expected, answers(&node.app).await);
    }
    // The writers' memory is of the tables that are there now.
    send(&other, &stream(800)[..], 50).await;
    send(&alone, &stream(800)[..], 50).await;
    if let Some(difference) = difference(&held(&alone).await, &held(&one).await) {
        panic!("{difference}");
    }
    for world in [other, one, alone] {
        world.app.stop().await;
    }
}

/// What is removed from the log when half of it is folded already is not there afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_removed_while_one_rebuilds_does_not_come_back() {
    let events = stream(300);
    let world = World::new(Backend::Postgres).await;
    send(&world, &events, 50).await;
    let table = |name: &str| EntityRef {
        kind: NodeKind::Dataset,
        namespace: "s3://lake".to_owned(),
        name: name.to_owned(),
    };
    rebuild_while(&world, async || {
        world.app.remove(&Actor::system(), &[table("table1")]).await.expect("it is removed");
    })
    .await;
    let text = dump::plain_text(&world.url).await;
    assert_eq!(text.lines().find(|line| line.contains("table1")), None);
    world.app.stop().await;
}

/// Two at once would each drop what the other made.
#[tokio::test(flavor = "multi_thread")]
async fn one_rebuilds_at_a_time() {
    let world = World::new(Backend::Postgres).await;
    send(&world, &stream(60), 50).await;
    let aside = world.app.db().begin_aside().await.expect("it begins");
    let mut tx = world.app.db().begin().await.expect("others write");
    assert!(tx.is_folded_aside().await.expect("an answer"), "retention sees it");
    drop(tx);
    let again = world.app.db().begin_aside().await.expect_err("one goes on");
    assert!(again.is_busy(), "{again}");
    drop(aside);
    rebuild_while_free(&world).await;
    world.app.stop().await;
}

/// The connection that was dropped gives its lock back when the server hears of it.
async fn rebuild_while_free(world: &World) {
    lethe::flow::rebuild(world.app.db(), world.app.now(), |_| ()).await.expect("it is rebuilt");
}

async fn projections(url: &DbUrl) -> BTreeMap<&'static str, Rows> {
    live(dump(url, &PROJECTIONS).await)
}

/// A database with some thousand events, by the binary.
async fn filled(backend: Backend, dir: &Path) -> (DbUrl, Launch) {
    let url = fresh_url(backend, dir).await;
    let launch = Launch::new(dir, &url);
    let events = dir.join("events.ndjson");
    let lines: Vec<u8> =
        stream(2_000).iter().flat_map(|event| [&event.raw[..], b"\n"].concat()).collect();
    std::fs::write(&events, lines).expect("the file is written");
    launch.run(&["import", events.to_str().expect("a path")]);
    (url, launch)
}

fn begin_rebuild(launch: &Launch) -> Child {
    let mut command: Command = launch.command(&["rebuild"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("it starts")
}

/// Killed or told to stop at any moment, a rebuild leaves what was there, and the next one begins
/// at once.
async fn cut_off(backend: Backend) {
    let dir = TempDir::new().expect("a temporary folder");
    let (url, launch) = filled(backend, dir.path()).await;
    let before = projections(&url).await;
    let started = std::time::Instant::now();
    launch.run(&["rebuild"]);
    let takes = u64::try_from(started.elapsed().as_millis()).expect("it does not take long");
    if let Some(difference) = difference(&before, &projections(&url).await) {
        panic!("{backend:?}: {difference}");
    }
    let mut cut = 0;
    for round in 0..8 {
        let mut rebuild = begin_rebuild(&launch);
        tokio::time::sleep(Duration::from_millis(fastrand::u64(..takes))).await;
        let word = if round % 2 == 0 { Signal::KILL } else { Signal::INT };
        signal(word, &rebuild.id().to_string());
        let ended = rebuild.wait().expect("it ends");
        cut += u32::from(!ended.success());
        if let Some(difference) = difference(&before, &projections(&url).await) {
            panic!("{backend:?}, {word:?}: {difference}");
        }
    }
    assert!(cut > 2, "{cut} of 8 were cut off");
    launch.run(&["rebuild"]);
    if let Some(difference) = difference(&before, &projections(&url).await) {
        panic!("{backend:?}: {difference}");
    }
    let db = Db::open(&url).await.expect("the database opens");
    drop(db.begin_aside().await.expect("nothing is left of those that were killed"));
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_that_is_cut_off_leaves_everything_as_it_was_on_sqlite() {
    cut_off(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_that_is_cut_off_leaves_everything_as_it_was_on_postgres() {
    cut_off(Backend::Postgres).await;
}

fn dataset_event(namespace: &str, name: String) -> Parsed {
    let mut event = crate::events::base(1, "DatasetEvent");
    event["dataset"] = json!({"namespace": namespace, "name": name});
    parse(event.to_string().as_bytes()).expect("a valid event")
}

/// A namespace goes in pages, and the last one with it: what comes in meanwhile is never left in a
/// namespace that is not there.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_in_a_namespace_that_is_gone() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        let many = (0..1_100).map(|number| dataset_event("bulk", format!("table{number}")));
        send(&world, &many.collect::<Vec<_>>(), 550).await;
        send(&world, &[dataset_event("other", "stays".to_owned())], 1).await;
        let late = async {
            for number in 0..30 {
                send(&world, &[dataset_event("bulk", format!("late{number}"))], 1).await;
                tokio::time::sleep(Duration::from_millis(30)).await;
            }
        };
        let system = Actor::system();
        let (gone, ()) = tokio::join!(world.app.remove_namespace(&system, "bulk"), late);
        // Where it never stands still, that is said.
        assert!(matches!(gone, Ok(_) | Err(FlowError::Conflict(_))), "{backend:?}: {gone:?}");
        let db = world.app.db();
        let left = db.datasets_of_namespace("bulk", None, 2_000).await.expect("an answer");
        let there = db.namespace("bulk").await.expect("an answer").is_some();
        assert!(left.len() <= 30, "{backend:?}: {}", left.len());
        assert!(there || left.is_empty(), "{backend:?}: {} are left", left.len());
        world.app.remove_namespace(&Actor::system(), "bulk").await.expect("it is removed");
        assert!(db.namespace("bulk").await.expect("an answer").is_none(), "{backend:?}");
        let text = dump::plain_text(&world.url).await;
        assert_eq!(text.lines().find(|line| line.contains("bulk")), None, "{backend:?}");
        assert!(text.contains("stays"));
        world.app.stop().await;
    }
}

/// A connection is made while somebody writes for long: it needs no lock of theirs.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_opened_while_somebody_writes() {
    let dir = TempDir::new().expect("a temporary folder");
    let url = fresh_url(Backend::Sqlite, dir.path()).await;
    let one = Db::open(&url).await.expect("it opens");
    one.migrate().await.expect("the schema is made");
    let tx = one.begin_aside().await.expect("it begins");
    let other = Db::open(&url).await.expect("it opens beside");
    assert_eq!(other.scan_events(0, 10).await.expect("it reads"), []);
    drop(tx);
    other.close().await;
    one.close().await;
}
