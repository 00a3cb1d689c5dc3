//! Runs that nobody needs go with their uses; what lineage, pages and lists say of the rest stays.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use lethe::base::{JobId, RunId, Time};
use lethe::catalog::JobDoc;
use lethe::flow::Expired;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::Launch;
use crate::world::dump::{self, dump};
use crate::world::{Backend, World, answers, fresh_url};

/// Runs of each job; twenty of them are kept whatever their age.
const RUNS: u32 = 60;

fn run_id(job: u32, run: u32) -> String {
    format!("00000000-0000-7000-8000-{job:04}{run:08}")
}

fn named(name: &str) -> Value {
    json!([{"namespace": "s3://lake", "name": name}])
}

/// An event of a run: those of one job follow on each other by the hour, from January on.
fn said(job: u32, run: u32, kind: &str, minute: u32, (inputs, outputs): (Value, Value)) -> Value {
    let (day, hour) = (1 + run / 24, run % 24);
    json!({
        "eventType": kind, "eventTime": format!("2026-01-{day:02}T{hour:02}:{minute:02}:00Z"),
        "producer": "https://example.com/test",
        "run": {"runId": run_id(job, run)},
        "job": {"namespace": "etl", "name": format!("job_{job}")},
        "inputs": inputs, "outputs": outputs,
    })
}

/// What three jobs did: one that always does the same, one that once wrote elsewhere and whose last
/// good run is long ago, one that began and never ended, started by runs of the first.
fn history() -> Vec<Value> {
    let mut events = Vec::new();
    for run in 0..RUNS {
        let io = || (named("raw"), named("mart"));
        events.push(said(1, run, "START", 0, io()));
        events.push(said(1, run, "COMPLETE", 5, io()));
        let output = if run == 3 { "once" } else { "often" };
        let ended = if run <= 10 { "COMPLETE" } else { "FAIL" };
        events.push(said(2, run, "START", 10, (named("mart"), named(output))));
        events.push(said(2, run, ended, 15, (named("mart"), named(output))));
        let mut child = said(3, run, "START", 20, (named("often"), json!([])));
        let parent =
            json!({"run": {"runId": run_id(1, 7)}, "job": {"namespace": "etl", "name": "job_1"}});
        if run == 5 {
            child["run"]["facets"] = json!({"parent": crate::events::facet(parent)});
        }
        events.push(child);
    }
    events
}

async fn send(world: &World, events: &[Value]) {
    for batch in events.chunks(100) {
        let batch = serde_json::to_string(batch).expect("JSON");
        world.call("POST", "/api/v1/lineage/batch", batch).await.ok(200);
    }
    world.settle().await;
}

/// A time after all of them.
fn later() -> Time {
    Time::parse("2026-02-01T00:00:00Z").expect("a time")
}

async fn runs_of(world: &World, job: &str) -> BTreeSet<RunId> {
    let id = JobId::of("etl", job);
    let rows = world.app.db().runs_of_job(id, None, 1_000).await.expect("runs");
    rows.into_iter().map(|row| row.id).collect()
}

async fn job(world: &World, name: &str) -> JobDoc {
    let rows = world.app.db().jobs(&[JobId::of("etl", name)]).await.expect("jobs");
    rows.into_iter().next().expect("the job").doc
}

fn run(job: u32, run: u32) -> RunId {
    RunId(run_id(job, run).parse().expect("a UUID"))
}

/// All that is asked of datasets and jobs, but for lists of runs and versions.
async fn pages(world: &World) -> BTreeMap<String, String> {
    let mut pages = answers(&world.app).await;
    // Not of the third: which version its oldest run read is told by what is gone.
    let marquez = |number| format!("/api/v1/namespaces/etl/jobs/job_{number}");
    let mut paths: Vec<String> = vec![marquez(1), marquez(2)];
    let datasets = world.get("/api/v1/datasets?namespace=s3://lake").await.ok(200);
    let ids = datasets["items"].as_array().expect("items").iter();
    paths.extend(
        ids.map(|item| format!("/api/v1/datasets/{}", item["id"].as_str().expect("an id"))),
    );
    let jobs = (1..=3).map(|number| JobId::of("etl", &format!("job_{number}")).0);
    paths.extend(jobs.map(|id| format!("/api/v1/jobs/{id}")));
    assert!(paths.len() > 7, "{paths:?}");
    for path in paths {
        pages.insert(path.clone(), world.get(&path).await.ok(200).to_string());
    }
    let found = world.get("/api/v1/catalog/search?q=mart").await.ok(200);
    pages.insert("search".to_owned(), found["total"].to_string());
    pages
}

