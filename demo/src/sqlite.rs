//! `SQLite` databases: the operational systems and the warehouse.
//!
//! Each call opens the database anew and closes it again, so that somebody else (Lethe, for one)
//! can change or replace the file between two jobs.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, Row, TypeInfo, ValueRef};

use crate::frame::Field;
use crate::value::{Kind, Value};

/// How long a statement waits for somebody else's lock.
const BUSY: Duration = Duration::from_secs(10);

/// An open database.
pub struct Database(SqliteConnection);

impl Database {
    /// Opens the database, and makes it if it is not there.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened or made.
    pub async fn open(path: &Path) -> Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .busy_timeout(BUSY)
            .disable_statement_logging();
        let opened = SqliteConnection::connect_with(&options).await;
        Ok(Self(opened.with_context(|| format!("cannot open {}", path.display()))?))
    }

    /// Closes the database.
    ///
    /// # Errors
    ///
    /// If the last write cannot be finished.
    pub async fn close(self) -> Result<()> {
        Ok(self.0.close().await?)
    }

    /// Runs statements that give no rows, and returns how many rows the last one changed.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub async fn run(&mut self, sql: &str) -> Result<u64> {
        let sql = AssertSqlSafe(sql.to_owned());
        Ok(self.0.execute(sqlx::raw_sql(sql)).await?.rows_affected())
    }

    /// Runs a query with arguments and returns its rows.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub async fn rows(&mut self, sql: &str, arguments: &[Value]) -> Result<Vec<Vec<Value>>> {
        let query = bind(sql, arguments);
        let rows = query.fetch_all(&mut self.0).await.with_context(|| sql.to_owned())?;
        rows.iter().map(values).collect()
    }

    /// Columns of a table, in order; none if there is no such table.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub async fn fields(&mut self, table: &str) -> Result<Vec<Field>> {
        let sql = "SELECT name, type FROM pragma_table_info(?1) ORDER BY cid";
        let rows = self.rows(sql, &[Value::from(table)]).await?;
        let field = |row: &Vec<Value>| Field {
            name: row[0].to_string(),
            kind: Kind::from_sqlite(row[1].as_text().unwrap_or_default()),
        };
        Ok(rows.iter().map(field).collect())
    }

    /// Number of rows of a table.
    ///
    /// # Errors
    ///
    /// If there is no such table.
    pub async fn count(&mut self, table: &str) -> Result<u64> {
        let rows = self.rows(&format!("SELECT count(*) FROM {table}"), &[]).await?;
        match rows.first().and_then(|row| row.first()) {
            Some(Value::Int(count)) => Ok(u64::try_from(*count)?),
            _ => Ok(0),
        }
    }

    /// Makes a table unless it is there; `replace` drops what is there.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub async fn create(&mut self, table: &str, fields: &[Field], replace: bool) -> Result<()> {
        if replace {
            self.run(&format!("DROP TABLE IF EXISTS {table}")).await?;
        }
        let columns = fields.iter().map(|field| format!("{} {}", field.name, field.kind.sqlite()));
        let columns = columns.collect::<Vec<_>>().join(", ");
        self.run(&format!("CREATE TABLE IF NOT EXISTS {table} ({columns})")).await?;
        Ok(())
    }

    /// Appends rows to a table, all or none.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub async fn insert(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &[Vec<Value>],
    ) -> Result<()> {
        let marks = vec!["?"; columns.len()].join(", ");
        let sql = format!("INSERT INTO {table} ({}) VALUES ({marks})", columns.join(", "));
        let mut transaction = self.0.begin().await?;
        for row in rows {
            bind(&sql, row).execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Keeps the newest rows of a table, as an archive job of the system's vendor would.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub async fn trim(&mut self, table: &str, rows_max: u32) -> Result<()> {
        let kept = format!("SELECT max(rowid) - {rows_max} FROM {table}");
        self.run(&format!("DELETE FROM {table} WHERE rowid <= ({kept})")).await?;
        Ok(())
    }
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

fn bind(sql: &str, arguments: &[Value]) -> Query<'static> {
    let query = sqlx::query(AssertSqlSafe(sql.to_owned()));
    arguments.iter().fold(query, |query, value| match value {
        Value::Null => query.bind(None::<i64>),
        Value::Int(number) => query.bind(*number),
        Value::Real(number) => query.bind(*number),
        Value::Text(text) => query.bind(text.clone()),
    })
}

fn values(row: &SqliteRow) -> Result<Vec<Value>> {
    let value = |at| {
        let raw = row.try_get_raw(at)?;
        Ok(match raw.type_info().name() {
            _ if raw.is_null() => Value::Null,
            "INTEGER" | "BOOLEAN" => Value::Int(row.try_get_unchecked(at)?),
            "REAL" => Value::Real(row.try_get_unchecked(at)?),
            _ => Value::Text(row.try_get_unchecked(at)?),
        })
    };
    (0..row.len()).map(value).collect()
}
