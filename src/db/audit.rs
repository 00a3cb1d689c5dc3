//! The audit log's records, the tiles of its tree and its signed heads.
//!
//! What is written here is decided in `flow/audit`; this file keeps bytes as they are given.

use std::collections::HashMap;

use uuid::Uuid;

use super::error::DbError;
use super::open::Db;
use super::tx::Tx;
use crate::base::Time;

/// A record of the audit log, with what it is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its leaf's index.
    pub seq: i64,
    /// Its id.
    pub id: Uuid,
    /// When it was made.
    pub at: Time,
    /// Who acted.
    pub actor: Option<Uuid>,
    /// What they did: an action's name.
    pub action: String,
    /// The dataset, job, token… that it is about.
    pub resource: Option<Uuid>,
    /// The person that it concerns, by reference.
    pub subject: Option<Uuid>,
    /// How it ended: 0 done, 1 allowed, 2 denied, 3 failed.
    pub outcome: i16,
    /// What it was for.
    pub purpose: Option<String>,
    /// The canonical bytes that were hashed.
    pub body: Vec<u8>,
}

/// Where a tile of the tree is: its level, and its place in the level.
pub type TilePlace = (i16, i64);

pub(super) type Row = (
    i64,
    Uuid,
    i64,
    Option<Uuid>,
    String,
    Option<Uuid>,
    Option<Uuid>,
    i16,
    Option<String>,
    Vec<u8>,
);

pub(super) fn audit_row(row: Row) -> AuditRow {
    let (seq, id, at, actor, action, resource, subject, outcome, purpose, body) = row;
    let at = Time::from_micros(at);
    AuditRow { seq, id, at, actor, action, resource, subject, outcome, purpose, body }
}

impl Tx {
    /// Returns how many records the log has.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn audit_size(&mut self) -> Result<i64, DbError> {
        Ok(on_tx!(self, conn => {
            sqlx::query_scalar("SELECT size FROM audit_head WHERE id = 1").fetch_one(conn).await
        })?)
    }

    /// Appends records after the first `size`, with the tiles that they change.
    ///
    /// # Errors
    ///
    /// [`DbError::Conflict`] if the log has another size: somebody else has appended.
    pub async fn append_audit(
        &mut self,
        size: i64,
        records: &[AuditRow],
        tiles: &[(TilePlace, Vec<u8>)],
    ) -> Result<(), DbError> {
        let next = size.saturating_add(i64::try_from(records.len()).unwrap_or(i64::MAX));
        let moved = on_tx!(self, conn => {
            sqlx::query("UPDATE audit_head SET size = $2 WHERE id = 1 AND size = $1")
                .bind(size)
                .bind(next)
                .execute(conn)
                .await
                .map(|done| done.rows_affected())
        })?;
        if moved != 1 {
            return Err(DbError::Conflict("the audit log"));
        }
        on_tx!(self, conn => {
            insert_rows!(conn,
                "INSERT INTO audit_record (seq, id, at, actor, action, resource, subject, outcome, purpose, body) ",
                records,
                "",
                |b, row| {
                    b.push_bind(row.seq)
                        .push_bind(row.id)
                        .push_bind(row.at.as_micros())
                        .push_bind(row.actor)
                        .push_bind(&row.action[..])
                        .push_bind(row.resource)
                        .push_bind(row.subject)
                        .push_bind(row.outcome)
                        .push_bind(row.purpose.as_deref())
                        .push_bind(&row.body[..]);
                });
            insert_rows!(conn,
                "INSERT INTO audit_tile (level, n, body) ",
                tiles,
                " ON CONFLICT (level, n) DO UPDATE SET body = excluded.body",
                |b, ((level, n), body)| {
                    b.push_bind(*level).push_bind(*n).push_bind(&body[..]);
                });
        });
        Ok(())
    }

    /// Returns tiles of the tree as this transaction sees them.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn audit_tiles(
        &mut self,
        places: &[TilePlace],
    ) -> Result<HashMap<TilePlace, Vec<u8>>, DbError> {
        let mut found = HashMap::with_capacity(places.len());
        for (level, n) in places {
            let body: Option<Vec<u8>> = on_tx!(self, conn => {
                sqlx::query_scalar("SELECT body FROM audit_tile WHERE level = $1 AND n = $2")
                    .bind(*level)
                    .bind(*n)
                    .fetch_optional(conn)
                    .await
            })?;
            found.extend(body.map(|body| ((*level, *n), body)));
        }
        Ok(found)
    }

    /// Keeps a signed head.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn put_checkpoint(&mut self, size: i64, at: Time, note: &str) -> Result<(), DbError> {
        execute!(
            self,
            "INSERT INTO audit_checkpoint (size, at, note) VALUES ($1, $2, $3) ON CONFLICT (size) DO NOTHING",
            size,
            at.as_micros(),
            note
        )?;
        Ok(())
    }

    /// Removes signed heads.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn remove_checkpoints(&mut self, sizes: &[i64]) -> Result<(), DbError> {
        on_tx!(self, conn => delete_in!(conn, "DELETE FROM audit_checkpoint WHERE size", sizes));
        Ok(())
    }
}

