//! The walls: who may import whom, where a library may appear, how long things may be.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::imports;

/// What each room may import of ours (besides itself).
const ROOMS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("openlineage", &["base"]),
    ("catalog", &["base", "openlineage"]),
    ("lineage", &["base", "openlineage", "catalog"]),
    ("audit", &["base"]),
    ("keys", &["base"]),
    ("access", &["base", "keys"]),
    ("db", &["base", "openlineage", "catalog", "lineage", "audit", "access"]),
    ("index", &["base", "catalog"]),
    (
        "flow",
        &["base", "openlineage", "catalog", "lineage", "audit", "keys", "access", "db", "index"],
    ),
    (
        "http",
        &["base", "openlineage", "catalog", "lineage", "audit", "access", "db", "index", "flow"],
    ),
    (
        "cli",
        &[
            "base",
            "openlineage",
            "catalog",
            "lineage",
            "audit",
            "keys",
            "access",
            "db",
            "index",
            "flow",
            "http",
        ],
    ),
];

/// What the parts of a room (its folders and files) may import of each other: what all of them stand
/// on, and what else one of them may; `*` puts all of them together. What is not needed any more
/// is struck out here.
type Parts = &'static [(&'static str, &'static [&'static str])];
const PARTS: &[(&str, &[&str], Parts)] = &[
    (
        "catalog",
        &[],
        // Its storeys, from the lowest up.
        &[
            ("document", &[]),
            ("fold", &["document"]),
            ("join", &["document", "fold"]),
            ("view", &["document", "join"]),
        ],
    ),
    (
        "flow",
        &["app", "bounds", "change", "error", "listeners", "positions", "pulse", "unrecorded"],
        &[
            ("access_events", &["asker", "audit", "trust", "vault"]),
            // What a node is made of knows nothing of it: `circles.rs` holds that.
            (
                "app",
                &["asker", "audit", "follow", "ingest", "settings", "trust", "vault", "writable"],
            ),
            ("asker", &["audit", "facts", "follow", "ingest", "trust"]),
            ("audit", &["vault"]),
            ("change", &["audit"]),
            ("commit", &["ingest", "writable", "write"]),
            ("edit", &["audit", "ingest", "namesakes", "spelling"]),
            ("expire", &["audit", "lease", "refold", "write"]),
            ("follow", &["facts", "settings"]),
            ("import", &["audit", "ingest", "trust"]),
            ("ingest", &["audit", "folded"]),
            ("maintain", &["expire", "lease", "refold", "write"]),
            ("people", &["audit", "trust"]),
            ("policies", &["audit", "people", "trust"]),
            ("probe", &["writable"]),
            ("rebuild", &["refold", "write"]),
            ("refold", &["folded", "write"]),
            ("remove", &["audit", "refold", "write"]),
            ("replay", &["audit", "ingest"]),
            ("settings", &["audit", "vault"]),
            ("start", &["*"]),
            ("trust", &["audit", "ingest", "people", "settings"]),
            ("vault", &["audit"]),
            ("write", &["audit", "folded", "follow", "ingest"]),
        ],
    ),
    (
        "http",
        // The door. A resource imports no other but as listed.
        &[
            "aside",
            "asked",
            "base_path",
            "body",
            "caller",
            "documents",
            "hosts",
            "page",
            "problem",
            "resource",
            "site",
            "state",
            "still",
        ],
        &[
            ("annotations", &["datasets", "submit"]),
            ("audit", &["access_events", "audit_filter"]),
            ("audit_histogram", &["audit_filter"]),
            ("audit_streams", &["audit", "audit_filter", "guard"]),
            ("changes", &["guard"]),
            ("datasets", &["findings", "submit"]),
            ("dead_letters", &["submit"]),
            ("documented", &["acts"]),
            ("guard", &["acts", "people"]),
            ("jobs", &["datasets", "findings", "submit"]),
            ("readers", &["access_events"]),
            ("router", &["*"]),
        ],
    ),
];

