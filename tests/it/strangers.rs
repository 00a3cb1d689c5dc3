//! What strangers say opens nothing: under any rules and in any catalog, what somebody could not
//! see or do before a stranger's events they cannot see or do after them.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::events::{self, facet};
use crate::world::{Backend, TOKEN, World};

/// Namespaces of the datasets that [`events`] draws; the account `store` is bound to all of them.
const NAMESPACES: [&str; 3] = ["s3://lake", "hive://meta:9083", "pg://elsewhere"];

/// What the person who asks may be allowed.
const ACTS: &str = "dataset:search|dataset:read|dataset:read_fields|dataset:edit|job:search|job:read|run:read|lineage:read|namespace:read";

fn selector() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "*",
        "ns:s3*",
        "ns:hive*",
        "!tag:restricted",
        "tag:tag0",
        "!tag:tag1",
        "tag:gold & !tag:restricted",
        "class:*",
        "!class:*",
        "owner:self",
        "!owner:self",
        "owner:user:vera | tag:tag2",
        "!(tag:restricted | class:*)",
    ])
}

/// Draws rules; the first allows something.
fn rules() -> impl Strategy<Value = String> {
    let obligation = prop::sample::select(vec![
        "",
        "mask:class:*",
        "mask:*",
        "mask:tag:tag1; redact_sql",
        "mask:!tag:gold",
        "mask:!class:user.name",
    ]);
    let rule = (selector(), prop::bool::weighted(0.3), obligation);
    prop::collection::vec(rule, 1..5).prop_map(|rules| {
        let mut text = "g, user:vera, tester, *\n".to_owned();
        for (place, (selector, deny, obligation)) in rules.into_iter().enumerate() {
            let (effect, duty) =
                if deny && place > 0 { ("deny", "") } else { ("allow", obligation) };
            text += &format!("p, r{place}, tester, *, {ACTS}, {selector}, *, {effect}, {duty}\n");
        }
        text + "p, ingest, ingest, *, event:ingest, ns:self, *, allow\n\
            g, group:pipelines, ingest, *\n\
            p, admin, bootstrap, *, *, *, *, allow\n\
            g, system:bootstrap, bootstrap, *\n"
    })
}

/// Draws facets that try to change what rules read.
fn words() -> impl Strategy<Value = Vec<(&'static str, Value)>> {
    let tag = prop::sample::select(vec!["tag0", "tag2", "gold", "class:user.name", "x"]);
    let tags = (tag, prop::option::of(0..3_u8)).prop_map(|(tag, column)| {
        let (key, value) = tag.split_once(':').unwrap_or((tag, "true"));
        let column = column.map(|number| format!("c{number}"));
        json!({"tags": [{"key": key, "value": value, "field": column}]})
    });
    let name = (0..3_usize, 0..5_u8).prop_map(|(namespace, number)| {
        let name = ["table", "db.t", "ghost"][namespace];
        json!({"namespace": NAMESPACES[namespace], "name": format!("{name}{number}"), "type": "TABLE"})
    });
    let state = prop::sample::select(vec!["DROP", "RENAME", "TRUNCATE", "CREATE", "OVERWRITE"]);
    let from = name.clone();
    let one = prop_oneof![
        tags.prop_map(|tags| ("tags", tags)),
        Just(("tags", json!({"_deleted": true}))),
        Just(("tags", json!({"tags": []}))),
        Just(("ownership", json!({"owners": [{"name": "user:vera", "type": "OWNER"}]}))),
        Just(("ownership", json!({"_deleted": true}))),
        name.prop_map(|name| ("symlinks", json!({"identifiers": [name]}))),
        (state, from).prop_map(|(state, from)| {
            let before = json!({"namespace": from["namespace"], "name": from["name"]});
            (
                "lifecycleStateChange",
                json!({"lifecycleStateChange": state, "previousIdentifier": before}),
            )
        }),
        Just(("schema", json!({"fields": [{"name": "C1"}, {"name": "\"c2\""}]}))),
    ];
    prop::collection::vec(one, 0..3)
}

/// Draws an event that says more of every dataset in it, some of it for all time to come.
fn event() -> impl Strategy<Value = Value> {
    (events::event(), words(), prop::bool::weighted(0.2)).prop_map(|(mut event, words, far)| {
        if far {
            event["eventTime"] = json!("9998-01-01T00:00:00Z");
        }
        let say = |dataset: &mut Value| {
            for (name, said) in &words {
                dataset["facets"][*name] = facet(said.clone());
            }
        };
        event.get_mut("dataset").into_iter().for_each(say);
        for part in ["inputs", "outputs"] {
            event.get_mut(part).and_then(Value::as_array_mut).into_iter().flatten().for_each(say);
        }
        event
    })
}

