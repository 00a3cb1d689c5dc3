//! Rebuilding: the catalog is folded anew from the event log, aside, while others go on writing.
//!
//! Only the last entries are folded under the writer's lock; then what was folded takes the place of
//! what was read before, and the change feed tells everybody to start over. Runs are written some
//! thousands at a time, everything else mostly once: it stays in memory, within bounds.
//!
//! What lasts whether or not the log still says it (tags, other names, what jobs ever named) is taken
//! from what was read before: no rebuild takes a restriction off.
//!
//! Whatever is removed from the log meanwhile must not come back: then it begins again. Retention
//! waits.

use tokio::task::JoinHandle;

use super::error::FlowError;
use super::refold::{PAGE, Rebuilt, deltas_of, jobs_that_last, publish, take_over};
use super::write::load;
use crate::base::Time;
use crate::catalog::{Changed, Delta, Gone, JobDoc, Working};
use crate::db::{Change, ChangeKind, Db, DbError, EventRow, Tx};

/// Places of the log that are left to the time under the lock, at most.
const LEFT_MAX: i64 = 200;
/// Rounds in which is caught up without the lock, at most: others may write as fast as it folds.
const ROUNDS_MAX: usize = 20;
/// How often it is begun again because something was removed from the log.
const TRIES_MAX: usize = 5;

/// What a rebuild holds in memory before it is written, and how much it folds at once.
#[derive(Debug, Clone, Copy)]
pub struct Holding {
    /// Entries of the log that are folded at once.
    pub page: usize,
    /// Runs that are held, at most, but for those of the last page.
    pub runs: usize,
    /// Datasets and jobs, together.
    pub docs: usize,
    /// Bytes of the log that are folded before runs are written: what is held grows no faster.
    pub run_bytes: usize,
    /// The same before all is written.
    pub doc_bytes: usize,
}

impl Default for Holding {
    fn default() -> Self {
        let (run_bytes, doc_bytes) = (64 << 20, 512 << 20);
        Self { page: PAGE, runs: 20_000, docs: 50_000, run_bytes, doc_bytes }
    }
}

/// How far a rebuild has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Entries of the log that were folded.
    pub entries: u64,
    /// Places of the log that are left, at most; others may add to them.
    pub left: u64,
}

/// Folds the event log again and swaps the result in; see the top of this file. Readers see the old
/// catalog until the new one is there.
///
/// # Errors
///
/// As [`rebuild_until`].
pub async fn rebuild(
    db: &Db,
    now: Time,
    progress: impl FnMut(Progress),
) -> Result<Rebuilt, FlowError> {
    let (holding, never) = (Holding::default(), std::future::pending());
    let done = rebuild_until(db, now, holding, progress, never).await?;
    Ok(done.unwrap_or_default())
}

/// The same, unless a stop is asked for before its end: then nothing comes of it, and nothing has
/// changed.
///
/// # Errors
///
/// [`FlowError::Db`] if the database fails, others rebuild, or things are removed from the log again
/// and again; nothing has changed then.
pub async fn rebuild_until(
    db: &Db,
    now: Time,
    holding: Holding,
    mut progress: impl FnMut(Progress),
    stop: impl Future<Output = ()>,
) -> Result<Option<Rebuilt>, FlowError> {
    let db = db.behind_the_scenes();
    let tries = async {
        for _ in 0..TRIES_MAX {
            let done = Fold::new(holding).whole(&db, now, &mut progress).await;
            if !matches!(done, Err(FlowError::Db(DbError::Conflict(_)))) {
                return done;
            }
            tracing::info!("something was removed from the log: the rebuild begins again");
        }
        Err(DbError::Conflict("the log").into())
    };
    // Dropped, its transaction rolls back.
    tokio::select! {
        done = tries => done.map(Some),
        () = stop => Ok(None),
    }
}

/// What was folded so far, and what of it is not written yet.
struct Fold {
    holding: Holding,
    working: Working,
    changed: Changed,
    /// Bytes of the log that were folded since runs, and since all was written.
    bytes: (usize, usize),
    /// The next entries, which are read while those before them are folded.
    next: Option<JoinHandle<Result<Vec<EventRow>, DbError>>>,
    /// The last entry that was folded, and the last of what was said again after it.
    last: (i64, i64),
    done: Rebuilt,
}

impl Fold {
    fn new(holding: Holding) -> Self {
        Self {
            holding,
            working: Working::default(),
            changed: Changed::default(),
            bytes: (0, 0),
            next: None,
            last: (0, 0),
            done: Rebuilt::default(),
        }
    }

    /// Folds the whole log and swaps the result in.
    async fn whole(
        mut self,
        db: &Db,
        now: Time,
        progress: &mut impl FnMut(Progress),
    ) -> Result<Rebuilt, FlowError> {
        let mut tx = db.begin_aside().await?;
        let removals = tx.removals().await?;
        self.datasets_that_last(db, &mut tx).await?;
        for _ in 0..ROUNDS_MAX {
            let until = tx.head().await?.seq;
            while self.page(db, &mut tx).await? && self.last.0 < until {
                let left = u64::try_from(until - self.last.0).unwrap_or(0);
                progress(Progress { entries: self.done.entries, left });
            }
            self.write(&mut tx).await?;
            if tx.head().await?.seq - self.last.0 <= LEFT_MAX {
                break;
            }
        }
        self.jobs_that_last(db, &mut tx).await?;
        tx.settle_aside().await?;
        tx.take_writers_lock().await?;
        if tx.removals().await? != removals {
            return Err(DbError::Conflict("the log").into());
        }
        while self.page(db, &mut tx).await? {}
        self.write(&mut tx).await?;
        tx.swap_in().await?;
        let head = tx.head().await?;
        let everything = Change { kind: ChangeKind::Everything, id: uuid::Uuid::nil() };
        publish(&mut tx, head, now, &[everything]).await?;
        tx.commit().await?;
        Ok(self.done)
    }

