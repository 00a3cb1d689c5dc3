//! Access events: stores tell who read what, and auditors ask who read what was derived.

use serde_json::{Value, json};

use crate::process::{Launch, client};
use crate::world::{Answer, Backend, TOKEN, World};

const PATH: &str = "/api/v1/access-events";

fn access(record: &str, actor: &str, name: &str, at: &str) -> Value {
    json!({
        "id": record, "actor": actor, "dataset": {"namespace": "pg", "name": name},
        "columns": ["total", "customer"], "at": at, "fingerprint": "f1", "purpose": "support", "rows": 3,
    })
}

/// customers -> orders -> report, and something apart.
async fn lineage(world: &World) {
    for (run, input, output) in [(1, "customers", "orders"), (2, "orders", "report"), (3, "x", "y")]
    {
        let event = json!({
            "eventType": "COMPLETE", "eventTime": "2026-11-20T12:00:00Z", "producer": "https://example.com/etl",
            "run": {"runId": format!("0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a{run:02}")},
            "job": {"namespace": "etl", "name": output},
            "inputs": [{"namespace": "pg", "name": input}], "outputs": [{"namespace": "pg", "name": output}],
        });
        world.ingest(&event).await;
    }
    world.settle().await;
}

/// Asks with a purpose, which names take.
async fn named(world: &World, path: &str) -> Answer {
    let request = axum::http::Request::get(path).header("x-purpose", "incident");
    world.send(request.body("".into()).expect("a request")).await
}

fn count(answer: &Value) -> usize {
    answer["items"].as_array().expect("a list").len()
}

