//! Reading runs, and the uses of datasets by runs.

use uuid::Uuid;

use super::codec::from_json;
use super::error::DbError;
use super::open::Db;
use crate::base::{DatasetId, Digest, JobId, RunId, Time};
use crate::catalog::{RunDoc, RunState};

/// A run and its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    /// Its id.
    pub id: RunId,
    /// All that is known of it.
    pub doc: RunDoc,
}

/// A run's reading or writing of a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UseRow {
    /// The dataset.
    pub dataset: DatasetId,
    /// The run.
    pub run: RunId,
    /// The run's job.
    pub job: JobId,
    /// The run's place in time.
    pub at: Time,
    /// The dataset's schema then.
    pub schema: Option<Digest>,
}

/// Reads the number a run's state is stored as.
pub(super) fn state_of(code: i16) -> RunState {
    match code {
        1 => RunState::Running,
        2 => RunState::Completed,
        3 => RunState::Aborted,
        4 => RunState::Failed,
        _ => RunState::New,
    }
}

fn read(rows: Vec<(Uuid, String)>) -> Result<Vec<RunRow>, DbError> {
    rows.into_iter()
        .map(|(id, text)| Ok(RunRow { id: RunId(id), doc: from_json("run", &text)? }))
        .collect()
}

fn sql_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

impl Db {
    /// Returns runs by id; those that do not exist are left out.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn runs(&self, ids: &[RunId]) -> Result<Vec<RunRow>, DbError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let rows = on_db!(self, pool => fetch_in!(pool, "SELECT id, doc FROM run WHERE id", &ids, (Uuid, String)));
        read(rows)
    }

    /// Goes through all runs, by id.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn scan_runs(
        &self,
        after: Option<RunId>,
        limit: usize,
    ) -> Result<Vec<RunRow>, DbError> {
        let rows = on_db!(self, pool => {
            sqlx::query_as("SELECT id, doc FROM run WHERE id >= $1 ORDER BY id LIMIT $2")
                .bind(after.map_or(Uuid::nil(), |id| Uuid::from_u128(id.0.as_u128().saturating_add(1))))
                .bind(sql_limit(limit))
                .fetch_all(pool)
                .await
        })?;
        read(rows)
    }

    /// Returns the jobs whose runs were started by runs of a job.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn child_jobs(&self, job: JobId) -> Result<Vec<JobId>, DbError> {
        let rows: Vec<Uuid> = on_db!(self, pool => {
            sqlx::query_scalar("SELECT DISTINCT c.job FROM run c JOIN run p ON p.id = c.parent WHERE p.job = $1 ORDER BY c.job")
                .bind(job.0)
                .fetch_all(pool)
                .await
        })?;
        Ok(rows.into_iter().map(JobId).collect())
    }

    /// Returns a job's runs, the latest first, after a place in that order.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn runs_of_job(
        &self,
        job: JobId,
        after: Option<(Time, RunId)>,
        limit: usize,
    ) -> Result<Vec<RunRow>, DbError> {
        let (at, id) = after.unwrap_or((Time::MAX, RunId(Uuid::max())));
        let rows = on_db!(self, pool => {
            sqlx::query_as(
                "SELECT id, doc FROM run WHERE job = $1 AND (order_at < $2 OR (order_at = $2 AND id < $3)) \
                 ORDER BY order_at DESC, id DESC LIMIT $4",
            )
            .bind(job.0)
            .bind(at.as_micros())
            .bind(id.0)
            .bind(sql_limit(limit))
            .fetch_all(pool)
            .await
        })?;
        read(rows)
    }

    /// Returns a page of a job's runs by offset (as Marquez pages).
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn runs_of_job_at(
        &self,
        job: JobId,
        limit: usize,
        offset: usize,
    ) -> Result<Vec<RunRow>, DbError> {
        let rows = on_db!(self, pool => {
            sqlx::query_as("SELECT id, doc FROM run WHERE job = $1 ORDER BY order_at DESC, id DESC LIMIT $2 OFFSET $3")
                .bind(job.0)
                .bind(sql_limit(limit))
                .bind(sql_limit(offset))
                .fetch_all(pool)
                .await
        })?;
        read(rows)
    }

    /// Returns the runs that a run started, the latest first.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn child_runs(&self, parent: RunId, limit: usize) -> Result<Vec<RunRow>, DbError> {
        let rows = on_db!(self, pool => {
            sqlx::query_as("SELECT id, doc FROM run WHERE parent = $1 ORDER BY order_at DESC, id DESC LIMIT $2")
                .bind(parent.0)
                .bind(sql_limit(limit))
                .fetch_all(pool)
                .await
        })?;
        read(rows)
    }

    /// Returns the runs that had written (or read) a dataset, the latest first.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn uses(
        &self,
        dataset: DatasetId,
        write: bool,
        limit: usize,
        offset: usize,
    ) -> Result<Vec<UseRow>, DbError> {
        let rows: Vec<(Uuid, Uuid, i64, Option<Uuid>)> = on_db!(self, pool => {
            sqlx::query_as(
                "SELECT run, job, at, schema FROM run_use WHERE dataset = $1 AND write = $2 \
                 AND (done_at IS NOT NULL OR NOT write) ORDER BY at DESC, run DESC LIMIT $3 OFFSET $4",
            )
            .bind(dataset.0)
            .bind(write)
            .bind(sql_limit(limit))
            .bind(sql_limit(offset))
            .fetch_all(pool)
            .await
        })?;
        Ok(rows
            .into_iter()
            .map(|(run, job, at, schema)| UseRow {
                dataset,
                run: RunId(run),
                job: JobId(job),
                at: Time::from_micros(at),
                schema: schema.map(|digest| Digest(digest.into_bytes())),
            })
            .collect())
    }

    /// Returns how many runs had written (or read) a dataset.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn count_uses(&self, dataset: DatasetId, write: bool) -> Result<i64, DbError> {
        Ok(on_db!(self, pool => {
            sqlx::query_scalar("SELECT count(*) FROM run_use WHERE dataset = $1 AND write = $2 AND (done_at IS NOT NULL OR NOT write)")
                .bind(dataset.0)
                .bind(write)
                .fetch_one(pool)
                .await
        })?)
    }

    /// Returns the latest run that began, and had written a dataset, at or before a time.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn writer_before(
        &self,
        dataset: DatasetId,
        at: Time,
    ) -> Result<Option<UseRow>, DbError> {
        let row: Option<(Uuid, Uuid, i64, Option<Uuid>)> = on_db!(self, pool => {
            sqlx::query_as(
                "SELECT run, job, at, schema FROM run_use WHERE dataset = $1 AND write = TRUE AND at <= $2 AND done_at <= $2 \
                 ORDER BY at DESC, run DESC LIMIT 1",
            )
            .bind(dataset.0)
            .bind(at.as_micros())
            .fetch_optional(pool)
            .await
        })?;
        Ok(row.map(|(run, job, at, schema)| UseRow {
            dataset,
            run: RunId(run),
            job: JobId(job),
            at: Time::from_micros(at),
            schema: schema.map(|digest| Digest(digest.into_bytes())),
        }))
    }
}
