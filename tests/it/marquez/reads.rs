//! What the lists and single answers look like, to the letter.

use insta::assert_json_snapshot;
use serde_json::json;

use super::api::{Api, RUN_1, RUN_3, each, run};

const ORDERS: &str = "/api/v1/namespaces/postgres%3A%2F%2Fdb%3A5432/datasets/shop.public.orders";

both! {
    async fn a_dataset_is_told_as_marquez_tells_it(backend) {
        let api = Api::shop(backend).await;
        assert_json_snapshot!("marquez_dataset", api.get(ORDERS).await);
        let list = api.get("/api/v1/namespaces/postgres%3A%2F%2Fdb%3A5432/datasets").await;
        assert_eq!(list["totalCount"], 2);
        assert_eq!(list["datasets"][0], api.get(ORDERS).await);
        let totals = api.get(&ORDERS.replace("orders", "totals")).await;
        assert_json_snapshot!("marquez_dataset_with_column_lineage", totals["columnLineage"]);
    }

    async fn a_datasets_versions_are_its_writes(backend) {
        let api = Api::shop(backend).await;
        let dataset = api.get(ORDERS).await;
        let list = api.get(&format!("{ORDERS}/versions?limit=1")).await;
        assert_eq!(list["totalCount"], 2);
        assert_json_snapshot!("marquez_dataset_version", list["versions"][0]);
        let current = dataset["currentVersion"].as_str().unwrap();
        assert_eq!(list["versions"][0]["version"], current);
        let one = api.get(&format!("{ORDERS}/versions/{current}")).await;
        assert_eq!(one, list["versions"][0]);
    }

    async fn a_job_is_told_as_marquez_tells_it(backend) {
        let api = Api::shop(backend).await;
        let job = api.get("/api/v1/namespaces/shop/jobs/sum_up").await;
        assert_json_snapshot!("marquez_job", job);
        let list = api.get("/api/v1/namespaces/shop/jobs").await;
        assert_eq!(each(&list["jobs"], "name"), ["sum_up", "load_orders"]);
        assert_eq!(list["jobs"][0], job);
        assert_eq!(api.get("/api/v1/jobs").await, list);
        let running = api.get("/api/v1/jobs?lastRunStates=running").await;
        assert_eq!(running["totalCount"], 0);
        let done = "/api/v1/jobs?lastRunStates=RUNNING&lastRunStates=completed";
        assert_eq!(api.get(done).await["totalCount"], 2);
    }

    async fn a_jobs_versions_are_told(backend) {
        let api = Api::shop(backend).await;
        let list = api.get("/api/v1/namespaces/shop/jobs/sum_up/versions").await;
        assert_json_snapshot!("marquez_job_versions", list);
        let version = list["versions"][0]["version"].as_str().unwrap();
        let one = api.get(&format!("/api/v1/namespaces/shop/jobs/sum_up/versions/{version}")).await;
        assert_eq!(one, list["versions"][0]);
    }

    async fn runs_are_told_the_last_started_first(backend) {
        let api = Api::shop(backend).await;
        let list = api.get("/api/v1/namespaces/shop/jobs/load_orders/runs?limit=1&offset=1").await;
        assert_eq!(list["totalCount"], 2);
        assert_json_snapshot!("marquez_run", list["runs"][0]);
        assert_eq!(api.get(&format!("/api/v1/jobs/runs/{RUN_1}")).await, list["runs"][0]);
        let of_job = api.get(&format!("/api/v1/jobs/runs/{RUN_3}/facets?type=job")).await;
        assert_eq!(of_job["facets"]["sql"]["query"], "SELECT 1");
        let of_run = api.get(&format!("/api/v1/jobs/runs/{RUN_1}/facets?type=RUN")).await;
        assert_eq!(of_run["runId"], RUN_1);
        assert_eq!(of_run["facets"]["nominalTime"]["nominalStartTime"], "2026-03-01T00:00:00Z");
    }

    async fn what_a_run_read_is_what_the_last_run_before_it_wrote(backend) {
        let api = Api::shop(backend).await;
        let reader = api.get(&format!("/api/v1/jobs/runs/{RUN_3}")).await;
        let read = &reader["inputDatasetVersions"][0];
        assert_eq!(read["datasetVersionId"]["version"], api.get(ORDERS).await["currentVersion"]);
        assert_eq!(read["facets"]["dataQualityAssertions"]["assertions"][0]["success"], true);
        assert_eq!(reader["outputDatasetVersions"][0]["facets"]["outputStatistics"]["rowCount"], 7);
    }

    async fn large_facets_are_listed_by_their_size(backend) {
        let api = Api::new(backend).await;
        let mut event = run("COMPLETE", "2026-03-01T06:00:00Z", RUN_1, "spark");
        let plan = json!({"_producer": "p", "_schemaURL": "s", "plan": "x".repeat(100_000)});
        event["run"]["facets"]["spark.logicalPlan"] = plan.clone();
        event["job"]["facets"]["big"] = plan.clone();
        event["outputs"] = json!([{"namespace": "ns", "name": "d", "facets": {"big": plan}}]);
        api.tell([event]).await;
        let size = json!({"_omittedBytes": plan.to_string().len()});
        let job = "/api/v1/namespaces/shop/jobs/spark";
        let single = api.get(job).await;
        assert_eq!(single["facets"]["big"], plan);
        assert_eq!(single["latestRun"]["facets"]["spark.logicalPlan"], size);
        let list = api.get("/api/v1/jobs").await;
        assert_eq!(list["jobs"][0]["facets"]["big"], size);
        let list = api.get(&format!("{job}/runs")).await;
        assert_eq!(list["runs"][0]["facets"]["spark.logicalPlan"], size);
        let single = api.get(&format!("/api/v1/jobs/runs/{RUN_1}")).await;
        assert_eq!(single["facets"]["spark.logicalPlan"], plan);
        let list = api.get("/api/v1/namespaces/ns/datasets").await;
        assert_eq!(list["datasets"][0]["facets"]["big"], size);
        let single = api.get("/api/v1/namespaces/ns/datasets/d").await;
        assert_eq!(single["facets"]["big"], plan);
    }

    async fn namespaces_and_sources_are_listed_by_name(backend) {
        let api = Api::shop(backend).await;
        assert_json_snapshot!("marquez_namespaces", api.get("/api/v1/namespaces").await);
        assert_json_snapshot!("marquez_sources", api.get("/api/v1/sources").await);
        let source = api.get("/api/v1/sources/shop_db").await;
        assert_eq!(source["connectionUrl"], "postgres://db:5432");
    }

    async fn args_tell_nominal_times_and_the_parent(backend) {
        let api = Api::shop(backend).await;
        let mut child = run("START", "2026-03-03T06:00:00Z", "not-a-uuid", "load_orders.step");
        child["run"]["facets"]["parent"] = json!({
            "_producer": "p", "_schemaURL": "s",
            "run": {"runId": RUN_1}, "job": {"namespace": "shop", "name": "load_orders"},
        });
        api.tell([child]).await;
        let run = api.get("/api/v1/jobs/runs/not-a-uuid").await;
        assert_eq!(run["args"]["run_id"], RUN_1);
        assert_eq!(run["args"]["name"], "load_orders");
        assert_eq!(run["args"]["namespace"], "shop");
        assert_eq!(run["jobVersion"], serde_json::Value::Null);
        let job = api.get("/api/v1/namespaces/shop/jobs/load_orders.step").await;
        assert_eq!(job["parentJobName"], "load_orders");
        assert_eq!(job["simpleName"], "step");
    }

    async fn a_job_whose_runs_turn_out_to_have_a_parent_is_found_by_its_new_name(backend) {
        let api = Api::new(backend).await;
        api.tell([run("START", "2026-03-03T06:00:00Z", RUN_1, "step")]).await;
        let mut end = run("COMPLETE", "2026-03-03T06:01:00Z", RUN_1, "step");
        end["run"]["facets"]["parent"] = json!({
            "_producer": "p", "_schemaURL": "s",
            "run": {"runId": RUN_3}, "job": {"namespace": "shop", "name": "dag/ü"},
        });
        api.tell([end]).await;
        let reply = api.call("GET", "/api/v1/namespaces/shop/jobs/step/runs?limit=3", None).await;
        assert_eq!(reply.status, 301);
        let to = reply.location.unwrap();
        assert_eq!(to, "/api/v1/namespaces/shop/jobs/dag%2F%C3%BC.step/runs?limit=3");
        assert_eq!(api.get(&to).await["totalCount"], 1);
    }
}
