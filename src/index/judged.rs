//! The judged set: searches of tests/search/judged.toml, what must come first, and how good
//! the ranking is as a whole.

use std::collections::BTreeMap;

use serde::Deserialize;
use uuid::Uuid;

use super::{Change, Document, Field, Query, SearchIndex, SearchRequest, Sort};
use crate::base::cursor::Page;
use crate::base::{NodeKind, Time};

const SET: &str = include_str!("../../tests/search/judged.toml");

/// Mean nDCG@10 that the ranking must not fall below. It was 0.988 when this was set.
const NDCG_MIN: f64 = 0.98;

const NOW: i64 = 1_767_225_600_000_000;
const DAY: i64 = 86_400_000_000;

#[derive(Deserialize)]
struct Set {
    namespaces: BTreeMap<String, String>,
    document: Vec<Entry>,
    query: Vec<Judged>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    ns: String,
    name: String,
    platform: String,
    kind: Option<String>,
    subtype: Option<String>,
    about: Option<String>,
    sql: Option<String>,
    #[serde(default)]
    fields: String,
    #[serde(default)]
    tags: String,
    #[serde(default)]
    owners: String,
    #[serde(default)]
    runs: u64,
    #[serde(default)]
    down: u32,
    #[serde(default)]
    age: i64,
}

#[derive(Deserialize)]
struct Judged {
    q: String,
    first: Option<First>,
    graded: BTreeMap<String, u32>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum First {
    One(String),
    OneOf(Vec<String>),
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn document(number: usize, entry: &Entry, set: &Set) -> Document {
    let job = entry.kind.as_deref() == Some("job");
    let updated_at = Time::from_micros(NOW - entry.age * DAY);
    let field = |name| Field { name, ..Field::default() };
    Document {
        kind: if job { NodeKind::Job } else { NodeKind::Dataset },
        id: Uuid::from_u128(number as u128),
        namespace: set.namespaces[&entry.ns].clone(),
        name: entry.name.clone(),
        aliases: Vec::new(),
        description: entry.about.clone(),
        tags: words(&entry.tags),
        owners: words(&entry.owners),
        fields: words(&entry.fields).into_iter().map(field).collect(),
        sql: entry.sql.clone(),
        platform: entry.platform.clone(),
        subtype: entry.subtype.clone().or_else(|| (!job).then(|| "TABLE".to_owned())),
        created_at: Time::from_micros(NOW - 400 * DAY),
        updated_at,
        last_run_at: Some(updated_at),
        run_count: entry.runs,
        downstream: entry.down,
        has_lineage: entry.down > 0,
        deleted: false,
        access_class: 0,
    }
}

/// Gain at each place, discounted, over that of the best possible order (Järvelin and
/// Kekäläinen 2002, with the gain 2^grade - 1).
fn ndcg(found: &[&str], graded: &BTreeMap<String, u32>) -> f64 {
    let gain = |grade: u32| f64::from((1_u32 << grade) - 1);
    let sum = |grades: &mut dyn Iterator<Item = u32>| {
        let places = (2_u32..).zip(grades.take(10));
        places.map(|(place, grade)| gain(grade) / f64::from(place).log2()).sum::<f64>()
    };
    let mut best: Vec<u32> = graded.values().copied().collect();
    best.sort_unstable_by(|a, b| b.cmp(a));
    let grades = found.iter().map(|id| graded.get(*id).copied().unwrap_or(0));
    sum(&mut { grades }) / sum(&mut best.into_iter())
}

#[test]
fn judged_searches_find_what_people_expect() {
    let set: Set = toml::from_str(SET).unwrap();
    let index = SearchIndex::in_memory().unwrap();
    let put = |(number, entry)| Change::Put(Box::new(document(number, entry, &set)));
    let documents: Vec<Change> = set.document.iter().enumerate().map(put).collect();
    index.apply(&documents, 1).unwrap();
    let mut faults = Vec::new();
    let mut figures = Vec::new();
    for judged in &set.query {
        for id in judged.graded.keys() {
            assert!(set.document.iter().any(|entry| entry.id == *id), "{id} is no document");
        }
        let request = SearchRequest {
            query: Query::parse(&judged.q).unwrap(),
            kinds: &[],
            sort: Sort::Relevance,
            page: Page::new(Some(10), None),
            facets: false,
            now: Time::from_micros(NOW),
            clearance: None,
            include_deleted: false,
        };
        let results = index.search(&request).unwrap();
        let id = |hit: &super::Hit| set.document[hit.id.as_u128() as usize].id.as_str();
        let found: Vec<&str> = results.hits.iter().map(id).collect();
        let first = found.first().copied().unwrap_or_default();
        let as_expected = match &judged.first {
            None => true,
            Some(First::One(expected)) => first == expected,
            Some(First::OneOf(expected)) => expected.iter().any(|expected| first == expected),
        };
        if !as_expected {
            faults.push(format!("`{}` finds {first} first", judged.q));
        }
        let figure = ndcg(&found, &judged.graded);
        println!("{figure:.3} `{}` {found:?}", judged.q);
        figures.push(figure);
    }
    let mean = figures.iter().sum::<f64>() / figures.len() as f64;
    println!("nDCG@10 {mean:.4} over {} searches", figures.len());
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(mean >= NDCG_MIN, "nDCG@10 fell to {mean:.4}");
}
