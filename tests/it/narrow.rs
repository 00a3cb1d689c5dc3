//! A narrowing is asked at every door: who is bound to namespaces is bound in imports, dead letters,
//! batches of which nothing can be read and whatever lies in no namespace; and a person's token,
//! whatever its role, makes nothing that outlives it.

use serde_json::{Value, json};

use crate::policies::{admin, read};
use crate::world::{Backend, World};

const RUN: &str = "0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a69";

fn event(namespace: &str, name: &str) -> Value {
    json!({
        "eventType": "COMPLETE", "eventTime": "2026-11-20T12:00:00Z",
        "producer": "https://example.com/etl", "run": {"runId": RUN},
        "job": {"namespace": namespace, "name": name},
    })
}

/// What no time can be read of, by the way it says whose it is.
fn broken(namespace: &str, name: &str) -> Value {
    let mut event = event(namespace, name);
    event["eventTime"] = json!("never");
    event["inputs"] = json!([{"namespace": "pg", "name": "secret-table"}]);
    event
}

/// Makes a service account with roles and returns a token of it.
async fn account(world: &World, name: &str, namespaces: &[&str], roles: &[&str]) -> String {
    let roles: Vec<Value> = roles.iter().map(|role| json!({"role": role})).collect();
    world.service(name, &json!({"namespaces": namespaces, "roles": roles})).await
}

