//! The catalog can be folded again from the log at any time and is the same; what was
//! removed for good is nowhere.

mod again;
mod lasting;

use std::collections::{BTreeMap, BTreeSet};

use lethe::base::{JobId, NodeKind};
use lethe::catalog::{Edit, EntityRef};
use lethe::flow::{Actor, Holding, Submission, rebuild_until};
use lethe::openlineage::{Parsed, parse};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::events;
use crate::world::dump::{LOG, Rows, difference, dump, plain_text};
use crate::world::{Backend, World, answers};

/// What happens to a catalog.
#[derive(Debug, Clone)]
enum Step {
    Events(Vec<Value>),
    Edit(Edit),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        2 => events::events(6).prop_map(|events| {
            Step::Events(events.into_iter().map(events::with_one_parent).collect())
        }),
        3 => events::edit().prop_map(Step::Edit),
    ];
    prop::collection::vec(step, 8..24)
}

fn parsed(events: &[Value]) -> Vec<Parsed> {
    let one = |event: &Value| parse(event.to_string().as_bytes()).expect("drawn events are valid");
    events.iter().map(one).collect()
}

async fn take(world: &World, steps: &[Step]) {
    for step in steps {
        match step {
            Step::Events(events) => {
                for (voice, events) in events::by_voice(parsed(events)) {
                    let submission = Submission { events, voice, ..Submission::default() };
                    world.app.submit(submission).await.expect("they are accepted");
                }
            }
            Step::Edit(edit) => {
                world.app.edit(&Actor::anonymous(), edit.clone()).await.expect("it is made");
            }
        }
    }
    world.settle().await;
}

/// What search finds: kinds and names, without what only shifts the ranking.
async fn found(world: &World) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for word in ["table", "job", "tag:pii", "ghost"] {
        let answer = world.get(&format!("/api/v1/catalog/search?q={word}&limit=100")).await.ok(200);
        for hit in answer["hits"].as_array().expect("hits") {
            found.insert(format!("{word}: {} {} {}", hit["kind"], hit["namespace"], hit["name"]));
        }
    }
    found
}

