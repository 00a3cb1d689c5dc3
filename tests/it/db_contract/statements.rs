//! Every text of SQL in the database room is prepared on both databases.
//!
//! The texts are read from the sources, so that none is forgotten: whatever literal begins
//! like a statement must either be one or become one by the words filled in here.

use lethe::db::DbUrl;
use sqlx::postgres::PgPool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use sqlx::{Executor, SqlSafeStr};

use crate::world::{Backend, World};

/// What stands for the variable parts of a text.
const FILLED: &[(&str, &[&str])] = &[
    ("{COLUMNS}", &["seq, id, kind, event_time, received_at, subject, run, block, slot, voice"]),
    ("{WRITER_LOCK}", &["1"]),
    ("{millis}", &["60000"]),
    ("{limit}", &["60000"]),
    ("{silent}", &["15000"]),
    ("{kinds}", &["kind = 0", "kind <> 3"]),
    ("{order}", &["ASC", "DESC"]),
    ("{filter}", &["hidden = FALSE AND ($2 OR state IN ($3, $4, $5, $6, $7))"]),
    ("{of_namespace}", &[" AND namespace_id = $8", " AND CAST($8 AS UUID) IS NULL"]),
    ("{seen}", &[" AND (CAST($1 AS TEXT) IS NULL OR access_class = 7)"]),
    (
        "{of_jobs}",
        &[
            "CAST($1 AS TEXT) IS NULL",
            "EXISTS (SELECT 1 FROM job WHERE job.id = event.subject AND (CAST($1 AS TEXT) IS NULL OR access_class = 7))",
        ],
    ),
    ("{LOCK_WAIT_MS_MAX}", &["10000"]),
    ("{ASIDE_MS_MAX}", &["10000"]),
    ("{ASIDE_LOCK}", &["1"]),
    ("{TABLES_WAIT_MS}", &["300"]),
    ("{own}", &["public"]),
    ("{aside}", &["public"]),
    ("{table}", &["dataset", "job"]),
    ("{column}", &["pg_column_size(doc)"]),
];

/// Statements of one database only.
const ONLY_POSTGRES: &[&str] = &[
    "SET LOCAL lock_timeout",
    "SELECT pg_advisory_xact_lock",
    "SELECT pg_is_in_recovery",
    "SELECT pg_try_advisory_xact_lock_shared",
    "SELECT set_config(",
    "SELECT current_setting(",
    "SET ",
    "SELECT CAST(EXTRACT(EPOCH",
    "SELECT text FROM (",
    "SELECT format(",
    "SELECT pg_try_advisory_lock_shared",
    "SELECT COUNT(*) FROM (SELECT repeat(md5(",
    "SELECT pg_database_size",
    "SELECT pg_relation_size",
    "WITH moved AS",
    "SELECT n.nspname",
    "INSERT INTO public.",
    "UPDATE public.",
    "CREATE SCHEMA public",
    "DROP TABLE public.",
    "DROP SCHEMA public",
];
const ONLY_SQLITE: &[&str] =
    &["SELECT sqlite_version()", "BEGIN IMMEDIATE", "SELECT f.freelist_count"];

const BEGINNINGS: &[&str] =
    &["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "SET ", "BEGIN ", "WITH ", "CREATE ", "DROP "];

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_is_understood_by_both_databases() {
    let texts = statements();
    assert!(texts.len() > 60, "{} statements were found", texts.len());
    for backend in Backend::ALL {
        let world = World::new(backend).await;
        for text in &texts {
            let begins = |list: &[&str]| list.iter().any(|beginning| text.starts_with(beginning));
            let others = if backend == Backend::Sqlite { ONLY_POSTGRES } else { ONLY_SQLITE };
            if !begins(others) {
                let understood = prepare(&world.url, text).await;
                assert!(understood.is_ok(), "{backend:?}: {text}: {:?}", understood.err());
            }
        }
        world.app.stop().await;
    }
}

async fn prepare(url: &DbUrl, text: &str) -> Result<(), sqlx::Error> {
    let text = sqlx::AssertSqlSafe(text.to_owned()).into_sql_str();
    match url {
        DbUrl::Sqlite(path) => {
            let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(path)).await?;
            pool.prepare(text).await?;
            pool.close().await;
        }
        DbUrl::Postgres(url) => {
            let pool = PgPool::connect(url).await?;
            pool.prepare(text).await?;
            pool.close().await;
        }
    }
    Ok(())
}

