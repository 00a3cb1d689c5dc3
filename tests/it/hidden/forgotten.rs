//! What a job no longer says that it touches its texts are judged by all the same: whatever is said
//! of it later, whatever retention and removals take out of the log.

use lethe::base::Time;
use lethe::catalog::EntityRef;
use lethe::flow::Actor;
use serde_json::{Value, json};

use super::{Asking, OPEN, about, dataset, explicit, facet, from_column, plain, sql, tags};
use crate::policies::admin;
use crate::rebuild::rebuild_world;
use crate::world::{Backend, World};

/// A job event, or an event of a run of its (whose id is its name's).
struct Said {
    job: &'static str,
    run: Option<&'static str>,
    facets: Value,
    inputs: Vec<Value>,
    outputs: Vec<Value>,
}

impl Said {
    fn of(job: &'static str, facets: Value) -> Self {
        Self { job, run: None, facets, inputs: Vec::new(), outputs: Vec::new() }
    }

    fn run(self, state: &'static str) -> Self {
        Self { run: Some(state), ..self }
    }

    fn io(self, inputs: Vec<Value>, outputs: Vec<Value>) -> Self {
        Self { inputs, outputs, ..self }
    }

    async fn post(self, world: &World, minute: u8) {
        let mut event = json!({
            "eventTime": format!("2026-11-20T12:{minute:02}:00Z"),
            "producer": "https://example.com/etl",
            "job": {"namespace": "etl", "name": self.job, "facets": self.facets},
            "inputs": self.inputs, "outputs": self.outputs,
        });
        if let Some(state) = self.run {
            let run = lethe::base::Digest::of(self.job.as_bytes()).0;
            event["run"] = json!({"runId": uuid::Uuid::from_bytes(run)});
            event["eventType"] = json!(state);
        }
        let lineage = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/";
        let kind = if self.run.is_some() { "RunEvent" } else { "JobEvent" };
        event["schemaURL"] = json!(format!("{lineage}{kind}"));
        admin(world, "POST", "/api/v1/lineage", &event).await.ok(201);
    }
}

fn with_sql(mut facets: Value) -> Value {
    facets["sql"] = sql("select secret_c from h");
    facets
}

fn deleted() -> Value {
    facet(json!({"_deleted": true}))
}

/// Pairs: what tells of `hush` together with the SQL, and what is said later.
fn pairs() -> Vec<(Said, Said)> {
    let none = || json!({});
    let text = || with_sql(none());
    let explicit = || with_sql(json!({"lineage": explicit("hush")}));
    vec![
        (
            Said::of("declared", text()).io(vec![plain("hush")], vec![]),
            Said::of("declared", none()),
        ),
        (Said::of("declared_explicit", explicit()), Said::of("declared_explicit", none())),
        (
            Said::of("declared_columns", text()).io(vec![], vec![from_column("o1", "hush", "a")]),
            Said::of("declared_columns", none()).io(vec![], vec![plain("o1")]),
        ),
        (
            Said::of("replaced", text())
                .run("RUNNING")
                .io(vec![], vec![from_column("o2", "hush", "a")]),
            Said::of("replaced", none())
                .run("COMPLETE")
                .io(vec![], vec![from_column("o2", "src", "a")]),
        ),
        (
            Said::of("taken_back", text())
                .run("RUNNING")
                .io(vec![], vec![from_column("o3", "hush", "a")]),
            Said::of("taken_back", none())
                .run("COMPLETE")
                .io(vec![], vec![dataset("o3", json!({"columnLineage": deleted()}))]),
        ),
        (
            Said::of("explicit_taken_back", explicit()).run("RUNNING"),
            Said::of("explicit_taken_back", json!({"lineage": deleted()})).run("COMPLETE"),
        ),
    ]
}

async fn is_kept_back(world: &World, viewer: &Asking<'_>, job: &str, when: &str) {
    let answer = viewer.get(&format!("/api/v1/namespaces/etl/jobs/{job}")).await;
    let shown = answer.status == 200 && answer.text.contains("secret_c");
    assert!(!shown, "{job}, {when}, {:?}: {}", world.backend, answer.text);
    let run = uuid::Uuid::from_bytes(lethe::base::Digest::of(job.as_bytes()).0);
    for path in [format!("runs/{run}"), format!("jobs/runs/{run}/facets?type=job")] {
        let answer = viewer.get(&format!("/api/v1/{path}")).await;
        assert!(!answer.text.contains("secret_c"), "{path} of {job}, {when}: {}", answer.text);
    }
}

async fn hush(world: &World) {
    about(world, dataset("hush", json!({"tags": tags(&[("restricted", "true", None)])}))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_job_no_longer_says_keeps_its_texts_back() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        hush(&world).await;
        let viewer = Asking::of_role(&world, "viewer").await;
        for (first, later) in pairs() {
            let job = first.job;
            first.post(&world, 1).await;
            is_kept_back(&world, &viewer, job, "at first").await;
            later.post(&world, 2).await;
            is_kept_back(&world, &viewer, job, "later").await;
        }
        // The other way round they come to the same.
        for (first, later) in pairs() {
            later.post(&world, 2).await;
            first.post(&world, 1).await;
        }
        rebuild_world(&world).await;
        for (first, _) in pairs() {
            is_kept_back(&world, &viewer, first.job, "rebuilt").await;
        }
        world.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_went_out_of_the_log_keeps_texts_back() {
    for backend in Backend::ALL {
        let world = World::guarded(backend).await;
        hush(&world).await;
        let viewer = Asking::of_role(&world, "viewer").await;
        let text = || with_sql(json!({}));
        // The SQL is said again without what it is of; the victim goes with the event that told it.
        let told = Said::of("purged", json!({})).run("RUNNING");
        told.io(vec![plain("hush"), plain("victim")], vec![from_column("o", "hush", "a")])
            .post(&world, 1)
            .await;
        Said::of("purged", text()).run("COMPLETE").post(&world, 40).await;
        is_kept_back(&world, &viewer, "purged", "at first").await;
        let victim = EntityRef {
            kind: lethe::base::NodeKind::Dataset,
            namespace: OPEN.to_owned(),
            name: "victim".to_owned(),
        };
        world.app.remove(&Actor::system(), &[victim]).await.expect("it is removed");
        is_kept_back(&world, &viewer, "purged", "another was removed").await;
        // Only the event that says the SQL is left.
        let told = Said::of("expired", json!({})).run("RUNNING");
        told.io(vec![plain("hush")], vec![]).post(&world, 2).await;
        Said::of("expired", text()).run("COMPLETE").post(&world, 40).await;
        let before = Time::parse("2026-11-20T12:20:00Z").expect("a time");
        assert!(world.app.expire(before).await.expect("they go").events >= 1);
        for when in ["expired", "rebuilt", "rebuilt again"] {
            for job in ["purged", "expired"] {
                is_kept_back(&world, &viewer, job, when).await;
            }
            rebuild_world(&world).await;
        }
        world.app.stop().await;
    }
}
