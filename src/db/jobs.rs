//! Reading jobs.

use uuid::Uuid;

use super::access_classes::{InClasses, access_class_of};
use super::codec::from_json;
use super::error::DbError;
use super::open::Db;
use super::write::state_code;
use crate::base::{JobId, NamespaceId};
use crate::catalog::{JobDoc, RunState};

/// A job and its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// Its id.
    pub id: JobId,
    /// All that is known of it.
    pub doc: JobDoc,
    /// Its access class; 0 if not known yet.
    pub access_class: u32,
}

fn read(rows: Vec<(Uuid, i64, String)>) -> Result<Vec<JobRow>, DbError> {
    rows.into_iter()
        .map(|(id, access_class, text)| {
            Ok(JobRow {
                id: JobId(id),
                doc: from_json("job", &text)?,
                access_class: access_class_of(access_class),
            })
        })
        .collect()
}

impl Db {
    /// Returns jobs by id; those that do not exist are left out.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn jobs(&self, ids: &[JobId]) -> Result<Vec<JobRow>, DbError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let rows = on_db!(self, pool => fetch_in!(pool, "SELECT id, access_class, doc FROM job WHERE id", &ids, (Uuid, i64, String)));
        read(rows)
    }

    /// Returns the access class of a job, as [`Self::dataset_access`] does of a dataset.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn job_access(&self, id: JobId) -> Result<Option<u32>, DbError> {
        let access_class: Option<i64> = on_db!(self, pool => {
            sqlx::query_scalar("SELECT access_class FROM job WHERE id = $1")
                .bind(id.0)
                .fetch_optional(pool)
                .await
        })?;
        Ok(access_class.map(access_class_of))
    }

    /// Returns jobs, the latest updated first, and how many there are in all.
    /// `states` keeps those whose latest run is in one of them, `classes` those in one of them.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn list_jobs(
        &self,
        namespace: Option<&str>,
        states: &[RunState],
        classes: Option<&[u32]>,
        limit: usize,
        offset: usize,
    ) -> Result<(Vec<JobRow>, i64), DbError> {
        let namespace_id = namespace.map(|name| NamespaceId::of(name).0);
        let mut codes: Vec<i16> = states.iter().map(|state| state_code(*state)).collect();
        let any = codes.is_empty();
        codes.resize(5, -2);
        let filter = "hidden = FALSE AND ($2 OR state IN ($3, $4, $5, $6, $7))";
        let classes = InClasses::new(classes);
        let seen = InClasses::condition(self);
        let of_namespace =
            if namespace.is_some() { " AND namespace_id = $8" } else { " AND $8 IS NULL" };
        let count = format!("SELECT count(*) FROM job WHERE {filter}{seen}{of_namespace}");
        let list = format!(
            "SELECT id, access_class, doc FROM job WHERE {filter}{seen}{of_namespace} ORDER BY updated_at DESC, id DESC LIMIT $9 OFFSET $10"
        );
        let (rows, total) = on_db!(self, pool => {
            let mut query = sqlx::query_as(sqlx::AssertSqlSafe(list)).bind(classes.value()).bind(any);
            let mut total = sqlx::query_scalar(sqlx::AssertSqlSafe(count)).bind(classes.value()).bind(any);
            for code in codes {
                query = query.bind(code);
                total = total.bind(code);
            }
            let rows = query
                .bind(namespace_id)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .bind(i64::try_from(offset).unwrap_or(i64::MAX))
                .fetch_all(pool)
                .await?;
            (rows, total.bind(namespace_id).fetch_one(pool).await?)
        });
        Ok((read(rows)?, total))
    }

    /// Goes through all jobs, deleted ones too, by id.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn scan_jobs(
        &self,
        after: Option<JobId>,
        limit: usize,
    ) -> Result<Vec<JobRow>, DbError> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let rows = on_db!(self, pool => {
            sqlx::query_as("SELECT id, access_class, doc FROM job WHERE id > $1 ORDER BY id LIMIT $2")
                .bind(after)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(pool)
                .await
        })?;
        read(rows)
    }

    /// Returns the jobs of a namespace by name, deleted ones too, after a name and id.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn jobs_of_namespace(
        &self,
        namespace: &str,
        after: Option<JobId>,
        limit: usize,
    ) -> Result<Vec<JobRow>, DbError> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let rows = on_db!(self, pool => {
            sqlx::query_as("SELECT id, access_class, doc FROM job WHERE namespace_id = $1 AND id > $2 ORDER BY id LIMIT $3")
                .bind(NamespaceId::of(namespace).0)
                .bind(after)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(pool)
                .await
        })?;
        read(rows)
    }
}
