//! Explicit lineage before column lineage before inputs × outputs; `_deleted`; running jobs.

use lethe::lineage::Scope;
use serde_json::{Value, json};

use super::edges::{columns, flows, lines};
use super::{NS, dataset, dataset_event, run_event, with_io};
use crate::events::{base, facet};
use crate::world::{Backend, World};

fn from(name: &str) -> Value {
    json!({"type": "DATASET", "namespace": NS, "name": name})
}

fn entry(name: &str, inputs: &[Value]) -> Value {
    json!({"type": "DATASET", "namespace": NS, "name": name, "inputs": inputs})
}

fn stating(mut event: Value, entries: &[Value]) -> Value {
    event["job"]["facets"] = json!({"lineage": facet(json!({"entries": entries}))});
    event
}

fn column_lineage(fields: Value) -> Value {
    json!({"columnLineage": facet(json!({"fields": fields}))})
}

fn of_column(name: &str, field: &str) -> Value {
    json!({"inputFields": [{"namespace": NS, "name": name, "field": field,
        "transformations": [{"type": "DIRECT", "subtype": "IDENTITY"}]}]})
}

#[tokio::test(flavor = "multi_thread")]
async fn without_facets_every_input_feeds_every_output() {
    let world = World::new(Backend::Sqlite).await;
    world.ingest(&with_io(run_event(1, "COMPLETE", 0, "bulk"), &["a", "b"], &["c", "d"])).await;
    let expected =
        lines(&["a -> c over bulk", "a -> d over bulk", "b -> c over bulk", "b -> d over bulk"]);
    assert_eq!(flows(&world, Scope::CURRENT).await, expected);
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn explicit_lineage_replaces_inputs_times_outputs() {
    let world = World::new(Backend::Sqlite).await;
    let event = with_io(run_event(1, "COMPLETE", 0, "bulk"), &["a", "b"], &["c", "d"]);
    let entries = [entry("c", &[from("a")]), entry("d", &[from("b")])];
    world.ingest(&stating(event, &entries)).await;
    let expected = lines(&["a -> c over bulk", "b -> d over bulk"]);
    assert_eq!(flows(&world, Scope::CURRENT).await, expected);
    world.app.stop().await;
}

/// What several events of a run state adds up.
#[tokio::test(flavor = "multi_thread")]
async fn explicit_lineage_of_a_run_accumulates() {
    let world = World::new(Backend::Sqlite).await;
    let start = with_io(run_event(1, "START", 0, "bulk"), &["a", "b"], &["c", "d"]);
    world.ingest(&stating(start, &[entry("c", &[from("a")])])).await;
    world.ingest(&stating(run_event(1, "COMPLETE", 1, "bulk"), &[entry("d", &[from("b")])])).await;
    let expected = lines(&["a -> c over bulk", "b -> d over bulk"]);
    assert_eq!(flows(&world, Scope::CURRENT).await, expected);
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn explicit_lineage_beats_column_lineage_of_the_same_output_only() {
    let world = World::new(Backend::Sqlite).await;
    let mut event = with_io(run_event(1, "COMPLETE", 0, "bulk"), &["a", "b"], &["c", "d"]);
    event["outputs"][0]["facets"] = column_lineage(json!({"x": of_column("b", "y")}));
    event["outputs"][1]["facets"] = column_lineage(json!({"x": of_column("b", "y")}));
    let mut stated = entry("c", &[]);
    stated["fields"] =
        json!({"x": {"inputs": [{"type": "DATASET", "namespace": NS, "name": "a", "field": "z"}]}});
    world.ingest(&stating(event, &[stated])).await;
    let expected = lines(&["a.z -> c.x", "b.y -> d.x Direct IDENTITY"]);
    assert_eq!(columns(&world, Scope::CURRENT).await, expected);
    assert_eq!(
        flows(&world, Scope::CURRENT).await,
        lines(&["a -> c over bulk", "b -> d over bulk"])
    );
    world.app.stop().await;
}

/// An input that no entry uses is consumed by the job, an output that no entry describes
/// is produced by it; neither has to do with what entries describe.
#[tokio::test(flavor = "multi_thread")]
async fn what_no_entry_names_stays_between_it_and_the_job() {
    for (inputs, outputs) in [(vec!["a", "dangling"], vec!["c"]), (vec!["a"], vec!["c", "loose"])] {
        let world = World::new(Backend::Sqlite).await;
        let event = with_io(run_event(1, "COMPLETE", 0, "bulk"), &inputs, &outputs);
        world.ingest(&stating(event, &[entry("c", &[from("a")])])).await;
        assert_eq!(flows(&world, Scope::CURRENT).await, lines(&["a -> c over bulk"]));
        let io =
            world.app.anybody().job("etl", "bulk").await.expect("an answer").expect("a job").io;
        assert_eq!((io.inputs.len(), io.outputs.len()), (inputs.len(), outputs.len()));
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn empty_inputs_say_that_nothing_tracked_feeds_it() {
    let world = World::new(Backend::Sqlite).await;
    let event = with_io(run_event(1, "COMPLETE", 0, "extract"), &[], &["extracted"]);
    let mut stated = entry("extracted", &[]);
    stated["fields"] = json!({"total": {"inputs": [
        {"type": "JOB", "transformations": [{"type": "INDIRECT", "subtype": "AGGREGATION"}]}]}});
    world.ingest(&stating(event, &[stated])).await;
    assert_eq!(flows(&world, Scope::CURRENT).await, lines(&[]));
    world.app.stop().await;
}

/// What a JobEvent declares is replaced by the next one, and stands beside what runs do.
#[tokio::test(flavor = "multi_thread")]
async fn declared_lineage_is_replaced_whole() {
    let world = World::new(Backend::Sqlite).await;
    let declare = |minute: u8, inputs: &[&str], entries: &[Value]| {
        let mut event = base(minute, "JobEvent");
        event["job"] = json!({"namespace": "etl", "name": "plan"});
        stating(with_io(event, inputs, &["out"]), entries)
    };
    world.ingest(&declare(1, &["b"], &[entry("out", &[from("b")])])).await;
    // Said earlier, come later: it changes nothing.
    world.ingest(&declare(0, &["a"], &[entry("out", &[from("a")])])).await;
    assert_eq!(flows(&world, Scope::CURRENT).await, lines(&["b -> out over plan"]));
    world.ingest(&declare(2, &["c"], &[entry("out", &[from("c")])])).await;
    assert_eq!(flows(&world, Scope::CURRENT).await, lines(&["c -> out over plan"]));
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn view_derives_from_its_tables_without_a_job() {
    let world = World::new(Backend::Sqlite).await;
    let lineage = facet(json!({"inputs": [from("customers"), from("orders")]}));
    world.ingest(&dataset_event(0, "view", json!({"lineage": lineage}))).await;
    assert_eq!(
        flows(&world, Scope::CURRENT).await,
        lines(&["customers -> view", "orders -> view"])
    );
    let lineage = facet(json!({"inputs": [from("orders")]}));
    world.ingest(&dataset_event(1, "view", json!({"lineage": lineage}))).await;
    assert_eq!(flows(&world, Scope::CURRENT).await, lines(&["orders -> view"]));
    // Said again without the facet: it stands; taken back: it is gone.
    world.ingest(&dataset_event(2, "view", json!({}))).await;
    assert_eq!(flows(&world, Scope::CURRENT).await, lines(&["orders -> view"]));
    world
        .ingest(&dataset_event(3, "view", json!({"lineage": facet(json!({"_deleted": true}))})))
        .await;
    assert_eq!(flows(&world, Scope::CURRENT).await, lines(&[]));
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deleted_column_lineage_leaves_inputs_times_outputs() {
    for late in [false, true] {
        let world = World::new(Backend::Sqlite).await;
        let mut start = with_io(run_event(1, "START", 0, "job"), &["a"], &["b"]);
        start["outputs"][0]["facets"] = column_lineage(json!({"x": of_column("a", "x")}));
        let mut complete = run_event(1, "COMPLETE", 1, "job");
        complete["outputs"] = json!([dataset("b")]);
        complete["outputs"][0]["facets"] =
            json!({"columnLineage": facet(json!({"_deleted": true}))});
        let (first, then) = if late { (&complete, &start) } else { (&start, &complete) };
        world.ingest(first).await;
        world.ingest(then).await;
        assert_eq!(
            columns(&world, Scope::CURRENT).await.iter().filter(|l| l.contains(".x")).count(),
            0
        );
        assert_eq!(flows(&world, Scope::CURRENT).await, lines(&["a -> b over job"]));
        world.app.stop().await;
    }
}

/// A run that has only begun adds its edges and ends none; once it ends without some, they
/// are no longer current.
#[tokio::test(flavor = "multi_thread")]
async fn running_job_has_its_edges_from_its_start_on() {
    let world = World::new(Backend::Sqlite).await;
    world.ingest(&with_io(run_event(1, "START", 0, "job"), &["a"], &["out"])).await;
    assert_eq!(flows(&world, Scope::CURRENT).await, lines(&["a -> out over job"]));
    world.ingest(&run_event(1, "COMPLETE", 1, "job")).await;
    world.ingest(&with_io(run_event(2, "START", 2, "job"), &["b"], &["out"])).await;
    let both = lines(&["a -> out over job", "b -> out over job"]);
    assert_eq!(flows(&world, Scope::CURRENT).await, both);
    world.ingest(&run_event(2, "COMPLETE", 3, "job")).await;
    assert_eq!(flows(&world, Scope::CURRENT).await, lines(&["b -> out over job"]));
    assert_eq!(flows(&world, Scope::default()).await, both, "history keeps it");
    let io = world.app.anybody().job("etl", "job").await.expect("an answer").expect("a job").io;
    assert_eq!((io.inputs.len(), io.outputs.len()), (1, 1));
    world.app.stop().await;
}

/// The same when the end of a run is told before its beginning.
#[tokio::test(flavor = "multi_thread")]
async fn late_start_does_not_bring_old_edges_back_nor_end_new_ones() {
    let world = World::new(Backend::Sqlite).await;
    world.ingest(&with_io(run_event(1, "COMPLETE", 1, "job"), &["a"], &["out"])).await;
    world.ingest(&run_event(2, "COMPLETE", 5, "job")).await;
    world.ingest(&with_io(run_event(2, "START", 4, "job"), &["b"], &["out"])).await;
    world.ingest(&run_event(1, "START", 0, "job")).await;
    assert_eq!(flows(&world, Scope::CURRENT).await, lines(&["b -> out over job"]));
    world.app.stop().await;
}