async fn letters(world: &World, token: &str) -> Vec<Value> {
    let path = "/api/v1/dead-letters?limit=2";
    let (mut found, mut next) = (Vec::new(), String::new());
    loop {
        let page = world.call_as(token, "GET", &format!("{path}{next}"), &Value::Null).await;
        let page = page.ok(200);
        found.extend(page["items"].as_array().expect("items").clone());
        let Some(after) = page["next"].as_str() else { return found };
        next = format!("&after={after}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_decided_about_event_by_event_before_any_of_it_is_kept() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let bound = account(&world, "team-z", &["team-z"], &["operator"]).await;
        let viewer = world.person("vera", &["viewer"]).await;
        let import = |token: &str, lines: &[Value]| {
            let body: Vec<String> = lines.iter().map(ToString::to_string).collect();
            let (world, token) = (&world, token.to_owned());
            async move { world.as_whom(&token, "POST", "/api/v1/events/import", &body.join("\n")).await }
        };
        let (own, other) = (event("team-z", "own"), event("finance", "load"));
        import(&bound, &[own.clone(), other.clone()]).await.problem(403, "forbidden");
        import(&bound, &[own.clone(), broken("finance", "x")]).await.problem(403, "forbidden");
        import(&viewer, &[]).await.problem(403, "forbidden");
        assert_eq!(read(&world, "/api/v1/jobs").await["totalCount"], 0, "nothing was kept");
        assert_eq!(read(&world, "/api/v1/dead-letters").await["items"], json!([]));
        let done = import(&bound, &[own, broken("team-z", "x"), json!(7)]).await.ok(200);
        assert_eq!((&done["new"], &done["refused"]), (&json!(1), &json!(2)));
        let empty = import(&bound, &[]).await.ok(200);
        assert_eq!(empty["received"], 0);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_which_nothing_can_be_read_needs_the_right_to_post() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let viewer = world.person("vera", &["viewer"]).await;
        let bound = account(&world, "team-z", &["team-z"], &[]).await;
        let path = "/api/v1/lineage/batch";
        for batch in [json!([]), json!([7]), json!([broken("a", "b"), 7])] {
            world.call_as(&viewer, "POST", path, &batch).await.problem(403, "forbidden");
        }
        let foreign = json!([broken("finance", "x")]);
        world.call_as(&bound, "POST", path, &foreign).await.problem(403, "forbidden");
        assert_eq!(read(&world, "/api/v1/dead-letters").await["items"], json!([]));
        let own = json!([broken("team-z", "x"), 7]);
        let result = world.call_as(&bound, "POST", path, &own).await.ok(200);
        assert_eq!(result["summary"]["failed"], 2);
        assert_eq!(letters(&world, crate::world::TOKEN).await.len(), 2);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_letters_belong_to_the_namespace_that_they_name() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let bound = account(&world, "team-z", &["team-z"], &["operator", "steward"]).await;
        let operator = world.person("otto", &["operator"]).await;
        let steward = world.person("stella", &["steward"]).await;
        let all = json!([
            broken("finance", "a"),
            broken("finance", "b"),
            broken("finance", "c"),
            broken("team-z", "own"),
            7,
        ]);
        admin(&world, "POST", "/api/v1/lineage/batch", &all).await.ok(200);
        let seen = letters(&world, &bound).await;
        assert_eq!(seen.len(), 1, "{seen:?}");
        let path = |letter: &Value| {
            format!("/api/v1/dead-letters/{}", letter["id"].as_str().expect("an id"))
        };
        let own = path(&seen[0]);
        let everything = letters(&world, &operator).await;
        assert_eq!(everything.len(), 5);
        // What came may name anything: it is for those who see everything.
        for (token, is_shown) in [(&bound, false), (&operator, false), (&steward, true)] {
            let letter = world.call_as(token, "GET", &own, &Value::Null).await;
            letter.ok(200);
            assert_eq!(letter.text.contains("secret-table"), is_shown, "{}", letter.text);
        }
        for letter in everything.iter().map(path).filter(|letter| *letter != own) {
            let unknown = "/api/v1/dead-letters/00000000-0000-0000-0000-000000000000";
            for at in [&*letter, unknown] {
                world.call_as(&bound, "GET", at, &Value::Null).await.problem(404, "not-found");
                world.call_as(&bound, "DELETE", at, &Value::Null).await.problem(404, "not-found");
                let (replay, event) = (format!("{at}/replay"), event("team-z", "own"));
                let answer = world.call_as(&bound, "POST", &replay, &event).await;
                answer.problem(404, "not-found");
            }
        }
        let replay = format!("{own}/replay");
        for (token, event, status) in [
            (&bound, event("elsewhere", "own"), 403),
            (&operator, event("elsewhere", "own"), 403),
            (&operator, event("team-z", "other"), 403),
            (&bound, event("team-z", "other"), 201),
            (&operator, event("team-z", "own"), 201),
        ] {
            let answer = world.call_as(token, "POST", &replay, &event).await;
            assert_eq!(answer.status, status, "{event}: {}", answer.text);
        }
        world.call_as(&bound, "DELETE", &own, &Value::Null).await.ok(204);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bound_token_changes_nothing_that_lies_in_no_namespace() {
    let world = World::guarded(Backend::Sqlite).await;
    world.person("adam", &["administrator", "steward", "privacy_officer", "auditor"]).await;
    let make = json!({"name": "bound", "namespaces": ["only-this"]});
    let made = admin(&world, "POST", "/api/v1/users/adam/tokens", &make).await.ok(201);
    let bound = made["token"].as_str().expect("a text").to_owned();
    let administrator = json!({"roles": [{"role": "administrator"}]});
    for (method, path, body) in [
        ("PUT", "/api/v1/users/eve", administrator.clone()),
        ("DELETE", "/api/v1/users/adam", Value::Null),
        ("GET", "/api/v1/users", Value::Null),
        ("PUT", "/api/v1/groups/all", administrator.clone()),
        ("PUT", "/api/v1/groups/all/members/adam", Value::Null),
        ("GET", "/api/v1/groups", Value::Null),
        ("GET", "/api/v1/roles", Value::Null),
        ("PUT", "/api/v1/service-accounts/robot", administrator),
        ("GET", "/api/v1/service-accounts", Value::Null),
        ("POST", "/api/v1/policies", json!({"csv": ""})),
        ("POST", "/api/v1/policies/1/activate", json!({})),
        ("GET", "/api/v1/policies/active", Value::Null),
        ("POST", "/api/v1/policies/simulate", json!({"version": 1})),
        ("POST", "/api/v1/keys/rotate", Value::Null),
        ("GET", "/api/v1/keys", Value::Null),
        ("GET", "/api/v1/audit/records", Value::Null),
        ("GET", "/api/v1/audit/export", Value::Null),
        ("GET", "/api/v1/access-events", Value::Null),
        ("GET", "/api/v1/stats/lineage-events?period=DAY", Value::Null),
        ("GET", "/api/v1/sources", Value::Null),
        ("PUT", "/api/v1/tags/new", json!({"description": "x"})),
        ("GET", "/metrics", Value::Null),
        ("PUT", "/api/v1/namespaces/another", json!({"ownerName": "x"})),
    ] {
        let answer = world.call_as(&bound, method, path, &body).await;
        assert_eq!(answer.status, 403, "{method} {path}: {}", answer.text);
    }
    let me = world.call_as(&bound, "GET", "/api/v1/me", &Value::Null).await.ok(200);
    let acts = me["acts"].as_array().expect("acts");
    assert!(acts.contains(&json!("dataset:read")) && !acts.contains(&json!("user:write")));
    let own = json!({"ownerName": "x"});
    world.call_as(&bound, "PUT", "/api/v1/namespaces/only-this", &own).await.ok(200);
    world.call_as(&bound, "GET", "/api/v1/users/adam/tokens", &Value::Null).await.ok(200);
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_token_makes_nothing_that_outlives_it_whatever_its_role() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let everything = ["administrator", "bootstrap"];
        let adam = world.person("adam", &everything).await;
        world.person("stella", &["steward"]).await;
        account(&world, "robot", &["team-z"], &[]).await;
        let open = json!({"roles": [{"role": "bootstrap"}]});
        admin(&world, "PUT", "/api/v1/groups/open", &open).await.ok(200);
        admin(&world, "PUT", "/api/v1/users/gone", &open).await.ok(200);
        admin(&world, "DELETE", "/api/v1/users/gone", &Value::Null).await.ok(204);
        let tokens = read(&world, "/api/v1/users/stella/tokens").await;
        let rotate =
            format!("/api/v1/tokens/{}/rotate", tokens["items"][0]["id"].as_str().expect("an id"));
        let (one, password) =
            (json!({"name": "again"}), json!({"password": "set by nobody at all"}));
        for (method, path, body) in [
            ("POST", "/api/v1/users/adam/tokens", &one),
            ("POST", "/api/v1/users/stella/tokens", &one),
            ("POST", "/api/v1/service-accounts/robot/tokens", &one),
            ("POST", &*rotate, &json!({})),
            ("PUT", "/api/v1/users/stella/password", &password),
            ("PUT", "/api/v1/users/adam/password", &password),
            ("PUT", "/api/v1/users/eve", &open),
            ("PUT", "/api/v1/users/gone", &json!({"enabled": true})),
            ("PUT", "/api/v1/groups/another", &open),
            ("PUT", "/api/v1/groups/open/members/stella", &Value::Null),
            ("PUT", "/api/v1/service-accounts/robot", &open),
        ] {
            let answer = world.call_as(&adam, method, path, body).await;
            assert_eq!(answer.status, 403, "{method} {path}: {}", answer.text);
        }
        // Taking away is no giving.
        let member = "/api/v1/groups/open/members/stella";
        admin(&world, "PUT", member, &Value::Null).await.ok(204);
        world.call_as(&adam, "DELETE", member, &Value::Null).await.ok(204);
        let viewer = json!({"roles": [{"role": "viewer"}]});
        world.call_as(&adam, "PUT", "/api/v1/users/eve", &viewer).await.ok(200);
        // A session that the token opened is no more than the token.
        let cookie =
            world.call("POST", "/api/v1/session", json!({"token": adam}).to_string()).await;
        let cookie = cookie.header("set-cookie").expect("a cookie").to_owned();
        let cookie = cookie.split(';').next().expect("a pair");
        let state = axum::http::Request::get("/api/v1/session").header("cookie", cookie);
        let state = state.body(axum::body::Body::empty()).expect("a request");
        let state = world.send(state).await.ok(200);
        let acts = state["me"]["acts"].as_array().expect("acts");
        assert!(acts.contains(&json!("user:write")) && !acts.contains(&json!("token:create")));
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_makes_people_gives_no_role_that_opens_everything() {
    let world = World::guarded(Backend::Sqlite).await;
    let robot = account(&world, "robot", &[], &["administrator"]).await;
    let open = json!({"roles": [{"role": "bootstrap"}]});
    let eve = "/api/v1/users/eve";
    world.call_as(&robot, "PUT", eve, &open).await.problem(403, "forbidden");
    let steward = json!({"roles": [{"role": "steward"}]});
    world.call_as(&robot, "PUT", eve, &steward).await.ok(200);
    admin(&world, "PUT", eve, &open).await.ok(200);
    let denied = "/api/v1/audit/records?outcome=denied&action=role:assign";
    assert_eq!(read(&world, denied).await["items"].as_array().map(Vec::len), Some(1));
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lacks_the_role_is_told_so_and_not_that_the_namespaces_are_too_narrow() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let lacking = account(&world, "team-z", &["team-z"], &["viewer"]).await;
        let bound = account(&world, "team-y", &["team-y"], &["operator"]).await;
        let import = |token: String| {
            let event = event("team-z", "own").to_string();
            let world = &world;
            async move { world.as_whom(&token, "POST", "/api/v1/events/import", &event).await }
        };
        let complete = format!("/api/v1/jobs/runs/{RUN}/complete");
        let told =
            [import(lacking.clone()).await, world.as_whom(&lacking, "POST", &complete, "").await];
        for answer in told {
            let detail = answer.problem(403, "forbidden")["detail"].to_string();
            assert!(detail.contains("no rule allows it") && !detail.contains("bound"), "{detail}");
        }
        let detail = import(bound).await.problem(403, "forbidden")["detail"].to_string();
        assert!(detail.contains("account is bound to namespaces"), "{detail}");
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denial_of_whoever_may_do_nothing_of_the_kind_says_of_what() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let viewer = world.person("vera", &["viewer"]).await;
        let id = uuid::Uuid::from_u128(7);
        for (method, path, action) in [
            ("DELETE", format!("/api/v1/datasets/{id}"), "dataset:delete"),
            ("PUT", format!("/api/v1/datasets/{id}/tags/x"), "dataset:classify"),
        ] {
            world.as_whom(&viewer, method, &path, "").await.problem(403, "forbidden");
            let denied =
                format!("/api/v1/audit/records?resource={id}&outcome=denied&action={action}");
            let records = read(&world, &denied).await;
            assert_eq!(
                records["items"][0]["record"]["resource"]["id"],
                id.to_string(),
                "{records}"
            );
        }
        world.app.stop().await;
    }
}
