//! What the damage starts from: events that real clients sent, and texts that people write.

use std::path::Path;

use serde_json::{Value, json};

/// Pieces of names of datasets.
pub const NAME_WORDS: &[&str] = &[
    "\n",
    ":",
    "/",
    "//",
    "://",
    ".",
    "..",
    "@",
    "#",
    "?",
    "%2F",
    "postgres://",
    "s3://",
    "gs://",
    "abfss://",
    "bigquery",
    "arn:aws:glue:",
    "hive://",
    "kafka://",
    "snowflake://",
    "cosmos",
    "/dbs/",
    "colls/",
    "table/",
    "topic:",
    "subscription:",
    "pubsub",
    "file",
    "wasbs://",
    "dbfs:",
    "💥",
    "\u{0}",
    " ",
    "://://",
    "::",
    "é",
];

/// Pieces of search texts.
pub const QUERY_WORDS: &[&str] = &[
    "tag:",
    "ns:",
    "namespace:",
    "owner:",
    "column:",
    "field:",
    "name:",
    "has:",
    "type:",
    "kind:",
    "updated:",
    "created:",
    "run:",
    "sql:",
    "description:",
    "platform:",
    "subtype:",
    "-",
    "\"",
    "\\",
    "\\\"",
    "*",
    "**",
    ",",
    "|",
    "..",
    ">",
    "<",
    ">=",
    "<=",
    "=",
    "7d",
    "24h",
    "2026-01-01",
    "now",
    "(",
    ")",
    "AND",
    "OR",
    "NOT",
    ":",
    "::",
    "💥",
    "é",
    "e\u{301}",
    "\u{0}",
    "\t",
    "\u{3000}",
    "\u{200b}",
    "x",
];

/// Reads the events that real clients sent.
pub fn events() -> Vec<Value> {
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/openlineage")];
    let mut events = Vec::new();
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).expect("the fixtures").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "json") {
                let bytes = std::fs::read(&path).expect("a fixture");
                events.push((path, serde_json::from_slice(&bytes).expect("JSON")));
            }
        }
    }
    // In a fixed order, so that a seed gives the same inputs everywhere.
    events.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut events: Vec<Value> = events.into_iter().map(|(_, event)| event).collect();
    assert!(events.len() >= 40, "{}", events.len());
    events.push(everything());
    events
}

/// An event with facets that the clients did not send.
fn everything() -> Value {
    let facet = |mut body: Value| {
        body["_producer"] = json!("https://example.com/fuzz");
        body["_schemaURL"] = json!("https://example.com/fuzz.json");
        body
    };
    let id = |name: &str| json!({"namespace": "postgres://db:5432", "name": name});
    json!({
        "eventType": "COMPLETE", "eventTime": "2026-11-20T10:00:00.123456789+01:00", "producer": "https://example.com/fuzz",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": "0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a69", "facets": {
            "parent": facet(json!({"run": {"runId": "0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a60"}, "job": {"namespace": "etl", "name": "dag"},
                "root": {"run": {"runId": "0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a61"}, "job": {"namespace": "etl", "name": "root"}}})),
            "nominalTime": facet(json!({"nominalStartTime": "2026-11-20T00:00:00Z", "nominalEndTime": "2026-11-21T00:00:00Z"})),
            "errorMessage": facet(json!({"message": "boom", "programmingLanguage": "python", "stackTrace": "x"})),
            "tags": facet(json!({"tags": [{"key": "k", "value": "v", "source": "s"}]})),
        }},
        "job": {"namespace": "etl", "name": "dag.task", "facets": {
            "sql": facet(json!({"query": "select 1"})), "ownership": facet(json!({"owners": [{"name": "team:a", "type": "OWNER"}]})),
            "jobType": facet(json!({"processingType": "BATCH", "integration": "AIRFLOW", "jobType": "TASK"})),
            "documentation": facet(json!({"description": "d"})),
        }},
        "inputs": [{"namespace": "s3://lake", "name": "raw/orders", "facets": {
            "symlinks": facet(json!({"identifiers": [{"namespace": "hive://meta:9083", "name": "raw.orders", "type": "TABLE"}]})),
            "lifecycleStateChange": facet(json!({"lifecycleStateChange": "RENAME", "previousIdentifier": id("old")})),
        }, "inputFacets": {"dataQualityMetrics": facet(json!({"rowCount": 3, "columnMetrics": {"id": {"nullCount": 0, "quantiles": {"0.5": 1.0}}}}))}}],
        "outputs": [{"namespace": "postgres://db:5432", "name": "shop.mart.daily", "facets": {
            "schema": facet(json!({"fields": [{"name": "id", "type": "BIGINT"}, {"name": "who", "type": "STRUCT", "fields": [{"name": "mail", "tags": ["pii"]}]}]})),
            "columnLineage": facet(json!({"fields": {"id": {"inputFields": [{"namespace": "s3://lake", "name": "raw/orders", "field": "id",
                "transformations": [{"type": "DIRECT", "subtype": "IDENTITY", "masking": false}]}]}},
                "dataset": [{"namespace": "s3://lake", "name": "raw/orders", "field": "day"}]})),
            "version": facet(json!({"datasetVersion": "7"})), "tags": facet(json!({"tags": [{"key": "pii", "field": "id"}]})),
        }, "outputFacets": {"outputStatistics": facet(json!({"rowCount": 3, "size": 100, "fileCount": 1}))}}],
    })
}

