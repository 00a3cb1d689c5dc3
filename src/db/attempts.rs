//! Attempts to sign in: one row for each account or address that somebody tried lately.

use uuid::Uuid;

use super::error::DbError;
use super::tx::Tx;
use crate::access::throttle::Bucket;
use crate::base::{Digest, Time};

/// Rows that are full again and go with one attempt: more than it adds, so that none pile up.
const GONE_AT_ONCE: i64 = 8;

impl Tx {
    /// Returns what is known of a key's attempts.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn attempts(&mut self, key: Digest) -> Result<Option<Bucket>, DbError> {
        let row: Option<(i64, bool)> = on_tx!(self, conn => {
            sqlx::query_as("SELECT full_at, refused FROM attempt WHERE key = $1")
                .bind(Uuid::from_bytes(key.0))
                .fetch_optional(conn)
                .await
        })?;
        Ok(row.map(|(full_at, has_refused)| Bucket {
            full_at: Time::from_micros(full_at),
            has_refused,
        }))
    }

    /// Writes what is known of a key's attempts, and removes some rows of which nothing need be
    /// known any more.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn put_attempts(
        &mut self,
        key: Digest,
        bucket: Bucket,
        now: Time,
    ) -> Result<(), DbError> {
        execute!(
            self,
            "DELETE FROM attempt WHERE key IN (SELECT key FROM attempt WHERE full_at < $1 ORDER BY full_at LIMIT $2)",
            now.as_micros(),
            GONE_AT_ONCE
        )?;
        execute!(
            self,
            "INSERT INTO attempt (key, full_at, refused) VALUES ($1, $2, $3) \
             ON CONFLICT (key) DO UPDATE SET full_at = excluded.full_at, refused = excluded.refused",
            Uuid::from_bytes(key.0),
            bucket.full_at.as_micros(),
            bucket.has_refused
        )?;
        Ok(())
    }

    /// Forgets a key's attempts, after a success.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn forgive_attempts(&mut self, key: Digest) -> Result<(), DbError> {
        execute!(self, "DELETE FROM attempt WHERE key = $1", Uuid::from_bytes(key.0))?;
        Ok(())
    }
}
