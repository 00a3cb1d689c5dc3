//! Keys: shredding takes values and nothing else, reaches backups, and rotation moves no data.

use lethe::base::{Clock, SystemClock};
use lethe::db::{AuditFilter, Db, DbUrl};
use lethe::flow::{Actor, App, Settings, Vault};
use lethe::keys::{FileProvider, KdfCost, SecretBytes};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;

use crate::process::Launch;
use crate::world::{Answer, Backend, World};

const COST: KdfCost = KdfCost { memory_kib: 32, passes: 1, lanes: 1 };

async fn tell(world: &World, record: &str, actor: &str) -> String {
    let event = json!({
        "id": record, "actor": actor, "at": "2026-11-20T12:00:00Z",
        "dataset": {"namespace": "pg", "name": "orders"},
    });
    let answer = world.call("POST", "/api/v1/access-events", event.to_string()).await.ok(200);
    answer["items"][0]["actor"].as_str().expect("a reference").to_owned()
}

async fn named(world: &World, path: &str) -> Answer {
    let request = axum::http::Request::get(path).header("x-purpose", "test");
    world.send(request.body("".into()).expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shredded_key_takes_the_name_and_its_mark_and_proofs_still_hold() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        let ann = tell(&world, "1", "ann@example.com").await;
        let bob = tell(&world, "2", "bob@example.com").await;
        assert_eq!(tell(&world, "3", "ann@example.com").await, ann);
        let shred = json!({"subject": ann, "reason": "ann asked for it"}).to_string();
        let shredded = world.call("POST", "/api/v1/keys/shred", shred.clone()).await.ok(200);
        assert!(shredded["shreddedAt"].is_string());
        let list = named(&world, "/api/v1/access-events?names=true").await.ok(200);
        let names: Vec<(&Value, &Value)> = list["items"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|item| (&item["actor"]["ref"], &item["actor"]["name"]))
            .collect();
        assert!(names.contains(&(&json!(bob), &json!("bob@example.com"))), "{names:?}");
        assert_eq!(names.iter().filter(|pair| **pair == (&json!(ann), &Value::Null)).count(), 2);
        assert_ne!(tell(&world, "4", "ann@example.com").await, ann, "nothing leads back");
        // Twice is once, and only subjects' keys can be shredded.
        world.call("POST", "/api/v1/keys/shred", shred).await.ok(200);
        let keys = world.get("/api/v1/keys").await.ok(200);
        let purpose = keys["items"].as_array().expect("a list").iter();
        let purpose = purpose.clone().find(|key| key["kind"] == "purpose").expect("one");
        let wrong = json!({"subject": purpose["id"]}).to_string();
        world.call("POST", "/api/v1/keys/shred", wrong).await.problem(400, "bad-input");
        let unknown = json!({"subject": Uuid::nil()}).to_string();
        world.call("POST", "/api/v1/keys/shred", unknown).await.problem(404, "not-found");

        // The reason is sealed beside its record, whose bytes hold the ciphertext's digest only.
        let records =
            world.get("/api/v1/audit/records?action=key:shred&outcome=done").await.ok(200);
        let record = &records["items"][1]["record"];
        assert!(!records.to_string().contains("ann asked"), "{records}");
        assert_eq!(record["pii"][0]["slot"], "reason");
        let path = format!("/api/v1/audit/records/{}", record["id"].as_str().expect("an id"));
        assert_eq!(world.get(&path).await.ok(200)["sealed"], Value::Null);
        assert_eq!(world.get(&format!("{path}?unseal=true")).await.status, 400);
        let opened = named(&world, &format!("{path}?unseal=true")).await.ok(200);
        assert_eq!(opened["sealed"][0]["value"], "ann asked for it");
        let unsealed = world.get("/api/v1/audit/records?action=audit:unseal").await.ok(200);
        assert_eq!(unsealed["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(world.get("/api/v1/audit").await.json()["alarm"], Value::Null);
    }
}

async fn open(dir: &Path, root: &Path, passphrase: &str) -> App {
    let db = Db::open(&DbUrl::in_dir(dir)).await.expect("it opens");
    db.migrate().await.expect("the schema");
    let secret = SecretBytes::from(passphrase.to_owned());
    let provider = if root.exists() {
        FileProvider::open(root, &secret)
    } else {
        FileProvider::create(root, &secret, COST)
    };
    let vault = Vault::new(Arc::new(provider.expect("a root key")));
    let settings = Settings {
        data_dir: None,
        follow: false,
        retention_days: None,
        retention_runs: 20,
        signer: Some(Arc::new(vault.signer(&db, SystemClock.now()).await.expect("a signer"))),
        vault: Some(Arc::new(vault)),
        listeners_max: lethe::base::limits::LISTENERS_MAX,
        open: true,
        bootstrap: None,
    };
    App::start(db, SystemClock::shared(), settings).await.expect("it starts")
}

async fn names_of(app: &App, ids: &[Uuid]) -> Result<Vec<Option<String>>, String> {
    let cited = app.cited(ids.iter().copied()).await.map_err(|error| error.to_string())?;
    let names = app.unseal_names(&Actor::system(), "test", &cited).await;
    let names = names.map_err(|error| error.to_string())?;
    Ok(ids.iter().map(|id| names.get(id).cloned()).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn after_shredding_rekeying_and_a_new_root_an_old_copy_of_the_database_opens_no_more() {
    let (now, old, keys) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    let root = keys.path().join("root.key");
    let app = open(now.path(), &root, "open sesame").await;
    let body = br#"[{"actor": "ann", "at": "2026-11-20T12:00:00Z", "dataset": {"namespace": "a", "name": "b"}},
        {"actor": "bob", "at": "2026-11-20T12:00:00Z", "dataset": {"namespace": "a", "name": "b"}}]"#;
    let events = lethe::flow::access_events::parse(body, false).expect("events");
    let taken = app.take_accesses(&Actor::system(), &events).await.expect("they are taken");
    let ids = [taken[0].actor, taken[1].actor];
    app.stop().await;
    for entry in std::fs::read_dir(now.path()).expect("the folder").flatten() {
        std::fs::copy(entry.path(), old.path().join(entry.file_name())).expect("a copy");
    }
    let app = open(now.path(), &root, "open sesame").await;
    let before = app.db().access_actors(&ids).await.expect("rows");
    let actor = Actor::system();
    app.shred_key(&actor, ids[0], None).await.expect("it is shredded");
    assert_eq!(app.rekey(&actor, false, |_, _| {}).await.expect("it is rekeyed"), 1);
    assert_eq!(app.rekey(&actor, false, |_, _| {}).await.expect("nothing is left"), 0);
    assert!(app.destroy_root(&actor, 1).await.is_err(), "it is in use");
    let rotated = app.rotate_root(&actor, true).await.expect("it is rotated");
    assert_eq!(rotated.root_version, 2);
    assert!(rotated.buckets >= 2);
    let rotations = AuditFilter { action: Some("key:rotate".to_owned()), ..AuditFilter::default() };
    let record = app.audit_records(&rotations, None, 1).await.expect("records").remove(0);
    assert!(String::from_utf8_lossy(&record.body).contains("\"root_version\":2"));
    let names = names_of(&app, &ids).await.expect("names");
    assert_eq!(names, [None, Some("bob".to_owned())]);
    // No sealed value was written anew but the one that went.
    let after = app.db().access_actors(&ids[1..]).await.expect("rows");
    assert!(before.contains(&after[0]));
    // Until the old version is destroyed, an old copy can be opened with it: that is told.
    app.destroy_root(&actor, 1).await.expect("it is destroyed");
    assert_eq!(names_of(&app, &ids).await.expect("names"), [None, Some("bob".to_owned())]);
    app.stop().await;
    let secret = SecretBytes::from("open sesame".to_owned());
    let vault = Vault::new(Arc::new(FileProvider::open(&root, &secret).expect("the root key")));
    let db = Db::open(&DbUrl::in_dir(old.path())).await.expect("the copy opens");
    let refused = vault.signer(&db, SystemClock.now()).await.expect_err("no key opens");
    assert!(refused.to_string().contains("root key version 1 is not there"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_byte_of_a_sealed_name_is_refused() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        let ann = tell(&world, "1", "ann@example.com").await;
        let id = [ann.parse::<Uuid>().expect("an id")];
        let row = world.app.db().access_actors(&id).await.expect("rows").remove(0);
        for at in [0, 10, 25, row.sealed.len() - 1] {
            let mut changed = row.clone();
            changed.sealed[at] ^= 1;
            let mut tx = world.app.db().begin().await.expect("a transaction");
            tx.put_access_actors(&[changed]).await.expect("it is written");
            tx.commit().await.expect("it is committed");
            assert!(names_of(&world.app, &id).await.is_err(), "byte {at}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_managed_by_the_command_line() {
    let dir = tempfile::tempdir().expect("a folder");
    let launch = Launch::new(dir.path(), &DbUrl::in_dir(dir.path()))
        .with_env("LETHE_BACKUP_PASSPHRASE", "open sesame")
        .with_env("LETHE_ROOT_PASSPHRASE", "close sesame");
    launch.run(&["migrate"]);
    let list = launch.run(&["keys", "list", "--json"]);
    assert!(list.lines().any(|line| line.contains("\"signing\"")), "{list}");
    assert!(launch.run(&["keys", "rotate"]).contains("version 2"));
    assert!(launch.run(&["keys", "rekey", "--all", "--json"]).contains("\"buckets\":"));
    assert!(launch.run(&["keys", "destroy-root", "1"]).contains("destroyed"));
    let file = dir.path().join("keys.backup");
    let file = file.to_str().expect("a path");
    assert!(launch.run(&["keys", "backup", file]).contains("keys in"));
    assert!(launch.run(&["keys", "restore", file]).contains("0 keys put back"));
    assert!(launch.run(&["keys", "list"]).contains("under root version 2"));
    let unknown = launch.output(&["keys", "destroy-root", "7"]);
    let said = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert_eq!(unknown.status.code(), Some(1));
    assert!(said.contains("no such version of the root key: 7"), "{said}");
}

#[test]
fn a_root_key_that_was_given_is_rotated_by_giving_another_and_says_so() {
    const OLD: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const NEW: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    let dir = tempfile::tempdir().expect("a folder");
    let launch = Launch::new(dir.path(), &DbUrl::in_dir(dir.path()));
    let plain = tempfile::tempdir().expect("a folder");
    let plain = Launch::new(plain.path(), &DbUrl::in_dir(plain.path()));
    let given = launch.clone().with_env("LETHE_ROOT_KEY", OLD);
    let both = format!("1:{OLD},2:{NEW}");
    let both = launch.with_env("LETHE_ROOT_KEY", &both);
    let refused = |launch: &Launch, args: &[&str], words: &str| {
        let out = launch.output(args);
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(1), "{said}");
        assert!(said.contains(words) && out.stdout.is_empty(), "{said}");
    };
    for launch in [&plain, &given] {
        launch.run(&["migrate"]);
        assert!(launch.run(&["keys", "list"]).contains("under root version 1"));
        refused(launch, &["keys", "rotate"], "no new version was made");
        refused(launch, &["keys", "rotate"], "1:<old>,2:<new>");
        refused(launch, &["keys", "destroy-root", "1"], "rotate the root key first");
        refused(launch, &["keys", "destroy-root", "7"], "no such version");
    }
    assert!(both.run(&["keys", "rotate"]).contains("root key version 2; "));
    assert!(both.run(&["keys", "list"]).contains("under root version 2"));
    refused(&both, &["keys", "rotate"], "under version 2 already");
    refused(&both, &["keys", "destroy-root", "1"], "take the version out of the value");
}
