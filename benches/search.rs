//! How fast search answers over a million datasets with ten columns each, and how fast a
//! node with that catalog starts.

#[path = "support/report.rs"]
mod report;
#[path = "support/server.rs"]
mod server;

use std::sync::Arc;
use std::time::{Duration, Instant};

use lethe::base::cursor::Page;
use lethe::base::rng::Rng;
use lethe::base::{DatasetId, NodeKind, Time};
use lethe::index::{
    Clearance, Document, Field, IndexSettings, Query, SearchIndex, SearchRequest, Sort,
};
use report::{head, percentile, row};
use server::Server;

const DATASETS: u64 = 1_000_000;
const ASKS: usize = 600;
/// Access classes that the datasets are spread over.
const CLASSES: u64 = 200;
/// Datasets with a tag that no other has.
const ONCE: u64 = 60_000;
const WORDS: [&str; 40] = [
    "orders", "customer", "patient", "trial", "sensor", "invoice", "ledger", "adverse", "event",
    "batch", "plant", "shipment", "product", "price", "campaign", "social", "mention", "contract",
    "employee", "payroll", "visit", "dose", "assay", "sample", "device", "reading", "quality",
    "audit", "supplier", "stock", "return", "refund", "claim", "region", "country", "site",
    "study", "cohort", "signal", "report",
];

fn main() {
    let few = asked_with(&document);
    let many = asked_with(&tagged_once);
    let ratio = many.as_secs_f64() / few.as_secs_f64();
    row("viewer's p99, with 60,000 tags of one use / without", &format!("{ratio:.2}"), "1.1");
    start_up();
}

/// Makes an index of these documents and asks it. Returns a viewer's p99.
fn asked_with(document: &dyn Fn(u64) -> Document) -> Duration {
    let started = Instant::now();
    let dir = tempfile::tempdir().expect("a folder");
    let index = SearchIndex::open(dir.path(), IndexSettings::default()).expect("an index");
    let written = index.rebuild((0..DATASETS).map(document), 1).expect("the index is written");
    let rate = written as f64 / started.elapsed().as_secs_f64();
    head("Search, 1,000,000 datasets of 10 columns");
    row("indexing", &format!("{rate:.0} datasets/s"), "10,000/s");
    drop(index);
    let started = Instant::now();
    let index = SearchIndex::open(dir.path(), IndexSettings::default()).expect("an index");
    row("opening", &format!("{:.2} s", started.elapsed().as_secs_f64()), "");
    ask(&index)
}

/// Returns a dataset; the first ones with a tag each that no other has, and with it a set of
/// attributes of its own.
fn tagged_once(number: u64) -> Document {
    let mut document = document(number);
    if number < ONCE {
        document.tags.push(format!("once:{number}"));
        document.access_class = u32::try_from(CLASSES + 1 + number).unwrap_or(0);
    }
    document
}

fn word(rng: &mut Rng) -> &'static str {
    WORDS[usize::try_from(rng.below(WORDS.len() as u64)).unwrap_or(0)]
}

fn names(number: u64) -> (String, String) {
    let mut rng = Rng::seeded(number);
    let schema = ["raw", "staging", "silver", "gold"][usize::try_from(number % 4).unwrap_or(0)];
    (
        format!("postgres://warehouse-{}:5432", number % 60),
        format!("company.{schema}.{}_{}_{number}", word(&mut rng), word(&mut rng)),
    )
}

fn document(number: u64) -> Document {
    let mut rng = Rng::seeded(number ^ 0x5eed);
    let (namespace, name) = names(number);
    let fields = (0..10).map(|place| Field {
        name: format!("{}_{}", word(&mut rng), ["id", "name", "amount", "at", "code"][place % 5]),
        data_type: Some("TEXT".to_owned()),
        ..Field::default()
    });
    let fields = fields.collect();
    let at =
        Time::from_micros(1_790_000_000_000_000 - i64::try_from(rng.below(1 << 45)).unwrap_or(0));
    Document {
        kind: NodeKind::Dataset,
        id: DatasetId::of(&namespace, &name).0,
        namespace,
        name,
        aliases: Vec::new(),
        description: Some(format!(
            "The {} of every {} by {}",
            word(&mut rng),
            word(&mut rng),
            word(&mut rng)
        )),
        tags: if number.is_multiple_of(7) {
            vec!["pii".to_owned(), format!("domain:{}", word(&mut rng))]
        } else {
            Vec::new()
        },
        owners: vec![format!("team:{}", word(&mut rng))],
        fields,
        sql: None,
        platform: "postgres".to_owned(),
        subtype: Some("TABLE".to_owned()),
        created_at: at,
        updated_at: at,
        last_run_at: Some(at),
        run_count: rng.below(5_000),
        downstream: u32::try_from(rng.below(40)).unwrap_or(0),
        has_lineage: true,
        deleted: false,
        access_class: u32::try_from(number % CLASSES).unwrap_or(0) + 1,
    }
}

