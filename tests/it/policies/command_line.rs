//! `lethe policy`: offline on files, and as a client of a server.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use super::shipped_and;
use crate::process::{Launch, client};
use crate::world::TOKEN;

fn policy(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lethe"));
    command.arg("policy").args(args).current_dir(dir).env("LETHE_TOKEN", TOKEN);
    command.output().expect("lethe runs")
}

fn said(output: &Output, code: i32) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    let text = String::from_utf8_lossy(out).into_owned() + &*String::from_utf8_lossy(err);
    assert_eq!(output.status.code(), Some(code), "{text}");
    text
}

#[test]
fn cases_and_lint_are_tried_without_a_server() {
    let dir = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
        std::fs::write(path, text).expect("it is written");
    };
    let shipped = said(&policy(dir.path(), &["test"]), 0);
    assert!(shipped.contains("come out as they say"), "{shipped}");
    write("my.csv", &shipped_and("p, wide, viewer, *, dataset:read, *, *, allow"));
    let failed = said(&policy(dir.path(), &["test", "--policy", "my.csv"]), 1);
    assert!(failed.contains("people.csv: line") && failed.contains("expected deny"), "{failed}");
    write("cases/a.csv", "user:x role:viewer, dataset:read, dataset tag:restricted, , deny");
    let args = ["test", "--policy", "my.csv", "--cases", "cases", "--json"];
    let output = policy(dir.path(), &args);
    assert_eq!(output.status.code(), Some(1));
    let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&result["cases"], &result["failed"][0]["line"]), (&1.into(), &1.into()));
    assert_eq!(
        (&result["failed"][0]["expected"], &result["failed"][0]["got"]),
        (&"deny".into(), &"allow".into())
    );
    said(&policy(dir.path(), &["test", "--cases", "cases"]), 0);
    let found = said(&policy(dir.path(), &["lint", "my.csv"]), 0);
    assert!(found.contains("over_broad") && found.contains("bootstrap-all"), "{found}");
    // Who holds a role is not the file's to know.
    assert!(!found.contains("nobody is given"), "{found}");
    write("broken.csv", "p, a\nq");
    for args in [
        &["lint", "broken.csv"][..],
        &["test", "--policy", "broken.csv"],
        &["test", "--cases", "."],
        &["lint", "none.csv"],
    ] {
        let faults = said(&policy(dir.path(), args), 1);
        assert!(faults.starts_with("lethe: "), "{faults}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_drafted_activated_and_asked_about_on_a_server() {
    let dir = tempfile::tempdir().expect("a folder");
    let launch = Launch::new(dir.path(), &lethe::db::DbUrl::in_dir(dir.path()));
    let lethe = launch.with_env("LETHE_ADMIN_TOKEN", TOKEN).start().await;
    let url = lethe.url("");
    let ask = |args: &[&str], code: i32| {
        let args: Vec<&str> = args.iter().copied().chain(["--url", &url]).collect();
        said(&policy(dir.path(), &args), code)
    };
    std::fs::write(dir.path().join("my.csv"), shipped_and("g, group:staff, viewer"))
        .expect("a file");
    let drafted = ask(&["draft", "my.csv", "--note", "staff reads"], 0);
    assert!(drafted.contains("version 2 is drafted"), "{drafted}");
    let late = ask(&["activate", "2", "--expected-active", "7"], 1);
    assert!(late.contains("version 1 is in force (409)"), "{late}");
    ask(&["activate", "2", "--expected-active", "1"], 0);
    let who = ask(&["who-can", "dataset:read", "dataset ns:sales"], 0);
    assert!(who.contains("group:staff") && who.contains("viewer-catalog"), "{who}");
    for words in ["dataset class:user.name", "dataset tag:class:user.name"] {
        let who = ask(&["who-can", "dataset:read", words], 0);
        let staff = who.lines().find(|line| line.starts_with("group:staff")).expect("staff");
        assert!(staff.contains(" with mask:class:*"), "{words}: {who}");
        let told = ask(&["decide", "user:x group:staff", "dataset:read", words], 0);
        assert!(told.contains("with mask:class:*"), "{words}: {told}");
    }
    let allowed =
        ask(&["decide", "user:x group:staff", "dataset:read", "dataset class:user.name"], 0);
    assert!(
        allowed.starts_with("allow") && allowed.contains("by viewer-personal: p, viewer-personal"),
        "{allowed}"
    );
    assert!(allowed.contains("with mask:class:*"), "{allowed}");
    let denied = ask(&["decide", "user:x", "dataset:read", "dataset"], 0);
    assert!(denied.starts_with("deny (noRule)") && denied.contains("lacks role"), "{denied}");
    assert!(denied.contains("user:x is not known here"), "{denied}");
    let put = r#"{"roles": [{"role": "viewer"}]}"#;
    let put = client().put(lethe.url("/api/v1/users/ann")).bearer_auth(TOKEN).body(put);
    assert!(put.send().await.expect("an answer").status().is_success());
    let known = ask(&["decide", "user:ann", "dataset:read", "dataset"], 0);
    assert!(known.starts_with("allow") && !known.contains("not known"), "{known}");
    let bound =
        ask(&["decide", "user:x role:viewer ns:etl*", "dataset:read", "dataset ns:sales"], 0);
    assert!(bound.contains("lacks namespace: they are bound"), "{bound}");
    std::fs::write(dir.path().join("broken.csv"), "p, a\nq").expect("a file");
    let faults = ask(&["draft", "broken.csv"], 1);
    assert!(faults.contains("/csv line 1: ") && faults.contains("/csv line 2: "), "{faults}");
    assert!(!lethe.log().contains(TOKEN));
}
