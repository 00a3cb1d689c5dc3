//! Each limit holds where it is, and passing it has its own code.

use serde_json::{Value, json};

use super::{accepted, facet, places, refused, run_event};
use crate::base::limits::{
    COLUMN_DEPTH_MAX, COLUMNS_MAX, EVENT_BYTES_MAX, EVENT_COLUMN_EDGES_MAX, EVENT_DATASETS_MAX,
    JSON_DEPTH_MAX, NAME_BYTES_MAX,
};
use crate::openlineage::check::TAGGED_DEPTH_MAX;
use crate::openlineage::facets::Subset;
use crate::openlineage::{RejectionCode, parse};

#[test]
fn size_of_an_event_is_bounded() {
    let mut event = run_event(&json!({})).to_string();
    event.push_str(&" ".repeat(EVENT_BYTES_MAX - event.len()));
    assert!(parse(event.as_bytes()).is_ok());
    event.push(' ');
    let rejection = parse(event.as_bytes()).unwrap_err();
    assert_eq!(rejection.code, RejectionCode::TooLarge);
    assert_eq!(places(&rejection.faults), [("", "event_too_large")]);
}

#[test]
fn depth_of_json_is_bounded() {
    let nested = |depth: usize| {
        let event = run_event(&json!({"deep": "HERE"})).to_string();
        // The event, its outputs, the output and its facets are four levels.
        let value = format!("{}{}", "[".repeat(depth - 4), "]".repeat(depth - 4));
        parse(event.replace("\"HERE\"", &value).as_bytes())
    };
    assert!(nested(JSON_DEPTH_MAX).is_ok());
    let rejection = nested(JSON_DEPTH_MAX + 1).unwrap_err();
    assert_eq!(places(&rejection.faults), [("", "json_too_deep")]);
    assert!(parse("[".repeat(5_000_000).as_bytes()).is_err());
}

#[test]
fn length_of_names_is_bounded() {
    let mut event = run_event(&json!({}));
    event["job"]["name"] = "n".repeat(NAME_BYTES_MAX).into();
    accepted(&event);
    event["job"]["name"] = "n".repeat(NAME_BYTES_MAX + 1).into();
    assert_eq!(places(&refused(&event).faults), [("/job/name", "name_too_long")]);
}

#[test]
fn number_of_datasets_is_bounded() {
    let mut event = run_event(&json!({}));
    event["inputs"] = vec![json!({"namespace": "n", "name": "d"}); EVENT_DATASETS_MAX].into();
    accepted(&event);
    event["inputs"] = vec![json!({"namespace": "n", "name": "d"}); EVENT_DATASETS_MAX + 2].into();
    let place = format!("/inputs/{EVENT_DATASETS_MAX}");
    assert_eq!(places(&refused(&event).faults), [(&*place, "too_many_datasets")]);
}

#[test]
fn number_of_columns_is_bounded_for_each_dataset() {
    let schema = |columns: usize| {
        let inner = vec![json!({"name": "inner"}); columns - 1];
        facet(json!({"fields": [{"name": "outer", "fields": inner}]}))
    };
    let mut event = run_event(&json!({"schema": schema(COLUMNS_MAX)}));
    event["inputs"][0]["facets"] = json!({"schema": schema(COLUMNS_MAX)});
    accepted(&event);
    event["inputs"][0]["facets"] = json!({"schema": schema(COLUMNS_MAX + 1)});
    let rejection = refused(&event);
    assert_eq!(rejection.faults.len(), 1, "{rejection}");
    assert_eq!(rejection.faults[0].code, "too_many_columns");
}

#[test]
fn number_of_columns_in_column_lineage_is_bounded() {
    let column = json!({"inputFields": []});
    let fields: Value = (0..=COLUMNS_MAX)
        .map(|i| (i.to_string(), column.clone()))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let event = run_event(&json!({"columnLineage": facet(json!({"fields": fields}))}));
    let expected = [("/outputs/0/facets/columnLineage/fields", "too_many_columns")];
    assert_eq!(places(&refused(&event).faults), expected);
}

#[test]
fn depth_of_columns_is_bounded() {
    let nested = |depth: usize| {
        let innermost = json!({"name": "column"});
        let column =
            (1..depth).fold(innermost, |inner, _| json!({"name": "column", "fields": [inner]}));
        run_event(&json!({"schema": facet(json!({"fields": [column]}))}))
    };
    accepted(&nested(COLUMN_DEPTH_MAX));
    let rejection = refused(&nested(COLUMN_DEPTH_MAX + 1));
    assert_eq!(rejection.faults[0].code, "columns_too_deep");
}

#[test]
fn number_of_column_edges_is_bounded() {
    let input = json!({"namespace": "n", "name": "d", "field": "f"});
    let lineage =
        |edges: usize| facet(json!({"fields": {"a": {"inputFields": vec![input.clone(); edges]}}}));
    let mut event = run_event(&json!({"columnLineage": lineage(EVENT_COLUMN_EDGES_MAX)}));
    accepted(&event);
    event["outputs"][0]["facets"]["columnLineage"] = lineage(EVENT_COLUMN_EDGES_MAX + 2);
    let rejection = refused(&event);
    assert_eq!(rejection.faults.len(), 1);
    assert_eq!(rejection.faults[0].code, "too_many_column_edges");
}

#[test]
fn conditions_are_checked_to_a_bounded_depth() {
    let nested = |depth: usize, innermost: Value| {
        let condition = (1..depth).fold(innermost, |left, _| {
            let right = json!({"type": "location", "locations": []});
            json!({"type": "binary", "operator": "AND", "left": left, "right": right})
        });
        run_event(&json!({"subset": facet(json!({"outputCondition": condition}))}))
    };
    let (good, bad) = (json!({"type": "location", "locations": []}), json!({"type": "location"}));
    refused(&nested(TAGGED_DEPTH_MAX, bad.clone()));
    let parsed = accepted(&nested(TAGGED_DEPTH_MAX + 1, bad));
    assert_eq!(parsed.event.outputs()[0].facets.typed::<Subset>(), None);
    let parsed = accepted(&nested(50, good));
    assert!(parsed.event.outputs()[0].facets.typed::<Subset>().is_some());
}
