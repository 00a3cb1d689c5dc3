//! Batches: which stretch of time a run is about, and the chance that belongs to it.

use anyhow::Result;
use fastrand::Rng;
use jiff::Timestamp;

/// One department's stretch of business: what happened from `start` to before `end`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Counts from 0 over the department's life, restarts included.
    pub number: u32,
    pub start: Timestamp,
    pub end: Timestamp,
    pub seed: u64,
}

impl Batch {
    /// Chance that is the same for the same seed, batch and purpose.
    #[must_use]
    pub fn rng(&self, purpose: &str) -> Rng {
        let seed = purpose.bytes().fold(self.seed ^ u64::from(self.number), |seed, byte| {
            seed.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte)
        });
        Rng::with_seed(seed)
    }

    /// A moment within the batch, as the company's systems write it.
    pub fn moment(&self, rng: &mut Rng) -> String {
        let (start, end) = (self.start.as_second(), self.end.as_second());
        text(Timestamp::from_second(rng.i64(start..end.max(start + 1))).unwrap_or(self.start))
    }

    /// The day on which the batch starts.
    #[must_use]
    pub fn date(&self) -> String {
        self.start.strftime("%Y-%m-%d").to_string()
    }

    /// The condition that `column` (`alias.column`) lies within the batch.
    #[must_use]
    pub fn within(&self, column: &str) -> String {
        let (start, end) = (text(self.start), text(self.end));
        format!("{{{column}}} >= '{start}' AND {{{column}}} < '{end}'")
    }

    /// Name of the batch's own file, in order of time.
    #[must_use]
    pub fn file(&self, stem: &str, ending: &str) -> String {
        format!("{stem}-{:05}.{ending}", self.number)
    }
}

/// A moment to the second, in UTC.
#[must_use]
pub fn text(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Cuts a moment to the second.
///
/// # Errors
///
/// None for any time that a clock can show.
pub fn whole_second(moment: Timestamp) -> Result<Timestamp> {
    Ok(Timestamp::from_second(moment.as_second())?)
}