/// Makes batches of a few events.
pub fn batches() -> Vec<Value> {
    let events = events();
    events.chunks(3).map(|few| Value::from(few.to_vec())).collect()
}

/// Namespaces and names, a line feed between them.
pub fn names() -> Vec<String> {
    let of = |event: &Value| {
        let ends =
            ["inputs", "outputs"].map(|end| event[end].as_array().cloned().unwrap_or_default());
        ends.into_iter()
            .flatten()
            .filter_map(|dataset| {
                Some(format!("{}\n{}", dataset["namespace"].as_str()?, dataset["name"].as_str()?))
            })
            .collect::<Vec<_>>()
    };
    let mut names: Vec<String> = events().iter().flat_map(of).collect();
    let more = [
        "bigquery\nproject.dataset.table",
        "arn:aws:glue:eu-west-1:123456789012\ntable/db/t",
        "s3://bucket\na/b/c.parquet",
        "file\n/a/b",
        "azurecosmos://host/dbs/db\ncolls/c",
        "pubsub\ntopic:project:t",
        "snowflake://org-acc\ndb.schema.t",
        "abfss://c@a.dfs.core.windows.net\npath",
        "kafka://h:9092\ntopic",
        "oracle://h:1521\nservice.schema.t",
        "trino://h:1337\ncatalog.s.t",
        "unknown\nname",
        "\n",
        "",
    ];
    names.extend(more.map(str::to_owned));
    names
}

/// Search texts of every form.
pub fn queries() -> Vec<String> {
    [
        "orders",
        "cust*",
        "\"order id\"",
        "-staging",
        "name:orders",
        "field:email",
        "tag:pii,gdpr",
        "tag:pii.*",
        "ns:shop,erp*",
        "has:description|owner",
        "type:dataset,job",
        "updated:>7d",
        "created:2026-01-01..2026-02-01",
        "run:<=2026-01-01T10:00:00Z",
        "s3://lake/raw",
        "\"say \\\"hi\\\" \\\\\"",
        "owner:* -tag:*",
        "description:\"who pays\"",
        "sql:select",
        "",
        "a b c d e f g h",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Cursors before they are packed.
pub fn cursors() -> Vec<Value> {
    vec![
        json!({"n": 7, "t": "orders", "i": "0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a69"}),
        json!({"n": i64::MIN, "t": "", "i": "00000000-0000-0000-0000-000000000000"}),
        json!({"i": "ffffffffffffffffffffffffffffffff"}),
        json!({"n": -1, "t": "\0💥", "i": "urn:uuid:0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a69", "x": [1, {"a": null}]}),
    ]
}
