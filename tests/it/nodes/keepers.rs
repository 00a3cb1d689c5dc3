//! What those do who keep the database: its connections are used up, a table is locked, limits are set for all
//! clients, another version or another key was there first, several nodes begin at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use lethe::base::{Clock, NodeClock, SystemClock};
use lethe::db::{Db, DbUrl};
use lethe::flow::{App, Settings};
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

use crate::kill::load::event;
use crate::kill::several::{Nodes, settled};
use crate::policies::{activate, draft, shipped_and};
use crate::process::{Launch, Lethe};
use crate::world::{Backend, OwnServer, World, dump, fresh_url};

/// Connections of a small server.
const FEW: &str = "-c max_connections=24";
/// How soon a request is refused whose database has no room for it.
const REFUSED_TIME_MAX: Duration = Duration::from_secs(35);
/// How soon all is well again.
const BACK_TIME_MAX: Duration = Duration::from_secs(60);
/// Clients that read what is locked: more than a node has connections for.
const READERS: usize = 12;
/// Nodes that begin at once.
const NODES: usize = 3;

async fn post(lethe: &Lethe, mark: u64) -> crate::world::Answer {
    lethe.call("POST", "/api/v1/lineage", event(mark).to_string()).await
}

/// Takes all connections of a server, those of others as well.
async fn take_all(url: &str) -> Vec<PgConnection> {
    const END: &str =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'lethe'";
    let mut taken = vec![PgConnection::connect(url).await.expect("one is free")];
    let until = Instant::now() + REFUSED_TIME_MAX;
    loop {
        sqlx::raw_sql(END).execute(&mut taken[0]).await.expect("they end");
        while let Ok(one) = PgConnection::connect(url).await {
            taken.push(one);
        }
        let left = "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'lethe'";
        let left: i64 = sqlx::query_scalar(left).fetch_one(&mut taken[0]).await.expect("a number");
        if left == 0 {
            return taken;
        }
        assert!(Instant::now() < until, "{left} are left");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_are_used_up_are_missed_in_words_and_come_back() {
    let (dir, server) = (TempDir::new().expect("a folder"), OwnServer::start_with(FEW));
    let url = server.url();
    let lethe = Launch::new(dir.path(), &url).start().await;
    assert_eq!(post(&lethe, 1).await.status, 201);
    let DbUrl::Postgres(text) = &url else { panic!("PostgreSQL") };
    let taken = take_all(text).await;
    let begun = Instant::now();
    let (written, read) = tokio::join!(post(&lethe, 2), lethe.get("/api/v1/events"));
    for answer in [written, read] {
        answer.problem(503, "database-unavailable");
    }
    assert!(begun.elapsed() < REFUSED_TIME_MAX, "{:?}", begun.elapsed());
    let state = lethe.get("/readyz").await;
    assert_eq!((state.status, &state.json()["databaseAnswers"]), (503, &Value::Bool(false)));
    assert_eq!(lethe.get("/livez").await.status, 200);
    // A node that begins now says why it cannot.
    let elsewhere = TempDir::new().expect("a folder");
    let log = Launch::new(elsewhere.path(), &url).spawn().log_to_the_end(REFUSED_TIME_MAX).await;
    assert!(log.contains("too many clients"), "{log}");
    drop(taken);
    let until = Instant::now() + BACK_TIME_MAX;
    while post(&lethe, 2).await.status != 201 {
        assert!(Instant::now() < until, "it does not come back\n{}", lethe.log());
    }
    lethe.caught_up().await;
    lethe.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_what_is_locked_is_answered_and_keeps_nobody_from_the_rest() {
    let dir = TempDir::new().expect("a folder");
    let url = fresh_url(Backend::Postgres, dir.path()).await;
    let lethe = Launch::new(dir.path(), &url).start().await;
    assert_eq!(post(&lethe, 1).await.status, 201);
    lethe.caught_up().await;
    let DbUrl::Postgres(text) = &url else { panic!("PostgreSQL") };
    let mut other = PgConnection::connect(text).await.expect("it answers");
    let lock = "BEGIN; LOCK TABLE dataset IN ACCESS EXCLUSIVE MODE";
    sqlx::raw_sql(lock).execute(&mut other).await.expect("the lock");
    let list = "/api/v1/datasets?namespace=postgres%3A%2F%2Fdb%3A5432";
    let begun = Instant::now();
    let readers = join_all((0..READERS).map(|_| lethe.get(list)));
    let beside = async {
        // Until all of them wait.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let state = lethe.get("/readyz").await;
        assert_eq!(state.ok(200)["databaseAnswers"], true);
        lethe.get("/api/v1/catalog/search?q=shop").await.ok(200);
    };
    let (answers, ()) = tokio::join!(readers, beside);
    assert!(begun.elapsed() < REFUSED_TIME_MAX, "{:?}", begun.elapsed());
    for answer in answers {
        answer.problem(503, "database-unavailable");
    }
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.expect("it unlocks");
    assert_eq!(post(&lethe, 2).await.status, 201);
    lethe.get(list).await.ok(200);
    lethe.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_that_are_set_for_all_clients_of_the_database_are_not_lethes() {
    let dir = TempDir::new().expect("a folder");
    let url = fresh_url(Backend::Postgres, dir.path()).await;
    let DbUrl::Postgres(text) = &url else { panic!("PostgreSQL") };
    let mut own = PgConnection::connect(text).await.expect("it answers");
    for (name, value) in
        [("statement_timeout", "30ms"), ("idle_in_transaction_session_timeout", "30ms")]
    {
        let set = format!(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET {name} = ''{value}''', current_database()); END $$"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(set)).execute(&mut own).await.expect("it is set");
    }
    own.close().await.expect("it is closed");
    let lethe = Launch::new(dir.path(), &url).start().await;
    let lines: Vec<String> = (1..=1_500).map(|mark| event(mark).to_string()).collect();
    let taken = lethe.call("POST", "/api/v1/events/import", lines.join("\n")).await.ok(200);
    assert_eq!(taken["new"], 1_500, "{taken}");
    lethe.caught_up().await;
    lethe.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_begin_at_once_on_an_empty_database_are_of_one() {
    for _ in 0..2 {
        let dir = TempDir::new().expect("a folder");
        let url = fresh_url(Backend::Postgres, dir.path()).await;
        let nodes = Nodes::new(&[&url; NODES]);
        let running = join_all((0..NODES).map(|number| nodes.start(number))).await;
        settled(&running.iter().collect::<Vec<_>>()).await;
        let mut told = Vec::new();
        for lethe in &running {
            let key = lethe.get("/api/v1/audit").await.ok(200)["key"].clone();
            told.push((key, lethe.get("/readyz").await.ok(200)["policyVersion"].clone()));
            assert_eq!(post(lethe, 1).await.status, 201);
        }
        assert!(told.iter().all(|one| *one == told[0] && one.0.is_string()), "{told:?}");
        running.into_iter().for_each(Lethe::kill);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_is_older_than_the_schema_refuses_to_start() {
    for backend in Backend::ALL {
        let dir = TempDir::new().expect("a folder");
        let url = fresh_url(backend, dir.path()).await;
        let launch = Launch::new(dir.path(), &url);
        let lethe = launch.start().await;
        lethe.ask_to_stop();
        assert!(lethe.stopped(REFUSED_TIME_MAX).await.success());
        let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                     SELECT 9999, 'a later version', success, checksum, 1 FROM _sqlx_migrations WHERE version = 1";
        dump::run(&url, &[newer]).await;
        let log = launch.spawn().log_to_the_end(REFUSED_TIME_MAX).await;
        assert!(log.contains("schema") && log.contains("9999"), "{backend:?}: {log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_with_another_root_key_says_so_and_leaves_none_behind() {
    let dir = TempDir::new().expect("a folder");
    let url = fresh_url(Backend::Postgres, dir.path()).await;
    let nodes = Nodes::new(&[&url]);
    let lethe = nodes.start(0).await;
    let other = "HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHgA=";
    for key in [Some(other), None] {
        let elsewhere = TempDir::new().expect("a folder");
        let launch = Launch::new(elsewhere.path(), &url);
        let launch = match key {
            Some(key) => launch.with_env("LETHE_ROOT_KEY", key),
            None => launch,
        };
        let log = launch.spawn().log_to_the_end(REFUSED_TIME_MAX).await;
        assert!(log.contains("root key"), "{log}");
        for name in ["root.key", "root.key.plain"] {
            assert!(!elsewhere.path().join(name).exists(), "{name} opens nothing");
        }
    }
    lethe.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_rules_that_nodes_activate_at_once_one_set_comes_into_force() {
    let one = World::guarded(Backend::Postgres).await;
    let nodes = [&one, &one.another_node().await, &one.another_node().await];
    let mut versions = Vec::new();
    for number in 0..NODES {
        versions.push(draft(&one, &shipped_and(&format!("# {number}"))).await);
    }
    let expected = json!({"expectedActive": 1});
    let asked =
        nodes.iter().zip(&versions).map(|(node, version)| activate(node, *version, &expected));
    let answers = join_all(asked).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409]);
    let active = answers.iter().position(|answer| answer.status == 200).map(|at| versions[at]);
    let until = Instant::now() + BACK_TIME_MAX;
    while nodes.iter().any(|node| Some(node.app.obeyed().version) != active) {
        assert!(Instant::now() < until, "they do not obey");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for node in nodes {
        node.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_whose_clocks_are_off_by_an_hour_go_with_the_database() {
    const HOUR_MICROS: i64 = 3_600_000_000;
    let dirs = [TempDir::new().expect("a folder"), TempDir::new().expect("a folder")];
    let url = fresh_url(Backend::Postgres, dirs[0].path()).await;
    let off = |clock: &dyn Clock| clock.now().as_micros() - SystemClock.now().as_micros();
    let mut nodes = Vec::new();
    for (dir, by) in dirs.iter().zip([HOUR_MICROS, -HOUR_MICROS]) {
        let clock = NodeClock::shared();
        clock.correct(by);
        assert!((off(&*clock) - by).abs() < HOUR_MICROS / 60);
        let db = Db::open(&url).await.expect("the database opens");
        db.migrate().await.expect("the schema is made");
        let settings = Settings {
            data_dir: Some(dir.path().to_owned()),
            follow: true,
            retention_days: None,
            retention_runs: 20,
            signer: None,
            vault: None,
            listeners_max: lethe::base::limits::LISTENERS_MAX,
            open: true,
            bootstrap: None,
        };
        let app = App::start(db, Arc::clone(&clock), settings).await.expect("it starts");
        nodes.push((app, clock, by));
    }
    for (app, clock, by) in nodes {
        let until = Instant::now() + BACK_TIME_MAX;
        while off(&*clock).abs() > 2_000_000 {
            assert!(Instant::now() < until, "it is off by {} µs", off(&*clock));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        // What was put on at first is taken off: that much is told.
        assert!(app.clock_corrected_micros().abs() < HOUR_MICROS / 60, "{by}");
        app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_remove_at_once_record_what_went_and_no_more() {
    let one = World::new(Backend::Postgres).await;
    let other = one.another_node().await;
    let events: Vec<Value> = (1..=600).map(event).collect();
    one.call("POST", "/api/v1/lineage/batch", Value::from(events).to_string()).await.ok(200);
    let before = one.app.now().plus_micros(366 * 86_400_000_000);
    let (first, second) = tokio::join!(one.app.expire(before), other.app.expire(before));
    let gone = first.expect("they go").events + second.expect("they go").events;
    assert_eq!(gone, 600);
    let records = one.get("/api/v1/audit/records?action=event:expire&limit=100").await.ok(200);
    let records = records["items"].as_array().expect("a list");
    let told = records.iter().map(|record| {
        let count = record.pointer("/record/ext/events");
        count.and_then(Value::as_u64).unwrap_or_else(|| panic!("{record}"))
    });
    assert_eq!(told.sum::<u64>(), 600, "{records:?}");
    other.app.stop().await;
    one.app.stop().await;
}
