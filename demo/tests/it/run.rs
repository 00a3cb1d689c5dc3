//! The tests: one round of the whole company, looked at from all sides.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clap::Parser;
use lethe_demo::people::{Person, everyone};
use lethe_demo::settings::Settings;
use lethe_demo::sqlite::Database;
use lethe_demo::value::Value;
use serde_json::Value as Json;
use tokio::sync::watch;

use crate::catcher::{self, Caught};
use crate::events::{Column, Id, Way, columns, datasets, id, reach, schema, steps, tagged, text};
use crate::stores;

const SEED: u64 = 20;

fn settings(url: &str, folder: &Path, more: &[&str]) -> Settings {
    let folder = folder.to_str().unwrap();
    let line = ["lethe-demo", "--url", url, "--data-dir", folder, "--api-key", "k3y"];
    Settings::parse_from(line.iter().chain(more))
}

async fn run_once(folder: &Path) -> Vec<Json> {
    let (url, caught) = catcher::start().await;
    let (_stop, stopped) = watch::channel(false);
    lethe_demo::run(&settings(&url, folder, &["--once"]), stopped).await.unwrap();
    let mut caught = caught.lock().unwrap();
    assert_eq!(caught.tokens.len(), caught.events.len());
    assert!(caught.tokens.iter().all(|token| token == "Bearer k3y"));
    std::mem::take(&mut caught.events)
}

fn kinds<'a>(events: &'a [Json], kind: &str) -> Vec<&'a Json> {
    events.iter().filter(|event| event["eventType"] == kind).collect()
}

fn job(event: &Json) -> String {
    text(&event["job"]["name"])
}

#[tokio::test]
async fn what_the_demo_says_is_what_it_did() {
    let folder = tempfile::tempdir().unwrap();
    let (declared, events): (Vec<_>, Vec<_>) =
        run_once(folder.path()).await.into_iter().partition(|event| event.get("dataset").is_some());
    sources_are_declared(&declared, &events);
    every_event_is_complete(&events);
    the_company_is_as_large_as_promised(&events);
    runs_start_and_end(&events);
    lineage_names_only_columns_that_are_there(&events);
    stores_hold_as_many_rows_as_events_say(&events).await;
    personal_data_is_only_where_lineage_leads(&events).await;
}

/// What is read and never written says itself whose it is and what it holds: of readers, neither
/// owners nor tags other than classes count.
fn sources_are_declared(declared: &[Json], events: &[Json]) {
    let side = |side| events.iter().flat_map(move |event| datasets(event, side)).map(id);
    let written: BTreeSet<_> = side("outputs").collect();
    let sources: BTreeSet<_> = side("inputs").filter(|id| !written.contains(id)).collect();
    let told: BTreeSet<_> = declared.iter().map(|event| id(&event["dataset"])).collect();
    assert!(told.is_superset(&sources), "not declared: {:?}", sources.difference(&told));
    let within =
        |(namespace, name): &Id| [namespace, name].iter().any(|at| at.contains("/sources/"));
    assert!(told.iter().all(within), "{told:?}");
    for event in declared {
        let facets = &event["dataset"]["facets"];
        assert!(facets["ownership"]["owners"][0]["name"].is_string(), "{event}");
        assert!(facets["tags"]["tags"].as_array().is_some_and(|tags| !tags.is_empty()), "{event}");
    }
}

fn every_event_is_complete(events: &[Json]) {
    for event in events {
        for pointer in ["/eventTime", "/eventType", "/producer", "/schemaURL", "/run/runId"] {
            assert!(event.pointer(pointer).is_some_and(Json::is_string), "{pointer} in {event}");
        }
        let mut facets = vec![&event["run"]["facets"], &event["job"]["facets"]];
        for dataset in ["inputs", "outputs"].iter().flat_map(|side| datasets(event, side)) {
            assert!(!id(dataset).0.is_empty() && !id(dataset).1.is_empty());
            let groups = ["facets", "inputFacets", "outputFacets"];
            facets.extend(groups.iter().filter_map(|group| dataset.get(group)));
        }
        for facet in facets.iter().flat_map(|group| group.as_object().unwrap().values()) {
            assert!(facet["_producer"].is_string() && facet["_schemaURL"].is_string(), "{facet}");
        }
    }
}

