//! What somebody may change, and what is recorded of what they read and are denied.

use serde_json::{Value, json};

use super::doors::tester;
use crate::world::{Backend, TOKEN, World};

const RULES: &str = "\
g, service:tester, keeper, *
p, see, keeper, *, dataset:*|job:*|run:*|lineage:*|namespace:read, ns:a, *, allow
p, peek, keeper, *, dataset:search, ns:b, *, allow
p, asked, keeper, *, dataset:search|dataset:read|dataset:read_fields, ns:c, *, allow, require_purpose
p, spoil, keeper, *, dataset:purge, *, *, deny
p, admin, bootstrap, *, *, *, *, allow
g, system:bootstrap, bootstrap, *
";

async fn world(backend: Backend) -> (World, String) {
    let world = World::with_rules(backend, RULES).await;
    let column = json!({"name": "mail", "tags": ["class:user.contact.email"]});
    let dataset = |namespace: &str| json!({"namespace": namespace, "name": "people", "fields": [column, {"name": "id"}]});
    let all = ["a", "b", "c", "d"].map(dataset);
    let put = json!({"datasets": all}).to_string();
    world.as_whom(TOKEN, "PUT", "/api/v1/datasets", &put).await.ok(204);
    let token = tester(&world).await;
    world.settle().await;
    (world, token)
}

fn id(namespace: &str) -> uuid::Uuid {
    lethe::base::DatasetId::of(namespace, "people").0
}

