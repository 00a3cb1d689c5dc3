//! One test for each line of the table in `parse.rs`.

use serde_json::json;

use super::{accepted, facet, run_event};
use crate::openlineage::event::{EventKind, EventType};
use crate::openlineage::facets::{
    ColumnLineage, DataQualityAssertions, DataQualityMetrics, DatasetVersion, ErrorMessage,
    NominalTime, OutputStatistics, ParentRun, Schema, Sql,
};
use crate::openlineage::{is_deleted, parse, run_id};

#[test]
fn kind_is_told_from_the_shape_without_a_schema_url() {
    let mut event = run_event(&json!({}));
    for url in [json!(null), json!(""), json!("https://example.com/my-schema.json")] {
        event["schemaURL"] = url;
        assert_eq!(accepted(&event).event.kind(), EventKind::Run);
    }
    event["run"] = json!(null);
    assert_eq!(accepted(&event).event.kind(), EventKind::Job);
    event["dataset"] = json!({"namespace": "n", "name": "d"});
    assert_eq!(accepted(&event).event.kind(), EventKind::Dataset);
    for path in ["definitions", "$defs"] {
        event["schemaURL"] = format!("https://openlineage.io/spec/1-0-5/x#/{path}/JobEvent").into();
        assert_eq!(accepted(&event).event.kind(), EventKind::Job);
    }
}

#[test]
fn run_id_need_not_be_a_uuid() {
    let mut event = run_event(&json!({}));
    event["run"]["runId"] = json!("run_id");
    event["producer"] = json!("producer");
    let parsed = accepted(&event);
    let run = parsed.event.run().unwrap();
    assert_eq!((run.given_id.as_str(), run.id), ("run_id", run_id("run_id")));
}

#[test]
fn times_are_read_in_producers_forms() {
    let mut event = run_event(&json!({}));
    for time in [
        "2026-03-01T10:00:00",
        "2026-03-01 10:00:00Z",
        "2026-03-01T10:00:00.000000000Z",
        "2026-03-01T11:00:00+0100",
        "2026-03-01T10:00Z",
    ] {
        event["eventTime"] = json!(time);
        assert_eq!(
            accepted(&event).event.event_time().to_string(),
            "2026-03-01T10:00:00Z",
            "{time}"
        );
    }
}

#[test]
fn event_type_is_read_in_any_case_and_may_be_empty() {
    let mut event = run_event(&json!({}));
    for (word, expected) in
        [(json!("fail"), Some(EventType::Fail)), (json!(""), None), (json!(null), None)]
    {
        event["eventType"] = word;
        assert_eq!(accepted(&event).event.event_type(), expected);
    }
}

#[test]
fn null_is_absent() {
    let mut event = run_event(&json!({
        "sql": null,
        "schema": facet(json!({"fields": null})),
        "columnLineage": facet(json!({"fields": {"a": null}, "dataset": null})),
    }));
    event["inputs"] = json!(null);
    event["run"]["facets"] = json!({
        "nominalTime": facet(json!({"nominalStartTime": "2026-03-01T10:00:00Z", "nominalEndTime": ""})),
    });
    event["job"]["facets"] = json!(null);
    let parsed = accepted(&event);
    assert!(parsed.event.inputs().is_empty());
    assert!(parsed.event.job().unwrap().facets.is_empty());
    let nominal: NominalTime = parsed.event.run().unwrap().facets.typed().unwrap();
    assert_eq!(nominal.nominal_end_time, None);
    let facets = &parsed.event.outputs()[0].facets;
    assert_eq!(facets.len(), 2);
    assert!(facets.typed::<Schema>().unwrap().fields.is_empty());
    assert!(facets.typed::<ColumnLineage>().unwrap().fields.is_empty());
}

#[test]
fn what_some_producers_leave_out_is_empty() {
    let mut event = run_event(&json!({
        "columnLineage": facet(json!({})),
        "dataQualityMetrics": facet(json!({"rowCount": 3})),
    }));
    event["run"]["facets"]["errorMessage"] = facet(json!({"programmingLanguage": "JAVA"}));
    let parsed = accepted(&event);
    let facets = &parsed.event.outputs()[0].facets;
    assert!(facets.typed::<ColumnLineage>().unwrap().fields.is_empty());
    assert_eq!(facets.typed::<DataQualityMetrics>().unwrap().row_count, Some(3));
    let error: ErrorMessage = parsed.event.run().unwrap().facets.typed().unwrap();
    assert_eq!(error.message, "");
}

