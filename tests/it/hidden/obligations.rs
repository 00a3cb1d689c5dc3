//! What an act that is asked asks for is carried out: the masks of each bind, whatever the others
//! allow.

use serde_json::{Value, json};

use super::{Asking, OPEN, Run, about, columns, dataset, facet, plain, sql, tags};
use crate::policies::admin;
use crate::world::{Backend, World};

/// The column that is classed.
const COLUMN: &str = "zqmail";

const ADMIN: &str = "\
g, user:reader, reader, *
p, admin, bootstrap, *, *, *, *, allow
g, system:bootstrap, bootstrap, *
";
const READ: &str =
    "dataset:search|dataset:read|dataset:read_fields|job:search|job:read|run:read|namespace:read";

/// A dataset with a classed column that is made of another's column, which `owner` owns.
async fn fill(world: &World, owner: &str) {
    let lineage = json!({"fields": {COLUMN: {"inputFields": [
        {"namespace": OPEN, "name": "src", "field": "raw"}]}}});
    let facets = json!({
        "schema": columns(&["id", COLUMN]), "columnLineage": facet(lineage),
        "tags": tags(&[("class", "user.contact.email", Some(COLUMN))]),
    });
    about(world, dataset("src", json!({"schema": columns(&["raw"])}))).await;
    let told = json!({"sql": sql("select 1 from zqother")});
    Run::of("load", told).reads(plain("src")).writes(dataset("people", facets)).post(world).await;
    let owned = json!({"datasets": [{"namespace": OPEN, "name": "people",
        "owners": [{"name": owner, "type": "OWNER"}]}]});
    admin(world, "PUT", "/api/v1/datasets", &owned).await.ok(204);
    world.settle().await;
}

/// The doors of lineage at column level: those that show, and those that let take away.
fn doors() -> [Vec<String>; 2] {
    let of = format!("focus=dataset:{OPEN}:people&level=column");
    let source = format!("focus=datasetField:{OPEN}:src:raw&level=column");
    let looks = [
        format!("graph?{of}"),
        format!("graph?{source}"),
        format!("impact?{source}"),
        format!("diff?before=2026-01-01T00:00:00Z&{of}"),
    ];
    let takes = ["json", "csv", "svg"].map(|format| format!("export?format={format}&{of}"));
    [&looks[..], &takes[..]]
        .map(|doors| doors.iter().map(|door| format!("/api/v1/lineage/{door}")).collect())
}

/// Asks all doors of lineage, and demands that those that show, and those that let take away, name the
/// column or not.
async fn demand(asking: &Asking<'_>, shows: bool, takes: bool, backend: Backend) {
    for (doors, named) in doors().into_iter().zip([shows, takes]) {
        for door in doors {
            let answer = asking.get(&door).await;
            assert_eq!(answer.status, 200, "{door}: {}", answer.text);
            let found = answer.text.contains(COLUMN);
            assert_eq!(found, named, "{door} on {backend:?}: {}", answer.text);
        }
    }
    let field = format!("focus=datasetField:{OPEN}:people:{COLUMN}&level=column");
    for (door, named) in [("graph?", shows), ("export?format=json&", takes)] {
        let status = asking.get(&format!("/api/v1/lineage/{door}{field}")).await.status;
        assert_eq!(status, if named { 200 } else { 404 }, "{door} on {backend:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_shipped_rule_of_exports_masks_is_not_taken_away_by_whoever_owns_it() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        fill(&world, "user:contributor").await;
        let owner = Asking::of_role(&world, "contributor").await;
        let id = lethe::base::DatasetId::of(OPEN, "people").0;
        let read = owner.get(&format!("/api/v1/datasets/{id}")).await;
        assert!(read.text.contains(COLUMN), "{}", read.text);
        // The rule of owners says that lineage is read without the mask of viewers.
        demand(&owner, true, false, backend).await;
        let steward = Asking::of_role(&world, "steward").await;
        demand(&steward, true, true, backend).await;
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lineage_is_masked_by_what_each_of_its_acts_asks_for() {
    for backend in Backend::ALL {
        for (read, export, [shows, takes]) in [
            ("", "", [true, true]),
            ("", "mask:class:*", [true, false]),
            ("mask:class:*", "", [false, false]),
            ("mask:tag:x", "mask:class:user.contact.email", [true, false]),
        ] {
            let rules = format!(
                "{ADMIN}p, see, reader, *, {READ}, *, *, allow\n\
                 p, trace, reader, *, lineage:read, *, *, allow, {read}\n\
                 p, take, reader, *, lineage:export, *, *, allow, {export}\n"
            );
            let world = World::with_rules(backend, &rules).await;
            fill(&world, "user:nobody").await;
            let reader = Asking { world: &world, token: world.person("reader", &[]).await };
            demand(&reader, shows, takes, backend).await;
            world.app.stop().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn datasets_and_jobs_and_events_are_told_by_what_each_act_asks_for() {
    let all = READ.replace("dataset:read|", "").replace("job:search|", "");
    let rules = format!(
        "{ADMIN}p, see, reader, *, {all}, *, *, allow\n\
         p, read, reader, *, dataset:read, *, *, allow, mask:class:*\n\
         p, find, reader, *, job:search, *, *, allow, redact_sql\n\
         p, events, reader, *, event:read, *, *, allow, mask:class:*\n"
    );
    for backend in Backend::ALL {
        let world = World::with_rules(backend, &rules).await;
        fill(&world, "user:nobody").await;
        let reader = Asking { world: &world, token: world.person("reader", &[]).await };
        let dataset = lethe::base::DatasetId::of(OPEN, "people").0;
        let job = lethe::base::JobId::of("etl", "load").0;
        for path in [
            format!("/api/v1/datasets/{dataset}"),
            format!("/api/v1/namespaces/{OPEN}/datasets/people"),
            format!("/api/v1/jobs/{job}"),
            format!("/api/v1/catalog/search?q={COLUMN}"),
            "/api/v1/catalog/search?q=zqother".to_owned(),
        ] {
            let answer = reader.get(&path).await;
            answer.ok(200);
            // The query is told again.
            let said = answer.text.replace(&format!("\"query\":\"{COLUMN}\""), "");
            let named = said.contains(COLUMN) || said.contains("from zqother");
            assert!(!named, "{path} on {backend:?}: {}", answer.text);
        }
        let events = reader.get("/api/v1/events?limit=100").await.ok(200);
        assert_eq!(events["items"], Value::Array(vec![]), "{backend:?}");
        world.app.stop().await;
    }
}
