//! What goes wrong below HTTP: bodies that are slow, cut off, longer or shorter than they
//! say, and what is no HTTP at all.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use lethe::db::DbUrl;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::good_event;
use crate::process::{Launch, Lethe, answer, client};

/// How long a well-behaved client may wait while others behave badly.
const QUICK: Duration = Duration::from_secs(3);

async fn start(dir: &TempDir) -> Lethe {
    Launch::new(dir.path(), &DbUrl::in_dir(dir.path())).start().await
}

/// Sends bytes, closes the sending half, and returns what came back.
async fn exchange(lethe: &Lethe, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(lethe.address()).await.expect("a connection");
    // The server may have closed before all was sent.
    drop(stream.write_all(bytes).await);
    drop(stream.shutdown().await);
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await;
    drop(read.expect("the server answers or closes"));
    String::from_utf8_lossy(&answer).into_owned()
}

fn head(lines: &[&str]) -> Vec<u8> {
    let mut text = "POST /api/v1/lineage HTTP/1.1\r\nHost: localhost\r\n".to_owned();
    for line in lines {
        text.push_str(line);
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    text.into_bytes()
}

async fn events(lethe: &Lethe) -> usize {
    let page = lethe.get("/api/v1/events").await.ok(200);
    page["items"].as_array().expect("a page").len()
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_requests_are_refused_or_dropped_and_leave_nothing() {
    let dir = TempDir::new().expect("a temporary folder");
    let lethe = start(&dir).await;
    let event = good_event(1).to_string();
    let length = format!("Content-Length: {}", event.len());
    let longer = format!("Content-Length: {}", event.len() + 1_000);
    let shorter = format!("Content-Length: {}", event.len() - 10);
    let chunk = format!("{:x}\r\n{event}\r\n", event.len());
    let with = |lines: &[&str], body: &str| [head(lines), body.as_bytes().to_vec()].concat();
    let chunked = "Transfer-Encoding: chunked";
    for (what, bytes) in [
        ("longer than it is", with(&[&longer], &event)),
        ("shorter than it is", with(&[&shorter], &event)),
        ("cut off", with(&[&length], &event[..event.len() / 2])),
        ("no body", with(&[&length], "")),
        ("two lengths", with(&[&length, &longer], &event)),
        ("a negative length", with(&["Content-Length: -5"], &event)),
        ("an endless length", with(&["Content-Length: 99999999999999999999999"], &event)),
        ("a huge length", with(&["Content-Length: 9999999999999"], &event)),
        ("length and chunks", with(&[&length, chunked], &chunk)),
        ("chunks without an end", with(&[chunked], &chunk)),
        ("a broken chunk", with(&[chunked], "zz\r\nxx\r\n")),
        ("an endless chunk", with(&[chunked], "fffffffffffffffff\r\nxx")),
        ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec()),
        ("no method", b"/ HTTP/1.1\r\n\r\n".to_vec()),
        ("an endless head", with(&[&format!("X: {}", "x".repeat(1 << 20))], "")),
        ("10,000 headers", with(&vec!["X: y"; 10_000], "")),
        ("an endless path", format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(100_000)).into_bytes()),
        ("a path with controls", b"GET /\x01\x02 HTTP/1.1\r\n\r\n".to_vec()),
        (
            "a broken escape",
            b"GET /api/v1/namespaces/%zz%f HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(),
        ),
        (
            "no UTF-8 escaped",
            b"GET /api/v1/namespaces/%ff%fe HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(),
        ),
        ("nothing", Vec::new()),
    ] {
        let answer = exchange(&lethe, &bytes).await;
        let status = answer.split(' ').nth(1).unwrap_or("none").to_owned();
        assert!(answer.is_empty() || status.starts_with('4'), "{what}: {answer}");
        assert_eq!(events(&lethe).await, 0, "{what} left something: {answer}");
    }
    assert_eq!(lethe.call("POST", "/api/v1/lineage", event).await.status, 201);
    lethe.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_senders_hold_nobody_up() {
    let dir = TempDir::new().expect("a temporary folder");
    let lethe = start(&dir).await;
    let mut slow = Vec::new();
    for path in ["/api/v1/lineage", "/api/v1/lineage/batch", "/api/v1/events/import"].repeat(100) {
        let mut stream = TcpStream::connect(lethe.address()).await.expect("a connection");
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n[");
        stream.write_all(head.as_bytes()).await.expect("it is sent");
        slow.push(stream);
    }
    let mut mute = Vec::new();
    for _ in 0..100 {
        mute.push(TcpStream::connect(lethe.address()).await.expect("a connection"));
    }
    for minute in 0..20 {
        let started = Instant::now();
        let event = good_event(minute).to_string();
        assert_eq!(lethe.call("POST", "/api/v1/lineage", event).await.status, 201);
        assert!(started.elapsed() < QUICK, "{:?}", started.elapsed());
    }
    lethe.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn import_that_breaks_off_keeps_whole_lines_and_can_be_sent_again() {
    let dir = TempDir::new().expect("a temporary folder");
    let lethe = start(&dir).await;
    let lines: Vec<String> = (0..50).map(|minute| good_event(minute).to_string() + "\n").collect();
    let whole: Vec<std::io::Result<String>> = lines.iter().cloned().map(Ok).collect();
    let torn = whole.into_iter().chain([Ok(good_event(55).to_string()[..99].to_owned())]);
    let ends = futures_util::stream::iter([Err(std::io::Error::other("the sender died"))]);
    let body = futures_util::stream::iter(torn).chain(ends);
    let url = lethe.url("/api/v1/events/import");
    let sent = answer(client().post(url).body(reqwest::Body::wrap_stream(body))).await;
    assert!(sent.is_err(), "the connection broke off");
    let letters = lethe.get("/api/v1/dead-letters").await.ok(200);
    assert_eq!(letters["items"].as_array().map(Vec::len), Some(0), "half a line is no bad event");
    let all = lethe.call("POST", "/api/v1/events/import", lines.concat()).await.ok(200);
    assert_eq!((&all["received"], &all["refused"]), (&50.into(), &0.into()));
    assert_eq!(events(&lethe).await, 50);
    lethe.kill();
}
