//! Maintenance: retention, and what an older version left to be done.

use std::time::Duration;

use super::app::App;
use super::audit::{Act, Actor};
use super::error::FlowError;
use super::lease::Lease;
use super::refold::PAGE;
use super::unrecorded::unrecorded;
use super::write::load_with_names;
use crate::base::{EventId, Time};
use crate::catalog::{Changed, Touch, Working};
use crate::db::{Db, EventRow};

/// How often expired events are looked for.
const RETAIN_EVERY: Duration = Duration::from_secs(3_600);
/// The feed's entries that are kept for followers which were away.
const FEED_KEPT: i64 = 100_000;
const DAY_MICROS: i64 = 86_400_000_000;

/// Gives access classes to what an older version wrote, which knew none: until then only
/// those see it from whom nothing is hidden.
///
/// # Errors
///
/// [`FlowError::Db`] if the database fails; what was classified stays so.
pub(super) async fn classify_old(db: &Db) -> Result<(), FlowError> {
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
            let bodies = tx.telling_bodies(&working, (&datasets, &jobs)).await?;
            working.take_up_said(&bodies);
            Ok(tx.write(&mut working, &mut changed).await?)
        })
        .await?;
        tracing::info!(datasets = datasets.len(), jobs = jobs.len(), "access classes given");
    }
}

/// Removes what has expired now and then, until told to stop.
pub(super) async fn retain_loop(app: App) {
    let mut thinned = -1;
    loop {
        match Lease::take(app.db(), app.now()).await {
            Ok(Some(lease)) => {
                if let Err(error) = app.retain().await {
                    tracing::warn!(%error, "retention failed; it will be tried again");
                }
                match app.thin_checkpoints(thinned).await {
                    Ok(until) => thinned = until,
                    Err(error) => tracing::warn!(%error, "signed heads are not thinned yet"),
                }
                lease.give_up(app.db()).await;
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "whose retention it is is not known"),
        }
        let pause = app.inner.stop_following.cancelled();
        if tokio::time::timeout(RETAIN_EVERY, pause).await.is_ok() {
            return;
        }
    }
}

impl App {
    /// Removes events older than the retention, and feed entries and access classes nobody needs.
    /// Returns how many events went.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn retain(&self) -> Result<u64, FlowError> {
        let head = self.db().head().await?;
        if self.db().feed_start().await? < head.position - FEED_KEPT {
            let until = head.position - FEED_KEPT;
            unrecorded(self.db(), async |tx| Ok(tx.trim_feed(until).await?)).await?;
        }
        self.sweep_classes().await?;
        let Some(days) = self.inner.settings.retention_days else { return Ok(0) };
        let before = self.now().plus_micros(-i64::from(days).saturating_mul(DAY_MICROS));
        self.remove_events_before(before).await
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

    /// Removes events whose own time lies before a time. What they taught the catalog stays.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn remove_events_before(&self, before: Time) -> Result<u64, FlowError> {
        let mut gone = 0;
        loop {
            // Read, removed and recorded under one lock: what another node removed is not there.
            let count = self
                .change(&Actor::system(), async |tx| {
                    let seqs = tx.expired_events(before, PAGE).await?;
                    if seqs.is_empty() {
                        return Ok((0, Vec::new()));
                    }
                    tx.remove_events(&seqs).await?;
                    let act = Act::done("event:expire").with("events", seqs.len());
                    Ok((seqs.len(), vec![act]))
                })
                .await?;
            if count == 0 {
                return Ok(gone);
            }
            gone += count as u64;
            tracing::info!(events = gone, "expired events removed");
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
