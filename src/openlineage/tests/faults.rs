//! What is wrong is listed, all of it, each with its place.

use serde_json::{Value, json};

use super::{facet, places, refused, run_event};
use crate::openlineage::{RejectionCode, parse};

#[test]
fn all_faults_of_an_event_are_listed_at_once() {
    let mut event = run_event(&json!({
        "schema": {"_producer": "p", "fields": [{"name": "a"}, {"type": "INT"}, 7]},
        "columnLineage": facet(json!({
            "fields": {"a/b": {"inputFields": [{"namespace": "n", "name": "", "field": 1}]}},
        })),
        "made.up": "anything",
    }));
    event["eventTime"] = json!("yesterday");
    event["eventType"] = json!("DONE");
    event["run"] = json!({"runId": 5});
    event["job"] = json!({"name": null, "namespace": "n\u{0}", "facets": []});
    event["inputs"] = json!({});
    event.as_object_mut().unwrap().remove("producer");
    let rejection = refused(&event);
    assert_eq!(rejection.code, RejectionCode::Invalid);
    let mut found = places(&rejection.faults);
    found.sort_unstable();
    let lineage = "/outputs/0/facets/columnLineage/fields/a~1b/inputFields/0";
    let expected = [
        ("/eventTime", "bad_time"),
        ("/eventType", "unknown_value"),
        ("/inputs", "wrong_type"),
        ("/job/facets", "wrong_type"),
        ("/job/name", "missing"),
        ("/job/namespace", "nul_character"),
        (&*format!("{lineage}/field"), "wrong_type"),
        (&*format!("{lineage}/name"), "empty"),
        ("/outputs/0/facets/schema/_schemaURL", "missing"),
        ("/outputs/0/facets/schema/fields/1/name", "missing"),
        ("/outputs/0/facets/schema/fields/2", "wrong_type"),
        ("/producer", "missing"),
        ("/run/runId", "wrong_type"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn faults_never_repeat_what_was_sent() {
    let mut event = run_event(&json!({}));
    event["eventTime"] = json!("jane@example.com");
    event["eventType"] = json!("jane@example.com");
    event["run"]["runId"] = json!({"jane@example.com": 1});
    event["outputs"] = json!("jane@example.com");
    let rejection = refused(&event);
    assert_eq!(rejection.faults.len(), 4);
    assert!(!format!("{rejection:?} {rejection}").contains("jane"));
    let malformed = parse(br#"{"eventTime": jane@example.com}"#).unwrap_err();
    assert!(!format!("{malformed:?} {malformed}").contains("jane"));
}

/// Event, and what is wrong with it as the kind that it is.
fn kinds() -> Vec<(Value, Vec<(&'static str, &'static str)>)> {
    let base = |more: Value| {
        let mut event = json!({"eventTime": "2026-03-01T10:00:00Z", "producer": "p"});
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        event
    };
    let run = json!({"runId": "r"});
    let thing = json!({"namespace": "n", "name": "x"});
    let url =
        |kind: &str| format!("https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/{kind}");
    vec![
        (base(json!({})), vec![("/job", "missing")]),
        (base(json!({"run": run})), vec![("/job", "missing")]),
        (
            base(json!({"schemaURL": url("RunEvent")})),
            vec![("/run", "missing"), ("/job", "missing")],
        ),
        (base(json!({"schemaURL": url("DatasetEvent")})), vec![("/dataset", "missing")]),
        (
            base(json!({"schemaURL": url("JobEvent"), "run": run, "job": thing})),
            vec![("/run", "not_allowed")],
        ),
        (
            base(
                json!({"schemaURL": url("DatasetEvent"), "run": run, "job": thing, "dataset": thing}),
            ),
            vec![("/run", "not_allowed")],
        ),
    ]
}

#[test]
fn each_kind_of_event_has_its_own_requirements() {
    for (event, expected) in kinds() {
        assert_eq!(places(&refused(&event).faults), expected, "{event}");
    }
}

#[test]
fn faults_of_the_kind_are_listed_beside_others() {
    let event = json!({"producer": "p", "eventTime": 1, "schemaURL": "x/RunEvent", "job": {}});
    let rejection = refused(&event);
    let expected = [
        ("/eventTime", "wrong_type"),
        ("/job/namespace", "missing"),
        ("/job/name", "missing"),
        ("/run", "missing"),
    ];
    assert_eq!(places(&rejection.faults), expected);
}

#[test]
fn repeated_members_and_facets_are_faults() {
    let event = run_event(&json!({})).to_string();
    let twice = event.replacen(r#""name":"job""#, r#""name":"job","name":"job2""#, 1);
    assert_eq!(
        places(&parse(twice.as_bytes()).unwrap_err().faults),
        [("/job/name", "duplicate_key")]
    );
    let twice = event.replacen(r#""facets":{}"#, r#""facets":{"x":1,"y":2,"x":3}"#, 1);
    let expected = [("/outputs/0/facets/x", "duplicate_key")];
    assert_eq!(places(&parse(twice.as_bytes()).unwrap_err().faults), expected);
}

#[test]
fn what_is_no_object_is_no_event() {
    for text in ["[]", "7", "null", "\"x\"", "true"] {
        let rejection = parse(text.as_bytes()).unwrap_err();
        assert_eq!(rejection.code, RejectionCode::Invalid, "{text}");
        assert_eq!(places(&rejection.faults), [("", "wrong_type")], "{text}");
    }
}

#[test]
fn malformed_json_is_told_with_its_place_in_what_was_sent() {
    let rejection = parse(b"{\n  \"eventTime\": \"2026\",\n  \"run\": }").unwrap_err();
    assert_eq!(rejection.code, RejectionCode::MalformedJson);
    let position = rejection.position.unwrap();
    assert_eq!((position.line, position.column, position.offset), (3, 10, 34));
    for text in
        ["", "{", "{\"a\":1", "{\"a\":1}}", "{'a':1}", "{\"a\":NaN}", "\u{0}", "{\"a\":\"\n\"}"]
    {
        let code = parse(text.as_bytes()).unwrap_err().code;
        assert_eq!(code, RejectionCode::MalformedJson, "{text:?}");
    }
    assert_eq!(parse(b"{\"a\":\"\xff\"}").unwrap_err().code, RejectionCode::MalformedJson);
}

#[test]
fn number_that_no_float_holds_is_told_with_its_place() {
    let statistics = facet(json!({"rowCount": 7, "size": 1}));
    let event = run_event(&json!({"outputStatistics": statistics})).to_string();
    let rejection = parse(event.replace(":7", ":7e999").as_bytes()).unwrap_err();
    let expected = [("/outputs/0/facets/outputStatistics/rowCount", "bad_number")];
    assert_eq!(places(&rejection.faults), expected);
}

#[test]
fn rules_over_several_members_are_kept() {
    let entry = json!({"type": "JOB", "namespace": "n", "inputs": [{"type": "JOB", "name": "x"}, {"type": "RUN"}]});
    let mut event = run_event(&json!({"subset": facet(json!({}))}));
    event["job"]["facets"]["lineage"] = facet(json!({"entries": [entry, {}]}));
    let rejection = refused(&event);
    let entries = "/job/facets/lineage/entries";
    let mut found = places(&rejection.faults);
    found.sort_unstable();
    let expected = [
        (&*format!("{entries}/0/inputs/0/namespace"), "missing"),
        (&*format!("{entries}/0/inputs/1/type"), "unknown_value"),
        (&*format!("{entries}/0/name"), "missing"),
        (&*format!("{entries}/1/type"), "unknown_value"),
        ("/outputs/0/facets/subset", "missing"),
    ];
    assert_eq!(found, expected);
}
