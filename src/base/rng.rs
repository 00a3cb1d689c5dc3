//! Chance, handed to whoever needs it, so that tests can seed it.

use uuid::Uuid;

/// A source of randomness that is good enough for ids and jitter, not for keys.
#[derive(Debug, Clone)]
pub struct Rng(fastrand::Rng);

impl Rng {
    /// Makes a generator that always gives the same sequence for the same seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// Makes a generator seeded by the operating system.
    #[must_use]
    pub fn from_os() -> Self {
        Self(fastrand::Rng::new())
    }

    /// Returns a number below `end` (0 if `end` is 0).
    pub fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.0.u64(..end) }
    }

    /// Returns a number from 0 (included) to 1 (excluded).
    pub fn unit(&mut self) -> f64 {
        self.0.f64()
    }

    /// Returns a UUID of version 7 (RFC 9562) for that moment.
    pub fn uuid_v7(&mut self, now: super::Time) -> Uuid {
        let millis = u64::try_from(now.as_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(
            millis,
            &self.0.u128(..).to_be_bytes()[..10].try_into().unwrap_or([0; 10]),
        )
        .into_uuid()
    }
}
