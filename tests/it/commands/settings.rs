//! `config check` passes nothing that `serve` refuses, and the log is for whoever reads it.

use std::path::Path;
use std::process::Command;

use lethe::db::DbUrl;
use tempfile::TempDir;

use crate::process::Launch;

/// Returns what is said by a command that is refused.
fn refused(dir: &Path, args: &[&str], env: &[(&str, &str)]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lethe"));
    command.args(args).current_dir(dir).env_remove("LETHE_ROOT_KEY").envs(env.iter().copied());
    let out = command.output().expect("lethe runs");
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!(out.status.code(), Some(1), "{args:?} {env:?}: {said}");
    said
}

#[test]
fn what_serve_refuses_is_refused_by_the_check_too() {
    let dir = TempDir::new().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(dir.path().join(name), text).expect("a file");
    };
    write("days.toml", "retention_days = 0\n");
    write("blank.toml", "[[tags]]\nname = \"pii\"\n[[tags]]\nname = \" \"\n");
    write("class.toml", "[[tags]]\nname = \"Class:\"\n");
    for (args, env, words) in [
        (&["--config", "days.toml"][..], &[][..], "`retention_days` must be 1 or more"),
        (&["--retention-days", "0"], &[], "`retention_days` must be 1 or more"),
        (&[], &[("LETHE_RETENTION_DAYS", "0")], "`retention_days` must be 1 or more"),
        (&["--retention-runs", "0"], &[], "`retention_runs` must be 1 or more"),
        (&["--log", "lethe=loud,,="], &[], "`log` is not right"),
        (&["--otlp-endpoint", "not a url"], &[], "`otlp_endpoint` is not right"),
        (&[], &[("LETHE_ROOT_KEY", "short")], "LETHE_ROOT_KEY is not right"),
        (&["--open"], &[("LETHE_ADMIN_TOKEN", "t")], "`open` asks nobody"),
        (&["--config", "blank.toml"], &[], "the 2. of the settings' `tags` is not right"),
        (&["--config", "class.toml"], &[], "the 1. of the settings' `tags` is not right"),
    ] {
        for command in [&["config", "check"][..], &["serve", "--listen", "127.0.0.1:0"]] {
            let said = refused(dir.path(), &[command, args].concat(), env);
            assert!(said.contains(words), "{command:?} {args:?}: {said}");
        }
    }
    // Checking makes nothing; that is for `serve`.
    let fresh = TempDir::new().expect("a folder");
    let mut check = Command::new(env!("CARGO_BIN_EXE_lethe"));
    let out = check.args(["config", "check"]).current_dir(fresh.path()).output().expect("it runs");
    assert!(out.status.success(), "{out:?}");
    assert_eq!(std::fs::read_dir(fresh.path()).expect("the folder").count(), 0);
    std::fs::create_dir(fresh.path().join("data")).expect("a folder");
    std::fs::write(fresh.path().join("data/root.key.plain"), "no key").expect("a file");
    assert!(
        refused(fresh.path(), &["config", "check"], &[]).contains("root.key.plain is not right")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_no_terminal_shows_has_no_colours() {
    let dir = TempDir::new().expect("a folder");
    let lethe = Launch::new(dir.path(), &DbUrl::in_dir(dir.path())).start().await;
    let log = lethe.log();
    assert!(log.contains("lethe listens") && !log.contains('\u{1b}'), "{log}");
}
