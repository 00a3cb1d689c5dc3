//! Connections to PostgreSQL on loan: whatever awaits an answer on one has an end.
//!
//! A host that is lost without a word answers nothing, and neither does its socket: waiting would
//! last for as long as the kernel sends again (tcp(7), `tcp_retries2`: 15 minutes and more). So
//! every statement has a limit here, in one place. A connection on which it struck, or whose
//! server turned read-only, is dropped and never lent again; sqlx asks a connection for a sign of
//! life when it is given back, without a limit, so that is done under one too.

use std::time::Duration;

use futures_util::TryStreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgQueryResult, PgRow, PgStatement, PgTypeInfo};
use sqlx::{Either, Execute, Executor, PgConnection, PgPool, Postgres, SqlStr};

/// How long a connection that is given back may take to show a sign of life.
const RETURN_TIME_MAX: Duration = Duration::from_secs(10);
/// What PostgreSQL says where a server does not take writes (25006, read_only_sql_transaction):
/// it was a standby when the connection was opened, or became one.
const READ_ONLY: &str = "25006";

/// A connection on loan.
#[derive(Debug)]
pub(super) struct Lent {
    /// Always there but while it is dropped.
    conn: Option<PoolConnection<Postgres>>,
    limit: Duration,
    /// Whether something failed since.
    failed: bool,
}

/// Makes the error of a database that is there no more, or never was.
pub(super) fn silent() -> sqlx::Error {
    sqlx::Error::Io(std::io::Error::new(
        std::io::ErrorKind::TimedOut,
        "the database gave no answer in time",
    ))
}

/// Waits for an answer, up to a time.
pub(super) async fn within<T>(
    limit: Duration,
    answer: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    tokio::time::timeout(limit, answer).await.unwrap_or_else(|_| Err(silent()))
}

impl Lent {
    /// Borrows a connection for statements that may take `limit` each.
    pub(super) async fn new(pool: &PgPool, limit: Duration) -> Result<Self, sqlx::Error> {
        let conn = Some(pool.acquire().await?);
        Ok(Self { conn, limit, failed: false })
    }

    /// Takes the connection out, to end what was begun within a time; nothing can be done with
    /// what is left.
    pub(super) fn take(&mut self, limit: Duration) -> Self {
        Self { conn: self.conn.take(), limit, ..*self }
    }

    /// Returns whether a statement failed.
    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    /// Forgets that a statement failed, after the transaction went back to where none had.
    pub(super) fn forgive(&mut self) {
        self.failed = false;
    }

    fn conn(&mut self) -> Result<&mut PgConnection, sqlx::Error> {
        self.conn.as_deref_mut().ok_or_else(silent)
    }

    /// Drops the connection: its server rolls back what was begun when it hears of that, or by
    /// its own limits.
    fn drop_hard(&mut self) {
        if let Some(conn) = self.conn.take() {
            metrics::counter!("lethe_database_connections_dropped_total").increment(1);
            drop(conn.detach());
        }
    }

    /// Takes note of what came of a statement.
    fn note<T>(&mut self, done: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        if let Err(error) = &done {
            self.failed = true;
            let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
            let lasts = match error {
                sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::Tls(_) => true,
                _ => code.is_some_and(|code| code == READ_ONLY),
            };
            if lasts {
                self.drop_hard();
            }
        }
        done
    }

    /// Executes plain text without values, in one exchange however many statements it holds.
    pub(super) async fn run(&mut self, text: String) -> Result<(), sqlx::Error> {
        let limit = self.limit;
        let text = sqlx::raw_sql(sqlx::AssertSqlSafe(text));
        let done = within(limit, text.execute(self.conn()?)).await;
        self.note(done.map(|_| ()))
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(mut conn) = self.conn.take() else { return };
        let back = conn.return_to_pool();
        // Without a runtime the future is dropped, and the connection with it.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(tokio::time::timeout(RETURN_TIME_MAX, back));
        }
    }
}

type Step = Either<PgQueryResult, PgRow>;

impl<'c> Executor<'c> for &'c mut Lent {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Step, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        // All of it at once: what is asked for is bounded, and the limit is for all of it.
        let all = async move {
            let limit = self.limit;
            let steps = self.conn()?.fetch_many(query).try_collect::<Vec<Step>>();
            let done = within(limit, steps).await;
            let steps = self.note(done)?;
            Ok(futures_util::stream::iter(steps.into_iter().map(Ok)))
        };
        Box::pin(futures_util::TryFutureExt::try_flatten_stream(all))
    }

    fn fetch_optional<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxFuture<'e, Result<Option<PgRow>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        Box::pin(async move {
            let limit = self.limit;
            let row = self.conn()?.fetch_optional(query);
            let done = within(limit, row).await;
            self.note(done)
        })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, sqlx::Error>>
    where
        'c: 'e,
    {
        Box::pin(async move {
            let limit = self.limit;
            let statement = self.conn()?.prepare_with(sql, parameters);
            let done = within(limit, statement).await;
            self.note(done)
        })
    }

    fn describe<'e>(
        self,
        sql: SqlStr,
    ) -> BoxFuture<'e, Result<sqlx::Describe<Postgres>, sqlx::Error>>
    where
        'c: 'e,
    {
        Box::pin(async move {
            let limit = self.limit;
            let description = self.conn()?.describe(sql);
            let done = within(limit, description).await;
            self.note(done)
        })
    }
}
