//! Maintenance: retention, and what an older version left to be done.

use std::collections::BTreeSet;
use std::time::Duration;

use super::app::App;
use super::error::FlowError;
use super::expire::Expired;
use super::lease::Lease;
use super::refold::{PAGE, publish};
use super::unrecorded::unrecorded;
use super::write::{changes_of, load_with_names};
use crate::base::{EventId, JobId, Time};
use crate::catalog::{Changed, Touch, Working};
use crate::db::{Db, EventRow, Reclaimed, Tx};

/// How often expired events are looked for.
const RETAIN_EVERY: Duration = Duration::from_secs(3_600);
/// How soon that is done again where another node has the lease.
const RETAIN_AGAIN: Duration = Duration::from_secs(120);
/// Space is given back when one in so many of all events there ever were has gone since.
const GIVE_BACK_PART: u64 = 20;
/// How long that may take at a time.
const GIVE_BACK_TIME_MAX: Duration = Duration::from_secs(3_000);
/// The feed's entries that are kept for followers which were away.
const FEED_KEPT: i64 = 100_000;
const DAY_MICROS: i64 = 86_400_000_000;

/// Gives access classes to what an older version wrote, which knew none: until then only
/// those see it from whom nothing is hidden.
///
/// # Errors
///
/// [`FlowError::Db`] if the database fails; what was classified stays so.
pub(super) async fn classify_old(db: &Db, now: Time) -> Result<(), FlowError> {
    loop {
        let (datasets, jobs) = db.unclassified(PAGE).await?;
        if datasets.is_empty() && jobs.is_empty() {
            return Ok(());
        }
        unrecorded(db, async |tx| {
            let mut working = Working::default();
            let mut touch = Touch::default();
            touch.datasets.extend(&datasets);
            touch.jobs.extend(&jobs);
            load_with_names(tx, &mut working, touch).await?;
            let mut changed = Changed::default();
            changed.datasets.extend(datasets.iter().map(|id| (*id, false)));
            changed.jobs.extend(jobs.iter().map(|id| (*id, false)));
            take_up_renames(tx, &mut working, &mut changed).await?;
            let bodies = tx.telling_bodies(&working, (&datasets, &jobs)).await?;
            working.take_up_said(&bodies);
            tx.write(&mut working, &mut changed).await?;
            // What an index or graph knows of them is not what holds now.
            let head = tx.head().await?;
            publish(tx, head, now, &changes_of(&changed)).await?;
            Ok(())
        })
        .await?;
        tracing::info!(datasets = datasets.len(), jobs = jobs.len(), "access classes given");
    }
}

/// Notes what jobs were called that an earlier version wrote, which judged by the last name alone.
async fn take_up_renames(
    tx: &mut Tx,
    working: &mut Working,
    changed: &mut Changed,
) -> Result<(), FlowError> {
    let renamed = working.jobs.values().filter_map(|doc| Some(doc.renamed_to.as_ref()?.value));
    let jobs = renamed.filter(|id| !working.jobs.contains_key(id)).collect();
    tx.load(&Touch { jobs, ..Touch::default() }, working).await?;
    working.take_up_renames(changed);
    let jobs: BTreeSet<JobId> = changed.jobs.keys().copied().collect();
    Ok(tx.load_job_names(&jobs, working).await?)
}

/// Removes what has expired now and then, until told to stop.
pub(super) async fn retain_loop(app: App) {
    let mut thinned = -1;
    // What was removed before this node's time may not be given back yet.
    let mut gone = u64::MAX;
    loop {
        let mut wait = RETAIN_EVERY;
        match Lease::take(app.db(), app.now()).await {
            Ok(Some(mut lease)) => {
                match app.retain_by(Some(&mut lease)).await {
                    Ok(Expired { events, .. }) => gone = gone.saturating_add(events),
                    Err(error) => {
                        tracing::warn!(%error, "retention failed; it will be tried again");
                    }
                }
                match app.thin_checkpoints(thinned).await {
                    Ok(until) => thinned = until,
                    Err(error) => tracing::warn!(%error, "signed heads are not thinned yet"),
                }
                app.give_back(&mut gone).await;
                lease.give_up(app.db()).await;
            }
            // Whoever has it may have died with it.
            Ok(None) => wait = RETAIN_AGAIN,
            Err(error) => tracing::warn!(%error, "whose retention it is is not known"),
        }
        let pause = app.inner.stop_following.cancelled();
        if tokio::time::timeout(wait, pause).await.is_ok() {
            return;
        }
    }
}

impl App {
    /// Removes events and runs older than the retention, and feed entries and access classes nobody
    /// needs. Returns what went.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn retain(&self) -> Result<Expired, FlowError> {
        self.retain_by(None).await
    }

    async fn retain_by(&self, lease: Option<&mut Lease>) -> Result<Expired, FlowError> {
        let head = self.db().head().await?;
        if self.db().feed_start().await? < head.position - FEED_KEPT {
            let until = head.position - FEED_KEPT;
            unrecorded(self.db(), async |tx| Ok(tx.trim_feed(until).await?)).await?;
        }
        self.sweep_classes().await?;
        // An age of no days would be that of everything.
        let days = self.inner.settings.retention_days.filter(|days| *days > 0);
        let Some(days) = days else { return Ok(Expired::default()) };
        let before = self.now().plus_micros(-i64::from(days).saturating_mul(DAY_MICROS));
        self.expire_by(before, lease).await
    }

    /// Gives free space back to the system once much was removed since the last time.
    async fn give_back(&self, gone: &mut u64) {
        if self.inner.settings.retention_days.is_none() {
            return;
        }
        let ever = self.db().head().await.map_or(0, |head| head.seq);
        if gone.saturating_mul(GIVE_BACK_PART) < u64::try_from(ever).unwrap_or(0) {
            return;
        }
        let goes_on = || !self.inner.stop_following.is_cancelled();
        let work = tokio::time::timeout(GIVE_BACK_TIME_MAX, self.db().reclaim(goes_on));
        match work.await {
            Ok(Ok(done)) => {
                *gone = 0;
                let Reclaimed { before, after, is_stuck } = done;
                if is_stuck {
                    tracing::warn!(
                        "the SQLite file was made by an older version and gives nothing back: see \
                         \"Space\" in docs/operation.md"
                    );
                } else if after < before {
                    tracing::info!(before, after, "bytes of the database were given back");
                }
            }
            Ok(Err(error)) => tracing::warn!(%error, "free space is not given back yet"),
            Err(_) => tracing::warn!("giving free space back took too long; it goes on later"),
        }
    }

    /// Removes access classes in which nothing is any more, some at a time.
    async fn sweep_classes(&self) -> Result<(), FlowError> {
        let mut after = 0;
        loop {
            let unused = self.db().unused_classes(after, PAGE).await?;
            let Some(last) = unused.last() else { return Ok(()) };
            after = *last;
            unrecorded(self.db(), async |tx| Ok(tx.remove_unused_classes(&unused).await?)).await?;
        }
    }

    /// Returns one entry of the log.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn event(&self, id: EventId) -> Result<Option<EventRow>, FlowError> {
        Ok(self.db().event(id).await?)
    }
}
