//! The three graphs: lineage, column lineage, runs upstream.

use insta::assert_json_snapshot;
use serde_json::{Value, json};

use super::api::{Api, RUN_1, RUN_2, RUN_3, each, run, shop};

const TOTALS: &str = "postgres://db:5432:shop.public.totals";
const ORDERS: &str = "postgres://db:5432:shop.public.orders";

async fn edges(api: &Api, path: &str) -> Vec<(String, String)> {
    let graph = api.get(path).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let nodes = graph["graph"].as_array().unwrap();
    let of = |node: &Value| node["inEdges"].as_array().unwrap().clone();
    let edges = nodes.iter().flat_map(of);
    edges.map(|edge| (text(&edge["origin"]), text(&edge["destination"]))).collect()
}

both! {
    async fn lineage_tells_nodes_in_full_and_sorted(backend) {
        let api = Api::shop(backend).await;
        let graph = api.get("/api/v1/lineage?nodeId=job:shop:sum_up").await;
        assert_json_snapshot!("marquez_lineage", graph);
        let same = api.get(&format!("/api/v1/lineage/?nodeId=dataset:{ORDERS}&depth=20")).await;
        assert_eq!(same, graph);
        let near = api.get("/api/v1/lineage?nodeId=job:shop:sum_up&depth=0").await;
        let orders = format!("dataset:{ORDERS}");
        let totals = format!("dataset:{TOTALS}");
        assert_eq!(each(&near["graph"], "id"), [&orders, &totals, "job:shop:sum_up"]);
    }

    async fn edges_of_a_running_job_are_there_from_its_start(backend) {
        let api = Api::new(backend).await;
        let mut start = run("START", "2026-03-01T06:00:00Z", RUN_1, "stream");
        start["inputs"] = json!([{"namespace": "kafka://k:9092", "name": "clicks"}]);
        api.tell([start]).await;
        assert_eq!(
            edges(&api, "/api/v1/lineage?nodeId=job:shop:stream").await,
            [("dataset:kafka://k:9092:clicks".to_owned(), "job:shop:stream".to_owned())]
        );
    }

    async fn column_lineage_leads_from_a_column_to_what_it_was_made_from(backend) {
        let api = Api::shop(backend).await;
        let of = |id: &str| format!("/api/v1/column-lineage/?nodeId={id}");
        let graph = api.get(&of(&format!("dataset:{TOTALS}"))).await;
        assert_json_snapshot!("marquez_column_lineage", graph);
        let field = edges(&api, &of(&format!("datasetField:{TOTALS}:total"))).await;
        let edge = |to: &str| {
            (format!("datasetField:{TOTALS}:total"), format!("datasetField:{ORDERS}:{to}"))
        };
        assert_eq!(field, [edge("amount"), edge("id")]);
        let job = api.get(&of("job:shop:sum_up")).await;
        assert_eq!(job["graph"].as_array().unwrap().len(), 5);
    }

    async fn column_lineage_goes_downstream_if_asked(backend) {
        let api = Api::shop(backend).await;
        let id = format!("datasetField:{ORDERS}:amount");
        let up = api.get(&format!("/api/v1/column-lineage?nodeId={id}")).await;
        assert_eq!(up["graph"][0]["outEdges"], json!([]));
        let down = api.get(&format!("/api/v1/column-lineage?nodeId={id}&withDownstream=true")).await;
        let node = down["graph"].as_array().unwrap().iter().find(|node| node["id"] == json!(id));
        let total = format!("datasetField:{TOTALS}:total");
        assert_eq!(node.unwrap()["outEdges"], json!([{"origin": id, "destination": total}]));
    }

    async fn column_lineage_says_what_it_leaves_out(backend) {
        let api = Api::new(backend).await;
        let columns = |prefix: &str| (0..300).map(|n| format!("{prefix}{n}")).collect::<Vec<_>>();
        let input = |field: &String| json!({"namespace": "ns", "name": "in", "field": field});
        let own = |field: &String| (field.clone(), json!({"inputFields": [input(&"a0".to_owned())]}));
        let mut event = run("COMPLETE", "2026-03-01T06:00:00Z", RUN_1, "wide");
        event["outputs"] = json!([{"namespace": "ns", "name": "out", "facets": {"columnLineage": {
            "_producer": "p", "_schemaURL": "s",
            "fields": columns("b").iter().map(own).collect::<serde_json::Map<_, _>>(),
            "dataset": columns("a").iter().map(input).collect::<Vec<_>>(),
        }}}]);
        api.tell([event]).await;
        let graph = api.get("/api/v1/column-lineage?nodeId=dataset:ns:out").await;
        assert_eq!(graph["graph"].as_array().unwrap().len(), 600);
        // 300 own inputs, and 300 of the dataset for each of 300 columns; 50,000 are told.
        assert_eq!(graph["truncated"], json!({"leftOut": 0, "edgesLeftOut": 40_300}));
    }

    async fn column_lineage_of_a_version_is_what_was_known_by_then(backend) {
        let api = Api::shop(backend).await;
        let path = "/api/v1/namespaces/postgres%3A%2F%2Fdb%3A5432/datasets/shop.public.totals";
        let first = api.get(path).await["currentVersion"].as_str().unwrap().to_owned();
        let id = "0199e2a0-0000-7000-8000-000000000004";
        let mut later = shop().pop().unwrap();
        later["eventTime"] = json!("2026-03-09T07:00:00Z");
        later["run"]["runId"] = json!(id);
        let fields = &mut later["outputs"][0]["facets"]["columnLineage"]["fields"];
        fields["total"]["inputFields"][0]["field"] = json!("price");
        api.tell([later]).await;
        let of = |version: &str| {
            format!("/api/v1/column-lineage?nodeId=datasetField:{TOTALS}:total%23{version}")
        };
        let then = api.get(&of(&first)).await;
        let inputs = |graph: &Value| {
            let nodes = graph["graph"].as_array().unwrap();
            let node = nodes.iter().find(|node| node["data"]["field"] == "total").unwrap();
            each(&node["data"]["inputFields"], "field").join(" ")
        };
        assert_eq!(inputs(&then), "amount id");
        let now = api.get(path).await["currentVersion"].as_str().unwrap().to_owned();
        assert_eq!(inputs(&api.get(&of(&now)).await), "id price");
        let both = format!("{}&withDownstream=true", of(&first));
        assert_eq!(api.call("GET", &both, None).await.status, 400);
    }

    async fn runs_upstream_are_those_that_wrote_what_was_read(backend) {
        let api = Api::shop(backend).await;
        let path = format!("/api/v1/runlineage/upstream?runId={RUN_3}");
        let lineage = api.get(&path).await;
        let runs: Vec<&Value> = lineage["runs"].as_array().unwrap().iter().map(|r| &r["run"]).collect();
        assert_eq!(runs[0]["id"], RUN_3);
        assert_eq!(runs[0]["status"], "COMPLETED");
        assert_eq!(runs[0]["end"], "2026-03-02T07:00:30.5Z");
        assert_eq!(lineage["runs"][0]["inputs"][0]["producedByRunId"], RUN_2);
        assert_eq!(lineage["runs"][0]["job"]["name"], "sum_up");
        assert_eq!((runs.len(), &runs[1]["id"]), (2, &json!(RUN_2)));
        assert_eq!(api.get(&format!("{path}&depth=0")).await["runs"].as_array().unwrap().len(), 1);
    }
}
