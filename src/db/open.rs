//! Opening and migrating the database.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection, SqlitePool};

use super::error::DbError;
use super::pools::{Pools, Reads};
use super::server::Server;
use crate::base::Time;
use crate::base::limits::LOCK_WAIT_MS_MAX;

/// SQLite versions before this one can corrupt their write-ahead log.
const SQLITE_MIN: (u32, u32, u32) = (3, 51, 3);
/// Connections that read beside the writer.
const READERS: u32 = 6;

/// Which database to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DbUrl {
    /// A file of our own.
    Sqlite(PathBuf),
    /// A server; the URL may hold a password and is never printed.
    Postgres(String),
}

impl DbUrl {
    /// Reads `sqlite:PATH`, `sqlite://PATH`, `postgres://…` or `postgresql://…`.
    ///
    /// # Errors
    ///
    /// [`DbError::Url`] for anything else; the message names the scheme only.
    pub fn parse(url: &str) -> Result<Self, DbError> {
        let scheme = url.split(':').next().unwrap_or_default();
        match scheme {
            "sqlite" => {
                let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
                let path = path.split('?').next().unwrap_or_default();
                if path.is_empty() || path == ":memory:" {
                    return Err(DbError::Url("sqlite needs a path to a file".to_owned()));
                }
                Ok(Self::Sqlite(PathBuf::from(path)))
            }
            "postgres" | "postgresql" => Ok(Self::Postgres(url.to_owned())),
            other => Err(DbError::Url(format!(
                "scheme `{}` is none of sqlite, postgres, postgresql",
                other.chars().take(20).collect::<String>()
            ))),
        }
    }

    /// The embedded default: one file in the data directory.
    #[must_use]
    pub fn in_dir(dir: &Path) -> Self {
        Self::Sqlite(dir.join("lethe.sqlite"))
    }
}

/// The database: SQLite with one writer beside its readers, or PostgreSQL.
#[derive(Debug, Clone)]
pub enum Db {
    /// A file of our own.
    Sqlite {
        /// Many connections that only read.
        readers: SqlitePool,
        /// The one connection that writes.
        writer: SqlitePool,
    },
    /// A server, perhaps shared with other nodes.
    Postgres {
        /// Those that read for whoever holds this handle.
        reads: Reads,
        /// All of them.
        pools: Arc<Pools>,
    },
}

impl Db {
    /// Connects; creates the SQLite file if there is none. Does not migrate.
    ///
    /// # Errors
    ///
    /// [`DbError::Unavailable`] if it cannot be reached or opened within
    /// [`LOCK_WAIT_MS_MAX`], [`DbError::OldSqlite`] if it must not be used.
    pub async fn open(url: &DbUrl) -> Result<Self, DbError> {
        match url {
            DbUrl::Sqlite(path) => Self::open_sqlite(path).await,
            DbUrl::Postgres(url) => {
                let pools = Arc::new(Pools::open(Server::parse(url)?).await?);
                Ok(Self::Postgres { reads: pools.readers.clone(), pools })
            }
        }
    }

