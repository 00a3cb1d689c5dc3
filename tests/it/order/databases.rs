//! Both databases keep the same catalog, in whatever order and batches events come.

use lethe::flow::Submission;
use lethe::openlineage::Parsed;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::events;
use crate::world::dump::{difference, held};
use crate::world::{Backend, World, answers};

/// Draws a stream, two orders of it, and how many events go together.
fn stream() -> impl Strategy<Value = (Vec<Value>, Vec<Value>, usize)> {
    prop::collection::vec(events::event(), 20..40).prop_flat_map(|events| {
        let again = prop::collection::vec(prop::sample::select(events.clone()), 0..6);
        let all = events.clone();
        let mixed = again.prop_flat_map(move |again| {
            let all: Vec<Value> = all.iter().cloned().chain(again).collect();
            Just(all).prop_shuffle()
        });
        (Just(events), mixed, 1..12_usize)
    })
}

async fn world_of(backend: Backend, events: &[Parsed], batch: usize) -> World {
    let world = World::new(backend).await;
    for events in events.chunks(batch) {
        for (voice, events) in events::by_voice(events.to_vec()) {
            let submission = Submission { events, voice, ..Submission::default() };
            world.app.submit(submission).await.expect("they are accepted");
        }
    }
    world.settle().await;
    world
}

async fn check(events: &[Value], mixed: &[Value], batch: usize) {
    let straight = world_of(Backend::Sqlite, &super::parsed(events), 7).await;
    let (tables, lineage) = (held(&straight).await, answers(&straight.app).await);
    straight.app.stop().await;
    for backend in Backend::ALL {
        let other = world_of(backend, &super::parsed(mixed), batch).await;
        if let Some(difference) = difference(&tables, &held(&other).await) {
            panic!("{backend:?}: {difference}");
        }
        let answers = answers(&other.app).await;
        for (question, answer) in &lineage {
            assert_eq!(Some(answer), answers.get(question), "{backend:?}: {question}");
        }
        other.app.stop().await;
    }
}

#[test]
fn both_databases_keep_the_same_in_any_order() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let config = ProptestConfig { max_shrink_iters: 60, ..events::cases(5) };
    let result = TestRunner::new(config).run(&stream(), |(events, mixed, batch)| {
        runtime.block_on(check(&events, &mixed, batch));
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
}

/// What draws found: nothing but the run itself tells the job it leaves that it has gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_named_no_data_leaves_its_job_without_a_trace() {
    let start = |minute: u8, parent: u8| {
        let mut event = events::base(minute, "RunEvent");
        let run = "00000000-0000-7000-8000-000000000000";
        let of = "00000000-0000-7000-8000-000000000100";
        let job = json!({"namespace": "etl", "name": format!("dag{parent}")});
        let parent = events::facet(json!({"run": {"runId": of}, "job": job}));
        event["eventType"] = json!("START");
        event["run"] = json!({"runId": run, "facets": {"parent": parent}});
        event["job"] = json!({"namespace": "etl", "name": "job0", "facets": {}});
        event
    };
    let events = [start(0, 0), start(1, 1)];
    let mixed = [start(1, 1), start(0, 0)];
    check(&events, &events, 1).await;
    check(&events, &mixed, 1).await;
}
