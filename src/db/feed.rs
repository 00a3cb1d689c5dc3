//! The change feed: what each commit changed, for the followers.

use std::time::Duration;

use uuid::Uuid;

use super::error::DbError;
use super::head::{HEAD, Head, HeadRow};
use super::open::Db;
use super::tx::Tx;
use crate::base::{Digest, Position, Time};

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

/// An entry of the feed as it is stored.
type Row = (i64, i64, Vec<u8>, i64);

/// Asks for the entries from a position on.
const FROM: &str =
    "SELECT position, at, body, chain FROM change WHERE position >= $1 ORDER BY position LIMIT $2";

/// Asks for the entries up to a position.
const UP_TO: &str = "SELECT position, at, body, chain FROM change WHERE position <= $1 ORDER BY position DESC LIMIT $2";

/// One commit's changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedRow {
    /// Its place in the feed.
    pub position: i64,
    /// The digest of it and all commits before it.
    pub chain: i64,
    /// When it was committed.
    pub at: Time,
    /// What changed.
    pub changes: Vec<Change>,
}

impl FeedRow {
    /// Returns its place in the feed, and in which history.
    #[must_use]
    pub fn reached(&self) -> Position {
        Position { number: u64::try_from(self.position).unwrap_or(0), chain: self.chain }
    }
}

/// What lies after a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Feed {
    /// These commits, in order; the first may lie further on, where the feed was trimmed.
    Rows(Vec<FeedRow>),
    /// The position lies in another history than the database's.
    OtherHistory,
}

impl Tx {
    /// Appends a commit's changes to the feed, and moves the head that is to be set after them.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn append_changes(
        &mut self,
        head: &mut Head,
        at: Time,
        changes: &[Change],
    ) -> Result<(), DbError> {
        let mut body = Vec::with_capacity(changes.len() * 17);
        for change in changes {
            body.push(change.kind as u8);
            body.extend_from_slice(change.id.as_bytes());
        }
        head.position += 1;
        head.chain = chain_after(head, at, &body);
        execute!(
            self,
            "INSERT INTO change (position, at, body, chain) VALUES ($1, $2, $3, $4)",
            head.position,
            at.as_micros(),
            &body[..],
            head.chain
        )?;
        Ok(())
    }

    /// Returns the commits after a position, as whoever holds the writer's lock sees them.
    ///
    /// # Errors
    ///
    /// As [`Db::changes_after`].
    pub async fn changes_after(&mut self, after: Position, limit: usize) -> Result<Feed, DbError> {
        let rows = on_tx!(self, conn => {
            sqlx::query_as(FROM)
                .bind(i64::try_from(after.number).unwrap_or(i64::MAX))
                .bind(i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1))
                .fetch_all(conn)
                .await
        })?;
        read_feed(after, rows, limit)
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
    pub async fn changes_after(&self, after: Position, limit: usize) -> Result<Feed, DbError> {
        let rows = on_db!(self, pool => {
            sqlx::query_as(FROM)
                .bind(i64::try_from(after.number).unwrap_or(i64::MAX))
                .bind(i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1))
                .fetch_all(pool)
                .await
        })?;
        read_feed(after, rows, limit)
    }

    /// Returns the commits up to a place in the feed, the newest first.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds an entry Lethe did not write.
    pub async fn changes_up_to(&self, place: u64, limit: usize) -> Result<Vec<FeedRow>, DbError> {
        let rows: Vec<Row> = on_db!(self, pool => {
            sqlx::query_as(UP_TO)
                .bind(i64::try_from(place).unwrap_or(i64::MAX))
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(pool)
                .await
        })?;
        rows.into_iter().map(read_row).collect()
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

/// Returns the digest of the commit to which the head was moved, and of all before it. What was
/// committed when, and what it changed, is another in another history.
fn chain_after(head: &Head, at: Time, body: &[u8]) -> i64 {
    let [chain, position, seq] = [head.chain, head.position, head.seq].map(i64::to_be_bytes);
    let at = at.as_micros().to_be_bytes();
    let Digest(digest) = Digest::of_parts(&[&chain, &position, &seq, &at, body]);
    let (first, _) = digest.split_at(8);
    first.try_into().map(i64::from_be_bytes).unwrap_or_default()
}

/// Reads the entries after a position; the one at it tells whether it lies in this history.
fn read_feed(after: Position, rows: Vec<Row>, limit: usize) -> Result<Feed, DbError> {
    let number = i64::try_from(after.number).unwrap_or(i64::MAX);
    if rows.first().is_some_and(|(at, .., chain)| *at == number && *chain != after.chain) {
        return Ok(Feed::OtherHistory);
    }
    let rows = rows.into_iter().filter(|(position, ..)| *position > number);
    rows.take(limit).map(read_row).collect::<Result<_, _>>().map(Feed::Rows)
}

fn read_row((position, at, body, chain): Row) -> Result<FeedRow, DbError> {
    let (at, changes) = (Time::from_micros(at), read_changes(&body)?);
    Ok(FeedRow { position, chain, at, changes })
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
