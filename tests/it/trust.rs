//! Who is let in: the bootstrap administrator, and nobody else, once there is one.

use lethe::access::Action;
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

/// Sends JSON and returns status and body.
async fn call(
    lethe: &Lethe,
    token: &str,
    (method, path): (&str, &str),
    body: &serde_json::Value,
) -> (u16, serde_json::Value) {
    let request = client().request(method.parse().expect("a method"), lethe.url(path));
    let request = request.bearer_auth(token).header("content-type", "application/json");
    let answer = request.body(body.to_string()).send().await.expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or_default())
}

fn event(namespace: &str) -> serde_json::Value {
    serde_json::json!({
        "eventType": "COMPLETE", "eventTime": "2026-11-20T12:00:00Z", "producer": "https://example.com/etl",
        "run": {"runId": "0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a69"},
        "job": {"namespace": namespace, "name": "orders.daily"},
    })
}

/// Makes a service account for namespaces and returns a token of it, with its id.
async fn pipeline(lethe: &Lethe, name: &str, namespaces: &[&str]) -> (String, String) {
    let account = format!("/api/v1/service-accounts/{name}");
    let bound = serde_json::json!({"namespaces": namespaces});
    assert_eq!(call(lethe, TOKEN, ("PUT", &account), &bound).await.0, 200);
    let make = serde_json::json!({"name": "first", "expiresInDays": 30});
    let (status, made) = call(lethe, TOKEN, ("POST", &format!("{account}/tokens")), &make).await;
    assert_eq!(status, 201, "{made}");
    let text = |member: &str| made[member].as_str().expect("a text").to_owned();
    (text("token"), text("id"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipeline_posts_events_of_its_namespaces_and_does_nothing_else() {
    let dir = tempfile::tempdir().expect("a folder");
    let lethe = guarded(dir.path()).await;
    let (token, id) = pipeline(&lethe, "airflow", &["airflow-*", "dbt"]).await;
    let post = ("POST", "/api/v1/lineage");
    for namespace in ["airflow-prod", "dbt"] {
        assert_eq!(call(&lethe, &token, post, &event(namespace)).await.0, 201, "{namespace}");
    }
    for namespace in ["airflow", "dbt-other", "finance"] {
        let (status, problem) = call(&lethe, &token, post, &event(namespace)).await;
        assert_eq!((status, problem["code"].as_str()), (403, Some("forbidden")), "{namespace}");
    }
    let batch = serde_json::json!([event("dbt"), event("finance")]);
    assert_eq!(call(&lethe, &token, ("POST", "/api/v1/lineage/batch"), &batch).await.0, 403);
    let one = serde_json::json!([event("dbt")]);
    assert_eq!(call(&lethe, &token, ("POST", "/api/v1/lineage/batch"), &one).await.0, 200);
    for (method, route, gate) in GATES {
        let elsewhere = *gate != Gate::Open && !route.starts_with("/api/v1/lineage")
            || *route == "/api/v1/lineage/graph";
        // Which key signs the audit log is told to everybody who is known.
        let elsewhere = elsewhere && *gate != Gate::Each(Action::AuditVerify);
        // A store tells of accesses to its namespaces: see access_events.rs.
        let elsewhere = elsewhere && *gate != Gate::Each(Action::AccessEventWrite);
        // And who they are themselves. Whom a question is about is known once it is understood,
        // which this one is not.
        let elsewhere = elsewhere && !["/api/v1/me", "/api/v1/session"].contains(route);
        let elsewhere = elsewhere && *gate != Gate::Each(Action::PolicyDecide);
        if elsewhere {
            let (status, _) = call(&lethe, &token, (method, &path_of(route)), &event("dbt")).await;
            assert_eq!(status, 403, "{method} {route}");
        }
    }
    let denied = "/api/v1/audit/records?outcome=denied&action=event:ingest";
    let (_, denials) = call(&lethe, TOKEN, ("GET", denied), &serde_json::json!(null)).await;
    let denials = denials["items"].as_array().expect("a list").clone();
    assert_eq!(denials.len(), 4, "{denials:?}");
    assert_eq!(denials[0]["record"]["actor"]["token"], id.as_str());
    assert_eq!(denials[0]["record"]["actor"]["kind"], "service");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_told_once_and_works_until_it_is_revoked_or_its_account_disabled() {
    let dir = tempfile::tempdir().expect("a folder");
    let lethe = guarded(dir.path()).await;
    let nothing = serde_json::json!(null);
    let (first, id) = pipeline(&lethe, "dbt", &["dbt"]).await;
    let tokens = "/api/v1/service-accounts/dbt/tokens";
    let make = serde_json::json!({"name": "second"});
    let (_, second) = call(&lethe, TOKEN, ("POST", tokens), &make).await;
    let second = second["token"].as_str().expect("a token").to_owned();
    let too_long = serde_json::json!({"name": "third", "expiresInDays": 400});
    assert_eq!(call(&lethe, TOKEN, ("POST", tokens), &too_long).await.0, 400);
    let post = ("POST", "/api/v1/lineage");
    assert_eq!(call(&lethe, &first, post, &event("dbt")).await.0, 201);
    let (_, list) = call(&lethe, TOKEN, ("GET", tokens), &nothing).await;
    assert!(!list.to_string().contains(&first) && !list.to_string().contains(&second));
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2));
    assert!(list["items"][1]["usedAt"].is_string() && list["items"][0]["usedAt"].is_null());
    assert_eq!(
        call(&lethe, TOKEN, ("DELETE", &format!("/api/v1/tokens/{id}")), &nothing).await.0,
        204
    );
    assert_eq!(call(&lethe, &first, post, &event("dbt")).await.0, 401);
    assert_eq!(call(&lethe, &second, post, &event("dbt")).await.0, 201);
    let account = ("DELETE", "/api/v1/service-accounts/dbt");
    assert_eq!(call(&lethe, TOKEN, account, &nothing).await.0, 204);
    assert_eq!(call(&lethe, &second, post, &event("dbt")).await.0, 401);
    let (_, list) = call(&lethe, TOKEN, ("GET", "/api/v1/service-accounts"), &nothing).await;
    assert_eq!(list["items"][0]["disabled"], true);
    // Nothing that Lethe keeps or says holds a token's text.
    for entry in std::fs::read_dir(dir.path()).expect("the folder").flatten() {
        let Ok(bytes) = std::fs::read(entry.path()) else { continue };
        for secret in [&first, &second, TOKEN] {
            let held = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!held, "{} holds a token", entry.path().display());
        }
    }
    assert!(!lethe.log().contains(&first) && !lethe.log().contains(&second));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_prints_a_link_until_somebody_has_come_in() {
    let dir = tempfile::tempdir().expect("a folder");
    let launch = Launch::new(dir.path(), &lethe::db::DbUrl::in_dir(dir.path())).guarded();
    let link = |log: String| {
        let line = log.lines().find_map(|line| line.strip_prefix("Sign in once as `admin`: "));
        line.map(str::to_owned)
    };
    let first = launch.start().await;
    let unused = link_within(&first, link).await.expect("a link");
    first.kill();
    let second = launch.start().await;
    let path = link_within(&second, link).await.expect("another link");
    assert_ne!(unused, path);
    let code = path.split_once("code=").expect("a code").1.to_owned();
    let sign_in = client().post(second.url("/api/v1/session"));
    let sign_in = sign_in.body(serde_json::json!({"code": code}).to_string());
    let answer = sign_in.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::CREATED);
    let cookie = answer.headers()["set-cookie"].to_str().expect("a cookie").to_owned();
    let cookie = cookie.split(';').next().expect("a pair").to_owned();
    let me = client().get(second.url("/api/v1/me")).header("cookie", cookie);
    let me: serde_json::Value = me.send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(me["name"], "admin");
    second.kill();
    let third = launch.start().await;
    assert_eq!(link_within(&third, link).await, None, "somebody has come in");
    let later = launch.run(&["sign-in-link", "--url", "https://lethe.example"]);
    assert!(later.starts_with("https://lethe.example/sign-in?code="), "{later}");
}

/// Returns the link that a server prints right after its address, if it prints one.
async fn link_within(lethe: &Lethe, link: impl Fn(String) -> Option<String>) -> Option<String> {
    for _ in 0..50 {
        if let Some(found) = link(lethe.log()) {
            return Some(found);
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    None
}
