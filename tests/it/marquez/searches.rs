//! Search, statistics, events, and what `marquez_strict` makes of them.

use serde_json::{Value, json};

use super::api::{Api, each, shop};

fn job_event() -> Value {
    json!({
        "eventTime": "2026-03-01T00:00:00Z",
        "producer": "p",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/JobEvent",
        "job": {"namespace": "shop", "name": "declared"},
    })
}

both! {
    async fn search_finds_names_and_tells_how_many(backend) {
        let api = Api::shop(backend).await;
        let found = api.get("/api/v1/search?q=orders&sort=name").await;
        assert_eq!(found["totalCount"].as_u64().unwrap(), found["results"].as_array().unwrap().len() as u64);
        let exact = api.get("/api/v1/search?q=shop.public.orders").await;
        assert_eq!(
            exact["results"][0],
            json!({
                "type": "DATASET", "name": "shop.public.orders", "updatedAt": "2026-03-02T07:00:30.5Z",
                "namespace": "postgres://db:5432", "nodeId": "dataset:postgres://db:5432:shop.public.orders",
            })
        );
        let jobs = api.get("/api/v1/search?q=ord&filter=job").await;
        assert_eq!(each(&jobs["results"], "name"), ["load_orders"]);
        let one = api.get("/api/v1/search?q=orders&limit=1").await;
        assert_eq!(one["results"].as_array().unwrap().len(), 1);
        assert_eq!(one["totalCount"], found["totalCount"]);
    }

    async fn search_is_filtered_by_namespace_and_day(backend) {
        let api = Api::shop(backend).await;
        let of = async |filter: &str| {
            let found = api.get(&format!("/api/v1/search?q=orders&{filter}")).await;
            let mut names: Vec<String> = each(&found["results"], "type").iter().map(|s| (*s).to_owned()).collect();
            names.sort();
            names.dedup();
            names.join(" ")
        };
        assert_eq!(of("namespace=shop").await, "JOB");
        assert_eq!(of("namespace=postgres://db:5432").await, "DATASET");
        assert_eq!(of("namespace=nowhere").await, "");
        assert_eq!(of("after=2026-03-02").await, "DATASET JOB");
        assert_eq!(of("after=2026-03-03").await, "");
        assert_eq!(of("before=2026-03-02").await, "");
        let odd = api.get("/api/v1/search?q=%22unclosed%20tag:%20(").await;
        assert_eq!(odd["totalCount"], 0);
    }

    async fn statistics_have_24_hours_or_7_days(backend) {
        let api = Api::shop(backend).await;
        let hours = api.get("/api/v1/stats/lineage-events?period=DAY").await;
        assert_eq!(hours.as_array().unwrap().len(), 24);
        let members: Vec<&String> = hours[0].as_object().unwrap().keys().collect();
        assert_eq!(members.len(), 6);
        let days = api.get("/api/v1/stats/datasets?period=week&timezone=Europe/Paris").await;
        assert_eq!(days.as_array().unwrap().len(), 7);
        assert_eq!(days[6]["count"], 2);
        assert_eq!(api.get("/api/v1/stats/sources?period=DAY").await[23]["count"], 1);
    }

    async fn strict_mode_counts_as_marquez_does(backend) {
        for strict in [false, true] {
            let api = if strict { Api::strict(backend).await } else { Api::new(backend).await };
            api.tell(shop()).await;
            api.tell([job_event()]).await;
            let total = |fixed: u64, bug: u64| json!(if strict { bug } else { fixed });
            let events = api.get("/api/v1/events/lineage?limit=2").await;
            assert_eq!(events["totalCount"], total(6, 7));
            let jobs = api.get("/api/v1/jobs?lastRunStates=COMPLETED").await;
            assert_eq!((jobs["jobs"].as_array().unwrap().len(), &jobs["totalCount"]), (2, &total(2, 3)));
            let found = api.get("/api/v1/search?q=shop&limit=1").await;
            assert!(strict == (found["totalCount"] == 1));
        }
    }
}
