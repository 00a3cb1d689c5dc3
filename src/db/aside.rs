//! Projections that are folded aside, and take the place of those that are read once they are
//! whole.
//!
//! One transaction does all of it, and on PostgreSQL takes the writer's lock only at its end. It
//! makes the projections' tables anew in a schema that nobody else sees before it commits, and
//! names that schema first in its search path: so whatever reads and writes projections through it
//! means those, and the log and all else is what everybody reads. In the end the tables change
//! their schema and the old ones are dropped, with all the space that they took. On SQLite, whose
//! file has one server that must not run meanwhile, the projections are cleared and folded in
//! place under the lock.
//!
//! Whatever ends it early (an error, a signal, a lost host), the database is as it was, and there
//! is nothing to clean up.

use std::time::Duration;

use super::error::DbError;
use super::open::Db;
use super::tx::{Inner, Tx, WRITER_LOCK};
use crate::base::limits::{ASIDE_MS_MAX, LOCK_WAIT_MS_MAX};

/// What is folded aside. Access classes are numbered there and then looked up, so that a number
/// means the same to everybody.
const TABLES: [&str; 9] =
    ["namespace", "source", "tag", "dataset", "job", "run", "run_use", "facet", "access_class"];
/// How long one try to get the tables for itself alone may take, in milliseconds: less than
/// PostgreSQL waits before it looks for a deadlock, and readers wait as long.
const TABLES_WAIT_MS: u64 = 300;
/// Time between two tries, for those who read.
const TABLES_PAUSE: Duration = Duration::from_millis(100);
/// Tries before it is given up.
const TABLES_TRIES: usize = 60;

/// Says how to make the tables of a list (`$1`) anew in a schema (`$2`), as they are in another
/// (`$3`): their indexes keep their names, and whoever was granted something keeps that.
const MAKING: &str = "SELECT text FROM (\
     SELECT 1 AS step, format('CREATE TABLE %I.%I (LIKE %I.%I INCLUDING ALL EXCLUDING INDEXES)', CAST($2 AS TEXT), t.relname, n.nspname, t.relname) AS text \
     FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = $3 AND t.relkind = 'r' AND t.relname = ANY($1) \
     UNION ALL SELECT 2, replace(pg_get_indexdef(i.indexrelid), format(' ON %I.%I ', n.nspname, t.relname), format(' ON %I.%I ', CAST($2 AS TEXT), t.relname)) \
     FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = $3 AND t.relname = ANY($1) AND i.indisvalid \
     UNION ALL SELECT 3, format('ALTER TABLE %I.%I ADD CONSTRAINT %I PRIMARY KEY USING INDEX %I', CAST($2 AS TEXT), t.relname, c.conname, c.conname) \
     FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = $3 AND t.relname = ANY($1) AND c.contype = 'p' \
     UNION ALL SELECT 4, format('GRANT %s ON %I.%I TO %s', a.privilege_type, CAST($2 AS TEXT), t.relname, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END) \
     FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace, aclexplode(t.relacl) a WHERE n.nspname = $3 AND t.relkind = 'r' AND t.relname = ANY($1) AND a.grantee <> t.relowner\
     ) made ORDER BY step, text";

/// The tables that are swapped in.
fn projections() -> impl Iterator<Item = &'static str> {
    TABLES.into_iter().filter(|table| *table != "access_class")
}

/// The key of PostgreSQL's advisory lock that this transaction holds: "aside" in ASCII. What must
/// not be done beside it takes a share in it.
pub(super) const ASIDE_LOCK: i64 = 0x0061_7369_6465;

/// Where tables are made: the schema in use, and one beside it; as words of SQL.
struct Places {
    own: String,
    aside: String,
}

