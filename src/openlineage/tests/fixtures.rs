//! Events that real clients sent: openlineage-python, dbt-ol, Airflow's provider.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::agreement::{entities, reread};
use crate::openlineage::event::{EventKind, EventType};
use crate::openlineage::facets::{ColumnLineage, ParentRun, Schema, Sql};
use crate::openlineage::parse;

/// Returns every fixture: its file's name and its bytes.
pub(super) fn fixtures() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/openlineage");
    let mut files: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let name = |file: &PathBuf| file.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|file| (name(file), std::fs::read(file).unwrap())).collect()
}

#[test]
fn every_fixture_is_accepted_as_what_it_is() {
    let fixtures = fixtures();
    assert_eq!(fixtures.len(), 44);
    for (name, bytes) in fixtures {
        let parsed = parse(&bytes).unwrap_or_else(|rejection| panic!("{name}: {rejection}"));
        // 0003-COMPLETE-job.json is a run event, 0006--job.json a job event, and the
        // dataset events have no job: 0005--.json.
        let mut parts = name.trim_end_matches(".json").splitn(3, '-').skip(1);
        let (word, job) = (parts.next().unwrap(), parts.next().unwrap());
        let kind = match (word, job) {
            ("", "") => EventKind::Dataset,
            ("", _) => EventKind::Job,
            _ => EventKind::Run,
        };
        assert_eq!(parsed.event.kind(), kind, "{name}");
        assert_eq!(parsed.event.event_type(), EventType::parse(word), "{name}");
        if kind != EventKind::Dataset {
            assert_eq!(parsed.event.job().unwrap().name, job, "{name}");
        }
    }
}

#[test]
fn white_space_does_not_change_the_id() {
    for (name, bytes) in fixtures() {
        let value: Value = serde_json::from_slice(&bytes).unwrap();
        let parsed = parse(&bytes).unwrap();
        assert_ne!(parsed.raw, bytes, "{name} is indented");
        assert!(!parsed.raw.contains(&b'\n'), "{name}");
        assert_eq!(serde_json::from_slice::<Value>(&parsed.raw).unwrap(), value, "{name}");
        let again = parse(&parsed.raw).unwrap();
        assert_eq!(again, parsed, "{name}");
        let spread = String::from_utf8(bytes).unwrap().replace('\n', "\r\n\t ");
        assert_eq!(parse(spread.as_bytes()).unwrap().id, parsed.id, "{name}");
    }
}

#[test]
fn every_standard_facet_of_the_fixtures_is_read() {
    let mut seen = BTreeSet::new();
    for (name, bytes) in fixtures() {
        for (entity, facets) in entities(&parse(&bytes).unwrap().event) {
            for (key, body) in facets.iter() {
                if let Some(read) = reread(entity, key, body) {
                    assert!(read.is_some(), "{name}: {key}");
                    seen.insert(key.to_owned());
                }
            }
        }
    }
    assert!(seen.len() >= 16, "{seen:?}");
}

#[test]
fn facets_of_a_dbt_event_are_what_dbt_said() {
    let (_, bytes) = fixtures().into_iter().find(|(name, _)| name.starts_with("0029-")).unwrap();
    let parsed = parse(&bytes).unwrap();
    let (run, job) = (parsed.event.run().unwrap(), parsed.event.job().unwrap());
    assert_eq!(run.facets.typed::<ParentRun>().unwrap().job.name, "dbt-run-shop");
    assert!(job.facets.typed::<Sql>().unwrap().query.contains("group by 1,2,3"));
    let output = parsed.event.outputs().first().unwrap();
    assert_eq!(output.name, "warehouse.dbt.customer_orders");
    assert_eq!(output.facets.typed::<Schema>().unwrap().fields.len(), 2);
    let lineage: ColumnLineage = output.facets.typed().unwrap();
    assert_eq!(lineage.fields["country"].input_fields[0].field, "country");
}
