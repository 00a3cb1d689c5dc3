//! What people put stands over what pipelines say of the same, whoever these are and whenever they
//! say it; and of a source, which nobody is bound to, what was said first.

use lethe::flow::rebuild;
use serde_json::{Value, json};

use super::{STORE, columns, facet, find, owned_by, post, run, schema, stage};
use crate::world::dump::difference;
use crate::world::{Backend, TOKEN, World};

fn source(name: &str, uri: &str) -> Value {
    facet(json!({"name": name, "uri": uri}))
}

async fn put(world: &World, who: &str, path: &str, body: Value) {
    let answer = world.call_as(who, "PUT", path, &body).await;
    assert!(answer.status < 300, "{path}: {}", answer.text);
}

async fn url_of(world: &World, name: &str) -> Value {
    let path = format!("/api/v1/sources/{name}");
    let source = world.call_as(TOKEN, "GET", &path, &Value::Null).await.ok(200);
    source["connectionUrl"].clone()
}

/// Folded again, it comes to the same.
async fn comes_to_the_same(world: &World) {
    world.settle().await;
    let grown = world.projections().await;
    rebuild(world.app.db(), world.app.now(), |_| ()).await.expect("it is rebuilt");
    assert_eq!(difference(&grown, &world.projections().await), None, "{:?}", world.backend);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_put_of_a_dataset_stands_over_its_own_pipelines() {
    for backend in Backend::ALL {
        let (world, store, _) = stage(backend).await;
        let stella = world.person("stella", &["steward"]).await;
        let said = async |time: &str, what: &str| {
            let facets = json!({
                "schema": schema(&[what]), "dataSource": source(what, "pg://x"),
                "documentation": facet(json!({"description": what})), "ownership": owned_by(what),
            });
            let output = json!([{"namespace": STORE, "name": "open", "facets": facets}]);
            post(&world, &store, &run(time, "store", "outputs", output)).await;
        };
        let put = async |what: &str| {
            let dataset = json!({
                "namespace": STORE, "name": "open", "source": what, "fields": [{"name": what}],
                "description": what, "owners": [{"name": what, "type": "OWNER"}],
            });
            let body = json!({"datasets": [dataset]});
            put(&world, &stella, "/api/v1/datasets", body).await;
        };
        let told = async |what: &str, when: &str| {
            let shown = find(&world, TOKEN, STORE, "open").await.expect("it is there");
            let at = format!("{backend:?}, {when}: {shown}");
            assert_eq!((columns(&shown), &shown["source"]), (vec![what], &json!(what)), "{at}");
            assert_eq!(shown["description"], what, "{at}");
            assert_eq!(shown["owners"][0]["name"], what, "{at}");
        };
        said("9998-11-20T12:00:00Z", "ahead").await;
        told("ahead", "said").await;
        put("people").await;
        told("people", "put").await;
        said("9998-11-21T12:00:00Z", "later").await;
        told("people", "said later").await;
        put("again").await;
        told("again", "put again").await;
        comes_to_the_same(&world).await;
        told("again", "rebuilt").await;
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_kind_of_job_it_is_people_put_over_its_own_pipelines() {
    let (world, store, _) = stage(Backend::Sqlite).await;
    let kind = async |time: &str, word: &str| {
        let mut event = run(time, "store", "outputs", json!([]));
        let kind = json!({"processingType": word, "integration": "SPARK"});
        event["job"]["facets"] = json!({"jobType": facet(kind)});
        post(&world, &store, &event).await;
    };
    let path = "/api/v1/namespaces/store/jobs/load";
    let shown =
        async || world.call_as(TOKEN, "GET", path, &Value::Null).await.ok(200)["type"].clone();
    kind("9998-11-20T12:00:00Z", "BATCH").await;
    assert_eq!(shown().await, "BATCH");
    put(&world, TOKEN, path, json!({"type": "STREAM", "inputs": [], "outputs": []})).await;
    assert_eq!(shown().await, "STREAM");
    kind("9998-11-21T12:00:00Z", "BATCH").await;
    assert_eq!(shown().await, "STREAM");
    comes_to_the_same(&world).await;
    world.app.stop().await;
}

/// Whoever is bound to datasets of their own is no more bound to a source than anybody.
#[tokio::test(flavor = "multi_thread")]
async fn a_source_is_where_people_put_it_else_where_it_was_said_first() {
    for backend in Backend::ALL {
        let (world, store, other) = stage(backend).await;
        let stella = world.person("stella", &["steward"]).await;
        let bound = json!({"namespaces": ["evil"], "datasetNamespaces": ["pg://evil"]});
        let evil = world.service("evil", &bound).await;
        let said = async |who: &str,
                          (job, part): (&str, &str),
                          (namespace, time): (&str, &str),
                          uri: &str| {
            let facets = json!({"dataSource": source("prod-db", uri)});
            let dataset = json!([{"namespace": namespace, "name": "t", "facets": facets}]);
            post(&world, who, &run(time, job, part, dataset)).await;
        };
        let reads = async |minute: u8, uri: &str| {
            let time = format!("2026-11-20T12:{minute:02}:00Z");
            said(&other, ("other", "inputs"), (STORE, time.as_str()), uri).await;
        };
        reads(10, "guess").await;
        assert_eq!(url_of(&world, "prod-db").await, "guess", "it fills what nobody said");
        reads(11, "another guess").await;
        assert_eq!(url_of(&world, "prod-db").await, "guess");
        said(&store, ("store", "outputs"), (STORE, "2026-11-20T12:12:00Z"), "pg://prod").await;
        assert_eq!(url_of(&world, "prod-db").await, "pg://prod", "{backend:?}");
        let take_over = async |minute: u8| {
            for year in [1970, 2026, 9998] {
                let time = format!("{year}-11-21T12:{minute:02}:00Z");
                said(&evil, ("evil", "outputs"), ("pg://evil", time.as_str()), "pg://evil:6666")
                    .await;
            }
            reads(minute, "pg://evil:6666").await;
        };
        take_over(20).await;
        assert_eq!(url_of(&world, "prod-db").await, "pg://prod", "{backend:?}");
        let edited = |url: &str| json!({"type": "POSTGRESQL", "connectionUrl": url});
        for (minute, url) in [(30, "pg://edited"), (40, "pg://edited-again")] {
            put(&world, &stella, "/api/v1/sources/prod-db", edited(url)).await;
            assert_eq!(url_of(&world, "prod-db").await, url, "{backend:?}");
            take_over(minute).await;
            assert_eq!(url_of(&world, "prod-db").await, url, "{backend:?}");
        }
        comes_to_the_same(&world).await;
        assert_eq!(url_of(&world, "prod-db").await, "pg://edited-again", "{backend:?}");
        world.app.stop().await;
    }
}