/// Where a library may be named.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("sqlx", &["src/db/"]),
    ("tantivy", &["src/index/"]),
    ("casbin", &["src/access/"]),
    ("axum", &["src/http/", "src/cli/listen/"]),
    ("reqwest", &["src/cli/client.rs"]),
];

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;

struct Source {
    path: String,
    text: String,
}

impl Source {
    /// The code without its inline tests.
    fn code(&self) -> &str {
        self.text.split("#[cfg(test)]\nmod tests").next().unwrap_or(&self.text)
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    imports::walk(&root.join("src"), &mut found);
    found.sort();
    let source = |path: PathBuf| Source {
        text: fs::read_to_string(&path).unwrap(),
        path: path.strip_prefix(root).unwrap().display().to_string(),
    };
    found.into_iter().map(source).collect()
}

fn report(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn arrows_between_rooms_go_down() {
    let mut faults = Vec::new();
    let all = imports::sources();
    for source in all.values().filter(|source| source.path.starts_with("src/")) {
        let below = source.path.strip_prefix("src/").unwrap_or_default();
        let Some((room, _)) = below.split_once('/') else { continue };
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
            faults.push(format!("{}: the room `{room}` is not in the table", source.path));
            continue;
        };
        for path in source.used.values().chain(&source.named) {
            // Both what is written and what it leads to through a `pub use`.
            let meant = imports::meant(&all, path, 8).and_then(|file| file.path.split('/').nth(1));
            let rooms = path.get(1).map(String::as_str).into_iter().chain(meant);
            for other in rooms.filter(|other| ROOMS.iter().any(|(name, _)| name == other)) {
                if other != room && !allowed.contains(&other) {
                    let path = path[1..].join("::");
                    faults.push(format!("{}: {room} imports {other} ({path})", source.path));
                }
            }
        }
    }
    report(&faults);
}

/// The part of a room that a file is in.
fn part<'a>(room: &str, path: &'a str) -> Option<&'a str> {
    let below = path.strip_prefix("src/")?.strip_prefix(room)?.strip_prefix('/')?;
    Some(below.split_once('/').map_or(below.trim_end_matches(".rs"), |(folder, _)| folder))
}

#[test]
fn parts_of_a_room_import_each_other_as_listed() {
    let all = imports::sources();
    let mut faults = BTreeSet::new();
    for (room, ground, table) in PARTS {
        let listed = |part: &str| table.iter().find(|(name, _)| *name == part).map(|(_, to)| *to);
        let mut needed = BTreeSet::new();
        for source in all.values() {
            let Some(own) = part(room, &source.path) else { continue };
            let allowed = listed(own).unwrap_or_default();
            // What an index gives on is no import.
            let used = source.used.iter().filter(|(name, _)| !source.given.contains(*name));
            for path in used.map(|(_, path)| path).chain(&source.named) {
                let meant = imports::meant(&all, path, 8);
                let Some(other) = meant.and_then(|file| part(room, &file.path)) else { continue };
                if other == own || ground.contains(&other) {
                    continue;
                }
                needed.insert((own, other));
                if !allowed.contains(&other) && !allowed.contains(&"*") {
                    faults.insert(format!("{}: {own} imports {other}", source.path));
                }
            }
        }
        for (own, others) in table.iter().filter(|(_, to)| !to.contains(&"*")) {
            let idle = others.iter().filter(|other| !needed.contains(&(*own, **other)));
            faults.extend(idle.map(|other| format!("{room}: {own} does not import {other}")));
        }
    }
    report(&Vec::from_iter(faults));
}

#[test]
fn libraries_stay_in_their_rooms() {
    let mut faults = Vec::new();
    for source in imports::sources().values().filter(|source| source.path.starts_with("src/")) {
        for (library, places) in LIBRARIES {
            let named = source.outside.contains(*library);
            if named && !places.iter().any(|place| source.path.starts_with(place)) {
                faults.push(format!("{}: names {library}", source.path));
            }
        }
    }
    report(&faults);
}

