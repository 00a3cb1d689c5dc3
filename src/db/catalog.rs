//! Reading datasets.

use uuid::Uuid;

use super::classes::{class_of, in_classes};
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
    /// Its access class, the same for all its names; 0 if not known yet.
    pub class: u32,
}

fn read(rows: Vec<(Uuid, i64, String)>) -> Result<Vec<DatasetRow>, DbError> {
    rows.into_iter()
        .map(|(id, class, text)| {
            let class = class_of(class);
            Ok(DatasetRow { id: DatasetId(id), doc: from_json("dataset", &text)?, class })
        })
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
        let rows = on_db!(self, pool => fetch_in!(pool, "SELECT id, access_class, doc FROM dataset WHERE id", &ids, (Uuid, i64, String)));
        read(rows)
    }

    /// Returns all names of the dataset that is shown under an id.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn dataset_class(&self, canonical: &[DatasetId]) -> Result<Vec<DatasetRow>, DbError> {
        let ids: Vec<Uuid> = canonical.iter().map(|id| id.0).collect();
        let rows = on_db!(self, pool => fetch_in!(pool, "SELECT id, access_class, doc FROM dataset WHERE canonical_id", &ids, (Uuid, i64, String)));
        read(rows)
    }

    /// Returns the other names of datasets that have several; of those without, nothing.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn other_names(&self, ids: &[DatasetId]) -> Result<Vec<DatasetRow>, DbError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let rows = on_db!(self, pool => fetch_in!(pool, "SELECT n.id, n.access_class, n.doc FROM dataset d JOIN dataset n ON n.canonical_id = d.canonical_id AND n.id <> d.id WHERE d.id", &ids, (Uuid, i64, String)));
        read(rows)
    }

    /// Returns a page of the datasets of a namespace (or of all) by name, and how many
    /// there are; deleted ones and other names of shown ones are left out, and those that are
    /// in none of `classes`.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn list_datasets(
        &self,
        namespace: &str,
        classes: Option<&[u32]>,
        limit: usize,
        offset: usize,
    ) -> Result<(Vec<DatasetRow>, i64), DbError> {
        let id = NamespaceId::of(namespace).0;
        let seen = in_classes(classes);
        let list = format!(
            "SELECT id, access_class, doc FROM dataset WHERE namespace_id = $1 AND hidden = FALSE{seen} \
             ORDER BY sort_name, id LIMIT $2 OFFSET $3"
        );
        let count = format!(
            "SELECT count(*) FROM dataset WHERE namespace_id = $1 AND hidden = FALSE{seen}"
        );
        let kept = classes.is_none();
        let (rows, total) = on_db!(self, pool => {
            let rows = sqlx::query_as(sqlx::AssertSqlSafe(list))
            .persistent(kept)
            .bind(id)
            .bind(sql_limit(limit))
            .bind(sql_limit(offset))
            .fetch_all(pool)
            .await?;
            let total = sqlx::query_scalar(sqlx::AssertSqlSafe(count))
                .persistent(kept)
                .bind(id)
                .fetch_one(pool)
                .await?;
            (rows, total)
        });
        Ok((read(rows)?, total))
    }

    /// Returns the datasets of a namespace by name, after a place in that order; those that
    /// are in none of `classes` are left out.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn page_datasets(
        &self,
        namespace: &str,
        classes: Option<&[u32]>,
        after: Option<(&str, DatasetId)>,
        limit: usize,
    ) -> Result<Vec<DatasetRow>, DbError> {
        let (name, id) = after.map_or(("", Uuid::nil()), |(name, id)| (sort_name(name), id.0));
        let seen = in_classes(classes);
        let list = format!(
            "SELECT id, access_class, doc FROM dataset WHERE namespace_id = $1 AND hidden = FALSE{seen} \
             AND (sort_name > $2 OR (sort_name = $2 AND id > $3)) ORDER BY sort_name, id LIMIT $4"
        );
        let rows = on_db!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(list))
            .persistent(classes.is_none())
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
            sqlx::query_as("SELECT id, access_class, doc FROM dataset WHERE id > $1 ORDER BY id LIMIT $2")
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
            sqlx::query_as("SELECT id, access_class, doc FROM dataset WHERE namespace_id = $1 AND id > $2 ORDER BY id LIMIT $3")
                .bind(NamespaceId::of(namespace).0)
                .bind(after)
                .bind(sql_limit(limit))
                .fetch_all(pool)
                .await
        })?;
        read(rows)
    }
}
