//! A dataset of several names is judged by all of them, and a mark is on all that it may mean.

use serde_json::{Value, json};

use super::doors::tester;
use crate::world::{Backend, TOKEN, World};

const RULES: &str = "\
g, service:tester, looker, *
p, see, looker, *, dataset:*|lineage:*|namespace:read, !ns:hidden & !tag:restricted, *, allow, mask:class:*
p, tell, looker, *, access_event:write, ns:self, *, allow
p, admin, bootstrap, *, *, *, *, allow
g, system:bootstrap, bootstrap, *
";

pub fn facet(body: Value) -> Value {
    let mut body = body;
    body["_producer"] = json!("https://example.com/test");
    body["_schemaURL"] = json!("https://example.com/schema.json");
    body
}

pub fn schema(columns: &[&str]) -> Value {
    let fields: Vec<Value> = columns.iter().map(|name| json!({"name": name})).collect();
    facet(json!({"fields": fields}))
}

/// Posts an event about a dataset.
pub async fn about(world: &World, namespace: &str, name: &str, facets: Value) {
    about_at(world, "2026-11-20T08:00:00Z", namespace, name, facets).await;
}

/// Posts an event about a dataset, of that time.
async fn about_at(world: &World, at: &str, namespace: &str, name: &str, facets: Value) {
    let event = json!({
        "eventTime": at, "producer": "https://example.com/test",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent",
        "dataset": {"namespace": namespace, "name": name, "facets": facets}});
    world.call_as(TOKEN, "POST", "/api/v1/lineage", &event).await.ok(201);
}

/// Returns what a token sees under a name: the columns, or nothing.
async fn columns(world: &World, token: &str, namespace: &str, name: &str) -> Option<Vec<String>> {
    let id = lethe::base::DatasetId::of(namespace, name).0;
    let answer = world.as_whom(token, "GET", &format!("/api/v1/datasets/{id}"), "").await;
    if answer.status != 200 {
        assert!([403, 404].contains(&answer.status), "{}", answer.text);
        return None;
    }
    let body = answer.ok(200);
    let columns = body["columns"].as_array().cloned().unwrap_or_default();
    Some(columns.iter().filter_map(|column| column["name"].as_str().map(str::to_owned)).collect())
}

