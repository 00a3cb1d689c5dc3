//! Reading datasets.

use uuid::Uuid;

use super::codec::from_json;
use super::error::DbError;
use super::open::Db;
use crate::base::name::sort_name;
use crate::base::{DatasetId, NamespaceId};
use crate::catalog::DatasetDoc;

/// A dataset name and its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetRow {
    /// Its id.
    pub id: DatasetId,
    /// All that is known of it.
    pub doc: DatasetDoc,
}

fn read(rows: Vec<(Uuid, String)>) -> Result<Vec<DatasetRow>, DbError> {
    rows.into_iter()
        .map(|(id, text)| Ok(DatasetRow { id: DatasetId(id), doc: from_json("dataset", &text)? }))
        .collect()
}

fn sql_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

impl Db {
    /// Returns dataset names by id; those that do not exist are left out.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn datasets(&self, ids: &[DatasetId]) -> Result<Vec<DatasetRow>, DbError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let rows = on_db!(self, pool => fetch_in!(pool, "SELECT id, doc FROM dataset WHERE id", &ids, (Uuid, String)));
        read(rows)
    }

    /// Returns all names of the dataset that is shown under an id.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn dataset_class(&self, canonical: &[DatasetId]) -> Result<Vec<DatasetRow>, DbError> {
        let ids: Vec<Uuid> = canonical.iter().map(|id| id.0).collect();
        let rows = on_db!(self, pool => fetch_in!(pool, "SELECT id, doc FROM dataset WHERE canonical_id", &ids, (Uuid, String)));
        read(rows)
    }

    /// Returns a page of the datasets of a namespace (or of all) by name, and how many
    /// there are; deleted ones and other names of shown ones are left out.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn list_datasets(
        &self,
        namespace: &str,
        limit: usize,
        offset: usize,
    ) -> Result<(Vec<DatasetRow>, i64), DbError> {
        let id = NamespaceId::of(namespace).0;
        let (rows, total) = on_db!(self, pool => {
            let rows = sqlx::query_as(
                "SELECT id, doc FROM dataset WHERE namespace_id = $1 AND hidden = FALSE \
                 ORDER BY sort_name, id LIMIT $2 OFFSET $3",
            )
            .bind(id)
            .bind(sql_limit(limit))
            .bind(sql_limit(offset))
            .fetch_all(pool)
            .await?;
            let total = sqlx::query_scalar("SELECT count(*) FROM dataset WHERE namespace_id = $1 AND hidden = FALSE")
                .bind(id)
                .fetch_one(pool)
                .await?;
            (rows, total)
        });
        Ok((read(rows)?, total))
    }

    /// Returns the datasets of a namespace by name, after a place in that order.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn page_datasets(
        &self,
        namespace: &str,
        after: Option<(&str, DatasetId)>,
        limit: usize,
    ) -> Result<Vec<DatasetRow>, DbError> {
        let (name, id) = after.map_or(("", Uuid::nil()), |(name, id)| (sort_name(name), id.0));
        let rows = on_db!(self, pool => {
            sqlx::query_as(
                "SELECT id, doc FROM dataset WHERE namespace_id = $1 AND hidden = FALSE \
                 AND (sort_name > $2 OR (sort_name = $2 AND id > $3)) ORDER BY sort_name, id LIMIT $4",
            )
            .bind(NamespaceId::of(namespace).0)
            .bind(name)
            .bind(id)
            .bind(sql_limit(limit))
            .fetch_all(pool)
            .await
        })?;
        read(rows)
    }

    /// Goes through all dataset names, deleted ones too, by id.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn scan_datasets(
        &self,
        after: Option<DatasetId>,
        limit: usize,
    ) -> Result<Vec<DatasetRow>, DbError> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let rows = on_db!(self, pool => {
            sqlx::query_as("SELECT id, doc FROM dataset WHERE id > $1 ORDER BY id LIMIT $2")
                .bind(after)
                .bind(sql_limit(limit))
                .fetch_all(pool)
                .await
        })?;
        read(rows)
    }

    /// Goes through the dataset names of a namespace, deleted ones too, by id.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn datasets_of_namespace(
        &self,
        namespace: &str,
        after: Option<DatasetId>,
        limit: usize,
    ) -> Result<Vec<DatasetRow>, DbError> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let rows = on_db!(self, pool => {
            sqlx::query_as("SELECT id, doc FROM dataset WHERE namespace_id = $1 AND id > $2 ORDER BY id LIMIT $3")
                .bind(NamespaceId::of(namespace).0)
                .bind(after)
                .bind(sql_limit(limit))
                .fetch_all(pool)
                .await
        })?;
        read(rows)
    }
}
