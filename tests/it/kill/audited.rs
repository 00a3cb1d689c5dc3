//! `kill -9` in the midst of audited changes: what was acknowledged has its records, each
//! exactly once; no record is without its effect and no effect without its record; and every
//! signed head that anybody saw is the beginning of the log after the restart.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use lethe::audit::bundle::BundleVerifier;
use lethe::audit::{Edge, Hash, Record, Trust, Witnessed};
use lethe::db::{Db, DbUrl, EntryKind};
use rustix::process::Signal;
use serde_json::Value;
use tempfile::TempDir;

use super::edits::{self, Edits, SPACE, Sent, id_of};
use super::{restart, rounds};
use crate::process::{Launch, Lethe};
use crate::world::{Backend, fresh_url};

/// People who make changes at once.
const PEOPLE: usize = 4;
/// Milliseconds of changes before a kill at most: long enough for heads to be signed.
const LOAD_MS_MAX: u64 = 2_500;
/// Changed datasets that are looked at over HTTP after each restart at most.
const LOOKED_AT_MAX: usize = 200;

#[tokio::test(flavor = "multi_thread")]
async fn a_change_and_its_record_stay_together_through_kills_on_sqlite() {
    audited_rounds(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_and_its_record_stay_together_through_kills_on_postgres() {
    audited_rounds(Backend::Postgres).await;
}

/// What is known of the audit log from the rounds before.
#[derive(Default)]
struct Seen {
    key: Option<String>,
    witness: Option<Witnessed>,
    heads: usize,
    looked_at: usize,
}

/// The audit log, as an export tells it.
struct Told {
    records: Vec<Record>,
    leaves: Vec<Hash>,
}

async fn audited_rounds(backend: Backend) {
    let dir = TempDir::new().expect("a temporary folder");
    let url = fresh_url(backend, dir.path()).await;
    let launch = Launch::new(dir.path(), &url);
    let (edits, mut seen) = (Edits::default(), Seen::default());
    let rounds = rounds();
    let mut records = 0;
    for round in 1..=rounds {
        change_and_kill(restart(&launch).await, &edits).await;
        let lethe = launch.start().await;
        let told = verified_log(&lethe, &mut seen).await;
        each_change_is_recorded(&edits.open().sent, &told);
        records_and_effects_agree(&url, &told).await;
        lethe.caught_up().await;
        catalog_agrees(&lethe, &told, &mut seen).await;
        heads_are_prefixes(&lethe, &edits, &told, &mut seen).await;
        lethe.kill();
        records = told.records.len();
        if round % 20 == 0 {
            eprintln!("{backend:?}: round {round}, {records} records in the audit log");
        }
    }
    let book = edits.open();
    let acknowledged = book.sent.values().filter(|sent| sent.acknowledged).count();
    assert!(acknowledged > 0 && !book.heads.is_empty(), "nothing was tried");
    println!(
        "kill -9 on {backend:?} in audited changes: {rounds} rounds, {} changes sent, {acknowledged} acknowledged, {records} records, {} heads seen",
        book.sent.len(),
        book.heads.len(),
    );
}

async fn change_and_kill(lethe: Lethe, edits: &Edits) {
    let moment = Duration::from_millis(fastrand::u64(..LOAD_MS_MAX));
    let pid = lethe.pid();
    let people = (0..PEOPLE).map(|_| edits::change(&lethe, edits));
    let kill = async {
        tokio::time::sleep(moment).await;
        crate::process::signal(Signal::KILL, &pid);
    };
    let heads = edits::keep_heads(&lethe, edits);
    tokio::join!(futures_util::future::join_all(people), heads, kill);
    lethe.kill();
}

/// Exports the log, once its head is signed, and verifies it with the key of all rounds.
async fn verified_log(lethe: &Lethe, seen: &mut Seen) -> Told {
    let state = signed(lethe).await;
    let key = state["key"].as_str().expect("a key").to_owned();
    assert_eq!(*seen.key.get_or_insert_with(|| key.clone()), key, "another key signs the log");
    let trust = Trust::key(key.parse().expect("a verifier key"));
    seen.witness.get_or_insert_with(|| Witnessed::new(trust.clone()));
    let mut verifier = BundleVerifier::new(trust);
    let mut told = Told { records: Vec::new(), leaves: Vec::new() };
    if state["size"] == 0 {
        return told;
    }
    for line in lethe.get("/api/v1/audit/export").await.text.lines() {
        verifier.line(line.as_bytes()).unwrap_or_else(|fault| panic!("{fault}: {line}"));
        if let Some((_, record)) = line.split_once(",\"record\":") {
            let bytes = record.strip_suffix('}').expect("the end").as_bytes();
            told.leaves.push(Hash::leaf(bytes));
            told.records.push(Record::from_canonical(bytes).expect("a record"));
        }
    }
    let report = verifier.finish().expect("the export is whole");
    assert_eq!(state["size"], report.records, "{state}");
    told
}

/// Waits until a signed head covers the whole log, also where nothing was written since.
async fn signed(lethe: &Lethe) -> Value {
    let state = lethe.get("/api/v1/audit").await.ok(200);
    for _ in 0..150 {
        let head = lethe.get("/api/v1/audit/checkpoint").await;
        let covers = head.text.lines().nth(1) == Some(&state["size"].to_string());
        if state["size"] == 0 || (head.status == 200 && covers) {
            return state;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let state = lethe.get("/api/v1/audit").await.text;
    panic!("the head is not signed: {state}\n{}", lethe.log());
}

/// Demands that each acknowledged change has exactly its records, that others have them all
/// or none, and that nothing else has any.
fn each_change_is_recorded(sent: &BTreeMap<String, Sent>, told: &Told) {
    let mut recorded: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for record in told.records.iter().filter(|record| is_change(record)) {
        let request = record.request.as_ref().expect("a request").id.as_str();
        recorded.entry(request).or_default().push((&record.action, table_of(record)));
    }
    for (id, sent) in sent {
        let whole: Vec<_> = sent.tables.iter().map(|table| (sent.action, &table[..])).collect();
        match recorded.remove(&id[..]) {
            Some(found) => assert_eq!(found, whole, "{id}: {sent:?}"),
            None => assert!(!sent.acknowledged, "{id} is acknowledged, not recorded: {sent:?}"),
        }
    }
    assert!(recorded.is_empty(), "records of requests that nobody sent: {recorded:?}");
}

/// That the test itself reads the log is recorded too.
fn is_change(record: &Record) -> bool {
    record.action != "audit:export"
}

fn table_of(record: &Record) -> &str {
    let name = record.resource.as_ref().and_then(|resource| resource.name.as_deref());
    name.and_then(|name| name.strip_prefix(SPACE)).expect("a dataset of ours").trim_start()
}

/// Demands that the entries of the event log are those whose digests the records hold, each
/// once; but for what a later record says was purged.
async fn records_and_effects_agree(url: &DbUrl, told: &Told) {
    let mut purged: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, record) in told.records.iter().enumerate() {
        if record.action == "dataset:purge" {
            purged.insert(table_of(record), index);
        }
    }
    let mut want = BTreeSet::new();
    for (index, record) in told.records.iter().enumerate() {
        let Some(after) = record.change.as_ref().and_then(|change| change.after) else { continue };
        if purged.get(table_of(record)).is_none_or(|purge| *purge < index) {
            assert!(want.insert(after.to_string()), "two records of one entry: {record:?}");
        }
    }
    let db = Db::open(url).await.expect("the database opens");
    let mut found = BTreeSet::new();
    let mut last = 0;
    loop {
        let rows = db.scan_events(last, 1_000).await.expect("the log can be read");
        let Some(row) = rows.last() else { break };
        last = row.seq;
        for row in rows {
            assert_eq!(row.kind, EntryKind::Edit, "an entry that nobody wrote");
            let digest = Hash::of(row.raw.as_bytes()).to_string();
            assert!(found.insert(digest), "an entry twice: {}", row.raw);
        }
    }
    db.close().await;
    assert_eq!(found.difference(&want).next(), None, "an effect without its record");
    assert_eq!(want.difference(&found).next(), None, "a record without its effect");
}

/// Demands that the datasets changed last are as the last record about each says.
async fn catalog_agrees(lethe: &Lethe, told: &Told, seen: &mut Seen) {
    let start = seen.looked_at.max(told.records.len().saturating_sub(LOOKED_AT_MAX));
    let last: BTreeMap<&str, &str> = told.records[start..]
        .iter()
        .filter(|record| is_change(record))
        .map(|record| (table_of(record), &record.action[..]))
        .collect();
    for (table, action) in last {
        let answer = lethe.get(&format!("/api/v1/datasets/{}", id_of(table))).await;
        if action == "dataset:purge" {
            assert_eq!(answer.status, 404, "{table} was purged: {}", answer.text);
        } else {
            let deleted = answer.ok(200)["deleted"] == true;
            assert_eq!(deleted, action == "dataset:delete", "{table}: {}", answer.text);
        }
    }
    seen.looked_at = told.records.len();
}

/// Demands that each head that was seen is the root of the log's beginning, and that the
/// server proves so of the new ones.
async fn heads_are_prefixes(lethe: &Lethe, edits: &Edits, told: &Told, seen: &mut Seen) {
    let mut heads = edits.open().heads.clone();
    let witness = seen.witness.as_mut().expect("it was begun");
    let now = lethe.get("/api/v1/audit/checkpoint").await;
    // A head over the record of this round's own export is looked at in the next round.
    let size = now.text.lines().nth(1).and_then(|size| size.parse::<usize>().ok());
    if now.status == 200 && size.is_some_and(|size| size <= told.leaves.len()) {
        heads.push(now.text);
    }
    for note in &heads[seen.heads..] {
        let size: u64 = note.lines().nth(1).and_then(|size| size.parse().ok()).expect("a size");
        let from = witness.last().map_or(0, |last| last.size);
        let path = format!("/api/v1/audit/consistency?from={from}&to={size}");
        let proof = lethe.get(&path).await.ok(200);
        let proof = proof["proof"].as_array().expect("a list").iter();
        let hash = |hash: &Value| Hash::from_base64(hash.as_str()?);
        let proof: Vec<Hash> = proof.map(|text| hash(text).expect("a hash")).collect();
        let head = witness.accept(note, &proof).unwrap_or_else(|error| panic!("{error}: {note}"));
        let leaves = &told.leaves[..usize::try_from(size).expect("it fits")];
        let beginning = Edge::default().append(leaves).expect("a tree").edge;
        assert_eq!(beginning.root(), head.root, "a head of another log: {note}");
    }
    let kept = heads.len();
    edits.open().heads = heads;
    seen.heads = kept;
}
