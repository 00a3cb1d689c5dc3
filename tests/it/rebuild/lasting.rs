//! No restriction is taken off by a fold: neither what retention takes out of the log nor what a
//! removal does lifts a mark that a pipeline gave.

use lethe::base::{DatasetId, JobId, Time};
use lethe::flow::Actor;
use serde_json::{Value, json};

use super::{dataset, rebuild_world};
use crate::events;
use crate::hidden::tags;
use crate::world::{Answer, Backend, TOKEN, World};

/// A run of the job `etl/load`, which a tag restricts if asked for.
fn run(minute: u8, restricted: bool, outputs: Value) -> Value {
    let facets =
        if restricted { json!({"tags": tags(&[("restricted", "", None)])}) } else { json!({}) };
    let mut event = events::base(minute, "RunEvent");
    event["eventType"] = json!("COMPLETE");
    event["run"] = json!({"runId": format!("00000000-0000-7000-8000-{minute:012}")});
    event["job"] = json!({"namespace": "etl", "name": "load", "facets": facets});
    event["outputs"] = outputs;
    event
}

/// What the oldest events say: that `pg/people` is restricted and its e-mail addresses personal,
/// which is `s3/people` too, and that `etl/load` is restricted.
async fn restrict(world: &World) {
    let said = tags(&[("restricted", "", None), ("class", "user.contact.email", Some("email"))]);
    let other = json!({"namespace": "s3", "name": "people", "type": "TABLE"});
    let symlinks = events::facet(json!({"identifiers": [other]}));
    let people = json!({
        "namespace": "pg", "name": "people", "facets": {"tags": said, "symlinks": symlinks},
    });
    ingest(world, run(0, true, json!([people]))).await;
    let open = json!({"namespace": "pg", "name": "open"});
    ingest(world, run(1, false, json!([open]))).await;
}

async fn ingest(world: &World, event: Value) {
    world.call_as(TOKEN, "POST", "/api/v1/lineage", &event).await.ok(201);
}

/// Demands that all of it is still known, and kept from a viewer.
async fn is_kept(world: &World, viewer: &str, when: &str) {
    let at = format!("{:?}, {when}", world.backend);
    let ids = [DatasetId::of("pg", "people"), DatasetId::of("s3", "people")];
    let rows = world.app.db().datasets(&ids).await.expect("datasets");
    assert_eq!(rows.len(), 2, "{at}: both names");
    let pg = rows.iter().find(|row| row.id == ids[0]).expect("it is there");
    let said: Vec<_> = pg.doc.said.iter().map(|(column, tag, _)| (column, tag)).collect();
    assert_eq!(said, [("", "restricted"), ("email", "class:user.contact.email")], "{at}");
    assert_eq!(rows[0].access_class, rows[1].access_class, "{at}: judged by all names");
    for (namespace, thing) in
        [("pg", "datasets/people"), ("s3", "datasets/people"), ("etl", "jobs/load")]
    {
        let path = format!("/api/v1/namespaces/{namespace}/{thing}");
        assert_eq!(seen(world, viewer, &path).await.status, 404, "{at}: {path}");
        world.call_as(TOKEN, "GET", &path, &Value::Null).await.ok(200);
    }
}

async fn seen(world: &World, token: &str, path: &str) -> Answer {
    world.as_whom(token, "GET", path, "").await
}

/// Retention takes who said it out of the log; a rebuild folds what is left.
#[tokio::test(flavor = "multi_thread")]
async fn restrictions_outlive_the_events_that_said_them() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        restrict(&world).await;
        let viewer = world.person("vic", &["viewer"]).await;
        is_kept(&world, &viewer, "before").await;
        let after = Time::parse("2026-11-20T10:15:00Z").expect("a time");
        assert_eq!(world.app.expire(after).await.expect("they go").events, 2);
        is_kept(&world, &viewer, "expired").await;
        for round in ["rebuilt", "rebuilt again"] {
            rebuild_world(&world).await;
            world.settle().await;
            is_kept(&world, &viewer, round).await;
            let open = seen(&world, &viewer, "/api/v1/namespaces/pg/datasets/open").await;
            assert_eq!(open.status, 404, "nothing else is known any more");
        }
        // What is said of it later is joined to that.
        ingest(&world, run(30, false, json!([{"namespace": "pg", "name": "people"}]))).await;
        is_kept(&world, &viewer, "spoken of again").await;
        world.app.stop().await;
    }
}

/// A removed dataset takes every event with it that names it, and what else these said.
#[tokio::test(flavor = "multi_thread")]
async fn a_removal_takes_no_restriction_off_others() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        let secret = json!({
            "namespace": "pg", "name": "secret", "facets": {"tags": tags(&[("restricted", "", None)])},
        });
        ingest(&world, run(0, true, json!([secret, {"namespace": "pg", "name": "doomed"}]))).await;
        ingest(&world, run(1, false, json!([{"namespace": "pg", "name": "mart"}]))).await;
        let viewer = world.person("vic", &["viewer"]).await;
        let doomed = [dataset("pg", "doomed")];
        world.app.remove(&Actor::system(), &doomed).await.expect("it is removed");
        for when in ["removed", "rebuilt"] {
            world.settle().await;
            for path in ["pg/datasets/secret", "etl/jobs/load"] {
                let path = format!("/api/v1/namespaces/{path}");
                assert_eq!(seen(&world, &viewer, &path).await.status, 404, "{when}: {path}");
                world.call_as(TOKEN, "GET", &path, &Value::Null).await.ok(200);
            }
            let id = JobId::of("etl", "load");
            let job = &world.app.db().jobs(&[id]).await.expect("jobs")[0].doc;
            assert_eq!(job.runs, 1, "{backend:?}, {when}: the other run went with its event");
            rebuild_world(&world).await;
        }
        world.app.stop().await;
    }
}
