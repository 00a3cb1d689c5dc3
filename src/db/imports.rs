//! How far imports of files have come.

use uuid::Uuid;

use super::error::DbError;
use super::open::Db;
use super::tx::Tx;
use crate::base::Time;

impl Db {
    /// Returns how many bytes of a file were imported; 0 if none.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn import_position(&self, file: Uuid) -> Result<u64, DbError> {
        let position: Option<i64> = on_db!(self, pool => {
            sqlx::query_scalar("SELECT position FROM import WHERE id = $1").bind(file).fetch_optional(pool).await
        })?;
        Ok(position.and_then(|position| u64::try_from(position).ok()).unwrap_or(0))
    }
}

impl Tx {
    /// Notes how many bytes of a file were imported, if they are more than before.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn set_import_position(
        &mut self,
        file: Uuid,
        position: u64,
        at: Time,
    ) -> Result<(), DbError> {
        on_tx!(self, conn => {
            sqlx::query(
                "INSERT INTO import (id, position, updated_at) VALUES ($1, $2, $3) \
                 ON CONFLICT (id) DO UPDATE SET position = excluded.position, updated_at = excluded.updated_at \
                 WHERE import.position < excluded.position",
            )
            .bind(file)
            .bind(i64::try_from(position).unwrap_or(i64::MAX))
            .bind(at.as_micros())
            .execute(conn)
            .await
            .map(|_| ())
        })?;
        Ok(())
    }
}
