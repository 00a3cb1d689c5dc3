//! How fast the audit log takes records, proves that one is in it, and is verified offline.

#[path = "support/report.rs"]
mod report;

use std::sync::Arc;
use std::time::{Duration, Instant};

use lethe::audit::bundle::{BundleVerifier, BundleWriter};
use lethe::audit::{
    Checkpoint, Edge, Hash, RECORD_VERSION, Receipt, Record, Resource, SIGNATURE_BYTES, Trust,
    VerifierKey,
};
use lethe::base::rng::Rng;
use lethe::base::{Clock, SystemClock, Time};
use lethe::db::{AuditRow, Db, DbUrl};
use lethe::flow::{Act, Actor, App, Settings, Signer, Submission};
use report::{head, percentile, row};
use ring::signature::{Ed25519KeyPair, KeyPair};

const ORIGIN: &str = "lethe/bench";
/// Records that are sequenced in each way of submitting them.
const SEQUENCED: usize = 100_000;
/// The log that proofs are asked of.
const LOG: u64 = 10_000_000;
/// Leaves that are appended to it at once.
const BATCH: u64 = 100_000;
/// Receipts that are asked for.
const ASKS: u64 = 2_000;
/// Records of the export that is verified.
const EXPORTED: u64 = 300_000;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    head("Audit log, SQLite");
    runtime.block_on(async {
        for (submitters, records) in [(256, 1), (16, 100)] {
            sequence(submitters, records).await;
        }
        prove().await;
    });
    verify();
}

fn pair() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[3; 32]).expect("a key")
}

fn key() -> VerifierKey {
    let public = pair().public_key().as_ref().try_into().expect("32 bytes");
    VerifierKey::new(ORIGIN, public).expect("a name")
}

fn sign(text: &[u8]) -> [u8; SIGNATURE_BYTES] {
    pair().sign(text).as_ref().try_into().expect("64 bytes")
}

async fn start(dir: &std::path::Path, signed: bool) -> App {
    let db = Db::open(&DbUrl::in_dir(dir)).await.expect("the database opens");
    db.migrate().await.expect("the schema is made");
    let settings = Settings {
        data_dir: Some(dir.to_owned()),
        follow: false,
        retention_days: None,
        retention_runs: 20,
        vault: None,
        signer: signed.then(|| Arc::new(Signer::new(key(), sign))),
        listeners_max: lethe::base::limits::LISTENERS_MAX,
        open: true,
        bootstrap: None,
    };
    App::start(db, SystemClock::shared(), settings).await.expect("it starts")
}

