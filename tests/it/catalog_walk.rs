//! A walk: events come in; a person asks what there is, where it came from, what breaks.

use lethe::base::Position;
use serde_json::json;

use crate::world::{Backend, World};

fn event(run: u32, job: &str, input: &str, output: &str) -> serde_json::Value {
    let ns = "postgres://db:5432";
    json!({
        "eventType": "COMPLETE", "eventTime": format!("2026-11-20T10:{run:02}:00Z"),
        "producer": "https://example.com/test",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": format!("00000000-0000-7000-8000-{run:012}")},
        "job": {"namespace": "etl", "name": job},
        "inputs": [{"namespace": ns, "name": input}],
        "outputs": [{"namespace": ns, "name": output, "facets": {
            "schema": {"_producer": "p:x", "_schemaURL": "p:x", "fields": [{"name": "email", "type": "TEXT"}, {"name": "id", "type": "INT"}]},
            "columnLineage": {"_producer": "p:x", "_schemaURL": "p:x", "fields": {"email": {"inputFields": [
                {"namespace": ns, "name": input, "field": "email", "transformations": [{"type": "DIRECT", "subtype": "IDENTITY", "masking": false}]}]}}},
        }}],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_where_from_and_what_breaks() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        world.ingest(&event(1, "load", "raw.customers", "silver.customers")).await;
        world.ingest(&event(2, "mart", "silver.customers", "gold.churn")).await;
        world.settle().await;

        let found = world.get("/api/v1/catalog/search?q=churn").await.ok(200);
        assert_eq!(found["hits"][0]["name"], "gold.churn");
        let id = found["hits"][0]["id"].as_str().unwrap();
        let dataset = world.get(&format!("/api/v1/datasets/{id}")).await.ok(200);
        assert_eq!(dataset["columns"][0]["name"], "email");
        assert_eq!(dataset["platform"], "postgres");

        let field = "datasetField:postgres://db:5432:gold.churn:email";
        let up = world
            .get(&format!("/api/v1/lineage/graph?focus={field}&level=column&direction=up"))
            .await
            .ok(200);
        let names: Vec<&str> =
            up["nodes"].as_array().unwrap().iter().filter_map(|n| n["name"].as_str()).collect();
        assert!(names.contains(&"raw.customers"), "{up}");

        let impact = world
            .get("/api/v1/lineage/impact?focus=dataset:postgres://db:5432:raw.customers&depth=9")
            .await
            .ok(200);
        let hit: Vec<&str> = impact["entries"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|e| e["node"]["name"].as_str())
            .collect();
        assert_eq!(hit, ["silver.customers", "gold.churn"], "{impact}");

        let paths = world.get("/api/v1/lineage/paths?from=dataset:postgres://db:5432:raw.customers&to=dataset:postgres://db:5432:gold.churn").await.ok(200);
        assert_eq!(paths["paths"].as_array().unwrap().len(), 1);
        let drawn = world
            .get("/api/v1/lineage/export?focus=dataset:postgres://db:5432:gold.churn&format=svg")
            .await;
        assert!(
            drawn.text.starts_with("<svg") || drawn.text.starts_with("<?xml"),
            "{}",
            drawn.text
        );
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn described_in_bulk_deleted_and_brought_back() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        let put = json!({"datasets": [{
            "namespace": "s3://lake", "name": "people", "description": "Who we know", "tags": ["pii"],
            "owners": [{"name": "team:crm", "type": "OWNER"}],
            "fields": [{"name": "email", "type": "string", "tags": ["user.contact.email"]}],
            "properties": {"tier": "hot"},
        }]});
        assert_eq!(world.call("PUT", "/api/v1/datasets", put.to_string()).await.status, 204);
        world.settle().await;
        let found = world.get("/api/v1/catalog/search?q=tag:pii").await.ok(200);
        let id = found["hits"][0]["id"].as_str().unwrap().to_owned();
        let dataset = world.get(&format!("/api/v1/datasets/{id}")).await.ok(200);
        assert_eq!(dataset["columns"][0]["tags"], json!(["user.contact.email"]));
        assert_eq!(dataset["properties"]["tier"], "hot");

        assert_eq!(world.call("DELETE", &format!("/api/v1/datasets/{id}"), "").await.status, 204);
        world.settle().await;
        assert_eq!(world.get("/api/v1/catalog/search?q=people").await.ok(200)["total"], 0);
        assert_eq!(
            world.call("POST", &format!("/api/v1/datasets/{id}/undelete"), "").await.status,
            204
        );
        world.settle().await;
        assert_eq!(world.get("/api/v1/catalog/search?q=people").await.ok(200)["total"], 1);

        let gone = world.call("DELETE", &format!("/api/v1/datasets/{id}?hard=true"), "").await;
        assert_eq!(gone.status, 204);
        // A mark without its history would be another history's.
        let mark = gone.headers["lethe-mark"].to_str().expect("a mark");
        assert_ne!(mark.parse::<Position>().expect("a position").chain, 0, "{mark}");
        world.get(&format!("/api/v1/datasets?namespace=warehouse&wait_for={mark}")).await.ok(200);
        world.settle().await;
        world.get(&format!("/api/v1/datasets/{id}")).await.problem(404, "not-found");
        let world = world.restart().await;
        world.settle().await;
        assert_eq!(world.get("/api/v1/catalog/search?q=people").await.ok(200)["total"], 0);
        world.app.stop().await;
    }
}
