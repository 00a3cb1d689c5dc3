//! Drawing a large graph holds nobody else up: it is done off the threads that serve.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::events;
use crate::world::{Backend, World};

/// How many datasets one job writes, and another reads, to write as many: what lies between them is
/// drawn.
const WIDTH: usize = 200;
/// How long anybody may wait.
const PATIENCE: Duration = Duration::from_millis(50);
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

/// Where a door does all of it on the thread that serves, the other waits for nearly all of it each
/// time. Once a part was done aside tokio may leave the rest of the answer there, so that this does not
/// tell of parts: the next test does.
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
        let held_up = |(took, most): &(Duration, Duration)| *most > PATIENCE.max(*took / 4);
        while seen.len() < TRIES && seen.last().is_none_or(held_up) {
            seen.push(waited(&world, door.clone()).await);
        }
        let (took, _) = seen[0];
        let tells = took > PATIENCE * 4 || !cfg!(debug_assertions);
        assert!(tells, "too small to tell: {took:?} for {door}");
        assert!(!seen.iter().all(held_up), "{door}: took and kept waiting {seen:?}");
    }
    world.app.clone().stop().await;
}

/// What takes its time: questions to the graph, layout, drawing.
const SLOW: [&str; 4] = [".graph(Intent::", "layout(&", "svg(&", "csv(&"];

/// Returns the places in a text from behind each `aside(` to the parenthesis that ends it.
fn spans(text: &str) -> Vec<std::ops::Range<usize>> {
    let begun = text.match_indices("aside(").map(|(at, word)| at + word.len());
    let span = |from: usize| {
        let mut open = 1;
        let end = text[from..].find(|c: char| {
            open += i32::from(c == '(') - i32::from(c == ')');
            open == 0
        });
        from..from + end.expect("it ends")
    };
    begun.map(span).collect()
}

#[test]
fn whatever_takes_its_time_is_done_aside() {
    let http = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http");
    let (mut files, mut found) = (Vec::new(), 0);
    crate::imports::walk(&http, &mut files);
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a source");
        let spans = spans(&text);
        for (at, word) in SLOW.iter().flat_map(|slow| text.match_indices(slow)) {
            let line = text[..at].lines().count();
            let aside = spans.iter().any(|span| span.contains(&at));
            assert!(aside, "{}:{line}: `{word}` stands in no `aside(…)`", file.display());
            found += 1;
        }
    }
    assert!(found >= 4, "only {found} were found");
    // Doors ask the graph by this alone, which goes aside itself.
    let asker = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/flow/asker/sight.rs");
    let asker = std::fs::read_to_string(asker).expect("a source");
    assert!(asker.contains("block_in_place(|| self.graph(intent, ask))"), "asked on the thread");
}
