//! A throttle for sign-in attempts: token buckets, bounded in number, the time as an argument.
//!
//! An attempt names several keys, such as the account and the address it comes from, and is let
//! through if every bucket has one left. Keys are digests, so that no name or address is kept.
//! Only so many keys are kept; to push one out, an attacker needs as many others, each of
//! which its own address' bucket limits.

use std::num::NonZeroUsize;

use lru::LruCache;

use super::limits::THROTTLE_KEYS_MAX;
use crate::base::{Digest, Time};

/// How many attempts at once, and how soon the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Attempts that may be made at once.
    pub burst: u32,
    /// Time after which one more may be made, in microseconds.
    pub refill_micros: i64,
}

impl Rate {
    /// Sign-ins to one account: ten at once, then one every thirty seconds.
    pub const SIGN_IN: Self = Self { burst: 10, refill_micros: 30_000_000 };
    /// Sign-ins from one address, behind which many people may sit: a hundred at once, then one
    /// every three seconds.
    pub const ADDRESS: Self = Self { burst: 100, refill_micros: 3_000_000 };

    fn full_at(self, known: Option<Bucket>, now: Time) -> Time {
        // A bucket is never emptier than empty, also if the clock stood ahead for a while.
        let empty = now.plus_micros(self.depth());
        known.map_or(now, |bucket| bucket.full_at).clamp(now, empty)
    }

    fn depth(self) -> i64 {
        self.refill_micros.saturating_mul(i64::from(self.burst))
    }

    /// Returns how long the next attempt must wait, in microseconds.
    fn wait(self, known: Option<Bucket>, now: Time) -> i64 {
        let spent = self.full_at(known, now).as_micros().saturating_sub(now.as_micros());
        spent.saturating_add(self.refill_micros).saturating_sub(self.depth()).max(0)
    }
}

/// What is known of one key's attempts (the generic cell rate algorithm): no attempt is ever
/// counted twice. A key without one has a full bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// When it will be full again.
    pub full_at: Time,
    /// Whether it has refused an attempt since it let one through.
    pub has_refused: bool,
}

impl Bucket {
    /// Returns a key's bucket after one more attempt, and whether that is let through.
    pub fn after_attempt(
        known: Option<Self>,
        rate: Rate,
        now: Time,
    ) -> (Self, Result<(), Throttled>) {
        let full_at = rate.full_at(known, now);
        let wait = rate.wait(known, now);
        if wait == 0 {
            let full_at = full_at.plus_micros(rate.refill_micros);
            return (Self { full_at, has_refused: false }, Ok(()));
        }
        let is_first = known.is_none_or(|bucket| !bucket.has_refused);
        let throttled = Throttled { retry_after_micros: wait, is_first };
        (Self { full_at, has_refused: true }, Err(throttled))
    }
}

/// Counts attempts by key.
#[derive(Debug)]
pub struct Throttle {
    rate: Rate,
    buckets: LruCache<Digest, Bucket>,
}

/// Too many attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many attempts; the next in {retry_after_micros} microseconds")]
pub struct Throttled {
    /// How long to wait for the next one.
    pub retry_after_micros: i64,
    /// Whether this is the first refusal since an attempt was let through: worth a record,
    /// which those that follow are not.
    pub is_first: bool,
}

impl Throttle {
    /// Makes a throttle at which nobody has tried anything.
    #[must_use]
    pub fn new(rate: Rate) -> Self {
        let keys_max = NonZeroUsize::new(THROTTLE_KEYS_MAX).unwrap_or(NonZeroUsize::MIN);
        Self { rate, buckets: LruCache::new(keys_max) }
    }

    /// Counts an attempt, if every key's bucket has one left; else counts nothing.
    ///
    /// # Errors
    ///
    /// [`Throttled`] with the time until all have one.
    pub fn attempt(&mut self, keys: &[Digest], now: Time) -> Result<(), Throttled> {
        let known = |key: &Digest| self.buckets.peek(key).copied();
        let wait = keys.iter().map(|key| self.rate.wait(known(key), now)).max().unwrap_or(0);
        let mut is_first = false;
        for key in keys {
            let known = self.buckets.peek(key).copied();
            let (bucket, outcome) = Bucket::after_attempt(known, self.rate, now);
            match outcome {
                Ok(()) if wait > 0 => continue,
                Ok(()) => {}
                Err(throttled) => is_first |= throttled.is_first,
            }
            self.buckets.put(*key, bucket);
        }
        if wait > 0 {
            return Err(Throttled { retry_after_micros: wait, is_first });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RATE: Rate = Rate { burst: 3, refill_micros: 1_000_000 };

    fn second(second: i64) -> Time {
        Time::from_millis(second * 1_000)
    }

    #[test]
    fn a_burst_is_let_through_and_then_one_a_while() {
        let mut throttle = Throttle::new(RATE);
        let key = [Digest::of(b"ann")];
        for _ in 0..3 {
            assert_eq!(throttle.attempt(&key, second(0)), Ok(()));
        }
        let refused = throttle.attempt(&key, Time::from_millis(400));
        assert_eq!(refused, Err(Throttled { retry_after_micros: 600_000, is_first: true }));
        let again = throttle.attempt(&key, Time::from_millis(500));
        assert_eq!(again, Err(Throttled { retry_after_micros: 500_000, is_first: false }));
        assert_eq!(throttle.attempt(&key, second(1)), Ok(()));
        assert!(throttle.attempt(&key, second(1)).is_err());
        assert_eq!(throttle.attempt(&key, second(2)), Ok(()));
    }

    #[test]
    fn every_key_must_have_one_left_and_a_refusal_costs_nothing() {
        let mut throttle = Throttle::new(RATE);
        let [ann, bob, address] = ["ann", "bob", "10.0.0.1"].map(|key| Digest::of(key.as_bytes()));
        for _ in 0..3 {
            throttle.attempt(&[ann, address], second(0)).unwrap();
        }
        for _ in 0..9 {
            assert!(throttle.attempt(&[bob, address], second(0)).is_err());
        }
        assert_eq!(throttle.attempt(&[bob], second(0)), Ok(()));
    }

    #[test]
    fn a_clock_that_stood_ahead_keeps_nobody_waiting_longer_than_an_empty_bucket() {
        let mut throttle = Throttle::new(RATE);
        let key = [Digest::of(b"ann")];
        for _ in 0..3 {
            throttle.attempt(&key, second(86_400)).unwrap();
        }
        let waits = throttle.attempt(&key, second(0)).map_err(|refused| refused.retry_after_micros);
        assert_eq!(waits, Err(1_000_000));
        assert_eq!(throttle.attempt(&key, second(1)), Ok(()));
    }

    #[test]
    fn no_more_keys_are_kept_than_promised() {
        let mut throttle = Throttle::new(RATE);
        for number in 0..THROTTLE_KEYS_MAX + 10 {
            throttle.attempt(&[Digest::of(&number.to_be_bytes())], second(0)).unwrap();
        }
        assert_eq!(throttle.buckets.len(), THROTTLE_KEYS_MAX);
    }

    proptest! {
        #[test]
        fn no_pace_gets_more_through_than_the_rate(
            steps in prop::collection::vec(0..3_000_i64, 1..60),
        ) {
            let mut throttle = Throttle::new(RATE);
            let (mut now, mut passed) = (0, 0_i64);
            for step in steps {
                now += step;
                let outcome = throttle.attempt(&[Digest::of(b"k")], Time::from_millis(now));
                passed += i64::from(outcome.is_ok());
                prop_assert!(passed <= 3 + now / 1_000);
            }
        }
    }
}
