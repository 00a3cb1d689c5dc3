//! What is changed on one node is obeyed on every other within a second.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{activate, admin, draft, pipeline, read, shipped_and};
use crate::world::{Backend, TOKEN, World, put_back};

/// How soon every node must obey.
const SOON: Duration = Duration::from_secs(1);

/// Asks until the answer has the status, and returns how long that took.
async fn until(world: &World, token: &str, path: &str, status: u16) -> Duration {
    let started = Instant::now();
    loop {
        let answer = world.call_as(token, "GET", path, &Value::Null).await;
        if answer.status == status {
            return started.elapsed();
        }
        assert!(started.elapsed() < SOON * 5, "{path} is {} and not {status}", answer.status);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_and_revocations_of_one_node_are_obeyed_by_the_other_within_a_second() {
    for backend in Backend::ALL {
        let one = World::guarded(backend).await;
        let other = one.another_node().await;
        let (token, id) = pipeline(&one, "etl", "etl").await;
        // Every look moves a test's clock on; a token of the future would not work yet.
        other.clock.advance_secs(1);
        let path = "/api/v1/jobs";
        for node in [&one, &other] {
            assert_eq!(node.call_as(&token, "GET", path, &Value::Null).await.status, 403);
        }
        let csv = shipped_and("p, pipes, pipes, *, job:search, *, *, allow\ng, service:etl, pipes");
        let number = draft(&one, &csv).await;
        activate(&one, number, &json!({})).await.ok(200);
        assert_eq!(one.call_as(&token, "GET", path, &Value::Null).await.status, 200, "at once");
        let took = until(&other, &token, path, 200).await;
        assert!(took < SOON, "{backend:?}: {took:?}");
        assert_eq!(other.app.obeyed().version, number);
        activate(&other, 1, &json!({})).await.ok(200);
        let took = until(&one, &token, path, 403).await;
        assert!(took < SOON, "{backend:?}: {took:?}");
        admin(&one, "DELETE", &format!("/api/v1/tokens/{id}"), &Value::Null).await.ok(204);
        assert_eq!(one.call_as(&token, "GET", path, &Value::Null).await.status, 401, "at once");
        let took = until(&other, &token, path, 401).await;
        assert!(took < SOON, "{backend:?}: {took:?}");
        other.app.stop().await;
        one.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_cannot_be_read_open_nothing_and_raise_an_alarm() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let (token, _) = pipeline(&world, "etl", "etl").await;
        // As a faulty restore or an older Lethe might leave it.
        for (broken, version) in
            [("p, a, everyone, *, *, *, *, allow\nnonsense", 2), ("\0"[1..].into(), 3)]
        {
            let mut tx = world.app.db().begin().await.expect("a transaction");
            let added = tx.add_policy(world.app.now(), "{}", (broken, "")).await.expect("a draft");
            assert_eq!(added, version);
            tx.activate_policy(added, "{}").await.expect("it is marked");
            tx.touch_trust().await.expect("it counts");
            tx.commit().await.expect("it is kept");
            if !broken.is_empty() {
                tokio::time::sleep(SOON).await;
                let ready = world.get("/readyz").await.ok(503);
                assert_eq!(ready["policyVersion"], 1, "{ready}");
                assert_eq!(ready["policyAlarm"], "the set of rules in force cannot be read");
                assert_eq!(
                    world.call_as(&token, "GET", "/api/v1/jobs", &Value::Null).await.status,
                    403
                );
            }
        }
        // A set without rules is one: it denies, also the administrator.
        let took = until(&world, TOKEN, "/api/v1/jobs", 403).await;
        assert!(took < SOON, "{took:?}");
        assert_eq!(world.get("/readyz").await.ok(200)["policyAlarm"], Value::Null);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_database_a_node_keeps_the_rules_and_says_so() {
    let world = World::guarded(Backend::Sqlite).await;
    assert_eq!(read(&world, "/readyz").await["policyAlarm"], Value::Null);
    world.app.db().close().await;
    let until = Instant::now() + SOON;
    while world.app.obeyed().alarm.is_none() {
        assert!(Instant::now() < until, "no alarm");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(world.app.obeyed().version, 1);
    let ready = world.get("/readyz").await.ok(503);
    assert!(ready["policyAlarm"].is_string() && ready["databaseAnswers"] == false, "{ready}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_of_another_history_with_the_same_number_are_other_rules() {
    let world = World::guarded(Backend::Postgres).await;
    let viewer = world.person("vera", &["viewer"]).await;
    let waived = json!({"waiveShippedCases": "other rules"});
    world.keep().await;
    let lax = draft(&world, &shipped_and("p, lax, viewer, *, audit:read, *, *, allow,")).await;
    activate(&world, lax, &waived).await.ok(200);
    until(&world, &viewer, "/api/v1/audit/records", 200).await;
    put_back(&world.url);
    // What the node knows is that of a version 2 that never was, while another becomes version 2.
    let other = world.another_node().await;
    other.clock.advance_secs(1);
    let strict =
        draft(&other, &shipped_and("p, other, viewer, *, dataset:edit, *, *, allow,")).await;
    assert_eq!(strict, lax);
    activate(&other, strict, &waived).await.ok(200);
    for node in [&other, &world] {
        until(node, &viewer, "/api/v1/audit/records", 403).await;
    }
    for node in [other, world] {
        node.app.stop().await;
    }
}
