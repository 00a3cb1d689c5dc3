//! People who put, hide, and purge datasets under requests of their own, and somebody who
//! keeps the signed heads of the audit log; until the server is gone.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lethe::base::DatasetId;
use serde_json::{Value, json};

use crate::process::{Lethe, answer, client};

/// Where all the datasets are.
pub const SPACE: &str = "postgres://db:5432";
/// Milliseconds that somebody thinks between two changes at most.
const THINK_MS_MAX: u64 = 12;
/// How often the heads are asked for.
const HEADS_EVERY: Duration = Duration::from_millis(120);

/// What was asked of the server over all rounds, and what became of it.
#[derive(Debug, Default)]
pub struct Edits(Mutex<Book>);

/// The pages of it.
#[derive(Debug, Default)]
pub struct Book {
    /// Changes by the ids of their requests.
    pub sent: BTreeMap<String, Sent>,
    /// Signed heads that were seen, in that order.
    pub heads: Vec<String>,
    tables: u64,
}

/// A change that was asked for.
#[derive(Debug, Clone)]
pub struct Sent {
    /// What the audit log must call it.
    pub action: &'static str,
    /// The datasets that it is about; each has a record of its own.
    pub tables: Vec<String>,
    /// Whether it was acknowledged.
    pub acknowledged: bool,
}

impl Edits {
    /// Opens the book.
    pub fn open(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn new_tables(&self, count: usize) -> Vec<String> {
        let mut book = self.open();
        let first = book.tables;
        book.tables += count as u64;
        (first..book.tables).map(|number| format!("shop.table_{number}")).collect()
    }

    /// Sends a change. Returns whether it was acknowledged, or nothing if the server is gone.
    async fn send(
        &self,
        lethe: &Lethe,
        action: &'static str,
        tables: &[String],
        request: reqwest::RequestBuilder,
    ) -> Option<bool> {
        let sent = Sent { action, tables: tables.to_vec(), acknowledged: false };
        let id = {
            let mut book = self.open();
            let id = format!("change-{}", book.sent.len());
            book.sent.insert(id.clone(), sent);
            id
        };
        let answer = answer(request.header("x-request-id", &id)).await.ok()?;
        let acknowledged = answer.status == 204;
        assert!(acknowledged || answer.status == 503, "{action}: {}\n{}", answer.text, lethe.log());
        if let Some(sent) = self.open().sent.get_mut(&id) {
            sent.acknowledged = acknowledged;
        }
        Some(acknowledged)
    }
}

/// Returns the id of a dataset of ours.
pub fn id_of(table: &str) -> uuid::Uuid {
    DatasetId::of(SPACE, table).0
}

/// Changes datasets that nobody else changes, until the server is gone.
pub async fn change(lethe: &Lethe, edits: &Edits) {
    while change_some(lethe, edits, &client()).await.is_some() {}
}

async fn change_some(lethe: &Lethe, edits: &Edits, client: &reqwest::Client) -> Option<()> {
    let put = |tables: &[String], text: &str| {
        let body = |name| json!({"namespace": SPACE, "name": name, "description": text});
        let datasets: Vec<Value> = tables.iter().map(body).collect();
        client.put(lethe.url("/api/v1/datasets")).body(json!({"datasets": datasets}).to_string())
    };
    let remove = |table: &str, how: &str| {
        client.delete(lethe.url(&format!("/api/v1/datasets/{}{how}", id_of(table))))
    };
    let tables = edits.new_tables(fastrand::usize(1..4));
    if !edits.send(lethe, "dataset:edit", &tables, put(&tables, "first")).await? {
        return Some(());
    }
    for table in &tables {
        tokio::time::sleep(Duration::from_millis(fastrand::u64(..THINK_MS_MAX))).await;
        let one = std::slice::from_ref(table);
        match fastrand::u8(..4) {
            0 => edits.send(lethe, "dataset:delete", one, remove(table, "")).await?,
            1 => edits.send(lethe, "dataset:purge", one, remove(table, "?hard=true")).await?,
            2 => edits.send(lethe, "dataset:edit", one, put(one, "second")).await?,
            _ => true,
        };
    }
    Some(())
}

/// Keeps every signed head that the server shows, until it is gone.
pub async fn keep_heads(lethe: &Lethe, edits: &Edits) {
    let client = client();
    loop {
        let asked = answer(client.get(lethe.url("/api/v1/audit/checkpoint"))).await;
        let Ok(answer) = asked else { return };
        if answer.status == 200 {
            let mut book = edits.open();
            if book.heads.last() != Some(&answer.text) {
                book.heads.push(answer.text);
            }
        } else {
            assert_eq!(answer.status, 404, "{}", answer.text);
        }
        tokio::time::sleep(HEADS_EVERY).await;
    }
}