impl Db {
    /// Begins a transaction whose projections are empty ones beside those that others read. It
    /// has not got the writer's lock but on SQLite.
    ///
    /// # Errors
    ///
    /// [`DbError::Unavailable`] if it cannot begin or another such transaction goes on, [`DbError::Refused`] if the database's role may
    /// make no schema.
    pub async fn begin_aside(&self) -> Result<Tx, DbError> {
        let Self::Postgres { pools, .. } = self else {
            let mut tx = self.begin().await?;
            tx.clear_projections().await?;
            return Ok(tx);
        };
        let mut held = pools.lend_aside().await?;
        let begin = [
            pools.beginning().to_owned(),
            format!("SET LOCAL lock_timeout = {LOCK_WAIT_MS_MAX}"),
            format!("SET LOCAL statement_timeout = {ASIDE_MS_MAX}"),
            format!("SET LOCAL idle_in_transaction_session_timeout = {ASIDE_MS_MAX}"),
            format!("SELECT pg_advisory_xact_lock({ASIDE_LOCK})"),
        ];
        held.conn().run(begin.join("; ")).await?;
        let mut tx = Tx { inner: Inner::Postgres(held) };
        let Places { own, aside } = tx.places().await?;
        tx.run(vec![format!("CREATE SCHEMA {aside}")]).await?;
        let making = tx.making().await?;
        tx.run(making).await?;
        tx.run(vec![
            format!("INSERT INTO {aside}.access_class SELECT * FROM {own}.access_class"),
            format!("SET LOCAL search_path = {aside}, {own}"),
        ])
        .await?;
        Ok(tx)
    }
}

impl Tx {
    /// Runs statements of PostgreSQL's own, in one exchange.
    async fn run(&mut self, statements: Vec<String>) -> Result<(), DbError> {
        match &mut self.inner {
            Inner::Sqlite(_) => Ok(()),
            Inner::Postgres(held) => Ok(held.conn().run(statements.join("; ")).await?),
        }
    }

    async fn places(&mut self) -> Result<Places, DbError> {
        const PLACES: &str = "SELECT format('%I', n.nspname), format('%I', n.nspname || '_aside') \
             FROM pg_namespace n JOIN pg_class t ON t.relnamespace = n.oid \
             WHERE t.oid = to_regclass('change')";
        let (own, aside) = self.fetch(PLACES).await?;
        Ok(Places { own, aside })
    }

    /// Says how to make the tables aside.
    async fn making(&mut self) -> Result<Vec<String>, DbError> {
        const NAMES: &str = "SELECT n.nspname::text, n.nspname || '_aside' \
             FROM pg_namespace n JOIN pg_class t ON t.relnamespace = n.oid \
             WHERE t.oid = to_regclass('change')";
        let (own, aside) = self.fetch(NAMES).await?;
        let Inner::Postgres(held) = &mut self.inner else { return Ok(Vec::new()) };
        let making = sqlx::query_scalar(MAKING).bind(TABLES.map(str::to_owned).to_vec());
        Ok(making.bind(aside).bind(own).fetch_all(held.conn()).await?)
    }

    /// Asks PostgreSQL for two words.
    async fn fetch(&mut self, text: &'static str) -> Result<(String, String), DbError> {
        match &mut self.inner {
            Inner::Sqlite(_) => Ok((String::new(), String::new())),
            Inner::Postgres(held) => Ok(sqlx::query_as(text).fetch_one(held.conn()).await?),
        }
    }

    /// Takes the writer's lock, if this transaction has not got it: nothing is committed by others
    /// from now on.
    ///
    /// # Errors
    ///
    /// [`DbError::Unavailable`] if it is not to be had within [`LOCK_WAIT_MS_MAX`].
    pub async fn take_writers_lock(&mut self) -> Result<(), DbError> {
        self.run(vec![format!("SELECT pg_advisory_xact_lock({WRITER_LOCK})")]).await
    }

