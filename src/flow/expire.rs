//! Retention: events and runs whose time is over go, a few at a time.
//!
//! What lineage needs stays: what a job's runs said of data flow is summed in its document and a
//! dataset's document says when it was written. Of the runs themselves these stay whatever their
//! age: those that have not ended, the newest of each job, the one that a job's current edges
//! follow from, those that last read or wrote a dataset, parents of runs that stay, and those whose
//! id others share. A run goes only once nothing in the log may speak of it any more, so that
//! folding what is left of the log never finds half of one.
//!
//! Each piece is a transaction of its own, with its record, and leaves others as much time as it
//! took. Nothing has to be remembered between them: what is left is what is to be done.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::Instant;

use super::app::App;
use super::audit::{Act, Actor};
use super::error::FlowError;
use super::lease::Lease;
use super::refold::{PAGE, publish};
use super::write::changes_of;
use crate::base::{JobId, RunId, Time};
use crate::catalog::RunDoc;
use crate::db::NewestUses;

/// How long a piece should hold the writer's lock, at most: others wait as long.
const PIECE_TIME_MAX: Duration = Duration::from_millis(20);
/// The least time that others are left between two pieces.
const PAUSE_MIN: Duration = Duration::from_millis(5);
/// Events or runs of the smallest piece.
const PIECE_MIN: usize = 25;
/// Jobs that are looked at together.
const JOBS: usize = 1_000;
/// Rounds through all jobs at a time; what is left by then goes the next time.
const GENERATIONS_MAX: usize = 8;
/// Datasets whose newest uses are remembered.
const NEWEST_MAX: usize = 50_000;

/// What retention removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Expired {
    /// Events.
    pub events: u64,
    /// Runs.
    pub runs: u64,
    /// Uses of datasets by those runs.
    pub uses: u64,
}

/// How much is done at once, so that others hardly notice.
struct Pace {
    size: usize,
}

impl Pace {
    fn new() -> Self {
        Self { size: 200 }
    }

    /// Leaves others their time after a piece, and takes a smaller or larger one next.
    async fn rest(&mut self, began: Instant) {
        let took = began.elapsed();
        if took > PIECE_TIME_MAX {
            self.size = (self.size / 2).max(PIECE_MIN);
        } else if took < PIECE_TIME_MAX / 2 {
            self.size = (self.size + self.size / 4).min(PAGE);
        }
        tokio::time::sleep(took.max(PAUSE_MIN)).await;
    }
}

/// What is removed, and by what right.
struct Pass<'a> {
    app: &'a App,
    /// What one node does for all; none where somebody asked for it once.
    lease: Option<&'a mut Lease>,
    before: Time,
    pace: Pace,
    gone: Expired,
}

impl App {
    /// Removes events whose own time lies before a time, and runs that nobody needs and that have
    /// ended before it. Returns what went; it stops early where the node stops, or others rebuild.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails; what went until then is gone.
    pub async fn expire(&self, before: Time) -> Result<Expired, FlowError> {
        self.expire_by(before, None).await
    }

    /// As [`App::expire`], keeping a lease meanwhile.
    pub(super) async fn expire_by(
        &self,
        before: Time,
        lease: Option<&mut Lease>,
    ) -> Result<Expired, FlowError> {
        let (pace, gone) = (Pace::new(), Expired::default());
        let mut pass = Pass { app: self, lease, before, pace, gone };
        let done = pass.whole().await;
        let Expired { events, runs, uses } = pass.gone;
        if events + runs > 0 {
            tracing::info!(events, runs, uses, "what has expired was removed");
        }
        done.map(|_| pass.gone)
    }
}

