//! Lists, refusals of edits and texts are as new as what was answered, also while the followers stand
//! still or are beginning anew.

use serde_json::json;

use super::at_once::{id, stall};
use super::doors::tester;
use super::names::{about, facet, schema};
use crate::world::{Backend, TOKEN, World};
use lethe::base::{DatasetId, JobId};

const RULES: &str = "\
g, service:tester, looker, *
p, see, looker, *, dataset:*|job:search|job:read|lineage:*|namespace:read|namespace:edit|tag:read, !tag:restricted & !class:*, *, allow
p, part, looker, *, dataset:*|job:search|job:read|lineage:*, !tag:restricted & class:*, *, allow, mask:class:*
p, admin, bootstrap, *, *, *, *, allow
g, system:bootstrap, bootstrap, *
";

/// A namespace and a tag of one dataset, and a job whose SQL names a column of another dataset.
async fn fill(world: &World) {
    about(world, "open", "broken", json!({"schema": schema(&["id"])})).await;
    about(world, "open", "keeps", json!({"schema": schema(&["late_column"])})).await;
    let tags = facet(json!({"tags": [{"key": "alone", "value": "true"}]}));
    about(world, "lone", "one", json!({"schema": schema(&["id"]), "tags": tags})).await;
    let sql = facet(json!({"query": "select late_column from elsewhere"}));
    let event = json!({
        "eventType": "COMPLETE", "eventTime": "2026-11-20T08:00:00Z",
        "producer": "https://example.com/test",
        "run": {"runId": "0199e2a0-5d1c-7c3e-b3a8-000000000001"},
        "job": {"namespace": "etl", "name": "told", "facets": {"sql": sql}},
        "outputs": [{"namespace": "open", "name": "made"}],
    });
    world.call_as(TOKEN, "POST", "/api/v1/lineage", &event).await.ok(201);
    world.settle().await;
}

/// Whether somebody is told of the namespace (listed, and by its name), of the tag, and of the SQL.
async fn told(world: &World, token: &str) -> [bool; 4] {
    let job = format!("/api/v1/jobs/{}", JobId::of("etl", "told").0);
    let ask = async |path: &str| world.as_whom(token, "GET", path, "").await;
    [
        ask("/api/v1/namespaces?limit=100").await.text.contains("\"lone\""),
        ask("/api/v1/namespaces/lone").await.status == 200,
        ask("/api/v1/tags?limit=100").await.text.contains("alone"),
        ask(&job).await.text.contains("late_column"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_restricted_is_in_no_list_and_no_text_while_the_followers_stand_still() {
    for backend in Backend::ALL {
        let world = World::with_rules(backend, RULES).await;
        let token = tester(&world).await;
        fill(&world).await;
        assert_eq!(told(&world, &token).await, [true; 4], "{backend:?}");
        let put = async |world: &World, name: &str| {
            let put =
                json!({"datasets": [{"namespace": "lone", "name": name, "description": "x"}]});
            world.call_as(&token, "PUT", "/api/v1/datasets", &put).await.status
        };
        let make = async |world: &World, name: &str| {
            let (path, owner) = (format!("/api/v1/namespaces/{name}"), json!({"ownerName": "x"}));
            world.call_as(&token, "PUT", &path, &owner).await.status
        };
        assert_eq!((put(&world, "early").await, make(&world, "early").await), (204, 200));
        let early = format!("/api/v1/datasets/{}?hard=true", DatasetId::of("lone", "early").0);
        assert!(world.as_whom(TOKEN, "DELETE", &early, "").await.status < 300);
        world.settle().await;
        stall(&world).await;
        let change = async |method: &str, path: String| {
            let path = format!("/api/v1/datasets/{path}");
            let answer = world.as_whom(TOKEN, method, &path, "").await;
            assert!(answer.status < 300, "{}", answer.text);
        };
        let restricted = format!("{}/tags/restricted", DatasetId::of("lone", "one").0);
        change("PUT", restricted.clone()).await;
        assert_eq!(told(&world, &token).await, [false, false, false, true], "{backend:?}");
        // Nothing is made where something is hidden.
        assert_eq!((put(&world, "late").await, make(&world, "late").await), (403, 403));
        change("PUT", format!("{}/columns/late_column/tags/class:user.mail", id("keeps").0)).await;
        assert_eq!(told(&world, &token).await, [false; 4], "{backend:?}");
        assert_eq!(told(&world, TOKEN).await, [true; 4], "{backend:?}");
        // Of namespaces both ways: what is there is asked, not what was.
        change("DELETE", restricted.clone()).await;
        assert_eq!(told(&world, &token).await[..2], [true, true], "{backend:?}");
        change("PUT", restricted).await;
        // What is not known is not told.
        let world = world.restart().await;
        world.clock.advance_secs(1);
        assert_eq!(told(&world, &token).await, [false; 4], "restarted on {backend:?}");
        assert_eq!(put(&world, "late").await, 403, "restarted on {backend:?}");
        world.app.stop().await;
    }
}
