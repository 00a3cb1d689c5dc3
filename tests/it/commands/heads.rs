//! What people have in hand of the audit log: heads of another database, an answer saved for an export, the
//! file of heads that they were told to ship.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use lethe::db::DbUrl;
use tempfile::TempDir;

use crate::process::Launch;
use crate::world::{Backend, World};

const FILE: &str = "audit-checkpoints.jsonl";
const PUT: &str = r#"{"datasets":[{"namespace":"pg","name":"orders"}]}"#;

#[tokio::test(flavor = "multi_thread")]
async fn heads_of_another_database_are_named_with_what_to_do() {
    let dir = TempDir::new().expect("a folder");
    let launch = Launch::new(dir.path(), &DbUrl::in_dir(dir.path()));
    let lethe = launch.start().await;
    assert_eq!(lethe.call("PUT", "/api/v1/datasets", PUT).await.status, 204);
    lethe.ask_to_stop();
    assert!(lethe.stopped(Duration::from_secs(60)).await.success());
    assert!(dir.path().join(FILE).exists(), "the last head is signed at the end");
    for end in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(dir.path().join(format!("lethe.sqlite{end}"))));
    }
    let said = launch.spawn().log_to_the_end(Duration::from_secs(60)).await;
    let place = dir.path().join(FILE).display().to_string();
    assert!(said.contains(&place) && said.contains("another key than this database's"), "{said}");
    assert!(said.contains(&format!("move {FILE} aside")), "{said}");
    assert!(!said.contains("internal task"), "{said}");
    std::fs::rename(dir.path().join(FILE), dir.path().join("old.jsonl")).expect("moved aside");
    launch.start().await.kill();
}

#[track_caller]
fn verified(dir: &Path, args: &[&str]) -> Result<String, String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lethe"));
    let out = command.args(["audit", "verify"]).args(args).current_dir(dir).output().expect("runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if out.status.success() { Ok(text(&out.stdout)) } else { Err(text(&out.stderr)) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_verified_with_the_key_and_the_heads_as_they_were_saved() {
    let world = World::new(Backend::Sqlite).await;
    for _ in 0..2 {
        assert_eq!(world.call("PUT", "/api/v1/datasets", PUT).await.status, 204);
        let until = Instant::now() + Duration::from_secs(60);
        let size = world.get("/api/v1/audit").await.json()["size"].to_string();
        while world.get("/api/v1/audit/checkpoint").await.text.lines().nth(1) != Some(&size) {
            assert!(Instant::now() < until, "the head is not signed");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    let dir = TempDir::new().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(dir.path().join(name), text).expect("it is written");
    };
    let heads = std::fs::read_to_string(world.dir.path().join(FILE)).expect("heads");
    assert_eq!(heads.lines().count(), 2, "{heads}");
    write(FILE, &heads);
    write("audit.json", &world.get("/api/v1/audit").await.text);
    let rest = world.get("/api/v1/audit/export?fromIndex=1").await.text;
    write("rest", &rest);
    let whole = world.get("/api/v1/audit/export").await.text;
    write("bundle", &whole);
    let told = verified(dir.path(), &["rest", "--key", "audit.json"]).expect("it is sound");
    assert!(told.contains("those of index 1 to 1: the 1 before them are not in"), "{told}");
    let told = verified(dir.path(), &["bundle", "--key", "audit.json"]).expect("it is sound");
    assert!(!told.contains("index"), "{told}");
    let with = |heads: &str| {
        verified(dir.path(), &["bundle", "--key", "audit.json", "--checkpoint", heads])
    };
    assert!(with(FILE).expect("it is sound").contains("records"));
    // One that was cut off while it was copied counts for nothing; one inside that cannot be read does.
    write("cut", &heads[..heads.len() - 9]);
    with("cut").expect("the one before counts");
    let mut lines: Vec<&str> = heads.lines().collect();
    lines.reverse();
    write("turned", &(lines.join("\n") + "\n"));
    assert!(with("turned").expect_err("turned").contains("line 2: the head does not continue"));
    write("broken", &format!("{{}}\n{heads}"));
    assert!(with("broken").expect_err("broken").contains("line 1: "));
    write("empty", "{");
    assert!(with("empty").expect_err("empty").contains("no signed head"));

    let refusal = World::guarded(Backend::Sqlite).await.get("/api/v1/audit/export").await;
    assert_eq!(refusal.status, 401);
    let detail = refusal.json()["detail"].as_str().expect("a detail").to_owned();
    write("refusal", &refusal.text);
    for args in [
        ["refusal", "--key", "audit.json", "--checkpoint", FILE],
        ["bundle", "--key", "refusal", "--checkpoint", FILE],
        ["bundle", "--key", "audit.json", "--checkpoint", "refusal"],
    ] {
        let said = verified(dir.path(), &args).expect_err("no export");
        assert!(said.contains(&detail) && said.contains("401"), "{args:?}: {said}");
        assert!(!said.contains("canonical"), "{said}");
    }
}
