//! A command that works on what is there makes nothing where there is nothing.

use std::path::Path;
use std::process::{Command, Output};

use lethe::db::DbUrl;
use tempfile::TempDir;

use crate::process::Launch;
use crate::world::{Backend, fresh_url};

/// What a command says that finds no database.
const NO_DATABASE: i32 = 3;

/// The commands that work on what is there.
const COMMANDS: [&[&str]; 5] = [
    &["sign-in-link"],
    &["export"],
    &["rebuild"],
    &["keys", "list"],
    &["keys", "backup", "keys.sealed"],
];

fn lethe(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lethe"));
    command.args(args).current_dir(dir).env("LETHE_BACKUP_PASSPHRASE", "correct horse battery");
    for name in ["LETHE_DATA_DIR", "LETHE_DATABASE_URL", "LETHE_ROOT_KEY"] {
        command.env_remove(name);
    }
    command.output().expect("lethe runs")
}

#[track_caller]
fn refused(out: &Output, named: &str) {
    let said = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(NO_DATABASE), "{said}");
    assert!(said.contains("there is no ") && said.contains(named), "{said}");
    assert!(out.stdout.is_empty(), "{out:?}");
}

fn entries(dir: &Path) -> usize {
    std::fs::read_dir(dir).expect("the folder").count()
}

#[test]
fn a_mistyped_folder_gets_no_database() {
    let dir = TempDir::new().expect("a folder");
    for args in COMMANDS {
        refused(&lethe(dir.path(), args), "data/lethe.sqlite");
        let typo = [args, &["--data-dir", "typo"]].concat();
        refused(&lethe(dir.path(), &typo), "typo/lethe.sqlite");
        let typo = [args, &["--database", "sqlite:typo.sqlite"]].concat();
        refused(&lethe(dir.path(), &typo), "typo.sqlite");
        assert_eq!(entries(dir.path()), 0, "{args:?}");
    }
    // A folder that is there is left as it is.
    let empty = dir.path().join("empty");
    std::fs::create_dir(&empty).expect("it is made");
    for args in COMMANDS {
        refused(&lethe(dir.path(), &[args, &["--data-dir", "empty"]].concat()), "empty/");
        assert_eq!(entries(&empty), 0, "{args:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_postgres_is_no_database_and_a_migrated_one_is() {
    let dir = TempDir::new().expect("a folder");
    let url = fresh_url(Backend::Postgres, dir.path()).await;
    let launch = Launch::new(dir.path(), &url);
    for args in [&["export"][..], &["rebuild"], &["keys", "list"], &["sign-in-link"]] {
        refused(&launch.output(args), "PostgreSQL");
    }
    launch.run(&["migrate"]);
    assert_eq!(launch.run(&["export"]), "");
    assert!(launch.run(&["keys", "list"]).contains("under root version 1"));
    // The keys lie in the data directory: a mistyped one gets none.
    let (typo, DbUrl::Postgres(url)) = (dir.path().join("typo"), url) else { panic!("PostgreSQL") };
    let typed = ["keys", "list", "--data-dir", "typo", "--database", &url];
    refused(&lethe(dir.path(), &typed), "typo");
    assert!(!typo.exists());
}

#[test]
fn what_begins_a_database_says_so_and_the_others_go_on_from_there() {
    let dir = TempDir::new().expect("a folder");
    std::fs::write(dir.path().join("none.ndjson"), "").expect("a file");
    for (folder, begin) in [("a", &["migrate"][..]), ("b", &["import", "none.ndjson"])] {
        let begun = lethe(dir.path(), &[begin, &["--data-dir", folder]].concat());
        assert!(begun.status.success(), "{begun:?}");
        for args in COMMANDS {
            let args = [args, &["--data-dir", folder]].concat();
            let out = lethe(dir.path(), &args);
            assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        }
        std::fs::remove_file(dir.path().join("keys.sealed")).expect("the backup");
    }
}
