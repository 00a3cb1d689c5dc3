//! What is decided when a request begins holds only as long as nothing changed by the time all of it
//! has come: of somebody who was shut out meanwhile nothing is kept.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use futures_util::stream::{self, StreamExt};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::events::facet;
use crate::policies::{activate, admin, draft, pipeline, read, shipped_and};
use crate::world::{Answer, Backend, TOKEN, World};

/// How long is waited for what must happen at once.
const SOON: Duration = Duration::from_secs(10);

fn event(namespace: &str, name: &str) -> Value {
    let run = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, name.as_bytes());
    json!({
        "eventType": "COMPLETE", "eventTime": "2026-11-20T12:00:00Z",
        "producer": "https://example.com/etl", "run": {"runId": run},
        "job": {"namespace": namespace, "name": name},
    })
}

/// Sends a body in two parts; `meanwhile` happens when the first is read, before the second comes.
async fn slowly(
    world: &World,
    (token, method, path): (&str, &str, &str),
    (first, second): (String, String),
    meanwhile: impl AsyncFnOnce(),
) -> Answer {
    let (begin, begun) = oneshot::channel();
    let (go_on, goes_on) = oneshot::channel::<()>();
    let head = stream::once(async move { Ok::<_, Infallible>(first) });
    let tail = stream::once(async move {
        begin.send(()).expect("it is waited for");
        goes_on.await.expect("it goes on");
        Ok(second)
    });
    let request = Request::builder().method(method).uri(path);
    let request = request.header("content-type", "application/json");
    let request = request.header("authorization", format!("Bearer {token}"));
    let request = request.body(Body::from_stream(head.chain(tail))).expect("a request");
    let acts = async {
        begun.await.expect("the body is read");
        meanwhile().await;
        go_on.send(()).expect("it is read on");
    };
    tokio::join!(world.send(request), acts).0
}

/// Sends JSON slowly.
async fn say(
    world: &World,
    to: (&str, &str, &str),
    body: &Value,
    meanwhile: impl AsyncFnOnce(),
) -> Answer {
    slowly(world, to, (" ".to_owned(), body.to_string()), meanwhile).await
}

async fn revoke(world: &World, id: &str) {
    admin(world, "DELETE", &format!("/api/v1/tokens/{id}"), &Value::Null).await.ok(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_kept_of_whoever_was_shut_out_while_it_came() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let (etl, id) = pipeline(&world, "etl", "etl").await;
        let post = (&*etl, "POST", "/api/v1/lineage");
        let gone = async || revoke(&world, &id).await;
        let late = say(&world, post, &event("etl", "late"), gone).await;
        late.problem(401, "unauthorized");
        let (dbt, _) = pipeline(&world, "dbt", "dbt").await;
        let batch = (&*dbt, "POST", "/api/v1/lineage/batch");
        let disable = async || {
            let path = "/api/v1/service-accounts/dbt";
            admin(&world, "DELETE", path, &Value::Null).await.ok(204);
        };
        let late = say(&world, batch, &json!([event("dbt", "late")]), disable).await;
        assert_eq!(late.header("www-authenticate"), Some("Bearer"));
        late.problem(401, "unauthorized");
        let put = json!({"datasets": [{"namespace": "pg", "name": "late"}]});
        let described = json!({"ownerName": "stella", "description": "late"});
        for (path, body) in [("/api/v1/datasets", &put), ("/api/v1/namespaces/late", &described)] {
            let stella = world.person("stella", &["steward"]).await;
            let gone = async || {
                let path = "/api/v1/users/stella";
                admin(&world, "DELETE", path, &Value::Null).await.ok(204);
            };
            let late = say(&world, (&stella, "PUT", path), body, gone).await;
            assert_eq!(late.status, 401, "{path}: {}", late.text);
            let again = json!({"enabled": true});
            admin(&world, "PUT", "/api/v1/users/stella", &again).await.ok(200);
        }
        for path in ["/api/v1/jobs", "/api/v1/namespaces"] {
            let found = read(&world, path).await.to_string();
            assert!(!found.contains("late"), "{path}: {found}");
        }
        let found = read(&world, "/api/v1/datasets?namespace=pg&name=late").await;
        assert_eq!(found["items"], json!([]));
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_changed_while_it_comes_sends_it_again_and_nobody_else_notices() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let stella = world.person("stella", &["steward"]).await;
        let (_, other) = pipeline(&world, "other", "other").await;
        let put = |name: &str| json!({"datasets": [{"namespace": "pg", "name": name}]});
        let to = (&*stella, "PUT", "/api/v1/datasets");
        let taken = async || {
            let viewer = json!({"roles": [{"role": "viewer"}]});
            admin(&world, "PUT", "/api/v1/users/stella", &viewer).await.ok(200);
        };
        say(&world, to, &put("taken"), taken).await.problem(503, "rights-changed");
        world
            .call_as(&stella, "PUT", "/api/v1/datasets", &put("taken"))
            .await
            .problem(403, "forbidden");
        let steward = json!({"roles": [{"role": "steward"}]});
        admin(&world, "PUT", "/api/v1/users/stella", &steward).await.ok(200);
        let ruled = async || {
            let rules = shipped_and("p, no-edits, steward, *, dataset:edit, *, *, deny");
            let number = draft(&world, &rules).await;
            let waived = json!({"waiveShippedCases": "nobody edits"});
            activate(&world, number, &waived).await.ok(200);
        };
        say(&world, to, &put("ruled"), ruled).await.problem(503, "rights-changed");
        activate(&world, 1, &json!({})).await.ok(200);
        // What is changed of others changes nothing here.
        let others = async || revoke(&world, &other).await;
        say(&world, to, &put("kept"), others).await.ok(204);
        let found = read(&world, "/api/v1/datasets?namespace=pg").await;
        let names: Vec<&Value> =
            found["items"].as_array().expect("items").iter().map(|one| &one["name"]).collect();
        assert_eq!(names, [&json!("kept")], "{backend:?}");
        world.app.stop().await;
    }
}

