//! Whether the other side gets on: how long it kept us waiting, less what it did meanwhile.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

use crate::base::limits::PACE_BYTES_PER_SECOND_MIN;

/// An account of waiting: each second counts, each [`PACE_BYTES_PER_SECOND_MIN`] bytes pay for one. Nothing is saved up, so
/// that whoever was quick may not be slow for that.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd)]
struct Owed(Duration);

impl Owed {
    fn after(self, waited: Duration, bytes: usize) -> Self {
        let paid = (bytes as u64).saturating_mul(1_000_000) / PACE_BYTES_PER_SECOND_MIN;
        Self((self.0 + waited).saturating_sub(Duration::from_micros(paid)))
    }
}

/// How the other side of a stream gets on.
#[derive(Debug)]
pub(super) struct Pace {
    grace: Duration,
    owed: Owed,
    waits: Option<Instant>,
    over: Option<Pin<Box<Sleep>>>,
}

impl Pace {
    /// Makes one that bears so much waiting.
    pub(super) fn new(grace_ms: u64) -> Self {
        let grace = Duration::from_millis(grace_ms);
        Self { grace, owed: Owed::default(), waits: None, over: None }
    }

    /// Returns whether we wait for the other side.
    pub(super) fn waits(&self) -> bool {
        self.waits.is_some()
    }

    /// The other side got on by so many bytes.
    pub(super) fn went(&mut self, bytes: usize) {
        if let Some(since) = self.waits.take() {
            self.owed = self.owed.after(since.elapsed(), bytes);
        }
    }

    /// The other side does not get on; ready once it has kept us waiting for too long.
    pub(super) fn poll_over(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.waits.is_none() {
            let now = Instant::now();
            self.waits = Some(now);
            let until = now + self.grace.saturating_sub(self.owed.0);
            match &mut self.over {
                Some(over) => over.as_mut().reset(until),
                None => self.over = Some(Box::pin(sleep_until(until))),
            }
        }
        self.over.as_mut().map_or(Poll::Pending, |over| over.as_mut().poll(cx))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owed(seconds: u64) -> Owed {
        Owed(Duration::from_secs(seconds))
    }

    #[test]
    fn waiting_counts_and_bytes_pay_and_nothing_is_saved_up() {
        let rate = usize::try_from(PACE_BYTES_PER_SECOND_MIN).unwrap();
        let after =
            |before: Owed, seconds, bytes| before.after(Duration::from_secs(seconds), bytes);
        assert_eq!(after(owed(0), 5, 5 * rate), owed(0));
        assert_eq!(after(owed(3), 5, 2 * rate), owed(6));
        assert_eq!(after(owed(0), 1, usize::MAX), owed(0));
        assert_eq!(after(after(owed(0), 0, usize::MAX), 9, 0), owed(9));
        let drip = (0..30).fold(owed(0), |before, _| after(before, 1, 1));
        assert!(drip > owed(29) && drip < owed(30), "{drip:?}");
    }

    #[tokio::test]
    async fn whoever_does_not_get_on_is_over_in_time_and_our_own_time_does_not_count() {
        let mut pace = Pace::new(20);
        tokio::time::sleep(Duration::from_millis(60)).await;
        pace.went(0);
        assert_eq!(pace.owed, owed(0));
        std::future::poll_fn(|cx| pace.poll_over(cx)).await;
        pace.went(0);
        assert!(pace.owed >= Owed(Duration::from_millis(20)));
        std::future::poll_fn(|cx| pace.poll_over(cx)).await;
    }
}
