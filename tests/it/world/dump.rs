//! All that a database holds, as text that is the same for the same content on both.

use std::collections::{BTreeMap, BTreeSet};

use lethe::db::DbUrl;
use serde_json::Value;
use sqlx::postgres::PgPool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use sqlx::{Column, Row, TypeInfo, ValueRef};

use super::World;

/// Tables that follow from the event log.
pub const PROJECTIONS: [&str; 8] =
    ["namespace", "source", "tag", "dataset", "job", "run", "run_use", "facet"];
/// The log and who said it: what the projections follow from, which no rebuild changes.
pub const LOG: [&str; 5] = ["event_block", "event", "voice", "claim_set", "event_again"];
/// Other tables that speak of the catalog.
const RECORDS: [&str; 4] = ["head", "change", "dead_letter", "import"];

/// Rows by what identifies them, each as `column=value` lines.
pub type Rows = BTreeMap<String, String>;

/// Reads whole tables.
pub async fn dump(url: &DbUrl, tables: &[&'static str]) -> BTreeMap<&'static str, Rows> {
    let mut all = BTreeMap::new();
    match url {
        DbUrl::Sqlite(path) => {
            let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(path)).await;
            let pool = pool.expect("the file opens");
            for table in tables {
                let text = sqlx::AssertSqlSafe(format!("SELECT * FROM {table}"));
                let rows = sqlx::query(text).fetch_all(&pool).await.expect("the table is read");
                all.insert(*table, collect(table, rows.iter().map(|row| cells(row, sqlite_cell))));
            }
            pool.close().await;
        }
        DbUrl::Postgres(url) => {
            let pool = PgPool::connect(url).await.expect("the database answers");
            for table in tables {
                let text = sqlx::AssertSqlSafe(format!("SELECT * FROM {table}"));
                let rows = sqlx::query(text).fetch_all(&pool).await.expect("the table is read");
                all.insert(
                    *table,
                    collect(table, rows.iter().map(|row| cells(row, postgres_cell))),
                );
            }
            pool.close().await;
        }
    }
    name_classes(url, &mut all).await;
    all
}

/// Runs several statements in a transaction, one alone without: some must not be in any.
macro_rules! together {
    ($pool:ident, $statements:ident) => {
        if let [alone] = $statements {
            sqlx::query(*alone).execute(&$pool).await.expect("it runs");
        } else {
            let mut tx = $pool.begin().await.expect("a transaction begins");
            for text in $statements {
                sqlx::query(*text).execute(&mut *tx).await.expect("it runs");
            }
            tx.commit().await.expect("it ends");
        }
    };
}

/// Runs statements, together, as somebody who has the database's password would.
pub async fn run(url: &DbUrl, statements: &[&'static str]) {
    match url {
        DbUrl::Sqlite(path) => {
            let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(path)).await;
            let pool = pool.expect("the file opens");
            together!(pool, statements);
            pool.close().await;
        }
        DbUrl::Postgres(url) => {
            let pool = PgPool::connect(url).await.expect("the database answers");
            together!(pool, statements);
            pool.close().await;
        }
    }
}

/// Asks a PostgreSQL for one text.
pub async fn ask(url: &DbUrl, question: &'static str) -> String {
    let DbUrl::Postgres(url) = url else { panic!("this is asked of PostgreSQL only") };
    let pool = PgPool::connect(url).await.expect("the database answers");
    let text = sqlx::query_scalar(question).fetch_one(&pool).await.expect("an answer");
    pool.close().await;
    text
}

/// Tells of access classes what they are: their numbers depend on which came first.
async fn name_classes(url: &DbUrl, all: &mut BTreeMap<&'static str, Rows>) {
    let text = "SELECT id, doc FROM access_class";
    let classes: Vec<(i64, String)> = match url {
        DbUrl::Sqlite(path) => {
            let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(path)).await;
            sqlx::query_as(text).fetch_all(&pool.expect("the file opens")).await
        }
        DbUrl::Postgres(url) => {
            let pool = PgPool::connect(url).await.expect("the database answers");
            sqlx::query_as(text).fetch_all(&pool).await
        }
    }
    .expect("the classes are read");
    let classes: BTreeMap<String, String> =
        classes.into_iter().map(|(id, doc)| (id.to_string(), doc)).collect();
    for row in all.values_mut().flat_map(BTreeMap::values_mut) {
        let Some((before, class)) = row.split_once("\naccess_class=") else { continue };
        let (number, after) = class.split_once('\n').unwrap_or((class, ""));
        let doc = classes.get(number).expect("every class is described");
        *row = format!("{before}\naccess_class={doc}\n{after}");
    }
}

/// Returns everything in the tables as text to search in: packed texts unpacked.
pub async fn plain_text(url: &DbUrl) -> String {
    let tables: Vec<&'static str> = PROJECTIONS.into_iter().chain(LOG).chain(RECORDS).collect();
    let mut text = String::new();
    for (table, rows) in dump(url, &tables).await {
        for row in rows.values() {
            text.push_str(&format!("{table}: {row}\n"));
        }
    }
    text
}

type Cells = Vec<(String, String)>;

