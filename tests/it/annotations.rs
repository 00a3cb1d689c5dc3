//! What people say of datasets and columns: tags, classes, descriptions.

use serde_json::{Value, json};

use crate::policies::admin;
use crate::world::{Answer, Backend, World};

const NAME: &str = "shop.public.people";

/// What a pipeline says of the columns, in a minute of the hour.
fn event(minute: u32) -> Value {
    json!({
        "eventType": "COMPLETE", "eventTime": format!("2026-11-20T10:{minute:02}:00Z"),
        "producer": "https://example.com/test",
        "run": {"runId": format!("00000000-0000-7000-8000-{minute:012}")},
        "job": {"namespace": "etl", "name": "load"},
        "outputs": [{"namespace": "pg", "name": NAME, "facets": {
            "schema": {"_producer": "p:x", "_schemaURL": "p:x", "fields": [
                {"name": "email", "type": "TEXT", "description": "By the pipeline"},
                {"name": "home", "type": "STRUCT", "fields": [{"name": "a/b c", "type": "TEXT"}]}]}}}],
    })
}

fn column<'a>(dataset: &'a Value, name: &str) -> &'a Value {
    let columns = dataset["columns"].as_array().expect("columns");
    columns.iter().find(|column| column["name"] == name).expect("the column")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_is_described_tagged_and_classified() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        admin(&world, "POST", "/api/v1/lineage", &event(1)).await.ok(201);
        let stew = world.person("stew", &["steward"]).await;
        let pia = world.person("pia", &["privacy_officer"]).await;
        let ann = world.person("ann", &["viewer"]).await;
        let id = lethe::base::DatasetId::of("pg", NAME).0;
        let at = |rest: &str| format!("/api/v1/datasets/{id}{rest}");
        let by = async |token: &str, method: &str, rest: &str, body: Value| -> Answer {
            world.call_as(token, method, &at(rest), &body).await
        };
        let said = json!({"description": "Where to write to"});
        by(&stew, "PUT", "/columns/email/description", said.clone()).await.ok(204);
        by(&stew, "PUT", "/columns/home.a%2Fb%20c/tags/Pii.Home", Value::Null).await.ok(204);
        // A privacy officer classifies, and describes nothing.
        by(&pia, "PUT", "/columns/email/tags/class:user.contact.email", Value::Null).await.ok(204);
        by(&pia, "PUT", "/tags/gdpr", Value::Null).await.ok(204);
        let refused = by(&pia, "PUT", "/columns/email/description", said.clone()).await;
        refused.problem(403, "forbidden");
        by(&ann, "PUT", "/columns/email/tags/mine", Value::Null).await.problem(403, "forbidden");
        // What people said stands, whatever the pipeline says next.
        admin(&world, "POST", "/api/v1/lineage", &event(2)).await.ok(201);
        let dataset = by(&stew, "GET", "", Value::Null).await.ok(200);
        assert_eq!(dataset["tags"], json!(["gdpr"]));
        let email = column(&dataset, "email");
        assert_eq!(email["description"], "Where to write to");
        assert_eq!(email["tags"], json!(["class:user.contact.email"]));
        assert_eq!(column(&dataset, "home.a/b c")["tags"], json!(["Pii.Home"]));
        // A class masks the column for whoever may not see such data.
        let seen = by(&ann, "GET", "", Value::Null).await.ok(200);
        assert!(!seen.to_string().contains("email"), "{seen}");
        world.settle().await;
        let found = "/api/v1/catalog/search?q=class:user.contact.email";
        let hits = world.call_as(&stew, "GET", found, &Value::Null).await.ok(200);
        assert_eq!(hits["hits"][0]["name"], NAME, "{hits}");
        // Back to the producer's word, and off again.
        let none = json!({"description": null});
        by(&stew, "PUT", "/columns/email/description", none).await.ok(204);
        by(&pia, "DELETE", "/columns/email/tags/class:user.contact.email", Value::Null)
            .await
            .ok(204);
        by(&pia, "DELETE", "/tags/gdpr", Value::Null).await.ok(204);
        let dataset = by(&ann, "GET", "", Value::Null).await.ok(200);
        let email = column(&dataset, "email");
        assert_eq!(
            (&email["description"], &email["tags"]),
            (&json!("By the pipeline"), &json!([]))
        );
        assert_eq!(dataset["tags"], json!([]));
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_not_tagged() {
    let world = World::new(Backend::Sqlite).await;
    world.ingest(&event(1)).await;
    let id = lethe::base::DatasetId::of("pg", NAME).0;
    let nowhere = uuid::Uuid::nil();
    for path in [
        format!("/api/v1/datasets/{id}/columns/e-mail/tags/pii"),
        format!("/api/v1/datasets/{nowhere}/columns/email/tags/pii"),
        format!("/api/v1/datasets/{nowhere}/tags/pii"),
    ] {
        world.call("PUT", &path, "").await.problem(404, "not-found");
        world.call("DELETE", &path, "").await.problem(404, "not-found");
    }
    let path = format!("/api/v1/datasets/{id}/columns/email/description");
    world.call("PUT", &path, r#"{"descripton": "x"}"#).await.problem(400, "bad-input");
    // A class that is not named would mask nothing.
    let tag = format!("/api/v1/datasets/{id}/tags/Class:");
    world.call("PUT", &tag, "").await.problem(400, "bad-input");
    assert_eq!(world.call("DELETE", &tag, "").await.status, 204);
    let path_of = |problem: serde_json::Value| problem["errors"][0]["pointer"].clone();
    let put = r#"{"datasets": [{"namespace": "pg", "name": "x", "fields": [{"name": 7}]}]}"#;
    let problem = world.call("PUT", "/api/v1/datasets", put).await.problem(400, "bad-input");
    assert_eq!(path_of(problem), "/datasets/0/fields/0/name");
    let put = r#"{"datasets": ["x"]}"#;
    let problem = world.call("PUT", "/api/v1/datasets", put).await.problem(400, "bad-input");
    assert_eq!(problem["errors"][0]["pointer"], "/datasets/0");
    assert!(problem["detail"].as_str().is_some_and(|told| !told.contains("struct")), "{problem}");
    let tag = "x".repeat(5_000);
    let path = format!("/api/v1/datasets/{id}/tags/{tag}");
    world.call("PUT", &path, "").await.problem(400, "bad-input");
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_say_of_one_thing_has_a_bound_that_says_what_to_do() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        admin(&world, "POST", "/api/v1/lineage", &event(1)).await.ok(201);
        let id = lethe::base::DatasetId::of("pg", NAME).0;
        let many = |kind: &str, count: usize| -> Vec<String> {
            (0..count).map(|number| format!("{kind}{number}")).collect()
        };
        let put = async |more: Value| {
            let mut dataset = json!({"namespace": "pg", "name": NAME});
            let members = more.as_object().expect("an object").clone();
            dataset.as_object_mut().expect("an object").extend(members);
            admin(&world, "PUT", "/api/v1/datasets", &json!({"datasets": [dataset]})).await
        };
        put(json!({"tags": many("tag", 1_000)})).await.ok(204);
        let tag = |name: &str| format!("/api/v1/datasets/{id}/tags/{name}");
        let refused = admin(&world, "PUT", &tag("one-more"), &Value::Null).await;
        refused.problem(409, "conflict");
        assert!(refused.text.contains("1000 tags"), "{}", refused.text);
        // What it has may come and go; taking off makes no room, since it is remembered.
        admin(&world, "PUT", &tag("tag7"), &Value::Null).await.ok(204);
        admin(&world, "DELETE", &tag("tag7"), &Value::Null).await.ok(204);
        admin(&world, "PUT", &tag("one-more"), &Value::Null).await.problem(409, "conflict");
        admin(&world, "PUT", &tag("tag7"), &Value::Null).await.ok(204);
        let properties: serde_json::Map<String, Value> =
            many("p", 9).into_iter().map(|name| (name, "x".repeat(120_000).into())).collect();
        let refused = put(json!({"properties": properties})).await;
        refused.problem(409, "conflict");
        assert!(refused.text.contains("bytes of properties"), "{}", refused.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_that_people_give_are_spelled_as_those_of_pipelines() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        let tags = r#"{"datasets": [{"namespace": "pg", "name": "x", "tags": [" Restricted:True ", "gold "],
            "fields": [{"name": "email", "tags": ["CLASS: user.email"]}]}]}"#;
        assert_eq!(world.call("PUT", "/api/v1/datasets", tags).await.status, 204);
        let id = lethe::base::DatasetId::of("pg", "x").0;
        let dataset = format!("/api/v1/datasets/{id}");
        let seen = world.get(&dataset).await.ok(200);
        assert_eq!(seen["tags"], json!(["gold", "restricted"]));
        assert_eq!(seen["columns"][0]["tags"], json!(["class:user.email"]));
        for (method, tag) in [
            ("DELETE", "RESTRICTED:true"),
            ("DELETE", "%20gold"),
            ("PUT", "pii:TRUE"),
            ("PUT", "a:b"),
        ] {
            let path = format!("{dataset}/tags/{tag}");
            assert_eq!(world.call(method, &path, "").await.status, 204, "{method} {tag}");
        }
        assert_eq!(world.get(&dataset).await.ok(200)["tags"], json!(["a:b", "pii"]));
        for path in [format!("{dataset}/tags/%20"), format!("{dataset}/columns/email/tags/%20%09")]
        {
            for method in ["PUT", "DELETE"] {
                let problem = world.call(method, &path, "").await.problem(400, "bad-input");
                assert_eq!(problem["errors"][0]["pointer"], "tag", "{problem}");
            }
        }
        let blank = r#"{"datasets": [{"namespace": "pg", "name": "y", "fields": [{"name": "a", "tags": ["b", " "]}]}]}"#;
        let problem = world.call("PUT", "/api/v1/datasets", blank).await.problem(400, "bad-input");
        assert_eq!(problem["errors"][0]["pointer"], "/datasets/0/fields/0/tags/1", "{problem}");
        // A tag that is described is the one that is given.
        let described =
            world.call("PUT", "/api/v1/tags/Restricted:true", r#"{"description": "x"}"#);
        assert_eq!(described.await.ok(200)["name"], "restricted");
    }
}

