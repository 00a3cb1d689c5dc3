//! Giving space back to the system, after much was removed.
//!
//! SQLite keeps free pages in its file; a new file is made so that they can be cut off its end, a
//! few at a time (`auto_vacuum`). PostgreSQL cuts free pages off a table's end only, and what is
//! left after the oldest was removed lies just there: so rows at the end are written anew, into
//! the free pages before them, some pages at a time under the writer's lock; then VACUUM cuts the
//! end off, and indexes are built anew beside their use. Partitions would be dropped at once, but
//! what has to be unique (an event's id, which follows from its content) is so within a partition
//! only, and runs go by what is still needed of them, not by their age alone.

use std::time::Duration;

use sqlx::PgConnection;

use super::aside::ASIDE_LOCK;
use super::error::DbError;
use super::open::Db;
use super::tx::Inner;

/// A table that retention thins.
#[derive(Clone, Copy)]
struct Thinned {
    table: &'static str,
    /// What a row takes where that differs, in words of SQL.
    column: &'static str,
    /// What it takes besides, in bytes, with what the table itself needs for it.
    fixed: i64,
}

const THINNED: [Thinned; 5] = [
    Thinned { table: "event", column: "0", fixed: 150 },
    Thinned { table: "event_again", column: "0", fixed: 70 },
    Thinned { table: "event_block", column: "pg_column_size(body)", fixed: 60 },
    Thinned { table: "run", column: "pg_column_size(doc)", fixed: 250 },
    Thinned { table: "run_use", column: "0", fixed: 148 },
];
/// A table is worked on when it takes more than its rows need by this part of them (in percent) ...
const LOOSE_PERCENT: i64 = 60;
/// ... and by so many bytes.
const LOOSE_BYTES: u32 = 16 << 20;
/// Pages whose rows are written anew at once.
const PAGES: i64 = 16;
/// How often the end of a table is gone through: others write there too.
const ROUNDS: usize = 3;
/// A table of so many pages at most is written anew as a whole if moving rows did not do: where
/// PostgreSQL puts a row is not ours to say, and one row at the end keeps all before it.
const SMALL_PAGES: i64 = 8_192;
/// How long that may wait for those who read, who stand behind it meanwhile.
const SMALL_WAIT: &str = "SET lock_timeout = 300";
/// Free pages of a SQLite file that are cut off at once.
const FREED_AT_ONCE: i64 = 256;
/// A SQLite file keeps this part of its pages free for what comes next.
const KEPT_FREE: i64 = 10;
/// The least time that others are left between two pieces.
const PAUSE_MIN: Duration = Duration::from_millis(5);

/// What was given back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reclaimed {
    /// Bytes that the database took before.
    pub before: u64,
    /// Bytes that it takes now.
    pub after: u64,
    /// Whether the file must be written anew once before anything of it can be given back: an
    /// older version made it.
    pub is_stuck: bool,
}