fn collect(table: &str, rows: impl Iterator<Item = Cells>) -> Rows {
    let keys = match table {
        "run_use" => 4,
        "event_again" => 2,
        _ => 1,
    };
    rows.map(|cells| {
        let key: Vec<&str> = cells.iter().take(keys).map(|(_, value)| &value[..]).collect();
        let lines: Vec<String> =
            cells.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (key.join(" "), lines.join("\n"))
    })
    .collect()
}

fn cells<R: Row>(row: &R, cell: fn(&R, usize) -> String) -> Cells {
    let columns = row.columns().iter().enumerate();
    columns.map(|(place, column)| (column.name().to_owned(), cell(row, place))).collect()
}

fn sqlite_cell(row: &sqlx::sqlite::SqliteRow, place: usize) -> String {
    let kind = {
        let value = row.try_get_raw(place).expect("a column");
        if value.is_null() {
            return "null".to_owned();
        }
        value.type_info().name().to_owned()
    };
    match kind.as_str() {
        "TEXT" => row.get_unchecked::<String, _>(place),
        "BLOB" => bytes(&row.get_unchecked::<Vec<u8>, _>(place)),
        _ => row.get_unchecked::<i64, _>(place).to_string(),
    }
}

fn postgres_cell(row: &sqlx::postgres::PgRow, place: usize) -> String {
    let kind = {
        let value = row.try_get_raw(place).expect("a column");
        if value.is_null() {
            return "null".to_owned();
        }
        value.type_info().name().to_owned()
    };
    match kind.as_str() {
        "UUID" => bytes(row.get::<uuid::Uuid, _>(place).as_bytes()),
        "INT8" => row.get::<i64, _>(place).to_string(),
        "INT4" => row.get::<i32, _>(place).to_string(),
        "INT2" => row.get::<i16, _>(place).to_string(),
        "BOOL" => i32::from(row.get::<bool, _>(place)).to_string(),
        "BYTEA" => bytes(&row.get::<Vec<u8>, _>(place)),
        _ => row.get::<String, _>(place),
    }
}

/// Ids as hexadecimal digits, packed texts unpacked.
fn bytes(bytes: &[u8]) -> String {
    if bytes.len() == 16 {
        return uuid::Uuid::from_slice(bytes).expect("16 bytes").to_string();
    }
    let unpacked = match bytes.split_first() {
        Some((0, text)) => Some(text.to_vec()),
        Some((1, body)) => zstd::stream::decode_all(body).ok(),
        _ => None,
    };
    let text = unpacked.and_then(|text| String::from_utf8(text).ok());
    text.unwrap_or_else(|| bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Drops facet bodies that no document refers to any more: what a job was for a moment, or
/// a facet that was replaced. A rebuild drops them.
pub fn live(mut tables: BTreeMap<&'static str, Rows>) -> BTreeMap<&'static str, Rows> {
    let documents: String =
        tables.values().flat_map(BTreeMap::values).map(String::as_str).collect();
    let words = documents.split(|c: char| !c.is_ascii_hexdigit()).filter(|word| word.len() == 32);
    let referred: std::collections::HashSet<&str> = words.collect();
    if let Some(facets) = tables.get("facet").cloned() {
        let live = facets.into_iter().filter(|(key, _)| referred.contains(&*key.replace('-', "")));
        let live = live.collect();
        tables.insert("facet", live);
    }
    tables
}

/// Names the first row that differs between two dumps, if any does.
pub fn difference(
    one: &BTreeMap<&'static str, Rows>,
    other: &BTreeMap<&'static str, Rows>,
) -> Option<String> {
    for (table, rows) in one {
        let others = other.get(table)?;
        for key in rows.keys().chain(others.keys()) {
            let (left, right) = (rows.get(key), others.get(key));
            if left != right {
                let none = String::from("(none)");
                let (left, right) = (left.unwrap_or(&none), right.unwrap_or(&none));
                return Some(format!("{table} {key}\n--- one\n{left}\n--- other\n{right}"));
            }
        }
    }
    None
}

/// Returns the ids in a column of a table.
pub fn ids(rows: &Rows, column: &str) -> BTreeSet<String> {
    let start = format!("{column}=");
    let lines = rows.values().flat_map(|row| row.lines());
    lines.filter_map(|line| line.strip_prefix(&start)).map(str::to_owned).collect()
}

/// Returns what a world keeps, but of findings only what was found, and of sources not who told
/// first how to reach them: when something was received and by whom it was said are of one world
/// alone.
pub async fn held(world: &World) -> BTreeMap<&'static str, Rows> {
    let mut tables = world.projections().await;
    for row in tables.values_mut().flat_map(|rows| rows.values_mut()) {
        let lines = row.lines().map(|line| {
            let doc = line.strip_prefix("doc=").and_then(|doc| serde_json::from_str(doc).ok());
            let Some(Value::Object(mut doc)) = doc else { return line.to_owned() };
            doc.remove("told");
            if let Some(Value::Array(findings)) = doc.get_mut("findings") {
                let mut what = BTreeSet::new();
                for finding in findings.iter_mut().filter_map(Value::as_object_mut) {
                    finding.retain(|key, _| !["s", "b"].contains(&key.as_str()));
                    what.insert(Value::Object(finding.clone()).to_string());
                }
                *findings = what.into_iter().map(Value::String).collect();
            }
            format!("doc={}", Value::Object(doc))
        });
        *row = lines.collect::<Vec<_>>().join("\n");
    }
    tables
}
