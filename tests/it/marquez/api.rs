//! A client of the API, and the events that the walks are about.

use lethe::http::HttpSettings;
use serde_json::{Value, json};

use crate::world::{Backend, World};

/// What the server answered.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub location: Option<String>,
    pub body: Value,
}

/// A client.
pub struct Api(World);

/// The job's run of the first day, and of the second.
pub const RUN_1: &str = "0199e2a0-0000-7000-8000-000000000001";
pub const RUN_2: &str = "0199e2a0-0000-7000-8000-000000000002";
/// The run that reads what the other job wrote.
pub const RUN_3: &str = "0199e2a0-0000-7000-8000-000000000003";

impl Api {
    /// An empty server.
    pub async fn new(backend: Backend) -> Self {
        Self(World::new(backend).await)
    }

    /// An empty server that answers with Marquez's bugs.
    pub async fn strict(backend: Backend) -> Self {
        let settings = HttpSettings { marquez_strict: true, ..HttpSettings::default() };
        Self(World::with(backend, settings).await)
    }

    /// A server that knows the shop.
    pub async fn shop(backend: Backend) -> Self {
        let api = Self::new(backend).await;
        api.tell(shop()).await;
        api
    }

    pub async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        self.send(method, path, body.map_or(String::new(), |body| body.to_string())).await
    }

    /// Sends a text as it is.
    pub async fn send(&self, method: &str, path: &str, body: String) -> Reply {
        let answer = self.0.call(method, path, body).await;
        let location = answer.header("location").map(str::to_owned);
        let body = if answer.text.is_empty() { Value::Null } else { answer.json() };
        Reply { status: answer.status, location, body }
    }

    /// Asks for what must be there.
    pub async fn get(&self, path: &str) -> Value {
        let reply = self.call("GET", path, None).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        reply.body
    }

    /// Asks for what must not be there; returns the message.
    pub async fn missing(&self, path: &str) -> String {
        let reply = self.call("GET", path, None).await;
        assert_eq!((reply.status, &reply.body["code"]), (404, &json!(404)), "{path}");
        reply.body["message"].as_str().unwrap().to_owned()
    }

    /// Waits until lineage and search have seen everything: answers wait too, but not for
    /// ever, and the tests' machine may be busy.
    pub async fn settle(&self) {
        self.0.settle().await;
    }

    /// Sends events and waits until they can be seen everywhere.
    pub async fn tell(&self, events: impl IntoIterator<Item = Value>) {
        for event in events {
            let reply = self.call("POST", "/api/v1/lineage", Some(event.clone())).await;
            assert_eq!(reply.status, 201, "{event}: {}", reply.body);
        }
        self.settle().await;
    }
}

/// Values of a member of the elements of a list.
pub fn each<'a>(list: &'a Value, member: &str) -> Vec<&'a str> {
    list.as_array().unwrap().iter().map(|one| one[member].as_str().unwrap()).collect()
}

fn facet(name: &str, mut content: Value) -> Value {
    content["_producer"] = json!("https://shop.example/etl");
    content["_schemaURL"] = json!(format!("https://openlineage.io/spec/facets/1-0-0/{name}.json"));
    content
}

/// A run event.
pub fn run(kind: &str, at: &str, run: &str, job: &str) -> Value {
    json!({
        "eventType": kind,
        "eventTime": at,
        "producer": "https://shop.example/etl",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": run, "facets": {}},
        "job": {"namespace": "shop", "name": job, "facets": {}},
        "inputs": [],
        "outputs": [],
    })
}

fn orders() -> Value {
    json!({
        "namespace": "postgres://db:5432",
        "name": "shop.public.orders",
        "facets": {
            "schema": facet("SchemaDatasetFacet", json!({"fields": [
                {"name": "id", "type": "BIGINT", "description": "The order's number."},
                {"name": "amount", "type": "NUMERIC"},
                {"name": "email", "type": "TEXT"},
            ]})),
            "dataSource": facet("DatasourceDatasetFacet", json!({"name": "shop_db", "uri": "postgres://db:5432"})),
            "documentation": facet("DocumentationDatasetFacet", json!({"description": "All orders."})),
        },
    })
}

fn totals() -> Value {
    let input = |field: &str, kind: &str, subtype: &str| {
        json!({"namespace": "postgres://db:5432", "name": "shop.public.orders", "field": field,
            "transformations": [{"type": kind, "subtype": subtype, "description": "", "masking": false}]})
    };
    json!({
        "namespace": "postgres://db:5432",
        "name": "shop.public.totals",
        "facets": {
            "schema": facet("SchemaDatasetFacet", json!({"fields": [
                {"name": "buyer", "type": "TEXT"},
                {"name": "total", "type": "NUMERIC"},
            ]})),
            "columnLineage": facet("ColumnLineageDatasetFacet", json!({
                "fields": {
                    "buyer": {"inputFields": [input("email", "DIRECT", "IDENTITY")]},
                    "total": {"inputFields": [input("amount", "DIRECT", "AGGREGATION")]},
                },
                "dataset": [input("id", "INDIRECT", "FILTER")],
            })),
        },
        "outputFacets": {
            "outputStatistics": facet("OutputStatisticsOutputDatasetFacet", json!({"rowCount": 7})),
        },
    })
}

/// Two days of a job that loads orders, and one run of a job that sums them up.
pub fn shop() -> Vec<Value> {
    let mut events = Vec::new();
    for (day, id) in [("01", RUN_1), ("02", RUN_2)] {
        let mut start = run("START", &format!("2026-03-{day}T06:00:00Z"), id, "load_orders");
        start["run"]["facets"]["nominalTime"] = facet(
            "NominalTimeRunFacet",
            json!({"nominalStartTime": format!("2026-03-{day}T00:00:00Z")}),
        );
        let mut end = run("COMPLETE", &format!("2026-03-{day}T06:01:20Z"), id, "load_orders");
        end["outputs"] = json!([orders()]);
        events.extend([start, end]);
    }
    let mut start = run("START", "2026-03-02T07:00:00Z", RUN_3, "sum_up");
    start["job"]["facets"]["jobType"] = facet(
        "JobTypeJobFacet",
        json!({"processingType": "BATCH", "integration": "DBT", "jobType": "MODEL"}),
    );
    start["job"]["facets"]["sql"] = facet("SQLJobFacet", json!({"query": "SELECT 1"}));
    let mut end = run("COMPLETE", "2026-03-02T07:00:30.5Z", RUN_3, "sum_up");
    let mut read = orders();
    read["inputFacets"] = json!({"dataQualityAssertions": facet(
        "DataQualityAssertionsDatasetFacet",
        json!({"assertions": [{"assertion": "not_null", "success": true, "column": "id"}]}),
    )});
    end["inputs"] = json!([read]);
    end["outputs"] = json!([totals()]);
    events.extend([start, end]);
    events
}