/// Makes an event of `store` one of `other`: its jobs and runs are the stranger's own.
fn by_a_stranger(event: &Value) -> Value {
    let text = event.to_string().replace(r#""namespace":"etl""#, r#""namespace":"other""#);
    serde_json::from_str(&text.replace("00000000-0000-7000-8000", "00000000-0000-7000-9000"))
        .unwrap()
}

fn encoded(text: &str) -> String {
    text.replace(':', "%3A").replace('/', "%2F")
}

fn entries<'a>(body: &'a Value, list: &str) -> impl Iterator<Item = (String, &'a Value)> {
    let entries = body[list].as_array().into_iter().flatten();
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    entries
        .map(move |entry| (format!("{} {}", text(entry, "namespace"), text(entry, "name")), entry))
}

/// Asks every door as somebody, and tries to edit: all that they see and may do, a line each.
async fn sight(world: &World, token: &str) -> BTreeSet<String> {
    world.settle().await;
    let ask = async |path: String| {
        let answer = world.as_whom(token, "GET", &path, "").await;
        assert!(answer.status < 500, "{path}: {}", answer.text);
        serde_json::from_str::<Value>(&answer.text).unwrap_or_default()
    };
    let mut seen = BTreeSet::new();
    let mut datasets = Vec::new();
    for namespace in NAMESPACES {
        let path = format!("/api/v1/datasets?limit=1000&namespace={}", encoded(namespace));
        let page = ask(path).await;
        for (key, dataset) in entries(&page, "items") {
            let columns = dataset["columns"].as_array().into_iter().flatten();
            let columns = columns.filter_map(|column| column["name"].as_str());
            seen.extend(columns.map(|column| format!("column {key} {column}")));
            datasets.push((namespace, dataset["name"].as_str().unwrap_or_default().to_owned()));
            seen.insert(format!("dataset {key}"));
        }
    }
    for number in 0..4 {
        let path = format!("/api/v1/catalog/search?limit=1000&q=column:c{number}");
        let page = ask(path).await;
        seen.extend(
            entries(&page, "hits").map(|(key, _)| format!("found by column {key} c{number}")),
        );
    }
    let page = ask("/api/v1/catalog/search?limit=1000&q=".to_owned()).await;
    seen.extend(entries(&page, "hits").map(|(key, _)| format!("found {key}")));
    let page = ask("/api/v1/jobs?limit=1000".to_owned()).await;
    seen.extend(entries(&page, "jobs").map(|(key, _)| format!("job {key}")));
    for (namespace, name) in datasets {
        let focus = encoded(&format!("dataset:{namespace}:{name}"));
        let page = ask(format!("/api/v1/lineage/graph?focus={focus}&depth=20&level=column")).await;
        for (key, node) in entries(&page, "nodes") {
            let fields = node["fields"].as_array().into_iter().flatten();
            let fields = fields.filter_map(|field| field["name"].as_str());
            seen.extend(fields.map(|field| format!("drawn column {key} {field}")));
            seen.insert(format!("drawn {key}"));
        }
        let put = json!({"datasets": [{"namespace": namespace, "name": name, "description": "x"}]});
        let done = world.call_as(token, "PUT", "/api/v1/datasets", &put).await;
        if done.status < 300 {
            seen.insert(format!("edited {namespace} {name}"));
        }
    }
    seen
}

async fn opens_nothing(backend: Backend, rules: &str, own: &[Value], strange: &[Value]) {
    let world = World::with_rules(backend, rules).await;
    let all = [&["etl"][..], &NAMESPACES].concat();
    let bound = json!({"namespaces": all, "datasetNamespaces": NAMESPACES});
    let store = world.service("store", &bound).await;
    let other = world.service("other", &json!({"namespaces": ["other"]})).await;
    world.call_as(TOKEN, "PUT", "/api/v1/users/vera", &json!({})).await.ok(200);
    let vera = world.token_of("/api/v1/users/vera").await;
    for event in own {
        world.call_as(&store, "POST", "/api/v1/lineage", event).await.ok(201);
    }
    let (all, before) = (sight(&world, TOKEN).await, sight(&world, &vera).await);
    for event in strange {
        let event = by_a_stranger(event);
        let answer = world.call_as(&other, "POST", "/api/v1/lineage", &event).await;
        // A stranger's word on a dataset alone is not taken at all.
        let taken = if event.get("dataset").is_some() { 403 } else { 201 };
        assert_eq!(answer.status, taken, "{event}: {}", answer.text);
    }
    let after = sight(&world, &vera).await;
    let won: Vec<&String> = after.difference(&before).filter(|line| all.contains(*line)).collect();
    assert!(won.is_empty(), "won on {backend:?}: {won:#?}\nunder\n{rules}");
    world.app.stop().await;
}

fn run(backend: Backend, quick: u32) {
    let runtime = crate::world::runtime();
    let config = ProptestConfig { max_shrink_iters: 60, ..events::cases(quick) };
    let own = prop::collection::vec(events::event(), 4..16);
    let strange = prop::collection::vec(event(), 1..12);
    proptest!(config, |(rules in rules(), own in own, strange in strange)| {
        runtime.block_on(opens_nothing(backend, &rules, &own, &strange));
    });
}

#[test]
fn what_strangers_say_opens_nothing_on_sqlite() {
    run(Backend::Sqlite, 20);
}

#[test]
fn what_strangers_say_opens_nothing_on_postgresql() {
    run(Backend::Postgres, 6);
}
