//! A run is known by its id and its job's namespace: nobody moves, ends or rewrites another's run,
//! and whose runs are hidden, of them neither parents nor children are told.

use serde_json::{Value, json};

use lethe::base::RunId;

use crate::policies::{admin, read};
use crate::world::dump::{self, difference};
use crate::world::{Backend, World};

const RUN: &str = "0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a69";
const OTHER: &str = "0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a70";

fn event(state: &str, minute: u8, (namespace, name): (&str, &str), facets: Value) -> Value {
    json!({
        "eventType": state, "eventTime": format!("2026-11-20T12:{minute:02}:00Z"),
        "producer": "https://example.com/etl", "run": {"runId": RUN, "facets": facets},
        "job": {"namespace": namespace, "name": name},
        "outputs": [{"namespace": namespace, "name": format!("of_{name}")}],
    })
}

fn started_by(run: &str, namespace: &str, name: &str) -> Value {
    json!({"parent": {
        "_producer": "https://example.com/etl",
        "_schemaURL": "https://openlineage.io/spec/facets/1-1-0/ParentRunFacet.json",
        "run": {"runId": run}, "job": {"namespace": namespace, "name": name},
    }})
}

async fn run(world: &World) -> Value {
    read(world, &format!("/api/v1/runs/{RUN}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_another_namespace_speaks_of_a_run_of_its_own() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let post = async |event: Value| {
            admin(&world, "POST", "/api/v1/lineage", &event).await.ok(201);
        };
        let (finance, team) = (("finance", "nightly"), ("team-a", "mine"));
        post(event("START", 1, finance, json!({}))).await;
        // In one batch with more of the run whose id it is, and again.
        let mixed = json!([
            event("FAIL", 2, team, json!({})),
            event("RUNNING", 3, finance, json!({})),
            event("FAIL", 2, team, json!({})),
        ]);
        admin(&world, "POST", "/api/v1/lineage/batch", &mixed).await.ok(200);
        for restarted in [false, true] {
            let found = run(&world).await;
            assert_eq!(
                (&found["job"]["namespace"], &found["state"]),
                (&json!("finance"), &json!("RUNNING")),
                "{restarted}"
            );
            assert_eq!(found["outputs"].as_array().map(Vec::len), Some(1));
            assert_eq!(found["others"][0]["job"], json!({"namespace": "team-a", "name": "mine"}));
            let other = found["others"][0]["id"].as_str().expect("an id");
            let other = read(&world, &format!("/api/v1/runs/{other}")).await;
            assert_eq!((&other["state"], &other["sharedId"]), (&json!("FAILED"), &json!(RUN)));
            assert_eq!(read(&world, &format!("/api/v1/jobs/runs/{RUN}")).await["state"], "RUNNING");
            let runs = read(&world, "/api/v1/namespaces/team-a/jobs/mine/runs").await;
            assert_eq!(
                (&runs["totalCount"], &runs["runs"][0]["state"]),
                (&json!(1), &json!("FAILED"))
            );
            if !restarted {
                let now = world.app.now();
                lethe::flow::rebuild(world.app.db(), now, |_| ()).await.expect("rebuilt");
            }
        }
        // Of the finance run a child elsewhere says what its job is called: that moves nothing.
        let mut child = event("START", 9, ("team-a", "child"), started_by(RUN, "finance", "ghost"));
        child["run"]["runId"] = json!(OTHER);
        post(child).await;
        assert_eq!(run(&world).await["job"]["name"], "nightly");
        let nightly = read(&world, "/api/v1/namespaces/finance/jobs/nightly").await;
        assert_eq!(nightly["name"], "nightly");
        world.app.stop().await;
    }
}

/// Where a run of a namespace is kept that shares its id follows from both, and is no secret: who
/// gives that id to a run of their own before gets another one, and joins nobody's.
#[tokio::test(flavor = "multi_thread")]
async fn the_id_that_a_run_would_be_kept_under_is_claimed_in_vain() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let viewer = world.person("vera", &["viewer"]).await;
        let kept = RunId(RUN.parse().expect("a UUID")).within("finance").to_string();
        let mut claimed = event("FAIL", 9, ("team-a", "mine"), json!({}));
        claimed["run"]["runId"] = json!(kept);
        let mut secret = event("START", 3, ("finance", "nightly"), json!({}));
        secret["job"]["facets"] = json!({"tags": {
            "_producer": "https://example.com/etl",
            "_schemaURL": "https://openlineage.io/spec/facets/1-0-0/TagsJobFacet.json",
            "tags": [{"key": "restricted", "value": "true"}],
        }});
        for event in [event("START", 1, ("team-a", "other"), json!({})), claimed, secret] {
            admin(&world, "POST", "/api/v1/lineage", &event).await.ok(201);
        }
        for rebuilt in [false, true] {
            let runs = async |job: &str| {
                read(&world, &format!("/api/v1/namespaces/{job}/runs")).await["runs"].clone()
            };
            let nightly = runs("finance/jobs/nightly").await;
            assert_eq!(
                (&nightly[0]["id"], &nightly[0]["state"]),
                (&json!(kept), &json!("RUNNING"))
            );
            let mine = runs("team-a/jobs/mine").await;
            assert_eq!(
                (&mine[0]["state"], &mine[1]),
                (&json!("FAILED"), &Value::Null),
                "{rebuilt}"
            );
            let mine = mine[0]["id"].as_str().expect("an id").to_owned();
            let known = read(&world, &format!("/api/v1/runs/{mine}")).await;
            assert_eq!(known["givenId"], json!(kept));
            for path in ["/api/v1/runs/", "/api/v1/jobs/runs/"] {
                let found = read(&world, &format!("{path}{kept}")).await;
                assert_eq!(found["state"], "RUNNING", "{path}");
                assert!(!found.to_string().contains("of_mine"), "{found}");
                let path = format!("{path}{kept}");
                let seen = world.call_as(&viewer, "GET", &path, &Value::Null).await;
                // Marquez's path finds what was given that id, too: a run of another job.
                assert!(!seen.text.contains("nightly"), "{path}");
            }
            if !rebuilt {
                let now = world.app.now();
                lethe::flow::rebuild(world.app.db(), now, |_| ()).await.expect("rebuilt");
            }
        }
        world.app.stop().await;
    }
}

