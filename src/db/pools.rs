//! Connections to PostgreSQL, by what they are for.
//!
//! Readers, followers, the writer and health have pools of their own: whoever waits for the
//! writer's lock keeps nobody from reading, and a node that is busy can still say so. Those of
//! this process who write stand in a queue before they take a connection and wait for the lock.

use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use sqlx::postgres::{
    PgConnectOptions, PgPoolOptions, PgQueryResult, PgRow, PgStatement, PgTypeInfo,
};
use sqlx::{
    ConnectOptions, Connection, Either, Execute, Executor, PgConnection, PgPool, Postgres, Row,
    SqlStr,
};
use tokio::sync::Semaphore;

use super::lent::{Lent, silent, within};
use super::server::Server;
use crate::base::limits::{ANSWER_MS_MAX, ASIDE_MS_MAX, LOCK_WAIT_MS_MAX, TRANSACTION_MS_MAX};

/// Connections for answers.
const READERS: u32 = 8;
/// Connections for followers and other work behind the scenes.
const FOLLOWERS: u32 = 4;
/// Connections for the one transaction at a time that writes; one more takes the place of one
/// that is being given up.
const WRITERS: u32 = 2;
/// How long a connection of the pool may take to show that it still is one, in milliseconds.
const SIGN_MS_MAX: u64 = 2_000;
/// How long is waited before a server that cannot be reached at the start is tried again.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(250);
/// How much longer than the server's own limit an answer is waited for, in milliseconds: the
/// server says what it was, silence does not.
const SILENCE_MS: u64 = 2_000;
/// How long a silent client keeps its place with the server, in milliseconds: a node whose host
/// was lost must not hold the writer's lock.
const CLIENT_SILENT_MS_MAX: u64 = 15_000;

/// All connections to one PostgreSQL.
#[derive(Debug)]
pub struct Pools {
    pub(super) readers: Reads,
    pub(super) followers: Reads,
    pub(super) health: Reads,
    writer: PgPool,
    /// Who of this process may wait for the writer's lock.
    turn: Arc<Semaphore>,
    server: Server,
}

impl Pools {
    /// Opens them; connections are made when they are wanted.
    pub(super) async fn open(server: Server) -> Result<Self, sqlx::Error> {
        let lock_wait = Duration::from_millis(LOCK_WAIT_MS_MAX);
        let answer = Duration::from_millis(ANSWER_MS_MAX);
        let long = Duration::from_millis(TRANSACTION_MS_MAX);
        let sign = Duration::from_millis(SIGN_MS_MAX);
        // Whether there is one is found out now, and why not is told.
        let options = first_contact(&server, lock_wait).await?;
        let reads = |connections, wait, limit| {
            let pool = pool_options(&server, connections, wait, limit);
            let limit = limit + Duration::from_millis(SILENCE_MS);
            let pool = pool.connect_lazy_with(options.clone());
            Reads { pool, limit, by_transaction: server.by_transaction }
        };
        let readers = reads(READERS, lock_wait, answer);
        let followers = reads(FOLLOWERS, lock_wait, long);
        let health = reads(1, sign, sign);
        let writer = reads(WRITERS, lock_wait, long).pool;
        let turn = Arc::new(Semaphore::new(1));
        Ok(Self { readers, followers, health, writer, turn, server })
    }

    /// Returns whether nothing lasts from one transaction to the next.
    pub(super) fn is_by_transaction(&self) -> bool {
        self.server.by_transaction
    }

