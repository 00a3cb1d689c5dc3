//! Drawing a large graph holds nobody else up: it is done off the threads that serve.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::events;
use crate::world::{Backend, World};

/// How many datasets one job writes, and another reads, to write as many: what lies between them is
/// drawn.
const WIDTH: usize = 90;
/// How often a busy machine is forgiven.
const TRIES: usize = 4;

async fn wide() -> World {
    let world = World::new(Backend::Sqlite).await;
    let named = |part: &str, count: usize| {
        let all = (0..count).map(|n| json!({"namespace": "pg", "name": format!("{part}{n}")}));
        Value::Array(all.collect())
    };
    let jobs = [(named("in", 1), named("mid", WIDTH)), (named("mid", WIDTH), named("out", WIDTH))];
    for (number, (inputs, outputs)) in jobs.into_iter().enumerate() {
        let mut event = events::base(0, "RunEvent");
        event["eventType"] = json!("COMPLETE");
        event["run"] = json!({"runId": format!("00000000-0000-7000-8000-{number:012}")});
        event["job"] = json!({"namespace": "etl", "name": format!("wide{number}")});
        (event["inputs"], event["outputs"]) = (inputs, outputs);
        world.ingest(&event).await;
    }
    world.settle().await;
    world
}

/// Runs one request on the only thread that serves; returns how long it took and how long
/// somebody else had to wait at most meanwhile.
async fn waited(world: &Arc<World>, path: String) -> (Duration, Duration) {
    let done = Arc::new(AtomicBool::new(false));
    let other = tokio::spawn({
        let done = Arc::clone(&done);
        async move {
            let (mut most, mut last) = (Duration::ZERO, Instant::now());
            while !done.load(Ordering::Relaxed) {
                tokio::time::sleep(Duration::from_millis(1)).await;
                most = most.max(last.elapsed());
                last = Instant::now();
            }
            most
        }
    });
    // The other is waiting by now.
    tokio::time::sleep(Duration::from_millis(5)).await;
    let world = Arc::clone(world);
    let asking = tokio::spawn(async move {
        let begun = Instant::now();
        let answer = world.get(&path).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        begun.elapsed()
    });
    let took = asking.await.expect("it answers");
    done.store(true, Ordering::Relaxed);
    (took, other.await.expect("it waited"))
}

/// With the drawing on the thread that serves, the other waits for nearly all of it each time.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn nobody_waits_for_a_drawing() {
    let world = Arc::new(wide().await);
    let graph = "focus=dataset:pg:in0&depth=3&limit=2000&jobs=false";
    let doors = [
        format!("/api/v1/lineage/graph?{graph}&layout=true"),
        format!("/api/v1/lineage/diff?{graph}&layout=true&before=2026-01-01T00:00:00Z"),
        format!("/api/v1/lineage/export?{graph}&format=json"),
        format!("/api/v1/lineage/export?{graph}&format=svg"),
    ];
    for door in doors {
        let mut seen = Vec::new();
        let held_up = |(took, most): &(Duration, Duration)| *most * 4 > *took;
        while seen.len() < TRIES && seen.last().is_none_or(held_up) {
            seen.push(waited(&world, door.clone()).await);
        }
        let (took, _) = seen[0];
        assert!(took > Duration::from_millis(200), "too small to tell: {took:?} for {door}");
        assert!(!seen.iter().all(held_up), "{door}: took and kept waiting {seen:?}");
    }
    world.app.clone().stop().await;
}
