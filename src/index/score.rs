//! How a hit is scored: the numbers, and nothing that touches the index.
//!
//! A score is a level and a fraction. The level says how exactly the search names the
//! document: 6 is `namespace/name`, 5 the name, 4 either but for case, 3 a tail or alias,
//! 2 the same letters and digits, 1 a match of words, 0 a match after mending typos. No
//! fraction can lift a hit over a level. The fraction grows with the text's BM25 and with
//! a prior of at most 45 %: how much the document is used, and how fresh it is.

use std::sync::LazyLock;

use tantivy::fieldnorm::FieldNormReader;

use super::document::Document;
use super::schema::Part;
use crate::base::Time;

/// How much one part of a document's text weighs, and how.
#[derive(Debug, Clone, Copy)]
pub struct Weight {
    /// Factor of the part.
    pub boost: f32,
    /// BM25's `b`: how much length counts. 0 for lists, which are no better for being short.
    pub b: f32,
    /// Length in tokens at which a text is neither favoured nor not. It is fixed, where
    /// BM25 has the mean, so that scores do not move with every commit.
    pub usual: f32,
}

/// BM25's `k1`. How often a text holds a word is not counted: in names and lists it says
/// nothing, and in SQL the wrong thing.
const K1: f32 = 0.5;

/// Returns the weight of a part.
#[must_use]
pub fn weight(part: Part) -> Weight {
    let (boost, b, usual) = match part {
        Part::Name => (10.0, 0.6, 3.0),
        Part::Alias => (8.0, 0.0, 1.0),
        Part::Place => (1.0, 0.0, 1.0),
        Part::Column => (2.5, 0.0, 1.0),
        Part::Label | Part::ColumnLabel => (3.0, 0.0, 1.0),
        Part::Description => (2.0, 0.6, 15.0),
        Part::Sql => (1.0, 0.5, 60.0),
    };
    Weight { boost, b, usual }
}

/// What a match that is not of the very word is worth.
pub mod worth {
    /// A singular for a plural, or the reverse.
    pub const VARIANT: f32 = 0.85;
    /// The beginning of a word.
    pub const PREFIX: f32 = 0.6;
    /// The whole of a word whose parts match too.
    pub const WHOLE: f32 = 0.5;
    /// A word mended by one or two letters.
    pub const TYPO: f32 = 0.4;
    /// Words one after the other, each.
    pub const PHRASE: f32 = 1.0;
    /// Words that stand side by side without having to, each.
    pub const PAIR: f32 = 0.3;
    /// The same, if they were typed as one word.
    pub const JOINED: f32 = 1.5;
}

impl Weight {
    /// Returns what a term adds that stands in a text of `length` tokens, for one unit of
    /// the term's rarity.
    #[must_use]
    pub fn bm25(self, length: f32) -> f32 {
        let norm = K1 * (1.0 - self.b + self.b * length / self.usual);
        self.boost * (K1 + 1.0) / (1.0 + norm)
    }
}

/// Returns how much a word says that `found` of `total` documents hold: BM25's inverse
/// document frequency, with a floor so that common words still tell where they stand.
#[must_use]
pub fn rarity(found: u64, total: u64) -> f32 {
    let found = found.min(total);
    // Counts of documents are far below 2^52.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    let ratio = ((total - found) as f64 + 0.5) / (found as f64 + 0.5);
    #[allow(clippy::cast_possible_truncation)]
    let rarity = (1.0 + ratio).ln() as f32;
    0.5 + rarity
}

/// BM25 of one part, made ready for every length a text can have.
pub struct Points {
    /// The points of any text, where length does not count.
    pub same: Option<f32>,
    /// By tantivy's code of a length.
    of_length: [f32; 256],
}

impl Points {
    fn new(part: Part) -> Self {
        let weight = weight(part);
        let of_length = std::array::from_fn(|id| {
            let id = u8::try_from(id).unwrap_or(u8::MAX);
            // f32 is exact enough for lengths.
            #[allow(clippy::cast_precision_loss)]
            let length = FieldNormReader::id_to_fieldnorm(id) as f32;
            weight.bm25(length)
        });
        Self { same: (weight.b == 0.0).then(|| weight.bm25(weight.usual)), of_length }
    }

    /// Returns the points of a term, for one unit of its rarity, in a text whose length has
    /// the code `length_id`.
    #[must_use]
    #[inline]
    pub fn of(&self, length_id: u8) -> f32 {
        self.of_length[usize::from(length_id)]
    }
}

/// Returns the ready BM25 of a part.
#[must_use]
pub fn of_part(part: Part) -> &'static Points {
    static ALL: LazyLock<[Points; Part::ALL.len()]> = LazyLock::new(|| Part::ALL.map(Points::new));
    // The parts number themselves in the order of ALL.
    &ALL[part as usize]
}

