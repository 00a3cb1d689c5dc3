//! What somebody may say of what: a token that is bound to one namespace changes nothing of
//! others' datasets by naming them, and what is folded again comes to the same.

mod put;

use std::sync::Arc;

use lethe::catalog::Voice;
use lethe::flow::{Submission, rebuild};
use serde_json::{Value, json};

use crate::events::facet;
use crate::world::dump::difference;
use crate::world::{Backend, TOKEN, World};

/// Where datasets are that the account `store` is bound to.
const STORE: &str = "pg://store:5432";
/// Where datasets are that nobody is bound to.
const FREE: &str = "s3://free";

fn run(time: &str, job: &str, part: &str, datasets: Value) -> Value {
    let mut event = json!({
        "eventType": "COMPLETE", "eventTime": time, "producer": "https://e.org",
        "run": {"runId": uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, format!("{time} {job}").as_bytes())},
        "job": {"namespace": job, "name": "load"},
    });
    event[part] = datasets;
    event
}

fn tags(all: &[(&str, Option<&str>)]) -> Value {
    let tag = |(key, field): &(&str, Option<&str>)| match key.split_once(':') {
        Some((key, value)) => json!({"key": key, "value": value, "field": field}),
        None => json!({"key": key, "value": "true", "field": field}),
    };
    facet(json!({"tags": all.iter().map(tag).collect::<Vec<_>>()}))
}

fn owned_by(name: &str) -> Value {
    facet(json!({"owners": [{"name": name, "type": "OWNER"}]}))
}

fn schema(names: &[&str]) -> Value {
    let fields: Vec<Value> = names.iter().map(|name| json!({"name": name})).collect();
    facet(json!({ "fields": fields }))
}

async fn post(world: &World, token: &str, event: &Value) {
    world.as_whom(token, "POST", "/api/v1/lineage", &event.to_string()).await.ok(201);
}

async fn find(world: &World, token: &str, namespace: &str, name: &str) -> Option<Value> {
    let encoded = namespace.replace(':', "%3A").replace('/', "%2F");
    let path = format!("/api/v1/datasets?namespace={encoded}&name={name}");
    let mut answer = world.as_whom(token, "GET", &path, "").await.ok(200);
    let items = answer["items"].as_array_mut().expect("items");
    items.pop()
}

fn columns(dataset: &Value) -> Vec<&str> {
    let columns = dataset["columns"].as_array().expect("columns");
    columns.iter().map(|column| column["name"].as_str().expect("a name")).collect()
}

