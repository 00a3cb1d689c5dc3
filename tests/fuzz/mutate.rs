//! Damages inputs: as values that are JSON still, and as bytes that may be nothing any more.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Greatest length of an input.
const BYTES_MAX: usize = 256 * 1024;

/// Pieces that are put where they may not belong.
const PIECES: &[&str] = &[
    "null",
    "{}",
    "[]",
    "\"\"",
    "0",
    "-1e999",
    "1E400",
    "true",
    "\\u0000",
    "\\ud800",
    "\\udc00\\ud83d",
    "\\",
    "\"",
    ",",
    ":",
    "}",
    "]",
    "{",
    "[",
    "\n",
    "\r",
    "\t",
    "\u{feff}",
    "\u{2028}",
    "é",
    "💥",
    "\"_deleted\":true,",
    "1 2",
    "//",
    "NaN",
    "-0",
    "\0",
    "9999999999999999999999",
    "0.1e-400",
    "{\"a\":1,\"a\":2}",
    "[[[[[[[[[[[[[[[[",
    "}}}}}}}}}}}}",
];

/// Draws a JSON text: a seed, damaged a few times as a value, and sometimes as bytes.
pub fn json(rng: &mut Rng, seeds: &[Value]) -> Vec<u8> {
    let mut value = rng.choice(seeds).expect("there are seeds").clone();
    for _ in 0..rng.u32(..6) {
        let donor = rng.choice(seeds).expect("there are seeds");
        let donated = pick(rng, donor).clone();
        damage(rng, &mut value, donated);
    }
    let mut bytes = if rng.u8(..4) == 0 {
        serde_json::to_vec_pretty(&value).expect("values are JSON")
    } else {
        value.to_string().into_bytes()
    };
    if rng.u8(..3) == 0 {
        for _ in 0..=rng.u32(..4) {
            damage_bytes(rng, &mut bytes, PIECES);
        }
    }
    bytes.truncate(BYTES_MAX);
    bytes
}

/// Draws a text: a seed, or several, with words put in and bytes damaged.
pub fn text(rng: &mut Rng, seeds: &[String], words: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..=rng.u32(..3) {
        bytes.extend_from_slice(rng.choice(seeds).expect("there are seeds").as_bytes());
        if rng.bool() {
            bytes.push(b' ');
        }
    }
    for _ in 0..rng.u32(..8) {
        damage_bytes(rng, &mut bytes, words);
    }
    bytes.truncate(rng.usize(1..3_000));
    bytes
}

/// Draws a cursor: a damaged one inside its packing, or its packing damaged.
pub fn cursor(rng: &mut Rng, seeds: &[Value]) -> Vec<u8> {
    let inside = json(rng, seeds);
    let mut packed = URL_SAFE_NO_PAD.encode(inside).into_bytes();
    if rng.u8(..3) == 0 {
        damage_bytes(rng, &mut packed, &["=", "+", "/", "-", "_", "é", "\0", "A"]);
    }
    packed
}

/// Picks a value somewhere inside another.
fn pick<'a>(rng: &mut Rng, value: &'a Value) -> &'a Value {
    let inside: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(members) => members.values().collect(),
        _ => return value,
    };
    match rng.choice(inside) {
        Some(inner) if rng.u8(..6) > 0 => pick(rng, inner),
        _ => value,
    }
}

/// Damages a value somewhere inside.
fn damage(rng: &mut Rng, value: &mut Value, donated: Value) {
    let deeper = rng.u8(..5) > 0;
    match value {
        Value::Array(items) if deeper && !items.is_empty() => {
            let place = rng.usize(..items.len());
            damage(rng, &mut items[place], donated);
        }
        Value::Object(members) if deeper && !members.is_empty() => {
            let place = rng.usize(..members.len());
            let inner = members.values_mut().nth(place).expect("a member");
            damage(rng, inner, donated);
        }
        Value::Array(items) => damage_list(rng, items, donated),
        Value::Object(members) => damage_members(rng, members, donated),
        other => *other = odd(rng, other, donated),
    }
}

