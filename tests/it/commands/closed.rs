//! Whoever reads what a command prints may have seen enough: `lethe … | head -3`.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use lethe::db::DbUrl;
use tempfile::TempDir;

use crate::process::{Launch, client};

/// Makes the end of a pipe that nobody reads.
fn unread() -> Stdio {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    writer.into()
}

fn lethe(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lethe"));
    command.args(args).current_dir(dir);
    command
}

#[track_caller]
fn ends_quietly(mut command: Command, code: i32) {
    let out: Output = command.stdout(unread()).output().expect("lethe runs");
    let said = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(code), "{command:?}: {said}");
    assert!(!said.contains("panicked") && !said.contains("pipe"), "{command:?}: {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_ends_quietly_when_nobody_reads_on() {
    let dir = TempDir::new().expect("a folder");
    let launch = Launch::new(dir.path(), &DbUrl::in_dir(dir.path()));
    let server = launch.start().await;
    let url = server.url("");
    let put = r#"{"datasets":[{"namespace":"pg","name":"orders"}]}"#;
    assert_eq!(server.call("PUT", "/api/v1/datasets", put).await.status, 204);
    server.caught_up().await;
    std::fs::write(dir.path().join("my.csv"), "p, a, r, *, *, *, *, allow").expect("a file");
    for args in [
        &["users", "put", "ann"][..],
        &["users", "list"],
        &["users", "list", "--json"],
        &["me"],
        &["lineage", "dataset:pg:orders"],
        &["lineage", "dataset:pg:orders", "--json"],
        &["lineage", "dataset:pg:orders", "--svg", "-"],
        &["search", "orders"],
        &["policy", "who-can", "dataset:read", "dataset"],
        &["policy", "decide", "user:ann", "dataset:read", "dataset"],
        &["policy", "draft", "my.csv"],
    ] {
        ends_quietly(lethe(dir.path(), &[args, &["--url", &url]].concat()), 0);
    }
    for args in [
        &["export"][..],
        &["keys", "list"],
        &["keys", "rekey", "--json"],
        &["sign-in-link"],
        &["config", "check"],
        &["openapi"],
        &["generate"],
        &["policy", "test"],
        &["policy", "lint", "my.csv"],
        &["--help"],
    ] {
        ends_quietly(launch.command(args), 0);
    }
    server.kill();
    ends_quietly(launch.command(&["migrate"]), 0);
    ends_quietly(launch.command(&["rebuild"]), 0);
    ends_quietly(launch.command(&["import", "-"]), 0);
}

#[test]
fn what_went_wrong_is_told_by_the_code_though_nobody_reads() {
    let dir = TempDir::new().expect("a folder");
    std::fs::write(dir.path().join("my.csv"), "p, a, r, *, job:read, *, *, allow").expect("rules");
    let test = ["policy", "test", "--policy", "my.csv"];
    for args in [&test[..], &[&test[..], &["--json"]].concat()] {
        let mut command = lethe(dir.path(), args);
        let status = command.stdout(unread()).stderr(unread()).status().expect("lethe runs");
        assert_eq!(status.code(), Some(1), "{args:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_goes_on_when_nobody_reads_its_log() {
    let dir = TempDir::new().expect("a folder");
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its number");
    let launch = Launch::new(dir.path(), &DbUrl::in_dir(dir.path())).guarded();
    let mut command = launch.command(&["serve", "--listen", &free.to_string()]);
    let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it runs");
    // As `2>&1 | head -1` does.
    let mut line = String::new();
    let mut log = BufReader::new(child.stderr.take().expect("its log"));
    log.read_line(&mut line).expect("a line");
    drop(log);
    let until = Instant::now() + Duration::from_secs(60);
    let answered = loop {
        let answer = client().get(format!("http://{free}/api/v1/datasets")).send().await;
        if let Ok(answer) = answer {
            break answer.status().as_u16();
        }
        assert!(child.try_wait().expect("its state").is_none(), "it ended after {line}");
        assert!(Instant::now() < until, "it does not listen");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    child.kill().expect("it is killed");
    child.wait().expect("it is gone");
    assert_eq!(answered, 401);
}
