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

type Row = (Uuid, i16, i32, String);

fn key_row((id, kind, bucket, doc): Row) -> KeyRow {
    KeyRow { id, kind, bucket, doc }
}

impl Tx {
    /// Returns wrapped keys by their ids, in no order; those that there are not are left out.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn keys_by_id(&mut self, ids: &[Uuid]) -> Result<Vec<KeyRow>, DbError> {
        let rows = on_tx!(self, conn => {
            fetch_in!(&mut *conn, "SELECT id, kind, bucket, doc FROM data_key WHERE id", ids, Row)
        });
        Ok(rows.into_iter().map(key_row).collect())
    }

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
    /// Returns wrapped keys by their ids, in no order; those that there are not are left out.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn keys_by_id(&self, ids: &[Uuid]) -> Result<Vec<KeyRow>, DbError> {
        let rows = on_db!(self, pool => {
            fetch_in!(pool, "SELECT id, kind, bucket, doc FROM data_key WHERE id", ids, Row)
        });
        Ok(rows.into_iter().map(key_row).collect())
    }

    /// Returns the wrapped keys of a kind in a bucket.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn keys(&self, kind: i16, bucket: i32) -> Result<Vec<KeyRow>, DbError> {
        let rows: Vec<Row> = on_db!(self, pool => {
            sqlx::query_as("SELECT id, kind, bucket, doc FROM data_key WHERE bucket = $1 AND kind = $2 ORDER BY id")
                .bind(bucket)
                .bind(kind)
                .fetch_all(pool)
                .await
        })?;
        Ok(rows.into_iter().map(key_row).collect())
    }

    /// Returns wrapped keys of every kind by their ids, after one.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn list_keys(&self, after: Uuid, limit: usize) -> Result<Vec<KeyRow>, DbError> {
        let rows: Vec<Row> = on_db!(self, pool => {
            sqlx::query_as("SELECT id, kind, bucket, doc FROM data_key WHERE id > $1 ORDER BY id LIMIT $2")
                .bind(after)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(pool)
                .await
        })?;
        Ok(rows.into_iter().map(key_row).collect())
    }
}