fn bytes(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

impl Db {
    /// Gives back what is free beyond what will soon be used again, in pieces that hold nobody up.
    /// Stops early if `goes_on` says so; the rest is found the next time.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails, or is rebuilt meanwhile.
    pub async fn reclaim(&self, goes_on: impl Fn() -> bool) -> Result<Reclaimed, DbError> {
        self.reclaim_beyond(LOOSE_BYTES, goes_on).await
    }

    /// The same, where a table of PostgreSQL takes so many bytes more than it needs.
    ///
    /// # Errors
    ///
    /// As [`Self::reclaim`].
    pub async fn reclaim_beyond(
        &self,
        spare: u32,
        goes_on: impl Fn() -> bool,
    ) -> Result<Reclaimed, DbError> {
        match self {
            Self::Sqlite { .. } => self.reclaim_pages(goes_on).await,
            Self::Postgres { pools, .. } if pools.is_by_transaction() => Ok(Reclaimed::default()),
            Self::Postgres { pools, .. } => {
                let mut conn = pools.migrating().await?;
                let done = self.reclaim_tables(&mut conn, i64::from(spare), goes_on).await;
                // With the connection goes its lock, whatever came of it.
                drop(conn);
                done
            }
        }
    }

    async fn reclaim_pages(&self, goes_on: impl Fn() -> bool) -> Result<Reclaimed, DbError> {
        const FREE: &str = "SELECT f.freelist_count, p.page_count, s.page_size, v.auto_vacuum \
             FROM pragma_freelist_count f, pragma_page_count p, pragma_page_size s, pragma_auto_vacuum v";
        let mut reclaimed = Reclaimed::default();
        while let Self::Sqlite { writer, .. } = self {
            let (free, pages, size, mode): (i64, i64, i64, i64) =
                sqlx::query_as(FREE).fetch_one(writer).await?;
            reclaimed.after = bytes(pages.saturating_mul(size));
            reclaimed.before = reclaimed.before.max(reclaimed.after);
            let spare = free - pages / KEPT_FREE;
            if spare < FREED_AT_ONCE || !goes_on() {
                break;
            }
            if mode != 2 {
                reclaimed.is_stuck = true;
                break;
            }
            let began = tokio::time::Instant::now();
            let free = format!("PRAGMA incremental_vacuum({FREED_AT_ONCE})");
            // Each row that it gives is a page that it frees.
            sqlx::raw_sql(sqlx::AssertSqlSafe(free)).fetch_all(writer).await?;
            tokio::time::sleep(began.elapsed().max(PAUSE_MIN)).await;
        }
        Ok(reclaimed)
    }

    async fn reclaim_tables(
        &self,
        conn: &mut PgConnection,
        spare: i64,
        goes_on: impl Fn() -> bool,
    ) -> Result<Reclaimed, DbError> {
        const SHARE: &str = "SELECT pg_try_advisory_lock_shared($1)";
        if !sqlx::query_scalar::<_, bool>(SHARE).bind(ASIDE_LOCK).fetch_one(&mut *conn).await? {
            return Err(DbError::Conflict("the tables"));
        }
        let mut reclaimed = Reclaimed { before: size(conn).await?, ..Reclaimed::default() };
        for table in THINNED {
            if goes_on() && looseness(conn, table, spare).await?.is_some() {
                self.pull_together(conn, table, spare, &goes_on).await?;
            }
        }
        reclaimed.after = size(conn).await?;
        Ok(reclaimed)
    }

    /// Writes the rows at a table's end anew, cuts the end off, and builds its indexes anew.
    async fn pull_together(
        &self,
        conn: &mut PgConnection,
        thinned: Thinned,
        spare: i64,
        goes_on: &impl Fn() -> bool,
    ) -> Result<(), DbError> {
        let Thinned { table, .. } = thinned;
        vacuum(conn, table).await?;
        for _ in 0..ROUNDS {
            let Some((mut page, until)) = looseness(conn, thinned, spare).await? else { break };
            while page > until {
                if !goes_on() {
                    return Ok(());
                }
                let began = tokio::time::Instant::now();
                self.move_rows(table, ((page - PAGES).max(until), page)).await?;
                page -= PAGES;
                tokio::time::sleep(began.elapsed().max(PAUSE_MIN)).await;
            }
            vacuum(conn, table).await?;
        }
        match looseness(conn, thinned, spare).await? {
            Some((pages, until)) if until < pages && pages <= SMALL_PAGES => {
                full(conn, table).await
            }
            _ => index_anew(conn, table).await,
        }
    }

    /// Writes the rows of some pages of a table anew, wherever there is room.
    async fn move_rows(&self, table: &str, (from, to): (i64, i64)) -> Result<(), DbError> {
        // A page of 8 KiB holds 291 rows at most.
        let text = format!(
            "WITH moved AS (DELETE FROM {table} WHERE ctid = ANY (ARRAY(\
             SELECT format('(%s,%s)', page, line)::tid FROM generate_series($1::bigint, $2::bigint) page, generate_series(1, 291) line)) \
             RETURNING *) INSERT INTO {table} SELECT * FROM moved"
        );
        let mut tx = self.begin().await?;
        if let Inner::Postgres(held) = &mut tx.inner {
            let moving = sqlx::query(sqlx::AssertSqlSafe(text)).bind(from).bind(to - 1);
            moving.execute(held.conn()).await?;
        }
        tx.commit().await
    }
}

async fn size(conn: &mut PgConnection) -> Result<u64, DbError> {
    const SIZE: &str = "SELECT pg_database_size(current_database())";
    Ok(bytes(sqlx::query_scalar(SIZE).fetch_one(conn).await?))
}

/// Where a table takes much more than its rows need: its number of pages, and how many would do.
async fn looseness(
    conn: &mut PgConnection,
    Thinned { table, column, fixed }: Thinned,
    least: i64,
) -> Result<Option<(i64, i64)>, DbError> {
    let text = format!(
        "SELECT pg_relation_size('{table}') / current_setting('block_size')::bigint, pg_table_size('{table}'), \
         (SELECT count(*) FROM {table}), (SELECT COALESCE(sum({column}), 0)::bigint FROM {table})"
    );
    let (pages, taken, rows, wide): (i64, i64, i64, i64) =
        sqlx::query_as(sqlx::AssertSqlSafe(text)).fetch_one(conn).await?;
    let needed = rows * fixed + wide;
    let spare = taken - needed;
    if spare < least || spare * 100 < needed * LOOSE_PERCENT {
        return Ok(None);
    }
    // Bodies lie in a file beside the table, which says nothing of where: all of them are moved.
    let would_do = if table == "event_block" { 0 } else { pages * needed / taken.max(1) };
    Ok(Some((pages, (would_do + would_do / 10).min(pages))))
}

async fn vacuum(conn: &mut PgConnection, table: &str) -> Result<(), DbError> {
    let text = format!("VACUUM (ANALYZE) {table}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(conn).await?;
    Ok(())
}

/// Writes a small table and its indexes anew, unless others have it all the while: then the next time.
async fn full(conn: &mut PgConnection, table: &str) -> Result<(), DbError> {
    sqlx::raw_sql(SMALL_WAIT).execute(&mut *conn).await?;
    let text = format!("VACUUM (FULL, ANALYZE) {table}");
    let done = sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(&mut *conn).await;
    sqlx::raw_sql("RESET lock_timeout").execute(conn).await?;
    match done.map_err(DbError::from) {
        Err(error) if !error.is_busy() => Err(error),
        _ => Ok(()),
    }
}

/// Builds a table's indexes anew beside their use, after what is left of a try that was ended.
async fn index_anew(conn: &mut PgConnection, table: &str) -> Result<(), DbError> {
    const LEFT: &str = "SELECT format('DROP INDEX CONCURRENTLY %s', indexrelid::regclass) FROM pg_index \
         WHERE NOT indisvalid AND indrelid = CAST($1 AS TEXT)::regclass";
    let left: Vec<String> = sqlx::query_scalar(LEFT).bind(table).fetch_all(&mut *conn).await?;
    for text in left {
        sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(&mut *conn).await?;
    }
    let text = format!("REINDEX TABLE CONCURRENTLY {table}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(conn).await?;
    Ok(())
}
