//! The door: what is let in before anybody is asked who they are, and what caches and metrics keep of it.

use axum::body::Body;
use axum::http::Request;
use lethe::db::DbUrl;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::process::Launch;
use crate::world::{Answer, Backend, TOKEN, World};

const EVENT: &str = r#"{"eventTime":"2026-11-20T12:00:00Z","producer":"https://example.com/etl",
    "schemaURL":"https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent",
    "dataset":{"namespace":"pg://db:5432","name":"shop.orders"}}"#;

/// What may change something: method, path, body.
const WRITES: [(&str, &str, &str); 8] = [
    ("POST", "/api/v1/lineage", EVENT),
    ("POST", "/api/v1/lineage/batch", "[]"),
    ("POST", "/api/v1/events/import", ""),
    ("POST", "/api/v1/keys/rekey", "{}"),
    ("PUT", "/api/v1/namespaces/etl", "{}"),
    ("PUT", "/api/v1/users/ann", "{}"),
    ("DELETE", "/api/v1/tokens/0198c0de-0000-7000-8000-000000000000", ""),
    ("POST", "/api/v1/session", "{}"),
];

async fn send(world: &World, what: (&str, &str, &str), headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(what.0).uri(what.1);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    world.send(request.body(Body::from(what.2.to_owned())).expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_sites_change_nothing_where_nobody_is_asked_either() {
    let world = World::new(Backend::Sqlite).await;
    let plain = ("content-type", "text/plain");
    for write in WRITES {
        for said in [
            &[("sec-fetch-site", "cross-site"), plain][..],
            &[("sec-fetch-site", "same-site"), plain],
            &[("sec-fetch-site", "cross-site"), ("origin", "http://localhost"), plain],
            &[("origin", "https://other.example"), plain],
            &[("origin", "http://localhost:1"), plain],
            &[("origin", "null"), ("content-type", "application/x-www-form-urlencoded")],
            &[("origin", "https://other.example"), ("content-type", "application/json")],
        ] {
            send(&world, write, said).await.problem(403, "cross-site");
        }
    }
    let events = world.get("/api/v1/events").await.ok(200);
    assert_eq!(events["items"].as_array().map(Vec::len), Some(0));
    // Programs, our own pages, and what a person types are let in.
    for said in [
        &[][..],
        &[("sec-fetch-site", "same-origin"), ("origin", "http://localhost")],
        &[("sec-fetch-site", "none")],
        &[("origin", "http://localhost")],
    ] {
        assert_eq!(send(&world, WRITES[0], said).await.status, 201, "{said:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_somebody_else_s_page_sends_changes_nothing() {
    let world = World::guarded(Backend::Sqlite).await;
    let token = format!("Bearer {TOKEN}");
    let by_token = ("authorization", token.as_str());
    for said in [("sec-fetch-site", "cross-site"), ("origin", "https://other.example")] {
        send(&world, WRITES[0], &[by_token, said]).await.problem(403, "cross-site");
    }
    assert_eq!(send(&world, WRITES[0], &[by_token]).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_not_ours_is_answered_nothing() {
    for world in [World::new(Backend::Sqlite).await, World::guarded(Backend::Sqlite).await] {
        let token = format!("Bearer {TOKEN}");
        let by_token = ("authorization", token.as_str());
        for path in ["/api/v1/namespaces", "/metrics", "/", "/sign-in", "/no/such/path"] {
            let get = ("GET", path, "");
            for host in ["other.example", "localhost.other.example:8080", "10.0.0.1", "x"] {
                let answer = send(&world, get, &[by_token, ("host", host)]).await;
                answer.problem(403, "host-not-known");
            }
            for hosts in [["localhost", "localhost"], ["localhost", "other.example"]] {
                let hosts = hosts.map(|host| ("host", host));
                send(&world, get, &[by_token, hosts[0], hosts[1]]).await.problem(400, "bad-host");
            }
        }
        for host in ["LOCALHOST:8080", "127.0.0.1", "[::1]:9", "lethe.example.com"] {
            let namespaces = ("GET", "/api/v1/namespaces", "");
            send(&world, namespaces, &[by_token, ("host", host)]).await.ok(200);
        }
        send(&world, ("POST", "/api/v1/lineage", EVENT), &[by_token, ("host", "other.example")])
            .await
            .problem(403, "host-not-known");
        // Whoever looks after the machine asks by whatever name.
        for path in ["/livez", "/readyz"] {
            let answer = send(&world, ("GET", path, ""), &[("host", "other.example")]).await;
            assert_ne!(answer.status, 403, "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_cache_keeps_what_somebody_was_answered() {
    let world = World::guarded(Backend::Sqlite).await;
    let token = format!("Bearer {TOKEN}");
    let by_token = ("authorization", token.as_str());
    assert_eq!(send(&world, WRITES[0], &[by_token]).await.status, 201);
    let private = |answer: &Answer, what: &str| {
        assert_eq!(answer.header("cache-control"), Some("private, no-store"), "{what}");
    };
    for (path, status) in [
        ("/api/v1/datasets?namespace=pg://db:5432&name=shop.orders", 200),
        ("/api/v1/search?q=orders", 200),
        ("/api/v1/me", 200),
        ("/api/v1/session", 200),
        ("/api/v1/audit", 200),
        ("/api/v1/namespaces/nothing", 404),
        ("/api/v1/no-such-route", 404),
        ("/api/v1/events?limit=x", 400),
    ] {
        let answer = send(&world, ("GET", path, ""), &[by_token]).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
        private(&answer, path);
    }
    private(&send(&world, ("GET", "/api/v1/me", ""), &[]).await, "401");
    private(&send(&world, ("PATCH", "/api/v1/me", ""), &[by_token]).await, "405");
    private(&send(&world, WRITES[0], &[("host", "other.example")]).await, "403");
    // Who has an answer already is still told so.
    let namespaces = ("GET", "/api/v1/namespaces", "");
    let etag = send(&world, namespaces, &[by_token]).await;
    let etag = etag.header("etag").expect("an ETag").to_owned();
    let again = send(&world, namespaces, &[by_token, ("if-none-match", &etag)]).await;
    assert_eq!(again.status, 304);
    private(&again, "304");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_clients_make_up_makes_no_series() {
    let dir = TempDir::new().expect("a temporary folder");
    let lethe = Launch::new(dir.path(), &DbUrl::in_dir(dir.path())).start().await;
    lethe.get("/no/such/path").await;
    let series = async || lethe.get("/metrics").await.text.lines().count();
    let before = series().await;
    let mut stream = TcpStream::connect(lethe.address()).await.expect("a connection");
    for number in 0..500 {
        for path in ["/livez".to_owned(), format!("/x{number}"), format!("/api/v1/tags/{number}")] {
            let host = ["localhost", "other.example"][number % 2];
            let head = format!("ZQ{number} {path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
            stream.write_all(head.as_bytes()).await.expect("it is sent");
            assert!(stream.read(&mut [0; 4096]).await.expect("an answer") > 0);
        }
    }
    let after = series().await;
    assert!(after < before + 100, "{before} lines became {after}");
    let metrics = lethe.get("/metrics").await.text;
    assert!(metrics.contains("method=\"other\"") && !metrics.contains("ZQ1"), "{metrics}");
    lethe.kill();
}
