//! Names that turn out to be one thing: a link, which any pipeline may tell, moves nothing that people
//! said of one name to the other, and what people say from then on they say of both.

use serde_json::{Value, json};

use crate::events::facet;
use crate::world::{Backend, TOKEN, World};

const PLACE: &str = "pg://free:5432";

/// An event of a job that writes a dataset with these facets.
fn written(job: &str, name: &str, facets: Value) -> Value {
    json!({
        "eventType": "COMPLETE", "eventTime": "2026-11-20T10:00:00Z", "producer": "https://e.org",
        "run": {"runId": uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, job.as_bytes())},
        "job": {"namespace": "etl", "name": job},
        "outputs": [{"namespace": PLACE, "name": name, "facets": facets}],
    })
}

fn symlink(to: &str) -> Value {
    let other = json!({"namespace": PLACE, "name": to, "type": "TABLE"});
    json!({"symlinks": facet(json!({"identifiers": [other]}))})
}

fn renamed(from: &str) -> Value {
    let other = json!({"namespace": PLACE, "name": from});
    let change = json!({"lifecycleStateChange": "RENAME", "previousIdentifier": other});
    json!({"lifecycleStateChange": facet(change)})
}

/// The same event of a run that names `dag` as its parent.
fn below_dag(event: &Value) -> Value {
    let mut event = event.clone();
    event["run"]["facets"]["parent"] = facet(json!({
        "run": {"runId": "0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a99"},
        "job": {"namespace": "etl", "name": "dag"},
    }));
    event
}

async fn post(world: &World, token: &str, event: &Value) {
    world.as_whom(token, "POST", "/api/v1/lineage", &event.to_string()).await.ok(201);
}

async fn admin(world: &World, method: &str, path: &str, body: &Value) {
    let answer = world.call_as(TOKEN, method, path, body).await;
    assert!(answer.status < 300, "{method} {path}: {}", answer.text);
}

fn id_of(name: &str) -> uuid::Uuid {
    lethe::base::DatasetId::of(PLACE, name).0
}

fn tag(name: &str) -> String {
    format!("/api/v1/datasets/{}/tags/restricted", id_of(name))
}

/// Tells with which status somebody is shown a dataset, by either of its names.
async fn shown(world: &World, token: &str) -> [u16; 2] {
    let mut told = [0; 2];
    for (told, name) in told.iter_mut().zip(["a", "b"]) {
        let path = format!("/api/v1/namespaces/pg%3A%2F%2Ffree%3A5432/datasets/{name}");
        *told = world.as_whom(token, "GET", &path, "").await.status;
    }
    told
}

