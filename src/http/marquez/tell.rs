//! Tells the catalog, as OpenLineage events, what the deprecated endpoints were told.

use serde_json::{Value, json};
use uuid::Uuid;

use super::error::ApiError;
use crate::base::{RunId, Time};
use crate::catalog::RunDoc;
use crate::flow::FlowError;
use crate::http::asked::Asked;

/// Who says so.
const PRODUCER: &str = "https://lethe.example/api/v1";
const SCHEMA: &str = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";

/// Starts a facet; `schema` is its version and name.
pub(super) fn facet(schema: &str) -> Value {
    let name = schema.rsplit('/').next().unwrap_or(schema);
    json!({
        "_producer": PRODUCER,
        "_schemaURL": format!("https://openlineage.io/spec/facets/{schema}.json#/$defs/{name}"),
    })
}

/// Starts an event about a run of a job (namespace and name) that changes no state.
pub(super) fn run_event((namespace, name): (&str, &str), run: Uuid, at: Time) -> Value {
    json!({
        "eventTime": at,
        "producer": PRODUCER,
        "schemaURL": SCHEMA,
        "run": {"runId": run, "facets": {}},
        "job": {"namespace": namespace, "name": name},
    })
}

/// Writes a dataset as an event's input or output.
pub(super) fn dataset_of_run(namespace: &str, name: &str, facets: Value) -> Value {
    json!({"namespace": namespace, "name": name, "facets": facets})
}

/// Returns the id that a run was told under: of one that shares it with a run of another namespace,
/// the id that both were given, so that what is told now is parted as what was told before.
pub(super) fn told_id(id: RunId, run: &RunDoc) -> Uuid {
    run.shared.unwrap_or(id).0
}

/// Tells what a run read and wrote: `io` holds `inputs` and `outputs`.
pub(super) async fn tell_run(
    http: &Asked,
    run: &RunDoc,
    id: RunId,
    io: Value,
) -> Result<(), ApiError> {
    let job = run.job.as_ref();
    let names = job.map_or(("", ""), |job| (job.namespace.as_str(), job.name.as_str()));
    let mut event = run_event(names, told_id(id, run), http.app.stamp());
    for part in ["inputs", "outputs"] {
        if let Some(datasets) = io.get(part) {
            event[part] = datasets.clone();
        }
    }
    submit(http, &event, false).await
}

/// Submits an event and waits until it is on disk; `chosen` says whether its run's id is one that the
/// asker made up.
pub(super) async fn submit(http: &Asked, event: &Value, chosen: bool) -> Result<(), ApiError> {
    let text = event.to_string();
    let parsed = crate::openlineage::parse(text.as_bytes())
        .map_err(|rejection| FlowError::Rejected(Box::new(rejection)))?;
    http.app.write_run(parsed, chosen).await?;
    Ok(())
}