/// A catalog in which `store` has said its say, and `other` may post for jobs of its own.
async fn stage(backend: Backend) -> (World, String, String) {
    let world = World::guarded(backend).await;
    let store = world
        .service("store", &json!({"namespaces": ["store"], "datasetNamespaces": [STORE]}))
        .await;
    let other = world.service("other", &json!({"namespaces": ["other"]})).await;
    for (minute, name) in (0..).zip(["people", "pay"]) {
        let facets = json!({
            "schema": schema(&["id", "mail"]),
            "documentation": facet(json!({"description": "as it is"})),
            "tags": tags(&[("restricted", None), ("class:user.contact.email", Some("mail"))]),
        });
        let output = json!([{"namespace": STORE, "name": name, "facets": facets}]);
        post(
            &world,
            &store,
            &run(&format!("2026-11-20T12:0{minute}:00Z"), "store", "outputs", output),
        )
        .await;
    }
    (world, store, other)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_takes_no_mark_off_and_makes_no_owner() {
    for backend in Backend::ALL {
        let (world, _, other) = stage(backend).await;
        let vera = world.person("vera", &["viewer"]).await;
        let carl = world.person("carl", &["contributor"]).await;
        let said = json!({
            "tags": tags(&[("x", None)]), "ownership": owned_by("user:carl"), "schema": schema(&["changed"]),
            "documentation": facet(json!({"description": "wrong"})),
            "symlinks": facet(json!({"identifiers": [{"namespace": FREE, "name": "open", "type": "TABLE"}]})),
            "lifecycleStateChange": facet(json!({"lifecycleStateChange": "DROP"})),
        });
        for (minute, part) in (0..).zip(["inputs", "outputs"]) {
            let datasets = json!([{"namespace": STORE, "name": "people", "facets": said}]);
            for year in [2026, 9998] {
                let time = format!("{year}-11-21T12:0{minute}:00Z");
                post(&world, &other, &run(&time, "other", part, datasets.clone())).await;
            }
        }
        let removed = json!({"tags": facet(json!({"_deleted": true}))});
        let datasets = json!([{"namespace": STORE, "name": "people", "facets": removed}]);
        post(&world, &other, &run("9998-11-22T00:00:00Z", "other", "outputs", datasets)).await;
        for who in [&vera, &carl] {
            assert_eq!(find(&world, who, STORE, "people").await, None, "{backend:?}");
        }
        let shown = find(&world, TOKEN, STORE, "people").await.expect("it is there");
        assert_eq!(columns(&shown), ["id", "mail"]);
        assert_eq!(shown["description"], "as it is");
        assert_eq!((&shown["lifecycle"], &shown["aliases"]), (&Value::Null, &json!([])));
        assert_eq!(shown["owners"], json!([]));
        let findings = shown["findings"].as_array().expect("findings");
        let kinds: Vec<&str> = findings.iter().map(|one| one["kind"].as_str().unwrap()).collect();
        for kind in ["tag", "owner", "symlink", "lifecycle", "removal"] {
            assert!(kinds.contains(&kind), "{kind} is among {kinds:?}");
        }
        assert!(findings.iter().all(|one| one["by"] == "service:other" && one["stranger"] == true));
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_own_author_makes_owners_and_a_stranger_hides_nothing() {
    for backend in Backend::ALL {
        let (world, store, other) = stage(backend).await;
        let vera = world.person("vera", &["viewer"]).await;
        let carl = world.person("carl", &["contributor"]).await;
        let facets = json!({"ownership": owned_by("user:carl")});
        let output = json!([{"namespace": STORE, "name": "people", "facets": facets}]);
        post(&world, &store, &run("2026-11-21T00:00:00Z", "store", "outputs", output)).await;
        let shown = find(&world, &carl, STORE, "people").await.expect("his own");
        assert_eq!(shown["owners"][0]["name"], "user:carl");
        let open = json!([{"namespace": STORE, "name": "open", "facets": {"schema": schema(&["id", "mail"])}}]);
        post(&world, &store, &run("2026-11-21T00:01:00Z", "store", "outputs", open)).await;
        let marks = tags(&[("restricted", None), ("class:user.contact.email", Some("mail"))]);
        let read = json!([{"namespace": STORE, "name": "open", "facets": {"tags": marks}}]);
        post(&world, &other, &run("2026-11-21T00:02:00Z", "other", "inputs", read)).await;
        let shown = find(&world, &vera, STORE, "open").await.expect("nobody hid it");
        assert_eq!(columns(&shown), ["id"], "a class masks at once, whoever says it");
        let finding = &shown["findings"][0];
        assert_eq!((&finding["kind"], &finding["what"]), (&json!("tag"), &json!("restricted")));
        world.app.stop().await;
    }
}

/// Bound nowhere, read only: it fills what nobody said, and nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn who_only_reads_fills_what_nobody_said() {
    let (world, _, other) = stage(Backend::Sqlite).await;
    let read = |minute: u8, columns: &[&str]| {
        let facets = json!({"schema": schema(columns), "lifecycleStateChange": facet(json!({"lifecycleStateChange": "DROP"}))});
        let input = json!([{"namespace": FREE, "name": "raw", "facets": facets}]);
        run(&format!("2026-11-21T00:0{minute}:00Z"), "other", "inputs", input)
    };
    post(&world, &other, &read(5, &["guess"])).await;
    let shown = find(&world, TOKEN, FREE, "raw").await.expect("it is there");
    assert_eq!((columns(&shown), &shown["lifecycle"]), (vec!["guess"], &Value::Null));
    let output = json!([{"namespace": FREE, "name": "raw", "facets": {"schema": schema(&["id"])}}]);
    post(&world, TOKEN, &run("2026-11-21T00:00:00Z", "etl", "outputs", output)).await;
    post(&world, &other, &read(6, &["guess again"])).await;
    let shown = find(&world, TOKEN, FREE, "raw").await.expect("it is there");
    assert_eq!(columns(&shown), ["id"], "who writes it knows better, however early");
    let id = shown["id"].as_str().expect("an id");
    let schemas = world.as_whom(TOKEN, "GET", &format!("/api/v1/datasets/{id}/schemas"), "").await;
    assert_eq!(schemas.ok(200)["items"].as_array().expect("schemas").len(), 1);
    world.app.stop().await;
}

/// Whoever posts the very words first does not make them theirs; nor are they lost to a rebuild.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_words_of_its_own_author_count_in_any_order_and_after_a_rebuild() {
    for backend in Backend::ALL {
        let mut told = Vec::new();
        for stranger_first in [true, false] {
            let (world, store, other) = stage(backend).await;
            let facets = json!({"tags": tags(&[("gold", None)]), "lifecycleStateChange": facet(json!({"lifecycleStateChange": "DROP"}))});
            let dataset = json!({"namespace": STORE, "name": "people", "facets": facets});
            let run = run("2026-11-21T00:00:00Z", "shared", "outputs", json!([dataset]));
            // Both may post for `shared`; only one is bound to the datasets of the store.
            for (name, datasets) in [("store", json!([STORE])), ("other", json!([]))] {
                let body = json!({"namespaces": [name, "shared"], "datasetNamespaces": datasets});
                let path = format!("/api/v1/service-accounts/{name}");
                world.as_whom(TOKEN, "PUT", &path, &body.to_string()).await.ok(200);
            }
            let order = if stranger_first { [&other, &store] } else { [&store, &other] };
            for who in order {
                post(&world, who, &run).await;
            }
            // Once more changes nothing.
            post(&world, order[0], &run).await;
            let shown = find(&world, TOKEN, STORE, "people").await.expect("it is there");
            assert_eq!(shown["lifecycle"], "DROP", "stranger first: {stranger_first}");
            assert!(shown["tags"].as_array().expect("tags").contains(&json!("gold")));
            world.settle().await;
            let grown = world.projections().await;
            rebuild(world.app.db(), world.app.now(), |_| ()).await.expect("it is rebuilt");
            if let Some(difference) = difference(&grown, &world.projections().await) {
                panic!("{backend:?}: {difference}");
            }
            told.push((shown["tags"].clone(), shown["findings"][0]["kind"].clone()));
            world.app.stop().await;
        }
        assert_eq!(told[0], told[1], "{backend:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parent_makes_no_job_where_its_author_may_not_speak() {
    let (world, store, other) = stage(Backend::Sqlite).await;
    let lineage = facet(
        json!({"entries": [{"type": "JOB", "namespace": "store", "name": "ghost", "inputs": []}]}),
    );
    for (who, job, there) in [(&other, "other", false), (&store, "store", true)] {
        let mut child = run("2026-11-21T00:00:00Z", job, "outputs", json!([]));
        child["run"]["facets"] = json!({"parent": facet(json!({
            "run": {"runId": "0199e2a0-5d1c-7c3e-b3a8-1f2d3c4b5a69"},
            "job": {"namespace": "store", "name": "parent"},
        }))});
        child["job"]["facets"] = json!({ "lineage": lineage });
        post(&world, who, &child).await;
        for name in ["parent", "ghost"] {
            let path = format!("/api/v1/namespaces/store/jobs/{name}");
            let status = world.as_whom(TOKEN, "GET", &path, "").await.status;
            assert_eq!(status == 200, there, "{name} by {job}: {status}");
        }
    }
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lineage_facet_draws_no_edge_into_a_job_that_its_author_may_not_speak_for() {
    for backend in Backend::ALL {
        let (world, store, other) = stage(backend).await;
        let own = run(
            "2026-11-20T13:00:00Z",
            "store",
            "inputs",
            json!([{"namespace": STORE, "name": "people"}]),
        );
        post(&world, &store, &own).await;
        let from = |name: &str| json!([{"type": "DATASET", "namespace": FREE, "name": name}]);
        let lineage = facet(json!({"entries": [
            {"type": "JOB", "namespace": "store", "name": "load", "inputs": from("slipped_in")},
            {"type": "JOB", "namespace": "other", "name": "load", "inputs": from("of_its_own")},
            {"type": "JOB", "inputs": from("of_itself")},
        ]}));
        let mut said = run("2026-11-20T13:01:00Z", "other", "inputs", json!([]));
        said["job"]["facets"] = json!({ "lineage": lineage });
        post(&world, &other, &said).await;
        let declared = json!({
            "eventTime": "2026-11-20T13:02:00Z", "producer": "https://e.org",
            "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/JobEvent",
            "job": {"namespace": "other", "name": "declared", "facets": {"lineage": lineage}},
        });
        post(&world, &other, &declared).await;
        world.settle().await;
        let graph = async |job: &str| {
            let path = format!("/api/v1/lineage/graph?direction=both&focus=job:{job}");
            world.as_whom(TOKEN, "GET", &path, "").await.ok(200).to_string()
        };
        let theirs = graph("store:load").await;
        assert!(!theirs.contains("slipped_in") && !theirs.contains("of_its"), "{theirs}");
        for name in ["load", "declared"] {
            let own = graph(&format!("other:{name}")).await;
            assert!(own.contains("of_itself") && !own.contains("slipped_in"), "{own}");
            let path = format!("/api/v1/namespaces/other/jobs/{name}");
            let shown = world.as_whom(TOKEN, "GET", &path, "").await;
            assert!(
                shown.text.contains("slipped_in"),
                "it is shown as it was said: {}",
                shown.text
            );
        }
        assert!(graph("other:load").await.contains("of_its_own"));
        let before = world.projections().await;
        rebuild(world.app.db(), world.app.now(), |_| ()).await.expect("rebuilt");
        assert_eq!(difference(&before, &world.projections().await), None, "{backend:?}");
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn before_an_account_is_bound_it_is_told_who_would_be_a_stranger() {
    for backend in Backend::ALL {
        let (world, _, other) = stage(backend).await;
        let read = json!([{"namespace": STORE, "name": "people"}]);
        post(&world, &other, &run("2026-11-21T00:00:00Z", "other", "inputs", read)).await;
        let path = "/api/v1/service-accounts/store/strangers?namespace=pg%3A%2F%2Fstore*";
        let listed = world.as_whom(TOKEN, "GET", path, "").await.ok(200);
        let expected = json!([{"namespace": STORE, "name": "people", "by": "service:other"}]);
        assert_eq!((&listed["items"], &listed["next"]), (&expected, &Value::Null));
        let elsewhere = "/api/v1/service-accounts/store/strangers?namespace=pg";
        let listed = world.as_whom(TOKEN, "GET", elsewhere, "").await.ok(200);
        assert_eq!(listed["items"], json!([]));
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_strangers_say_of_a_job_is_shown_and_has_no_effect() {
    let world = World::guarded(Backend::Sqlite).await;
    let own = |jobs: &str| {
        let jobs = Some(vec![jobs.to_owned()]);
        Arc::new(Voice { author: "service:s".to_owned(), jobs, ..Voice::default() })
    };
    let mut event = run("2026-11-21T00:00:00Z", "etl", "outputs", json!([]));
    let removed =
        json!({"_producer": "https://e.org", "_schemaURL": "https://e.org", "_deleted": true});
    event["job"]["facets"] = json!({"tags": tags(&[("gold", None), ("restricted", None)]),
        "ownership": owned_by("user:carl"), "documentation": facet(json!({"description": "d"}))});
    let mut later = run("2026-11-21T01:00:00Z", "etl", "outputs", json!([]));
    later["job"]["facets"] = json!({"tags": removed});
    // No door lets somebody speak of a job to whose namespace they are not bound: this is behind it.
    for (event, voice) in [(&event, own("elsewhere")), (&later, own("elsewhere"))] {
        let events = vec![lethe::openlineage::parse(event.to_string().as_bytes()).expect("valid")];
        let submission = Submission { events, voice, ..Submission::default() };
        world.app.submit(submission).await.expect("it is taken");
    }
    let job = world.call_as(TOKEN, "GET", "/api/v1/namespaces/etl/jobs/load", &Value::Null).await;
    assert_eq!(job.ok(200)["tags"], json!([]));
    let id = lethe::base::JobId::of("etl", "load");
    let page = format!("/api/v1/jobs/{id}");
    let job = world.call_as(TOKEN, "GET", &page, &Value::Null).await.ok(200);
    let found: Vec<(&str, &str)> = job["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|found| found["stranger"] == true && found["by"] == "service:s")
        .filter_map(|found| Some((found["kind"].as_str()?, found["what"].as_str()?)))
        .collect();
    let told =
        [("tag", "gold"), ("tag", "restricted"), ("owner", "user:carl"), ("removal", "tags")];
    assert_eq!(found, told);
    assert_eq!((&job["tags"], &job["owners"]), (&json!([]), &json!([])));
    // Said again by whoever may, it counts.
    let events = vec![lethe::openlineage::parse(event.to_string().as_bytes()).expect("valid")];
    let submission = Submission { events, voice: own("etl"), ..Submission::default() };
    world.app.submit(submission).await.expect("it is taken");
    let job = world.call_as(TOKEN, "GET", &page, &Value::Null).await.ok(200);
    assert_eq!(job["tags"], json!(["gold", "restricted"]));
    let found = world.projections().await;
    rebuild(world.app.db(), world.app.now(), |_| ()).await.expect("it is rebuilt");
    assert_eq!(difference(&found, &world.projections().await), None);
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_bound_to_one_namespace_is_a_stranger_to_the_others_of_its_account() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let (vera, carl) =
            (world.person("vera", &["viewer"]).await, world.person("carl", &["contributor"]).await);
        let account = json!({"namespaces": ["team-a", "team-b"], "datasetNamespaces": [STORE]});
        let wide = world.service("multi", &account).await;
        let narrow = async |namespaces: Value| {
            let (path, make) = (
                "/api/v1/service-accounts/multi/tokens",
                json!({"name": "narrow", "namespaces": namespaces}),
            );
            let made = world.call_as(TOKEN, "POST", path, &make).await.ok(201);
            made["token"].as_str().expect("a text").to_owned()
        };
        let (narrow, with_store) =
            (narrow(json!(["team-a"])).await, narrow(json!(["team-a", STORE])).await);
        for (place, name) in (0..).zip(["pay", "open"]) {
            for namespace in ["team-b", STORE] {
                let tags = if name == "pay" { tags(&[("restricted", None)]) } else { tags(&[]) };
                let facets = json!({"schema": schema(&["id"]), "tags": tags});
                let output = json!([{"namespace": namespace, "name": name, "facets": facets}]);
                let time = format!("2026-11-20T12:0{place}:00Z");
                post(&world, &wide, &run(&time, "team-b", "outputs", output)).await;
            }
        }
        let owned = json!({"ownership": owned_by("user:carl")});
        let hidden = json!({"tags": tags(&[("restricted", None)])});
        let say = async |token: &str, minute: u8, namespace: &str| {
            for (part, name, facets) in [("outputs", "pay", &owned), ("inputs", "open", &hidden)] {
                let datasets = json!([{"namespace": namespace, "name": name, "facets": facets}]);
                let time = format!("2026-11-21T12:{minute:02}:00Z");
                let mut event = run(&time, "team-a", part, datasets);
                event["job"]["name"] = json!(format!("{part} of {namespace}"));
                post(&world, token, &event).await;
            }
        };
        for namespace in ["team-b", STORE] {
            say(&narrow, 1, namespace).await;
            assert_eq!(find(&world, &carl, namespace, "pay").await, None, "{namespace}");
            let open = find(&world, &vera, namespace, "open").await;
            assert!(open.is_some(), "{backend:?}: {namespace} is hidden");
        }
        // Whoever names a store in the token has it for its own.
        say(&with_store, 2, STORE).await;
        assert!(find(&world, &carl, STORE, "pay").await.is_some(), "{backend:?}");
        assert_eq!(find(&world, &vera, STORE, "open").await, None, "{backend:?}");
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_disabled_leaves_its_namespaces_to_nobody() {
    for backend in Backend::ALL {
        let (world, _, other) = stage(backend).await;
        world.call_as(TOKEN, "DELETE", "/api/v1/service-accounts/store", &Value::Null).await;
        let drop = facet(json!({"lifecycleStateChange": "DROP"}));
        let facets = json!({"lifecycleStateChange": drop, "ownership": owned_by("user:mallory"),
            "tags": tags(&[("domain:clinical", None)])});
        let said = json!([{"namespace": STORE, "name": "pay", "facets": facets}]);
        post(&world, &other, &run("2026-11-21T10:00:00Z", "other", "outputs", said)).await;
        let found = find(&world, TOKEN, STORE, "pay").await.expect("it is there");
        let text = found.to_string();
        assert!(!found["tags"].to_string().contains("clinical"), "{backend:?}: {text}");
        assert!(!found["owners"].to_string().contains("mallory"), "{backend:?}: {text}");
        let path = "/api/v1/namespaces/pg%3A%2F%2Fstore%3A5432/datasets/pay";
        let told = world.as_whom(TOKEN, "GET", path, "").await.ok(200);
        assert_ne!(told["lastLifecycleState"], "DROP", "{backend:?}: {told}");
        // Until they are given up for it.
        let none = json!({"namespaces": [], "datasetNamespaces": []});
        let path = "/api/v1/service-accounts/store";
        world.call_as(TOKEN, "PUT", path, &none).await.ok(200);
        let said = json!([{"namespace": STORE, "name": "pay", "facets": facets}]);
        post(&world, &other, &run("2026-11-21T11:00:00Z", "other", "outputs", said)).await;
        let found = find(&world, TOKEN, STORE, "pay").await.expect("it is there");
        assert_eq!(found["lifecycle"], "DROP", "{backend:?}: {found}");
        world.app.stop().await;
    }
}
