//! The committed OpenAPI document is the one that the code makes.

use std::path::Path;

/// `make openapi` writes the file anew.
#[test]
fn committed_document_is_the_generated_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/openapi.json");
    let committed = std::fs::read_to_string(path).expect("openapi/openapi.json is committed");
    let mut generated = lethe::http::document().to_pretty_json().expect("it is JSON");
    generated.push('\n');
    assert!(committed == generated, "openapi/openapi.json is not up to date: run `make openapi`");
}

#[test]
fn every_operation_is_described_and_tagged() {
    let document = serde_json::to_value(lethe::http::document()).expect("it is JSON");
    let mut faults = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            if operation["summary"].as_str().is_none_or(str::is_empty) {
                faults.push(format!("{method} {path} has no summary"));
            }
            if operation["tags"].as_array().is_none_or(Vec::is_empty) {
                faults.push(format!("{method} {path} has no tag"));
            }
            if operation["responses"].as_object().is_none_or(serde_json::Map::is_empty) {
                faults.push(format!("{method} {path} has no answers"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