/// Reads all statements from the sources, with their variable parts filled in.
fn statements() -> Vec<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/db");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root).expect("the room").flatten() {
        let source = std::fs::read_to_string(entry.path()).expect("a source");
        let code = source.split("#[cfg(test)]").next().unwrap_or_default();
        let literals = literals(code);
        for (place, literal) in literals.iter().enumerate() {
            if BEGINNINGS.iter().any(|beginning| literal.starts_with(beginning)) {
                let rest = literals.get(place + 1).map(String::as_str).unwrap_or_default();
                found.extend(complete(literal, rest).into_iter().flat_map(fill));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Makes whole statements of texts to which rows or keys are added when they run.
fn complete(literal: &str, next: &str) -> Vec<String> {
    if literal.starts_with("INSERT ") && !literal.contains("VALUES") && !literal.contains("SELECT")
    {
        let columns = literal.matches(',').count() + 1;
        let values: Vec<String> = (1..=columns).map(|n| format!("${n}")).collect();
        let tail = if next.trim_start().starts_with("ON CONFLICT") { next } else { "" };
        return vec![format!("{literal}VALUES ({}){tail}", values.join(", "))];
    }
    const KEYS: [&str; 11] = [
        "id",
        "d.id",
        "seq",
        "size",
        "digest",
        "mark",
        "dataset",
        "canonical_id",
        "tail",
        "source",
        "parent",
    ];
    if KEYS.iter().any(|key| literal.ends_with(&format!("WHERE {key}"))) {
        let tail = if next.trim_start().starts_with("GROUP BY") { next } else { "" };
        return vec![format!("{literal} IN ($1, $2){tail}")];
    }
    if literal.ends_with("(dataset, write, at, run) IN (") {
        return vec![format!(
            "{literal}VALUES (CAST($1 AS UUID), CAST($2 AS BOOLEAN), CAST($3 AS BIGINT), CAST($4 AS UUID)))"
        )];
    }
    if literal == "SELECT doc FROM " {
        // `concat!("SELECT doc FROM ", $what, …)` of the small aggregates.
        let tables = ["namespace", "source", "tag"];
        return tables.iter().map(|table| format!("{literal}{table}{next}")).collect();
    }
    if literal.contains("COUNT(*)") && literal.ends_with(" FROM audit_record") {
        return vec![format!("{literal} GROUP BY 1, 2")];
    }
    vec![literal.to_owned()]
}

fn fill(text: String) -> Vec<String> {
    let mut texts = vec![text];
    for (part, words) in FILLED {
        texts = texts
            .into_iter()
            .flat_map(|text| -> Vec<String> {
                if !text.contains(part) {
                    return vec![text];
                }
                words.iter().map(|word| text.replace(part, word)).collect()
            })
            .collect();
    }
    for text in &texts {
        assert!(!text.contains('{'), "say in FILLED what stands in: {text}");
    }
    texts
}

/// Reads the string literals of Rust code, in order; comments are passed by.
fn literals(code: &str) -> Vec<String> {
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code: String = lines.flat_map(|line| [line, "\n"]).collect();
    let mut found = Vec::new();
    let mut rest = &code[..];
    while let Some(start) = rest.find('"') {
        // A character literal of a quote opens nothing.
        if rest[..start].ends_with('\'') && rest[start + 1..].starts_with('\'') {
            rest = &rest[start + 2..];
            continue;
        }
        let mut literal = String::new();
        let mut chars = rest[start + 1..].char_indices();
        let mut end = rest.len();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    end = start + 1 + at + 1;
                    break;
                }
                '\\' => match chars.next() {
                    // A line that goes on: its beginning is no part of the text.
                    Some((_, '\n')) => {
                        let mut ahead = chars.clone();
                        while let Some((_, ' ')) = ahead.next() {
                            chars.next();
                        }
                    }
                    Some((_, other)) => literal.push(other),
                    None => {}
                },
                c => literal.push(c),
            }
        }
        found.push(literal);
        rest = &rest[end..];
    }
    found
}