/// Two datasets, of which people restricted the second, and once took that off the first.
async fn stage(backend: Backend) -> World {
    let world = World::guarded(backend).await;
    let class = json!({"tags": [{"key": "class", "value": "user.ssn", "field": "ssn"}]});
    for (name, facets) in [("a", json!({})), ("b", json!({"tags": facet(class)}))] {
        post(&world, TOKEN, &written(&format!("load-{name}"), name, facets)).await;
    }
    for (method, name) in [("PUT", "b"), ("PUT", "a"), ("DELETE", "a")] {
        admin(&world, method, &tag(name), &Value::Null).await;
    }
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_takes_no_mark_off_and_makes_nobody_an_owner() {
    for backend in Backend::ALL {
        for link in [symlink("b"), renamed("b")] {
            let world = stage(backend).await;
            let viewer = world.person("vera", &["viewer"]).await;
            let ann = world.person("ann", &["contributor"]).await;
            let owners = json!([{"name": "user:ann", "type": "OWNER"}]);
            let put = json!({"datasets": [{"namespace": PLACE, "name": "a", "owners": owners}]});
            admin(&world, "PUT", "/api/v1/datasets", &put).await;
            assert_eq!(shown(&world, &viewer).await, [200, 404], "{backend:?}");
            let etl = world.service("etl", &json!({"namespaces": ["etl"]})).await;
            post(&world, &etl, &written("link", "a", link.clone())).await;
            for rebuilt in [false, true] {
                for (who, token) in [("viewer", &viewer), ("owner of the other", &ann)] {
                    let told = shown(&world, token).await;
                    assert_eq!(told, [404; 2], "{backend:?}, {who}, rebuilt: {rebuilt}");
                }
                let taken = world.as_whom(&ann, "DELETE", &tag("b"), "").await;
                assert_eq!(taken.status, 404, "{backend:?}: {}", taken.text);
                let now = world.app.now();
                lethe::flow::rebuild(world.app.db(), now, |_| ()).await.expect("rebuilt");
                world.settle().await;
            }
            world.app.stop().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_say_of_a_linked_name_they_say_of_all() {
    for backend in Backend::ALL {
        let world = stage(backend).await;
        let viewer = world.person("vera", &["viewer"]).await;
        let ann = world.person("ann", &["contributor"]).await;
        post(&world, TOKEN, &written("link", "a", symlink("b"))).await;
        assert_eq!(shown(&world, &viewer).await, [404; 2], "{backend:?}");
        let owners = json!([{"name": "user:ann", "type": "OWNER"}]);
        let put = json!({"datasets": [{"namespace": PLACE, "name": "a", "owners": owners}]});
        admin(&world, "PUT", "/api/v1/datasets", &put).await;
        assert_eq!(shown(&world, &ann).await, [200; 2], "{backend:?}");
        admin(&world, "DELETE", &tag("a"), &Value::Null).await;
        assert_eq!(shown(&world, &viewer).await, [200; 2], "{backend:?}");
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_runs_a_job_under_a_parent_takes_no_mark_off_it() {
    let job = |name: &str| format!("/api/v1/namespaces/etl/jobs/{name}");
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let viewer = world.person("vera", &["viewer"]).await;
        let etl = world.service("etl", &json!({"namespaces": ["etl"]})).await;
        let child = written("kid", "a", json!({}));
        post(&world, &etl, &child).await;
        let mut longer = below_dag(&child);
        let mut other = longer.clone();
        other["run"]["runId"] = json!("0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a77");
        post(&world, &etl, &other).await;
        // The longer name is restricted, and once something was taken off the shorter.
        admin(&world, "POST", &format!("{}/tags/restricted", job("dag.kid")), &Value::Null).await;
        for method in ["POST", "DELETE"] {
            admin(&world, method, &format!("{}/tags/restricted", job("kid")), &Value::Null).await;
        }
        let seen = async |name: &str| world.as_whom(&viewer, "GET", &job(name), "").await.status;
        assert_eq!((seen("kid").await, seen("dag.kid").await), (200, 404), "{backend:?}");
        longer["eventTime"] = json!("2026-11-20T11:00:00Z");
        post(&world, &etl, &longer).await;
        assert_eq!((seen("kid").await, seen("dag.kid").await), (404, 404), "{backend:?}");
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_removed_for_good_leaves_its_marks_to_the_names_that_it_restricted() {
    let job = |name: &str| format!("/api/v1/namespaces/etl/jobs/{name}");
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let viewer = world.person("vera", &["viewer"]).await;
        post(&world, TOKEN, &written("kid", "a", json!({}))).await;
        admin(&world, "POST", &format!("{}/tags/restricted", job("kid")), &Value::Null).await;
        let mut longer = below_dag(&written("kid", "a", json!({})));
        longer["eventTime"] = json!("2026-11-20T11:00:00Z");
        post(&world, TOKEN, &longer).await;
        longer["run"]["runId"] = json!("0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a77");
        post(&world, TOKEN, &longer).await;
        let seen = async || world.as_whom(&viewer, "GET", &job("dag.kid"), "").await.status;
        assert_eq!(seen().await, 404, "{backend:?}");
        let id = lethe::base::JobId::of("etl", "kid").0;
        admin(&world, "DELETE", &format!("/api/v1/jobs/{id}?hard=true"), &Value::Null).await;
        for rebuilt in [false, true] {
            assert_eq!(seen().await, 404, "{backend:?}, rebuilt: {rebuilt}");
            let now = world.app.now();
            lethe::flow::rebuild(world.app.db(), now, |_| ()).await.expect("rebuilt");
            world.settle().await;
        }
        // Whoever may can still take it off.
        let tag = format!("{}/tags/restricted", job("dag.kid"));
        for method in ["POST", "DELETE"] {
            admin(&world, method, &tag, &Value::Null).await;
        }
        assert_eq!(seen().await, 200, "{backend:?}");
        world.app.stop().await;
    }
}
