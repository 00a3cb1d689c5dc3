//! A run may be tried again, and what it names is written when it is done: both follow from the set
//! of its events, in whatever order these come.

use serde_json::{Value, json};

use crate::world::{Backend, World};

const RUN: &str = "00000000-0000-7000-8000-000000000001";

fn event(run: &str, (state, at): (&str, &str), outputs: &[&str]) -> Value {
    let output = |name: &&str| json!({"namespace": "lake", "name": name});
    json!({
        "eventType": state, "eventTime": format!("2026-07-{at}:00Z"),
        "producer": "https://example.com/etl", "run": {"runId": run},
        "job": {"namespace": "etl", "name": "load"},
        "outputs": outputs.iter().map(output).collect::<Vec<_>>(),
    })
}

async fn state(world: &World, run: &str) -> (String, Value) {
    let told = world.get(&format!("/api/v1/runs/{run}")).await.ok(200);
    (told["state"].as_str().expect("a word").to_owned(), told["endedAt"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cleared_run_runs_again_and_ends_as_its_second_try() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        let first = [
            event(RUN, ("START", "01T11:00"), &[]),
            event(RUN, ("FAIL", "01T10:05"), &[]),
            event(RUN, ("START", "01T10:00"), &["t"]),
        ];
        for event in &first {
            world.ingest(event).await;
        }
        assert_eq!(state(&world, RUN).await, ("RUNNING".to_owned(), Value::Null), "{backend:?}");
        world.ingest(&event(RUN, ("COMPLETE", "01T11:04"), &[])).await;
        let (word, ended) = state(&world, RUN).await;
        assert_eq!((&*word, &ended), ("COMPLETED", &json!("2026-07-01T11:04:00Z")), "{backend:?}");
        world.app.stop().await;
    }
}

/// When the dataset was written, by Lethe's API and Marquez's, and its current version there.
async fn written(world: &World) -> (Value, Value, Value) {
    let own = world.get("/api/v1/datasets?namespace=lake&name=t").await.ok(200);
    let marquez = world.get("/api/v1/namespaces/lake/datasets/t").await.ok(200);
    let at = own["items"][0]["writtenAt"].clone();
    (at, marquez["lastModifiedAt"].clone(), marquez["currentVersion"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn beginning_and_failing_is_not_writing() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        let run = |n: u8| format!("00000000-0000-7000-8000-{n:012}");
        world.ingest(&event(&run(1), ("COMPLETE", "01T06:00"), &["t"])).await;
        let first = written(&world).await;
        assert_eq!(first.0, "2026-07-01T06:00:00Z", "{backend:?}");
        world.ingest(&event(&run(2), ("START", "05T06:00"), &["t"])).await;
        assert_eq!(written(&world).await, first, "{backend:?}: begun");
        world.ingest(&event(&run(2), ("FAIL", "05T06:01"), &["t"])).await;
        assert_eq!(written(&world).await, first, "{backend:?}: failed");
        // What it named at its beginning alone is written at its end.
        world.ingest(&event(&run(3), ("START", "06T06:00"), &["t"])).await;
        world.ingest(&event(&run(3), ("COMPLETE", "06T07:00"), &[])).await;
        let third = written(&world).await;
        assert_eq!(third.0, "2026-07-06T07:00:00Z", "{backend:?}: done");
        assert_ne!(third.2, first.2, "{backend:?}: another version");
        // Its failing beside the completion, told late, takes that back.
        world.ingest(&event(&run(3), ("FAIL", "06T06:59"), &[])).await;
        assert_eq!(written(&world).await, first, "{backend:?}: taken back");
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_childs_word_moves_nothing_of_a_parent_that_spoke() {
    let run = |n: u8| format!("00000000-0000-7000-8000-{n:012}");
    let mut child = event(&run(9), ("COMPLETE", "03T20:00"), &[]);
    child["job"]["name"] = json!("load.task");
    child["run"]["facets"]["parent"] = json!({
        "_producer": "https://example.com/etl",
        "_schemaURL": "https://openlineage.io/spec/facets/1-1-0/ParentRunFacet.json",
        "run": {"runId": run(1)}, "job": {"namespace": "etl", "name": "load"},
    });
    let old =
        [event(&run(1), ("START", "01T10:00"), &[]), event(&run(1), ("COMPLETE", "01T11:00"), &[])];
    let newest = event(&run(2), ("COMPLETE", "02T10:00"), &["t"]);
    let orders: [[&Value; 4]; 4] = [
        [&old[0], &old[1], &newest, &child],
        [&child, &old[0], &old[1], &newest],
        [&child, &newest, &old[0], &old[1]],
        [&newest, &child, &old[1], &old[0]],
    ];
    for backend in Backend::ALL {
        for (number, order) in orders.iter().enumerate() {
            let world = World::new(backend).await;
            for event in order {
                world.ingest(event).await;
            }
            let told = world.get(&format!("/api/v1/jobs/runs/{}", run(1))).await.ok(200);
            assert_eq!(
                told["updatedAt"], "2026-07-01T11:00:00Z",
                "{backend:?}, order {number}: {told}"
            );
            let job = world.get("/api/v1/namespaces/etl/jobs/load").await.ok(200);
            assert_eq!(
                job["latestRun"]["id"],
                run(2).as_str(),
                "{backend:?}, order {number}: {job}"
            );
            world.app.stop().await;
        }
    }
}
