//! Removing for good: expired events, deleted entities' events, whole projections.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use super::error::DbError;
use super::events::unpack_block;
use super::log::{BLOCK_EVENTS_MAX, pack_block};
use super::open::Db;
use super::tx::Tx;
use crate::base::{DatasetId, EventId, JobId, NamespaceId, Time};

/// Blocks that expired events are taken out of at once: each may have to be packed anew.
const BLOCKS_AT_ONCE: usize = 8;
/// The projections that can be folded from the log again.
const PROJECTIONS: [&str; 8] = [
    "DELETE FROM namespace",
    "DELETE FROM source",
    "DELETE FROM tag",
    "DELETE FROM dataset",
    "DELETE FROM job",
    "DELETE FROM run",
    "DELETE FROM run_use",
    "DELETE FROM facet",
];

impl Db {
    /// Returns the jobs whose runs read or wrote a dataset.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn jobs_using(&self, dataset: DatasetId) -> Result<Vec<JobId>, DbError> {
        let rows: Vec<Uuid> = on_db!(self, pool => {
            sqlx::query_scalar("SELECT DISTINCT job FROM run_use WHERE dataset = $1 ORDER BY job")
                .bind(dataset.0)
                .fetch_all(pool)
                .await
        })?;
        Ok(rows.into_iter().map(JobId).collect())
    }
}

impl Tx {
    /// Returns the places of events that are older than a time: about so many of the oldest, and
    /// all others of their blocks, which are written once. Edits never expire.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn expired_events(
        &mut self,
        before: Time,
        limit: usize,
    ) -> Result<Vec<i64>, DbError> {
        let before = EventId::floor(before).0;
        let oldest: Vec<(i64, i64, i32)> = on_tx!(self, conn => {
            sqlx::query_as("SELECT seq, block, slot FROM event WHERE id < $1 AND kind <> 3 ORDER BY id LIMIT $2")
                .bind(before)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(conn)
                .await
        })?;
        // What lies in a block follows one upon the other.
        let blocks: BTreeMap<i64, i64> =
            oldest.iter().map(|(seq, block, slot)| (*block, seq - i64::from(*slot))).collect();
        let (mut seqs, mut seen) = (Vec::with_capacity(limit), 0);
        for (block, first) in blocks {
            if seen >= BLOCKS_AT_ONCE || seqs.len() >= limit {
                break;
            }
            seen += 1;
            let places: Vec<i64> = on_tx!(self, conn => {
                sqlx::query_scalar(
                    "SELECT seq FROM event WHERE seq >= $1 AND seq < $2 AND block = $3 AND id < $4 AND kind <> 3 ORDER BY seq",
                )
                .bind(first)
                .bind(first.saturating_add(BLOCK_EVENTS_MAX as i64))
                .bind(block)
                .bind(before)
                .fetch_all(conn)
                .await
            })?;
            seqs.extend(places);
        }
        Ok(seqs)
    }

    /// Drops everything that can be folded from the log again.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub(super) async fn clear_projections(&mut self) -> Result<(), DbError> {
        for statement in PROJECTIONS {
            on_tx!(self, conn => sqlx::query(statement).execute(conn).await.map(|_| ()))?;
        }
        Ok(())
    }

    /// Removes events from the log, text and all: their lines in shared blocks are
    /// blanked, blocks without events removed. Returns how many there were.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a block Lethe cannot read.
    pub async fn remove_events(&mut self, seqs: &[i64]) -> Result<u64, DbError> {
        let places = on_tx!(self, conn => fetch_in!(&mut *conn, "SELECT seq, block, slot FROM event WHERE seq", seqs, (i64, i64, i32)));
        let gone = places.len() as u64;
        let mut by_block: BTreeMap<(i64, i64), BTreeSet<i32>> = BTreeMap::new();
        for (seq, block, slot) in places {
            by_block.entry((block, seq - i64::from(slot))).or_default().insert(slot);
        }
        on_tx!(self, conn => delete_in!(conn, "DELETE FROM event_again WHERE seq", seqs));
        on_tx!(self, conn => delete_in!(conn, "DELETE FROM event WHERE seq", seqs));
        if !by_block.is_empty() {
            execute!(self, "UPDATE head SET removals = removals + 1 WHERE id = 1")?;
        }
        for ((block, first), slots) in by_block {
            self.blank((block, first), &slots).await?;
        }
        Ok(gone)
    }

    /// Blanks lines of a block, whose first entry has a place in the log.
    async fn blank(
        &mut self,
        (block, first): (i64, i64),
        slots: &BTreeSet<i32>,
    ) -> Result<(), DbError> {
        let left: i64 = on_tx!(self, conn => {
            sqlx::query_scalar("SELECT count(*) FROM event WHERE block = $1 AND seq >= $2 AND seq < $3")
                .bind(block)
                .bind(first)
                .bind(first.saturating_add(BLOCK_EVENTS_MAX as i64))
                .fetch_one(conn)
                .await
        })?;
        if left == 0 {
            execute!(self, "DELETE FROM event_block WHERE id = $1", block)?;
            return Ok(());
        }
        let body: Vec<u8> = on_tx!(self, conn => {
            sqlx::query_scalar("SELECT body FROM event_block WHERE id = $1").bind(block).fetch_one(conn).await
        })?;
        let mut lines = unpack_block(&body)?;
        for slot in slots {
            if let Some(line) = usize::try_from(*slot).ok().and_then(|slot| lines.get_mut(slot)) {
                line.clear();
            }
        }
        let packed = pack_block(lines.iter().map(String::as_bytes));
        execute!(self, "UPDATE event_block SET body = $2 WHERE id = $1", block, &packed[..])?;
        Ok(())
    }

    /// Removes jobs, their runs, and what these read and wrote.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn remove_jobs(&mut self, jobs: &[JobId]) -> Result<(), DbError> {
        for job in jobs {
            for statement in [
                "DELETE FROM run_use WHERE run IN (SELECT id FROM run WHERE job = $1)",
                "DELETE FROM run WHERE job = $1",
                "DELETE FROM job WHERE id = $1",
            ] {
                on_tx!(self, conn => sqlx::query(statement).bind(job.0).execute(conn).await.map(|_| ()))?;
            }
        }
        Ok(())
    }

    /// Removes dataset names and their uses.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn remove_datasets(&mut self, datasets: &[DatasetId]) -> Result<(), DbError> {
        for dataset in datasets {
            for statement in
                ["DELETE FROM run_use WHERE dataset = $1", "DELETE FROM dataset WHERE id = $1"]
            {
                on_tx!(self, conn => sqlx::query(statement).bind(dataset.0).execute(conn).await.map(|_| ()))?;
            }
        }
        Ok(())
    }

    /// Counts how many times runs read or wrote datasets; those that none did are left out.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn count_uses(
        &mut self,
        datasets: &[DatasetId],
    ) -> Result<HashMap<DatasetId, u32>, DbError> {
        let ids: Vec<Uuid> = datasets.iter().map(|id| id.0).collect();
        let rows = on_tx!(self, conn => {
            fetch_in!(&mut *conn, "SELECT dataset, count(*) FROM run_use WHERE dataset", &ids, (Uuid, i64), " GROUP BY dataset")
        });
        let count = |count| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(rows.into_iter().map(|(id, uses)| (DatasetId(id), count(uses))).collect())
    }

    /// Removes a namespace; not what is in it.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn remove_namespace(&mut self, name: &str) -> Result<(), DbError> {
        execute!(self, "DELETE FROM namespace WHERE id = $1", NamespaceId::of(name).0)?;
        Ok(())
    }
}
