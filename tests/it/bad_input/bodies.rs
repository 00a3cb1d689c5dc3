//! Hostile bodies on every route that takes one.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use super::{ask, clear, encode, operations, still_well, world};
use crate::world::Backend;

fn hostile_bodies() -> Vec<Vec<u8>> {
    let deep = |open: &str, close: &str| {
        let middle = if open.contains(':') { "0" } else { "" };
        format!("{}{middle}{}", open.repeat(100_000), close.repeat(100_000)).into_bytes()
    };
    let mut bodies: Vec<Vec<u8>> = [
        "",
        " ",
        "{",
        "}",
        "[",
        "[]",
        "[[]]",
        "[{}]",
        "[null]",
        "{}",
        "null",
        "true",
        "7",
        "-0",
        "1e400",
        "-1e400",
        "\"x\"",
        "{\"a\":1,\"a\":2}",
        "{\"a\":}",
        "{'a':1}",
        "{\"a\":1}{\"b\":2}",
        "{}\n{}",
        "NaN",
        "//x\n{}",
        "{\"\":\"\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\u0000\"}",
        "{\"a\":\"\u{1}\"}",
        "\u{feff}{}",
        "\u{feff}",
        "\0",
        "<xml/>",
        "a=b&c=d",
        "{\"datasets\":null}",
        "{\"datasets\":[{}]}",
        "{\"datasets\":[null]}",
        "{\"datasets\":{}}",
        "{\"datasets\":[{\"namespace\":7,\"name\":[]}]}",
        "{\"type\":7}",
        "{\"type\":null,\"inputs\":7}",
        "{\"job\":[]}",
        "{\"ownerName\":{}}",
        "{\"eventTime\":7,\"run\":7,\"job\":7,\"inputs\":7,\"outputs\":7,\"producer\":7}",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec();
    bodies.push(deep("[", "]"));
    bodies.push(deep("{\"a\":", "}"));
    bodies.push(b"[".repeat(100_000));
    bodies.push(b"{\"a\":\"\xff\xfe\"}".to_vec());
    bodies.push(b"\x80".repeat(1_000));
    bodies.push(b"\x1f\x8b\x08\x00".to_vec());
    bodies.push(format!("{{\"a\":{}}}", "9".repeat(100_000)).into_bytes());
    bodies.push(format!("[{}1]", "1,".repeat(200_000)).into_bytes());
    bodies
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_bodies_get_clear_answers_on_every_route() {
    let world = world(Backend::Sqlite).await;
    let id = lethe::base::DatasetId::of(super::NAMESPACE, super::NAME).0.to_string();
    for operation in operations().iter().filter(|one| one.method != "GET") {
        let path = operation.path.replace("{id}", &id).replace("{namespace}", &encode("n s"));
        let parts = path.split('/').map(|part| if part.starts_with('{') { "x" } else { part });
        let path = parts.collect::<Vec<_>>().join("/");
        for body in hostile_bodies() {
            ask(&world, &operation.method, &path, body).await;
        }
    }
    still_well(&world).await;
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn packed_bodies_that_are_broken_or_bombs_are_refused_everywhere() {
    let world = world(Backend::Sqlite).await;
    let plain = super::good_event(3).to_string().into_bytes();
    let bomb = vec![b' '; 300 * 1024 * 1024];
    let zstd_bomb = zstd::bulk::compress(&bomb, 3).unwrap();
    let gzip_bomb = gzip(&bomb);
    drop(bomb);
    let (zstd, gzip_) = (zstd::bulk::compress(&plain, 3).unwrap(), gzip(&plain));
    let half = |packed: &[u8]| packed[..packed.len() / 2].to_vec();
    let mut broken = gzip_.clone();
    broken[20] ^= 0x55;
    for path in ["/api/v1/lineage", "/api/v1/lineage/batch", "/api/v1/events/import"] {
        for (encoding, body, status) in [
            ("zstd", zstd_bomb.clone(), 413),
            ("gzip", gzip_bomb.clone(), 413),
            ("zstd", half(&zstd), 400),
            ("gzip", half(&gzip_), 400),
            ("gzip", broken.clone(), 400),
            ("gzip", zstd.clone(), 400),
            ("zstd", gzip_.clone(), 400),
            ("zstd", plain.clone(), 400),
            ("br", plain.clone(), 415),
            ("compress", plain.clone(), 415),
            ("💥", plain.clone(), 415),
            ("gzip, gzip", gzip_.clone(), 415),
        ] {
            // A stream has no size: its lines have, and endless blank lines are none.
            let status = if path.ends_with("import") && status == 413 { 200 } else { status };
            let request = Request::post(path).header("content-encoding", encoding.as_bytes());
            let answer = world.send(request.body(Body::from(body)).unwrap()).await;
            clear(&format!("{path} {encoding}"), &answer);
            assert_eq!(answer.status, status, "{path} {encoding}: {}", answer.text);
        }
    }
    assert_eq!(world.app.db().head().await.unwrap().seq, 1, "nothing of it was kept");
    for (encoding, body) in [
        ("gzip", gzip_.clone()),
        ("x-gzip", gzip_.clone()),
        ("GZIP", gzip_),
        ("Zstd", zstd),
        ("identity", plain),
    ] {
        let request = Request::post("/api/v1/lineage").header("content-encoding", encoding);
        let answer = world.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.status, 201, "{encoding}: {}", answer.text);
    }
    still_well(&world).await;
    world.app.stop().await;
}

/// Packs bytes as gzip does (RFC 1952), by the program that every system has.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut gzip = Command::new("gzip")
        .arg("-c")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("gzip");
    let mut input = gzip.stdin.take().unwrap();
    let packed = std::thread::scope(|scope| {
        scope.spawn(move || input.write_all(bytes).unwrap());
        gzip.wait_with_output().unwrap().stdout
    });
    assert!(!packed.is_empty());
    packed
}

/// What people see when they send something wrong; kept as a file so that a change is seen.
#[tokio::test(flavor = "multi_thread")]
async fn problems_read_as_they_are_agreed() {
    let world = world(Backend::Sqlite).await;
    let mut invalid = super::good_event(4);
    invalid["job"] = json!({"namespace": "", "name": 7});
    invalid["run"] = json!({});
    invalid["eventTime"] = json!("yesterday");
    let mut seen = serde_json::Map::new();
    for (what, method, path, body) in [
        ("no JSON", "POST", "/api/v1/lineage", "{\"eventType\": START}".to_owned()),
        ("no event", "POST", "/api/v1/lineage", invalid.to_string()),
        ("no array", "POST", "/api/v1/lineage/batch", "{}".to_owned()),
        (
            "unknown member",
            "PUT",
            "/api/v1/datasets",
            r#"{"datasets": [{"namespace": "n", "name": "d", "colour": "red"}]}"#.to_owned(),
        ),
        ("too large", "POST", "/api/v1/lineage", " ".repeat(20 * 1024 * 1024)),
        ("bad number", "GET", "/api/v1/dead-letters?limit=-1", String::new()),
        ("bad cursor", "GET", "/api/v1/dead-letters?after=x", String::new()),
        (
            "unknown word",
            "GET",
            "/api/v1/lineage/graph?focus=dataset:a:b&level=cell",
            String::new(),
        ),
        ("bad id", "GET", "/api/v1/datasets/seven", String::new()),
        (
            "nothing there",
            "GET",
            "/api/v1/datasets/00000000-0000-0000-0000-000000000000",
            String::new(),
        ),
        ("no such path", "GET", "/api/v1/nothing", String::new()),
        ("wrong method", "DELETE", "/api/v1/lineage", String::new()),
    ] {
        let answer = ask(&world, method, path, body).await;
        seen.insert(format!("{what}: {method} {}", path.split('?').next().unwrap()), answer.json());
    }
    insta::assert_json_snapshot!("problems", seen);
    world.app.stop().await;
}