    /// Lets the database look at what was folded aside, so that it reads it well from the first.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn settle_aside(&mut self) -> Result<(), DbError> {
        let Places { aside, .. } = self.places().await?;
        self.run(TABLES.map(|table| format!("ANALYZE {aside}.{table}")).to_vec()).await
    }

    /// Puts what was folded aside in the place of what others read. The writer's lock must be held.
    ///
    /// # Errors
    ///
    /// [`DbError::Unavailable`] if those who read do not let go of the tables for a moment within
    /// half a minute, [`DbError::Refused`] if something else in the database hangs on the old tables,
    /// such as a view.
    pub async fn swap_in(&mut self) -> Result<(), DbError> {
        if let Inner::Sqlite(_) = self.inner {
            return Ok(());
        }
        let Places { own, aside } = self.places().await?;
        self.renumber(&own, &aside).await?;
        self.take_tables(&own).await?;
        let mut swap: Vec<String> = projections()
            .flat_map(|table| {
                [
                    format!("DROP TABLE {own}.{table}"),
                    format!("ALTER TABLE {aside}.{table} SET SCHEMA {own}"),
                ]
            })
            .collect();
        swap.push(format!("DROP SCHEMA {aside} CASCADE"));
        swap.push(format!("SET LOCAL search_path = {own}"));
        self.run(swap).await
    }

    /// Gives those access classes that only were found aside their numbers, and takes those of
    /// everybody for the others: both sides gave numbers meanwhile.
    async fn renumber(&mut self, own: &str, aside: &str) -> Result<(), DbError> {
        let numbered = |table: &str| {
            format!(
                "UPDATE {aside}.{table} x SET access_class = theirs.id \
                 FROM {aside}.access_class ours JOIN {own}.access_class theirs ON theirs.digest = ours.digest \
                 WHERE x.access_class = ours.id AND theirs.id <> ours.id"
            )
        };
        let new = format!(
            "INSERT INTO {own}.access_class (id, digest, doc) \
             SELECT (SELECT COALESCE(MAX(id), 0) FROM {own}.access_class) + row_number() OVER (ORDER BY ours.id), ours.digest, ours.doc \
             FROM {aside}.access_class ours \
             WHERE NOT EXISTS (SELECT 1 FROM {own}.access_class theirs WHERE theirs.digest = ours.digest) \
             AND (EXISTS (SELECT 1 FROM {aside}.dataset d WHERE d.access_class = ours.id) \
             OR EXISTS (SELECT 1 FROM {aside}.job j WHERE j.access_class = ours.id))"
        );
        self.run(vec![new, numbered("dataset"), numbered("job")]).await
    }

    /// Gets the tables for itself alone. Those who read stand behind it only for a moment at a
    /// time, and two who wait for each other's tables are never found out by the database, which
    /// might end this one.
    async fn take_tables(&mut self, own: &str) -> Result<(), DbError> {
        let tables: Vec<String> = projections().map(|table| format!("{own}.{table}")).collect();
        let lock = format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", tables.join(", "));
        for left in (0..TABLES_TRIES).rev() {
            let wait = format!("SET LOCAL lock_timeout = {TABLES_WAIT_MS}");
            self.run(vec!["SAVEPOINT tables".to_owned(), wait]).await?;
            match self.run(vec![lock.clone()]).await {
                Ok(()) => break,
                Err(error) if left > 0 && error.is_busy() => {
                    self.forgive("ROLLBACK TO SAVEPOINT tables").await?;
                    tokio::time::sleep(TABLES_PAUSE).await;
                }
                Err(error) => return Err(error),
            }
        }
        self.run(vec![format!("SET LOCAL lock_timeout = {LOCK_WAIT_MS_MAX}")]).await
    }

    /// Goes back to where nothing had failed yet.
    async fn forgive(&mut self, back: &str) -> Result<(), DbError> {
        let Inner::Postgres(held) = &mut self.inner else { return Ok(()) };
        held.conn().run(back.to_owned()).await?;
        held.conn().forgive();
        Ok(())
    }

    /// Returns whether a transaction goes on that folds projections aside; none begins before this
    /// one ends.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn is_folded_aside(&mut self) -> Result<bool, DbError> {
        let Inner::Postgres(held) = &mut self.inner else { return Ok(false) };
        const SHARE: &str = "SELECT pg_try_advisory_xact_lock_shared($1)";
        let has: bool = sqlx::query_scalar(SHARE).bind(ASIDE_LOCK).fetch_one(held.conn()).await?;
        Ok(!has)
    }

    /// Returns how many times something was removed from the log.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn removals(&mut self) -> Result<i64, DbError> {
        Ok(on_tx!(self, conn => {
            sqlx::query_scalar("SELECT removals FROM head WHERE id = 1").fetch_one(conn).await
        })?)
    }
}
