//! People, groups, roles and tokens over HTTP, on both databases: who gives what, and what it
//! opens.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::world::{Answer, Backend, TOKEN, World};

/// Sends JSON with a token.
async fn call(world: &World, token: &str, (method, path): (&str, &str), body: Value) -> Answer {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("authorization", format!("Bearer {token}"));
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    world.send(request.body(body).expect("a request")).await
}

/// Waits until what was known of tokens is looked up again.
async fn forgotten() {
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
}

async fn token(world: &World, owner: &str, make: Value) -> String {
    let made = call(world, TOKEN, ("POST", &format!("{owner}/tokens")), make).await.ok(201);
    made["token"].as_str().expect("a token").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_come_from_oneself_and_from_groups_and_end_with_them() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let ann = world.person("ann", &[]).await;
        let nothing = || Value::Null;
        let datasets = ("GET", "/api/v1/sources");
        call(&world, &ann, datasets, nothing()).await.problem(403, "forbidden");
        let group = ("PUT", "/api/v1/groups/data");
        call(&world, TOKEN, group, json!({"roles": [{"role": "viewer"}]})).await.ok(200);
        let member = "/api/v1/groups/data/members/ann";
        call(&world, TOKEN, ("PUT", member), nothing()).await.ok(204);
        call(&world, &ann, datasets, nothing()).await.ok(200);
        let me = call(&world, &ann, ("GET", "/api/v1/me"), nothing()).await.ok(200);
        assert_eq!((&me["name"], &me["kind"]), (&json!("ann"), &json!("user")));
        assert_eq!(me["groups"], json!(["data"]));
        assert_eq!(me["roles"], json!([{"role": "viewer", "domain": "*"}]));
        let acts = |list: &str| me[list].as_array().expect("acts").clone();
        let (any, own) = (acts("acts"), acts("actsOnOwn"));
        assert!(any.contains(&json!("dataset:read")) && !any.contains(&json!("dataset:edit")));
        assert!(own.contains(&json!("token:revoke")) && !any.contains(&json!("token:revoke")));
        assert!(!own.contains(&json!("token:create")), "a token makes no tokens");
        let members = ("GET", "/api/v1/groups/data/members?limit=1");
        let members = call(&world, TOKEN, members, nothing()).await.ok(200);
        assert_eq!(members["items"][0]["name"], "ann");
        call(&world, TOKEN, ("DELETE", "/api/v1/groups/data"), nothing()).await.ok(204);
        call(&world, &ann, datasets, nothing()).await.problem(403, "forbidden");
        call(&world, TOKEN, group, json!({"enabled": true})).await.ok(200);
        call(&world, &ann, datasets, nothing()).await.ok(200);
        call(&world, TOKEN, ("DELETE", member), nothing()).await.ok(204);
        call(&world, &ann, datasets, nothing()).await.problem(403, "forbidden");
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_writes_people_gives_no_roles_unless_they_may() {
    let world = World::guarded(Backend::Sqlite).await;
    // A role that writes people and groups, but may not give roles.
    let ann = world.person("ann", &["administrator"]).await;
    let id = call(&world, &ann, ("GET", "/api/v1/users/ann"), Value::Null).await.ok(200);
    let scoped = json!({"name": "clerk", "scopes": "user:*|group:*|token:*"});
    let clerk = token(&world, "/api/v1/users/ann", scoped).await;
    let put = |role: &str| json!({"roles": [{"role": role}]});
    let zoe = ("PUT", "/api/v1/users/zoe");
    call(&world, &clerk, zoe, json!({"displayName": "Zoe"})).await.ok(200);
    call(&world, &clerk, zoe, put("viewer")).await.problem(403, "forbidden");
    call(&world, &ann, zoe, put("viewer")).await.ok(200);
    call(&world, &clerk, zoe, json!({"roles": []})).await.problem(403, "forbidden");
    let group = ("PUT", "/api/v1/groups/all");
    call(&world, &clerk, group, put("viewer")).await.problem(403, "forbidden");
    call(&world, &ann, group, put("viewer")).await.ok(200);
    let member = ("PUT", "/api/v1/groups/all/members/zoe");
    call(&world, &clerk, member, Value::Null).await.problem(403, "forbidden");
    // The rules in force give this group a role, whoever makes the group.
    call(&world, &clerk, ("PUT", "/api/v1/groups/pipelines"), json!({})).await.ok(200);
    let member = ("PUT", "/api/v1/groups/pipelines/members/zoe");
    call(&world, &clerk, member, Value::Null).await.problem(403, "forbidden");
    let unknown = call(&world, &ann, zoe, put("king")).await.problem(400, "bad-input");
    let detail = unknown["detail"].as_str().expect("a text");
    assert!(detail.contains("`king`") && detail.contains("privacy_officer"), "{detail}");
    // A token with scopes makes none with more.
    let clerk = json!({"roles": [{"role": "administrator"}]});
    let path = "/api/v1/service-accounts/clerk";
    call(&world, TOKEN, ("PUT", path), clerk).await.ok(200);
    let clerk = token(&world, path, json!({"name": "one", "scopes": "user:*|token:*"})).await;
    let tokens = ("POST", "/api/v1/users/zoe/tokens");
    call(&world, &clerk, tokens, json!({"name": "x"})).await.problem(403, "forbidden");
    let more = json!({"name": "x", "scopes": "*"});
    call(&world, &clerk, tokens, more).await.problem(403, "forbidden");
    let fewer = json!({"name": "x", "scopes": "user:read"});
    call(&world, &clerk, tokens, fewer).await.ok(201);
    // Names of people are in no record of the audit log; their ids are.
    let log = call(&world, TOKEN, ("GET", "/api/v1/audit/records?limit=1000"), Value::Null).await;
    assert_eq!(log.status, 200);
    let id = id["id"].as_str().expect("an id");
    assert!(log.text.contains(id));
    for name in ["\"ann\"", "zoe", "Zoe", "user:ann"] {
        assert!(!log.text.contains(name), "the audit log holds {name}");
    }
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_administrator_stays_one() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let ann = world.person("ann", &["administrator"]).await;
        let bob = world.person("bob", &[]).await;
        // Without the bootstrap token there is nobody else.
        let world = world.restart_without_bootstrap().await;
        world.clock.advance_secs(60);
        let path = "/api/v1/users/ann";
        let viewer = json!({"roles": [{"role": "viewer"}]});
        call(&world, &ann, ("PUT", path), viewer.clone()).await.problem(409, "conflict");
        call(&world, &ann, ("DELETE", path), Value::Null).await.problem(409, "conflict");
        let administrators = json!({"roles": [{"role": "administrator"}]});
        call(&world, &ann, ("PUT", "/api/v1/groups/admins"), administrators).await.ok(200);
        let member = "/api/v1/groups/admins/members/bob";
        call(&world, &ann, ("PUT", member), Value::Null).await.ok(204);
        call(&world, &ann, ("PUT", path), viewer).await.ok(200);
        call(&world, &ann, ("PUT", path), json!({})).await.problem(403, "forbidden");
        call(&world, &bob, ("DELETE", member), Value::Null).await.problem(409, "conflict");
        let group = ("DELETE", "/api/v1/groups/admins");
        call(&world, &bob, group, Value::Null).await.problem(409, "conflict");
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_rotated_with_an_overlap_narrowed_and_end_with_their_owner() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let ann = world.person("ann", &["viewer", "steward"]).await;
        let narrow = json!({"name": "n", "scopes": "source:read|user:read"});
        let narrow = token(&world, "/api/v1/users/ann", narrow).await;
        let sources = ("GET", "/api/v1/sources");
        let tags = ("GET", "/api/v1/tags");
        call(&world, &narrow, sources, Value::Null).await.ok(200);
        call(&world, &narrow, tags, Value::Null).await.problem(403, "forbidden");
        let list = ("GET", "/api/v1/users/ann/tokens");
        let list = call(&world, &ann, list, Value::Null).await.ok(200);
        assert_eq!(list["items"].as_array().map(Vec::len), Some(2));
        assert!(!list.to_string().contains(&ann));
        // A token makes and rotates no tokens of its own, whatever it may do besides.
        let make = ("POST", "/api/v1/users/ann/tokens");
        call(&world, &ann, make, json!({"name": "x"})).await.problem(403, "forbidden");
        let id = list["items"][1]["id"].as_str().expect("an id");
        let rotate = format!("/api/v1/tokens/{id}/rotate");
        let rotate = ("POST", &*rotate);
        call(&world, &ann, rotate, json!({})).await.problem(403, "forbidden");
        call(&world, TOKEN, rotate, json!({"overlapHours": 1_000})).await.problem(400, "bad-input");
        let new = call(&world, TOKEN, rotate, json!({"overlapHours": 2})).await.ok(201);
        assert_eq!(new["inPlaceOf"], id);
        let new = new["token"].as_str().expect("a token").to_owned();
        call(&world, TOKEN, rotate, json!({})).await.problem(409, "conflict");
        call(&world, &ann, tags, Value::Null).await.ok(200);
        call(&world, &new, tags, Value::Null).await.ok(200);
        world.clock.advance_secs(2 * 3_600 + 1);
        forgotten().await;
        assert_eq!(call(&world, &ann, tags, Value::Null).await.status, 401);
        call(&world, &new, tags, Value::Null).await.ok(200);
        world.clock.advance_secs(90 * 86_400);
        forgotten().await;
        assert_eq!(call(&world, &new, tags, Value::Null).await.status, 401);
        let other = token(&world, "/api/v1/users/ann", json!({"name": "late"})).await;
        call(&world, &other, tags, Value::Null).await.ok(200);
        call(&world, TOKEN, ("DELETE", "/api/v1/users/ann"), Value::Null).await.ok(204);
        assert_eq!(call(&world, &other, tags, Value::Null).await.status, 401);
        call(&world, TOKEN, make, json!({"name": "y"})).await.problem(409, "conflict");
        // What ended stays ended.
        let enable = ("PUT", "/api/v1/users/ann");
        call(&world, TOKEN, enable, json!({"enabled": true})).await.ok(200);
        assert_eq!(call(&world, &other, tags, Value::Null).await.status, 401);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_and_bodies_are_refused_on_both_databases() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let long = "x".repeat(3_000);
        for kind in ["users", "groups", "service-accounts"] {
            let put =
                if kind == "service-accounts" { json!({"namespaces": ["a"]}) } else { json!({}) };
            for name in ["%00", "a%00b", "a%20b", "a%2Fb", &long, "%F0%9F%92%A9%0A"] {
                let path = format!("/api/v1/{kind}/{name}");
                call(&world, TOKEN, ("PUT", &path), put.clone()).await.problem(400, "bad-input");
                let gone = call(&world, TOKEN, ("DELETE", &path), Value::Null).await;
                assert_eq!(gone.status, 404, "{path}: {}", gone.text);
            }
            let id = "00000000-0000-0000-0000-000000000000";
            let path = format!("/api/v1/{kind}/{id}");
            call(&world, TOKEN, ("PUT", &path), put).await.problem(400, "bad-input");
        }
        let user = ("PUT", "/api/v1/users/ann");
        for body in [
            json!({"displayName": "a\u{0}b"}),
            json!({"displayName": "x".repeat(2_000)}),
            json!({"roles": [{"role": "viewer", "domain": "a\u{0}"}]}),
            json!({"roles": [{"role": "viewer", "domain": "a*b"}]}),
            json!({"roles": vec![json!({"role": "viewer"}); 101]}),
            json!({"password": "x"}),
        ] {
            call(&world, TOKEN, user, body).await.problem(400, "bad-input");
        }
        call(&world, TOKEN, user, json!({})).await.ok(200);
        let tokens = ("POST", "/api/v1/users/ann/tokens");
        for body in [
            json!({"name": "a", "expiresInDays": 0}),
            json!({"name": "a", "expiresInDays": -5}),
            json!({"name": "a", "expiresInDays": i64::MAX}),
            json!({"name": "a\u{0}"}),
            json!({"name": "a", "scopes": "fly:*"}),
            json!({"name": "a", "namespaces": []}),
            json!({"name": "a", "namespaces": ["a\u{0}"]}),
        ] {
            let answer = call(&world, TOKEN, tokens, body.clone()).await;
            assert_eq!(answer.status, 400, "{body}: {}", answer.text);
        }
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn to_bind_an_account_to_more_is_to_give_its_roles() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let put = "/api/v1/service-accounts/etl";
        let all = json!({"namespaces": ["x", "y"], "roles": [{"role": "bootstrap"}]});
        call(&world, TOKEN, ("PUT", put), all).await.ok(200);
        let adm = world.person("adm", &["administrator"]).await;
        for more in [json!(["*"]), json!([]), json!(["x", "z"]), json!(["x*"])] {
            let answer = call(&world, &adm, ("PUT", put), json!({"namespaces": more})).await;
            assert_eq!(answer.status, 403, "{backend:?} {more}: {}", answer.text);
        }
        // To less is nobody's loss but its own.
        call(&world, &adm, ("PUT", put), json!({"namespaces": ["x"]})).await.ok(200);
        call(&world, &adm, ("PUT", put), json!({"namespaces": ["x", "y"]}))
            .await
            .problem(403, "forbidden");
        call(&world, TOKEN, ("PUT", put), json!({"namespaces": ["*"]})).await.ok(200);
        world.app.stop().await;
    }
}
