//! What is hidden and what is not there are answered alike: status, words, sizes.

use serde_json::{Value, json};

use super::{Asking, OPEN, Run, about, columns, dataset, tags};
use crate::world::{Answer, Backend, World};

/// A dataset and a job that few see.
pub(super) async fn catalog(world: &World) {
    let many: Vec<String> = (0..200).map(|place| format!("column_{place}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let restricted = || tags(&[("restricted", "true", None)]);
    about(world, dataset("hush", json!({"schema": columns(&many), "tags": restricted()}))).await;
    about(world, dataset("seen", json!({}))).await;
    Run::of("hush", json!({"tags": restricted()})).post(world).await;
    world.settle().await;
}

/// An answer without what differs between any two: the name that was asked for, the request's id.
fn alike(answer: &Answer, name: &str) -> (u16, String, Vec<(String, String)>) {
    let id =
        |kind: fn(&str, &str) -> uuid::Uuid, namespace: &str| kind(namespace, name).to_string();
    let dataset = id(|namespace, name| lethe::base::DatasetId::of(namespace, name).0, OPEN);
    let job = id(|namespace, name| lethe::base::JobId::of(namespace, name).0, "etl");
    let text = answer.text.replace(&dataset, "ID").replace(&job, "ID").replace(name, "NAME");
    let mut text: Value = serde_json::from_str(&text).unwrap_or(Value::String(text));
    if let Some(object) = text.as_object_mut() {
        object.remove("instance");
        object.remove("requestId");
    }
    let told = |(key, _): &(&axum::http::HeaderName, _)| *key != "x-request-id";
    let headers = answer.headers.iter().filter(told);
    let header = |(key, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        (key.to_string(), value.to_str().unwrap_or_default().to_owned())
    };
    (answer.status, text.to_string(), headers.map(header).collect())
}

/// Paths that ask for something by its name or by the id that its name gives.
fn paths(name: &str) -> Vec<(&'static str, String, String)> {
    let id = lethe::base::DatasetId::of(OPEN, name).0;
    let job = lethe::base::JobId::of("etl", name).0;
    let put = json!({"datasets": [{"namespace": OPEN, "name": name, "description": "x"}]});
    let table = json!({"type": "DB_TABLE", "physicalName": name, "sourceName": "s", "fields": []});
    let flow =
        json!({"type": "BATCH", "inputs": [{"namespace": OPEN, "name": name}], "outputs": []});
    let none = String::new;
    vec![
        ("GET", format!("/api/v1/datasets/{id}"), none()),
        ("GET", format!("/api/v1/datasets/{id}/schemas"), none()),
        ("GET", format!("/api/v1/datasets?namespace={OPEN}&name={name}"), none()),
        ("GET", format!("/api/v1/namespaces/{OPEN}/datasets/{name}"), none()),
        ("GET", format!("/api/v1/namespaces/{OPEN}/datasets/{name}/versions"), none()),
        ("GET", format!("/api/v1/jobs/{job}"), none()),
        ("GET", format!("/api/v1/jobs/{job}/runs"), none()),
        ("GET", format!("/api/v1/namespaces/etl/jobs/{name}"), none()),
        ("GET", format!("/api/v1/namespaces/etl/jobs/{name}/runs"), none()),
        ("GET", format!("/api/v1/lineage/graph?focus=dataset:{OPEN}:{name}"), none()),
        ("GET", format!("/api/v1/lineage?nodeId=dataset:{OPEN}:{name}"), none()),
        ("GET", format!("/api/v1/catalog/explain?q=x&kind=dataset&id={id}"), none()),
        ("PUT", "/api/v1/datasets".to_owned(), put.to_string()),
        ("PUT", format!("/api/v1/datasets/{id}/tags/gold"), none()),
        ("DELETE", format!("/api/v1/datasets/{id}"), none()),
        ("PUT", format!("/api/v1/namespaces/{OPEN}/datasets/{name}"), table.to_string()),
        ("PUT", format!("/api/v1/namespaces/etl/jobs/{name}"), flow.to_string()),
        ("POST", format!("/api/v1/namespaces/etl/jobs/{name}/runs"), "{}".to_owned()),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_is_answered_as_what_is_not_there() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        catalog(&world).await;
        for role in ["viewer", "contributor"] {
            let asker = Asking::of_role(&world, role).await;
            for (hidden, unknown) in paths("hush").into_iter().zip(paths("nope")) {
                let (method, path, body) = hidden;
                let one = world.as_whom(&asker.token, method, &path, &body).await;
                let other = world.as_whom(&asker.token, method, &unknown.1, &unknown.2).await;
                let (one, other) = (alike(&one, "hush"), alike(&other, "nope"));
                assert_eq!(one, other, "{method} {path} as {role} on {backend:?}");
                let size = asker.get("/api/v1/audit").await.ok(200)["size"].clone();
                assert_eq!(size, 0, "{method} {path}");
            }
            for path in ["checkpoint", "consistency?from=0&to=1", "records", "tile/0/000.p/1"] {
                assert_eq!(asker.get(&format!("/api/v1/audit/{path}")).await.status, 403, "{path}");
            }
        }
        let auditor = Asking::of_role(&world, "auditor").await;
        let size = auditor.get("/api/v1/audit").await.ok(200)["size"].as_u64();
        assert!(size > Some(0), "{size:?}");
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_masked_field_is_answered_as_one_that_is_not_there() {
    let world = World::guarded(Backend::Sqlite).await;
    let mark = tags(&[("class", "user.contact.email", Some("masked_x"))]);
    let people = json!({"schema": columns(&["id", "masked_x"]), "tags": mark});
    about(&world, dataset("people", people)).await;
    world.settle().await;
    let viewer = Asking::of_role(&world, "viewer").await;
    for door in ["graph?", "impact?", "diff?before=2026-01-01T00:00:00Z&", "paths?to=X&"] {
        let ask = async |field: &str| {
            let node = format!("datasetField:{OPEN}:people:{field}");
            let start = if door.starts_with("paths") { "from" } else { "focus" };
            let door = door.replace('X', &node);
            viewer.get(&format!("/api/v1/lineage/{door}{start}={node}&level=column")).await
        };
        assert_eq!(ask("id").await.status, 200, "{door}");
        let (masked, nothing) = (ask("masked_x").await, ask("nowhere_").await);
        assert_eq!(alike(&masked, "masked_x"), alike(&nothing, "nowhere_"), "{door}");
        assert_eq!(masked.status, 404, "{door}");
    }
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_takes_no_node_id_from_what_is_seen() {
    let world = World::guarded(Backend::Sqlite).await;
    let (seen, hidden) = (("pg://open:5432", "seen"), ("pg://open", "5432:seen"));
    let of = |(namespace, name): (&str, &str), facets: Value| json!({"namespace": namespace, "name": name, "facets": facets});
    about(&world, of(seen, json!({"schema": columns(&["id"])}))).await;
    world.settle().await;
    let viewer = Asking::of_role(&world, "viewer").await;
    let statuses = async || {
        let mut all = Vec::new();
        for path in [
            "lineage/graph?focus=dataset:",
            "lineage/impact?focus=dataset:",
            "lineage?nodeId=dataset:",
        ] {
            all.push(viewer.get(&format!("/api/v1/{path}pg://open:5432:seen")).await.status);
        }
        let field = "/api/v1/lineage/graph?level=column&focus=datasetField:pg://open:5432:seen:id";
        all.push(viewer.get(field).await.status);
        all
    };
    assert_eq!(statuses().await, [200; 4]);
    for (namespace, name) in [hidden, ("pg", "//open:5432:seen"), ("pg://open", "5432:seen:id")] {
        let restricted = json!({"tags": tags(&[("restricted", "true", None)])});
        about(&world, of((namespace, name), restricted)).await;
    }
    world.settle().await;
    assert_eq!(statuses().await, [200; 4]);
    world.app.stop().await;
}

/// Rules by which somebody may make datasets wherever nothing is hidden from them.
const MAKER: &str = "\
g, user:maker, maker, *
p, see, maker, *, dataset:*|job:*|run:*|lineage:*|namespace:read, !tag:restricted, *, allow
p, admin, bootstrap, *, *, *, *, allow
g, system:bootstrap, bootstrap, *
";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_made_beside_what_is_hidden_by_somebody_who_could_guess_its_name() {
    let world = World::with_rules(Backend::Sqlite, MAKER).await;
    catalog(&world).await;
    let token = world.person("maker", &[]).await;
    let put = async |namespace: &str, name: &str| {
        let body =
            json!({"datasets": [{"namespace": namespace, "name": name, "description": "x"}]});
        let answer = world.call_as(&token, "PUT", "/api/v1/datasets", &body).await;
        alike(&answer, name)
    };
    assert_eq!(put(OPEN, "hush").await, put(OPEN, "nope").await);
    assert_eq!(put(OPEN, "nope").await.0, 403);
    assert_eq!(put(OPEN, "seen").await.0, 204);
    assert_eq!(put("elsewhere", "new").await.0, 204);
    world.app.stop().await;
}
