//! TLS as an operator sets it up: the real binary with a certificate's files, asked over https.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use lethe::db::DbUrl;
use reqwest::tls::Version;
use reqwest::{Certificate, Client, ClientBuilder};
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::process::{Launch, Lethe};

/// Within which a replaced certificate is seen: two looks at the files, on a busy machine.
const SEEN_TIME_MAX: Duration = Duration::from_secs(20);

/// A self-signed certificate and its key, in PEM.
struct Pair {
    cert: String,
    key: String,
}

impl Pair {
    fn new() -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
        Self { cert: made.cert.pem(), key: made.signing_key.serialize_pem() }
    }

    fn put(&self, dir: &Path) {
        put(dir, "cert.pem", &self.cert);
        put(dir, "key.pem", &self.key);
    }

    /// Makes clients that trust this certificate and no other, and keep no connection.
    fn trusted(&self) -> ClientBuilder {
        drop(rustls::crypto::ring::default_provider().install_default());
        let root = Certificate::from_pem(self.cert.as_bytes()).unwrap();
        Client::builder().no_proxy().pool_max_idle_per_host(0).tls_certs_only([root])
    }
}

/// Puts a file in place in one step, so that one change is one change.
fn put(dir: &Path, name: &str, text: &str) {
    let beside = dir.join("new.pem");
    fs::write(&beside, text).unwrap();
    fs::rename(beside, dir.join(name)).unwrap();
}

fn launch(dir: &Path) -> Launch {
    let url = DbUrl::Sqlite(dir.join("lethe.sqlite"));
    let path = |name: &str| dir.join(name).display().to_string();
    Launch::new(dir, &url)
        .with_env("LETHE_TLS_CERT", &path("cert.pem"))
        .with_env("LETHE_TLS_KEY", &path("key.pem"))
}

async fn start() -> (TempDir, Pair, Lethe) {
    let (dir, pair) = (tempfile::tempdir().unwrap(), Pair::new());
    pair.put(dir.path());
    let lethe = launch(dir.path()).start().await;
    (dir, pair, lethe)
}

fn url(lethe: &Lethe, path: &str) -> String {
    format!("https://{}{path}", lethe.address())
}

/// Returns whether somebody who trusts only this certificate gets an answer.
async fn answers(lethe: &Lethe, pair: &Pair) -> bool {
    let client = pair.trusted().build().unwrap();
    let answer = client.get(url(lethe, "/livez")).send().await;
    answer.is_ok_and(|answer| answer.status() == 200)
}

#[tokio::test]
async fn tls_1_3_is_spoken_and_nothing_else() {
    let (_dir, pair, lethe) = start().await;
    assert!(lethe.log().contains("Lethe listens on https://"), "{}", lethe.log());
    for (http1, version) in [(false, reqwest::Version::HTTP_2), (true, reqwest::Version::HTTP_11)] {
        let client = pair.trusted();
        let client = if http1 { client.http1_only() } else { client }.build().unwrap();
        let answer = client.get(url(&lethe, "/livez")).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.version()), (200, version));
    }
    let old = pair.trusted().tls_version_max(Version::TLS_1_2).build().unwrap();
    let refused = old.get(url(&lethe, "/livez")).send().await.unwrap_err();
    assert!(format!("{refused:?}").contains("ProtocolVersion"), "{refused:?}");

    let mut plain = TcpStream::connect(lethe.address()).await.unwrap();
    plain.write_all(b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut said = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(5), plain.read_to_end(&mut said)).await;
    drop(closed.expect("the connection is closed"));
    assert!(!String::from_utf8_lossy(&said).contains("HTTP"), "{said:?}");

    assert!(answers(&lethe, &pair).await);
    lethe.ask_to_stop();
    assert!(lethe.stopped(Duration::from_secs(30)).await.success());
}

#[tokio::test]
async fn over_tls_the_session_is_a_secure_cookie_even_on_the_machine_itself() {
    let (dir, pair) = (tempfile::tempdir().unwrap(), Pair::new());
    pair.put(dir.path());
    let token = "an-administrator-s-token-0123456789";
    let lethe = launch(dir.path()).with_env("LETHE_ADMIN_TOKEN", token).start().await;
    let client = pair.trusted().build().unwrap();
    let asked = client.post(url(&lethe, "/api/v1/session")).json(&json!({ "token": token }));
    let answer = asked.send().await.unwrap();
    let cookie = answer.headers().get("set-cookie").map(|cookie| cookie.to_str().unwrap());
    let cookie = cookie.expect("a cookie").to_owned();
    assert!(cookie.starts_with("__Host-lethe=") && cookie.contains("; Secure"), "{cookie}");
}

