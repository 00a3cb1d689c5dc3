//! Signing in, sessions, and what attackers try against them.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::world::{Answer, Backend, TOKEN, World};

/// The password of everybody here.
pub const PASSWORD: &str = "correct horse battery";
const HOST: &str = "localhost:8080";

/// A browser: keeps one cookie, and sends what its pages set.
#[derive(Clone, Default)]
pub struct Browser {
    cookie: Option<String>,
    csrf: Option<String>,
}

impl Browser {
    pub async fn send(
        &self,
        world: &World,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        body: Value,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("host", HOST);
        let csrf = self.csrf.as_deref().map(|csrf| ("x-csrf-token", csrf));
        let cookie = self.cookie.as_deref().map(|cookie| ("cookie", cookie));
        for (name, value) in headers.iter().copied().chain(csrf).chain(cookie) {
            request = request.header(name, value);
        }
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        world.send(request.body(body).expect("a request")).await
    }

    async fn get(&self, world: &World, path: &str) -> Answer {
        self.send(world, ("GET", path), &[], Value::Null).await
    }

    /// Signs in and keeps the cookie.
    pub async fn sign_in(&mut self, world: &World, shown: Value) -> Answer {
        let answer = self.send(world, ("POST", "/api/v1/session"), &[], shown).await;
        if answer.status == 201 {
            self.cookie = Some(cookie_of(&answer));
            self.csrf = answer.json()["csrfToken"].as_str().map(str::to_owned);
        }
        answer
    }
}

/// Returns the cookie that an answer sets, as it is sent back.
#[track_caller]
fn cookie_of(answer: &Answer) -> String {
    let cookie = answer.header("set-cookie").expect("a cookie");
    cookie.split(';').next().expect("a pair").to_owned()
}

async fn call(world: &World, (method, path): (&str, &str), body: Value) -> Answer {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("authorization", format!("Bearer {TOKEN}"));
    world.send(request.body(Body::from(body.to_string())).expect("a request")).await
}

/// Makes a person with a role and a password.
pub async fn person(world: &World, name: &str, role: &str) {
    let path = format!("/api/v1/users/{name}");
    call(world, ("PUT", &path), json!({"roles": [{"role": role}]})).await.ok(200);
    let password = json!({"password": PASSWORD});
    call(world, ("PUT", &format!("{path}/password")), password).await.ok(204);
}

fn ann() -> Value {
    json!({"name": "ann", "password": PASSWORD})
}

