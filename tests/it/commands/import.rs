//! An import that took nothing says so, also by its code.

use std::io::Write as _;
use std::process::{Output, Stdio};

use lethe::db::DbUrl;
use tempfile::TempDir;

use crate::process::Launch;

const EVENT: &str = r#"{"eventType":"COMPLETE","eventTime":"2026-11-20T12:00:00Z","producer":"urn:x","schemaURL":"https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent","run":{"runId":"019358d2-7b6a-7c3e-8f21-0a9b3c4d5e6f"},"job":{"namespace":"n","name":"j"}}"#;

fn said(out: &Output, code: i32) -> String {
    let told =
        String::from_utf8_lossy(&out.stdout).into_owned() + &*String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(code), "{told}");
    told
}

#[test]
fn an_import_that_took_nothing_has_failed() {
    let dir = TempDir::new().expect("a folder");
    let launch = Launch::new(dir.path(), &DbUrl::in_dir(dir.path()));
    let import = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        launch.output(&["import", path.to_str().expect("a path")])
    };
    let told = said(&import("bad.ndjson", b"{}\nno\n"), 1);
    assert!(told.contains("2 refused") && told.contains("nothing was taken"), "{told}");
    let told = said(&import("some.ndjson", format!("{EVENT}\nno\n").as_bytes()), 0);
    assert!(told.contains("1 new events") && told.contains("1 refused"), "{told}");
    said(&import("known.ndjson", format!("{EVENT}\n").as_bytes()), 0);
    said(&import("empty.ndjson", b""), 0);
    let zstd = [0x28, 0xb5, 0x2f, 0xfd, b'\n', 0, b'\n'];
    let told = said(&import("a.ndjson.zst", &zstd), 1);
    assert!(
        told.contains("`zstd -dc FILE | lethe import -`") && told.contains("0 refused"),
        "{told}"
    );
    let told = said(&import("a.ndjson.gz", &[0x1f, 0x8b, 8, b'\n']), 1);
    assert!(told.contains("gzip -dc FILE"), "{told}");
    let mut command = launch.command(&["import", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("lethe runs");
    drop(child.stdin.take().expect("a pipe").write_all(&zstd));
    let told = said(&child.wait_with_output().expect("it ends"), 1);
    assert!(told.contains("packed with zstd"), "{told}");
}
