//! Soft deletion: hidden until the next event names it.

use serde_json::json;

use super::api::{Api, RUN_1, run, shop};

const NS: &str = "/api/v1/namespaces/postgres%3A%2F%2Fdb%3A5432";

both! {
    async fn a_deleted_dataset_is_gone_until_an_event_names_it(backend) {
        let api = Api::shop(backend).await;
        let path = format!("{NS}/datasets/shop.public.totals");
        let reply = api.call("DELETE", &path, None).await;
        assert_eq!((reply.status, &reply.body["name"]), (200, &json!("shop.public.totals")));
        assert_eq!(api.missing(&path).await, "Dataset 'shop.public.totals' not found.");
        assert_eq!(api.get(&format!("{NS}/datasets")).await["totalCount"], 1);
        api.settle().await;
        let lineage = "/api/v1/lineage?nodeId=dataset:postgres://db:5432:shop.public.totals";
        assert_eq!(api.call("GET", lineage, None).await.status, 404);
        let mut again = shop().pop().unwrap();
        again["eventTime"] = json!("2026-03-02T07:00:31Z");
        api.tell([again]).await;
        assert_eq!(api.get(&path).await["name"], "shop.public.totals");
        api.get(lineage).await;
    }

    async fn a_deleted_job_is_gone_until_an_event_names_it(backend) {
        let api = Api::shop(backend).await;
        let path = "/api/v1/namespaces/shop/jobs/load_orders";
        assert_eq!(api.call("DELETE", path, None).await.status, 200);
        assert_eq!(api.missing(path).await, "Job 'load_orders' not found.");
        assert_eq!(api.call("DELETE", path, None).await.status, 404);
        assert_eq!(api.get("/api/v1/jobs").await["totalCount"], 1);
        api.tell([run("RUNNING", "2026-03-01T06:00:10Z", RUN_1, "load_orders")]).await;
        assert_eq!(api.get(path).await["name"], "load_orders");
    }

    async fn a_deleted_namespace_hides_what_is_in_it(backend) {
        let api = Api::shop(backend).await;
        let reply = api.call("DELETE", "/api/v1/namespaces/shop", None).await;
        assert_eq!((reply.status, &reply.body["isHidden"]), (200, &json!(false)));
        assert_eq!(api.get("/api/v1/namespaces/shop").await["isHidden"], true);
        assert_eq!(api.get("/api/v1/namespaces").await["namespaces"].as_array().unwrap().len(), 2);
        assert_eq!(api.get("/api/v1/jobs").await["totalCount"], 0);
        assert_eq!(api.get(&format!("{NS}/datasets")).await["totalCount"], 2);
        let owner = json!({"ownerName": "ann"});
        let reply = api.call("PUT", "/api/v1/namespaces/shop", Some(owner)).await;
        assert_eq!(reply.body["isHidden"], false);
        assert_eq!(reply.body["ownerName"], "ann");
        assert_eq!(api.get("/api/v1/jobs").await["totalCount"], 0);
    }
}
