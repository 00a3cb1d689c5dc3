//! The loops of a node, and their signs of life.
//!
//! A loop that is gone, or stands still, must not go unnoticed: followers hide, rules are obeyed
//! and heads are signed by loops. Each shows a sign of life whenever it comes round.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::positions::Follower;

/// A loop that runs for as long as a node does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loop {
    /// Keeps the lineage graph up to date.
    Lineage,
    /// Keeps the search index up to date.
    Search,
    /// Takes up what other nodes committed.
    KeepUp,
    /// Obeys the rules in force.
    Rules,
    /// Tries whether it can be written.
    Probe,
    /// Reads the search index's files anew.
    IndexCheck,
    /// Reads the audit log anew.
    AuditCheck,
    /// Signs the audit log's head.
    Heads,
    /// Retention.
    Retention,
}

impl Loop {
    /// All of them.
    const ALL: [Self; 9] = [
        Self::Lineage,
        Self::Search,
        Self::KeepUp,
        Self::Rules,
        Self::Probe,
        Self::IndexCheck,
        Self::AuditCheck,
        Self::Heads,
        Self::Retention,
    ];

    /// Returns its name in logs, metrics and answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lineage => "lineage",
            Self::Search => "search",
            Self::KeepUp => "keep_up",
            Self::Rules => "rules",
            Self::Probe => "probe",
            Self::IndexCheck => "index_check",
            Self::AuditCheck => "audit_check",
            Self::Heads => "heads",
            Self::Retention => "retention",
        }
    }

    /// Returns how long it may show no sign of life; for ever if its rounds are as long as its
    /// work is.
    fn silence_max(self) -> Option<Duration> {
        match self {
            // Longer than any one statement of theirs may take.
            Self::Lineage | Self::Search => Some(Duration::from_secs(90)),
            Self::KeepUp | Self::Rules | Self::Probe => Some(Duration::from_secs(30)),
            Self::IndexCheck | Self::AuditCheck | Self::Heads | Self::Retention => None,
        }
    }
}

impl From<Follower> for Loop {
    fn from(follower: Follower) -> Self {
        match follower {
            Follower::Lineage => Self::Lineage,
            Follower::Search => Self::Search,
        }
    }
}

/// When each loop showed a sign of life. Loops that do not run show none, and are not missed.
#[derive(Debug, Default)]
pub(super) struct Pulse([Mutex<Option<Instant>>; Loop::ALL.len()]);

impl Pulse {
    fn of(&self, which: Loop) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.0[which as usize].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a sign of life.
    pub(super) fn beat(&self, which: Loop) {
        *self.of(which) = Some(Instant::now());
    }

    /// Notes that a loop ended as it was told to.
    pub(super) fn end(&self, which: Loop) {
        *self.of(which) = None;
    }

    /// Returns the loops that stand still.
    pub(super) fn still(&self) -> impl Iterator<Item = Loop> {
        Loop::ALL.into_iter().filter(|which| self.stands_still(*which))
    }

    /// Returns whether a loop stands still.
    pub(super) fn stands_still(&self, which: Loop) -> bool {
        let silence_max = which.silence_max().unwrap_or(Duration::MAX);
        self.of(which).is_some_and(|beat| beat.elapsed() > silence_max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_is_missed_and_what_does_not_is_not() {
        let pulse = Pulse::default();
        assert!(!pulse.stands_still(Loop::Rules), "it was never begun");
        pulse.beat(Loop::Rules);
        assert!(!pulse.stands_still(Loop::Rules));
        *pulse.of(Loop::Rules) = Instant::now().checked_sub(Duration::from_secs(31));
        assert!(pulse.stands_still(Loop::Rules));
        pulse.end(Loop::Rules);
        assert!(!pulse.stands_still(Loop::Rules));
        *pulse.of(Loop::Retention) = Instant::now().checked_sub(Duration::from_secs(4_000));
        assert!(!pulse.stands_still(Loop::Retention), "its rounds may be long");
    }

    #[test]
    fn each_loop_has_a_place_and_a_name_of_its_own() {
        let mut names: Vec<&str> = Loop::ALL.into_iter().map(Loop::as_str).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Loop::ALL.len());
        assert!(Loop::ALL.into_iter().enumerate().all(|(place, which)| which as usize == place));
    }
}
