//! Reading facet bodies.

use uuid::Uuid;

use super::codec::unpack;
use super::error::DbError;
use super::open::Db;
use super::tx::Tx;
use crate::base::Digest;
use crate::base::limits::EVENT_BYTES_MAX;
use crate::catalog::Bodies;

fn read(rows: Vec<(Uuid, Vec<u8>)>) -> Result<Bodies, DbError> {
    let corrupt = |why: String| DbError::Corrupt { what: "facet", why };
    rows.into_iter()
        .map(|(digest, packed)| {
            let text = unpack("facet", &packed, EVENT_BYTES_MAX)?;
            let text = String::from_utf8(text).map_err(|error| corrupt(error.to_string()))?;
            let raw = serde_json::value::RawValue::from_string(text)
                .map_err(|error| corrupt(error.to_string()))?;
            Ok((Digest(digest.into_bytes()), raw))
        })
        .collect()
}

fn keys(digests: &[Digest]) -> Vec<Uuid> {
    let mut keys: Vec<Uuid> = digests.iter().map(|digest| Uuid::from_bytes(digest.0)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

impl Tx {
    /// Returns facet bodies by their digests; unknown ones are left out.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a body Lethe cannot read.
    pub(super) async fn facet_bodies(&mut self, digests: &[Digest]) -> Result<Bodies, DbError> {
        let keys = keys(digests);
        let rows = on_tx!(self, conn => fetch_in!(&mut *conn, "SELECT digest, body FROM facet WHERE digest", &keys, (Uuid, Vec<u8>)));
        read(rows)
    }
}

impl Db {
    /// Returns facet bodies by their digests; unknown ones are left out.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a body Lethe cannot read.
    pub async fn facet_bodies(&self, digests: &[Digest]) -> Result<Bodies, DbError> {
        let keys = keys(digests);
        let rows = on_db!(self, pool => fetch_in!(pool, "SELECT digest, body FROM facet WHERE digest", &keys, (Uuid, Vec<u8>)));
        read(rows)
    }

    /// Goes through all facet bodies, by digest.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a body Lethe cannot read.
    pub async fn scan_facets(
        &self,
        after: Option<Digest>,
        limit: usize,
    ) -> Result<Bodies, DbError> {
        let after = after.map_or(Uuid::nil(), |digest| Uuid::from_bytes(digest.0));
        let rows = on_db!(self, pool => {
            sqlx::query_as("SELECT digest, body FROM facet WHERE digest > $1 ORDER BY digest LIMIT $2")
                .bind(after)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(pool)
                .await
        })?;
        read(rows)
    }
}

impl Tx {
    /// Removes facet bodies.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn remove_facets(&mut self, digests: &[Digest]) -> Result<(), DbError> {
        let keys = keys(digests);
        on_tx!(self, conn => delete_in!(conn, "DELETE FROM facet WHERE digest", &keys));
        Ok(())
    }

    /// Returns which of these bodies are stored.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn known_facets(&mut self, digests: &[Digest]) -> Result<Vec<Digest>, DbError> {
        let keys = keys(digests);
        let rows = on_tx!(self, conn => fetch_in!(&mut *conn, "SELECT digest FROM facet WHERE digest", &keys, (Uuid,)));
        Ok(rows.into_iter().map(|(digest,)| Digest(digest.into_bytes())).collect())
    }
}
