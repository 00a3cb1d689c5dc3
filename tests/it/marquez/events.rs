//! Events come back as they went in, and what real clients sent can be read in full.

use serde_json::{Value, json};

use super::api::{Api, RUN_1, each, run, shop};

fn fixtures() -> Vec<Value> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/openlineage");
    let mut files: Vec<_> = std::fs::read_dir(root)
        .unwrap()
        .flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap())
        .collect()
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

both! {
    async fn events_come_back_as_they_went_in(backend) {
        let api = Api::shop(backend).await;
        let mut sent = shop();
        let list = api.get("/api/v1/events/lineage?sortDirection=asc").await;
        assert_eq!(list["totalCount"], 6);
        assert_eq!(list["events"], json!(sent));
        sent.reverse();
        assert_eq!(api.get("/api/v1/events/lineage").await["events"], json!(sent));
        let span = "after=2026-03-02T06:00:00Z&before=2026-03-02T07:00:00%2B00:00";
        let list = api.get(&format!("/api/v1/events/lineage?{span}&limit=1&offset=1")).await;
        assert_eq!((&list["events"], &list["totalCount"]), (&json!([sent[3]]), &json!(2)));
    }

    async fn a_long_page_of_events_is_whole_and_in_order(backend) {
        let api = Api::new(backend).await;
        let batch: Vec<Value> = (0..130)
            .map(|n| run("RUNNING", &format!("2026-03-01T06:{:02}:{:02}Z", n / 60, n % 60), RUN_1, "job"))
            .collect();
        let reply = api.call("POST", "/api/v1/lineage/batch", Some(json!(batch))).await;
        assert!(reply.status < 300, "{}", reply.body);
        let list = api.get("/api/v1/events/lineage?sortDirection=asc&limit=115&offset=10").await;
        assert_eq!(list["totalCount"], 130);
        assert_eq!(list["events"], json!(batch[10..125]));
        let list = api.get("/api/v1/events/lineage?limit=500&offset=3").await;
        let latest_first: Vec<&Value> = batch.iter().rev().skip(3).collect();
        assert_eq!(list["events"], json!(latest_first));
    }

    async fn everything_that_real_clients_sent_can_be_read(backend) {
        let api = Api::new(backend).await;
        api.tell(fixtures()).await;
        let namespaces = api.get("/api/v1/namespaces").await;
        for namespace in each(&namespaces["namespaces"], "name") {
            let path = format!("/api/v1/namespaces/{}", encoded(namespace));
            let datasets = api.get(&format!("{path}/datasets")).await;
            for name in each(&datasets["datasets"], "name") {
                let path = format!("{path}/datasets/{}", encoded(name));
                let current = api.get(&path).await["currentVersion"].as_str().unwrap().to_owned();
                let version = api.get(&format!("{path}/versions/{current}")).await;
                assert_eq!(version["name"], name);
                api.get(&format!("{path}/versions")).await;
                let id = encoded(&format!("dataset:{namespace}:{name}"));
                let graph = api.get(&format!("/api/v1/lineage?nodeId={id}")).await;
                assert!(!graph["graph"].as_array().unwrap().is_empty());
                api.get(&format!("/api/v1/column-lineage?nodeId={id}&withDownstream=true")).await;
            }
            let jobs = api.get(&format!("{path}/jobs")).await;
            for job in jobs["jobs"].as_array().unwrap() {
                let path = format!("{path}/jobs/{}", encoded(job["name"].as_str().unwrap()));
                assert_eq!(&api.get(&path).await, job);
                let runs = api.get(&format!("{path}/runs")).await;
                assert_eq!(runs["totalCount"], runs["runs"].as_array().unwrap().len());
                api.get(&format!("{path}/versions")).await;
                let id = encoded(&format!("job:{namespace}:{}", job["name"].as_str().unwrap()));
                api.get(&format!("/api/v1/lineage?nodeId={id}")).await;
            }
        }
        assert!(api.get("/api/v1/jobs").await["totalCount"].as_u64().unwrap() > 5);
    }
}
