//! Hostile texts as rules and cases: refused clearly and soon, and never let anybody in.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{admin, read};
use crate::world::{Backend, World};

/// How long a refusal may take in a debug build on a busy machine.
const REFUSAL_TIME_MAX: Duration = Duration::from_secs(8);

fn hostile_texts() -> Vec<String> {
    let rule = |selector: &str| format!("p, a, r, *, dataset:read, {selector}, *, allow");
    let deep = |depth: usize| format!("{}tag:a{}", "(".repeat(depth), ")".repeat(depth));
    vec![
        "p, a, r\0, *, dataset:read, *, *, allow".to_owned(),
        "# a comment with \0".to_owned(),
        "g, user:a\0b, viewer".to_owned(),
        rule(&deep(17)),
        rule(&deep(100_000)),
        rule(&"!".repeat(100_000)),
        rule(&vec!["tag:a"; 65].join(" | ")),
        rule(&"a".repeat(1_000_000)),
        rule("tag:\"unterminated"),
        rule("eval(r.ask)"),
        rule("tag:a) || true || (tag:b"),
        format!("p, {}, r, *, dataset:read, *, *, allow", "x".repeat(300)),
        "p, a, r, *, dataset:read, *, time:Mon 99:99-99:99 UTC, allow".to_owned(),
        "p, a, r, *, *, *, *, ALLOW".to_owned(),
        "p, a, r, *, dataset:read, *, *, deny, redact_sql".to_owned(),
        "g2, a, b\ng2, b, a".to_owned(),
        "g, root, administrator".to_owned(),
        "g, user:ann, everyone".to_owned(),
        "p, a, r, *, dataset:read, *, *, allow\np, a, s, *, job:read, *, *, deny".to_owned(),
        "p".repeat(1_000_000),
        "\u{feff}p, a, r, *, dataset:read, *, *, allow".to_owned(),
        "q\n".repeat(200_000),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_rules_are_refused_with_what_is_wrong() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        for text in hostile_texts() {
            let started = Instant::now();
            let answer = admin(&world, "POST", "/api/v1/policies", &json!({"csv": text})).await;
            let shown: String = text.chars().take(60).collect();
            assert!(started.elapsed() < REFUSAL_TIME_MAX, "{shown}: {:?}", started.elapsed());
            assert_eq!(answer.status, 422, "{shown}: {}", answer.text);
            let problem = answer.problem(422, "invalid-policy");
            let faults = problem["errors"].as_array().expect("faults");
            assert!(!faults.is_empty() && faults.len() <= 51, "{shown}: {}", faults.len());
        }
        for cases in [
            "user:a\0, dataset:read, dataset, , deny",
            "user:a, dataset:read, dataset ns:\0, , deny",
            "\0",
        ] {
            let body = json!({"csv": "", "cases": cases});
            admin(&world, "POST", "/api/v1/policies", &body).await.problem(422, "invalid-policy");
        }
        let long = json!({"csv": "", "note": "n".repeat(1_001)});
        admin(&world, "POST", "/api/v1/policies", &long).await.problem(400, "bad-input");
        let nul = json!({"csv": "", "note": "\0"});
        admin(&world, "POST", "/api/v1/policies", &nul).await.problem(400, "bad-input");
        for version in ["0", "-1", "9223372036854775807", "9223372036854775808", "1e3", "x", "%00"]
        {
            for (method, tail) in
                [("GET", ""), ("GET", "/lint"), ("DELETE", ""), ("POST", "/activate")]
            {
                let path = format!("/api/v1/policies/{version}{tail}");
                let answer = admin(&world, method, &path, &json!({})).await;
                assert!([400, 404].contains(&answer.status), "{method} {path}: {}", answer.text);
            }
        }
        assert_eq!(
            read(&world, "/api/v1/policies").await["items"].as_array().map(Vec::len),
            Some(1)
        );
        assert_eq!(world.app.obeyed().version, 1);
        assert_eq!(
            admin(&world, "GET", "/api/v1/policies/1?against=7", &Value::Null).await.status,
            404
        );
        world.app.stop().await;
    }
}
