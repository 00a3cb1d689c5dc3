//! Retention of runs: which runs of a job nobody needs any more, and their removal with all that
//! they read and wrote.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use super::codec::from_json;
use super::error::DbError;
use super::open::Db;
use super::tx::Tx;
use crate::base::{DatasetId, JobId, RunId, Time};
use crate::catalog::{Changed, DatasetDoc, RunDoc, RunUseKey, Touch, Working};

/// A place in the order of a job's runs.
type Place = (Time, RunId);
/// The columns of a run that are looked at: its id and document.
type Row = (Uuid, String);

/// Which datasets' newest uses are known: by dataset and whether it was written, the run.
pub type NewestUses = HashMap<(DatasetId, bool), BTreeSet<RunId>>;

/// What retention removed at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RunsGone {
    /// Runs.
    pub runs: u64,
    /// Their uses of datasets.
    pub uses: u64,
}

fn read(rows: Vec<Row>) -> Result<Vec<(RunId, RunDoc)>, DbError> {
    rows.into_iter().map(|(id, text)| Ok((RunId(id), from_json("run", &text)?))).collect()
}

/// Returns whether a run has ended, and nothing spoke of it since a time.
fn has_expired(doc: &RunDoc, before: Time) -> bool {
    doc.state().is_terminal() && doc.seen().last < before
}

impl Db {
    /// Returns jobs, in order after one, that have more runs than so many and one that began before
    /// a time.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn jobs_with_old_runs(
        &self,
        after: Option<JobId>,
        (before, kept): (Time, u32),
        limit: usize,
    ) -> Result<Vec<JobId>, DbError> {
        let rows: Vec<Uuid> = on_db!(self, pool => {
            sqlx::query_scalar(
                "SELECT job FROM run WHERE job >= $1 GROUP BY job \
                 HAVING count(*) > $2 AND min(order_at) < $3 ORDER BY job LIMIT $4",
            )
            .bind(after.map_or(Uuid::nil(), |id| Uuid::from_u128(id.0.as_u128().saturating_add(1))))
            .bind(i64::from(kept))
            .bind(before.as_micros())
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(pool)
            .await
        })?;
        Ok(rows.into_iter().map(JobId).collect())
    }

    /// Returns the first of a job's newest runs, of which so many are kept whatever their age;
    /// nothing if it has no more than that.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn oldest_kept_run(&self, job: JobId, kept: u32) -> Result<Option<Place>, DbError> {
        let row: Option<(i64, Uuid)> = on_db!(self, pool => {
            sqlx::query_as(
                "SELECT order_at, id FROM run WHERE job = $1 ORDER BY order_at DESC, id DESC LIMIT 1 OFFSET $2",
            )
            .bind(job.0)
            .bind(i64::from(kept.saturating_sub(1)))
            .fetch_optional(pool)
            .await
        })?;
        Ok(row.map(|(at, id)| (Time::from_micros(at), RunId(id))))
    }

    /// Returns runs of a job between two places that have ended before a time, the oldest first.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn ended_runs(
        &self,
        job: JobId,
        (after, until): (Option<Place>, Place),
        before: Time,
        limit: usize,
    ) -> Result<Vec<(RunId, RunDoc)>, DbError> {
        let after = after.unwrap_or((Time::MIN, RunId(Uuid::nil())));
        let rows: Vec<Row> = on_db!(self, pool => {
            sqlx::query_as(
                "SELECT id, doc FROM run WHERE job = $1 AND (order_at, id) > ($2, $3) AND (order_at, id) < ($4, $5) \
                 AND last_at < $6 AND state IN (2, 3, 4) ORDER BY order_at, id LIMIT $7",
            )
            .bind(job.0)
            .bind(after.0.as_micros())
            .bind(after.1.0)
            .bind(until.0.as_micros())
            .bind(until.1.0)
            .bind(before.as_micros())
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(pool)
            .await
        })?;
        read(rows)
    }

    /// Returns the runs of a job that its document speaks of: the one that spoke last, and the one
    /// since whose beginning all else is past.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn telling_runs(&self, job: JobId) -> Result<BTreeSet<RunId>, DbError> {
        const LATEST: &str =
            "SELECT id FROM run WHERE job = $1 ORDER BY last_at DESC, id DESC LIMIT 1";
        const SETTLED: &str = "SELECT id FROM run WHERE job = $1 AND settles_at IS NOT NULL ORDER BY settles_at DESC, id DESC LIMIT 1";
        let (latest, settled): (Option<Uuid>, Option<Uuid>) = on_db!(self, pool => {
            let latest = sqlx::query_scalar(LATEST).bind(job.0).fetch_optional(pool).await?;
            let settled = sqlx::query_scalar(SETTLED).bind(job.0).fetch_optional(pool).await?;
            (latest, settled)
        });
        Ok(latest.into_iter().chain(settled).map(RunId).collect())
    }

    /// Returns which of these runs others name as their parent.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn parents_among(&self, runs: &[RunId]) -> Result<BTreeSet<RunId>, DbError> {
        let ids: Vec<Uuid> = runs.iter().map(|id| id.0).collect();
        let rows = on_db!(self, pool => fetch_in!(pool, "SELECT DISTINCT parent FROM run WHERE parent", &ids, (Uuid,)));
        Ok(rows.into_iter().map(|(id,)| RunId(id)).collect())
    }

    /// Adds the runs that used datasets last, and those whose writing a dataset's document speaks
    /// of, for datasets of which that is not known yet.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn note_newest_uses(
        &self,
        datasets: &BTreeSet<(DatasetId, bool)>,
        newest: &mut NewestUses,
    ) -> Result<(), DbError> {
        const NEWEST: &str = "SELECT run FROM run_use WHERE dataset = $1 AND write = $2 ORDER BY at DESC, run DESC LIMIT 1";
        let unknown: Vec<(DatasetId, bool)> =
            datasets.iter().copied().filter(|key| !newest.contains_key(key)).collect();
        for key in &unknown {
            let (id, write) = (key.0.0, key.1);
            let run: Option<Uuid> = on_db!(self, pool => {
                sqlx::query_scalar(NEWEST).bind(id).bind(write).fetch_optional(pool).await
            })?;
            newest.entry(*key).or_default().extend(run.map(RunId));
        }
        let ids: Vec<Uuid> = unknown.iter().filter(|key| key.1).map(|key| key.0.0).collect();
        let rows = on_db!(self, pool => fetch_in!(pool, "SELECT id, doc FROM dataset WHERE id", &ids, Row));
        for (id, text) in rows {
            let doc: DatasetDoc = from_json("dataset", &text)?;
            let run = doc.written.and_then(|written| written.value);
            newest.entry((DatasetId(id), true)).or_default().extend(run);
        }
        Ok(())
    }
}