async fn records(world: &World, action: &str) -> Vec<Value> {
    let path = format!("/api/v1/audit/records?limit=1000&action={action}");
    let found = world.as_whom(TOKEN, "GET", &path, "").await.ok(200);
    let items = found["items"].as_array().cloned().unwrap_or_default();
    items.into_iter().map(|item| item["record"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_may_be_edited_is_edited_and_what_is_hidden_is_not_there() {
    for backend in Backend::ALL {
        let (world, token) = world(backend).await;
        let put = |namespace: &str| {
            json!({"datasets": [{"namespace": namespace, "name": "people", "description": "x"}]})
                .to_string()
        };
        for (namespace, status) in [("a", 204), ("b", 403), ("d", 403), ("new", 403)] {
            let answer = world.as_whom(&token, "PUT", "/api/v1/datasets", &put(namespace)).await;
            assert_eq!(answer.status, status, "{namespace}: {}", answer.text);
        }
        // One that is not allowed refuses all of the request.
        let both = json!({"datasets": [
            {"namespace": "a", "name": "people", "description": "y"},
            {"namespace": "b", "name": "people", "description": "y"}]});
        let answer = world.as_whom(&token, "PUT", "/api/v1/datasets", &both.to_string()).await;
        answer.problem(403, "forbidden");
        let path = format!("/api/v1/datasets/{}", id("a"));
        assert_eq!(world.as_whom(&token, "GET", &path, "").await.ok(200)["description"], "x");
        for (method, path, status) in [
            ("DELETE", format!("/api/v1/datasets/{}", id("d")), 404),
            ("DELETE", format!("/api/v1/datasets/{}", id("b")), 403),
            ("DELETE", format!("/api/v1/datasets/{}?hard=true", id("a")), 403),
            ("POST", "/api/v1/namespaces/b/datasets/people/tags/gold".to_owned(), 403),
            ("POST", "/api/v1/namespaces/d/datasets/people/tags/gold".to_owned(), 404),
            ("POST", "/api/v1/namespaces/a/datasets/people/tags/gold".to_owned(), 200),
            ("DELETE", "/api/v1/namespaces/a".to_owned(), 403),
            ("PUT", "/api/v1/sources/s".to_owned(), 403),
            ("PUT", "/api/v1/tags/t".to_owned(), 403),
            ("GET", format!("/api/v1/datasets/{}", id("b")), 403),
            ("GET", format!("/api/v1/datasets/{}", id("d")), 404),
            ("GET", "/api/v1/namespaces/d/datasets".to_owned(), 404),
            ("GET", "/api/v1/events".to_owned(), 403),
        ] {
            let body = if method == "PUT" { r#"{"type": "x", "connectionUrl": "x"}"# } else { "" };
            let answer = world.as_whom(&token, method, &path, body).await;
            assert_eq!(answer.status, status, "{method} {path}: {}", answer.text);
        }
        let denied = records(&world, "dataset:edit").await;
        let denied = denied.iter().filter(|record| record["outcome"] == "denied");
        assert_eq!(denied.count(), 4, "every denial is recorded");
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_of_personal_fields_are_recorded_with_their_purpose() {
    for backend in Backend::ALL {
        let (world, token) = world(backend).await;
        let path = format!("/api/v1/datasets/{}", id("c"));
        let answer = world.as_whom(&token, "GET", &path, "").await;
        assert_eq!(answer.status, 404, "{}", answer.text);
        let ask = |purpose: &str| {
            let request = axum::http::Request::get(&path)
                .header("authorization", format!("Bearer {token}"))
                .header("x-purpose", purpose);
            request.body(axum::body::Body::empty()).expect("a request")
        };
        let shown = world.send(ask("research/cohort-7")).await.ok(200);
        assert_eq!(shown["columns"][0]["name"], "mail");
        for wrong in ["", "because of Ann", &"x".repeat(129)] {
            world.send(ask(wrong)).await.problem(400, "bad-input");
        }
        let reads = records(&world, "dataset:read_fields").await;
        assert_eq!(reads.len(), 1, "{reads:?}");
        assert_eq!(reads[0]["outcome"], "allowed");
        assert_eq!(reads[0]["purpose"], "research/cohort-7");
        assert_eq!(reads[0]["resource"]["id"], id("c").to_string());
        assert_eq!(reads[0]["decision"]["rules"], json!(["asked"]));
        // What holds nothing personal is read without a record.
        let namespaces = world.as_whom(&token, "GET", "/api/v1/namespaces/a/datasets", "").await;
        namespaces.ok(200);
        assert_eq!(records(&world, "dataset:read_fields").await.len(), 2);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_that_is_put_on_hides_at_once() {
    let rules = "\
g, service:tester, viewer, *
p, see, viewer, *, dataset:*|lineage:read|namespace:read, !tag:restricted, *, allow
p, admin, bootstrap, *, *, *, *, allow
g, system:bootstrap, bootstrap, *
";
    for backend in Backend::ALL {
        let world = World::with_rules(backend, rules).await;
        let put = json!({"datasets": [{"namespace": "a", "name": "people"}]}).to_string();
        world.as_whom(TOKEN, "PUT", "/api/v1/datasets", &put).await.ok(204);
        let token = tester(&world).await;
        let path = "/api/v1/namespaces/a/datasets/people";
        assert_eq!(world.as_whom(&token, "GET", path, "").await.status, 200);
        let tag = format!("{path}/tags/restricted");
        world.as_whom(TOKEN, "POST", &tag, "").await.ok(200);
        assert_eq!(world.as_whom(&token, "GET", path, "").await.status, 404);
        world.settle().await;
        let found = world.as_whom(&token, "GET", "/api/v1/catalog/search?q=people", "").await;
        assert_eq!(found.ok(200)["total"], 0);
        world.as_whom(TOKEN, "DELETE", &tag, "").await.ok(200);
        assert_eq!(world.as_whom(&token, "GET", path, "").await.status, 200);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hidden_things_use_is_not_put_and_refused_as_what_is_not_there() {
    let rules = "\
g, service:tester, keeper, *
p, see, keeper, *, dataset:search|dataset:read|namespace:*|source:*|tag:*, !tag:restricted, *, allow
p, admin, bootstrap, *, *, *, *, allow
g, system:bootstrap, bootstrap, *
";
    for backend in Backend::ALL {
        let world = World::with_rules(backend, rules).await;
        let token = tester(&world).await;
        let bodies = |name: &str| {
            [
                ("namespaces", json!({"ownerName": name, "description": name})),
                ("sources", json!({"type": "X", "connectionUrl": name, "description": name})),
                ("tags", json!({"description": name})),
            ]
        };
        let put = async |token: &str, name: &str| {
            let mut answers = Vec::new();
            for (kind, body) in bodies(name) {
                let path = format!("/api/v1/{kind}/{name}");
                answers.push(world.as_whom(token, "PUT", &path, &body.to_string()).await);
            }
            answers
        };
        for own in put(&token, "mine").await {
            own.ok(200);
        }
        let facets = json!({
            "tags": {"_producer": "https://example.com/e", "_schemaURL": "https://example.com/f",
                "tags": [{"key": "restricted", "value": "true"}, {"key": "used", "value": "true"}]},
            "dataSource": {"_producer": "https://example.com/e",
                "_schemaURL": "https://example.com/f", "name": "used", "uri": "x://used"},
        });
        let event = json!({
            "eventTime": "2026-11-20T12:00:00Z", "producer": "https://example.com/e",
            "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent",
            "dataset": {"namespace": "used", "name": "hush", "facets": facets},
        });
        world.as_whom(TOKEN, "POST", "/api/v1/lineage", &event.to_string()).await.ok(201);
        for known in put(TOKEN, "used").await {
            known.ok(200);
        }
        world.settle().await;
        let (hidden, unknown) = (put(&token, "used").await, put(&token, "unknown").await);
        for (hidden, unknown) in hidden.iter().zip(&unknown) {
            assert_eq!((hidden.status, &hidden.text), (403, &unknown.text), "{backend:?}");
        }
        let wanted = bodies("evil").map(|(kind, body)| (kind, body.to_string()));
        for (kind, body) in wanted {
            world.as_whom(&token, "PUT", &format!("/api/v1/{kind}/used"), &body).await;
            let path = if kind == "tags" { "tags".to_owned() } else { format!("{kind}/used") };
            let known = world.as_whom(TOKEN, "GET", &format!("/api/v1/{path}"), "").await;
            assert!(!known.text.contains("evil"), "{kind}: {}", known.text);
        }
        // What is seen is put as ever.
        for own in put(&token, "mine").await {
            own.ok(200);
        }
        world.app.stop().await;
    }
}
