//! Stamps: times that never go back and are never given twice (a hybrid logical clock).
//!
//! A stamp is the wall clock's time, unless a later one was given or seen: then it is a
//! microsecond after that. So what people and Lethe do is ordered as it was done, also after
//! a clock that stood ahead was put right. What people are shown as the time of an act is the
//! wall clock's.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::clock::Clock;
use super::time::Time;

/// Gives stamps.
#[derive(Debug)]
pub struct Stamps {
    clock: Arc<dyn Clock>,
    /// The latest one that was given or seen, in microseconds since 1970.
    last: AtomicI64,
}

impl Stamps {
    /// Gives stamps by a clock, all later than this one.
    #[must_use]
    pub fn after(last: Time, clock: Arc<dyn Clock>) -> Self {
        Self { clock, last: AtomicI64::new(last.as_micros()) }
    }

    /// Gives a stamp that is later than all before.
    #[must_use]
    pub fn next(&self) -> Time {
        let now = self.clock.now().as_micros();
        let later = |last: i64| now.max(last.saturating_add(1));
        // It always says what comes next, so both arms hold the one before.
        let last =
            self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(later(last)));
        Time::from_micros(later(last.unwrap_or_else(|last| last)))
    }

    /// Takes note of a stamp that somebody else gave.
    pub fn see(&self, stamp: Time) {
        self.last.fetch_max(stamp.as_micros(), Ordering::Relaxed);
    }

    /// Returns how far stamps lie ahead of the wall clock, in microseconds; 0 if they do not.
    #[must_use]
    pub fn ahead_micros(&self) -> i64 {
        let last = self.last.load(Ordering::Relaxed);
        last.saturating_sub(self.clock.now().as_micros()).max(0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A clock that jumps.
    #[derive(Debug, Default)]
    struct Jumping(AtomicI64);

    impl Clock for Jumping {
        fn now(&self) -> Time {
            Time::from_micros(self.0.load(Ordering::Relaxed))
        }
    }

    proptest! {
        #[test]
        fn stamps_only_go_forward_and_keep_to_the_clock_where_they_can(
            steps in prop::collection::vec((-5_000..5_000_i64, any::<bool>()), 1..100),
        ) {
            let clock = Arc::new(Jumping::default());
            let stamps = Stamps::after(Time::from_micros(0), Arc::clone(&clock) as _);
            let mut last = Time::from_micros(0);
            for (jump, seen) in steps {
                let now = clock.0.fetch_add(jump, Ordering::Relaxed) + jump;
                if seen {
                    last = last.max(Time::from_micros(now + 100));
                    stamps.see(Time::from_micros(now + 100));
                }
                let next = stamps.next();
                prop_assert_eq!(next, Time::from_micros(now).max(last.plus_micros(1)));
                prop_assert_eq!(stamps.ahead_micros(), (next.as_micros() - now).max(0));
                last = next;
            }
        }
    }
}
