//! Drafting, reading, comparing, activating and dropping sets of rules.

use serde_json::{Value, json};

use super::{activate, admin, draft, read, shipped_and};
use crate::world::{Backend, World};

const SALES: &str = "p, sales-read, sales, *, dataset:read, ns:sales/*, *, allow\n\
                     g, group:sales, sales";

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_written_read_compared_activated_and_retired() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let shipped = read(&world, "/api/v1/policies/active").await;
        assert_eq!((&shipped["version"], &shipped["state"]), (&json!(1), &json!("active")));
        let make = json!({"csv": shipped_and(SALES), "note": "sales reads its own",
            "cases": "user:ann group:sales, dataset:read, dataset ns:sales/eu, , allow"});
        let drafted = admin(&world, "POST", "/api/v1/policies", &make).await.ok(201);
        assert_eq!((&drafted["version"], &drafted["state"]), (&json!(2), &json!("draft")));
        let kinds = drafted["findings"].as_array().expect("findings").iter();
        assert!(kinds.clone().any(|one| one["kind"] == "over_broad"), "{drafted}");
        let told = read(&world, "/api/v1/policies/2?against=1").await;
        let lines = told["diff"]["added"].as_array().expect("lines");
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert_eq!(told["diff"]["removed"], json!([]));
        assert_eq!(told["csv"], make["csv"]);
        let rules = told["rules"].as_array().expect("rules");
        let rule = rules.iter().find(|rule| rule["id"] == "sales-read").expect("the rule");
        assert_eq!((&rule["selector"], &rule["effect"]), (&json!("ns:sales/*"), &json!("allow")));
        let activated = activate(&world, 2, &json!({"expectedActive": 1})).await.ok(200);
        assert_eq!(activated["state"], "active");
        assert_eq!(read(&world, "/api/v1/policies/active").await["version"], 2);
        assert_eq!(world.app.obeyed().version, 2, "at once where it was activated");
        // Back to what was, and no further from a state that is not the present one.
        let late = activate(&world, 1, &json!({"expectedActive": 1})).await;
        late.problem(409, "other-in-force");
        activate(&world, 1, &json!({})).await.ok(200);
        let list = read(&world, "/api/v1/policies?limit=1").await;
        assert_eq!(
            (&list["items"][0]["version"], &list["items"][0]["state"]),
            (&json!(2), &json!("retired"))
        );
        let next = format!("/api/v1/policies?after={}", list["next"].as_str().expect("more"));
        let list = read(&world, &next).await;
        assert_eq!((&list["items"][0]["version"], &list["items"][1]), (&json!(1), &Value::Null));
        let records = read(&world, "/api/v1/audit/records?action=policy:activate").await;
        let versions: Vec<&Value> = records["items"]
            .as_array()
            .expect("records")
            .iter()
            .map(|one| &one["record"]["ext"]["version"])
            .collect();
        assert_eq!(versions, [&json!(1), &json!(2)]);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_drafts_are_dropped_and_their_numbers_are_not_given_again() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let number = draft(&world, &shipped_and(SALES)).await;
        let path = format!("/api/v1/policies/{number}");
        admin(&world, "DELETE", &path, &Value::Null).await.ok(204);
        admin(&world, "DELETE", &path, &Value::Null).await.problem(404, "not-found");
        admin(&world, "GET", &path, &Value::Null).await.problem(404, "not-found");
        activate(&world, number, &json!({})).await.problem(404, "not-found");
        admin(&world, "DELETE", "/api/v1/policies/1", &Value::Null)
            .await
            .problem(409, "not-a-draft");
        assert_eq!(draft(&world, &shipped_and(SALES)).await, number + 1);
        assert_eq!(
            read(&world, "/api/v1/audit/records?action=policy:drop").await["items"]
                .as_array()
                .map(Vec::len),
            Some(1)
        );
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_set_of_rules_is_refused_with_every_line_at_fault() {
    let world = World::guarded(Backend::Sqlite).await;
    let csv = "p, a, viewer, *, dataset:fly, *, *, allow\n# fine\np, b, viewer, *, job:read, tag:(, *, allow\nq, c";
    let make = json!({"csv": csv});
    let problem =
        admin(&world, "POST", "/api/v1/policies", &make).await.problem(422, "invalid-policy");
    let lines: Vec<&Value> =
        problem["errors"].as_array().expect("faults").iter().map(|fault| &fault["line"]).collect();
    assert_eq!(lines, [&json!(1), &json!(3), &json!(4)], "{problem}");
    let make = json!({"csv": "", "cases": "ann, dataset:read"});
    let problem =
        admin(&world, "POST", "/api/v1/policies", &make).await.problem(422, "invalid-policy");
    assert_eq!(problem["errors"][0]["pointer"], "/cases");
    assert_eq!(read(&world, "/api/v1/policies").await["items"].as_array().map(Vec::len), Some(1));
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_whose_cases_fail_or_that_locks_everybody_out_stays_a_draft() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        // A shipped case fails: viewers would see what is restricted.
        let wide = shipped_and("p, wide, viewer, *, dataset:search, *, *, allow");
        let wide = draft(&world, &wide).await;
        let problem = activate(&world, wide, &json!({})).await.problem(409, "cases-failed");
        let fault = &problem["errors"][0];
        assert_eq!(fault["pointer"], "/catalog.csv", "{problem}");
        assert!(fault["line"].is_u64(), "{fault}");
        let message = fault["message"].as_str().expect("a text");
        assert!(
            message.contains("expected deny, got allow") && message.contains("wide"),
            "{message}"
        );
        // One of its own fails, waived or not.
        let make = json!({"csv": shipped_and(SALES),
            "cases": "user:ann group:sales, dataset:read, dataset ns:hr, , allow"});
        let own = admin(&world, "POST", "/api/v1/policies", &make).await.ok(201);
        let own = own["version"].as_i64().expect("a number");
        for body in [json!({}), json!({"waiveShippedCases": "we know"})] {
            let problem = activate(&world, own, &body).await.problem(409, "cases-failed");
            assert_eq!(problem["errors"][0]["pointer"], "/cases", "{problem}");
        }
        // Nobody could change these again.
        let mute = draft(&world, "p, all, nobody, *, *, *, *, allow").await;
        let waive = json!({"waiveShippedCases": "other roles"});
        activate(&world, mute, &waive).await.problem(409, "locked-out");
        assert_eq!(read(&world, "/api/v1/policies/active").await["version"], 1);
        // Waived with a reason, what the administrator can take back is put into force.
        let activated = activate(&world, wide, &waive).await.ok(200);
        assert_eq!(activated["shippedCasesWaived"], "other roles");
        let records = read(&world, "/api/v1/audit/records?action=policy:activate").await;
        assert_eq!(records["items"][0]["record"]["ext"]["shippedCasesWaived"], true);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_activate_at_once_one_is_told_that_the_other_was_first() {
    let world = World::guarded(Backend::Postgres).await;
    let other = world.another_node().await;
    let (one, two) =
        (draft(&world, &shipped_and(SALES)).await, draft(&world, &shipped_and("")).await);
    let expected = json!({"expectedActive": 1});
    let (first, second) =
        tokio::join!(activate(&world, one, &expected), activate(&other, two, &expected));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{} {}", first.text, second.text);
    other.app.stop().await;
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_bootstrap_token_a_person_must_be_left_who_can_change_the_rules() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let ann = world.person("ann", &["administrator"]).await;
        let keeps = draft(&world, &shipped_and("")).await;
        let shipped: String = shipped_and("")
            .lines()
            .filter(|line| !line.contains("policy:*"))
            .map(|line| format!("{line}\n"))
            .collect();
        let loses = draft(&world, &shipped).await;
        let world = world.restart_without_bootstrap().await;
        // A clock begins anew with each start.
        world.clock.advance_secs(60);
        let activate = async |version: i64| {
            let path = format!("/api/v1/policies/{version}/activate");
            let body = json!({"waiveShippedCases": "a trial"});
            world.call_as(&ann, "POST", &path, &body).await
        };
        activate(loses).await.problem(409, "locked-out");
        activate(keeps).await.ok(200);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_open_everything_to_more_only_by_those_who_may_give_that() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let adam = world.person("adam", &["administrator"]).await;
        // A person who holds it: by a token they give it to nobody.
        let root = world.person("root", &["administrator", "bootstrap"]).await;
        let robot = json!({"roles": [{"role": "administrator"}]});
        let robot = world.service("robot", &robot).await;
        let waived = json!({"waiveShippedCases": "tried"});
        let put = async |token: &str, number: i64| {
            let path = format!("/api/v1/policies/{number}/activate");
            world.call_as(token, "POST", &path, &waived).await
        };
        for more in [
            "g, user:adam, bootstrap, *",
            "g, group:ops, bootstrap, clinical/*",
            "g2, viewer, bootstrap",
            "p, all, everyone, *, *, *, *, allow",
            "p, all, administrator, *, *, !tag:none, *, allow",
        ] {
            let number = draft(&world, &shipped_and(more)).await;
            for token in [&adam, &root, &robot] {
                put(token, number).await.problem(403, "forbidden");
            }
            assert_eq!(read(&world, "/api/v1/policies/active").await["version"], 1, "{more}");
        }
        let denied = "/api/v1/audit/records?outcome=denied&action=policy:activate";
        let denied = read(&world, denied).await;
        assert_eq!(denied["items"].as_array().map(Vec::len), Some(15), "{denied}");
        // Other rules are theirs to change, also beside what is open already.
        let given = draft(&world, &shipped_and("g, user:eve, bootstrap, *")).await;
        activate(&world, given, &waived).await.ok(200);
        let kept = format!("{SALES}\ng, user:eve, bootstrap, *");
        let kept = draft(&world, &shipped_and(&kept)).await;
        put(&adam, kept).await.ok(200);
        put(&adam, 1).await.ok(200);
        put(&adam, given).await.problem(403, "forbidden");
        world.app.stop().await;
    }
}
