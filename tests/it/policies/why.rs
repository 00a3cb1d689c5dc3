//! Asking who may do what, and why; and what a draft would change.

use lethe::base::cursor::Cursor;
use serde_json::{Value, json};

use super::{activate, admin, draft, pipeline, shipped_and};
use crate::world::{Backend, World};

const DECIDE: &str = "/api/v1/policies/decide";
const WHO_CAN: &str = "/api/v1/policies/who-can";
const SIMULATE: &str = "/api/v1/policies/simulate";

async fn ask(world: &World, path: &str, body: &Value) -> Value {
    admin(world, "POST", path, body).await.ok(200)
}

fn viewer(resource: &Value) -> Value {
    json!({"principal": {"reference": "user:ann", "roles": [{"role": "viewer"}]},
        "action": "dataset:read", "resource": resource})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_names_its_rules_and_what_the_nearest_one_lacks() {
    let world = World::guarded(Backend::Sqlite).await;
    let personal = viewer(&json!({"kind": "dataset", "classes": ["user.name"]}));
    let answer = ask(&world, DECIDE, &personal).await;
    assert_eq!((&answer["allow"], &answer["why"]), (&json!(true), &json!("rules")), "{answer}");
    assert_eq!(answer["rules"][0]["id"], "viewer-personal");
    let line = answer["rules"][0]["text"].as_str().expect("a line");
    assert!(line.starts_with("p, viewer-personal, viewer, *, dataset:search|"), "{line}");
    assert_eq!(answer["obligations"], json!(["mask:class:*", "redact_sql"]));
    assert_eq!(answer["roles"], json!(["everyone", "viewer"]));
    assert_eq!((&answer["nearest"], &answer["policyVersion"]), (&Value::Null, &json!(1)));
    let hidden = viewer(&json!({"kind": "dataset", "tags": ["restricted"]}));
    let answer = ask(&world, DECIDE, &hidden).await;
    assert_eq!((&answer["allow"], &answer["why"]), (&json!(false), &json!("noRule")), "{answer}");
    assert_eq!(answer["nearest"]["id"], "viewer-catalog");
    let missing = json!([{"what": "selector", "expected": "!tag:restricted & !class:*"}]);
    assert_eq!(answer["nearest"]["missing"], missing);
    // Of what cannot be read nothing is allowed that the rules allow of some alone.
    let closed = viewer(&json!({"kind": "dataset", "unreadable": true}));
    let open = viewer(&json!({"kind": "dataset", "unreadable": false}));
    assert_eq!(ask(&world, DECIDE, &open).await["allow"], true);
    assert_eq!(ask(&world, DECIDE, &closed).await["allow"], false);
    // Circumstances: a token's scope, the time, how somebody signed in.
    let mut narrowed = viewer(&json!({"kind": "dataset"}));
    narrowed["principal"]["scopes"] = json!("job:*");
    assert_eq!(ask(&world, DECIDE, &narrowed).await["why"], "scope");
    let shred = |auth: &str| {
        json!({"principal": {"reference": "user:pia", "roles": [{"role": "privacy_officer"}]},
            "action": "key:shred", "resource": {"kind": "key"}, "context": {"auth": auth}})
    };
    assert_eq!(ask(&world, DECIDE, &shred("mfa")).await["allow"], true);
    let answer = ask(&world, DECIDE, &shred("token")).await;
    let missing = json!([{"what": "condition", "expected": "!auth:token"}]);
    assert_eq!((&answer["allow"], &answer["nearest"]["missing"]), (&json!(false), &missing));
    // Somebody of whom nothing is known, and nobody.
    for (reference, roles) in
        [("user:eve", json!(["everyone"])), ("anonymous", json!(["anonymous"]))]
    {
        let asked = json!({"principal": {"reference": reference}, "action": "dataset:read",
            "resource": {"kind": "dataset"}});
        let answer = ask(&world, DECIDE, &asked).await;
        assert_eq!((&answer["allow"], &answer["roles"]), (&json!(false), &roles), "{answer}");
    }
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_known_is_decided_about_as_they_are() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        pipeline(&world, "etl", "etl/*").await;
        // By a role of one's own, by a group's, and not once disabled.
        world.person("ann", &["viewer"]).await;
        world.person("bob", &[]).await;
        let group = json!({"roles": [{"role": "viewer", "domain": "clinical/*"}]});
        admin(&world, "PUT", "/api/v1/groups/doctors", &group).await.ok(200);
        admin(&world, "PUT", "/api/v1/groups/doctors/members/bob", &Value::Null).await.ok(204);
        let reads = async |name: &str, domain: &str| {
            let asked = json!({"principal": {"reference": name}, "action": "dataset:read",
                "resource": {"kind": "dataset", "domain": domain}});
            let answer = ask(&world, DECIDE, &asked).await;
            (answer["known"] == true, answer["allow"] == true)
        };
        assert_eq!(reads("user:ann", "hr").await, (true, true));
        assert_eq!(reads("user:bob", "clinical/trials").await, (true, true));
        assert_eq!(reads("user:bob", "hr").await, (true, false));
        admin(&world, "DELETE", "/api/v1/users/ann", &Value::Null).await.ok(204);
        assert_eq!(reads("user:ann", "hr").await, (false, false));
        let ask_of = |reference: &str, namespace: &str| {
            json!({"principal": {"reference": reference}, "action": "event:ingest",
                "resource": {"kind": "event", "namespace": namespace}})
        };
        let questions =
            [("service:etl", "etl/eu"), ("service:etl", "hr"), ("service:none", "etl/eu")];
        let questions: Vec<Value> = questions.iter().map(|(who, ns)| ask_of(who, ns)).collect();
        let batch = "/api/v1/policies/decide/batch";
        let answers = ask(&world, batch, &json!({"questions": questions})).await;
        let told: Vec<(&Value, &Value)> = answers["answers"]
            .as_array()
            .expect("answers")
            .iter()
            .map(|one| (&one["known"], &one["allow"]))
            .collect();
        let (yes, no) = (&json!(true), &json!(false));
        assert_eq!(told, [(yes, yes), (yes, no), (no, no)], "{answers}");
        for count in [0, 101] {
            let questions = vec![ask_of("service:etl", "etl/eu"); count];
            let body = json!({"questions": questions});
            admin(&world, "POST", batch, &body).await.problem(400, "bad-input");
        }
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dataset_of_the_catalog_is_decided_about_as_it_is_there() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let put = json!({"datasets": [
            {"namespace": "pg", "name": "plain"},
            {"namespace": "pg", "name": "hidden", "tags": ["restricted"]},
        ]});
        admin(&world, "PUT", "/api/v1/datasets", &put).await;
        let asked = |name: &str| {
            json!({"principal": {"reference": "user:ann", "roles": [{"role": "viewer"}]},
                "action": "dataset:read", "dataset": {"namespace": "pg", "name": name}})
        };
        assert_eq!(ask(&world, DECIDE, &asked("plain")).await["allow"], true);
        let answer = ask(&world, DECIDE, &asked("hidden")).await;
        assert_eq!(
            (&answer["allow"], &answer["nearest"]["id"]),
            (&json!(false), &json!("viewer-catalog"))
        );
        admin(&world, "POST", DECIDE, &asked("none")).await.problem(404, "not-found");
        admin(&world, "POST", DECIDE, &asked("\0")).await.problem(404, "not-found");
        let mut both = asked("plain");
        both["resource"] = json!({"kind": "dataset"});
        admin(&world, "POST", DECIDE, &both).await.problem(400, "bad-input");
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_can_lists_everybody_known_page_by_page() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        for name in ["a", "b", "c"] {
            pipeline(&world, name, &format!("{name}/*")).await;
        }
        for (name, roles) in
            [("ann", &["viewer"][..]), ("bob", &[]), ("cid", &["ingest", "steward"])]
        {
            world.person(name, roles).await;
        }
        let group = json!({"roles": [{"role": "auditor"}]});
        admin(&world, "PUT", "/api/v1/groups/board", &group).await.ok(200);
        let csv = shipped_and("g, service:b, viewer\ng, service:c, viewer\ng, group:staff, viewer");
        let version = draft(&world, &csv).await;
        activate(&world, version, &json!({})).await.ok(200);
        // A service account is bound to its namespaces: what is said to be in none is not theirs.
        let mut asked = json!({"action": "dataset:read", "resource": {"kind": "dataset"}});
        let all = ask(&world, WHO_CAN, &asked).await;
        let names = |page: &Value| -> Vec<String> {
            let items = page["items"].as_array().expect("items").iter();
            items.map(|one| one["subject"].as_str().expect("a name").to_owned()).collect()
        };
        let expected = ["group:staff", "system:bootstrap", "group:board", "user:ann", "user:cid"];
        assert_eq!(names(&all), expected, "{all}");
        assert_eq!(all["items"][3]["rules"], json!(["viewer-catalog"]));
        assert_eq!(all["items"][2]["obligations"], json!(["mask:class:*", "redact_sql"]));
        assert_eq!((&all["next"], &all["policyVersion"]), (&Value::Null, &json!(version)));
        asked["limit"] = json!(1);
        let mut paged = Vec::new();
        for _ in 0..20 {
            let page = ask(&world, WHO_CAN, &asked).await;
            paged.extend(names(&page));
            asked["after"] = page["next"].clone();
            if page["next"].is_null() {
                break;
            }
        }
        assert_eq!(paged, expected);
        let bound =
            json!({"action": "dataset:read", "resource": {"kind": "dataset", "namespace": "b/x"}});
        let found = names(&ask(&world, WHO_CAN, &bound).await);
        let expected =
            ["group:staff", "system:bootstrap", "group:board", "user:ann", "user:cid", "service:b"];
        assert_eq!(found, expected);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_may_ask_about_themselves_of_what_they_see() {
    let world = World::guarded(Backend::Sqlite).await;
    let ann = world.person("ann", &["viewer"]).await;
    world.person("cid", &["viewer"]).await;
    let dataset = |name: &str, tag: &str| json!({"namespace": "ns", "name": name, "tags": [tag]});
    let put = json!({"datasets": [dataset("shown", "gold"), dataset("hidden", "restricted")]});
    admin(&world, "PUT", "/api/v1/datasets", &put).await.ok(204);
    let about = |who: &str, name: &str| {
        json!({"principal": {"reference": who}, "action": "dataset:edit",
            "dataset": {"namespace": "ns", "name": name}})
    };
    let told = world.call_as(&ann, "POST", DECIDE, &about("user:ann", "shown")).await.ok(200);
    assert_eq!((&told["allow"], &told["why"]), (&json!(false), &json!("noRule")), "{told}");
    assert_eq!(told["nearest"]["missing"][0]["what"], "role", "{told}");
    // What one does not see is not there, and neither are others.
    let hidden = world.call_as(&ann, "POST", DECIDE, &about("user:ann", "hidden")).await;
    let nothing = world.call_as(&ann, "POST", DECIDE, &about("user:ann", "nothing")).await;
    let (hidden, nothing) = (hidden.problem(404, "not-found"), nothing.problem(404, "not-found"));
    let named = hidden["detail"].as_str().expect("words").replace("hidden", "nothing");
    assert_eq!(nothing["detail"], named);
    for other in ["user:cid", "user:nobody", "system:bootstrap", "anonymous"] {
        let refused = world.call_as(&ann, "POST", DECIDE, &about(other, "shown")).await;
        refused.problem(403, "forbidden");
    }
    let both = json!({"questions": [about("user:ann", "shown"), about("user:cid", "shown")]});
    let batch = format!("{DECIDE}/batch");
    world.call_as(&ann, "POST", &batch, &both).await.problem(403, "forbidden");
    // Whoever may ask about anybody is told of everything.
    let told = ask(&world, DECIDE, &about("user:ann", "hidden")).await;
    assert_eq!((&told["allow"], &told["known"]), (&json!(false), &json!(true)), "{told}");
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn simulation_tells_what_a_draft_would_change_and_changes_nothing() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        pipeline(&world, "etl", "etl").await;
        let job = json!({
            "eventTime": "2026-11-20T12:00:00Z", "producer": "https://example.com/etl",
            "job": {"namespace": "etl", "name": "load"},
        });
        admin(&world, "POST", "/api/v1/lineage", &job).await.ok(201);
        let same = draft(&world, &shipped_and("# nothing")).await;
        let answer = ask(&world, SIMULATE, &json!({"version": same})).await;
        assert_eq!(
            (&answer["total"], &answer["truncated"]),
            (&json!(0), &json!(false)),
            "{answer}"
        );
        let csv = shipped_and(
            "g, service:etl, operator\np, all-verify, everyone, *, audit:verify, *, *, allow",
        );
        let answer = ask(&world, SIMULATE, &json!({"csv": csv})).await;
        let told: Vec<String> = answer["differences"]
            .as_array()
            .expect("differences")
            .iter()
            .map(|one| {
                format!("{} {} {}", one["principal"], one["change"], one["action"]).replace('"', "")
            })
            .collect();
        for expected in [
            "everyone gains audit:verify",
            "service:etl gains audit:verify",
            "service:etl gains job:search",
        ] {
            assert!(told.contains(&expected.to_owned()), "{expected} in {told:?}");
        }
        assert!(!told.iter().any(|one| one.starts_with("anonymous")), "{told:?}");
        assert_eq!(answer["total"], told.len());
        // Everyone, pipelines and the account gain something; bootstrap had it already.
        assert_eq!(
            (&answer["principalsChanged"], &answer["principalsAsked"]),
            (&json!(3), &json!(5))
        );
        assert_eq!(world.app.obeyed().version, 1);
        admin(&world, "POST", SIMULATE, &json!({"version": 99})).await.problem(404, "not-found");
        admin(&world, "POST", SIMULATE, &json!({"csv": "p"})).await.problem(422, "invalid-policy");
        for body in [json!({}), json!({"version": 1, "csv": ""})] {
            admin(&world, "POST", SIMULATE, &body).await.problem(400, "bad-input");
        }
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_questions_are_refused_or_denied() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let asked = |reference: &str, resource: Value| json!({"principal": {"reference": reference}, "action": "event:ingest", "resource": resource});
        let long = "x".repeat(3_000);
        let event = || json!({"kind": "event"});
        let refused = [
            asked("", event()),
            asked("ann", event()),
            asked("user:", event()),
            asked("group:sales", event()),
            asked("service:a\0b", event()),
            asked(&format!("user:{long}"), event()),
            asked("user:ann", json!({"kind": "thing"})),
            asked("user:ann", json!({"kind": "event", "colour": "red"})),
            asked("user:ann", json!({"kind": "event", "namespace": long})),
            asked("user:ann", json!({"kind": "event", "tags": vec!["t"; 101]})),
            json!({"principal": {"reference": "user:ann"}, "action": "event:fly", "resource": event()}),
            json!({"principal": {"reference": "user:ann", "roles": vec![json!({"role": "viewer"}); 101]},
                "action": "event:read", "resource": event()}),
            json!({"principal": {"reference": "user:ann"}, "action": "event:read", "resource": event(),
                "context": {"time": "soon"}}),
            json!({"principal": {"reference": "user:ann"}, "action": "event:read", "resource": event(),
                "context": {"auth": "luck"}}),
        ];
        for body in &refused {
            admin(&world, "POST", DECIDE, body).await.problem(400, "bad-input");
        }
        // Texts that would be code elsewhere are names here, and nobody's.
        for odd in [
            "user:ann'; DROP TABLE principal;--",
            "user:*",
            "user:💥",
            "service:%",
            "user:system:bootstrap",
        ] {
            let body = asked(odd, json!({"kind": "event", "namespace": "\0", "tags": ["*", "\0"]}));
            let answer = ask(&world, DECIDE, &body).await;
            assert_eq!(
                (&answer["allow"], &answer["known"]),
                (&json!(false), &json!(false)),
                "{odd}"
            );
        }
        let after = json!({"action": "event:read", "resource": {"kind": "event"}, "after": "!!"});
        admin(&world, "POST", WHO_CAN, &after).await.problem(400, "bad-input");
        // A cursor that nobody gave out leads nowhere.
        let far = Cursor { number: i64::MIN, text: "x".into(), ..Cursor::default() };
        let after =
            json!({"action": "event:read", "resource": {"kind": "event"}, "after": far.encode()});
        assert_eq!(ask(&world, WHO_CAN, &after).await["items"], json!([]));
        world.app.stop().await;
    }
}
