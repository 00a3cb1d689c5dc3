//! Each act is asked by itself, also of whoever sees every dataset and job whole: runs, events,
//! the lineage of runs.

use serde_json::{Value, json};

use super::{Asking, facet};
use crate::policies::admin;
use crate::world::{Backend, World};

/// The run that is hidden, and one that is seen.
const HIDDEN: &str = "0199e2a0-5d1c-7c3e-b3a8-000000000001";
const SEEN: &str = "0199e2a0-5d1c-7c3e-b3a8-000000000002";

/// What the administrator needs, and that `reader` sees every dataset and job whole.
const WHOLE: &str = "\
g, user:reader, reader, *
p, see, reader, *, dataset:search|dataset:read|dataset:read_fields|job:search|job:read|namespace:read, *, *, allow
p, admin, bootstrap, *, *, *, *, allow
g, system:bootstrap, bootstrap, *
";

/// A run of a job, complete, that read and wrote datasets.
fn event(
    (run, minute): (&str, u8),
    (namespace, job): (&str, &str),
    io: [&[(&str, &str)]; 2],
) -> Value {
    let datasets = |all: &[(&str, &str)]| -> Vec<Value> {
        all.iter().map(|(namespace, name)| json!({"namespace": namespace, "name": name})).collect()
    };
    let [inputs, outputs] = io.map(datasets);
    let nominal = facet(json!({"nominalStartTime": "2026-11-20T12:00:00Z"}));
    json!({
        "eventType": "COMPLETE", "eventTime": format!("2026-11-20T12:{minute:02}:00Z"),
        "producer": "https://example.com/etl",
        "run": {"runId": run, "facets": {"nominalTime": nominal}},
        "job": {"namespace": namespace, "name": job}, "inputs": inputs, "outputs": outputs,
    })
}

/// Posts a run as the administrator.
async fn run(world: &World, run: (&str, u8), job: (&str, &str), io: [&[(&str, &str)]; 2]) {
    admin(world, "POST", "/api/v1/lineage", &event(run, job, io)).await.ok(201);
}

