//! Whoever makes a secret for somebody could be them: nobody is told a token, or sets a password, by
//! which more may be done than by what they showed, or everything by who may not give that.

use serde_json::{Value, json};

use crate::policies::{admin, read};
use crate::sign_in::{Browser, PASSWORD, person};
use crate::world::{Backend, World};

/// Makes a token as the administrator and returns its text and id.
async fn token(world: &World, owner: &str, make: &Value) -> (String, String) {
    let made = admin(world, "POST", &format!("{owner}/tokens"), make).await.ok(201);
    let text = |member: &str| made[member].as_str().expect("a text").to_owned();
    (text("token"), text("id"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_with_limits_is_told_none_and_sets_no_password_with_fewer() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let helper = "/api/v1/service-accounts/helper";
        let account = json!({"namespaces": ["*"], "roles": [{"role": "administrator"}]});
        admin(&world, "PUT", helper, &account).await.ok(200);
        let limits = json!({"name": "limited", "scopes": "token:*|user:*"});
        let (limited, itself) = token(&world, helper, &limits).await;
        let (wide, unlimited) = token(&world, helper, &json!({"name": "wide"})).await;
        let less = json!({"name": "less", "scopes": "token:read"});
        let (_, less) = token(&world, helper, &less).await;
        let stella = "/api/v1/users/stella";
        let steward = json!({"roles": [{"role": "steward"}]});
        admin(&world, "PUT", stella, &steward).await.ok(200);
        let (_, of_steward) = token(&world, stella, &json!({"name": "hers"})).await;
        let rotate = |id: &str| format!("/api/v1/tokens/{id}/rotate");
        let (make, set) = (json!({"name": "more"}), json!({"password": PASSWORD}));
        let (tokens, password) = (format!("{helper}/tokens"), format!("{stella}/password"));
        for (method, path, body) in [
            ("POST", &tokens, &make),
            ("POST", &rotate(&unlimited), &json!({})),
            ("POST", &rotate(&of_steward), &json!({})),
            ("PUT", &password, &set),
        ] {
            let answer = world.call_as(&limited, method, path, body).await;
            answer.problem(403, "forbidden");
            let found = read(&world, &tokens).await;
            assert_eq!(found["items"].as_array().map(Vec::len), Some(3), "{path}: {found}");
        }
        for id in [&itself, &less] {
            world.call_as(&limited, "POST", &rotate(id), &json!({})).await.ok(201);
        }
        // Who shows no limits rotates and sets what they like.
        world.call_as(&wide, "POST", &rotate(&of_steward), &json!({})).await.ok(201);
        world.call_as(&wide, "PUT", &password, &set).await.ok(204);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_what_opens_everything_by_a_secret_of_whoever_holds_it() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        person(&world, "root", "bootstrap").await;
        person(&world, "adam", "administrator").await;
        person(&world, "stella", "steward").await;
        let open = json!({"roles": [{"role": "bootstrap"}]});
        let boot = "/api/v1/service-accounts/boot";
        let (_, of_boot) = {
            admin(&world, "PUT", boot, &open).await.ok(200);
            token(&world, boot, &json!({"name": "own"})).await
        };
        // One who holds it by a group, and one who will again when they are enabled.
        for (path, body) in [
            ("/api/v1/groups/open", &open),
            ("/api/v1/users/mia", &json!({})),
            ("/api/v1/users/gone", &open),
        ] {
            admin(&world, "PUT", path, body).await.ok(200);
        }
        admin(&world, "PUT", "/api/v1/groups/open/members/mia", &Value::Null).await.ok(204);
        admin(&world, "DELETE", "/api/v1/users/gone", &Value::Null).await.ok(204);
        let mut adam = Browser::default();
        let shown = json!({"name": "adam", "password": PASSWORD});
        adam.sign_in(&world, shown).await.ok(201);
        let account = json!({"roles": [{"role": "administrator"}]});
        let robot = world.service("robot", &account).await;
        let rotate = format!("/api/v1/tokens/{of_boot}/rotate");
        let (one, set) = (json!({"name": "one"}), json!({"password": "taken over by adam"}));
        for (method, path, body) in [
            ("PUT", "/api/v1/users/root/password", &set),
            ("PUT", "/api/v1/users/mia/password", &set),
            ("PUT", "/api/v1/users/gone/password", &set),
            ("POST", "/api/v1/users/root/tokens", &one),
            ("POST", "/api/v1/users/mia/tokens", &one),
            ("POST", "/api/v1/service-accounts/boot/tokens", &one),
            ("POST", &rotate, &json!({})),
        ] {
            let in_person = adam.send(&world, (method, path), &[], body.clone()).await;
            in_person.problem(403, "forbidden");
            let by_account = world.call_as(&robot, method, path, body).await;
            by_account.problem(403, "forbidden");
        }
        let root = json!({"name": "root", "password": PASSWORD});
        let mut in_person = Browser::default();
        in_person.sign_in(&world, root).await.ok(201);
        // Of others they do all that, and whoever holds it does it of those who do.
        for (path, status) in [("stella/password", 204), ("stella/tokens", 201)] {
            let body = if status == 204 { &set } else { &one };
            let method = if status == 204 { "PUT" } else { "POST" };
            let path = format!("/api/v1/users/{path}");
            adam.send(&world, (method, &path), &[], body.clone()).await.ok(status);
        }
        let mia = ("PUT", "/api/v1/users/mia/password");
        in_person.send(&world, mia, &[], set.clone()).await.ok(204);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_holds_in_a_domain_what_opens_everything_gives_it_there_alone() {
    let world = World::guarded(Backend::Sqlite).await;
    let roles = json!([{"role": "administrator"}, {"role": "bootstrap", "domain": "clinical/*"}]);
    let robot = world.service("robot", &json!({"roles": roles})).await;
    for (domain, status) in [("*", 403), ("sales/*", 403), ("clinical/trials", 200)] {
        let give = json!({"roles": [{"role": "bootstrap", "domain": domain}]});
        let answer = world.call_as(&robot, "PUT", "/api/v1/users/eve", &give).await;
        assert_eq!(answer.status, status, "{domain}: {}", answer.text);
    }
    world.app.stop().await;
}