impl Tx {
    /// Removes those of some runs that have ended before a time and were not spoken of since, with
    /// their uses, and notes in their jobs that they were there. Says what changed.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn expire_runs(
        &mut self,
        runs: &[RunId],
        before: Time,
    ) -> Result<(RunsGone, Changed), DbError> {
        let ids: Vec<Uuid> = runs.iter().map(|id| id.0).collect();
        let rows = on_tx!(self, conn => fetch_in!(&mut *conn, "SELECT id, doc FROM run WHERE id", &ids, Row));
        let mut docs = read(rows)?;
        docs.retain(|(_, doc)| has_expired(doc, before));
        let mut of_jobs: BTreeMap<JobId, (u32, Time)> = BTreeMap::new();
        for (_, doc) in &docs {
            let Some(job) = &doc.job else { continue };
            let (count, last) = of_jobs.entry(job.id()).or_insert((0, Time::MIN));
            (*count, *last) = (*count + 1, doc.seen().last.max(*last));
        }
        let uses: Vec<RunUseKey> = docs
            .iter()
            .flat_map(|(id, doc)| doc.uses(*id).into_iter().map(|(key, _)| key))
            .collect();
        let gone = RunsGone { uses: self.remove_uses(&uses).await?, runs: docs.len() as u64 };
        let ids: Vec<Uuid> = docs.iter().map(|(id, _)| id.0).collect();
        on_tx!(self, conn => delete_in!(conn, "DELETE FROM run WHERE id", &ids));
        let touch = Touch { jobs: of_jobs.keys().copied().collect(), ..Touch::default() };
        let (mut working, mut changed) = (Working::default(), Changed::default());
        self.load(&touch, &mut working).await?;
        self.load_job_names(&touch.jobs, &mut working).await?;
        for (id, (count, last)) in of_jobs {
            if let Some(job) = working.jobs.get_mut(&id).filter(|job| !job.name.is_empty()) {
                job.note_expired(count, last);
                changed.jobs.insert(id, false);
            }
        }
        self.write(&mut working, &mut changed).await?;
        changed.runs.extend(docs.iter().map(|(id, _)| *id));
        Ok((gone, changed))
    }

    async fn remove_uses(&mut self, uses: &[RunUseKey]) -> Result<u64, DbError> {
        let mut gone = 0;
        on_tx!(self, conn => {
            for chunk in super::rows::chunks(uses) {
                let mut builder =
                    sqlx::QueryBuilder::new("DELETE FROM run_use WHERE (dataset, write, at, run) IN (");
                builder.push_values(chunk, |mut b, key| {
                    b.push_bind(key.dataset.0).push_bind(key.write);
                    b.push_bind(key.at.as_micros()).push_bind(key.run.0);
                });
                builder.push(")");
                gone += builder.build().execute(&mut *conn).await?.rows_affected();
            }
        });
        Ok(gone)
    }
}