fn the_company_is_as_large_as_promised(events: &[Json]) {
    let jobs: BTreeSet<_> = events.iter().map(job).collect();
    assert!(columns(events).len() >= 60, "{} datasets", columns(events).len());
    assert!(jobs.len() >= 70, "{} jobs", jobs.len());
    let widest = events.iter().map(|event| datasets(event, "inputs").len()).max();
    assert!(widest >= Some(4));
    let altered = events.iter().flat_map(|event| datasets(event, "outputs")).filter(|output| {
        let change = &output["facets"]["lifecycleStateChange"]["lifecycleStateChange"];
        change == "ALTER" && schema(output).iter().any(|name| name == "marketing_consent")
    });
    assert_eq!(altered.count(), 4, "bronze, silver, staging and gold get the new column");
    let failed: BTreeSet<_> = kinds(events, "FAIL").into_iter().map(job).collect();
    let expected = ["clinical_bronze", "clinical_bronze.import_labs"].map(str::to_owned);
    assert_eq!(failed, BTreeSet::from(expected));
    let nominal: BTreeSet<_> = events
        .iter()
        .filter_map(|event| event.pointer("/run/facets/nominalTime/nominalStartTime"))
        .map(text)
        .collect();
    assert_eq!(nominal.len(), 3, "three days of history");
}

fn runs_start_and_end(events: &[Json]) {
    let mut told = BTreeMap::<_, Vec<String>>::new();
    for event in events {
        let run = text(&event["run"]["runId"]);
        if let Some(parent) = event.pointer("/run/facets/parent/run/runId") {
            assert!(told.contains_key(&text(parent)), "a parent starts before its tasks");
        }
        told.entry(run).or_default().push(text(&event["eventType"]));
    }
    for moments in told.values() {
        assert_eq!(moments[0], "START");
        assert!(["COMPLETE", "FAIL"].contains(&moments.last().unwrap().as_str()));
        assert!(moments[1..moments.len() - 1].iter().all(|moment| moment == "RUNNING"));
    }
    assert_eq!(kinds(events, "RUNNING").len(), 3);
}

fn lineage_names_only_columns_that_are_there(events: &[Json]) {
    let columns = columns(events);
    let steps = steps(events);
    assert!(steps.len() > 250, "{} steps", steps.len());
    for (from, to, _) in &steps {
        assert!(columns[&from.0].contains(&from.1), "{from:?}");
        assert!(columns[&to.0].contains(&to.1), "{to:?}");
    }
    for event in events {
        let inputs: BTreeSet<_> = datasets(event, "inputs").iter().map(id).collect();
        for output in datasets(event, "outputs") {
            let lineage = &output["facets"]["columnLineage"];
            let fields = lineage["fields"].as_object().into_iter().flatten();
            let direct = fields.flat_map(|(_, field)| field["inputFields"].as_array().unwrap());
            for input in direct.chain(lineage["dataset"].as_array().into_iter().flatten()) {
                assert!(inputs.contains(&id(input)), "{input} is no input of {}", job(event));
                assert!(columns[&id(input)].contains(&text(&input["field"])), "{input}");
            }
            // Every column of every output comes from somewhere.
            let named = lineage["fields"].as_object().map_or(0, serde_json::Map::len);
            assert_eq!(named, schema(output).len(), "{output}");
        }
    }
}

async fn stores_hold_as_many_rows_as_events_say(events: &[Json]) {
    let mut last = BTreeMap::new();
    for output in kinds(events, "COMPLETE").into_iter().flat_map(|e| datasets(e, "outputs")) {
        let rows = output["outputFacets"]["outputStatistics"]["rowCount"].as_u64().unwrap();
        let locations = output["outputFacets"]["subset"]["outputCondition"]["locations"].as_array();
        match locations {
            Some(locations) => {
                let path = text(&locations[0]).strip_prefix("file://").map(PathBuf::from).unwrap();
                last.insert((id(output), Some(path)), rows);
            }
            None if id(output).1 != "invoices" => _ = last.insert((id(output), None), rows),
            // Invoices are added to; the others are replaced.
            None => *last.entry((id(output), None)).or_insert(0) += rows,
        }
    }
    assert!(last.len() > 60);
    for ((dataset, path), rows) in last {
        let found = match path {
            Some(path) => stores::count(&path),
            None => stores::read(&dataset, &["count(*)".to_owned()]).await.1[0][0]
                .as_real()
                .map_or(0, |count| count as usize),
        };
        assert_eq!(found as u64, rows, "{dataset:?}");
    }
}