/// Returns the columns that the lineage graph draws of a dataset.
async fn drawn(world: &World, token: &str, namespace: &str, name: &str) -> String {
    let path =
        format!("/api/v1/lineage/graph?focus=dataset:{namespace}:{name}&level=column&depth=2");
    world.as_whom(token, "GET", &path, "").await.text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_hidden_hides_the_dataset_under_all_its_names_and_after_a_rename() {
    for backend in Backend::ALL {
        let world = World::with_rules(backend, RULES).await;
        let token = tester(&world).await;
        let linked = |namespace: &str, name: &str| {
            facet(json!({"identifiers": [{"namespace": namespace, "name": name, "type": "TABLE"}]}))
        };
        about(&world, "open", "a", json!({"schema": schema(&["id"])})).await;
        assert!(columns(&world, &token, "open", "a").await.is_some());
        about(&world, "hidden", "a", json!({"symlinks": linked("open", "a")})).await;
        assert_eq!(columns(&world, &token, "open", "a").await, None, "{backend:?}");
        assert_eq!(columns(&world, &token, "hidden", "a").await, None);
        // A rename out of the namespace: the name that it had counts as well.
        about(&world, "hidden", "b", json!({"schema": schema(&["id"])})).await;
        let rename = facet(json!({"lifecycleStateChange": "RENAME",
            "previousIdentifier": {"namespace": "hidden", "name": "b"}}));
        about(&world, "open", "b", json!({"lifecycleStateChange": rename})).await;
        assert_eq!(columns(&world, &token, "open", "b").await, None, "renamed on {backend:?}");
        // An access to one name is an access to all: whoever is bound to one may not tell of it.
        about(&world, "mine", "alias", json!({"symlinks": linked("open", "a")})).await;
        let told = |name: &str| {
            json!({"id": "e", "at": "2026-11-20T12:00:00Z", "actor": "x@example.com",
                "dataset": {"namespace": "mine", "name": name}, "operation": "read"})
        };
        let bound = json!({"namespaces": ["mine"]});
        world.call_as(TOKEN, "PUT", "/api/v1/service-accounts/tester", &bound).await.ok(200);
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        for (name, status) in [("alone", 200), ("alias", 403)] {
            let answer = world.call_as(&token, "POST", "/api/v1/access-events", &told(name)).await;
            assert_eq!(answer.status, status, "{name} on {backend:?}: {}", answer.text);
        }
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_is_on_all_that_it_may_mean() {
    for backend in Backend::ALL {
        let world = World::with_rules(backend, RULES).await;
        let token = tester(&world).await;
        let tags = |entries: &[(&str, Option<&str>)]| {
            let entry = |(value, field): &(&str, Option<&str>)| match field {
                Some(field) => json!({"key": "class", "value": value, "field": field}),
                None => json!({"key": "class", "value": value}),
            };
            facet(json!({"tags": entries.iter().map(entry).collect::<Vec<_>>()}))
        };
        let cases: [(&str, Vec<&str>, Value, Vec<&str>); 4] = [
            ("whole", vec!["id", "mail"], tags(&[("user.name", None)]), vec![]),
            ("case", vec!["id", "mail"], tags(&[("user.mail", Some("MAIL"))]), vec!["id"]),
            ("around", vec!["id", "home"], tags(&[("user.home", Some("home"))]), vec!["id"]),
            ("other", vec!["id", "mail"], tags(&[("user.name", Some("name"))]), vec!["id", "mail"]),
        ];
        for (name, all, tags, seen) in &cases {
            about(&world, "open", name, json!({"schema": schema(all), "tags": tags})).await;
            let found = columns(&world, &token, "open", name).await;
            assert_eq!(
                found.as_deref(),
                Some(&seen.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>()[..]),
                "{name}"
            );
        }
        // The same in lineage, where columns are drawn.
        let input =
            |name: &str, field: &str| json!({"namespace": "open", "name": name, "field": field});
        let lineage = facet(json!({"fields": {
            "copy": {"inputFields": [input("whole", "mail"), input("case", "mail"), input("other", "mail")]}}}));
        let made = json!({"schema": schema(&["copy"]), "columnLineage": lineage});
        about(&world, "open", "made", made).await;
        world.settle().await;
        let graph = drawn(&world, &token, "open", "made").await;
        let fields = graph.matches("\"mail\"").count();
        let all = drawn(&world, TOKEN, "open", "made").await.matches("\"mail\"").count();
        assert!(fields > 0 && all == 3 * fields, "{backend:?}: {fields} of {all}\n{graph}");
        world.app.stop().await;
    }
}

/// Masks all that is tagged `pii`, but for what is tagged `public` as well.
const FREEING: &str = "\
g, service:tester, looker, *
p, see, looker, *, dataset:*|lineage:*|job:*|namespace:read, *, *, allow, mask:tag:pii & !tag:public
p, admin, bootstrap, *, *, *, *, allow
g, system:bootstrap, bootstrap, *
";

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_is_no_longer_said_frees_no_column() {
    for backend in Backend::ALL {
        let world = World::with_rules(backend, FREEING).await;
        let token = tester(&world).await;
        let tags = |mail: &[&str]| {
            let tag = |(field, key): (&str, &str)| json!({"key": key, "value": "", "field": field});
            let mail = mail.iter().map(|key| ("mail", *key));
            let kept = [("name", "pii"), ("name", "public")];
            facet(json!({"tags": mail.chain(kept).map(tag).collect::<Vec<_>>()}))
        };
        let all = ["id", "mail", "name"];
        let input = |field: &str| json!({"namespace": "open", "name": "a", "field": field});
        let lineage = facet(json!({"fields": {"copy": {
            "inputFields": all.map(input)}}}));
        let made = json!({"schema": schema(&["copy"]), "columnLineage": lineage});
        about(&world, "open", "made", made).await;
        let before = [&["pii", "public"][..], &["pii"], &["pii", "public"]];
        // Once said, then not any more, then again.
        for (time, (mail, shown)) in before.iter().zip([true, false, true]).enumerate() {
            let said = json!({"schema": schema(&all), "tags": tags(mail)});
            about_at(&world, &format!("2026-11-20T08:0{time}:00Z"), "open", "a", said).await;
            let seen: Vec<&str> = all.into_iter().filter(|at| shown || *at != "mail").collect();
            let found = columns(&world, &token, "open", "a").await.expect("it is seen");
            assert_eq!(found, seen, "page at {time} on {backend:?}");
            for settled in [false, true] {
                let graph = drawn(&world, &token, "open", "made").await;
                let is = graph.contains("\"mail\"");
                // Before the follower is there, masked datasets show no field.
                assert!(is == shown || (!settled && !is), "{time} on {backend:?}: {graph}");
                assert!(!settled || graph.contains("\"name\""), "{graph}");
                world.settle().await;
            }
        }
        world.app.stop().await;
    }
}
