//! Counts over time, as Marquez's dashboard shows them.

use super::access_classes::InClasses;
use super::error::DbError;
use super::open::Db;
use crate::base::Time;

/// How many events of each state fell into an interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EventBucket {
    /// START events.
    pub start: i64,
    /// COMPLETE events.
    pub complete: i64,
    /// FAIL events.
    pub fail: i64,
    /// ABORT events.
    pub abort: i64,
}

/// How many of something there were at the end of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountBucket {
    /// Datasets.
    Datasets,
    /// Jobs.
    Jobs,
    /// Sources.
    Sources,
}

impl Db {
    /// Counts the events of a span of time by state, of jobs in one of `classes`.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn count_events(
        &self,
        (from, to): (Time, Time),
        classes: Option<&[u32]>,
    ) -> Result<EventBucket, DbError> {
        let (first, last) = super::events::ids_of_span(from, to);
        let of_jobs = match classes {
            None => "CAST($1 AS TEXT) IS NULL".to_owned(),
            Some(_) => {
                let seen = InClasses::condition(self);
                format!("EXISTS (SELECT 1 FROM job WHERE job.id = event.subject{seen})")
            }
        };
        let classes = InClasses::new(classes);
        let text = format!(
            "SELECT state, count(*) FROM event WHERE {of_jobs} AND id >= $2 AND id < $3 \
             AND event_time >= $4 AND event_time < $5 AND kind = 0 GROUP BY state"
        );
        let rows: Vec<(i16, i64)> = on_db!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(text))
            .bind(classes.value())
            .bind(first)
            .bind(last)
            .bind(from.as_micros())
            .bind(to.as_micros())
            .fetch_all(pool)
            .await
        })?;
        let of = |state: i16| rows.iter().filter(|row| row.0 == state).map(|row| row.1).sum();
        Ok(EventBucket { start: of(1), complete: of(3), abort: of(4), fail: of(5) })
    }

    /// Counts what existed at a time; of datasets and jobs, what is in one of `classes`. Sources
    /// are counted whole.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn count_created(
        &self,
        what: CountBucket,
        until: Time,
        classes: Option<&[u32]>,
    ) -> Result<i64, DbError> {
        // Sources have no class.
        let classes = InClasses::new(classes.filter(|_| what != CountBucket::Sources));
        let seen = InClasses::condition(self);
        let text = match what {
            CountBucket::Datasets => {
                format!("SELECT count(*) FROM dataset WHERE created_at < $2{seen}")
            }
            CountBucket::Jobs => format!("SELECT count(*) FROM job WHERE created_at < $2{seen}"),
            CountBucket::Sources => {
                "SELECT count(*) FROM source WHERE CAST($1 AS TEXT) IS NULL AND created_at < $2"
                    .to_owned()
            }
        };
        Ok(on_db!(self, pool => {
            sqlx::query_scalar(sqlx::AssertSqlSafe(text))
                .bind(classes.value())
                .bind(until.as_micros())
                .fetch_one(pool)
                .await
        })?)
    }
}
