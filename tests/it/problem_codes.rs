//! The table of problems in docs/api.md has every code that an answer may have, and no other.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::imports;

/// What stands before a code, white space being one blank.
const BEFORE: [&str; 9] = [
    "unavailable(\"",
    "unavailable( \"",
    "conflict(\"",
    "conflict( \"",
    "let code = \"",
    "code: \"",
    "UNAUTHORIZED: &str = \"",
    "new(status, \"",
    "new( status, \"",
];
/// What a status begins with, before whose code it may stand.
const STATUSES: [&str; 2] = ["StatusCode::", "RejectionCode::"];

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

fn literal(text: &str) -> Option<&str> {
    text.split_once('"').map(|(code, _)| code).filter(|code| is_code(code))
}

fn codes_in(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)] mod tests").next().unwrap_or(text);
    let mut found: BTreeSet<String> = BTreeSet::new();
    for before in BEFORE {
        found.extend(code.split(before).skip(1).filter_map(literal).map(str::to_owned));
    }
    for status in STATUSES {
        for after in code.split(status).skip(1) {
            let after = after
                .trim_start_matches(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
            let after = after.strip_prefix(", \"").or_else(|| after.strip_prefix(" => \""));
            found.extend(after.and_then(literal).map(str::to_owned));
        }
    }
    found
}

#[test]
fn the_table_of_problems_has_every_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<PathBuf> = Vec::new();
    for room in ["src/http", "src/flow"] {
        imports::walk(&root.join(room), &mut paths);
    }
    // Marquez's errors have Marquez's form.
    paths.retain(|path| !path.starts_with(root.join("src/http/marquez")));
    let mut codes = BTreeSet::new();
    for path in paths {
        let text = fs::read_to_string(&path).expect("a source");
        codes.extend(codes_in(&text.split_whitespace().collect::<Vec<_>>().join(" ")));
    }
    let docs = fs::read_to_string(root.join("docs/api.md")).expect("the docs");
    let table = docs.split("| status | code | |").nth(1).expect("the table");
    let table = table.split("\n\n").next().unwrap_or_default();
    let cells = table.lines().filter_map(|line| line.split('|').nth(2));
    let told: BTreeSet<String> =
        cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect();
    let missing: Vec<_> = codes.difference(&told).collect();
    let unknown: Vec<_> = told.difference(&codes).collect();
    assert!(missing.is_empty(), "docs/api.md lacks {missing:?}");
    assert!(unknown.is_empty(), "no answer has {unknown:?}, or this test does not find it");
}
