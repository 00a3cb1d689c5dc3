//! Lists, counts and scores are of what the asker sees.

use serde_json::{Value, json};

use super::{Asking, OPEN, Run, about, dataset, facet, tags};
use crate::policies::admin;
use crate::world::{Backend, World};

fn source(name: &str) -> Value {
    facet(json!({"name": name, "uri": "pg://somewhere"}))
}

/// One dataset that all see and one that only few do, each with a namespace, source and tag of
/// its own.
async fn catalog(world: &World) {
    for (namespace, name, mark) in [("seen", "one", "gold"), ("hush", "two", "restricted")] {
        let facets = json!({
            "dataSource": source(&format!("{namespace}-source")),
            "tags": tags(&[(mark, "true", None), (&format!("{namespace}-tag"), "x", None)]),
        });
        let dataset = json!({"namespace": namespace, "name": name, "facets": facets});
        about(world, dataset).await;
    }
    let described = json!({"type": "POSTGRESQL", "connectionUrl": "pg://x"});
    for path in ["/api/v1/sources/empty-source", "/api/v1/sources/hush-source"] {
        admin(world, "PUT", path, &described).await.ok(200);
    }
    for tag in ["empty-tag", "hush-tag:x", "hush-tag"] {
        let path = format!("/api/v1/tags/{tag}");
        admin(world, "PUT", &path, &json!({"description": "x"})).await.ok(200);
    }
    let hush = lethe::base::DatasetId::of("hush", "two").0;
    let tagged = format!("/api/v1/datasets/{hush}/tags/hush-tag");
    assert_eq!(admin(world, "PUT", &tagged, &Value::Null).await.status / 100, 2);
    let owner = json!({"ownerName": "ann"});
    admin(world, "PUT", "/api/v1/namespaces/empty-namespace", &owner).await.ok(200);
    admin(world, "PUT", "/api/v1/namespaces/hush", &owner).await.ok(200);
    world.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_hold_nothing_that_only_what_is_hidden_is_in() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        catalog(&world).await;
        let viewer = Asking::of_role(&world, "viewer").await;
        let steward = Asking::of_role(&world, "steward").await;
        for (list, seen, made) in [
            ("/api/v1/namespaces", "\"seen\"", "empty-namespace"),
            ("/api/v1/sources", "seen-source", "empty-source"),
            ("/api/v1/tags", "seen-tag", "empty-tag"),
        ] {
            let shown = viewer.get(list).await;
            shown.ok(200);
            assert!(shown.text.contains(seen) && shown.text.contains(made), "{}", shown.text);
            assert!(!shown.text.contains("hush"), "{list} {backend:?}: {}", shown.text);
            assert!(steward.get(list).await.text.contains("hush"), "{list}");
        }
        // Pages go on where the one before ended.
        let names = async |path: &str| {
            let page = viewer.get(path).await.ok(200);
            let names = page["namespaces"].as_array().cloned().unwrap_or_default();
            names
                .iter()
                .filter_map(|one| one["name"].as_str().map(str::to_owned))
                .collect::<Vec<_>>()
        };
        let all = names("/api/v1/namespaces?limit=100").await;
        let mut paged = names("/api/v1/namespaces?limit=1").await;
        paged.extend(names("/api/v1/namespaces?limit=100&offset=1").await);
        assert_eq!(paged, all);
        for gone in ["/api/v1/namespaces/hush", "/api/v1/sources/hush-source"] {
            assert_eq!(viewer.get(gone).await.status, 404, "{gone}");
            assert_eq!(steward.get(gone).await.status, 200, "{gone}");
        }
        let count = async |who: &Asking<'_>| {
            let counts = who.get("/api/v1/stats/sources?period=DAY").await.ok(200);
            counts.as_array().and_then(|all| all.last().cloned()).expect("a count")["count"].clone()
        };
        assert_eq!((count(&viewer).await, count(&steward).await), (json!(2), json!(3)));
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_source_that_is_partly_hidden_no_more_is_told_than_of_a_new_one() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let place =
            json!({"type": "MYSQL", "connectionUrl": "pg://hush-host", "description": "hush-text"});
        admin(&world, "PUT", "/api/v1/sources/taken", &place).await.ok(200);
        let datasets = json!({"datasets": [
            {"namespace": "far", "name": "two", "source": "taken", "tags": ["restricted"]},
            {"namespace": "near", "name": "own", "owners": [{"name": "user:contributor", "type": "OWNER"}]},
        ]});
        admin(&world, "PUT", "/api/v1/datasets", &datasets).await.ok(204);
        world.settle().await;
        let asker = Asking::of_role(&world, "contributor").await;
        let mut told = Vec::new();
        for name in ["taken", "fresh"] {
            let path = format!("/api/v1/sources/{name}");
            assert_eq!(asker.get(&path).await.status, 404, "{name} {backend:?}");
            let put = json!({"datasets": [{"namespace": "near", "name": "own", "source": name}]});
            world.call_as(&asker.token, "PUT", "/api/v1/datasets", &put).await.ok(204);
            let answer = asker.get(&path).await;
            answer.ok(200);
            told.push(answer.text.replace(name, "NAME"));
        }
        assert_eq!(told[0], told[1], "{backend:?}");
        let steward = Asking::of_role(&world, "steward").await;
        assert!(steward.get("/api/v1/sources/taken").await.text.contains("hush-host"));
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn points_of_what_is_seen_do_not_move_when_something_hidden_gets_its_word() {
    let world = World::guarded(Backend::Sqlite).await;
    let study = || facet(json!({"description": "sarcoma study"}));
    for place in 0..20 {
        let other = json!({"documentation": facet(json!({"description": "other words"}))});
        about(&world, dataset(&format!("filler{place}"), other)).await;
    }
    about(&world, dataset("seen", json!({"documentation": study()}))).await;
    Run::of("seen_job", json!({})).reads(dataset("seen", json!({}))).post(&world).await;
    world.settle().await;
    let viewer = Asking::of_role(&world, "viewer").await;
    let id = lethe::base::DatasetId::of(OPEN, "seen").0;
    let explain = format!("/api/v1/catalog/explain?q=sarcoma%20stu&kind=dataset&id={id}");
    let search = "/api/v1/catalog/search?q=sarcoma%20stu";
    let told = async || {
        (viewer.get(&explain).await.ok(200), viewer.get(search).await.ok(200)["hits"].clone())
    };
    let before = told().await;
    for place in 0..15 {
        let facets =
            json!({"documentation": study(), "tags": tags(&[("restricted", "true", None)])});
        about(&world, dataset(&format!("hush{place}"), facets)).await;
    }
    world.settle().await;
    assert_eq!(told().await, before);
    let steward = Asking::of_role(&world, "steward").await;
    assert_ne!(steward.get(&explain).await.ok(200)["text"], before.0["text"]);
    world.app.stop().await;
}