impl Db {
    /// Returns how many records the log has.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn audit_size(&self) -> Result<i64, DbError> {
        Ok(on_db!(self, pool => {
            sqlx::query_scalar("SELECT size FROM audit_head WHERE id = 1").fetch_one(pool).await
        })?)
    }

    /// Returns tiles of the tree; those that there are not are left out.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn audit_tiles(
        &self,
        places: &[TilePlace],
    ) -> Result<HashMap<TilePlace, Vec<u8>>, DbError> {
        let mut found = HashMap::with_capacity(places.len());
        for (level, n) in places {
            let body: Option<Vec<u8>> = on_db!(self, pool => {
                sqlx::query_scalar("SELECT body FROM audit_tile WHERE level = $1 AND n = $2")
                    .bind(*level)
                    .bind(*n)
                    .fetch_optional(pool)
                    .await
            })?;
            found.extend(body.map(|body| ((*level, *n), body)));
        }
        Ok(found)
    }

    /// Returns records in the log's order, from an index on.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn scan_audit(&self, from: i64, limit: usize) -> Result<Vec<AuditRow>, DbError> {
        let rows: Vec<Row> = on_db!(self, pool => {
            sqlx::query_as(
                "SELECT seq, id, at, actor, action, resource, subject, outcome, purpose, body FROM audit_record \
                 WHERE seq >= $1 ORDER BY seq LIMIT $2",
            )
            .bind(from)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(pool)
            .await
        })?;
        Ok(rows.into_iter().map(audit_row).collect())
    }

    /// Returns the place of a record that lies outside of the log, if there is one.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn stray_audit(&self) -> Result<Option<i64>, DbError> {
        Ok(on_db!(self, pool => {
            sqlx::query_scalar(
                "SELECT seq FROM audit_record WHERE seq < 0 \
                 OR seq >= (SELECT size FROM audit_head WHERE id = 1) ORDER BY seq LIMIT 1",
            )
            .fetch_optional(pool)
            .await
        })?)
    }

    /// Returns a record.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn audit_record(&self, id: Uuid) -> Result<Option<AuditRow>, DbError> {
        let row: Option<Row> = on_db!(self, pool => {
            sqlx::query_as(
                "SELECT seq, id, at, actor, action, resource, subject, outcome, purpose, body FROM audit_record WHERE id = $1",
            )
            .bind(id)
            .fetch_optional(pool)
            .await
        })?;
        Ok(row.map(audit_row))
    }

    /// Returns signed heads of at least a size, the smallest first.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn checkpoints(
        &self,
        from: i64,
        limit: usize,
    ) -> Result<Vec<(i64, String)>, DbError> {
        Ok(on_db!(self, pool => {
            sqlx::query_as("SELECT size, note FROM audit_checkpoint WHERE size >= $1 ORDER BY size LIMIT $2")
                .bind(from)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(pool)
                .await
        })?)
    }

    /// Returns the sizes of signed heads larger than one, the smallest first, and when each
    /// was signed.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn checkpoint_times(
        &self,
        after: i64,
        limit: usize,
    ) -> Result<Vec<(i64, Time)>, DbError> {
        let rows: Vec<(i64, i64)> = on_db!(self, pool => {
            sqlx::query_as("SELECT size, at FROM audit_checkpoint WHERE size > $1 ORDER BY size LIMIT $2")
                .bind(after)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(pool)
                .await
        })?;
        Ok(rows.into_iter().map(|(size, at)| (size, Time::from_micros(at))).collect())
    }

    /// Returns the latest signed head.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn last_checkpoint(&self) -> Result<Option<(i64, String)>, DbError> {
        Ok(on_db!(self, pool => {
            sqlx::query_as("SELECT size, note FROM audit_checkpoint ORDER BY size DESC LIMIT 1")
                .fetch_optional(pool)
                .await
        })?)
    }
}