/// Writes events as an import takes them.
fn lines(events: impl IntoIterator<Item = Value>) -> String {
    events.into_iter().map(|event| format!("{event}\n")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_ends_with_the_token_that_it_came_by() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let account = json!({"namespaces": ["etl"], "roles": [{"role": "operator"}]});
        let importer = world.service("importer", &account).await;
        // As many as are taken at once.
        let before = (0..1_000).map(|number| {
            let mut event = event("etl", &format!("before {number}"));
            event["job"]["name"] = json!("before");
            event
        });
        let parts = (lines(before), lines([event("etl", "after")]));
        let meanwhile = async || {
            // They are kept although the stream stands still.
            let began = Instant::now();
            let job = "/api/v1/namespaces/etl/jobs/before";
            while admin(&world, "GET", job, &Value::Null).await.status != 200 {
                assert!(began.elapsed() < SOON, "what came is not kept");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            let path = "/api/v1/service-accounts/importer";
            admin(&world, "DELETE", path, &Value::Null).await.ok(204);
        };
        let to = (&*importer, "POST", "/api/v1/events/import");
        slowly(&world, to, parts, meanwhile).await.problem(401, "unauthorized");
        let jobs = read(&world, "/api/v1/jobs").await;
        assert_eq!((&jobs["totalCount"], &jobs["jobs"][0]["name"]), (&json!(1), &json!("before")));
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_an_import_count_by_the_bonds_there_are_when_they_come() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let account = json!({"namespaces": ["etl"], "roles": [{"role": "operator"}]});
        let importer = world.service("importer", &account).await;
        let vera = world.person("vera", &["viewer"]).await;
        let known = json!([{"namespace": "pg", "name": "open"}]);
        let mut first = event("finance", "load");
        first["outputs"] = known;
        world.call_as(TOKEN, "POST", "/api/v1/lineage", &first).await.ok(201);
        let tags = facet(json!({"tags": [{"key": "restricted", "value": "true"}]}));
        let mut hides = event("etl", "hides");
        hides["outputs"] = json!([{"namespace": "pg", "name": "open", "facets": {"tags": tags}}]);
        let bind = async || {
            let fin = json!({"namespaces": ["finance"], "datasetNamespaces": ["pg"]});
            admin(&world, "PUT", "/api/v1/service-accounts/fin", &fin).await.ok(200);
        };
        let to = (&*importer, "POST", "/api/v1/events/import");
        slowly(&world, to, (lines([event("etl", "before")]), lines([hides])), bind).await.ok(200);
        let path = "/api/v1/datasets?namespace=pg&name=open";
        let seen = world.call_as(&vera, "GET", path, &Value::Null).await.ok(200);
        assert_eq!(seen["items"][0]["name"], "open", "{backend:?}: {seen}");
        world.app.stop().await;
    }
}