#[tokio::test(flavor = "multi_thread")]
async fn accesses_are_taken_once_as_an_object_a_list_or_lines() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        lineage(&world).await;
        let one = access("1", "ann@example.com", "orders", "2026-11-20T12:00:00Z");
        let answer = world.call("POST", PATH, one.to_string()).await.ok(200);
        assert_eq!((&answer["new"], &answer["known"]), (&json!(1), &json!(0)));
        assert_eq!(answer["items"][0]["inCatalog"], true);
        let other = access("2", "ann@example.com", "nowhere", "2026-11-20T13:00:00Z");
        let list = json!([one, other, other]);
        let answer = world.call("POST", PATH, list.to_string()).await.ok(200);
        let states: Vec<&str> =
            (0..3).map(|n| answer["items"][n]["state"].as_str().expect("a word")).collect();
        assert_eq!(states, ["known", "new", "known"]);
        assert_eq!(answer["items"][1]["inCatalog"], false);
        assert_eq!(answer["items"][0]["actor"], answer["items"][1]["actor"]);
        // Without the store's own id the same words are the same event.
        let mut bare = access("", "bob", "orders", "2026-11-20T14:00:00Z");
        bare.as_object_mut().expect("an object").remove("id");
        let lines = format!("{bare}\n\n{bare}\n");
        let request =
            axum::http::Request::post(PATH).header("content-type", "application/x-ndjson");
        let answer = world.send(request.body(lines.into()).expect("a request")).await.ok(200);
        assert_eq!((&answer["received"], &answer["new"]), (&json!(2), &json!(1)));
        let records = world.get("/api/v1/audit/records?action=access_event:write").await.json();
        let counts: Vec<&Value> = records["items"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|item| &item["record"]["ext"]["events"])
            .collect();
        assert_eq!(counts, [1, 1, 1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_a_fault_is_refused_whole_and_every_fault_has_its_place() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        let good = access("1", "ann", "orders", "2026-11-20T12:00:00Z");
        for (member, value, pointer) in [
            ("actor", json!(""), "/1/actor"),
            ("actor", json!("a\u{0}b"), "/1/actor"),
            ("actor", json!("x".repeat(513)), "/1/actor"),
            ("actor", Value::Null, "/1/actor"),
            ("dataset", json!("orders"), "/1/dataset"),
            ("dataset", json!({"namespace": "pg", "name": "\u{0}"}), "/1/dataset/name"),
            ("dataset", json!({"namespace": "pg", "name": "a", "of/x": 1}), "/1/dataset/of~1x"),
            ("columns", json!(["a", 1]), "/1/columns/1"),
            ("columns", json!("a"), "/1/columns"),
            ("at", json!("yesterday"), "/1/at"),
            ("operation", json!("fly"), "/1/operation"),
            ("rows", json!(-1), "/1/rows"),
            ("rows", json!(1e300), "/1/rows"),
            ("rows", json!(9_007_199_254_740_992_u64), "/1/rows"),
            ("purpose", json!("x".repeat(257)), "/1/purpose"),
            ("query", json!("select"), "/1/query"),
        ] {
            let mut bad = good.clone();
            bad[member] = value;
            let body = json!([good, bad]).to_string();
            let problem = world.call("POST", PATH, body).await.problem(422, "invalid-access-event");
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        }
        for body in ["", "[]", "{", "[1]", "7", "[{}"] {
            let status = world.call("POST", PATH, body).await.status;
            assert!(status == 400 || status == 422, "{body}: {status}");
        }
        let many = Value::from(vec![good; 10_001]).to_string();
        world.call("POST", PATH, many).await.problem(422, "invalid-access-event");
        assert_eq!(count(&world.get(PATH).await.json()), 0);
        for query in [
            "dataset=x",
            "dataset=job:a:b",
            "actor=7",
            "operation=fly",
            "from=x",
            "after=x",
            "names=true",
        ] {
            let status = world.get(&format!("{PATH}?{query}")).await.status;
            assert!(status == 400 || status == 404, "{query}: {status}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn accesses_are_listed_by_page_and_names_are_told_for_a_purpose_that_is_recorded() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        lineage(&world).await;
        let events: Vec<Value> = (0..30)
            .map(|n| {
                let name = if n % 3 == 0 { "orders" } else { "report" };
                let actor = format!("reader{}@example.com", n % 2);
                access(&n.to_string(), &actor, name, &format!("2026-11-20T12:{n:02}:00Z"))
            })
            .collect();
        world.call("POST", PATH, Value::from(events).to_string()).await.ok(200);
        let all = world.get(PATH).await.json();
        assert_eq!(count(&all), 30);
        let mut paged = Vec::new();
        let mut after = String::new();
        loop {
            let page = world.get(&format!("{PATH}?limit=7&after={after}")).await.json();
            paged.extend(page["items"].as_array().expect("a list").clone());
            let Some(next) = page["next"].as_str() else { break };
            after = next.to_owned();
        }
        assert_eq!(Value::from(paged), all["items"]);
        let of = "dataset=dataset:pg:orders&from=2026-11-20T12:05:00Z&until=2026-11-20T12:20:00Z";
        assert_eq!(count(&world.get(&format!("{PATH}?{of}")).await.json()), 5);
        assert_eq!(all["items"][0]["actor"]["name"], Value::Null);
        let reference = all["items"][0]["actor"]["ref"].as_str().expect("a reference");
        let mine = named(&world, &format!("{PATH}?actor={reference}&names=true")).await;
        assert_eq!(count(&mine.json()), 15);
        assert_eq!(mine.json()["items"][0]["actor"]["name"], "reader1@example.com");
        let records = world.get("/api/v1/audit/records?action=access_event:unseal").await.json();
        assert_eq!(count(&records), 1);
        assert_eq!(records["items"][0]["record"]["purpose"], "incident");
        assert_eq!(records["items"][0]["record"]["ext"]["names"], 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_account_a_reader_has_is_told_as_the_name_is() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let (auditor, _) =
            (world.person("aud", &["auditor"]).await, world.person("zqann", &["viewer"]).await);
        let event = json!({
            "eventTime": "2026-11-20T12:00:00Z", "producer": "https://example.com/etl",
            "dataset": {"namespace": "pg", "name": "orders"},
        });
        world.call_as(TOKEN, "POST", "/api/v1/lineage", &event).await.ok(201);
        let one = access("1", "zqann", "orders", "2026-11-20T12:00:00Z");
        world.call_as(TOKEN, "POST", PATH, &one).await.ok(200);
        world.settle().await;
        let ann = world.call_as(TOKEN, "GET", "/api/v1/users/zqann", &Value::Null).await.ok(200);
        let id = ann["id"].as_str().expect("an id");
        let span = "from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z";
        let readers = format!("/api/v1/audit/readers?of=dataset:pg:orders&{span}");
        let ask = async |path: &str, purpose: Option<&str>| {
            let request = axum::http::Request::get(path);
            let request = request.header("authorization", format!("Bearer {auditor}"));
            let request = purpose
                .into_iter()
                .fold(request, |request, purpose| request.header("x-purpose", purpose));
            world.send(request.body("".into()).expect("a request")).await
        };
        for path in [format!("{PATH}?limit=9"), readers] {
            for purpose in [None, Some("incident")] {
                let answer = ask(&path, purpose).await;
                assert!(!answer.text.contains(id), "{backend:?} {path}: {}", answer.text);
                assert_eq!(answer.ok(200)["items"][0]["actor"]["principal"], Value::Null);
            }
            let named = format!("{path}&names=true");
            ask(&named, None).await.problem(400, "bad-input");
            let actor = ask(&named, Some("incident")).await.ok(200)["items"][0]["actor"].clone();
            assert_eq!((&actor["principal"], &actor["name"]), (&json!(id), &json!("zqann")));
        }
        let records = "/api/v1/audit/records?action=access_event:unseal";
        let records = world.call_as(TOKEN, "GET", records, &Value::Null).await.ok(200);
        assert_eq!(count(&records), 2, "{backend:?}: one for each answer with names");
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_of_what_was_derived_are_found_along_the_lineage() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        lineage(&world).await;
        let mut other = access("5", "eve", "report", "2026-11-20T12:00:00Z");
        other["operation"] = json!("write");
        let events = json!([
            access("1", "ann", "customers", "2026-11-20T10:00:00Z"),
            access("2", "bob", "report", "2026-11-20T11:00:00Z"),
            access("3", "bob", "report", "2026-11-20T13:00:00Z"),
            access("4", "cat", "y", "2026-11-20T12:00:00Z"),
            other,
            access("6", "dan", "orders", "2026-11-21T12:00:00Z"),
        ]);
        world.call("POST", PATH, events.to_string()).await.ok(200);
        let span = "from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z&names=true";
        let path = format!("/api/v1/audit/readers?of=dataset:pg:customers&{span}");
        let alone = named(&world, &path).await.ok(200);
        assert_eq!(count(&alone), 1);
        let found = named(&world, &format!("{path}&downstream=true")).await.ok(200);
        let readers: Vec<(&Value, &Value, &Value, &Value)> = found["items"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|item| {
                (&item["actor"]["name"], &item["dataset"]["name"], &item["hops"], &item["count"])
            })
            .collect();
        let (ann, bob) = (json!("ann"), json!("bob"));
        let (customers, report) = (json!("customers"), json!("report"));
        let numbers = [json!(0), json!(1), json!(2)];
        assert_eq!(
            readers,
            [
                (&ann, &customers, &numbers[0], &numbers[1]),
                (&bob, &report, &numbers[2], &numbers[2])
            ]
        );
        let last = &found["items"][1];
        assert_eq!(last["via"]["name"], "orders");
        assert_eq!(last["first"], "2026-11-20T11:00:00Z");
        assert_eq!(last["last"], "2026-11-20T13:00:00Z");
        assert_eq!(last["columns"], json!(["customer", "total"]));
        assert_eq!(found["truncated"]["depth"], false);
        let first = named(&world, &format!("{path}&downstream=true&limit=1")).await.ok(200);
        assert_eq!(count(&first), 1);
        let next = first["next"].as_str().expect("more");
        let second =
            named(&world, &format!("{path}&downstream=true&limit=1&after={next}")).await.ok(200);
        assert_eq!(second["items"][0], found["items"][1]);
        assert_eq!(second["next"], Value::Null);
        let backwards = "from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z";
        let path = format!("/api/v1/audit/readers?of=dataset:pg:customers&{backwards}");
        assert_eq!(world.get(&path).await.status, 400);
        let path = format!("/api/v1/audit/readers?of=dataset:pg:nowhere&{span}");
        assert_eq!(world.get(&path).await.status, 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_speaks_for_its_namespaces_and_no_name_lies_in_clear() {
    const ADMIN: &str = "the administrator's token";
    let dir = tempfile::tempdir().expect("a folder");
    let launch = Launch::new(dir.path(), &lethe::db::DbUrl::in_dir(dir.path()));
    let lethe = launch.with_env("LETHE_ADMIN_TOKEN", ADMIN).start().await;
    let call = async |method: &str, token: &str, path: &str, body: Value| {
        let request = client().request(method.parse().expect("a method"), lethe.url(path));
        let answer = request.bearer_auth(token).body(body.to_string()).send().await;
        let answer = answer.expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.json::<Value>().await.unwrap_or_default())
    };
    let bound = json!({"namespaces": ["pg"]});
    call("PUT", ADMIN, "/api/v1/service-accounts/pg-log", bound).await;
    let tokens = "/api/v1/service-accounts/pg-log/tokens";
    let (_, made) = call("POST", ADMIN, tokens, json!({"name": "one"})).await;
    let token = made["token"].as_str().expect("a token").to_owned();
    let name = "somebody.marked@example.com";
    let event = access("1", name, "orders", "2026-11-20T12:00:00Z");
    assert_eq!(call("POST", &token, PATH, event.clone()).await.0, 200);
    let mut elsewhere = event.clone();
    elsewhere["dataset"]["namespace"] = json!("finance");
    assert_eq!(call("POST", &token, PATH, json!([event, elsewhere])).await.0, 403);
    assert_eq!(call("GET", &token, PATH, Value::Null).await.0, 403);
    let (_, list) = call("GET", ADMIN, PATH, Value::Null).await;
    assert_eq!(count(&list), 1);
    assert!(!lethe.log().contains(name));
    lethe.kill();
    for entry in std::fs::read_dir(dir.path()).expect("the folder").flatten() {
        let Ok(bytes) = std::fs::read(entry.path()) else { continue };
        let held = bytes.windows(name.len()).any(|window| window == name.as_bytes());
        assert!(!held, "{} holds a name", entry.path().display());
    }
}
