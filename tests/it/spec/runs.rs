//! The state of runs follows from all their events, whatever order they come in.

use lethe::base::{RunId, Time};
use lethe::catalog::{RunDoc, RunState};
use serde_json::{Value, json};

use super::{run_event, run_id};
use crate::events::facet;
use crate::world::{Backend, World};

async fn run(world: &World, run: u32) -> RunDoc {
    let id = RunId(run_id(run).parse().expect("a UUID"));
    world.app.anybody().run(id).await.expect("an answer").expect("a run").doc
}

fn at(minute: u8) -> Option<Time> {
    Time::parse(&format!("2026-11-20T10:{minute:02}:00Z"))
}

/// Sends events of a run, and tells its state, start and end.
async fn after(events: &[Value]) -> (RunState, Option<Time>, Option<Time>) {
    let world = World::new(Backend::Sqlite).await;
    for event in events {
        world.ingest(event).await;
    }
    let doc = run(&world, 1).await;
    world.app.stop().await;
    (doc.state(), doc.started_at(), doc.ended_at())
}

#[tokio::test(flavor = "multi_thread")]
async fn terminal_state_wins_whatever_comes_after() {
    let said = |event_type: &str, minute: u8| run_event(1, event_type, minute, "job");
    let (start, running, other) = (said("START", 0), said("RUNNING", 1), said("OTHER", 2));
    let (complete, late) = (said("COMPLETE", 3), said("RUNNING", 9));
    let done = (RunState::Completed, at(0), at(3));
    assert_eq!(after(&[start.clone(), running.clone(), complete.clone()]).await, done);
    assert_eq!(after(&[complete.clone(), start.clone()]).await, done, "a START that comes late");
    assert_eq!(
        after(&[start.clone(), complete.clone(), late]).await,
        done,
        "RUNNING after COMPLETE"
    );
    assert_eq!(after(std::slice::from_ref(&complete)).await, (RunState::Completed, None, at(3)));
    assert_eq!(after(std::slice::from_ref(&start)).await, (RunState::Running, at(0), None));
    assert_eq!(after(std::slice::from_ref(&other)).await, (RunState::Running, at(2), None));
    assert_eq!(after(&[running, other]).await, (RunState::Running, at(1), None));
    let failed = said("FAIL", 5);
    assert_eq!(
        after(&[start.clone(), failed.clone(), complete]).await,
        (RunState::Failed, at(0), at(5))
    );
    let mut silent = said("START", 4);
    silent.as_object_mut().expect("an event").remove("eventType");
    assert_eq!(after(&[silent]).await, (RunState::New, None, None));
}

fn child(run: u32, event_type: &str, minute: u8) -> Value {
    let mut event = run_event(run, event_type, minute, "dag.task");
    event["run"]["facets"] = json!({"parent": facet(json!({
        "run": {"runId": run_id(1)},
        "job": {"namespace": "etl", "name": "dag"},
    }))});
    event
}

/// A parent exists from the moment a child names it; what it says itself wins.
#[tokio::test(flavor = "multi_thread")]
async fn parent_is_there_before_it_speaks_for_itself() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        world.ingest(&child(2, "START", 1)).await;
        let parent = run(&world, 1).await;
        assert_eq!((parent.state(), parent.started_at()), (RunState::Running, at(1)));
        world.ingest(&child(2, "COMPLETE", 2)).await;
        assert_eq!(run(&world, 1).await.state(), RunState::Completed, "as its last child");
        world.ingest(&child(3, "START", 3)).await;
        assert_eq!(run(&world, 1).await.state(), RunState::Running);
        world.ingest(&run_event(1, "START", 0, "dag")).await;
        world.ingest(&child(3, "FAIL", 4)).await;
        assert_eq!(run(&world, 1).await.state(), RunState::Running, "it has spoken");
        world.ingest(&run_event(1, "COMPLETE", 5, "dag")).await;
        let parent = run(&world, 1).await;
        assert_eq!(
            (parent.state(), parent.started_at(), parent.ended_at()),
            (RunState::Completed, at(0), at(5))
        );
        let job = world.app.anybody().job("etl", "dag").await.expect("an answer").expect("a job");
        assert_eq!(
            (job.doc.runs, job.doc.latest.map(|run| run.state)),
            (1, Some(RunState::Completed))
        );
        let children =
            world.app.db().child_runs(RunId(run_id(1).parse().expect("a UUID")), 10).await;
        assert_eq!(children.expect("an answer").len(), 2);
        world.app.stop().await;
    }
}

/// A run that first speaks without its parent belongs to the job under its parent's name
/// once that is known, and the shorter name leads there.
#[tokio::test(flavor = "multi_thread")]
async fn job_whose_parent_is_learned_late_is_one_job() {
    for late_parent in [true, false] {
        for backend in Backend::ALL {
            let world = World::new(backend).await;
            let alone = run_event(2, "START", 1, "insert");
            let mut named = run_event(2, "COMPLETE", 2, "insert");
            named["run"]["facets"] = child(2, "COMPLETE", 2)["run"]["facets"].clone();
            let (first, then) = if late_parent { (&alone, &named) } else { (&named, &alone) };
            world.ingest(first).await;
            world.ingest(then).await;
            world.settle().await;
            let job = world
                .app
                .anybody()
                .job("etl", "dag.insert")
                .await
                .expect("an answer")
                .expect("a job");
            assert_eq!((job.doc.runs, job.doc.simple_name.as_str()), (1, "insert"));
            let short =
                world.app.anybody().job("etl", "insert").await.expect("an answer").expect("a job");
            assert_eq!(short.doc.runs, 0);
            let renamed =
                world.app.anybody().renamed_job(&short).await.expect("an answer").expect("a job");
            assert_eq!(renamed.id, job.id);
            let (listed, total) =
                world.app.db().list_jobs(Some("etl"), &[], None, 10, 0).await.expect("jobs");
            let names: Vec<String> = listed.into_iter().map(|row| row.doc.name).collect();
            assert_eq!((names.len(), total), (2, 2), "{names:?}");
            assert!(!names.contains(&"insert".to_owned()), "{names:?}");
            let doc = run(&world, 2).await;
            assert_eq!(
                (doc.state(), doc.started_at(), doc.ended_at()),
                (RunState::Completed, at(1), at(2))
            );
            world.app.stop().await;
        }
    }
}