#[test]
fn parent_run_is_parent() {
    let mut event = run_event(&json!({}));
    let parent = json!({"run": {"runId": "p"}, "job": {"namespace": "n", "name": "dag"}});
    event["run"]["facets"]["parentRun"] = facet(parent);
    let parsed = accepted(&event);
    let parent: ParentRun = parsed.event.run().unwrap().facets.typed().unwrap();
    assert_eq!(parent.job.name, "dag");
}

#[test]
fn numbers_and_texts_stand_for_each_other() {
    let parsed = accepted(&run_event(&json!({
        "outputStatistics": facet(json!({"rowCount": "12", "size": 3.9})),
        "version": facet(json!({"datasetVersion": 8_281_623_232_i64})),
        "dataQualityAssertions": facet(json!({
            "assertions": [{"assertion": "max", "success": true, "expected": 5, "actual": 4.5}],
        })),
        "dataQualityMetrics": facet(json!({"columnMetrics": {"a": {"sum": "1e3", "count": 2}}})),
    })));
    let facets = &parsed.event.outputs()[0].facets;
    let statistics: OutputStatistics = facets.typed().unwrap();
    assert_eq!((statistics.row_count, statistics.size), (Some(12), Some(3)));
    assert_eq!(facets.typed::<DatasetVersion>().unwrap().dataset_version, "8281623232");
    let assertions: DataQualityAssertions = facets.typed().unwrap();
    assert_eq!(assertions.assertions[0].expected.as_deref(), Some("5"));
    assert_eq!(assertions.assertions[0].actual.as_deref(), Some("4.5"));
    let metrics: DataQualityMetrics = facets.typed().unwrap();
    assert_eq!(metrics.column_metrics["a"].sum, Some(1_000.0));
}

#[test]
fn column_may_have_no_name() {
    let parsed = accepted(&run_event(&json!({"schema": facet(json!({"fields": [{"name": ""}]}))})));
    let schema: Schema = parsed.event.outputs()[0].facets.typed().unwrap();
    assert_eq!(schema.fields[0].name, "");
}

#[test]
fn deleted_facet_needs_no_members() {
    let parsed = accepted(&run_event(&json!({"columnLineage": facet(json!({"_deleted": true}))})));
    let facets = &parsed.event.outputs()[0].facets;
    assert!(is_deleted(facets.get("columnLineage").unwrap()));
    assert_eq!(facets.typed::<ColumnLineage>(), None);
}

#[test]
fn byte_order_mark_is_passed_over() {
    let event = run_event(&json!({})).to_string();
    let parsed = parse(format!("\u{feff}{event}").as_bytes()).unwrap();
    assert_eq!(parsed, parse(event.as_bytes()).unwrap());
}

#[test]
fn characters_that_no_database_holds_are_replaced() {
    let mut event = run_event(&json!({}));
    event["job"]["facets"]["sql"] = facet(json!({"query": "HERE"}));
    let event = event.to_string().replace("HERE", r"a\u0000b\ud83dc\\u0000");
    let parsed = parse(event.as_bytes()).unwrap();
    let sql: Sql = parsed.event.job().unwrap().facets.typed().unwrap();
    assert_eq!(sql.query, "a\u{fffd}b\u{fffd}c\\u0000");
    assert_eq!(parse(&parsed.raw).unwrap(), parsed);
}

#[test]
fn what_the_standard_does_not_know_is_kept() {
    let mut event = run_event(&json!({"vendor_facet": [1, {"x": 2}]}));
    event["extra"] = json!({"b": 1, "a": 2});
    event["job"]["extra"] = json!("x");
    let text = event.to_string();
    let parsed = parse(text.as_bytes()).unwrap();
    assert_eq!(parsed.raw, text.as_bytes());
    let facet = parsed.event.outputs()[0].facets.get("vendor_facet").unwrap();
    assert_eq!(facet.get(), r#"[1,{"x":2}]"#);
}