/// Space around a key, a value or a column is no way to say a class that nothing understands.
#[tokio::test(flavor = "multi_thread")]
async fn tags_of_pipelines_are_spelled_as_those_of_people() {
    let cases = [
        (("class ", "user.ssn"), Some("zqssn")),
        ((" class", "user.ssn"), Some("zqssn")),
        (("CLASS", " user.ssn"), Some("ZQSSN")),
        (("class:user.ssn", " true"), Some("zqssn")),
        (("class: user.ssn", ""), Some("zqssn")),
        (("class", "true"), Some("zqssn")),
        (("class", "user.ssn"), Some("zqssn ")),
        (("class", "user.ssn"), Some("\t\"zqssn \"")),
        (("restricted ", "true"), None),
        (("restricted", "true "), None),
        ((" Restricted:true", ""), None),
    ];
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let viewer = world.person("vic", &["viewer"]).await;
        for (number, ((key, value), field)) in cases.iter().enumerate() {
            let mut event = event(u32::try_from(number).expect("few"));
            let schema = json!({"_producer": "p:x", "_schemaURL": "p:x", "fields": [{"name": "id"}, {"name": "zqssn"}]});
            let tag = json!({"key": key, "value": value, "field": field});
            let tags = json!({"_producer": "p:x", "_schemaURL": "p:x", "tags": [tag]});
            let name = format!("t{number}");
            event["outputs"] = json!([{"namespace": "pg", "name": name, "facets": {"schema": schema, "tags": tags}}]);
            admin(&world, "POST", "/api/v1/lineage", &event).await.ok(201);
            let id = lethe::base::DatasetId::of("pg", &name).0;
            let path = format!("/api/v1/datasets/{id}");
            let seen = world.as_whom(&viewer, "GET", &path, "").await;
            let told = format!("{backend:?} {key:?}={value:?} on {field:?}: {}", seen.text);
            assert_eq!(seen.status, if field.is_some() { 200 } else { 404 }, "{told}");
            assert!(!seen.text.contains("zqssn"), "{told}");
        }
        // A person takes off what a pipeline put on, by the same name.
        let id = lethe::base::DatasetId::of("pg", "t8").0;
        let off = format!("/api/v1/datasets/{id}/tags/restricted");
        admin(&world, "DELETE", &off, &Value::Null).await.ok(204);
        let path = format!("/api/v1/datasets/{id}");
        world.as_whom(&viewer, "GET", &path, "").await.ok(200);
        let tags = admin(&world, "GET", "/api/v1/tags", &Value::Null).await.ok(200);
        let names: Vec<&str> = tags["tags"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|tag| tag["name"].as_str())
            .collect();
        assert!(names.iter().all(|name| name.trim() == *name), "{names:?}");
        world.app.stop().await;
    }
}
