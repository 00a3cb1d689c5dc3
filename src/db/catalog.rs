//! Reading datasets.

use uuid::Uuid;

use super::access_classes::{InClasses, access_class_of};
use super::codec::from_json;
use super::error::DbError;
use super::open::Db;
use crate::base::name::sort_name;
use crate::base::{DatasetId, Digest, NamespaceId};
use crate::catalog::DatasetDoc;

/// A dataset name and its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetRow {
    /// Its id.
    pub id: DatasetId,
    /// All that is known of it.
    pub doc: DatasetDoc,
    /// Its access class, the same for all its names; 0 if not known yet.
    pub access_class: u32,
}

fn read(rows: Vec<(Uuid, i64, String)>) -> Result<Vec<DatasetRow>, DbError> {
    rows.into_iter()
        .map(|(id, access_class, text)| {
            let access_class = access_class_of(access_class);
            Ok(DatasetRow { id: DatasetId(id), doc: from_json("dataset", &text)?, access_class })
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

    /// Returns the id that a dataset is shown under, and its access class, without reading what
    /// is known of it: that takes as long whether or not it is there.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn dataset_access(&self, id: DatasetId) -> Result<Option<(DatasetId, u32)>, DbError> {
        let row: Option<(Uuid, i64)> = on_db!(self, pool => {
            sqlx::query_as("SELECT canonical_id, access_class FROM dataset WHERE id = $1")
                .bind(id.0)
                .fetch_optional(pool)
                .await
        })?;
        Ok(row.map(|(shown, access_class)| (DatasetId(shown), access_class_of(access_class))))
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

    /// Returns the access classes of the datasets whose names have one of these tails (see
    /// [`crate::base::spoken`]), deleted ones too.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn classes_of_tails(&self, tails: &[Digest]) -> Result<Vec<(Digest, u32)>, DbError> {
        let tails: Vec<Uuid> = tails.iter().map(|tail| Uuid::from_bytes(tail.0)).collect();
        let rows = on_db!(self, pool => fetch_in!(pool, "SELECT DISTINCT tail, access_class FROM dataset WHERE tail", &tails, (Uuid, i64)));
        let read = |(tail, access_class): (Uuid, i64)| {
            (Digest(tail.into_bytes()), access_class_of(access_class))
        };
        Ok(rows.into_iter().map(read).collect())
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
        let classes = InClasses::new(classes);
        let seen = InClasses::condition(self);
        let list = format!(
            "SELECT id, access_class, doc FROM dataset WHERE namespace_id = $2 AND hidden = FALSE{seen} \
             ORDER BY sort_name, id LIMIT $3 OFFSET $4"
        );
        let count = format!(
            "SELECT count(*) FROM dataset WHERE namespace_id = $2 AND hidden = FALSE{seen}"
        );
        let (rows, total) = on_db!(self, pool => {
            let rows = sqlx::query_as(sqlx::AssertSqlSafe(list))
            .bind(classes.value())
            .bind(id)
            .bind(sql_limit(limit))
            .bind(sql_limit(offset))
            .fetch_all(pool)
            .await?;
            let total = sqlx::query_scalar(sqlx::AssertSqlSafe(count))
                .bind(classes.value())
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
        let classes = InClasses::new(classes);
        let seen = InClasses::condition(self);
        let list = format!(
            "SELECT id, access_class, doc FROM dataset WHERE namespace_id = $2 AND hidden = FALSE{seen} \
             AND (sort_name > $3 OR (sort_name = $3 AND id > $4)) ORDER BY sort_name, id LIMIT $5"
        );
        let rows = on_db!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(list))
            .bind(classes.value())
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
        const ALL: &str =
            "SELECT id, access_class, doc FROM dataset WHERE id > $1 ORDER BY id LIMIT $2";
        self.scan(ALL, after, limit).await
    }

    /// Goes through the dataset names that are in one of some classes (or in any), deleted ones too,
    /// by id.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn scan_datasets_in(
        &self,
        classes: Option<&[u32]>,
        after: Option<DatasetId>,
        limit: usize,
    ) -> Result<Vec<DatasetRow>, DbError> {
        let classes = InClasses::new(classes);
        let seen = InClasses::condition(self);
        let list = format!(
            "SELECT id, access_class, doc FROM dataset WHERE id > $2{seen} ORDER BY id LIMIT $3"
        );
        let rows = on_db!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(list))
                .bind(classes.value())
                .bind(after.map_or(Uuid::nil(), |id| id.0))
                .bind(sql_limit(limit))
                .fetch_all(pool)
                .await
        })?;
        read(rows)
    }

    /// Goes through the dataset names of which something may last ([`DatasetDoc::lasting`]), by id.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn scan_lasting_datasets(
        &self,
        after: Option<DatasetId>,
        limit: usize,
    ) -> Result<Vec<DatasetRow>, DbError> {
        const LASTING: &str = "SELECT id, access_class, doc FROM dataset WHERE id > $1 \
             AND (doc LIKE '%\"said\":%' OR doc LIKE '%\"aliases\":%' OR doc LIKE '%\"renamed_to\":_\"s\"%') ORDER BY id LIMIT $2";
        self.scan(LASTING, after, limit).await
    }

    async fn scan(
        &self,
        text: &'static str,
        after: Option<DatasetId>,
        limit: usize,
    ) -> Result<Vec<DatasetRow>, DbError> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let rows = on_db!(self, pool => {
            sqlx::query_as(text).bind(after).bind(sql_limit(limit)).fetch_all(pool).await
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

    /// Returns the access classes of the datasets and of the jobs of a namespace.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn access_in_namespace(
        &self,
        namespace: &str,
    ) -> Result<(Vec<u32>, Vec<u32>), DbError> {
        let id = NamespaceId::of(namespace).0;
        let datasets: Vec<i64> = on_db!(self, pool => {
            sqlx::query_scalar("SELECT DISTINCT access_class FROM dataset WHERE namespace_id = $1 ORDER BY access_class")
                .bind(id)
                .fetch_all(pool)
                .await
        })?;
        let jobs: Vec<i64> = on_db!(self, pool => {
            sqlx::query_scalar("SELECT DISTINCT access_class FROM job WHERE namespace_id = $1 ORDER BY access_class")
                .bind(id)
                .fetch_all(pool)
                .await
        })?;
        let read = |numbers: Vec<i64>| numbers.into_iter().map(access_class_of).collect();
        Ok((read(datasets), read(jobs)))
    }
}
