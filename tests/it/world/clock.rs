//! A clock that stands still until a test moves it, but never says the same twice.

use std::sync::atomic::{AtomicI64, Ordering};

use lethe::base::{Clock, Time};

/// Starts at 2026-11-20T12:00:00Z and moves by a microsecond with every look.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl Default for TestClock {
    fn default() -> Self {
        Self(AtomicI64::new(1_795_176_000_000_000))
    }
}

impl TestClock {
    /// Moves the clock on.
    pub fn advance_secs(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Time {
        Time::from_micros(self.0.fetch_add(1, Ordering::SeqCst))
    }
}
