//! The model is order-free: whatever order events come in, and however often, the catalog
//! is the same.
//!
//! Most of it is shown on documents in memory; that both databases keep the same, and
//! the graph answers the same, is shown on fewer streams.

mod databases;
mod memory;

use std::collections::{HashMap, HashSet};
use std::fmt::Debug;
use std::hash::Hash;

use lethe::catalog::Working;
use lethe::openlineage::{Parsed, parse};
use proptest::prelude::*;
use serde_json::Value;

use crate::events;
use memory::Model;

pub fn parsed(events: &[Value]) -> Vec<Parsed> {
    let one = |event: &Value| parse(event.to_string().as_bytes()).expect("drawn events are valid");
    events.iter().map(one).collect()
}

/// An order of events in which each comes at least once and some again.
fn any_order(max: usize) -> impl Strategy<Value = (Vec<Value>, Vec<usize>)> {
    events::events(max).prop_flat_map(|events| {
        let once: Vec<usize> = (0..events.len()).collect();
        let again = prop::collection::vec(0..events.len(), 0..4);
        let order = again.prop_flat_map(move |again| {
            let all: Vec<usize> = once.iter().copied().chain(again).collect();
            Just(all).prop_shuffle()
        });
        (Just(events), order)
    })
}

/// More schemas than are remembered of one dataset, and the first of them again at the end.
#[test]
fn what_is_forgotten_over_a_bound_is_forgotten_in_any_order_alike() {
    let event = |second: usize, column: usize| {
        let facet = serde_json::json!({
            "_producer": "https://x", "_schemaURL": "https://x",
            "fields": [{"name": format!("c{column}"), "type": "text"}],
        });
        serde_json::json!({
            "eventTime": format!("2026-11-20T10:{:02}:{:02}Z", second / 60, second % 60),
            "producer": "https://example.com/test",
            "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent",
            "dataset": {"namespace": "pg://db:5432", "name": "shop.wide", "facets": {"schema": facet}},
        })
    };
    let mut events: Vec<Value> = (0..258).map(|number| event(number, number)).collect();
    events.push(event(258, 0));
    let straight = parsed(&events);
    let mut backwards = straight.clone();
    backwards.reverse();
    let (mut one, mut other) = (Model::default(), Model::default());
    one.fold(&straight, 7);
    other.fold(&backwards, 7);
    assert_same(&one, &other);
    let dataset = one.working.datasets.values().next().expect("a dataset");
    assert_eq!(dataset.schemas.len(), 256);
}

/// Demands that two models hold the same, and tells of what differs only.
fn assert_same(one: &Model, other: &Model) {
    let Working { namespaces, sources, tags, datasets, jobs, runs, told: _ } = &one.working;
    same("run", runs, &other.working.runs);
    same("job", jobs, &other.working.jobs);
    same("dataset", datasets, &other.working.datasets);
    same("namespace", namespaces, &other.working.namespaces);
    same("source", sources, &other.working.sources);
    same("tag", tags, &other.working.tags);
    same("use", &one.uses, &other.uses);
}

fn same<K: Hash + Eq + Debug, V: PartialEq + Debug>(
    what: &str,
    one: &HashMap<K, V>,
    other: &HashMap<K, V>,
) {
    let keys: HashSet<&K> = one.keys().chain(other.keys()).collect();
    for key in keys {
        let (left, right) = (one.get(key), other.get(key));
        assert!(left == right, "{what} {key:?}\n one: {left:?}\n other: {right:?}");
    }
}

proptest! {
    #![proptest_config(events::cases(400))]

    #[test]
    fn any_order_and_repetition_gives_the_same_documents(
        (events, order) in any_order(9),
        batch in 1..5_usize,
        other_batch in 1..5_usize,
    ) {
        let events = parsed(&events);
        let mut straight = Model::default();
        straight.fold(&events, batch);
        let shuffled: Vec<Parsed> = order.iter().map(|place| events[*place].clone()).collect();
        let mut mixed = Model::default();
        mixed.fold(&shuffled, other_batch);
        assert_same(&straight, &mixed);
    }

    #[test]
    fn sums_are_those_of_the_runs(events in events::events(12), batch in 1..5_usize) {
        let mut model = Model::default();
        model.fold(&parsed(&events), batch);
        model.check_sums();
    }
}
