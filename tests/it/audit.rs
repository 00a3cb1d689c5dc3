//! The audit log through the API: every change has its record, and anybody can verify it.

use std::process::Command;

use lethe::audit::bundle::BundleVerifier;
use lethe::audit::{Checkpoint, Edge, Hash, Receipt, Record, Trust, VerifierKey};
use lethe::db::{AuditRow, Db};
use ring::signature::Ed25519KeyPair;
use serde_json::{Value, json};

use crate::world::{Backend, World};

/// Describes datasets, tags and deletes: three kinds of change.
async fn make_changes(world: &World) {
    for n in 0..5 {
        let put = json!({"datasets": [{"namespace": "pg", "name": format!("table_{n}")}]});
        assert_eq!(world.call("PUT", "/api/v1/datasets", put.to_string()).await.status, 204);
    }
    let found = world.get("/api/v1/datasets?namespace=pg").await.json();
    let id = found["items"][0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(world.call("DELETE", &format!("/api/v1/datasets/{id}"), "").await.status, 204);
    assert_eq!(
        world.call("DELETE", &format!("/api/v1/datasets/{id}?hard=true"), "").await.status,
        204
    );
}

fn trust(state: &Value) -> Trust {
    let key: VerifierKey = state["key"].as_str().expect("a key").parse().expect("a verifier key");
    Trust::key(key)
}

/// Waits until the whole log is under a signed head, and returns its state.
async fn signed(world: &World) -> Value {
    let state = world.get("/api/v1/audit").await.json();
    for _ in 0..600 {
        let head = world.get("/api/v1/audit/checkpoint").await;
        if head.status == 200 && head.text.lines().nth(1) == Some(&state["size"].to_string()) {
            return state;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the head is not signed: {state}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_has_a_record_with_a_receipt_that_anybody_can_check() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        make_changes(&world).await;
        let state = signed(&world).await;
        let records = world.get("/api/v1/audit/records?limit=3").await.json();
        let actions: Vec<&str> = records["items"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|item| item["record"]["action"].as_str().expect("an action"))
            .collect();
        assert_eq!(actions, ["dataset:purge", "dataset:delete", "dataset:edit"]);
        assert_eq!(state["size"], 7);
        assert_eq!(state["alarm"], Value::Null);
        let item = &records["items"][1];
        let id = item["record"]["id"].as_str().expect("an id");
        let one = world.get(&format!("/api/v1/audit/records/{id}")).await;
        let receipt = world.get(&format!("/api/v1/audit/records/{id}/receipt")).await.text;
        let receipt = Receipt::parse(&receipt).expect("a receipt");
        let bytes = record_bytes(&one.text);
        receipt.verify(bytes.as_bytes(), &trust(&state)).expect("it is in the log");
        let changed = bytes.replace("dataset:delete", "dataset:delate");
        receipt.verify(changed.as_bytes(), &trust(&state)).expect_err("it is another record");
        let next = records["next"].as_str().expect("more");
        let rest = world.get(&format!("/api/v1/audit/records?after={next}")).await.json();
        assert_eq!(rest["items"].as_array().expect("a list").len(), 4);
        let edits =
            world.get("/api/v1/audit/records?action=dataset:edit&outcome=done").await.json();
        assert_eq!(edits["items"].as_array().expect("a list").len(), 5);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_verified_offline_and_any_change_of_it_is_found() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        make_changes(&world).await;
        let state = signed(&world).await;
        let bundle = world.get("/api/v1/audit/export").await.text;
        let verify = |text: &str| -> Result<u64, String> {
            let mut verifier = BundleVerifier::new(trust(&state));
            for line in text.lines() {
                verifier.line(line.as_bytes()).map_err(|fault| fault.to_string())?;
            }
            Ok(verifier.finish().map_err(|fault| fault.to_string())?.records)
        };
        assert_eq!(verify(&bundle), Ok(7));
        for (old, new) in
            [("table_3", "table_4"), ("done", "failed"), ("\"index\":2", "\"index\":3")]
        {
            assert!(verify(&bundle.replacen(old, new, 1)).is_err(), "{old} -> {new}");
        }
        let shorter: Vec<&str> =
            bundle.lines().filter(|line| !line.contains("\"index\":4")).collect();
        assert!(verify(&shorter.join("\n")).is_err());
        binary_verifies(&bundle, state["key"].as_str().expect("a key"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tiles_and_proofs_are_those_of_the_log() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        make_changes(&world).await;
        signed(&world).await;
        let tile = world.get("/api/v1/audit/tile/0/000.p/7").await;
        let export = world.get("/api/v1/audit/export").await.text;
        let leaves: Vec<u8> = export
            .lines()
            .filter(|line| line.contains("\"index\":"))
            .flat_map(|line| Hash::leaf(record_bytes(line).as_bytes()).0)
            .collect();
        assert_eq!(tile.bytes, leaves);
        let growth = world.get("/api/v1/audit/consistency?from=3&to=7").await.json();
        assert!(!growth["proof"].as_array().expect("a list").is_empty());
        // The export was recorded.
        assert_eq!(world.get("/api/v1/audit/consistency?from=3&to=9").await.status, 400);
        assert_eq!(world.get("/api/v1/audit/tile/0/000.p/9").await.status, 404);
        assert_eq!(world.get("/api/v1/audit/tile/9/x/1").await.status, 400);
        let entries = world.get("/api/v1/audit/tile/entries/000.p/7").await;
        assert_eq!(
            lethe::audit::entries::decode_entries(&entries.bytes).expect("entries").len(),
            7
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_was_changed_in_the_database_is_not_signed_any_more() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        make_changes(&world).await;
        signed(&world).await;
        // Somebody with the database's password replaces the tree.
        let mut tx = world.app.db().begin().await.expect("a transaction");
        let tiles = [((0, 0), vec![9; 7 * 32])];
        tx.append_audit(7, &[], &tiles).await.expect("it is changed");
        tx.commit().await.expect("it is committed");
        let put = json!({"datasets": [{"namespace": "pg", "name": "another"}]});
        // The node that wrote last knows better and goes on; a new start sees what is there.
        let world = world.restart().await;
        assert_eq!(world.call("PUT", "/api/v1/datasets", put.to_string()).await.status, 204);
        let mut alarm = Value::Null;
        for _ in 0..600 {
            alarm = world.get("/api/v1/audit").await.json()["alarm"].take();
            if !alarm.is_null() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        // Who signs finds it, or the check of the whole log does.
        let words = [
            "not proven",
            "two different logs",
            "not the one in the tree",
            "not what its records come to",
        ];
        let alarm = alarm.as_str().expect("an alarm");
        assert!(words.iter().any(|word| alarm.contains(word)), "{alarm}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_a_crash_left_in_the_file_alone_is_told_after_the_restart() {
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        make_changes(&world).await;
        let state = signed(&world).await;
        world.app.stop().await;
        // A record more, and a kill between the file of heads and the database.
        let root = append_by_hand(&Db::open(&world.url).await.expect("it opens")).await;
        let key: VerifierKey = state["key"].as_str().expect("a key").parse().expect("a key");
        let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("the world's key");
        let head = Checkpoint { origin: key.name().to_owned(), size: 8, root };
        let note = head.signed(&key, |text| pair.sign(text).as_ref().try_into().expect("64 bytes"));
        let file = world.dir.path().join("audit-checkpoints.jsonl");
        let lines = std::fs::read_to_string(&file).expect("heads");
        let mut line: Value = serde_json::from_str(lines.lines().next().expect("a head")).unwrap();
        line["note"] = json!(note);
        std::fs::write(&file, format!("{lines}{line}\n")).expect("it is written");
        let world = world.restart().await;
        assert_eq!(signed(&world).await["size"], 8);
        assert_eq!(world.get("/api/v1/audit/checkpoint").await.text, note);
    }
}

/// Appends a record as a transaction of Lethe's does, and returns the root after it.
async fn append_by_hand(db: &Db) -> Hash {
    let tiles = db.audit_tiles(&[(0, 0)]).await.expect("a tile");
    let leaves = tiles[&(0, 0)].chunks(32).filter_map(Hash::from_slice);
    let row = db.scan_audit(6, 1).await.expect("a record").remove(0);
    let mut record = Record::from_canonical(&row.body).expect("it is read");
    record.id = uuid::Uuid::from_u128(7);
    let body = record.to_canonical().expect("it is written");
    let leaves: Vec<Hash> = leaves.chain([Hash::leaf(&body)]).collect();
    let appended = Edge::default().append(&leaves).expect("a tree");
    let row = AuditRow { seq: 7, id: record.id, body, ..row };
    let mut tx = db.begin().await.expect("a transaction");
    let tiles = [((0, 0), appended.tiles[0].to_bytes())];
    tx.append_audit(7, &[row], &tiles).await.expect("it is appended");
    tx.commit().await.expect("it is committed");
    db.close().await;
    appended.edge.root()
}

/// Returns the record's bytes as they stand in an answer.
fn record_bytes(line: &str) -> String {
    let (_, record) = line.split_once("\"record\":").expect("a record");
    record.trim_end().strip_suffix('}').expect("the end").to_owned()
}

fn binary_verifies(bundle: &str, key: &str) {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("bundle.jsonl");
    std::fs::write(&path, bundle).expect("it is written");
    let run = |key: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lethe"));
        command.args(["audit", "verify"]).arg(&path).args(["--key", key]).output().expect("it runs")
    };
    let out = run(key);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert!(String::from_utf8_lossy(&out.stdout).contains("7 records"));
    std::fs::write(&path, bundle.replacen("table_1", "table_9", 1)).expect("it is written");
    assert_eq!(run(key).status.code(), Some(1));
}