    /// Returns what begins a transaction: where another client's prepared statements may be left
    /// on the connection, they go first.
    pub(super) fn beginning(&self) -> &'static str {
        if self.is_by_transaction() { "BEGIN; DEALLOCATE ALL" } else { "BEGIN" }
    }

    /// Goes to the first server of several that takes connections, and writes if it must.
    pub(super) async fn find_server(&self) {
        if self.server.hosts.len() < 2 {
            return;
        }
        let wait = Duration::from_millis(SIGN_MS_MAX);
        for options in &self.server.hosts {
            if within(wait, contact(options, self.server.writable)).await.is_ok() {
                for pool in self.all() {
                    pool.set_connect_options(options.clone());
                }
                return;
            }
        }
    }

    fn all(&self) -> [&PgPool; 4] {
        [&self.readers.pool, &self.followers.pool, &self.health.pool, &self.writer]
    }

    /// Waits in this process's queue, and borrows the writer's connection.
    pub(super) async fn lend_writer(&self) -> Result<Held, sqlx::Error> {
        let wait = Duration::from_millis(LOCK_WAIT_MS_MAX);
        let turn = tokio::time::timeout(wait, Arc::clone(&self.turn).acquire_owned()).await;
        let turn = turn.map_err(|_| sqlx::Error::PoolTimedOut)?;
        let turn = turn.map_err(|_| sqlx::Error::PoolClosed)?;
        let limit = Duration::from_millis(TRANSACTION_MS_MAX + SILENCE_MS);
        Ok(Held { lent: Lent::new(&self.writer, limit).await?, is_open: true, _turn: Some(turn) })
    }

    /// Borrows a connection for a transaction that writes where nobody else does, and so needs no
    /// turn.
    pub(super) async fn lend_aside(&self) -> Result<Held, sqlx::Error> {
        let limit = Duration::from_millis(ASIDE_MS_MAX + SILENCE_MS);
        let lent = Lent::new(&self.followers.pool, limit).await?;
        Ok(Held { lent, is_open: true, _turn: None })
    }

    /// Returns a connection of its own for migrations, whose steps may take long.
    pub(super) async fn migrating(&self) -> Result<PgConnection, sqlx::Error> {
        let mut conn = self.writer.acquire().await?.detach();
        sqlx::raw_sql("SET statement_timeout = 0").execute(&mut conn).await?;
        Ok(conn)
    }

    /// Closes all of them, after what they are doing.
    pub(super) async fn close(&self) {
        self.turn.close();
        for pool in self.all() {
            pool.close().await;
        }
    }
}

/// Connects and looks whether that is the server that is wanted.
async fn contact(options: &PgConnectOptions, writable: bool) -> Result<(), sqlx::Error> {
    let mut conn = options.connect().await?;
    must_be_primary(&mut conn, writable).await?;
    conn.close().await
}

/// Fails for a standby: it says what was true a while ago, also of what is hidden. Fails for a server that
/// was made read-only too, where only one that takes writes is wanted.
async fn must_be_primary(conn: &mut PgConnection, writable: bool) -> Result<(), sqlx::Error> {
    const STANDBY: &str = "SELECT pg_is_in_recovery()";
    // So is a transaction of a standby.
    const READ_ONLY: &str = "SELECT current_setting('transaction_read_only')::boolean";
    let (question, why) = match writable {
        true => (READ_ONLY, "the server takes no writes"),
        false => (STANDBY, "the server is a standby"),
    };
    let mut rows = sqlx::raw_sql(question).fetch_all(conn).await?.into_iter();
    match rows.next().map(|row| row.try_get::<bool, _>(0)) {
        Some(Ok(false)) => Ok(()),
        _ => Err(sqlx::Error::Io(std::io::Error::other(why))),
    }
}

/// Finds a server that lets us in, or why there is none: it may still be starting.
async fn first_contact(server: &Server, wait: Duration) -> Result<PgConnectOptions, sqlx::Error> {
    let end = tokio::time::Instant::now() + wait;
    loop {
        let mut why = silent();
        for options in &server.hosts {
            let tried = tokio::time::timeout_at(end, contact(options, server.writable)).await;
            match tried.unwrap_or_else(|_| Err(silent())) {
                Ok(()) => return Ok(options.clone()),
                Err(error) => why = error,
            }
        }
        let code = why.as_database_error().and_then(|error| error.code());
        // Who it is (class 28) and which database (3D) does not change by waiting.
        let lasts = code.is_some_and(|code| code.starts_with("28") || code.starts_with("3D"));
        let pause = tokio::time::timeout_at(end, tokio::time::sleep(TRY_AGAIN_AFTER));
        if lasts || pause.await.is_err() {
            return Err(why);
        }
    }
}

/// How a pool is kept: what is lent shows a sign of life first, and its session has limits of
/// its own at the server, where sessions last.
fn pool_options(
    server: &Server,
    connections: u32,
    wait: Duration,
    limit: Duration,
) -> PgPoolOptions {
    let (writable, by_transaction) = (server.writable, server.by_transaction);
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(wait)
        .test_before_acquire(false)
        .before_acquire(move |conn, _| {
            Box::pin(async move {
                let sign = must_be_primary(conn, writable);
                within(Duration::from_millis(SIGN_MS_MAX), sign).await.map(|()| true)
            })
        })
        .after_connect(move |conn, _| {
            Box::pin(async move {
                must_be_primary(conn, writable).await?;
                if by_transaction { Ok(()) } else { settle_in(conn, limit).await }
            })
        })
}

