//! Example answers for the OpenAPI document, one of each larger shape.

use serde_json::{Value, json};

const VERSION: &str = "b1d626a2-6d3a-475e-9ecf-943176d4a8c6";

/// A run.
pub(super) fn run() -> Value {
    json!({
        "id": "870492da-ecfb-4be0-91b9-9a89ddd3db90",
        "createdAt": "2020-02-22T22:42:42Z",
        "updatedAt": "2020-02-22T22:44:02Z",
        "nominalStartTime": "2020-02-22T22:00:00Z",
        "nominalEndTime": null,
        "state": "COMPLETED",
        "startedAt": "2020-02-22T22:42:42Z",
        "endedAt": "2020-02-22T22:44:02Z",
        "durationMs": 80000,
        "args": {"nominal_start_time": "2020-02-22T22:00Z"},
        "inputDatasetVersions": [],
        "outputDatasetVersions": [{
            "datasetVersionId": {"namespace": "shop", "name": "public.orders", "version": VERSION},
            "facets": {},
        }],
        "facets": {},
        "jobVersion": {"namespace": "shop", "name": "load_orders", "version": VERSION},
    })
}

/// A job.
pub(super) fn job() -> Value {
    json!({
        "id": {"namespace": "shop", "name": "load_orders"},
        "type": "BATCH",
        "name": "load_orders",
        "simpleName": "load_orders",
        "parentJobName": null,
        "parentJobUuid": null,
        "createdAt": "2020-02-22T22:42:42Z",
        "updatedAt": "2020-02-22T22:44:02Z",
        "namespace": "shop",
        "inputs": [],
        "outputs": [{"namespace": "shop", "name": "public.orders"}],
        "location": null,
        "description": "Loads the day's orders.",
        "latestRun": run(),
        "latestRuns": [run()],
        "facets": {},
        "currentVersion": VERSION,
        "labels": [],
        "tags": [],
    })
}

/// A job's version.
pub(super) fn job_version() -> Value {
    json!({
        "id": {"namespace": "shop", "name": "load_orders", "version": VERSION},
        "name": "load_orders",
        "createdAt": "2020-02-22T22:42:42Z",
        "version": VERSION,
        "namespace": "shop",
        "location": null,
        "inputs": [],
        "outputs": [{"namespace": "shop", "name": "public.orders"}],
        "latestRun": run(),
    })
}

/// A dataset.
pub(super) fn dataset() -> Value {
    json!({
        "id": {"namespace": "shop", "name": "public.orders"},
        "type": "DB_TABLE",
        "name": "public.orders",
        "physicalName": "public.orders",
        "createdAt": "2020-02-22T22:42:42Z",
        "updatedAt": "2020-02-22T22:44:02Z",
        "namespace": "shop",
        "sourceName": "shop_db",
        "fields": [{"name": "id", "type": "INTEGER", "tags": [], "description": "The order's number."}],
        "tags": ["PII"],
        "lastModifiedAt": "2020-02-22T22:44:02Z",
        "description": "All orders.",
        "lastLifecycleState": "",
        "currentVersion": VERSION,
        "columnLineage": null,
        "facets": {},
        "deleted": false,
    })
}

/// A dataset's version.
pub(super) fn dataset_version() -> Value {
    json!({
        "id": {"namespace": "shop", "name": "public.orders", "version": VERSION},
        "type": "DB_TABLE",
        "name": "public.orders",
        "physicalName": "public.orders",
        "createdAt": "2020-02-22T22:42:42Z",
        "version": VERSION,
        "namespace": "shop",
        "sourceName": "shop_db",
        "fields": [{"name": "id", "type": "INTEGER", "tags": [], "description": null}],
        "tags": [],
        "lifecycleState": "",
        "description": null,
        "currentSchemaVersion": "2f0d4f53-1f8f-4e0c-9a54-1d2ab2e1c0de",
        "createdByRun": run(),
        "facets": {},
    })
}

/// The lineage graph of one job.
pub(super) fn lineage() -> Value {
    let edge =
        json!({"origin": "job:shop:load_orders", "destination": "dataset:shop:public.orders"});
    json!({"graph": [
        {"id": "dataset:shop:public.orders", "type": "DATASET",
            "data": {"id": {"namespace": "shop", "name": "public.orders"}},
            "inEdges": [edge], "outEdges": []},
        {"id": "job:shop:load_orders", "type": "JOB",
            "data": {"id": {"namespace": "shop", "name": "load_orders"}},
            "inEdges": [], "outEdges": [edge]},
    ]})
}

/// The column lineage of one field.
pub(super) fn column_lineage() -> Value {
    json!({"graph": [{
        "id": "datasetField:shop:public.totals:sum",
        "type": "DATASET_FIELD",
        "data": {
            "namespace": "shop", "dataset": "public.totals", "datasetVersion": VERSION,
            "field": "sum", "fieldType": "DECIMAL",
            "transformationDescription": null, "transformationType": null,
            "inputFields": [{
                "namespace": "shop", "dataset": "public.orders", "datasetVersion": VERSION,
                "field": "amount",
                "transformationDescription": null, "transformationType": null,
                "transformations": [{"type": "DIRECT", "subtype": "AGGREGATION", "description": null, "masking": false}],
            }],
        },
        "inEdges": [{
            "origin": "datasetField:shop:public.totals:sum",
            "destination": "datasetField:shop:public.orders:amount",
        }],
        "outEdges": [],
    }]})
}