impl Pass<'_> {
    /// Returns whether it came to its end.
    async fn whole(&mut self) -> Result<bool, FlowError> {
        if !self.events().await? {
            return Ok(false);
        }
        // Parents go once their children have: a round later, wherever their jobs come before.
        for _ in 0..GENERATIONS_MAX {
            let before = self.gone.runs;
            if !self.runs().await? {
                return Ok(false);
            }
            if self.gone.runs == before {
                break;
            }
        }
        Ok(true)
    }

    /// Goes through all jobs once.
    async fn runs(&mut self) -> Result<bool, FlowError> {
        let mut after = None;
        loop {
            let most = (self.before, self.kept());
            let db = self.app.db().behind_the_scenes();
            let jobs = db.jobs_with_old_runs(after, most, JOBS).await?;
            let Some(last) = jobs.last() else { return Ok(true) };
            after = Some(*last);
            let mut newest = NewestUses::new();
            for job in jobs {
                if !self.runs_of(job, &mut newest).await? {
                    return Ok(false);
                }
                if newest.len() > NEWEST_MAX {
                    newest.clear();
                }
            }
        }
    }

    fn kept(&self) -> u32 {
        self.app.inner.settings.retention_runs.max(1)
    }

    /// Whether it may go on.
    async fn goes_on(&mut self) -> Result<bool, FlowError> {
        if self.app.inner.stop_following.is_cancelled() {
            return Ok(false);
        }
        if let Some(lease) = &mut self.lease {
            lease.keep(self.app.db()).await?;
        }
        Ok(true)
    }

    async fn events(&mut self) -> Result<bool, FlowError> {
        while self.goes_on().await? {
            let (before, size) = (self.before, self.pace.size);
            let began = Instant::now();
            // Read, removed and recorded under one lock: what another node removed is not there.
            let actor = Actor::system();
            let count = self.app.change(&actor, async |tx| {
                if tx.is_folded_aside().await? {
                    return Ok((None, Vec::new()));
                }
                let seqs = tx.expired_events(before, size).await?;
                let count = tx.remove_events(&seqs).await?;
                let act = Act::done("event:expire").with("events", count);
                Ok((Some(count), if count == 0 { Vec::new() } else { vec![act] }))
            });
            match count.await? {
                None => return Ok(false),
                Some(0) => return Ok(true),
                Some(count) => self.gone.events += count,
            }
            self.pace.rest(began).await;
        }
        Ok(false)
    }

    /// Goes through a job's runs, the oldest first.
    async fn runs_of(&mut self, job: JobId, newest: &mut NewestUses) -> Result<bool, FlowError> {
        let db = self.app.db().behind_the_scenes();
        let Some(until) = db.oldest_kept_run(job, self.kept()).await? else { return Ok(true) };
        let telling = db.telling_runs(job).await?;
        let mut after = None;
        while self.goes_on().await? {
            let page = db.ended_runs(job, (after, until), self.before, self.pace.size).await?;
            let Some((id, doc)) = page.last() else { return Ok(true) };
            after = Some((doc.order_at(), *id));
            let uses: BTreeSet<_> = page.iter().flat_map(|(id, doc)| used_by(*id, doc)).collect();
            db.note_newest_uses(&uses, newest).await?;
            let ids: Vec<RunId> = page.iter().map(|(id, _)| *id).collect();
            let parents = db.parents_among(&ids).await?;
            let is_needed = |(id, doc): &(RunId, RunDoc)| {
                let is_newest = |key| newest.get(&key).is_none_or(|runs| runs.contains(id));
                // Whose an id is that others were given too follows from the run that has it.
                let has_sharers = !doc.sharers.is_empty();
                let is_told_of = telling.contains(id) || parents.contains(id);
                has_sharers || is_told_of || used_by(*id, doc).any(is_newest)
            };
            let doomed: Vec<RunId> =
                page.iter().filter(|run| !is_needed(run)).map(|(id, _)| *id).collect();
            if !doomed.is_empty() && !self.remove(&doomed).await? {
                return Ok(false);
            }
        }
        Ok(false)
    }

    async fn remove(&mut self, runs: &[RunId]) -> Result<bool, FlowError> {
        let (before, now) = (self.before, self.app.now());
        let began = Instant::now();
        let actor = Actor::system();
        let gone = self.app.change(&actor, async |tx| {
            if tx.is_folded_aside().await? {
                return Ok((None, Vec::new()));
            }
            let head = tx.head().await?;
            let (gone, changed) = tx.expire_runs(runs, before).await?;
            if gone.runs == 0 {
                return Ok((Some((gone, None)), Vec::new()));
            }
            let reached = publish(tx, head, now, &changes_of(&changed)).await?;
            let act = Act::done("run:expire").with("runs", gone.runs).with("uses", gone.uses);
            Ok((Some((gone, Some(reached))), vec![act]))
        });
        let Some((gone, reached)) = gone.await? else { return Ok(false) };
        if let Some(reached) = reached {
            self.app.inner.positions.commit(reached.number);
        }
        self.gone.runs += gone.runs;
        self.gone.uses += gone.uses;
        self.pace.rest(began).await;
        Ok(true)
    }
}

fn used_by(id: RunId, doc: &RunDoc) -> impl Iterator<Item = (crate::base::DatasetId, bool)> {
    doc.uses(id).into_iter().map(|(key, _)| (key.dataset, key.write))
}
