//! Whether what was decided about somebody when their request began still holds when its body has
//! come: a body may take long, and meanwhile a token is revoked, an account disabled, a rule changed.
//!
//! Who came fast, while nothing of trust changed, is not looked up again: that costs one load of a
//! number. It says nothing of what lasts longer than a request; streams ask again by themselves.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::app::App;
use super::super::error::FlowError;
use super::known::Known;
use crate::access::Judge;

/// How long what was decided is relied on although nothing is known to have changed: a token ends by
/// itself too.
const HOLDS_FOR: Duration = Duration::from_secs(1);

/// When somebody was recognised, and by what it was decided about them.
#[derive(Debug, Clone)]
pub struct Since {
    at: Instant,
    epoch: u64,
    judge: Arc<Judge>,
}

/// What became of what was decided about somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Still {
    /// It holds.
    Holds,
    /// They are nobody any more: what they showed was revoked or has ended, or they were disabled.
    Ended,
    /// They are somebody else to the rules, or the rules are others: it must be decided anew.
    Changed,
}

impl App {
    /// Notes by what is decided from now on. To be asked for before somebody is recognised.
    #[must_use]
    pub fn deciding(&self) -> Since {
        let trust = &self.inner.trust;
        // First the number: what changes after it is noticed.
        let epoch = trust.tokens.epoch();
        Since { at: Instant::now(), epoch, judge: trust.judge() }
    }

    /// Returns whether anything may have changed for what was decided.
    #[must_use]
    pub fn may_have_changed(&self, since: &Since) -> bool {
        let trust = &self.inner.trust;
        !trust.is_open() && (trust.tokens.epoch() != since.epoch || since.at.elapsed() >= HOLDS_FOR)
    }

    /// Returns what became of what was decided about somebody.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn still_holds(&self, known: &Known, since: &Since) -> Result<Still, FlowError> {
        let Some(now) = self.identify_again(known).await? else { return Ok(Still::Ended) };
        let same = now.principal == known.principal
            && Arc::ptr_eq(&self.inner.trust.judge(), &since.judge);
        Ok(if same { Still::Holds } else { Still::Changed })
    }
}