#[tokio::test]
async fn over_tls_attempts_are_counted_by_the_address_they_come_from() {
    const ADDRESS_BURST: usize = 100;
    let (dir, pair) = (tempfile::tempdir().unwrap(), Pair::new());
    pair.put(dir.path());
    let token = "an-administrator-s-token-0123456789";
    let lethe = launch(dir.path())
        .with_env("LETHE_ADMIN_TOKEN", token)
        .with_env("LETHE_TRUSTED_PROXIES", "127.0.0.1,10.0.0.0/8")
        .start()
        .await;
    let client = pair.trusted().pool_max_idle_per_host(1).build().unwrap();
    let attempt = async |from: &str| {
        let asked = client.post(url(&lethe, "/api/v1/session")).header("x-forwarded-for", from);
        asked.json(&json!({"token": "nobody's"})).send().await.unwrap().status().as_u16()
    };
    let mut refused = 0;
    for _ in 0..ADDRESS_BURST + 20 {
        refused += usize::from(attempt("203.0.113.9, 198.51.100.7").await == 429);
    }
    assert!(refused > 0, "an address may try as often as it likes");
    assert_eq!(attempt("198.51.100.8").await, 401, "another one is kept waiting with it");
    assert_eq!(attempt("198.51.100.7, 198.51.100.9, 10.1.2.3").await, 401);
    assert_eq!(attempt("198.51.100.9, 198.51.100.7").await, 429, "what it makes up helps it");
}

#[tokio::test]
async fn a_new_certificate_is_served_without_a_restart_and_a_broken_one_is_not() {
    let (dir, first, lethe) = start().await;
    assert!(answers(&lethe, &first).await);

    let second = Pair::new();
    second.put(dir.path());
    let until = Instant::now() + SEEN_TIME_MAX;
    while !answers(&lethe, &second).await {
        assert!(Instant::now() < until, "the new certificate is not served\n{}", lethe.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(!answers(&lethe, &first).await, "the old certificate is still served");

    // Each is a change that cannot be used: nonsense, somebody else's key, no file.
    let complaints = |log: &str| log.matches("is not usable").count();
    // A look between the two files of a new pair finds them not to fit.
    let before = complaints(&lethe.log());
    for (number, step) in ["nonsense", "foreign", "gone"].into_iter().enumerate() {
        match step {
            "nonsense" => put(dir.path(), "key.pem", "no key"),
            "foreign" => put(dir.path(), "key.pem", &Pair::new().key),
            _ => fs::remove_file(dir.path().join("key.pem")).unwrap(),
        }
        let until = Instant::now() + SEEN_TIME_MAX;
        while complaints(&lethe.log()) <= before + number {
            assert!(Instant::now() < until, "{step} goes unnoticed\n{}", lethe.log());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(answers(&lethe, &second).await, "{step}\n{}", lethe.log());
    }
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(complaints(&lethe.log()), before + 3, "once a change\n{}", lethe.log());
    assert!(!lethe.log().contains("PRIVATE KEY"));

    first.put(dir.path());
    let until = Instant::now() + SEEN_TIME_MAX;
    while !answers(&lethe, &first).await {
        assert!(Instant::now() < until, "it does not mend\n{}", lethe.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    lethe.unharmed();
}

#[tokio::test]
async fn clients_that_say_nothing_hold_up_nobody() {
    let (_dir, pair, lethe) = start().await;
    let mut silent = Vec::new();
    for _ in 0..500 {
        silent.push(TcpStream::connect(lethe.address()).await.unwrap());
    }
    let client = pair.trusted().timeout(Duration::from_secs(8)).build().unwrap();
    let answer = client.get(url(&lethe, "/livez")).send().await;
    assert_eq!(answer.expect("before the silent ones are dropped").status(), 200);

    // Their time is up without a handshake, and with half of one.
    silent[0].write_all(b"\x16\x03\x01\x02\x00\x01").await.unwrap();
    for stream in &mut silent[..2] {
        let mut said = Vec::new();
        let end = tokio::time::timeout(Duration::from_secs(40), stream.read_to_end(&mut said));
        drop(end.await.expect("it is ended"));
    }
    lethe.unharmed();
}

#[tokio::test]
async fn it_does_not_start_with_half_a_pair_or_a_wrong_one() {
    let (dir, pair) = (tempfile::tempdir().unwrap(), Pair::new());
    let within = Duration::from_secs(60);
    let url = DbUrl::Sqlite(dir.path().join("lethe.sqlite"));
    let half = Launch::new(dir.path(), &url).with_env("LETHE_TLS_CERT", "cert.pem");
    let said = half.spawn().log_to_the_end(within).await;
    assert!(said.contains("`tls.key` is not"), "{said}");

    let said = launch(dir.path()).spawn().log_to_the_end(within).await;
    assert!(said.contains("cert.pem") && said.contains("cannot be read"), "{said}");

    pair.put(dir.path());
    fs::write(dir.path().join("key.pem"), Pair::new().key).unwrap();
    let said = launch(dir.path()).spawn().log_to_the_end(within).await;
    assert!(said.contains("cannot be used together"), "{said}");

    pair.put(dir.path());
    let printed = launch(dir.path()).run(&["config", "check"]);
    assert!(printed.contains("[tls]") && printed.contains("key.pem"), "{printed}");
}