/// Gives a session its limits. Settings that a server does not know are passed by.
async fn settle_in(conn: &mut PgConnection, limit: Duration) -> Result<(), sqlx::Error> {
    let [limit, silent] = [limit.as_millis(), u128::from(CLIENT_SILENT_MS_MAX)];
    let settings = format!(
        "SELECT set_config(s.name, v.value, false) FROM (VALUES \
         ('statement_timeout', '{limit}'), ('idle_in_transaction_session_timeout', '{limit}'), \
         ('tcp_user_timeout', '{silent}'), ('tcp_keepalives_idle', '5'), \
         ('tcp_keepalives_interval', '5'), ('tcp_keepalives_count', '2'), \
         ('client_connection_check_interval', '5000')) AS v (name, value) \
         JOIN pg_catalog.pg_settings s ON s.name = v.name"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(settings)).execute(conn).await?;
    Ok(())
}

/// The connection of a transaction that writes, and its turn where that is the writer's.
#[derive(Debug)]
pub(super) struct Held {
    lent: Lent,
    /// Whether something may have been begun that was not committed.
    is_open: bool,
    _turn: Option<tokio::sync::OwnedSemaphorePermit>,
}

impl Held {
    /// Returns the connection.
    pub(super) fn conn(&mut self) -> &mut Lent {
        &mut self.lent
    }

    /// Commits what was begun.
    pub(super) async fn commit(mut self) -> Result<(), sqlx::Error> {
        if self.lent.has_failed() {
            // The server would roll back, and call it a commit.
            return Err(sqlx::Error::Protocol("a statement before the commit failed".to_owned()));
        }
        self.lent.run("COMMIT".to_owned()).await?;
        self.is_open = false;
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if !self.is_open {
            return;
        }
        let mut lent = self.lent.take(Duration::from_millis(SIGN_MS_MAX));
        // Without a runtime the connection is dropped, which rolls back as well.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { lent.run("ROLLBACK".to_owned()).await });
        }
    }
}

/// Connections that read: one for each statement.
#[derive(Debug, Clone)]
pub struct Reads {
    pool: PgPool,
    limit: Duration,
    by_transaction: bool,
}

impl Reads {
    /// Borrows a connection. Where nothing lasts, a transaction holds it, which begins by
    /// forgetting the statements that others have prepared on it.
    async fn lend(&self) -> Result<Lent, sqlx::Error> {
        let mut lent = Lent::new(&self.pool, self.limit).await?;
        if self.by_transaction {
            let millis = self.limit.as_millis();
            let limit = format!("SET LOCAL statement_timeout = {millis}");
            lent.run(["BEGIN; SET TRANSACTION READ ONLY; DEALLOCATE ALL", &limit].join("; "))
                .await?;
        }
        Ok(lent)
    }

    /// Ends what was begun with it.
    async fn done(&self, mut lent: Lent) -> Result<(), sqlx::Error> {
        if self.by_transaction { lent.run("COMMIT".to_owned()).await } else { Ok(()) }
    }
}

type Step = Either<PgQueryResult, PgRow>;

impl<'p> Executor<'p> for &'p Reads {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Step, sqlx::Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let all = async move {
            let mut lent = self.lend().await?;
            let steps: Result<Vec<Step>, _> = lent.fetch_many(query).try_collect().await;
            let done = self.done(lent).await;
            let steps = steps?;
            done?;
            Ok(futures_util::stream::iter(steps.into_iter().map(Ok)))
        };
        Box::pin(futures_util::TryFutureExt::try_flatten_stream(all))
    }

    fn fetch_optional<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxFuture<'e, Result<Option<PgRow>, sqlx::Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        Box::pin(async move {
            let mut lent = self.lend().await?;
            let row = lent.fetch_optional(query).await;
            let done = self.done(lent).await;
            let row = row?;
            done?;
            Ok(row)
        })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, sqlx::Error>>
    where
        'p: 'e,
    {
        Box::pin(async move {
            Lent::new(&self.pool, self.limit).await?.prepare_with(sql, parameters).await
        })
    }

    fn describe<'e>(
        self,
        sql: SqlStr,
    ) -> BoxFuture<'e, Result<sqlx::Describe<Postgres>, sqlx::Error>>
    where
        'p: 'e,
    {
        Box::pin(async move { Lent::new(&self.pool, self.limit).await?.describe(sql).await })
    }
}
