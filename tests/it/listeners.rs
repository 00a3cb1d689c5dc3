//! Those who listen to streams, shared fairly between people.

use lethe::base::limits::LISTENERS_OF_ONE_MAX;
use lethe::db::DbUrl;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::{Launch, Lethe, client};

const ADMIN: &str = "a token of the administrator's own choice";

async fn put(lethe: &Lethe, method: &str, path: &str, body: Value) -> Value {
    let request = client().request(method.parse().expect("a method"), lethe.url(path));
    let answer = request.bearer_auth(ADMIN).json(&body).send().await.expect("an answer");
    serde_json::from_str(&answer.text().await.expect("a text")).expect("JSON")
}

/// Makes a person and returns two tokens of theirs.
async fn person(lethe: &Lethe, name: &str, role: &str) -> [String; 2] {
    let path = format!("/api/v1/users/{name}");
    put(lethe, "PUT", &path, json!({"roles": [{"role": role, "domain": "*"}]})).await;
    let tokens = format!("{path}/tokens");
    let mut made = Vec::new();
    for name in ["one", "two"] {
        let token = put(lethe, "POST", &tokens, json!({"name": name})).await;
        made.push(token["token"].as_str().expect("a token").to_owned());
    }
    made.try_into().expect("two")
}

async fn listen(lethe: &Lethe, path: &str, token: &str) -> reqwest::Response {
    client().get(lethe.url(path)).bearer_auth(token).send().await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread")]
async fn who_listens_often_shuts_nobody_out() {
    let dir = TempDir::new().expect("a temporary folder");
    let launch = Launch::new(dir.path(), &DbUrl::in_dir(dir.path()));
    let lethe = launch.with_env("LETHE_ADMIN_TOKEN", ADMIN).start().await;
    let vera = person(&lethe, "vera", "auditor").await;
    let otto = person(&lethe, "otto", "auditor").await;
    for path in ["/api/v1/changes", "/api/v1/audit/tail"] {
        let (mut held, mut refused) = (Vec::new(), 0);
        for number in 0..LISTENERS_OF_ONE_MAX + 10 {
            let answer = listen(&lethe, path, &vera[number % 2]).await;
            match answer.status().as_u16() {
                200 => held.push(answer),
                status => {
                    assert_eq!(status, 429, "{path}");
                    assert!(answer.headers().contains_key("retry-after"));
                    let problem = answer.text().await.expect("a text");
                    assert!(problem.contains("too-many-own-listeners"), "{problem}");
                    refused += 1;
                }
            }
        }
        assert!(refused > 0 && held.len() <= LISTENERS_OF_ONE_MAX, "{path}: {}", held.len());
        assert_eq!(listen(&lethe, path, &otto[0]).await.status().as_u16(), 200, "{path}");
        // Whoever ends one may have another.
        drop(held);
        let again = async {
            while listen(&lethe, path, &vera[0]).await.status().as_u16() != 200 {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        };
        let soon = std::time::Duration::from_secs(30);
        tokio::time::timeout(soon, again).await.expect("a place that was given back");
    }
    lethe.kill();
}