/// Sums what the audit log says went.
async fn recorded(world: &World) -> Expired {
    let mut sum = Expired::default();
    for (action, what) in
        [("event:expire", "events"), ("run:expire", "runs"), ("run:expire", "uses")]
    {
        let path = format!("/api/v1/audit/records?action={action}&limit=1000");
        let records = world.get(&path).await.ok(200);
        let records = records["items"].as_array().expect("records");
        let counted = records.iter().map(|record| record["record"]["ext"][what].as_u64());
        let counted: u64 = counted.map(|count| count.expect("how many")).sum();
        match what {
            "events" => sum.events = counted,
            "runs" => sum.runs = counted,
            _ => sum.uses = counted,
        }
    }
    sum
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_needed_outlives_the_runs() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        send(&world, &history()).await;
        let before = pages(&world).await;
        let rows = dump(&world.url, &["run", "run_use", "event"]).await;
        let gone = world.app.expire(later()).await.expect("they go");
        world.settle().await;
        let after = pages(&world).await;
        assert_eq!(before.len(), after.len());
        for (path, page) in &before {
            assert_eq!(Some(page), after.get(path), "{backend:?}: {path}");
        }
        let left = dump(&world.url, &["run", "run_use", "event"]).await;
        let went = |table: &str| (rows[table].len() - left[table].len()) as u64;
        let counted = Expired { events: went("event"), runs: went("run"), uses: went("run_use") };
        assert_eq!(gone, counted, "{backend:?}");
        assert_eq!(recorded(&world).await, gone, "{backend:?}: what went is what is recorded");

        let newest = |job| (RUNS - 20..RUNS).map(move |number| run(job, number));
        // One of them is the parent of a run that never ended.
        let first: BTreeSet<RunId> = newest(1).chain([run(1, 7)]).collect();
        assert_eq!(first, runs_of(&world, "job_1").await, "{backend:?}");
        // What wrote the dataset that is written no more, and the last that went well.
        let second: BTreeSet<RunId> = newest(2).chain([run(2, 3), run(2, 10)]).collect();
        assert_eq!(second, runs_of(&world, "job_2").await, "{backend:?}");
        let third =
            runs_of(&world, "job_3").await.len() + runs_of(&world, "job_1.job_3").await.len();
        assert_eq!(third, RUNS as usize, "{backend:?}: none of them ended");
        for run in dump::ids(&left["run_use"], "run") {
            assert!(left["run"].contains_key(&run), "{backend:?}: a use of {run}, which is gone");
        }

        let doc = job(&world, "job_1").await;
        assert_eq!((doc.runs, doc.runs_kept()), (RUNS, 21), "{backend:?}");
        let path = "/api/v1/namespaces/etl/jobs/job_1/runs?limit=100";
        let listed = world.get(path).await.ok(200);
        assert_eq!(listed["totalCount"], 21);
        assert_eq!(listed["runs"].as_array().map(Vec::len), Some(21));
        assert_eq!(world.app.expire(later()).await.expect("nothing"), Expired::default());

        // A run that takes back what it said leaves what those said that are gone.
        let facts = doc.facts.clone();
        let doc = late_word(&world).await;
        assert_eq!(doc.facts.len(), facts.len(), "{backend:?}");
        for (now, then) in doc.facts.iter().zip(&facts) {
            assert!(now.seen.first <= then.seen.first, "{backend:?}: {now:?}, {then:?}");
        }
        world.app.stop().await;
    }
}

/// The oldest run that is kept turns out to belong to another job.
async fn late_word(world: &World) -> JobDoc {
    let mut event = said(1, RUNS - 20, "COMPLETE", 6, (named("raw"), named("mart")));
    let parent =
        json!({"run": {"runId": run_id(9, 1)}, "job": {"namespace": "etl", "name": "dag"}});
    event["run"]["facets"] = json!({"parent": crate::events::facet(parent)});
    world.ingest(&event).await;
    let doc = job(world, "job_1").await;
    assert_eq!(doc.runs, RUNS - 1);
    doc
}

