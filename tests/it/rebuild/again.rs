//! The same words said again by others, of runs that share an id across namespaces: whose the id is
//! follows from who named the run first, which a rebuild must find as it was.

use std::sync::Arc;

use lethe::catalog::Voice;
use lethe::flow::Submission;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{parsed, rebuild_world, run_property};
use crate::events;
use crate::world::dump::difference;
use crate::world::{Backend, World};

/// One statement: which event, and who says it.
#[derive(Debug, Clone, Copy)]
struct Said {
    of: u8,
    run: u8,
    parent: Option<(u8, u8)>,
    by: u8,
}

const NAMESPACES: [&str; 2] = ["etl", "team"];

fn run_id(number: u8) -> String {
    format!("00000000-0000-7000-8000-{number:012}")
}

impl Said {
    /// The event follows from what is said, not from who says it.
    fn event(self) -> Value {
        let mut event = events::base(self.of * 8 + self.run, "RunEvent");
        event["eventType"] = json!("START");
        event["run"] = json!({"runId": run_id(self.run)});
        event["job"] = json!({"namespace": NAMESPACES[usize::from(self.of)], "name": "load"});
        if let Some((of, run)) = self.parent {
            let job = json!({"namespace": NAMESPACES[usize::from(of)], "name": "dag"});
            let parent = json!({"run": {"runId": run_id(run)}, "job": job});
            event["run"]["facets"] = json!({"parent": events::facet(parent)});
        }
        event
    }

    /// Who may speak for one namespace, for the other, or for both.
    fn voice(self) -> Arc<Voice> {
        let jobs = match self.by {
            0 => vec!["etl".to_owned()],
            1 => vec!["team".to_owned()],
            _ => vec!["etl".to_owned(), "team".to_owned()],
        };
        let author = format!("service:{}", self.by);
        Arc::new(Voice { author, jobs: Some(jobs), ..Voice::default() })
    }
}

/// Says these in turn, each run of numbers in one submission, and demands that a rebuild comes to
/// the same.
async fn same_when_rebuilt(backend: Backend, batches: &[Vec<Said>]) {
    let world = World::new(backend).await;
    for batch in batches {
        let waiting = batch.iter().map(|said| {
            let submission = Submission {
                events: parsed(&[said.event()]),
                voice: said.voice(),
                ..Submission::default()
            };
            world.app.submit(submission)
        });
        for done in futures_util::future::join_all(waiting).await {
            done.expect("it is accepted");
        }
    }
    world.settle().await;
    let grown = world.projections().await;
    rebuild_world(&world).await;
    if let Some(difference) = difference(&grown, &world.projections().await) {
        panic!("{backend:?}: {difference}");
    }
    world.app.stop().await;
}

fn said() -> impl Strategy<Value = Said> {
    let parent = prop::option::weighted(0.7, (0..2_u8, 0..3_u8));
    (0..2_u8, 0..3_u8, parent, 0..3_u8).prop_map(|(of, run, parent, by)| Said {
        of,
        run,
        // No run is its own parent.
        parent: parent.filter(|(_, parent)| *parent != run),
        by,
    })
}

#[test]
fn whose_a_shared_id_is_comes_out_alike_when_rebuilt() {
    let batches = prop::collection::vec(prop::collection::vec(said(), 1..4), 4..14);
    run_property(10, &batches, async |batches| {
        same_when_rebuilt(Backend::Sqlite, &batches).await;
    });
}

/// What draws found: the words that name the parent count only where their second author says
/// them, and by then the id is another's.
#[tokio::test(flavor = "multi_thread")]
async fn words_said_again_count_from_when_they_were() {
    let child = |by| Said { of: 0, run: 0, parent: Some((1, 1)), by };
    let other = Said { of: 0, run: 1, parent: None, by: 0 };
    for backend in Backend::ALL {
        let batches = [vec![child(0)], vec![other], vec![child(2)]];
        same_when_rebuilt(backend, &batches).await;
    }
}
