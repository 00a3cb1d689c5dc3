//! The change feed: what each commit changed, for the followers.

use std::time::Duration;

use uuid::Uuid;

use super::error::DbError;
use super::head::{HEAD, Head, HeadRow};
use super::open::Db;
use super::tx::Tx;
use crate::base::Time;

/// What kind of thing changed, and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum ChangeKind {
    /// A dataset: what search and lineage show of it.
    Dataset = 1,
    /// A dataset: its times only, within a day.
    DatasetActivity = 2,
    /// A job: what search and lineage show of it.
    Job = 3,
    /// A job: its times (within a day) and counts only.
    JobActivity = 4,
    /// A namespace.
    Namespace = 5,
    /// A dataset that is gone for good.
    DatasetGone = 6,
    /// A job that is gone for good.
    JobGone = 7,
    /// Everything may have changed: start from nothing.
    Everything = 8,
    /// A run; for the caches of other nodes' writers, followers pass it by.
    Run = 9,
    /// A source or a tag and nothing else; for the caches of other nodes' writers.
    Small = 10,
    /// A dataset or job that was there before: rules see something else of it now.
    Judged = 11,
}

impl ChangeKind {
    fn from_byte(byte: u8) -> Option<Self> {
        [
            Self::Dataset,
            Self::DatasetActivity,
            Self::Job,
            Self::JobActivity,
            Self::Namespace,
            Self::DatasetGone,
            Self::JobGone,
            Self::Everything,
            Self::Run,
            Self::Small,
            Self::Judged,
        ]
        .into_iter()
        .find(|kind| *kind as u8 == byte)
    }
}

/// One thing that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Change {
    /// What kind of thing.
    pub kind: ChangeKind,
    /// Which.
    pub id: Uuid,
}

/// One commit's changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedRow {
    /// Its place in the feed.
    pub position: i64,
    /// When it was committed.
    pub at: Time,
    /// What changed.
    pub changes: Vec<Change>,
}

impl Tx {
    /// Appends a commit's changes to the feed.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn append_changes(
        &mut self,
        position: i64,
        at: Time,
        changes: &[Change],
    ) -> Result<(), DbError> {
        let mut body = Vec::with_capacity(changes.len() * 17);
        for change in changes {
            body.push(change.kind as u8);
            body.extend_from_slice(change.id.as_bytes());
        }
        execute!(
            self,
            "INSERT INTO change (position, at, body) VALUES ($1, $2, $3)",
            position,
            at.as_micros(),
            &body[..]
        )?;
        Ok(())
    }

    /// Forgets feed entries before a position, which every follower has passed.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn trim_feed(&mut self, before: i64) -> Result<u64, DbError> {
        let gone = on_tx!(self, conn => {
            sqlx::query("DELETE FROM change WHERE position < $1").bind(before).execute(conn).await.map(|done| done.rows_affected())
        })?;
        Ok(gone)
    }
}

impl Db {
    /// Returns where the log and the feed stand.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn head(&self) -> Result<Head, DbError> {
        let head: HeadRow = on_db!(self, pool => sqlx::query_as(HEAD).fetch_one(pool).await)?;
        Ok(head.into())
    }

    /// Returns the oldest position that the feed still holds (0 if it is empty).
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn feed_start(&self) -> Result<i64, DbError> {
        let start: Option<i64> = on_db!(self, pool => {
            sqlx::query_scalar("SELECT min(position) FROM change").fetch_one(pool).await
        })?;
        Ok(start.unwrap_or(0))
    }

    /// Returns the commits after a position, in order.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds an entry Lethe did not write.
    pub async fn changes_after(
        &self,
        position: i64,
        limit: usize,
    ) -> Result<Vec<FeedRow>, DbError> {
        let rows: Vec<(i64, i64, Vec<u8>)> = on_db!(self, pool => {
            sqlx::query_as("SELECT position, at, body FROM change WHERE position > $1 ORDER BY position LIMIT $2")
                .bind(position)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(pool)
                .await
        })?;
        rows.into_iter()
            .map(|(position, at, body)| {
                let changes = read_changes(&body)?;
                Ok(FeedRow { position, at: Time::from_micros(at), changes })
            })
            .collect()
    }

    /// How long a follower waits before it looks again by itself: other nodes write too.
    #[must_use]
    pub fn poll_every(&self) -> Duration {
        match self {
            Self::Sqlite { .. } => Duration::from_secs(2),
            Self::Postgres { .. } => Duration::from_millis(200),
        }
    }
}

fn read_changes(body: &[u8]) -> Result<Vec<Change>, DbError> {
    let corrupt = |why: &str| DbError::Corrupt { what: "change", why: why.to_owned() };
    if !body.len().is_multiple_of(17) {
        return Err(corrupt("its length is no multiple of 17"));
    }
    body.chunks_exact(17)
        .map(|entry| {
            let (kind, id) = entry.split_first().ok_or_else(|| corrupt("empty entry"))?;
            let kind = ChangeKind::from_byte(*kind).ok_or_else(|| corrupt("unknown kind"))?;
            let id = Uuid::from_slice(id).map_err(|_| corrupt("bad id"))?;
            Ok(Change { kind, id })
        })
        .collect()
}