/// A parent goes with the last of its children, whichever job comes first.
#[tokio::test(flavor = "multi_thread")]
async fn parents_go_with_their_children() {
    let mut events = Vec::new();
    for number in 0..RUNS {
        let child_of = |job: u32, parent: u32| {
            let mut event = said(job, number, "COMPLETE", 0, (json!([]), json!([])));
            let of = format!("job_{parent}");
            let parent = json!({"run": {"runId": run_id(parent, number)}, "job": {"namespace": "etl", "name": of}});
            event["run"]["facets"] = json!({"parent": crate::events::facet(parent)});
            event
        };
        events.push(said(5, number, "COMPLETE", 0, (json!([]), json!([]))));
        events.extend([child_of(6, 5), child_of(7, 5), child_of(8, 6), child_of(9, 7)]);
    }
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        send(&world, &events).await;
        let all = dump(&world.url, &["run"]).await["run"].len();
        assert_eq!(all, 5 * RUNS as usize, "{backend:?}");
        world.app.expire(later()).await.expect("they go");
        let left = dump(&world.url, &["run"]).await["run"].len();
        assert_eq!(left, 5 * 20, "{backend:?}");
        world.app.stop().await;
    }
}

/// Others' memory of runs that are gone is of no use to them: what is said of such a run later is
/// said of a new one, on every node alike.
#[tokio::test(flavor = "multi_thread")]
async fn nodes_forget_the_runs_that_are_gone() {
    let one = World::new(Backend::Postgres).await;
    let other = one.another_node().await;
    send(&other, &history()).await;
    one.app.expire(later()).await.expect("they go");
    let path = format!("/api/v1/runs/{}", run_id(1, 1));
    for node in [&one, &other] {
        node.get(&path).await.problem(404, "not-found");
    }
    other.ingest(&said(1, 1, "COMPLETE", 9, (named("raw"), json!([])))).await;
    let back = one.get(&path).await.ok(200);
    assert_eq!(back["outputs"].as_array().map(Vec::len), Some(0), "{back}");
    other.app.stop().await;
    one.app.stop().await;
}

/// Writers go on beside it, and what they say of runs that are about to go keeps these.
#[tokio::test(flavor = "multi_thread")]
async fn others_write_while_runs_go() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        send(&world, &history()).await;
        let write = async {
            for number in 0..40 {
                let mut event = said(4, number, "COMPLETE", 30, (named("raw"), named("new")));
                event["eventTime"] = json!(format!("2026-03-01T00:{number:02}:00Z"));
                world.ingest(&event).await;
            }
        };
        let (gone, ()) = tokio::join!(world.app.expire(later()), write);
        assert!(gone.expect("they go").runs > 60, "{backend:?}");
        assert_eq!(runs_of(&world, "job_4").await.len(), 40, "{backend:?}");
        let events = dump(&world.url, &["event"]).await;
        assert_eq!(events["event"].len(), 40, "{backend:?}");
        world.app.stop().await;
    }
}

/// A rebuild that goes on has folded what is about to go: retention waits for another time.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_while_others_rebuild() {
    let world = World::new(Backend::Postgres).await;
    send(&world, &history()).await;
    let aside = world.app.db().begin_aside().await.expect("it begins");
    assert_eq!(world.app.expire(later()).await.expect("it waits"), Expired::default());
    drop(aside);
    // The server hears in a moment that it was given up.
    let mut gone = Expired::default();
    for _ in 0..100 {
        gone = world.app.expire(later()).await.expect("they go");
        if gone.runs > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(gone.runs > 60, "{gone:?}");
    world.app.stop().await;
}

