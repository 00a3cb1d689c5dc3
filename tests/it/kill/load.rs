//! Producers that send marked events, remember what was acknowledged, and send some of the
//! rest again after a restart, as real clients do.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::process::{Lethe, answer, client};

/// Unanswered events that wait to be sent again at most; older ones are given up.
const AGAIN_MAX: usize = 400;

/// What was sent and what became of it, over all rounds.
#[derive(Debug, Default)]
pub struct Ledger(Mutex<Book>);

/// The ledger's pages.
#[derive(Debug, Default)]
pub struct Book {
    /// Marks of events up to here were given out.
    pub sent: u64,
    /// Marks of events that were acknowledged.
    pub acknowledged: BTreeSet<u64>,
    /// Marks of events that were sent without an answer, to be sent again.
    again: Vec<u64>,
}

impl Ledger {
    /// Opens it.
    pub fn open(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives out marks: new ones, and now and then some of those that had no answer.
    fn take(&self, count: usize) -> Vec<u64> {
        let mut book = self.open();
        let old = if fastrand::bool() { count.min(book.again.len()) } else { 0 };
        let at = book.again.len() - old;
        let mut marks = book.again.split_off(at);
        while marks.len() < count {
            book.sent += 1;
            marks.push(book.sent);
        }
        marks
    }

    fn settle(&self, marks: &[u64], acknowledged: bool) {
        let mut book = self.open();
        if acknowledged {
            book.acknowledged.extend(marks);
        } else {
            book.again.extend(marks);
            let surplus = book.again.len().saturating_sub(AGAIN_MAX);
            book.again.drain(..surplus);
        }
    }
}

/// The job that the event of a mark speaks of.
pub fn job_of(mark: u64) -> String {
    format!("job_{}", mark / 3 % 7)
}

/// The dataset that only the event of this mark writes, if it writes one.
pub fn own_dataset(mark: u64) -> Option<String> {
    mark.is_multiple_of(25).then(|| format!("mart.own_{mark}"))
}

/// Makes the event of a mark: always the same. Three marks make a run, which starts, goes
/// on and completes, in whatever order they arrive.
pub fn event(mark: u64) -> Value {
    let (run, state) = (mark / 3, ["START", "RUNNING", "COMPLETE"][(mark % 3) as usize]);
    let columns = json!({"fields": [{"name": "id", "type": "BIGINT"}, {"name": format!("c{}", run % 5), "type": "TEXT"}]});
    let facet = |mut body: Value| {
        body["_producer"] = json!("https://example.com/kill");
        body["_schemaURL"] = json!("https://example.com/kill.json");
        body
    };
    let mut outputs = vec![json!({
        "namespace": "postgres://db:5432", "name": format!("shop.out_{}", run % 13),
        "facets": {"schema": facet(columns)},
    })];
    if let Some(name) = own_dataset(mark) {
        outputs.push(json!({"namespace": "postgres://db:5432", "name": name}));
    }
    let mut job = json!({"namespace": "etl", "name": job_of(mark)});
    if mark.is_multiple_of(10) {
        // Too large to stay in its document.
        let columns: Vec<String> = (0..60).map(|number| format!("column_{run}_{number}")).collect();
        job["facets"] = json!({"sql": facet(json!({"query": columns.join(", ")}))});
    }
    json!({
        "eventType": state,
        "eventTime": format!("2026-11-20T{:02}:{:02}:{:02}.{:03}Z", mark / 3_600_000 % 24, mark / 60_000 % 60, mark / 1_000 % 60, mark % 1_000),
        "producer": "https://example.com/kill",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": format!("00000000-0000-7000-8000-{run:012}"), "facets": {"mark": facet(json!({"mark": mark}))}},
        "job": job,
        "inputs": [{"namespace": "postgres://db:5432", "name": format!("shop.src_{}", run % 11)}],
        "outputs": outputs,
    })
}

/// Returns the mark of an event of ours.
pub fn mark_of(raw: &str) -> u64 {
    let event: Value = serde_json::from_str(raw).expect("the log holds JSON");
    event["run"]["facets"]["mark"]["mark"].as_u64().expect("an event of ours")
}

/// How events are sent.
#[derive(Debug, Clone, Copy)]
pub enum How {
    /// One by one.
    Single,
    /// As a batch, now and then with a bad event among them.
    Batch,
    /// As a stream.
    Import,
}

/// Sends events to a server at a base URL. Returns whether all of them were acknowledged, or nothing if the
/// server is gone.
pub async fn send(client: &reqwest::Client, base: &str, marks: &[u64], how: How) -> Option<bool> {
    let mut events: Vec<Value> = marks.iter().map(|mark| event(*mark)).collect();
    match how {
        How::Single => {
            for event in events {
                let request = client.post(format!("{base}/api/v1/lineage")).body(event.to_string());
                if !sent(request, 201, |_| true).await? {
                    return Some(false);
                }
            }
            Some(true)
        }
        How::Batch => {
            if fastrand::u8(..4) == 0 {
                events.insert(fastrand::usize(..events.len()), json!({"eventType": "START"}));
            }
            let request = client.post(format!("{base}/api/v1/lineage/batch"));
            let request = request.body(Value::from(events).to_string());
            sent(request, 200, |body| body["summary"]["successful"] == marks.len()).await
        }
        How::Import => {
            let lines: Vec<String> = events.iter().map(Value::to_string).collect();
            let request = client.post(format!("{base}/api/v1/events/import"));
            let request = request.body(lines.join("\n"));
            let whole = |body: &Value| body["received"] == marks.len() && body["refused"] == 0;
            sent(request, 200, whole).await
        }
    }
}

/// Posts single events until the server is gone.
pub async fn post_singles(lethe: &Lethe, ledger: &Ledger) {
    let (client, base) = (client(), lethe.url(""));
    while take_and_send(&client, &base, ledger, (1, How::Single)).await.is_some() {}
}

/// Posts batches, now and then with a bad event among them, until the server is gone.
pub async fn post_batches(lethe: &Lethe, ledger: &Ledger) {
    let (client, base) = (client(), lethe.url(""));
    let count = || fastrand::usize(2..80);
    while take_and_send(&client, &base, ledger, (count(), How::Batch)).await.is_some() {}
}

/// Streams imports of several batches each until the server is gone.
pub async fn stream_imports(lethe: &Lethe, ledger: &Ledger) {
    let (client, base) = (client(), lethe.url(""));
    let count = || fastrand::usize(100..2_500);
    while take_and_send(&client, &base, ledger, (count(), How::Import)).await.is_some() {
        tokio::time::sleep(std::time::Duration::from_millis(fastrand::u64(..300))).await;
    }
}

/// Takes marks and sends their events. Returns those that were acknowledged, or nothing if the
/// server is gone.
pub async fn take_and_send(
    client: &reqwest::Client,
    base: &str,
    ledger: &Ledger,
    (count, how): (usize, How),
) -> Option<Vec<u64>> {
    let marks = ledger.take(count);
    let acknowledged = send(client, base, &marks, how).await;
    ledger.settle(&marks, acknowledged == Some(true));
    acknowledged.map(|all| if all { marks } else { Vec::new() })
}

/// Sends a request. Returns whether it was acknowledged, or nothing if the server is gone.
async fn sent(
    request: reqwest::RequestBuilder,
    status: u16,
    whole: impl Fn(&Value) -> bool,
) -> Option<bool> {
    let answer = answer(request).await.ok()?;
    if answer.status == 503 {
        // Try again later, in words and for programs.
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        assert_eq!(answer.header("retry-after"), Some("1"), "{}", answer.text);
        return Some(false);
    }
    assert_eq!(answer.status, status, "{}", answer.text);
    assert!(answer.text.is_empty() || whole(&answer.json()), "{}", answer.text);
    Some(true)
}
