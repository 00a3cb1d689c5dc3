//! Keys, wrapped by the one above them.

use uuid::Uuid;

use super::error::DbError;
use super::open::Db;
use super::tx::Tx;

/// A wrapped key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// Its id.
    pub id: Uuid,
    /// 0 bucket, 1 subject, 2 purpose, 3 signing.
    pub kind: i16,
    /// The bucket it belongs to.
    pub bucket: i32,
    /// The rest, as JSON.
    pub doc: String,
}

impl Tx {
    /// Writes wrapped keys.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn put_keys(&mut self, rows: &[KeyRow]) -> Result<(), DbError> {
        on_tx!(self, conn => {
            insert_rows!(conn,
                "INSERT INTO data_key (id, kind, bucket, doc) ",
                rows,
                " ON CONFLICT (id) DO UPDATE SET doc = excluded.doc",
                |b, row| {
                    b.push_bind(row.id).push_bind(row.kind).push_bind(row.bucket).push_bind(&row.doc[..]);
                });
        });
        Ok(())
    }
}

impl Db {
    /// Returns the wrapped keys of a kind in a bucket.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn keys(&self, kind: i16, bucket: i32) -> Result<Vec<KeyRow>, DbError> {
        let rows: Vec<(Uuid, i16, i32, String)> = on_db!(self, pool => {
            sqlx::query_as("SELECT id, kind, bucket, doc FROM data_key WHERE bucket = $1 AND kind = $2 ORDER BY id")
                .bind(bucket)
                .bind(kind)
                .fetch_all(pool)
                .await
        })?;
        Ok(rows
            .into_iter()
            .map(|(id, kind, bucket, doc)| KeyRow { id, kind, bucket, doc })
            .collect())
    }
}
