//! The change feed, followed live by somebody who may, for as long as they may.

use std::time::Duration;

use futures_util::{Stream, StreamExt};
use serde_json::{Value, json};

use crate::process::{Launch, Lethe, client};

const ADMIN: &str = "a token of the administrator's own choice";
const SOON: Duration = Duration::from_secs(10);

async fn ask(lethe: &Lethe, (method, path): (&str, &str), body: Value) -> Value {
    let method = method.parse().expect("a method");
    let request = client().request(method, lethe.url(path)).bearer_auth(ADMIN);
    let answer = request.json(&body).send().await.expect("an answer");
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    serde_json::from_str(&answer.text().await.expect("a text")).unwrap_or_default()
}

/// Makes a person with a role and returns a token of theirs.
async fn person(lethe: &Lethe, name: &str, roles: Value) -> String {
    let path = format!("/api/v1/users/{name}");
    ask(lethe, ("PUT", &path), json!({"roles": roles})).await;
    let made = ask(lethe, ("POST", &format!("{path}/tokens")), json!({"name": "one"})).await;
    made["token"].as_str().expect("a token").to_owned()
}

async fn listen(lethe: &Lethe, token: &str) -> reqwest::Response {
    let request = client().get(lethe.url("/api/v1/changes")).bearer_auth(token);
    request.send().await.expect("an answer")
}

/// Waits for the next change; nothing if the stream ends.
async fn next<S, B>(stream: &mut S) -> Option<Value>
where
    S: Stream<Item = reqwest::Result<B>> + Unpin,
    B: AsRef<[u8]>,
{
    let told = async {
        loop {
            let part = stream.next().await?.ok()?;
            let text = String::from_utf8_lossy(part.as_ref()).into_owned();
            let data = text.lines().find_map(|line| line.strip_prefix("data: "));
            if let Some(data) = data {
                return Some(serde_json::from_str(data).expect("JSON"));
            }
        }
    };
    tokio::time::timeout(SOON, told).await.expect("in time")
}

#[tokio::test(flavor = "multi_thread")]
async fn who_listens_is_told_of_commits_until_they_may_no_longer() {
    let dir = tempfile::tempdir().expect("a folder");
    let launch = Launch::new(dir.path(), &lethe::db::DbUrl::in_dir(dir.path()));
    let lethe = launch.with_env("LETHE_ADMIN_TOKEN", ADMIN).start().await;
    let ann = person(&lethe, "ann", json!([{"role": "viewer"}])).await;
    let here = json!([{"role": "viewer", "domain": "clinical/*"}]);
    let cid = person(&lethe, "cid", here).await;
    let nobody = person(&lethe, "nobody", json!([])).await;
    assert_eq!(listen(&lethe, &nobody).await.status().as_u16(), 403);
    let mut told = listen(&lethe, &ann).await.bytes_stream();
    let mut told_too = listen(&lethe, &cid).await.bytes_stream();
    let first = next(&mut told).await.expect("where it stands");
    next(&mut told_too).await.expect("where it stands");
    let put = json!({"datasets": [{"namespace": "pg", "name": "secret"}]});
    ask(&lethe, ("PUT", "/api/v1/datasets"), put).await;
    let mut last = first.clone();
    while last["search"].as_u64() <= first["position"].as_u64() {
        last = next(&mut told).await.expect("a change");
        assert!(!last.to_string().contains("secret"), "{last}");
    }
    assert!(last["position"].as_u64() > first["position"].as_u64(), "{last}");
    next(&mut told_too).await.expect("a change");
    // Who is disabled hears no more, though they asked while they might.
    ask(&lethe, ("DELETE", "/api/v1/users/ann"), Value::Null).await;
    while next(&mut told).await.is_some() {}
    // Whoever still listens does not hold the server up.
    lethe.ask_to_stop();
    assert!(lethe.stopped(SOON).await.success());
}
