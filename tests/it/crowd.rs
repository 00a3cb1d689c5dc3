//! Many connections that ask nothing, or begin and go silent: others are answered all the same.

use std::time::{Duration, Instant};

use lethe::db::DbUrl;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::bad_input::good_event;
use crate::process::{Launch, Lethe, client};

/// How long somebody new may wait for an answer beside a thousand who say nothing.
const NEW_TIME_MAX: Duration = Duration::from_millis(100);
/// How long somebody new may wait where connections are short, on a busy machine.
const QUICK: Duration = Duration::from_secs(20);

/// Lets this process have as many connections as these tests open.
fn raise_descriptors() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    setrlimit(Resource::Nofile, raised).expect("more descriptors");
}

async fn start(dir: &TempDir, descriptors: usize) -> Lethe {
    raise_descriptors();
    let launch = Launch::new(dir.path(), &DbUrl::in_dir(dir.path()));
    launch.with_descriptors(descriptors).start().await
}

async fn connect(lethe: &Lethe, count: usize, said: &[u8]) -> Vec<TcpStream> {
    let mut held = Vec::new();
    for _ in 0..count {
        let mut stream = TcpStream::connect(lethe.address()).await.expect("a connection");
        // It may have had to make room already.
        drop(stream.write_all(said).await);
        held.push(stream);
    }
    held
}

/// Asks on a connection of its own; nothing if there is no answer. What was answered is printed.
async fn status(lethe: &Lethe, method: &str, path: &str, body: String) -> Option<u16> {
    let parsed = method.parse().expect("a method");
    let request = client().request(parsed, lethe.url(path)).timeout(QUICK).body(body);
    let answer = request.send().await.ok()?;
    let status = answer.status().as_u16();
    println!("{method} {path}: {status} {}", answer.text().await.unwrap_or_default());
    Some(status)
}

/// Waits until the server ends a connection.
async fn ended(stream: &mut TcpStream, within: Duration) -> bool {
    let end = async {
        let mut answer = [0; 4096];
        while stream.read(&mut answer).await.is_ok_and(|bytes| bytes > 0) {}
    };
    tokio::time::timeout(within, end).await.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn half_sent_heads_make_room_for_whoever_asks() {
    let dir = TempDir::new().expect("a temporary folder");
    let lethe = start(&dir, 256).await;
    for said in [&b"GET /livez HTTP/1.1\r\nX"[..], b"", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let held = connect(&lethe, 300, said).await;
        assert_eq!(status(&lethe, "GET", "/livez", String::new()).await, Some(200));
        // Also while what follows the log is a little behind.
        assert_eq!(status(&lethe, "GET", "/readyz", String::new()).await, Some(200));
        let event = good_event(1).to_string();
        assert_eq!(status(&lethe, "POST", "/api/v1/lineage", event).await, Some(201));
        drop(held);
    }
    // A whole request before does not help who sends the next one by half.
    let asked = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let held = connect(&lethe, 300, &[&asked[..], b"GET /livez HTTP/1.1\r\nX"].concat()).await;
    assert_eq!(status(&lethe, "GET", "/livez", String::new()).await, Some(200));
    drop(held);
    lethe.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_answered_beside_half_sent_bodies_and_everybody_once_their_time_is_up() {
    let dir = TempDir::new().expect("a temporary folder");
    let lethe = start(&dir, 256).await;
    let head = "POST /api/v1/lineage HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{";
    let mut held = connect(&lethe, 300, head.as_bytes()).await;
    assert_eq!(status(&lethe, "GET", "/livez", String::new()).await, Some(200));
    assert_eq!(status(&lethe, "GET", "/readyz", String::new()).await, Some(200));
    assert_eq!(status(&lethe, "GET", "/api/v1/events", String::new()).await, Some(503));
    for stream in &mut held {
        assert!(ended(stream, Duration::from_secs(50)).await, "a half-sent body is waited for");
    }
    let event = good_event(1).to_string();
    assert_eq!(status(&lethe, "POST", "/api/v1/lineage", event).await, Some(201));
    lethe.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sends_no_head_is_ended_in_time() {
    let dir = TempDir::new().expect("a temporary folder");
    let lethe = start(&dir, 4_096).await;
    let mut held = Vec::new();
    for said in [&b""[..], b"GET /livez HTTP/1.1\r\nX", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        held.extend(connect(&lethe, 1, said).await);
    }
    let begun = Instant::now();
    for drip in 0.. {
        // Bytes that come one by one earn no more time.
        drop(held[1].write_all(b"x").await);
        if ended(&mut held[1], Duration::from_secs(1)).await {
            break;
        }
        assert!(drip < 40, "a head that drips is waited for");
    }
    assert!(begun.elapsed() > Duration::from_secs(10), "it had no time");
    for stream in &mut held {
        assert!(ended(stream, Duration::from_secs(20)).await, "silence is waited for");
    }
    lethe.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_new_is_answered_beside_a_thousand_who_say_nothing() {
    let dir = TempDir::new().expect("a temporary folder");
    let lethe = start(&dir, 4_096).await;
    let held = connect(&lethe, 1_000, b"").await;
    let mut times = Vec::new();
    for _ in 0..21 {
        let client = client();
        let asked = Instant::now();
        let answer = client.get(lethe.url("/livez")).send().await.expect("an answer");
        times.push(asked.elapsed());
        assert_eq!(answer.status().as_u16(), 200);
    }
    times.sort_unstable();
    println!("beside 1,000: median {:?}, longest {:?}", times[10], times[20]);
    assert!(times[10] <= NEW_TIME_MAX, "{times:?}");
    drop(held);
    lethe.kill();
}