/// Killed at any moment, retention goes on where it was, and the audit log says what really went.
async fn killed(backend: Backend) {
    let dir = TempDir::new().expect("a temporary folder");
    let url = fresh_url(backend, dir.path()).await;
    let events = dir.path().join("events.ndjson");
    let lines: String = history().iter().map(|event| format!("{event}\n")).collect();
    std::fs::write(&events, lines).expect("the file is written");
    let launch = Launch::new(dir.path(), &url);
    launch.run(&["import", events.to_str().expect("a path")]);
    let tables = ["run", "run_use", "event"];
    let before = dump(&url, &tables).await;
    let launch = launch.with_env("LETHE_RETENTION_DAYS", "1");
    let mut rounds = 0;
    loop {
        let lethe = launch.start().await;
        tokio::time::sleep(Duration::from_millis(fastrand::u64(..250))).await;
        if rounds == 40 {
            tokio::time::sleep(Duration::from_secs(20)).await;
        }
        let left = dump(&url, &tables).await;
        let recorded = recorded_by(&lethe).await;
        lethe.kill();
        // Whoever died may have had the lease: in life it runs out, here it is taken away.
        dump::run(&url, &["DELETE FROM lease"]).await;
        if left["event"].is_empty()
            && recorded.1 == (before["run"].len() - left["run"].len()) as u64
        {
            assert_eq!(recorded.0, before["event"].len() as u64, "{backend:?}");
            if left["run"].len() == 103 {
                return;
            }
        }
        rounds += 1;
        assert!(rounds <= 41, "{backend:?}: {} runs are left", left["run"].len());
    }
}

async fn recorded_by(lethe: &crate::process::Lethe) -> (u64, u64) {
    let mut sums = [0, 0];
    for (sum, (action, what)) in
        sums.iter_mut().zip([("event:expire", "events"), ("run:expire", "runs")])
    {
        let path = format!("/api/v1/audit/records?action={action}&limit=1000");
        let records = lethe.get(&path).await.ok(200);
        let counts = records["items"].as_array().expect("records").iter();
        *sum = counts.filter_map(|record| record["record"]["ext"][what].as_u64()).sum();
    }
    (sums[0], sums[1])
}

#[tokio::test(flavor = "multi_thread")]
async fn retention_goes_on_where_it_was_killed_on_sqlite() {
    killed(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn retention_goes_on_where_it_was_killed_on_postgres() {
    killed(Backend::Postgres).await;
}

/// What the greatest tables of PostgreSQL take, with and without their indexes.
const SIZES: &str = "SELECT string_agg(u.line, '; ') FROM (SELECT t.line FROM (SELECT c.relname || ' ' || pg_total_relation_size(c.oid) \
    || ' ' || pg_relation_size(c.oid) AS line FROM pg_class c WHERE c.relkind = 'r' ORDER BY pg_total_relation_size(c.oid) DESC LIMIT 3) t \
    UNION ALL SELECT 'runs ' || count(*) || ' ' || sum(pg_column_size(doc)) || ' ' || max(ctid)::text FROM run) u";

/// Space is given back: what is left after nearly all has gone takes little.
#[tokio::test(flavor = "multi_thread")]
async fn space_is_given_back() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        let filler = "x".repeat(6_000);
        let events = (0..6_000).map(|run| {
            let mut event = said(run % 4, run / 4, "COMPLETE", 1, (named("raw"), named("mart")));
            event["eventTime"] = json!(format!("2026-01-{:02}T00:00:00Z", 1 + run / 240));
            let text: String = filler.chars().chain(format!("{:x}", run * 7_919).chars()).collect();
            event["run"]["facets"] =
                json!({"f": crate::events::facet(json!({"a": text[..200], "b": run}))});
            event
        });
        send(&world, &events.collect::<Vec<_>>()).await;
        let gone = world.app.expire(later()).await.expect("they go");
        assert!(gone.runs > 5_000, "{gone:?}");
        let left = world.projections().await;
        let done = world.app.db().reclaim_beyond(64 << 10, || true).await.expect("given back");
        let sizes = match backend {
            Backend::Postgres => crate::world::dump::ask(&world.url, SIZES).await,
            Backend::Sqlite => String::new(),
        };
        let little = done.after * 100 < done.before * 75;
        assert!(!done.is_stuck && little, "{backend:?}: {done:?} {sizes}");
        assert_eq!(left, world.projections().await, "{backend:?}");
        assert_eq!(world.app.expire(later()).await.expect("nothing"), Expired::default());
        let again = world.app.db().reclaim_beyond(64 << 10, || true).await.expect("nothing more");
        assert!(again.after * 100 >= again.before * 90, "{backend:?}: {again:?}");
        send(&world, &history()).await;
        world.app.stop().await;
    }
}