/// Hands records to the writer as edits do, but without edits; each submission waits until
/// its records are on disk.
async fn sequence(submitters: usize, records: usize) {
    let dir = tempfile::tempdir().expect("a folder");
    let app = start(dir.path(), true).await;
    let started = Instant::now();
    let tasks = (0..submitters).map(|submitter| {
        let app = app.clone();
        tokio::spawn(async move {
            for _ in 0..SEQUENCED / submitters / records {
                app.submit(submission(&app, submitter, records)).await.expect("it is on disk");
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.expect("it ends");
    }
    let seconds = started.elapsed().as_secs_f64();
    let size = app.db().audit_size().await.expect("the database answers");
    app.stop().await;
    row(
        &format!("sequenced, {submitters} at once with {records} each"),
        &format!("{:.0} records/s", size as f64 / seconds),
        "20,000/s",
    );
}

fn submission(app: &App, submitter: usize, records: usize) -> Submission {
    let actor = Actor { request: Some(format!("request-{submitter}")), ..Actor::system() };
    let seal = |number: usize| {
        let name = format!("postgres://warehouse:5432 shop.public.table_{number}");
        let act = Act::done("dataset:edit").on("dataset", uuid::Uuid::nil(), name);
        app.seal(&actor, act).expect("it is small")
    };
    Submission { records: (0..records).map(seal).collect(), ..Submission::default() }
}

/// Asks for receipts in a log of ten million records. Only the tree is that large: of the
/// records, those that are asked for are there.
async fn prove() {
    let dir = tempfile::tempdir().expect("a folder");
    let app = start(dir.path(), false).await;
    let started = Instant::now();
    let mut edge = Edge::default();
    let mut asked = Vec::new();
    while edge.size() < LOG {
        edge = grow(app.db(), &edge, &mut asked).await;
    }
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: LOG, root: edge.root() };
    let mut tx = app.db().begin().await.expect("a transaction");
    let size = i64::try_from(LOG).expect("it fits");
    tx.put_checkpoint(size, SystemClock.now(), &checkpoint.signed(&key(), sign))
        .await
        .expect("disk");
    tx.commit().await.expect("disk");
    row(
        "tree of 10,000,000 records made",
        &format!("{:.1} s", started.elapsed().as_secs_f64()),
        "",
    );
    let trust = Trust::key(key());
    let mut rng = Rng::seeded(5);
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..ASKS {
        let (id, body) = &asked[usize::try_from(rng.below(asked.len() as u64)).expect("it fits")];
        let started = Instant::now();
        let receipt = app.audit_receipt(*id).await.expect("it is in the log");
        times.push(started.elapsed());
        let receipt = Receipt::parse(&receipt).expect("a receipt");
        receipt.verify(body, &trust).expect("it proves the record");
    }
    times.sort_unstable();
    let p = |share| percentile(&times, share).as_secs_f64() * 1e3;
    row(
        "receipt (inclusion proof) of one of them",
        &format!("p50 {:.2} ms, p99 {:.2} ms", p(0.5), p(0.99)),
        "5 ms",
    );
    app.stop().await;
}

/// Appends a batch of leaves; a hundredth of a hundredth of them with their records.
async fn grow(db: &Db, edge: &Edge, asked: &mut Vec<(uuid::Uuid, Vec<u8>)>) -> Edge {
    let numbers = edge.size()..edge.size() + BATCH;
    let mut rows = Vec::new();
    let mut leaves = Vec::with_capacity(numbers.clone().count());
    for number in numbers {
        if number % 10_007 != 0 {
            leaves.push(Hash::leaf(&number.to_be_bytes()));
            continue;
        }
        let record = record(number);
        let body = record.to_canonical().expect("it is small");
        leaves.push(Hash::leaf(&body));
        asked.push((record.id, body.clone()));
        rows.push(audit_row(number, &record, body));
    }
    let appended = edge.append(&leaves).expect("it is far from full");
    let place =
        |id: lethe::audit::TileId| (i16::from(id.level), i64::try_from(id.index).expect("it fits"));
    let tiles: Vec<_> =
        appended.tiles.iter().map(|tile| (place(tile.id), tile.to_bytes())).collect();
    let mut tx = db.begin().await.expect("a transaction");
    let size = tx.audit_size().await.expect("the database answers");
    tx.append_audit(size, &rows, &tiles).await.expect("disk");
    tx.commit().await.expect("disk");
    appended.edge
}

fn audit_row(number: u64, record: &Record, body: Vec<u8>) -> AuditRow {
    AuditRow {
        seq: i64::try_from(number).expect("it fits"),
        id: record.id,
        at: record.ts,
        actor: None,
        action: record.action.clone(),
        resource: None,
        subject: None,
        outcome: 0,
        purpose: None,
        body,
    }
}

/// A record as an edit leaves it.
fn record(number: u64) -> Record {
    let name = format!("postgres://warehouse-{}:5432 shop.public.table_{number}", number % 40);
    let id = uuid::Uuid::from_u128(0x0199_0000_0000_7000_8000 << 48 | u128::from(number));
    Record {
        v: RECORD_VERSION,
        log: ORIGIN.to_owned(),
        id,
        ts: Time::from_micros(1_763_700_000_000_000 + i64::try_from(number).expect("it fits")),
        actor: lethe::audit::Actor {
            reference: uuid::Uuid::from_u128(7).to_string(),
            kind: "user".to_owned(),
            auth: Some("token".to_owned()),
            token: Some(uuid::Uuid::from_u128(8).to_string()),
        },
        on_behalf_of: None,
        action: "dataset:edit".to_owned(),
        resource: Some(Resource {
            kind: "dataset".to_owned(),
            id: uuid::Uuid::from_u128(u128::from(number)).to_string(),
            name: Some(name),
            version: None,
        }),
        outcome: lethe::audit::Outcome::Done,
        decision: None,
        purpose: None,
        request: Some(lethe::audit::RequestRef { id: format!("request-{number}"), trace: None }),
        change: Some(lethe::audit::Change {
            before: None,
            after: Some(Hash::of(&number.to_be_bytes())),
            patch: None,
        }),
        pii: Vec::new(),
        ext: serde_json::Map::new(),
    }
}

/// Verifies an export as `lethe audit verify` does, from memory.
fn verify() {
    let mut bundle = Vec::new();
    let mut writer = BundleWriter::full(ORIGIN, 0, &[], &mut bundle);
    let mut edge = Edge::default();
    let mut bytes = 0;
    for number in 0..EXPORTED {
        let body = record(number).to_canonical().expect("it is small");
        bytes += body.len();
        writer.record(number, &body, &mut bundle);
        edge = edge.append(&[Hash::leaf(&body)]).expect("it is far from full").edge;
        if edge.size() % 1_000 == 0 {
            let size = edge.size();
            let head = Checkpoint { origin: ORIGIN.to_owned(), size, root: edge.root() };
            writer.checkpoint(&head.signed(&key(), sign), &mut bundle);
        }
    }
    writer.end(&mut bundle);
    let started = Instant::now();
    let mut verifier = BundleVerifier::new(Trust::key(key()));
    for line in bundle.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        verifier.line(line).expect("it is right");
    }
    let report = verifier.finish().expect("it is whole");
    let rate = report.records as f64 / started.elapsed().as_secs_f64();
    row(
        &format!(
            "verified offline (records of {} bytes, {} heads)",
            bytes as u64 / EXPORTED,
            report.checkpoints
        ),
        &format!("{rate:.0} records/s"),
        "500,000/s",
    );
}
