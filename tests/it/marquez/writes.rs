//! Writes: tags, namespaces, sources, and the deprecated ways to make datasets, jobs, runs.

use serde_json::{Value, json};

use super::api::{Api, each};

const ORDERS: &str = "/api/v1/namespaces/postgres%3A%2F%2Fdb%3A5432/datasets/shop.public.orders";
const RUN: &str = "0199e2a0-0000-7000-8000-0000000000aa";

async fn done(api: &Api, method: &str, path: &str, body: Value) -> Value {
    let reply = api.call(method, path, Some(body)).await;
    assert!(matches!(reply.status, 200 | 201), "{method} {path}: {} {}", reply.status, reply.body);
    reply.body
}

both! {
    async fn tags_are_put_on_and_taken_off(backend) {
        let api = Api::shop(backend).await;
        let put = done(&api, "PUT", "/api/v1/tags/gold", json!({"description": "Checked."})).await;
        assert_eq!(put, json!({"name": "gold", "description": "Checked."}));
        let dataset = done(&api, "POST", &format!("{ORDERS}/tags/gold"), json!(null)).await;
        assert_eq!(dataset["tags"], json!(["gold"]));
        let field = format!("{ORDERS}/fields/email/tags/pii");
        let dataset = done(&api, "POST", &field, json!(null)).await;
        assert_eq!(dataset["fields"][2]["tags"], json!(["PII"]));
        let job = done(&api, "POST", "/api/v1/namespaces/shop/jobs/sum_up/tags/daily", json!(null)).await;
        assert_eq!(job["tags"], json!(["daily"]));
        let tags = api.get("/api/v1/tags").await;
        assert_eq!(each(&tags["tags"], "name"), ["PII", "daily", "gold"]);
        assert_eq!(api.get("/api/v1/tags?limit=1&offset=2").await["tags"], json!([put]));
        let dataset = done(&api, "DELETE", &field, json!(null)).await;
        assert_eq!(dataset["fields"][2]["tags"], json!([]));
        let dataset = done(&api, "DELETE", &format!("{ORDERS}/tags/gold"), json!(null)).await;
        assert_eq!(dataset["tags"], json!([]));
        let job = done(&api, "DELETE", "/api/v1/namespaces/shop/jobs/sum_up/tags/daily", json!(null)).await;
        assert_eq!(job["tags"], json!([]));
    }

    async fn a_pipeline_can_be_told_the_deprecated_way(backend) {
        let api = Api::new(backend).await;
        done(&api, "PUT", "/api/v1/namespaces/ns", json!({"ownerName": "ann", "description": "d"})).await;
        let source = json!({"type": "MYSQL", "connectionUrl": "mysql://h", "description": null});
        assert_eq!(done(&api, "PUT", "/api/v1/sources/db", source).await["type"], "MYSQL");
        let dataset = |name: &str| json!({
            "type": "DB_TABLE", "physicalName": name, "sourceName": "db", "description": "a table",
            "fields": [{"name": "id", "type": "INT", "tags": ["KEY"], "description": null}], "tags": ["raw"],
        });
        let made = done(&api, "PUT", "/api/v1/namespaces/ns/datasets/in", dataset("in")).await;
        assert_eq!((&made["sourceName"], &made["tags"]), (&json!("db"), &json!(["raw"])));
        assert_eq!(made["fields"], json!([{"name": "id", "type": "INT", "tags": ["KEY"], "description": null}]));
        let unknown = json!({"type": "BATCH", "inputs": [{"namespace": "ns", "name": "nope"}], "outputs": []});
        let reply = api.call("PUT", "/api/v1/namespaces/ns/jobs/j", Some(unknown)).await;
        assert_eq!((reply.status, &reply.body["message"]), (404, &json!("Dataset 'nope' not found.")));
        let job = json!({"type": "STREAM", "inputs": [{"namespace": "ns", "name": "in"}], "outputs": [],
            "location": "https://git.example/j", "description": "does"});
        let job = done(&api, "PUT", "/api/v1/namespaces/ns/jobs/j", job).await;
        assert_eq!((&job["type"], &job["latestRun"]), (&json!("STREAM"), &Value::Null));
        assert_eq!(job["inputs"], json!([{"namespace": "ns", "name": "in"}]));
        run_it(&api).await;
        let mut written = dataset("out");
        written["runId"] = json!(RUN);
        done(&api, "PUT", "/api/v1/namespaces/ns/datasets/out", written).await;
        let versions = api.get("/api/v1/namespaces/ns/datasets/out/versions").await;
        assert_eq!(versions["versions"][0]["createdByRun"]["id"], RUN);
    }

    async fn a_stream_tells_where_its_schema_is(backend) {
        let api = Api::new(backend).await;
        let body = json!({"type": "STREAM", "physicalName": "t", "sourceName": "k", "schemaLocation": "http://s"});
        let made = done(&api, "PUT", "/api/v1/namespaces/ns/datasets/t", body).await;
        assert_eq!((&made["type"], &made["schemaLocation"]), (&json!("STREAM"), &json!("http://s")));
        let made = api.call("GET", "/api/v1/namespaces/ns/datasets/t/versions", None).await;
        assert_eq!(made.body["versions"][0]["schemaLocation"], "http://s");
    }
}

/// Makes a run of the job, starts and ends it.
async fn run_it(api: &Api) {
    let runs = "/api/v1/namespaces/ns/jobs/j/runs";
    let body = json!({"id": RUN, "nominalStartTime": "2026-03-01T00:00:00Z", "args": {"day": "1"}});
    let reply = api.call("POST", runs, Some(body.clone())).await;
    assert_eq!((reply.status, &reply.body["state"]), (201, &json!("NEW")));
    assert_eq!(reply.location.unwrap(), format!("/api/v1/jobs/runs/{RUN}"));
    assert_eq!(reply.body["args"]["day"], "1");
    assert_eq!(reply.body["nominalStartTime"], "2026-03-01T00:00:00Z");
    let again = api.call("POST", runs, Some(body)).await;
    let message = format!("Run '{RUN}' already exists for 'j' under namespace 'ns'.");
    assert_eq!((again.status, &again.body["message"]), (400, &json!(message)));
    let unnamed = api.call("POST", runs, Some(json!({}))).await;
    assert_eq!(unnamed.status, 201);
    let mark = |word: &str, at: &str| format!("/api/v1/jobs/runs/{RUN}/{word}?at={at}");
    let started = done(api, "POST", &mark("start", "2026-03-01T01:00:00Z"), json!(null)).await;
    assert_eq!(
        (&started["state"], &started["startedAt"]),
        (&json!("RUNNING"), &json!("2026-03-01T01:00:00Z"))
    );
    let ended = done(api, "POST", &mark("complete", "2026-03-01T01:00:05Z"), json!(null)).await;
    assert_eq!((&ended["state"], &ended["durationMs"]), (&json!("COMPLETED"), &json!(5000)));
    let never = "/api/v1/jobs/runs/0199e2a0-0000-7000-8000-00000000dead/abort";
    assert_eq!(api.call("POST", never, None).await.status, 404);
}
