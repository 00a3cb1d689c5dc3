//! The writer's transaction: everything that is written goes through one.
//!
//! It holds the writer's lock (SQLite's own, an advisory one on PostgreSQL) from the
//! start, so that the change feed's order is the order of commits on every node.

use sqlx::{Sqlite, Transaction};

use super::error::DbError;
use super::head::{HEAD, Head, HeadRow};
use super::open::Db;
use super::pools::Held;
use crate::base::limits::LOCK_WAIT_MS_MAX;

/// The key of PostgreSQL's advisory lock: "lethe" in ASCII.
pub(super) const WRITER_LOCK: i64 = 0x006c_6574_6865;

/// Less memory than [`NEEDS_ROOM`] sorts.
const IN_LITTLE: &str = "SET LOCAL work_mem = '64kB'";
/// Sorts half a megabyte in less memory than that: the server must find room on its disk, and nothing
/// of it is left over. A row that is written anew may find its place in a page that is there.
const NEEDS_ROOM: &str = "SELECT COUNT(*) FROM (SELECT repeat(md5(i::text), 8) AS text \
     FROM generate_series(1, 2000) AS i ORDER BY text OFFSET 0) AS sorted";

/// A transaction that holds the writer's lock. Dropped without a commit, it rolls back.
#[derive(Debug)]
pub struct Tx {
    pub(super) inner: Inner,
}

#[derive(Debug)]
pub(super) enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Held),
}

impl Db {
    /// Begins the writer's transaction and waits for its lock.
    ///
    /// # Errors
    ///
    /// [`DbError::Unavailable`] if the lock is not to be had within [`LOCK_WAIT_MS_MAX`].
    pub async fn begin(&self) -> Result<Tx, DbError> {
        let inner = match self {
            Self::Sqlite { writer, .. } => {
                Inner::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?)
            }
            Self::Postgres { pools, .. } => {
                let mut held = pools.lend_writer().await?;
                let begin = [
                    pools.beginning().to_owned(),
                    format!("SET LOCAL lock_timeout = {LOCK_WAIT_MS_MAX}"),
                    format!("SELECT pg_advisory_xact_lock({WRITER_LOCK})"),
                ];
                held.conn().run(begin.join("; ")).await?;
                Inner::Postgres(held)
            }
        };
        Ok(Tx { inner })
    }
}

impl Db {
    /// Writes something that changes nothing, to see whether it can be written and a server's disk has
    /// room for more.
    ///
    /// # Errors
    ///
    /// [`DbError::Unavailable`] if not.
    pub async fn probe(&self) -> Result<(), DbError> {
        let mut tx = self.begin().await?;
        if let Inner::Postgres(held) = &mut tx.inner {
            held.conn().run(IN_LITTLE.to_owned()).await?;
            held.conn().run(NEEDS_ROOM.to_owned()).await?;
        }
        let head = tx.head().await?;
        tx.set_head(head).await?;
        tx.commit().await
    }
}

impl Tx {
    /// Commits; when this returns, what was written is on disk.
    ///
    /// # Errors
    ///
    /// [`DbError::Unavailable`] if it is not known to be.
    pub async fn commit(self) -> Result<(), DbError> {
        match self.inner {
            Inner::Sqlite(tx) => tx.commit().await?,
            Inner::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Returns where the log and the feed stand.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn head(&mut self) -> Result<Head, DbError> {
        let head: HeadRow = on_tx!(self, conn => {
            sqlx::query_as(HEAD).fetch_one(conn).await
        })?;
        Ok(head.into())
    }

    /// Says where the log and the feed stand now.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn set_head(&mut self, head: Head) -> Result<(), DbError> {
        execute!(
            self,
            "UPDATE head SET seq = $1, position = $2, block = $3, stamp = $4, edit_stamp = $5, chain = $6 WHERE id = 1",
            head.seq,
            head.position,
            head.block,
            head.stamp,
            head.edit_stamp,
            head.chain
        )?;
        Ok(())
    }
}
