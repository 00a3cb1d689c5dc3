//! What is done to a container is done to each thing in it, and decided about for each.

use lethe::base::{DatasetId, JobId};
use serde_json::{Value, json};

use crate::events::facet;
use crate::policies::{admin, read, shipped_and};
use crate::world::{Backend, World};

/// Declares a dataset with tags, and a job of the same namespace that writes it.
async fn declare(world: &World, namespace: &str, tags: &[(&str, &str)]) {
    let tags: Vec<Value> =
        tags.iter().map(|(key, value)| json!({"key": key, "value": value})).collect();
    let run = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, namespace.as_bytes());
    let facets = json!({"tags": facet(json!({"tags": tags}))});
    let event = json!({
        "eventType": "COMPLETE", "eventTime": "2026-11-20T12:00:00Z",
        "producer": "https://example.com/etl", "run": {"runId": run},
        "job": {"namespace": namespace, "name": "load"},
        "outputs": [{"namespace": namespace, "name": "people", "facets": facets}],
    });
    admin(world, "POST", "/api/v1/lineage", &event).await.ok(201);
}

/// Returns whether the dataset of a namespace, its job and the namespace itself are deleted.
async fn deleted(world: &World, namespace: &str) -> [bool; 3] {
    let dataset = DatasetId::of(namespace, "people").0;
    let job = JobId::of(namespace, "load").0;
    let of = async |path: String, member: &str| read(world, &path).await[member] == true;
    [
        of(format!("/api/v1/datasets/{dataset}"), "deleted").await,
        of(format!("/api/v1/jobs/{job}"), "deleted").await,
        of(format!("/api/v1/namespaces/{namespace}"), "isHidden").await,
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_deletes_with_its_namespace_what_they_may_not_delete() {
    // Who deletes what they may, and sees nothing that is restricted.
    let janitor = "g2, janitor, viewer\np, janitor-delete, janitor, *, dataset:delete|job:delete|namespace:delete, !tag:restricted, *, allow";
    for backend in Backend::ALL {
        let world = World::with_rules(backend, &shipped_and(janitor)).await;
        let stella = world.person("stella", &["steward"]).await;
        let jane = world.person("jane", &["janitor"]).await;
        declare(&world, "crm", &[("class", "user.contact.email")]).await;
        declare(&world, "hush", &[("restricted", "true")]).await;
        declare(&world, "open", &[("tier", "gold")]).await;
        world.settle().await;
        for (token, namespace, status) in [
            (&stella, "crm", 403),
            (&jane, "hush", 403),
            (&stella, "open", 200),
            (&jane, "crm", 200),
            (&stella, "hush", 200),
        ] {
            let path = format!("/api/v1/namespaces/{namespace}");
            let answer = world.call_as(token, "DELETE", &path, &Value::Null).await;
            assert_eq!(answer.status, status, "{namespace}: {}", answer.text);
            let is = status == 200;
            assert_eq!(deleted(&world, namespace).await, [is; 3], "{backend:?}: {namespace}");
        }
        let denied = "/api/v1/audit/records?outcome=denied&action=dataset:delete";
        let records = read(&world, denied).await;
        assert_eq!(records["items"].as_array().map(Vec::len), Some(2), "{records}");
        world.app.stop().await;
    }
}