const HOUR_MICROS: i64 = 3_600_000_000;
const HOURS_MAX: i64 = (1 << 24) - 1;
/// Runs and dependents beyond which usage grows no more.
const RUNS_FULL: f64 = 100_000.0;
const DOWNSTREAM_FULL: f64 = 1_000.0;
const USAGE_SHARE: f32 = 0.30;
const FRESH_SHARE: f32 = 0.15;
/// Age at which freshness is worth half.
const HALF_AGE_HOURS: f32 = 30.0 * 24.0;

/// Packs what the prior needs into 32 bits: usage in the upper 8, the hour of the last
/// change or run since 1970 in the lower 24.
#[must_use]
pub fn pack_prior(document: &Document) -> u32 {
    #[allow(clippy::cast_precision_loss)]
    let runs = (document.run_count as f64).ln_1p() / RUNS_FULL.ln_1p();
    let downstream = f64::from(document.downstream).ln_1p() / DOWNSTREAM_FULL.ln_1p();
    let usage = (0.6 * runs.min(1.0) + 0.4 * downstream.min(1.0)) * 255.0;
    let last = document.last_run_at.map_or(document.updated_at, |run| run.max(document.updated_at));
    // Both are within their bits: usage is at most 255, hours are clamped.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let (usage, hours) = (usage.round() as u32, hour(last) as u32);
    usage << 24 | hours
}

fn hour(time: Time) -> i64 {
    time.as_micros().div_euclid(HOUR_MICROS).clamp(0, HOURS_MAX)
}

/// The prior at one moment.
#[derive(Debug, Clone, Copy)]
pub struct Prior {
    now_hours: u32,
}

impl Prior {
    /// Makes the prior of the hour in which `now` lies.
    #[must_use]
    pub fn at(now: Time) -> Self {
        // Clamped to 24 bits.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Self { now_hours: hour(now) as u32 }
    }

    /// Returns how much a document is used and how fresh it is, each from 0 to 1.
    #[must_use]
    #[inline]
    pub fn of(self, packed: u32) -> (f32, f32) {
        // Both numbers have at most 24 bits, which f32 holds exactly.
        #[allow(clippy::cast_precision_loss)]
        let usage = (packed >> 24) as f32 / 255.0;
        #[allow(clippy::cast_precision_loss)]
        let age = self.now_hours.saturating_sub(packed & 0x00ff_ffff) as f32;
        (usage, HALF_AGE_HOURS / (HALF_AGE_HOURS + age))
    }

    /// Returns the factor by which the prior lifts a text's score: from 1 to 1.45.
    #[must_use]
    #[inline]
    pub fn factor(self, packed: u32) -> f32 {
        let (usage, fresh) = self.of(packed);
        1.0 + USAGE_SHARE * usage + FRESH_SHARE * fresh
    }
}

/// Returns the points of a hit within its level, by which hits of a level are ranked.
#[must_use]
#[inline]
pub fn points(text: f32, factor: f32) -> f32 {
    (1.0 + text) * factor
}

/// Joins the level and the points within it to the score that is shown.
#[must_use]
pub fn total(level: u8, points: f32) -> f32 {
    f32::from(level) + points / (points + 25.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_text_and_no_use_lifts_a_hit_over_a_level(
            level in 0..6_u8, text in 0.0..1e5_f32, more in 0.0..1e5_f32, prior: u32, other: u32,
        ) {
            let prior_at = Prior::at(Time::from_micros(1_800_000_000_000_000));
            let low = total(level, points(text, prior_at.factor(prior)));
            let high = total(level + 1, points(more, prior_at.factor(other)));
            prop_assert!(low < high, "{low} {high}");
        }

        #[test]
        fn a_better_text_never_scores_less(text in 0.0..1e3_f32, more in 0.0..1e2_f32, prior: u32) {
            let factor = Prior::at(Time::from_micros(0)).factor(prior);
            prop_assert!(points(text, factor) <= points(text + more, factor));
        }
    }

    #[test]
    fn the_prior_stays_within_its_share() {
        for packed in [0, u32::MAX, 255 << 24, 0x00ff_ffff] {
            let factor = Prior::at(Time::MAX).factor(packed);
            assert!((1.0..=1.4501).contains(&factor), "{factor}");
        }
    }

    #[test]
    fn common_words_still_say_something() {
        assert!(rarity(1_000_000, 1_000_000) >= 0.5);
        assert!(rarity(1, 1_000_000) > rarity(1_000, 1_000_000));
    }
}
