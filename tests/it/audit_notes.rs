//! Denials and reads in the audit log: without a wait for whoever asks, and bounded.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::world::{Backend, TOKEN, World};

/// Makes somebody who may do nothing, and returns their token.
async fn nobody(world: &World) -> String {
    let put = world.call_as(TOKEN, "PUT", "/api/v1/users/nora", &json!({"roles": []})).await;
    assert_eq!(put.status, 200, "{}", put.text);
    let tokens = "/api/v1/users/nora/tokens";
    let made = world.call_as(TOKEN, "POST", tokens, &json!({"name": "case"})).await.ok(201);
    made["token"].as_str().expect("a token").to_owned()
}

async fn denied(world: &World) -> Vec<Value> {
    let path = "/api/v1/audit/records?outcome=denied&limit=1000";
    let page = world.as_whom(TOKEN, "GET", path, "").await.ok(200);
    let items = page["items"].as_array().expect("a list").iter();
    items.map(|item| item["record"].clone()).collect()
}

fn counted(records: &[Value]) -> u64 {
    records.iter().map(|record| record["ext"]["counted"].as_u64().unwrap_or(1)).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_denials_is_recorded_whole_at_first_and_then_counted() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let nora = nobody(&world).await;
        for _ in 0..150 {
            assert_eq!(world.as_whom(&nora, "GET", "/api/v1/users", "").await.status, 403);
            let put = world.as_whom(&nora, "PUT", "/api/v1/users/nora", r#"{"roles": []}"#).await;
            assert_eq!(put.status, 403);
        }
        let first = denied(&world).await;
        assert_eq!(first.len(), 40, "the first twenty of each kind are there at once");
        assert!(first.iter().all(|record| record["ext"].is_null()));
        world.clock.advance_secs(61);
        let until = Instant::now() + Duration::from_secs(10);
        let mut later = denied(&world).await;
        while counted(&later) < 300 && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(50)).await;
            later = denied(&world).await;
        }
        assert_eq!((later.len(), counted(&later)), (42, 300), "one record more of each kind");
        let told = later.iter().find(|record| record["ext"]["counted"] == 130).expect("a count");
        assert_eq!(told["actor"]["ref"], first[0]["actor"]["ref"]);
        // What is counted is written at the end too.
        for _ in 0..30 {
            world.as_whom(&nora, "GET", "/api/v1/users", "").await;
        }
        let world = world.restart().await;
        assert_eq!(counted(&denied(&world).await), 330);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_denied_a_look_waits_for_no_writer() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let nora = nobody(&world).await;
        assert_eq!(world.as_whom(&nora, "GET", "/api/v1/users", "").await.status, 403);
        assert_eq!(denied(&world).await.len(), 1);
        let lock = world.app.db().begin().await.expect("the writer's lock");
        let asked = world.as_whom(&nora, "GET", "/api/v1/users", "");
        let answer = tokio::time::timeout(Duration::from_secs(2), asked).await;
        assert_eq!(answer.expect("it is answered at once").status, 403);
        drop(lock);
        assert_eq!(denied(&world).await.len(), 2, "and recorded all the same");
    }
}
