//! Keeping what this node knows of rules, tokens and sessions as new as the database.
//!
//! Every node looks at one mark, a few times a second. If it is another one, the node reads the set
//! of rules in force, if that is another one, and forgets who showed what. Whatever cannot be
//! read changes nothing: the rules that were in force stay, and an alarm is raised.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::super::app::App;
use super::super::error::FlowError;
use super::super::pulse::Loop;
use super::rules::{Trust, judge_of};
use crate::base::Digest;
use crate::db::Db;

/// How often the number is looked at: what is changed on one node is obeyed on all within a
/// second.
const LOOK_EVERY: Duration = Duration::from_millis(300);
/// How far a clock may be off before it is corrected, in microseconds, besides what cannot be told.
const CLOCK_OFF_MICROS: i64 = 100_000;
/// How far off it is logged.
const CLOCK_OFF_MICROS_WARNED: i64 = 2_000_000;
/// How long one look may take; after that the database counts as gone.
const LOOK_TIME_MAX: Duration = Duration::from_secs(5);

/// The rules that this node obeys, and whether it knows them to be those in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obeyed {
    /// The version of the set of rules.
    pub version: i64,
    /// Why they may be outdated; nothing if they are not.
    pub alarm: Option<&'static str>,
}

impl Trust {
    /// Looks whether anything changed, and if so reads it.
    ///
    /// # Errors
    ///
    /// [`FlowError`] if that is not possible; what was in force stays.
    async fn look(&self, db: &Db) -> Result<(), FlowError> {
        // One at a time, so that an older set never takes the place of a newer one.
        let _one = self.looking.lock().await;
        let mark = db.trust_mark().await?;
        if mark == self.seen.load(Ordering::Acquire) {
            return Ok(());
        }
        // Revoked tokens are forgotten even if the rules cannot be read.
        self.forget();
        self.voices.reload(db).await?;
        let row = db.active_policy().await?;
        let row = row.ok_or_else(|| unreadable("no set of rules is in force"))?;
        let digest = Digest::of(row.rules.as_bytes());
        // In another history the same number may be another set.
        let known = *self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        if row.head.version != self.judge().policy().version || digest != known {
            let read = move || judge_of(row.head.version, &row.rules);
            let judge = tokio::task::spawn_blocking(read).await;
            let judge = judge.map_err(|error| unreadable(&error.to_string()))??;
            tracing::info!(version = judge.policy().version, "rules are in force");
            self.replace(judge);
            *self.rules.lock().unwrap_or_else(PoisonError::into_inner) = digest;
        }
        // Once more, now that the rules and bonds are new: who came meanwhile was judged by the old.
        self.forget();
        self.seen.store(mark, Ordering::Release);
        Ok(())
    }

    fn raise(&self, alarm: Option<&'static str>) {
        *self.alarm.lock().unwrap_or_else(PoisonError::into_inner) = alarm;
    }
}

fn unreadable(why: &str) -> FlowError {
    FlowError::Internal(format!("the rules in force: {why}"))
}

impl App {
    /// Takes up at once what was changed on this node.
    pub(in crate::flow) async fn refresh_trust(&self) {
        let trust = &self.inner.trust;
        let looked = tokio::time::timeout(LOOK_TIME_MAX, trust.look(self.db())).await;
        let (alarm, error) = match looked {
            Ok(Ok(())) => (None, None),
            Ok(Err(error @ FlowError::Internal(_))) => {
                (Some("the set of rules in force cannot be read"), Some(error.to_string()))
            }
            Ok(Err(error)) => (Some("the database cannot be read"), Some(error.to_string())),
            Err(_) => (Some("the database does not answer"), None),
        };
        let before = self.obeyed();
        trust.raise(alarm);
        if alarm.is_some() {
            metrics::counter!("lethe_policy_alarms_total").increment(1);
        }
        // Once, not at every look.
        if let Some(alarm) = alarm.filter(|_| before.alarm != alarm) {
            let (version, error) = (before.version, error.unwrap_or_default());
            tracing::error!(alarm, error, version, "the rules of this version stay in force");
        }
    }

    /// Compares the clock with the one that all nodes share, and goes with that: sessions,
    /// times and records of several nodes are then of one time.
    pub(in crate::flow) async fn compare_clocks(&self) {
        let before = self.now().as_micros();
        let Ok(Some(shared)) = self.db().shared_time().await else { return };
        let after = self.now().as_micros();
        let half = (after - before) / 2;
        let off = shared.as_micros() - (before + half);
        if off.abs() > half + CLOCK_OFF_MICROS {
            self.inner.clock.correct(off);
            let by = self.clock_corrected_micros();
            if by.abs() > CLOCK_OFF_MICROS_WARNED {
                let seconds = by / 1_000_000;
                tracing::warn!(seconds, "this machine's clock is not the database's, which counts");
            }
        }
    }

    /// Returns by how much the machine's clock was corrected, in microseconds.
    #[must_use]
    pub fn clock_corrected_micros(&self) -> i64 {
        self.inner.clock.corrected_by()
    }

    /// Returns which rules this node obeys.
    #[must_use]
    pub fn obeyed(&self) -> Obeyed {
        let trust = &self.inner.trust;
        let alarm = *trust.alarm.lock().unwrap_or_else(PoisonError::into_inner);
        Obeyed { version: trust.judge().policy().version, alarm }
    }
}

/// Looks for changes until told to stop.
pub(in crate::flow) async fn refresh_loop(app: App) {
    let stop = app.inner.stop_following.clone();
    app.compare_clocks().await;
    while tokio::time::timeout(LOOK_EVERY, stop.cancelled()).await.is_err() {
        app.inner.pulse.beat(Loop::Rules);
        app.refresh_trust().await;
        app.compare_clocks().await;
    }
}
