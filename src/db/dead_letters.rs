//! Events that were refused, kept for somebody to look at and replay.

use uuid::Uuid;

use super::codec::{pack, unpack};
use super::error::DbError;
use super::open::Db;
use super::tx::Tx;
use crate::base::Time;
use crate::base::limits::EVENT_BYTES_MAX;

/// A refused event, without its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetterSummary {
    /// Its id: of the same payload, always the same.
    pub id: Uuid,
    /// When it came.
    pub received_at: Time,
    /// How it came: `batch`, `import`, `kafka`.
    pub source: String,
    /// The stable code of why it was refused.
    pub code: String,
    /// Why it was refused: a JSON list of faults.
    pub reason: String,
    /// Its size.
    pub bytes: i64,
    /// When it was replayed, if it was.
    pub replayed_at: Option<Time>,
    /// The namespace that it plainly says it belongs to.
    pub namespace: Option<String>,
}

/// A refused event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// What is known of it.
    pub summary: DeadLetterSummary,
    /// What came, byte for byte.
    pub payload: Vec<u8>,
}

type Row = (Uuid, i64, String, String, String, i64, Option<i64>, Option<String>);
type FullRow = (i64, String, String, String, i64, Option<i64>, Option<String>, Vec<u8>);

fn summary(row: Row) -> DeadLetterSummary {
    let (id, received_at, source, code, reason, bytes, replayed_at, namespace) = row;
    DeadLetterSummary {
        id,
        received_at: Time::from_micros(received_at),
        source,
        code,
        reason,
        bytes,
        replayed_at: replayed_at.map(Time::from_micros),
        namespace,
    }
}

impl Tx {
    /// Keeps refused events; one that is kept already stays as it is.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn keep_dead_letters(&mut self, letters: &[DeadLetter]) -> Result<(), DbError> {
        let rows: Vec<(&DeadLetterSummary, Vec<u8>)> =
            letters.iter().map(|letter| (&letter.summary, pack(&letter.payload))).collect();
        on_tx!(self, conn => {
            insert_rows!(conn,
                "INSERT INTO dead_letter (id, received_at, source, code, reason, bytes, namespace, payload) ",
                &rows,
                " ON CONFLICT (id) DO NOTHING",
                |b, (summary, payload)| {
                    b.push_bind(summary.id)
                        .push_bind(summary.received_at.as_micros())
                        .push_bind(&summary.source[..])
                        .push_bind(&summary.code[..])
                        .push_bind(&summary.reason[..])
                        .push_bind(summary.bytes)
                        .push_bind(&summary.namespace)
                        .push_bind(&payload[..]);
                });
        });
        Ok(())
    }

    /// Notes that a refused event was replayed.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn mark_replayed(&mut self, id: Uuid, at: Time) -> Result<(), DbError> {
        execute!(
            self,
            "UPDATE dead_letter SET replayed_at = $2 WHERE id = $1",
            id,
            at.as_micros()
        )?;
        Ok(())
    }

    /// Removes a refused event. Returns whether it was there.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn drop_dead_letter(&mut self, id: Uuid) -> Result<bool, DbError> {
        let gone = on_tx!(self, conn => {
            sqlx::query("DELETE FROM dead_letter WHERE id = $1").bind(id).execute(conn).await.map(|done| done.rows_affected())
        })?;
        Ok(gone > 0)
    }
}

impl Db {
    /// Returns refused events, the latest first, before a place in that order.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn list_dead_letters(
        &self,
        before: Option<(Time, Uuid)>,
        limit: usize,
    ) -> Result<Vec<DeadLetterSummary>, DbError> {
        let (at, id) = before.unwrap_or((Time::MAX, Uuid::max()));
        let rows: Vec<Row> = on_db!(self, pool => {
            sqlx::query_as(
                "SELECT id, received_at, source, code, reason, bytes, replayed_at, namespace FROM dead_letter \
                 WHERE received_at < $1 OR (received_at = $1 AND id < $2) ORDER BY received_at DESC, id DESC LIMIT $3",
            )
            .bind(at.as_micros())
            .bind(id)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(pool)
            .await
        })?;
        Ok(rows.into_iter().map(summary).collect())
    }

    /// Returns a refused event with its payload.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a payload Lethe cannot read.
    pub async fn dead_letter(&self, id: Uuid) -> Result<Option<DeadLetter>, DbError> {
        let row: Option<FullRow> = on_db!(self, pool => {
            sqlx::query_as(
                "SELECT received_at, source, code, reason, bytes, replayed_at, namespace, payload FROM dead_letter WHERE id = $1",
            )
            .bind(id)
            .fetch_optional(pool)
            .await
        })?;
        row.map(|(received_at, source, code, reason, bytes, replayed_at, namespace, payload)| {
            Ok(DeadLetter {
                summary: summary((
                    id,
                    received_at,
                    source,
                    code,
                    reason,
                    bytes,
                    replayed_at,
                    namespace,
                )),
                payload: unpack("dead letter", &payload, EVENT_BYTES_MAX * 2)?,
            })
        })
        .transpose()
    }
}