/// What an earlier version kept under an id that anybody could give moves, and is the same then.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_kept_under_an_unmarked_id_is_found_as_before() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let both = json!([
            event("START", 1, ("finance", "nightly"), json!({})),
            event("FAIL", 2, ("team-a", "mine"), json!({})),
        ]);
        admin(&world, "POST", "/api/v1/lineage/batch", &both).await.ok(200);
        world.settle().await;
        let now = world.projections().await;
        let kept = RunId(RUN.parse().expect("a UUID")).within("team-a").to_string();
        let unmarked = format!("{}4{}9{}", &kept[..14], &kept[15..19], &kept[20..]);
        let id = |text: &str| match backend {
            Backend::Sqlite => format!("X'{}'", text.replace('-', "")),
            _ => format!("'{text}'"),
        };
        let (new, old) = (id(&kept), id(&unmarked));
        let run = async |text: String| dump::run(&world.url, &[text.leak()]).await;
        run(format!("UPDATE run SET id = {old} WHERE id = {new}")).await;
        run(format!("UPDATE run_use SET run = {old} WHERE run = {new}")).await;
        run(format!("UPDATE job SET doc = replace(doc, '{kept}', '{unmarked}')")).await;
        assert!(difference(&now, &world.projections().await).is_some(), "{backend:?}");
        let migration = match backend {
            Backend::Sqlite => include_str!("../../migrations/sqlite/0016_runs_apart.sql"),
            _ => include_str!("../../migrations/postgres/0016_runs_apart.sql"),
        };
        run(migration.to_owned()).await;
        if let Some(difference) = difference(&now, &world.projections().await) {
            panic!("{backend:?}: {difference}");
        }
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_grows_by_its_parent_stays_one_run() {
    let world = World::guarded(Backend::Sqlite).await;
    let facets = started_by(OTHER, "etl", "dag");
    let both = json!([
        event("START", 1, ("etl", "task"), json!({})),
        event("COMPLETE", 2, ("etl", "task"), facets),
    ]);
    admin(&world, "POST", "/api/v1/lineage/batch", &both).await.ok(200);
    let found = run(&world).await;
    assert_eq!((&found["job"]["name"], &found["state"]), (&json!("dag.task"), &json!("COMPLETED")));
    assert_eq!((&found["others"], &found["parent"]), (&json!([]), &json!(OTHER)));
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_written_by_hand_is_no_other_jobs() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let own = event("START", 1, ("etl", "own"), json!({}));
        let owned = json!({"ownership": {
            "_producer": "https://example.com/etl",
            "_schemaURL": "https://openlineage.io/spec/facets/1-0-1/OwnershipJobFacet.json",
            "owners": [{"name": "user:carl"}],
        }});
        let mut mine = event("START", 1, ("etl", "mine"), json!({}));
        mine["run"]["runId"] = json!(OTHER);
        mine["job"]["facets"] = owned;
        for event in [own, mine] {
            admin(&world, "POST", "/api/v1/lineage", &event).await.ok(201);
        }
        let path = "/api/v1/namespaces/etl/jobs/mine/runs";
        let taken = admin(&world, "POST", path, &json!({"id": RUN})).await;
        assert!((400..=409).contains(&taken.status), "{}", taken.text);
        assert_eq!(run(&world).await["job"]["name"], "own");
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parents_and_children_of_hidden_runs_are_not_told() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let viewer = world.person("vera", &["viewer"]).await;
        let mut boss = event("START", 1, ("etl", "boss"), json!({}));
        boss["job"]["facets"] = json!({"tags": {
            "_producer": "https://example.com/etl",
            "_schemaURL": "https://openlineage.io/spec/facets/1-0-0/TagsJobFacet.json",
            "tags": [{"key": "restricted", "value": "true"}],
        }});
        let mut child = event("START", 2, ("etl", "child"), started_by(RUN, "etl", "boss"));
        child["run"]["runId"] = json!(OTHER);
        for event in [boss, child] {
            admin(&world, "POST", "/api/v1/lineage", &event).await.ok(201);
        }
        let unknown = "0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a99";
        let children = |id: &str| format!("/api/v1/runs/{id}/children");
        assert_eq!(read(&world, &children(RUN)).await["items"].as_array().map(Vec::len), Some(1));
        let as_vera = async |path: &str| world.call_as(&viewer, "GET", path, &Value::Null).await;
        for id in [RUN, unknown] {
            assert_eq!(as_vera(&children(id)).await.ok(200)["items"], json!([]), "{id}");
            as_vera(&format!("/api/v1/runs/{id}")).await.problem(404, "not-found");
        }
        let shown = read(&world, &format!("/api/v1/runs/{OTHER}")).await;
        assert_eq!((&shown["parent"], &shown["root"]), (&json!(RUN), &json!(RUN)));
        for path in [format!("/api/v1/runs/{OTHER}"), format!("/api/v1/jobs/runs/{OTHER}")] {
            let shown = as_vera(&path).await;
            shown.ok(200);
            assert!(!shown.text.contains(RUN), "{path}: {}", shown.text);
        }
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_something_is_hidden_the_id_of_a_run_is_not_chosen_and_tells_nothing() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let carl = world.person("carl", &["contributor"]).await;
        let etl = world.service("etl", &json!({"namespaces": ["etl", "open"]})).await;
        let post = async |event: Value| {
            world.call_as(&etl, "POST", "/api/v1/lineage", &event).await.ok(201);
        };
        let owners = json!({"ownership": {
            "_producer": "https://example.com/etl", "_schemaURL": "https://example.com/f.json",
            "owners": [{"name": "user:carl", "type": "OWNER"}],
        }});
        for namespace in ["etl", "open"] {
            let mut own = event("COMPLETE", 1, (namespace, "mine"), json!({}));
            own["job"]["facets"] = owners.clone();
            own["run"]["runId"] = json!(format!("of-carl-{namespace}"));
            post(own).await;
        }
        let mut hush = event("COMPLETE", 2, ("etl", "hush"), json!({}));
        hush["run"]["runId"] = json!("nightly-30");
        hush["job"]["facets"] = json!({"tags": {
            "_producer": "https://example.com/etl", "_schemaURL": "https://example.com/f.json",
            "tags": [{"key": "restricted", "value": "true"}],
        }});
        post(hush).await;
        world.settle().await;
        let ask = async |namespace: &str, body: Value| {
            let path = format!("/api/v1/namespaces/{namespace}/jobs/mine/runs");
            world.call_as(&carl, "POST", &path, &body).await
        };
        let (taken, free) = (
            ask("etl", json!({"id": "nightly-30"})).await,
            ask("etl", json!({"id": "nightly-29"})).await,
        );
        assert_eq!((taken.status, &taken.text), (403, &free.text), "{backend:?}");
        assert!(free.text.contains("leave it out"), "{}", free.text);
        let runs = read(&world, "/api/v1/namespaces/etl/jobs/hush/runs").await;
        assert_eq!(runs["totalCount"], 1);
        // Nor of another namespace, where nothing is hidden.
        let elsewhere =
            [ask("open", json!({"id": "nightly-30"})), ask("open", json!({"id": "nightly-28"}))];
        for chosen in elsewhere {
            let chosen = chosen.await;
            assert_eq!((chosen.status, &chosen.text), (403, &free.text), "{backend:?}");
        }
        // One that Lethe draws is no question, and whoever sees all chooses any.
        let drawn = ask("etl", json!({})).await.ok(201);
        let complete =
            format!("/api/v1/jobs/runs/{}/complete", drawn["id"].as_str().expect("an id"));
        world.call_as(&carl, "POST", &complete, &Value::Null).await.ok(200);
        let path = "/api/v1/namespaces/open/jobs/mine/runs";
        admin(&world, "POST", path, &json!({"id": "nightly-28"})).await.ok(201);
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_shares_its_id_is_ended_by_hand() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let both = json!([
            event("START", 1, ("finance", "nightly"), json!({})),
            event("START", 2, ("team-a", "mine"), json!({})),
        ]);
        admin(&world, "POST", "/api/v1/lineage/batch", &both).await.ok(200);
        let runs = async || read(&world, "/api/v1/namespaces/team-a/jobs/mine/runs").await;
        let mine = runs().await["runs"][0]["id"].as_str().expect("an id").to_owned();
        let path = format!("/api/v1/jobs/runs/{mine}/complete");
        let ended = admin(&world, "POST", &path, &Value::Null).await.ok(200);
        assert_eq!((&ended["id"], &ended["state"]), (&json!(mine), &json!("COMPLETED")));
        assert_eq!(runs().await["totalCount"], 1, "no stray run is made");
        let nightly = read(&world, "/api/v1/namespaces/finance/jobs/nightly/runs").await;
        assert_eq!(nightly["runs"][0]["state"], "RUNNING");
        world.app.stop().await;
    }
}