fn damage_list(rng: &mut Rng, items: &mut Vec<Value>, donated: Value) {
    match rng.u8(..4) {
        0 => items.push(donated),
        1 => items.clear(),
        2 if items.len() < 50 => items.extend(items.clone()),
        _ => rng.shuffle(items),
    }
}

fn damage_members(rng: &mut Rng, members: &mut Map<String, Value>, donated: Value) {
    let key = members.keys().nth(rng.usize(..=members.len())).cloned();
    match (rng.u8(..5), key) {
        (0, Some(key)) => drop(members.remove(&key)),
        (1, Some(key)) => {
            let value = members.remove(&key).expect("it is there");
            members.insert(rng.choice(KEYS).expect("keys").to_string(), value);
        }
        (2, Some(key)) => drop(members.insert(key, donated)),
        (3, _) => drop(members.insert("_deleted".to_owned(), json!(rng.bool()))),
        _ => drop(members.insert(rng.choice(KEYS).expect("keys").to_string(), donated)),
    }
}

/// Names that mean something, and some that mean nothing.
const KEYS: &[&str] = &[
    "facets",
    "inputFacets",
    "outputFacets",
    "inputs",
    "outputs",
    "job",
    "run",
    "dataset",
    "runId",
    "name",
    "namespace",
    "eventType",
    "eventTime",
    "schemaURL",
    "producer",
    "_producer",
    "_schemaURL",
    "schema",
    "fields",
    "columnLineage",
    "inputFields",
    "transformations",
    "masking",
    "lineage",
    "parent",
    "root",
    "symlinks",
    "identifiers",
    "ownership",
    "owners",
    "lifecycleStateChange",
    "previousIdentifier",
    "tags",
    "sql",
    "query",
    "statistics",
    "dataQualityMetrics",
    "columnMetrics",
    "errorMessage",
    "nominalTime",
    "subset",
    "documentation",
    "description",
    "type",
    "version",
    "",
    "\0",
    "a.b",
    "a/b~c",
    "💥",
];

/// Returns a scalar that is unlike the one that was there.
fn odd(rng: &mut Rng, was: &Value, donated: Value) -> Value {
    match rng.u8(..10) {
        0 => Value::Null,
        1 => json!(rng.bool()),
        2 => json!([i64::MIN, -1, 0, 1, i64::MAX][rng.usize(..5)]),
        3 => json!([0.1, -0.0, 1e308, 5e-324, f64::from(f32::MAX)][rng.usize(..5)]),
        4 => json!(""),
        5 => json!("x".repeat(rng.usize(..6_000))),
        6 => json!(
            ["\0", "a\u{0}b", "\u{feff}", " ", "\n", ":", "/", "%2F", "..", "💥", "\u{10ffff}"]
                [rng.usize(..11)]
        ),
        7 => json!(
            [
                "START",
                "complete",
                "2026-11-20T10:00:00",
                "0000-01-01T00:00:00Z",
                "9999-12-31T23:59:59Z",
                "RENAME",
                "DROP"
            ][rng.usize(..7)]
        ),
        8 => match was {
            Value::String(text) => json!(text.chars().rev().collect::<String>()),
            Value::Number(number) => json!(number.to_string()),
            other => json!([other]),
        },
        _ => donated,
    }
}

fn damage_bytes(rng: &mut Rng, bytes: &mut Vec<u8>, words: &[&str]) {
    let at = rng.usize(..=bytes.len());
    let end = (at + rng.usize(..40)).min(bytes.len());
    match rng.u8(..6) {
        0 => drop(bytes.drain(at..end)),
        1 => {
            let part = bytes[at..end].to_vec();
            let to = rng.usize(..=bytes.len());
            bytes.splice(to..to, part);
        }
        2 if at < bytes.len() => bytes[at] = rng.u8(..),
        3 => bytes.truncate(at),
        4 => drop(bytes.splice(at..end, rng.choice(words).expect("words").bytes())),
        _ => drop(bytes.splice(at..at, rng.choice(words).expect("words").bytes())),
    }
}