fn run_property<S: Strategy>(quick: u32, strategy: &S, check: impl AsyncFn(S::Value)) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let config =
        ProptestConfig { max_shrink_iters: 60, failure_persistence: None, ..events::cases(quick) };
    let result = TestRunner::new(config).run(strategy, |value| {
        runtime.block_on(check(value));
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
}

pub async fn rebuild_world(world: &World) {
    // So little is held that it is written and loaded again in the midst of everything.
    let small = Holding { page: 7, runs: 2, docs: fastrand::usize(3..20), ..Holding::default() };
    let holding = [small, Holding::default()][fastrand::usize(..2)];
    let never = std::future::pending();
    let done = rebuild_until(world.app.db(), world.app.now(), holding, |_| (), never).await;
    let done = done.expect("it is rebuilt").expect("nobody stops it");
    assert_eq!(done.unreadable, 0, "{holding:?}");
    world.settle().await;
}

#[test]
fn rebuilt_is_what_grew() {
    run_property(4, &steps(), async |steps| {
        for backend in Backend::ALL {
            let world = World::new(backend).await;
            take(&world, &steps).await;
            let grown = (world.projections().await, answers(&world.app).await, found(&world).await);
            let log = dump(&world.url, &LOG).await;
            rebuild_world(&world).await;
            if let Some(difference) = difference(&log, &dump(&world.url, &LOG).await) {
                panic!("{backend:?}: {difference}");
            }
            if let Some(difference) = difference(&grown.0, &world.projections().await) {
                panic!("{backend:?}: {difference}");
            }
            same_answers(&world, &grown.1, &answers(&world.app).await);
            assert_eq!(grown.2, found(&world).await, "{backend:?}: search");
            world.app.stop().await;
        }
    });
}

fn dataset(namespace: &str, name: &str) -> EntityRef {
    EntityRef { kind: NodeKind::Dataset, namespace: namespace.to_owned(), name: name.to_owned() }
}

fn job(name: &str) -> EntityRef {
    EntityRef { kind: NodeKind::Job, namespace: "etl".to_owned(), name: name.to_owned() }
}

#[test]
fn removed_dataset_is_nowhere_and_its_jobs_are_as_rebuilt() {
    run_property(4, &(steps(), steps(), 0..5_u8), async |(before, after, table)| {
        for backend in Backend::ALL {
            let world = World::new(backend).await;
            take(&world, &before).await;
            take(&world, &after).await;
            let name = format!("table{table}");
            world
                .app
                .remove(&Actor::system(), &[dataset("s3://lake", &name)])
                .await
                .expect("it is removed");
            world.settle().await;
            let text = plain_text(&world.url).await;
            let trace = text.lines().find(|line| line.contains(&name));
            assert_eq!(trace, None, "{backend:?}: {name}");
            same_as_rebuilt(&world, &[]).await;
            world.app.stop().await;
        }
    });
}

#[test]
fn removed_job_is_gone_with_its_events() {
    let name = prop::sample::select(vec!["job0", "job1", "dag0.job1", "dag1.job2", "dag0"]);
    run_property(4, &(steps(), name), async |(steps, name)| {
        for backend in Backend::ALL {
            let world = World::new(backend).await;
            take(&world, &steps).await;
            world.app.remove(&Actor::system(), &[job(name)]).await.expect("it is removed");
            world.settle().await;
            let id = JobId::of("etl", name);
            assert_eq!(world.app.db().jobs(&[id]).await.expect("jobs"), []);
            let entries = world.app.db().places_about(id.0).await.expect("entries");
            assert!(entries.is_empty(), "{backend:?}: {entries:?}");
            same_as_rebuilt(&world, &[id]).await;
            world.app.stop().await;
        }
    });
}

/// Demands what removal promises: jobs and runs are as after a rebuild. Jobs that are known
/// only as others' parents may differ: they keep what removed events said of them, and a
/// removed one is there again after a rebuild.
async fn same_as_rebuilt(world: &World, removed: &[JobId]) {
    let parents = ["dag0", "dag1"].map(|name| JobId::of("etl", name));
    let kept = world.projections().await;
    let fresh = world.another_node().await;
    fresh.settle().await;
    same_answers(world, &answers(&world.app).await, &answers(&fresh.app).await);
    fresh.app.stop().await;
    rebuild_world(world).await;
    let rebuilt = world.projections().await;
    // So do jobs that only others' explicit lineage names: they have no times.
    let is_removed = |row: &str| {
        row.contains("\ncreated_at=0\nupdated_at=0\n")
            || removed.iter().chain(&parents).any(|id| {
                row.lines().any(|line| line == format!("id={id}") || line == format!("job={id}"))
            })
    };
    let others = |rows: &Rows| -> Rows {
        rows.iter()
            .filter(|(_, row)| !is_removed(row))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect()
    };
    for table in ["job", "run", "run_use"] {
        let one = [(table, others(&kept[table]))].into();
        let other = [(table, others(&rebuilt[table]))].into();
        if let Some(difference) = difference(&one, &other) {
            panic!("{:?}: {difference}", world.backend);
        }
    }
    for dataset in rebuilt["dataset"].keys() {
        assert!(kept["dataset"].contains_key(dataset), "{:?}: {dataset}", world.backend);
    }
}

/// Demands the same answers of two graphs, and tells of the first question only.
fn same_answers(world: &World, one: &BTreeMap<String, String>, other: &BTreeMap<String, String>) {
    for (question, answer) in one {
        assert_eq!(Some(answer), other.get(question), "{:?}: {question}", world.backend);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn removed_dataset_comes_back_fresh_with_its_next_event() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        let mut event = events::base(0, "DatasetEvent");
        let documented = events::facet(json!({"description": "old"}));
        event["dataset"] =
            json!({"namespace": "pg", "name": "people", "facets": {"documentation": documented}});
        world.ingest(&event).await;
        world
            .app
            .remove(&Actor::system(), &[dataset("pg", "people")])
            .await
            .expect("it is removed");
        assert!(world.app.anybody().dataset("pg", "people").await.expect("an answer").is_none());
        let mut event = events::base(1, "DatasetEvent");
        event["dataset"] = json!({"namespace": "pg", "name": "people"});
        world.ingest(&event).await;
        let back = world
            .app
            .anybody()
            .dataset("pg", "people")
            .await
            .expect("an answer")
            .expect("it is back");
        assert_eq!(back.view.description, None);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn removed_namespace_is_gone_with_all_that_is_in_it() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        let mut event = events::base(0, "RunEvent");
        event["run"] = json!({"runId": "00000000-0000-7000-8000-000000000001"});
        event["eventType"] = json!("COMPLETE");
        event["job"] = json!({"namespace": "etl", "name": "load"});
        event["inputs"] = json!([{"namespace": "secret", "name": "people"}]);
        event["outputs"] = json!([{"namespace": "pg", "name": "mart"}]);
        world.ingest(&event).await;
        world.app.remove_namespace(&Actor::system(), "secret").await.expect("it is removed");
        world.settle().await;
        let text = plain_text(&world.url).await;
        assert!(!text.contains("secret") && !text.contains("people"), "{text}");
        assert!(
            world.app.anybody().job("etl", "load").await.expect("an answer").is_none(),
            "its only event is gone"
        );
        assert!(world.app.anybody().dataset("pg", "mart").await.expect("an answer").is_some());
        world.app.stop().await;
    }
}

/// What others state of a removed job stands; the job itself has no name any more.
#[tokio::test(flavor = "multi_thread")]
async fn lineage_that_others_state_of_a_removed_job_stays() {
    let world = World::new(Backend::Sqlite).await;
    let event = |run: u32, name: &str, facets: Value| {
        let mut event = events::base(0, "RunEvent");
        event["run"] = json!({"runId": format!("00000000-0000-7000-8000-{run:012}")});
        event["eventType"] = json!("START");
        event["job"] = json!({"namespace": "etl", "name": name, "facets": facets});
        event
    };
    let input = json!({"type": "JOB", "namespace": "etl", "name": "upstream"});
    let entry = json!({"type": "DATASET", "namespace": "pg", "name": "mart", "inputs": [input]});
    let stated = json!({"lineage": events::facet(json!({"entries": [entry]}))});
    world.ingest(&event(1, "states", stated)).await;
    world.ingest(&event(2, "upstream", json!({}))).await;
    world.app.remove(&Actor::system(), &[job("upstream")]).await.expect("it is removed");
    world.settle().await;
    let fresh = world.another_node().await;
    fresh.settle().await;
    same_answers(&world, &answers(&world.app).await, &answers(&fresh.app).await);
    fresh.app.stop().await;
    world.app.stop().await;
}

/// What retention took cannot be folded again: a rebuild afterwards knows only what is left.
#[tokio::test(flavor = "multi_thread")]
async fn retention_takes_events_and_leaves_what_they_taught() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        for (minute, name) in [(0, "old"), (30, "new")] {
            let mut event = events::base(minute, "DatasetEvent");
            event["dataset"] = json!({"namespace": "pg", "name": name});
            world.ingest(&event).await;
        }
        let edit = Edit::PutTag { name: "kept".to_owned(), description: None };
        world.app.edit(&Actor::anonymous(), edit).await.expect("it is made");
        let before = lethe::base::Time::parse("2026-11-20T10:15:00Z").expect("a time");
        assert_eq!(world.app.expire(before).await.expect("they go").events, 1);
        assert!(
            !plain_text(&world.url)
                .await
                .lines()
                .any(|line| line.starts_with("event_block") && line.contains("old"))
        );
        assert!(world.app.anybody().dataset("pg", "old").await.expect("an answer").is_some());
        rebuild_world(&world).await;
        assert!(world.app.anybody().dataset("pg", "old").await.expect("an answer").is_none());
        assert!(world.app.anybody().dataset("pg", "new").await.expect("an answer").is_some());
        assert!(world.app.db().tag("kept").await.expect("an answer").is_some());
        world.app.stop().await;
    }
}