/// What people type: names as they type them, common words, typos, filters, nothing.
fn text(rng: &mut Rng) -> String {
    let (_, name) = names(rng.below(DATASETS));
    match rng.below(9) {
        0 => name,
        1 => word(rng).chars().take(1).collect(),
        2 => word(rng).chars().take(3).collect(),
        3 => word(rng).to_owned(),
        4 => format!("{} {}", word(rng), word(rng)),
        5 => word(rng).replacen('e', "x", 1),
        6 => format!("tag:pii {}", word(rng)),
        7 => format!("column:{}_id owner:team:{}", word(rng), word(rng)),
        _ => String::new(),
    }
}

/// Asks the same in turns as somebody who sees everything and as a viewer, who finds four of
/// five datasets and does not know the columns of one of these in eight.
fn ask(index: &SearchIndex) -> Duration {
    let all = u32::try_from(CLASSES + ONCE).unwrap_or(0);
    let classes = || (1..=all).filter(|class| class % 5 > 0);
    let viewer = Arc::new(Clearance {
        without_columns: classes().filter(|class| class % 8 == 0).collect(),
        classes: classes().collect(),
        ..Clearance::default()
    });
    let mut rng = Rng::seeded(3);
    let (mut all, mut filtered) = (Vec::with_capacity(ASKS), Vec::with_capacity(ASKS));
    for _ in 0..ASKS {
        let text = text(&mut rng);
        all.push(time(index, &text, None));
        filtered.push(time(index, &text, Some(&viewer)));
    }
    let sums = [&all, &filtered].map(|times| times.iter().sum::<Duration>().as_secs_f64());
    for (name, times) in
        [("first page with facets", &mut all), ("the same for a viewer", &mut filtered)]
    {
        times.sort_unstable();
        let millis = |share| percentile(times, share).as_secs_f64() * 1e3;
        let figure = format!(
            "p50 {:.1} ms, p99 {:.1} ms, most {:.1} ms",
            millis(0.5),
            millis(0.99),
            millis(1.0)
        );
        row(name, &figure, "p99 20 ms");
    }
    let p99 = [&all, &filtered].map(|times| percentile(times, 0.99).as_secs_f64());
    let figure = format!("{:.2} in all, {:.2} at p99", sums[1] / sums[0], p99[1] / p99[0]);
    row("filtered for a viewer / unfiltered", &figure, "1.1");
    percentile(&filtered, 0.99)
}

fn time(index: &SearchIndex, text: &str, clearance: Option<&Arc<Clearance>>) -> Duration {
    let request = SearchRequest {
        query: Query::parse(text).expect("a search text"),
        kinds: &[],
        sort: Sort::Relevance,
        page: Page::new(Some(20), None),
        facets: true,
        now: Time::from_micros(1_790_000_000_000_000),
        clearance,
        include_deleted: false,
    };
    let started = Instant::now();
    index.search(&request).expect("an answer");
    started.elapsed()
}

/// Fills a node with the same catalog through its API, stops it, and starts it again.
fn start_up() {
    let dir = tempfile::tempdir().expect("a folder");
    let empty = tempfile::tempdir().expect("a folder");
    let (server, _) = Server::start(empty.path(), None);
    std::thread::sleep(std::time::Duration::from_secs(2));
    row("memory of an empty node", &format!("{} MB", server.memory() / 1_000_000), "80 MB");
    drop(server);
    let (server, _) = Server::start(dir.path(), None);
    let started = Instant::now();
    for chunk in (0..DATASETS).collect::<Vec<_>>().chunks(1_000) {
        let datasets: Vec<serde_json::Value> =
            chunk.iter().map(|number| described(*number)).collect();
        let body = serde_json::json!({ "datasets": datasets }).to_string();
        let answer = server.send("PUT", "/api/v1/datasets", body.as_bytes());
        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    }
    let rate = DATASETS as f64 / started.elapsed().as_secs_f64();
    row("datasets described through the API", &format!("{rate:.0} datasets/s"), "");
    server.settle();
    drop(server);
    let (server, took) = Server::start(dir.path(), None);
    row("start to ready with that catalog", &format!("{:.2} s", took.as_secs_f64()), "5 s");
    row("memory with that catalog", &format!("{} MB", server.memory() / 1_000_000), "");
}

fn described(number: u64) -> serde_json::Value {
    let document = document(number);
    let fields: Vec<_> = document
        .fields
        .iter()
        .enumerate()
        .map(|(place, field)| serde_json::json!({"name": format!("{}_{place}", field.name), "type": "TEXT"}))
        .collect();
    serde_json::json!({
        "namespace": document.namespace, "name": document.name, "description": document.description,
        "tags": document.tags, "fields": fields,
    })
}
