//! Who is let in: the bootstrap administrator, and nobody else, once there is one.

use lethe::http::acts::{GATES, Gate};
use reqwest::StatusCode;

use crate::process::{Launch, Lethe, client};

const TOKEN: &str = "a token of the administrator's own choice";

/// Starts a server that asks who is there.
async fn guarded(dir: &std::path::Path) -> Lethe {
    let launch = Launch::new(dir, &lethe::db::DbUrl::in_dir(dir));
    launch.with_env("LETHE_ADMIN_TOKEN", TOKEN).start().await
}

/// Returns a path that a request can be sent to.
fn path_of(route: &str) -> String {
    let parts = route.split('/').map(|part| match part {
        "{id}" => "00000000-0000-0000-0000-000000000000",
        part if part.starts_with('{') => "x",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_health_is_told_to_whoever_shows_no_token_or_a_wrong_one() {
    let dir = tempfile::tempdir().expect("a folder");
    let lethe = guarded(dir.path()).await;
    for (method, route, gate) in GATES {
        for token in [None, Some("wrong"), Some(""), Some(&TOKEN[1..])] {
            let method = method.parse().expect("a method");
            let mut request = client().request(method, lethe.url(&path_of(route)));
            if let Some(token) = token {
                request = request.bearer_auth(token);
            }
            let answer = request.send().await.expect("an answer");
            let refused = answer.status() == StatusCode::UNAUTHORIZED;
            assert_eq!(refused, *gate != Gate::Open, "{route} with {token:?}: {}", answer.status());
            if refused {
                assert_eq!(answer.headers()["www-authenticate"], "Bearer");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_administrator_is_let_in_everywhere_and_named_in_the_audit_log() {
    let dir = tempfile::tempdir().expect("a folder");
    let lethe = guarded(dir.path()).await;
    for (method, route, _) in GATES {
        let method = method.parse().expect("a method");
        let request = client().request(method, lethe.url(&path_of(route))).bearer_auth(TOKEN);
        let status = request.send().await.expect("an answer").status();
        let let_in = status != StatusCode::UNAUTHORIZED && status != StatusCode::FORBIDDEN;
        assert!(let_in && !status.is_server_error(), "{route}: {status}");
    }
    let put = r#"{"datasets": [{"namespace": "pg", "name": "orders"}]}"#;
    let request = client().put(lethe.url("/api/v1/datasets")).bearer_auth(TOKEN);
    let request = request.header("x-request-id", "the-request").body(put);
    assert!(request.send().await.expect("an answer").status().is_success());
    let records = client().get(lethe.url("/api/v1/audit/records?limit=1")).bearer_auth(TOKEN);
    let records: serde_json::Value =
        records.send().await.expect("an answer").json().await.expect("JSON");
    let record = &records["items"][0]["record"];
    assert_eq!(record["actor"]["kind"], "system");
    assert_eq!(record["actor"]["auth"], "token");
    assert_eq!(record["action"], "dataset:edit");
    assert_eq!(record["request"]["id"], "the-request");
    assert!(!lethe.log().contains(TOKEN));
}

#[test]
fn every_route_has_an_act_and_every_act_a_route() {
    let document = serde_json::to_value(lethe::http::document()).expect("JSON");
    let mut routes: Vec<(String, String)> = Vec::new();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        for method in operations.as_object().expect("operations").keys() {
            let path = path.replace("/tile/{path}", "/tile/{*path}");
            routes.push((method.to_uppercase(), path));
        }
    }
    routes.sort();
    let described =
        |path: &str| path != "/" && !path.starts_with("/api/docs") && path != "/api/openapi.json";
    let mut gates: Vec<(String, String)> = GATES
        .iter()
        .filter(|(_, path, _)| described(path))
        .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    gates.sort();
    assert_eq!(routes, gates);
}
