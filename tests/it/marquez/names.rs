//! Names that other servers trip over.

use serde_json::json;

use super::api::{Api, RUN_1, run};

/// Namespaces and names with colons, slashes, digits after colons, `#`, `%`, emoji.
const HOSTILE: [(&str, &str); 8] = [
    ("trino://h:1337", "20240430_x"),
    ("s3://bucket", "a/b/c d.parquet"),
    ("jdbc:sqlserver://h;db=x", "1:2:3"),
    ("pubsub", "topic:project:topic"),
    ("ns", "name#0199e2a0-0000-7000-8000-000000000001"),
    ("ns%2F", "100%?&=+"),
    ("ünï", "🦀 \n tab\t"),
    ("file", "/"),
];

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

both! {
    async fn hostile_names_come_back_as_they_went_in(backend) {
        let api = Api::new(backend).await;
        for (number, (namespace, name)) in HOSTILE.iter().enumerate() {
            let id = format!("0199e2a0-0000-7000-8000-0000000000{number:02}");
            let mut event = run("COMPLETE", "2026-03-01T06:00:00Z", &id, name);
            event["job"]["namespace"] = json!(namespace);
            event["outputs"] = json!([{"namespace": namespace, "name": name}]);
            api.tell([event]).await;
        }
        for (namespace, name) in HOSTILE {
            let (ns, encoded_name) = (encoded(namespace), encoded(name));
            for kind in ["jobs", "datasets"] {
                let found = api.get(&format!("/api/v1/namespaces/{ns}/{kind}/{encoded_name}")).await;
                assert_eq!(found["id"], json!({"namespace": namespace, "name": name}));
            }
            for kind in ["job", "dataset"] {
                let id = format!("{kind}:{namespace}:{name}");
                let graph = api.get(&format!("/api/v1/lineage?nodeId={}", encoded(&id))).await;
                let nodes = graph["graph"].as_array().unwrap();
                assert_eq!(nodes.len(), 2, "{id}");
                assert!(nodes.iter().any(|node| node["id"] == json!(id)), "{id}");
            }
        }
        let namespaces = api.get("/api/v1/namespaces").await;
        assert_eq!(namespaces["namespaces"].as_array().unwrap().len(), 8);
    }

    async fn a_symlink_finds_its_dataset(backend) {
        let api = Api::new(backend).await;
        let mut event = run("COMPLETE", "2026-03-01T06:00:00Z", RUN_1, "spark");
        event["outputs"] = json!([{
            "namespace": "s3://lake", "name": "warehouse/orders",
            "facets": {"symlinks": {"_producer": "p", "_schemaURL": "s", "identifiers": [
                {"namespace": "hive://metastore:9083", "name": "db.orders", "type": "TABLE"}]}},
        }]);
        api.tell([event]).await;
        let by = |ns: &str, name: &str| {
            format!("/api/v1/namespaces/{}/datasets/{}", encoded(ns), encoded(name))
        };
        let location = api.get(&by("s3://lake", "warehouse/orders")).await;
        let table = api.get(&by("hive://metastore:9083", "db.orders")).await;
        assert_eq!(location, table);
        let version = location["currentVersion"].as_str().unwrap();
        let path = format!("{}/versions/{version}", by("s3://lake", "warehouse/orders"));
        assert_eq!(api.get(&path).await["createdByRun"]["id"], RUN_1);
        let job = api.get("/api/v1/namespaces/shop/jobs/spark").await;
        assert_eq!(job["outputs"], json!([location["id"]]));
        let path = by(location["id"]["namespace"].as_str().unwrap(), location["name"].as_str().unwrap());
        assert_eq!(api.call("DELETE", &path, None).await.status, 200);
        api.missing(&by("s3://lake", "warehouse/orders")).await;
        api.missing(&by("hive://metastore:9083", "db.orders")).await;
    }
}