    /// Takes over what lasts of the datasets that others read. What they write meanwhile is in the log.
    async fn datasets_that_last(&mut self, db: &Db, tx: &mut Tx) -> Result<(), FlowError> {
        let mut after = None;
        loop {
            let rows = db.scan_lasting_datasets(after, self.holding.page).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = Some(last.id);
            let datasets = rows.iter().filter_map(|row| row.doc.lasting()).collect();
            self.take_over(tx, Delta { datasets, ..Delta::default() }).await?;
        }
    }

    /// The same of jobs, which takes what they were folded to.
    async fn jobs_that_last(&mut self, db: &Db, tx: &mut Tx) -> Result<(), FlowError> {
        let (mut after, gone) = (None, Gone::default());
        loop {
            let rows = db.scan_jobs(after, self.holding.page).await?;
            let Some(last) = rows.last() else { return self.write(tx).await };
            after = Some(last.id);
            let before: Vec<JobDoc> = rows.into_iter().map(|row| row.doc).collect();
            let lasting = jobs_that_last(db, tx, &before, &gone).await?;
            self.take_over(tx, lasting).await?;
        }
    }

    async fn take_over(&mut self, tx: &mut Tx, lasting: Delta) -> Result<(), FlowError> {
        take_over(tx, (&mut self.working, &mut self.changed), lasting).await?;
        if self.working.datasets.len() + self.working.jobs.len() > self.holding.docs {
            self.write(tx).await?;
        }
        Ok(())
    }

    /// Folds the next entries, and what was said again until then. Returns whether there were any.
    async fn page(&mut self, db: &Db, tx: &mut Tx) -> Result<bool, FlowError> {
        let rows = self.next_rows(db).await?;
        let last = rows.last().map_or(self.last.0, |row| row.seq);
        // Whatever is said again after the last entry may still come when this was read.
        let mut again = tx.said_again_after(self.last.0..=last).await?;
        again.retain(|said| (said.said_after, said.nth) > self.last);
        let nth = again.iter().filter(|said| said.said_after == last).map(|said| said.nth).max();
        let deltas = deltas_of(db, tx, (&rows, &again), &mut self.done).await?;
        load(tx, &mut self.working, &deltas).await?;
        for delta in deltas {
            self.working.apply(delta, &mut self.changed);
        }
        let before = if last == self.last.0 { self.last.1 } else { 0 };
        self.last = (last, nth.unwrap_or(before));
        let bytes: usize = rows.iter().map(|row| row.raw.len()).sum();
        self.bytes = (self.bytes.0 + bytes, self.bytes.1 + bytes);
        let docs = self.working.datasets.len() + self.working.jobs.len();
        let (runs, held) = (self.working.runs.len(), self.holding);
        if docs > held.docs || self.bytes.1 > held.doc_bytes {
            self.write(tx).await?;
        } else if runs > held.runs || self.bytes.0 > held.run_bytes {
            self.write_runs(tx).await?;
        }
        Ok(!rows.is_empty() || !again.is_empty())
    }

    /// Reads the next entries, and begins to read those after them where there are more.
    async fn next_rows(&mut self, db: &Db) -> Result<Vec<EventRow>, FlowError> {
        let size = self.holding.page;
        let read = match self.next.take() {
            Some(reading) => {
                reading.await.map_err(|error| FlowError::Internal(error.to_string()))??
            }
            None => Vec::new(),
        };
        // That there was nothing then says nothing of now.
        let rows = if read.is_empty() { db.scan_events(self.last.0, size).await? } else { read };
        if let Some(last) = rows.last().filter(|_| rows.len() == size) {
            let (db, after) = (db.clone(), last.seq);
            self.next = Some(tokio::spawn(async move { db.scan_events(after, size).await }));
        }
        Ok(rows)
    }

    /// Writes runs and what they used; what follows from them for others is held.
    async fn write_runs(&mut self, tx: &mut Tx) -> Result<(), FlowError> {
        let mut changed = Changed {
            runs: std::mem::take(&mut self.changed.runs),
            uses: std::mem::take(&mut self.changed.uses),
            uses_gone: std::mem::take(&mut self.changed.uses_gone),
            facets: std::mem::take(&mut self.changed.facets),
            ..Changed::default()
        };
        tx.write(&mut self.working, &mut changed).await?;
        self.working.runs.clear();
        self.bytes.0 = 0;
        Ok(())
    }

    /// Writes all that is not written yet, and holds nothing any more.
    async fn write(&mut self, tx: &mut Tx) -> Result<(), FlowError> {
        tx.write(&mut self.working, &mut self.changed).await?;
        (self.working, self.changed) = (Working::default(), Changed::default());
        self.bytes = (0, 0);
        Ok(())
    }
}
