//! Errors have Marquez's words and codes.

use serde_json::json;

use super::api::Api;

const NO_RUN: &str = "/api/v1/jobs/runs/0199e2a0-0000-7000-8000-00000000dead";
const NO_VERSION: &str = "0199e2a0-0000-7000-8000-00000000dead";

both! {
    async fn what_is_not_there_is_named(backend) {
        let api = Api::shop(backend).await;
        let ns = "/api/v1/namespaces/postgres%3A%2F%2Fdb%3A5432";
        for (path, message) in [
            ("/api/v1/namespaces/x".to_owned(), "Namespace 'x' not found."),
            ("/api/v1/namespaces/x/jobs".to_owned(), "Namespace 'x' not found."),
            ("/api/v1/namespaces/x/datasets/d".to_owned(), "Namespace 'x' not found."),
            ("/api/v1/namespaces/shop/jobs/x".to_owned(), "Job 'x' not found."),
            ("/api/v1/namespaces/shop/jobs/x/runs".to_owned(), "Job 'x' not found."),
            (format!("{ns}/datasets/x"), "Dataset 'x' not found."),
            ("/api/v1/sources/x".to_owned(), "Source 'x' not found."),
            ("/api/v1/lineage?nodeId=dataset:a:b".to_owned(), "Node 'dataset:a:b' not found."),
            ("/api/v1/column-lineage?nodeId=dataset:a:b".to_owned(), "Could not find node"),
        ] {
            assert_eq!(api.missing(&path).await, message);
        }
        let run = api.missing(NO_RUN).await;
        assert_eq!(run, format!("Run '{NO_VERSION}' not found."));
        let of_job = format!("/api/v1/namespaces/shop/jobs/sum_up/versions/{NO_VERSION}");
        assert_eq!(api.missing(&of_job).await, format!("Job version '{NO_VERSION}' not found."));
        let of_dataset = format!("{ns}/datasets/shop.public.orders/versions/{NO_VERSION}");
        let message = format!("Dataset version '{NO_VERSION}' not found.");
        assert_eq!(api.missing(&of_dataset).await, message);
        let field = format!("{ns}/datasets/shop.public.orders/fields/x/tags/PII");
        let reply = api.call("POST", &field, None).await;
        assert_eq!(reply.status, 404);
        assert_eq!(reply.body["message"], "Field 'x' not found for dataset 'shop.public.orders'.");
    }

    async fn parameters_that_make_no_sense_are_400(backend) {
        let api = Api::shop(backend).await;
        for (path, error) in [
            ("/api/v1/search", "query param q must not be blank"),
            ("/api/v1/search?q=%20", "query param q must not be blank"),
            ("/api/v1/search?q=a&filter=x", "query param filter must be one of [DATASET, JOB]"),
            ("/api/v1/jobs?limit=-1", "query param limit must be greater than or equal to 0"),
            ("/api/v1/jobs?offset=x", "query param offset must be a number"),
            ("/api/v1/lineage", "query param nodeId must not be blank"),
            ("/api/v1/events/lineage?after=today", "query param after must be an ISO 8601 date-time"),
            ("/api/v1/stats/jobs?period=WEEK", "query param timezone must not be null"),
        ] {
            let reply = api.call("GET", path, None).await;
            assert_eq!((reply.status, reply.body), (400, json!({"errors": [error]})), "{path}");
        }
        let reply = api.call("GET", "/api/v1/stats/jobs?period=YEAR", None).await;
        assert_eq!((reply.status, &reply.body["message"]), (400, &json!("Invalid period")));
        // What is passed by is read all the same.
        for list in ["/api/v1/namespaces/shop/datasets", "/api/v1/jobs", "/api/v1/tags"] {
            for far in [10_001, i32::MAX] {
                let reply = api.call("GET", &format!("{list}?offset={far}"), None).await;
                let error = reply.body["errors"][0].as_str().unwrap_or_default().to_owned();
                assert_eq!(reply.status, 400, "{list}");
                assert!(error.contains("offset") && error.contains("`after`"), "{error}");
            }
            assert_eq!(api.call("GET", &format!("{list}?offset=10000"), None).await.status, 200);
        }
        assert_eq!(api.get("/api/v1/jobs?limit=0").await["jobs"], json!([]));
    }

    async fn bodies_that_lack_something_are_422(backend) {
        let api = Api::new(backend).await;
        for (path, body, errors) in [
            ("/api/v1/namespaces/a", json!({}), json!(["ownerName must not be null"])),
            ("/api/v1/sources/a", json!({"type": "X"}), json!(["connectionUrl must not be null"])),
            ("/api/v1/sources/a", json!(null), json!(["The request body must not be null"])),
            ("/api/v1/namespaces/a/jobs/j", json!({}), json!(["type must not be null"])),
        ] {
            let reply = api.call("PUT", path, Some(body)).await;
            assert_eq!((reply.status, reply.body), (422, json!({"errors": errors})), "{path}");
        }
        let reply = api.send("PUT", "/api/v1/namespaces/a", "{".to_owned()).await;
        assert_eq!(reply.status, 400);
        assert_eq!(reply.body["message"], "Unable to process JSON");
        assert_eq!(api.missing("/api/v1/namespaces/a").await, "Namespace 'a' not found.");
    }
}