    async fn open_sqlite(path: &Path) -> Result<Self, DbError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_millis(LOCK_WAIT_MS_MAX))
            .page_size(8192)
            .pragma("temp_store", "memory")
            .pragma("journal_size_limit", "67108864")
            .statement_cache_capacity(200);
        let mut writing =
            options.clone().pragma("cache_size", "-65536").pragma("wal_autocheckpoint", "4000");
        // Pages of a new file that become free can be cut off its end (`reclaim.rs`). Said of one
        // that is there, it would wait for the writer's lock at each connection.
        if std::fs::metadata(path).map_or(true, |file| file.len() == 0) {
            writing = writing.auto_vacuum(SqliteAutoVacuum::Incremental);
        }
        let wait = Duration::from_millis(LOCK_WAIT_MS_MAX);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(wait)
            // Out of room, SQLite may roll back by itself. sqlx's own rollback then fails, and
            // it would refuse to begin anything on this connection ever after.
            .before_acquire(|conn, _| Box::pin(async { Ok(!conn.is_in_transaction()) }))
            .connect_with(writing)
            .await?;
        let version: String =
            sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&writer).await?;
        if parse_version(&version) < SQLITE_MIN {
            return Err(DbError::OldSqlite(version));
        }
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(wait)
            .connect_with(options.pragma("cache_size", "-16384").pragma("query_only", "true"))
            .await?;
        Ok(Self::Sqlite { readers, writer })
    }

    /// Brings the schema up to date.
    ///
    /// # Errors
    ///
    /// [`DbError::Migrate`] if the database holds a newer schema or a step fails.
    pub async fn migrate(&self) -> Result<(), DbError> {
        match self {
            Self::Sqlite { writer, .. } => sqlx::migrate!("migrations/sqlite").run(writer).await?,
            Self::Postgres { pools, .. } => {
                let migrator = sqlx::migrate!("migrations/postgres");
                if pools.is_by_transaction() {
                    let newest = migrator.iter().map(|step| step.version).max();
                    return self.is_migrated(newest.unwrap_or_default()).await;
                }
                let mut conn = pools.migrating().await?;
                migrator.run(&mut conn).await?;
                conn.close().await?;
            }
        }
        Ok(())
    }

    /// Looks whether the schema is there: through a pooler that gives each transaction another
    /// connection it cannot be made.
    async fn is_migrated(&self, newest: i64) -> Result<(), DbError> {
        const VERSION: &str = "SELECT MAX(version) FROM _sqlx_migrations";
        let version: Result<Option<i64>, _> =
            on_db!(self, pool => sqlx::query_scalar(VERSION).fetch_one(pool).await);
        match version.map_err(DbError::from) {
            Ok(version) if version == Some(newest) => Ok(()),
            Err(error) if error.is_retriable() => Err(error),
            _ => Err(DbError::Url(
                "the schema is not this version's: run `lethe migrate` with a URL that leads to the \
                 server itself, not through a pooler by transactions"
                    .to_owned(),
            )),
        }
    }

    /// Looks for a server that takes connections (and writes, where that was asked for) among those
    /// that the URL names, and goes to that. Nothing is done where it names one.
    pub async fn find_server(&self) {
        if let Self::Postgres { pools, .. } = self {
            pools.find_server().await;
        }
    }

    /// Returns which database this is, in a word.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "sqlite",
            Self::Postgres { .. } => "postgres",
        }
    }

    /// Returns whether other nodes may write to it too.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        matches!(self, Self::Postgres { .. })
    }

    /// Returns what time it is by the clock that several nodes share; nothing where there is none.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn shared_time(&self) -> Result<Option<Time>, DbError> {
        let Self::Postgres { reads, .. } = self else { return Ok(None) };
        const NOW: &str = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)";
        let now: i64 = sqlx::query_scalar(NOW).fetch_one(reads).await?;
        Ok(Some(Time::from_micros(now)))
    }

    /// Returns a handle for work behind the scenes, which keeps no answer waiting: on PostgreSQL
    /// it reads on connections of its own, where statements may take longer.
    #[must_use]
    pub fn behind_the_scenes(&self) -> Self {
        match self {
            Self::Sqlite { .. } => self.clone(),
            Self::Postgres { pools, .. } => {
                Self::Postgres { reads: pools.followers.clone(), pools: Arc::clone(pools) }
            }
        }
    }

    /// Asks the database for a sign of life, on a connection that is kept for it; returns the
    /// last commit's position.
    ///
    /// # Errors
    ///
    /// [`DbError::Unavailable`] if there is none within a few seconds.
    pub async fn ping(&self) -> Result<u64, DbError> {
        const POSITION: &str = "SELECT position FROM head WHERE id = 1";
        let position: i64 = match self {
            Self::Sqlite { readers, .. } => sqlx::query_scalar(POSITION).fetch_one(readers).await?,
            Self::Postgres { pools, .. } => {
                sqlx::query_scalar(POSITION).fetch_one(&pools.health).await?
            }
        };
        Ok(u64::try_from(position).unwrap_or(0))
    }

    /// Closes all connections, after what they are doing.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres { pools, .. } => pools.close().await,
        }
    }
}

fn parse_version(text: &str) -> (u32, u32, u32) {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    (next(), next(), next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_told_apart_and_no_password_is_repeated() {
        assert_eq!(DbUrl::parse("sqlite:///x/y.db").unwrap(), DbUrl::Sqlite("/x/y.db".into()));
        assert_eq!(DbUrl::parse("sqlite:y.db").unwrap(), DbUrl::Sqlite("y.db".into()));
        assert!(matches!(DbUrl::parse("postgres://a:b@h/d").unwrap(), DbUrl::Postgres(_)));
        let error = DbUrl::parse("mysql://root:secret@h/d").unwrap_err().to_string();
        assert!(error.contains("mysql") && !error.contains("secret"), "{error}");
        assert!(DbUrl::parse("sqlite::memory:").is_err());
    }
}