/// Looks for real people's values in every cell of every store, and for each column that has any
/// asks whether the lineage leads there from a column that a steward tagged.
async fn personal_data_is_only_where_lineage_leads(events: &[Json]) {
    let people = everyone(SEED, 200);
    let steps = steps(events);
    let sources = tagged(events, "user.");
    let readable = reach(&steps, &sources, Way::Changed);
    let mut found = BTreeSet::<Column>::new();
    for (dataset, names) in columns(events) {
        let names: Vec<_> = names.into_iter().collect();
        let (names, rows) = stores::read(&dataset, &names).await;
        for (at, name) in names.iter().enumerate() {
            if rows.iter().any(|row| is_personal(&row[at], &people)) {
                found.insert((dataset.clone(), name.clone()));
            }
        }
    }
    assert!(found.len() > 60, "{} columns hold personal data", found.len());
    for (dataset, name) in &found {
        let led =
            readable.iter().any(|(id, column)| id == dataset && (column == name || name == "*"));
        assert!(led, "{name} of {dataset:?} holds personal data that lineage does not tell of");
    }
    // And the other way round: what came over unchanged from an e-mail address is one.
    let unchanged = reach(&steps, &tagged(events, "user.contact.email"), Way::Same);
    for (dataset, name) in &unchanged {
        let (_, rows) = stores::read(dataset, std::slice::from_ref(name)).await;
        let email = |row: &Vec<Value>| row.iter().any(|value| value.to_string().contains('@'));
        assert!(rows.iter().any(email), "{name} of {dataset:?} should hold e-mail addresses");
    }
    assert!(unchanged.len() > 15);
}

fn is_personal(value: &Value, people: &[Person]) -> bool {
    let Some(text) = value.as_text().filter(|text| text.len() >= 8) else { return false };
    let lower = text.to_lowercase();
    people.iter().any(|person| {
        lower.contains(&person.email)
            || text.contains(&person.full_name())
            || text.contains(&person.phone)
            || text.contains(&person.iban)
            || text.contains(&person.birth_date)
    })
}

#[tokio::test]
async fn a_stopped_demo_ends_cleanly_and_who_was_forgotten_stays_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let (url, caught) = catcher::start().await;
    let (stop, stopped) = watch::channel(false);
    let settings = settings(&url, folder.path(), &["--every", "20ms", "--days", "1"]);
    let watcher = tokio::spawn(stop_after(Arc::clone(&caught), 400, stop));
    lethe_demo::run(&settings, stopped).await.unwrap();
    watcher.await.unwrap();
    let last = caught.lock().unwrap().events.last().cloned().unwrap();
    assert_eq!(
        (job(&last).as_str(), &last["eventType"]),
        ("iot_stream.ingest_telemetry", &Json::from("COMPLETE"))
    );

    let person = everyone(SEED, 200).into_iter().find(Person::is_customer).unwrap();
    let database = folder.path().join("sources/erp.db");
    let forget = format!("DELETE FROM customers WHERE lower(email) = '{}'", person.email);
    let mut open = Database::open(&database).await.unwrap();
    assert_eq!(open.run(&forget).await.unwrap(), 1);
    open.close().await.unwrap();
    let events = run_once(folder.path()).await;
    let silver = folder.path().canonicalize().unwrap().join("lake/silver/erp/customers");
    let clean = ("file".to_owned(), silver.display().to_string());
    assert!(events.iter().flat_map(|e| datasets(e, "outputs")).any(|output| id(output) == clean));
    let (_, rows) = stores::read(&clean, &[]).await;
    let people = [person];
    assert!(!rows.is_empty());
    assert!(!rows.iter().flatten().any(|value| is_personal(value, &people)));
}

async fn stop_after(caught: Arc<Mutex<Caught>>, events: usize, stop: watch::Sender<bool>) {
    while caught.lock().unwrap().events.len() < events {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.send(true).unwrap();
}

#[tokio::test]
async fn a_server_that_is_away_ends_a_single_round_with_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let (_stop, stopped) = watch::channel(false);
    let settings =
        settings("http://127.0.0.1:1", folder.path(), &["--once", "--patience", "300ms"]);
    let error = lethe_demo::run(&settings, stopped).await.unwrap_err();
    assert!(error.to_string().contains("is not ready"), "{error:#}");
}