async fn reader(world: &World) -> Asking<'_> {
    Asking { world, token: world.person("reader", &[]).await }
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_and_events_are_asked_of_whoever_sees_every_dataset_and_job() {
    let lines = [
        "p, of, reader, *, run:read|event:read, !ns:hush, *, allow\n",
        "p, all, reader, *, run:read|event:read, *, *, allow\np, not, reader, *, run:read|event:read, ns:hush, *, deny\n",
    ];
    for (backend, lines) in Backend::ALL.into_iter().flat_map(|b| lines.map(|lines| (b, lines))) {
        let world = World::with_rules(backend, &format!("{WHOLE}{lines}")).await;
        run(&world, (HIDDEN, 0), ("hush", "secret"), [&[], &[("hush", "x")]]).await;
        run(&world, (SEEN, 1), ("etl", "open"), [&[], &[("etl", "y")]]).await;
        world.settle().await;
        let reader = reader(&world).await;
        for (path, hidden) in [("runs", HIDDEN), ("jobs/runs", HIDDEN)] {
            let at = |run: &str| format!("/api/v1/{path}/{run}");
            assert_eq!(reader.get(&at(hidden)).await.status, 404, "{path} {backend:?}");
            assert_eq!(reader.get(&at(SEEN)).await.status, 200, "{path} {backend:?}");
        }
        let facets = |run: &str| format!("/api/v1/jobs/runs/{run}/facets?type=run");
        assert_eq!(reader.get(&facets(HIDDEN)).await.status, 404, "{backend:?}");
        assert!(reader.get(&facets(SEEN)).await.text.contains("nominalTime"), "{backend:?}");
        for (namespace, job, runs) in [("hush", "secret", 0), ("etl", "open", 1)] {
            let path = format!("/api/v1/namespaces/{namespace}/jobs/{job}");
            let told = reader.get(&path).await.ok(200);
            assert_eq!(told["latestRun"].is_null(), runs == 0, "{told}");
            let listed = reader.get(&format!("{path}/runs")).await.ok(200);
            assert_eq!(listed["runs"].as_array().map(Vec::len), Some(runs), "{listed}");
            assert_eq!(listed["totalCount"], runs, "{listed}");
            let path = format!("/api/v1/jobs/{}", lethe::base::JobId::of(namespace, job).0);
            let told = reader.get(&path).await.ok(200);
            assert_eq!((&told["runs"], told["state"].is_null()), (&json!(runs), runs == 0));
            let listed = reader.get(&format!("{path}/runs")).await.ok(200);
            assert_eq!(listed["items"].as_array().map(Vec::len), Some(runs), "{listed}");
        }
        let jobs = reader.get("/api/v1/jobs?lastRunStates=COMPLETED").await;
        assert!(jobs.text.contains("open") && !jobs.text.contains("secret"), "{}", jobs.text);
        assert!(reader.get("/api/v1/jobs").await.text.contains("secret"));
        for path in ["/api/v1/events?limit=100", "/api/v1/events/lineage?limit=100"] {
            let events = reader.get(path).await;
            events.ok(200);
            assert!(events.text.contains("\"open\""), "{path} {backend:?}: {}", events.text);
            assert!(!events.text.contains("secret"), "{path} {backend:?}: {}", events.text);
        }
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_upstream_are_told_as_far_as_the_lineage_of_their_jobs_and_datasets_may_be_read() {
    let id = |number: u8| format!("0199e2a0-5d1c-7c3e-b3a8-0000000000{number:02}");
    let lines = "p, runs, reader, *, run:read, *, *, allow\np, trace, reader, *, lineage:read, ns:etl, *, allow\n";
    for backend in Backend::ALL {
        let world = World::with_rules(backend, &format!("{WHOLE}{lines}")).await;
        // By a job that is not traced: a dataset that is not, and one that is.
        run(&world, (&id(1), 1), ("hush", "a"), [&[], &[("hush", "x"), ("etl", "z")]]).await;
        run(&world, (&id(2), 2), ("etl", "b"), [&[("hush", "x"), ("etl", "z")], &[("etl", "y")]])
            .await;
        run(&world, (&id(3), 3), ("etl", "c"), [&[("etl", "y")], &[]]).await;
        world.settle().await;
        let reader = reader(&world).await;
        assert_eq!(reader.get("/api/v1/lineage/graph?focus=dataset:hush:x").await.status, 404);
        let upstream = |number| format!("/api/v1/runlineage/upstream?runId={}", id(number));
        let hidden = reader.get(&upstream(1)).await;
        assert_eq!(hidden.status, 404, "{backend:?}: {}", hidden.text);
        let told = reader.get(&upstream(3)).await.ok(200);
        let runs = told["runs"].as_array().cloned().unwrap_or_default();
        let jobs: Vec<&Value> = runs.iter().map(|run| &run["job"]["name"]).collect();
        assert_eq!(jobs, ["c", "b"], "{backend:?}: {told}");
        assert_eq!(runs[0]["inputs"][0]["producedByRunId"], id(2), "{told}");
        let inputs = runs[1]["inputs"].as_array().cloned().unwrap_or_default();
        let names: Vec<&Value> = inputs.iter().map(|input| &input["name"]).collect();
        assert_eq!(names, ["z"], "{backend:?}: {told}");
        assert!(inputs[0]["producedByRunId"].is_null(), "{told}");
        assert!(!told.to_string().contains(&id(1)), "{told}");
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_page_of_events_ends_is_told_by_what_is_shown() {
    let id = |number: u8| format!("0199e2a0-5d1c-7c3e-b3a8-0000000000{number:02}");
    let lines = "p, of, reader, *, run:read|event:read, !ns:hush, *, allow\n";
    for backend in Backend::ALL {
        let world = World::with_rules(backend, &format!("{WHOLE}{lines}")).await;
        for (number, namespace) in [(1, "etl"), (2, "hush"), (3, "hush"), (4, "etl"), (5, "hush")] {
            run(&world, (&id(number), number), (namespace, "job"), [&[], &[]]).await;
        }
        world.settle().await;
        let reader = reader(&world).await;
        for order in ["asc", "desc"] {
            let path = format!("/api/v1/events?limit=1&order={order}");
            let (mut shown, mut after) = (Vec::new(), String::new());
            loop {
                let page = reader.get(&format!("{path}{after}")).await.ok(200);
                let items = page["items"].as_array().cloned().unwrap_or_default();
                let last = items.last().map(|item| item["id"].clone());
                shown.extend(items.iter().map(|item| item["event"]["run"]["runId"].clone()));
                let Some(next) = page["next"].as_str() else { break };
                let cursor = lethe::base::cursor::Cursor::decode(next).expect("a cursor");
                assert_eq!(last, Some(json!(cursor.id)), "{order} {backend:?}");
                after = format!("&after={next}");
            }
            let mut seen = [id(1), id(4)];
            if order == "desc" {
                seen.reverse();
            }
            assert_eq!(shown, seen, "{order} {backend:?}");
        }
        world.app.stop().await;
    }
}

/// Datasets that one page of strangers goes through, and a few.
const MORE_THAN_A_PAGE: usize = 1_010;

#[tokio::test(flavor = "multi_thread")]
async fn where_a_page_of_strangers_ends_tells_nothing_of_what_is_hidden() {
    let lines = "\
p, accounts, reader, *, service_account:write, *, *, allow
p, hush, reader, *, dataset:*, ns:hush, *, deny
p, ingest, ingest, *, event:ingest, ns:self, *, allow
g, group:pipelines, ingest, *
";
    for backend in Backend::ALL {
        let world = World::with_rules(backend, &format!("{WHOLE}{lines}")).await;
        let other = world.service("other", &json!({"namespaces": ["etl"]})).await;
        let post = async |event: Value| {
            world.call_as(&other, "POST", "/api/v1/lineage", &event).await.ok(201);
        };
        let names: Vec<String> = (0..MORE_THAN_A_PAGE).map(|place| format!("t{place}")).collect();
        for (place, some) in names.chunks(200).enumerate() {
            let hidden: Vec<(&str, &str)> = some.iter().map(|name| ("hush", &name[..])).collect();
            let id = format!("0199e2a0-5d1c-7c3e-b3a8-0000000001{place:02}");
            post(event((&id, 1), ("etl", "bulk"), [&[], &hidden])).await;
        }
        post(event((SEEN, 2), ("etl", "open"), [&[], &[("open", "one"), ("open", "two")]])).await;
        world.settle().await;
        let reader = reader(&world).await;
        let path = "/api/v1/service-accounts/loader/strangers?namespace=";
        for namespace in ["open", "hush", "*"] {
            let page = reader.get(&format!("{path}{namespace}")).await.ok(200);
            assert_eq!(page["next"], Value::Null, "{namespace} {backend:?}: {page}");
            let items = page["items"].as_array().cloned().unwrap_or_default();
            let seen = if namespace == "hush" { 0 } else { 2 };
            assert_eq!(items.len(), seen, "{namespace} {backend:?}: {page}");
        }
        let all = admin(&world, "GET", &format!("{path}hush"), &Value::Null).await.ok(200);
        assert!(all["next"].is_string(), "{}", all["next"]);
        world.app.stop().await;
    }
}