/// Waits until what was known of sessions is looked up again.
async fn forgotten() {
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_opens_a_session_that_does_what_its_person_may_and_ends() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        person(&world, "ann", "steward").await;
        let mut browser = Browser::default();
        let opened = browser.sign_in(&world, ann()).await;
        let cookie = opened.header("set-cookie").expect("a cookie").to_owned();
        assert!(cookie.starts_with("lethe-8080=") && cookie.contains("; HttpOnly; SameSite=Lax"));
        assert!(!cookie.contains("Secure") && cookie.contains("; Path=/;"), "{cookie}");
        assert_eq!(opened.header("cache-control"), Some("private, no-store"));
        let state = browser.get(&world, "/api/v1/session").await.ok(200);
        assert_eq!(state["me"]["name"], "ann");
        assert_eq!(state["me"]["auth"], "password");
        assert_eq!(state["csrfToken"].as_str(), browser.csrf.as_deref());
        let tag = ("PUT", "/api/v1/tags/pii");
        let put = json!({"description": "personal"});
        browser.send(&world, tag, &[], put).await.ok(200);
        // In person, people make tokens and end sessions of their own.
        let tokens = ("POST", "/api/v1/users/ann/tokens");
        browser.send(&world, tokens, &[], json!({"name": "cli"})).await.ok(201);
        let sessions = browser.get(&world, "/api/v1/users/ann/sessions").await.ok(200);
        assert_eq!(sessions["items"][0]["current"], true);
        let out = browser.send(&world, ("DELETE", "/api/v1/session"), &[], Value::Null).await;
        assert_eq!(out.status, 204, "{}", out.text);
        assert!(out.header("set-cookie").expect("a cookie").contains("Max-Age=0"));
        assert_eq!(browser.get(&world, "/api/v1/session").await.status, 401);
        // Idle for an hour, or twelve hours old.
        browser.sign_in(&world, ann()).await.ok(201);
        for _ in 0..14 {
            world.clock.advance_secs(50 * 60);
            forgotten().await;
            browser.get(&world, "/api/v1/session").await.ok(200);
        }
        world.clock.advance_secs(50 * 60);
        forgotten().await;
        assert_eq!(browser.get(&world, "/api/v1/session").await.status, 401);
        browser.sign_in(&world, ann()).await.ok(201);
        world.clock.advance_secs(61 * 60);
        forgotten().await;
        assert_eq!(browser.get(&world, "/api/v1/session").await.status, 401);
        let log = call(&world, ("GET", "/api/v1/audit/records?limit=1000"), Value::Null).await;
        for action in ["session:sign_in", "session:sign_out", "user:password"] {
            assert!(log.text.contains(action), "{action} is not recorded");
        }
        assert!(!log.text.contains("\"ann\"") && !log.text.contains("argon2"));
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_site_sends_with_the_session_is_refused() {
    let world = World::guarded(Backend::Sqlite).await;
    person(&world, "ann", "steward").await;
    let mut browser = Browser::default();
    browser.sign_in(&world, ann()).await.ok(201);
    let tag = ("PUT", "/api/v1/tags/pii");
    let put = || json!({"description": "personal"});
    let bare = Browser { csrf: None, ..browser.clone() };
    bare.send(&world, tag, &[], put()).await.problem(403, "cross-site");
    let mut other = Browser::default();
    other.sign_in(&world, ann()).await.ok(201);
    for wrong in [other.csrf.as_deref().expect("a token"), "", "AAAA"] {
        let wrong = Browser { csrf: Some(wrong.to_owned()), ..browser.clone() };
        wrong.send(&world, tag, &[], put()).await.problem(403, "cross-site");
    }
    for said in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        browser.send(&world, tag, &[said], put()).await.problem(403, "cross-site");
        let sign_in = ("POST", "/api/v1/session");
        let sign_in = Browser::default().send(&world, sign_in, &[said], ann()).await;
        sign_in.problem(403, "cross-site");
    }
    let denied = "/api/v1/audit/records?outcome=denied&action=tag:write&limit=100";
    let denied = call(&world, ("GET", denied), Value::Null).await.ok(200);
    assert_eq!(denied["items"].as_array().map(Vec::len), Some(8), "each refusal is recorded");
    assert!(denied["items"].to_string().contains("cross_site"), "{denied}");
    for said in [("sec-fetch-site", "same-origin"), ("origin", "http://localhost:8080")] {
        browser.send(&world, tag, &[said], put()).await.ok(200);
    }
    // A page elsewhere may send a reader here, which changes nothing.
    let read = browser.send(
        &world,
        ("GET", "/api/v1/tags"),
        &[("sec-fetch-site", "cross-site")],
        Value::Null,
    );
    read.await.ok(200);
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_session_is_fixed_beforehand_planted_or_mixed_with_a_token() {
    let world = World::guarded(Backend::Sqlite).await;
    person(&world, "ann", "viewer").await;
    let planted = format!("lethe-8080={}", "A".repeat(43));
    let mut browser = Browser { cookie: Some(planted.clone()), csrf: None };
    browser.sign_in(&world, ann()).await.ok(201);
    let own = browser.cookie.clone().expect("a cookie");
    assert_ne!(own, planted);
    let nobody = Browser { cookie: Some(planted.clone()), csrf: None };
    assert_eq!(nobody.get(&world, "/api/v1/session").await.status, 401);
    let both = Browser { cookie: Some(format!("{own}; {planted}")), csrf: None };
    assert_eq!(both.get(&world, "/api/v1/session").await.status, 401);
    // The cookie of plain http counts nothing where the site is https, and the other way round.
    let named = own.replace("lethe-8080", "__Host-lethe");
    let crossed = Browser { cookie: Some(named.clone()), csrf: None };
    assert_eq!(crossed.get(&world, "/api/v1/session").await.status, 401);
    let outside = Request::get("/api/v1/session").header("host", "lethe.example.com");
    let outside = outside.header("cookie", &own).body(Body::empty()).expect("a request");
    assert_eq!(world.send(outside).await.status, 401);
    let outside = Request::get("/api/v1/session").header("host", "lethe.example.com");
    let outside = outside.header("cookie", named).body(Body::empty()).expect("a request");
    world.send(outside).await.ok(200);
    let opened = Request::post("/api/v1/session").header("host", "lethe.example.com");
    let opened = opened.body(Body::from(ann().to_string())).expect("a request");
    let cookie = world.send(opened).await;
    let cookie = cookie.header("set-cookie").expect("a cookie").to_owned();
    assert!(cookie.starts_with("__Host-lethe=") && cookie.ends_with("; Secure"), "{cookie}");
    // Whoever sends an authorization is known by that or not at all.
    for wrong in ["Bearer wrong", "Basic YTpi", "Bearer"] {
        let wrong = [("authorization", wrong)];
        let mixed = browser.send(&world, ("GET", "/api/v1/tags"), &wrong, Value::Null).await;
        assert_eq!(mixed.status, 401, "{wrong:?}");
    }
    let bearer = format!("Bearer {TOKEN}");
    let twice = [("authorization", bearer.as_str()), ("authorization", bearer.as_str())];
    let twice = Browser::default().send(&world, ("GET", "/api/v1/tags"), &twice, Value::Null).await;
    assert_eq!(twice.status, 401);
    let bearer = [("authorization", bearer.as_str())];
    let me = browser.send(&world, ("GET", "/api/v1/me"), &bearer, Value::Null).await;
    assert_eq!(me.ok(200)["kind"], "system");
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_are_counted_once_for_all_nodes() {
    let one = World::guarded(Backend::Postgres).await;
    person(&one, "ann", "viewer").await;
    let (two, three) = (one.another_node().await, one.another_node().await);
    let nodes = [&one, &two, &three];
    let wrong = || json!({"name": "ann", "password": "wrong horse battery"});
    for node in nodes.iter().cycle().take(10) {
        Browser::default().sign_in(node, wrong()).await.problem(401, "not-signed-in");
    }
    for node in nodes {
        Browser::default().sign_in(node, wrong()).await.problem(429, "too-many-attempts");
    }
    nodes.iter().for_each(|node| node.clock.advance_secs(31));
    // Whoever is let in by one node has tried nothing at any of them.
    Browser::default().sign_in(&two, ann()).await.ok(201);
    for node in nodes.iter().cycle().take(10) {
        Browser::default().sign_in(node, wrong()).await.problem(401, "not-signed-in");
    }
    for node in nodes {
        Browser::default().sign_in(node, wrong()).await.problem(429, "too-many-attempts");
    }
    for world in [three, two, one] {
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_down_and_learns_nothing() {
    let world = World::guarded(Backend::Sqlite).await;
    person(&world, "ann", "viewer").await;
    person(&world, "eve", "viewer").await;
    let wrong = |name: &str| json!({"name": name, "password": "wrong horse battery"});
    let mut texts = Vec::new();
    for name in ["ann", "nobody"] {
        for _ in 0..10 {
            let answer = Browser::default().sign_in(&world, wrong(name)).await;
            answer.problem(401, "not-signed-in");
            texts.push(answer.text);
        }
        let refused = Browser::default().sign_in(&world, wrong(name)).await;
        refused.problem(429, "too-many-attempts");
        assert_eq!(refused.header("retry-after"), Some("30"));
    }
    texts.dedup();
    assert_eq!(texts.len(), 1, "known and unknown names are told apart: {texts:?}");
    // Also with the right password, until there has been a pause; others are not kept waiting.
    Browser::default().sign_in(&world, ann()).await.problem(429, "too-many-attempts");
    let eve = json!({"name": "eve", "password": PASSWORD});
    Browser::default().sign_in(&world, eve).await.ok(201);
    world.clock.advance_secs(31);
    Browser::default().sign_in(&world, ann()).await.ok(201);
    let denied = "/api/v1/audit/records?outcome=denied&action=session:sign_in&limit=100";
    let denied = call(&world, ("GET", denied), Value::Null).await.ok(200);
    let throttled = denied.to_string().matches("too_many").count();
    assert_eq!(throttled, 2, "the first of each flood is recorded, those after it are not");
    assert_eq!(denied["items"].as_array().map(Vec::len), Some(22));
    for shown in [
        json!({}),
        json!({"name": "ann"}),
        json!({"name": "ann", "password": PASSWORD, "token": "x"}),
        json!({"token": "x", "code": "y"}),
    ] {
        Browser::default().sign_in(&world, shown).await.problem(400, "bad-input");
    }
    for shown in [
        json!({"token": "x".repeat(10_000)}),
        json!({"token": ""}),
        json!({"code": "\u{0}"}),
        json!({"name": "a\u{0}", "password": PASSWORD}),
        json!({"name": "x".repeat(10_000), "password": "y".repeat(10_000)}),
    ] {
        Browser::default().sign_in(&world, shown).await.problem(401, "not-signed-in");
    }
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_names_take_as_long_as_wrong_passwords() {
    let world = World::guarded(Backend::Sqlite).await;
    person(&world, "ann", "viewer").await;
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..7 {
        for (at, name) in ["ann", "nobody"].into_iter().enumerate() {
            let begun = std::time::Instant::now();
            let shown = json!({"name": name, "password": "wrong horse battery"});
            Browser::default().sign_in(&world, shown).await.problem(401, "not-signed-in");
            times[at].push(begun.elapsed());
        }
    }
    let [known, unknown] = times.map(|mut times| {
        times.sort();
        times[3].as_secs_f64()
    });
    assert!(unknown > known * 0.5 && unknown < known * 2.0, "{known} s and {unknown} s");
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_signs_in_once_even_if_many_try_at_once() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        person(&world, "ann", "viewer").await;
        let link =
            |secret: lethe::access::session::Secret| format!("/sign-in?code={}", secret.reveal());
        let path = link(world.app.sign_in_link(Some("ann")).await.expect("a link"));
        // What only looks ahead does not spend it.
        let ahead = [("sec-purpose", "prefetch")];
        let looked = Browser::default().send(&world, ("GET", &path), &ahead, Value::Null).await;
        assert_eq!(looked.status, 200);
        let looked = Browser::default().send(&world, ("HEAD", &path), &[], Value::Null).await;
        assert_eq!(looked.status, 200);
        let tries = (0..8).map(|_| {
            let path = path.clone();
            let world = &world;
            async move { Browser::default().get(world, &path).await }
        });
        let answers = futures_util::future::join_all(tries).await;
        let mut signed_in: Vec<_> = answers.iter().filter(|one| one.status == 303).collect();
        assert_eq!(
            signed_in.len(),
            1,
            "{:?}",
            answers.iter().map(|a| a.status).collect::<Vec<_>>()
        );
        let one = signed_in.remove(0);
        assert_eq!(one.header("location"), Some("/"));
        assert_eq!(one.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(one.header("cache-control"), Some("private, no-store"));
        let browser = Browser { cookie: Some(cookie_of(one)), csrf: None };
        let state = browser.get(&world, "/api/v1/session").await.ok(200);
        assert_eq!(
            (&state["me"]["name"], &state["me"]["auth"]),
            (&json!("ann"), &json!("session"))
        );
        let again = Browser::default().get(&world, &path).await;
        assert_eq!(again.status, 401);
        assert!(again.text.contains("used already") && !again.text.contains(&path[14..]));
        let policy = again.header("content-security-policy").expect("a policy");
        assert!(policy.contains("script-src 'sha256-") && policy.contains("default-src 'none'"));
        let late = link(world.app.sign_in_link(Some("ann")).await.expect("a link"));
        world.clock.advance_secs(16 * 60);
        assert_eq!(Browser::default().get(&world, &late).await.status, 401);
        let ended = link(world.app.sign_in_link(Some("ann")).await.expect("a link"));
        call(&world, ("DELETE", "/api/v1/users/ann"), Value::Null).await.ok(204);
        assert_eq!(Browser::default().get(&world, &ended).await.status, 401);
        assert!(world.app.sign_in_link(Some("ann")).await.is_err());
        assert_eq!(browser.get(&world, "/api/v1/session").await.status, 401);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_by_a_token_does_no_more_than_the_token_and_ends_with_it() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        person(&world, "ann", "steward").await;
        let make = json!({"name": "narrow", "scopes": "tag:read|user:read"});
        let made = call(&world, ("POST", "/api/v1/users/ann/tokens"), make).await.ok(201);
        let mut browser = Browser::default();
        browser.sign_in(&world, json!({"token": made["token"]})).await.ok(201);
        let state = browser.get(&world, "/api/v1/session").await.ok(200);
        assert_eq!(state["me"]["auth"], "token");
        browser.get(&world, "/api/v1/tags").await.ok(200);
        browser.get(&world, "/api/v1/sources").await.problem(403, "forbidden");
        // Else a token that leaked could outlive its own end.
        let tokens = ("POST", "/api/v1/users/ann/tokens");
        browser.send(&world, tokens, &[], json!({"name": "x"})).await.problem(403, "forbidden");
        let id = made["id"].as_str().expect("an id");
        call(&world, ("DELETE", &format!("/api/v1/tokens/{id}")), Value::Null).await.ok(204);
        assert_eq!(browser.get(&world, "/api/v1/tags").await.status, 401);
        let mut administrator = Browser::default();
        administrator.sign_in(&world, json!({"token": TOKEN})).await.ok(201);
        administrator.get(&world, "/api/v1/users").await.ok(200);
        let world = world.restart_without_bootstrap().await;
        world.clock.advance_secs(60);
        assert_eq!(administrator.get(&world, "/api/v1/users").await.status, 401);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_password_ends_the_other_sessions_and_needs_the_old_one() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        person(&world, "ann", "viewer").await;
        let (mut one, mut two) = (Browser::default(), Browser::default());
        one.sign_in(&world, ann()).await.ok(201);
        two.sign_in(&world, ann()).await.ok(201);
        let path = ("PUT", "/api/v1/users/ann/password");
        let new = "another horse battery";
        for (body, status) in [
            (json!({"password": new}), 400),
            (json!({"password": new, "current": "wrong horse battery"}), 400),
            (json!({"password": "short", "current": PASSWORD}), 400),
            (json!({"password": "x".repeat(2_000), "current": PASSWORD}), 400),
            (json!({"password": new, "current": PASSWORD}), 204),
        ] {
            let answer = one.send(&world, path, &[], body).await;
            assert_eq!(answer.status, status, "{}", answer.text);
        }
        one.get(&world, "/api/v1/session").await.ok(200);
        assert_eq!(two.get(&world, "/api/v1/session").await.status, 401);
        two.sign_in(&world, ann()).await.problem(401, "not-signed-in");
        two.sign_in(&world, json!({"name": "ann", "password": new})).await.ok(201);
        let other = ("PUT", "/api/v1/users/eve/password");
        let own = json!({"password": new, "current": PASSWORD});
        one.send(&world, other, &[], own).await.problem(403, "forbidden");
        // An administrator ends somebody's sessions; the person is disabled with all of them.
        call(&world, ("DELETE", "/api/v1/users/ann/sessions"), Value::Null).await.ok(204);
        assert_eq!(one.get(&world, "/api/v1/session").await.status, 401);
        one.sign_in(&world, json!({"name": "ann", "password": new})).await.ok(201);
        call(&world, ("DELETE", "/api/v1/users/ann"), Value::Null).await.ok(204);
        assert_eq!(one.get(&world, "/api/v1/session").await.status, 401);
        one.sign_in(&world, json!({"name": "ann", "password": new}))
            .await
            .problem(401, "not-signed-in");
        world.app.stop().await;
    }
}