/// Who writes outside of `flow/change.rs` and `flow/unrecorded.rs` may forget the record.
#[test]
fn every_transaction_of_flow_is_the_writers_or_goes_by_change() {
    let mut faults = Vec::new();
    for source in sources().iter().filter(|source| source.path.starts_with("src/flow/")) {
        let own = ["src/flow/unrecorded.rs", "src/flow/write.rs"].contains(&source.path.as_str());
        if !own && source.code().contains(".begin()") {
            faults.push(format!("{}: begins a transaction by itself", source.path));
        }
    }
    report(&faults);
}

#[test]
fn every_file_says_what_it_is_for_and_is_short() {
    let mut faults = Vec::new();
    let mut lengths = Vec::new();
    for source in sources() {
        if !source.text.starts_with("//!") {
            faults.push(format!("{}: does not open with //!", source.path));
        }
        let lines = source.text.lines().count();
        let code = source.code().lines().count();
        if lines > FILE_LINES_MAX {
            faults.push(format!("{}: {lines} lines", source.path));
        }
        lengths.push(code);
    }
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    let ninety = lengths[lengths.len() * 9 / 10];
    if median > 150 || ninety > 350 {
        faults.push(format!("files are too long: median {median} (150), p90 {ninety} (350)"));
    }
    report(&faults);
}

#[test]
fn functions_are_short() {
    let mut faults = Vec::new();
    let mut lengths = Vec::new();
    for source in sources() {
        for (name, line, length) in functions(source.code()) {
            lengths.push(length);
            if length > FUNCTION_LINES_MAX {
                faults.push(format!("{}:{line}: {name} has {length} lines", source.path));
            }
        }
    }
    lengths.sort_unstable();
    let ninety = lengths[lengths.len() * 9 / 10];
    if ninety > 40 {
        faults.push(format!("90 % of functions should be under 40 lines, are under {ninety}"));
    }
    report(&faults);
}

/// Finds functions by rustfmt's indentation: from `fn` to the brace at its own indent.
fn functions(code: &str) -> Vec<(String, usize, usize)> {
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let body = line.trim_start();
        let indent = line.len() - body.len();
        let words: Vec<&str> = body.split_whitespace().take(5).collect();
        let is_fn = words.iter().position(|word| *word == "fn").is_some_and(|place| {
            words[..place].iter().all(|word| {
                matches!(*word, "pub" | "async" | "const" | "unsafe")
                    || word.starts_with("pub(")
                    || word.ends_with(')')
            })
        });
        if !is_fn {
            continue;
        }
        let end = lines[start..].iter().position(|line| {
            line.starts_with(&format!("{}}}", " ".repeat(indent)))
                || (line.ends_with(';') && line.len() - line.trim_start().len() <= indent)
        });
        if let Some(end) = end {
            found.push((body.chars().take(60).collect(), start + 1, end + 1));
        }
    }
    found
}

#[test]
fn migrations_come_in_pairs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let names = |kind: &str| -> BTreeMap<String, ()> {
        let files = fs::read_dir(root.join(kind)).unwrap().flatten();
        files.map(|entry| (entry.file_name().to_string_lossy().into_owned(), ())).collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
fn there_is_one_of_each_stack() {
    let lock =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    for name in [
        "sqlx",
        "hyper",
        "rustls",
        "tokio-rustls",
        "axum",
        "reqwest",
        "serde_json",
        "libsqlite3-sys",
        "tower-http",
    ] {
        let count = lock.matches(&format!("name = \"{name}\"\n")).count();
        assert_eq!(count, 1, "{name} is in the tree {count} times");
    }
    for name in ["aws-lc-rs", "aws-lc-sys", "openssl-sys", "native-tls", "datafusion"] {
        assert!(!lock.contains(&format!("name = \"{name}\"\n")), "{name} is in the tree");
    }
}
