//! What must be true after every restart, read from the database and asked of the server.

use std::collections::{BTreeMap, BTreeSet};

use lethe::db::{Db, EntryKind};

use super::load::{Book, event, job_of, mark_of, own_dataset};
use crate::process::Lethe;
use crate::world::Answer;

/// Entries of the log that are read at once.
const PAGE: usize = 1_000;

/// The event log as far as it was read.
#[derive(Debug, Default)]
pub struct Log {
    last: i64,
    /// Marks of the events in it.
    pub marks: BTreeSet<u64>,
    /// Marks of events that it holds more than once.
    pub doubled: Vec<u64>,
}

impl Log {
    /// Reads what was appended since, and demands that no place in the log is left out.
    pub async fn read_on(&mut self, db: &Db) {
        loop {
            let rows = db.scan_events(self.last, PAGE).await.expect("the log can be read");
            let Some(last) = rows.last() else { break };
            assert_eq!(
                last.seq - self.last,
                i64::try_from(rows.len()).unwrap(),
                "a gap in the log"
            );
            self.last = last.seq;
            // Edits stand in the same log.
            for row in rows.iter().filter(|row| row.kind != EntryKind::Edit) {
                let mark = mark_of(&row.raw);
                let sent: serde_json::Value = serde_json::from_str(&row.raw).unwrap();
                assert_eq!(sent, event(mark), "an event that is not what was sent");
                if !self.marks.insert(mark) {
                    self.doubled.push(mark);
                }
            }
        }
        let head = db.head().await.expect("the head can be read");
        assert_eq!(head.seq, self.last, "the head is not where the log ends");
    }

    /// Returns the marks of acknowledged events that the log lacks.
    pub fn lost(&self, book: &Book) -> Vec<u64> {
        assert!(self.marks.iter().all(|mark| *mark <= book.sent), "an event nobody sent");
        book.acknowledged.difference(&self.marks).copied().collect()
    }
}

/// Demands that search and lineage know the newest dataset, with what feeds it.
pub async fn newest_is_known(lethe: &Lethe, log: &Log) {
    let newest = log.marks.iter().rev().find_map(|mark| Some((*mark, own_dataset(*mark)?)));
    let Some((mark, name)) = newest else { return };
    let found = lethe.get(&format!("/api/v1/catalog/search?q={name}&kind=dataset")).await.ok(200);
    assert_eq!(found["hits"][0]["name"], name.as_str(), "{found}");
    let focus = format!("dataset:postgres://db:5432:{name}");
    let graph =
        lethe.get(&format!("/api/v1/lineage/graph?focus={focus}&direction=up&current=false")).await;
    let source = format!("shop.src_{}", mark / 3 % 11);
    let names = names(&graph);
    assert!(names.contains(&source) && names.contains(&job_of(mark)), "{names:?}: {}", graph.text);
}

fn names(graph: &Answer) -> Vec<String> {
    let graph = graph.ok(200);
    let nodes = graph["nodes"].as_array().into_iter().flatten();
    nodes.filter_map(|node| Some(node["name"].as_str()?.to_owned())).collect()
}

/// Demands that each job's runs are counted as the log has them.
pub async fn runs_are_counted(lethe: &Lethe, log: &Log) {
    let mut runs: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    for mark in &log.marks {
        runs.entry(job_of(*mark)).or_default().insert(mark / 3);
    }
    for (job, runs) in runs {
        let id = lethe::base::JobId::of("etl", &job).0;
        let told = lethe.get(&format!("/api/v1/jobs/{id}")).await.ok(200);
        assert_eq!(told["runs"], runs.len(), "{job}: {told}");
    }
}
