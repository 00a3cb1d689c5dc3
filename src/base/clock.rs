//! Clocks: what tells the time, handed to whoever needs it.
//!
//! This is the only file that may read the system's clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::Time;

/// Tells what time it is.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Returns the present moment.
    fn now(&self) -> Time;

    /// Puts the clock on (or back) by so many microseconds from now on: another, that several
    /// nodes share, is right. One that stands by itself takes no notice.
    fn correct(&self, _micros: i64) {}

    /// Returns by how many microseconds it was put on in all.
    fn corrected_by(&self) -> i64 {
        0
    }
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl SystemClock {
    /// Makes a shared handle to the machine's clock.
    #[must_use]
    pub fn shared() -> Arc<dyn Clock> {
        Arc::new(Self)
    }
}

/// The machine's clock, put on to go with one that several nodes share: that of their database.
#[derive(Debug, Default)]
pub struct NodeClock {
    machine: SystemClock,
    put_on: AtomicI64,
}

impl NodeClock {
    /// Makes a shared handle to a clock that goes as the machine's until it is corrected.
    #[must_use]
    pub fn shared() -> Arc<dyn Clock> {
        Arc::new(Self::default())
    }
}

impl Clock for NodeClock {
    fn now(&self) -> Time {
        self.machine.now().plus_micros(self.corrected_by())
    }

    fn correct(&self, micros: i64) {
        self.put_on.fetch_add(micros, Ordering::Relaxed);
    }

    fn corrected_by(&self) -> i64 {
        self.put_on.load(Ordering::Relaxed)
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that may read the clock")]
    fn now(&self) -> Time {
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| since.as_micros());
        Time::from_micros(i64::try_from(since).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_goes_with_the_clock_that_it_was_corrected_by() {
        let clock = NodeClock::shared();
        clock.correct(-7_200_000_000);
        clock.correct(3_600_000_000);
        let behind = SystemClock.now().as_micros() - clock.now().as_micros();
        assert!((3_599_000_000..=3_600_000_000).contains(&behind), "{behind}");
        assert_eq!(clock.corrected_by(), -3_600_000_000);
    }
}
