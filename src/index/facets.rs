//! Facets of a result: which values occur among the hits, and how often.
//!
//! Counts are exact. Of each facet only the most frequent values are listed; how many more
//! there are is said.

use std::cmp::Reverse;

use super::table::{Counts, Facet, Values};

/// Values that one facet lists at most.
pub const FACET_VALUES_MAX: usize = 20;

/// The counts of one facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCounts {
    /// What is counted.
    pub facet: Facet,
    /// The most frequent values and how many hits have each; ties by value.
    pub values: Vec<(String, u64)>,
    /// How many further values occur that are not listed.
    pub more_values: u64,
}

/// Lists the most frequent values of every facet.
#[must_use]
pub fn list(counts: &Counts, values: &Values) -> Vec<FacetCounts> {
    let known = values.read();
    let mut present: [Vec<(Reverse<u64>, &str)>; Facet::ALL.len()] = Default::default();
    for (facet, text, count) in counts.present(&known) {
        // The facets number themselves in the order of ALL.
        present[facet as usize].push((Reverse(count), text));
    }
    let all = Facet::ALL.into_iter().zip(present);
    all.map(|(facet, present)| {
        let more_values = present.len().saturating_sub(FACET_VALUES_MAX) as u64;
        let values = most(present).into_iter().map(|(count, text)| (text.to_owned(), count.0));
        FacetCounts { facet, values: values.collect(), more_values }
    })
    .collect()
}

/// Returns the most frequent values in their order. Where there are many that occur once, their
/// texts are not compared: most never come into question.
fn most(mut all: Vec<(Reverse<u64>, &str)>) -> Vec<(Reverse<u64>, &str)> {
    const LAST: usize = FACET_VALUES_MAX - 1;
    if all.len() > FACET_VALUES_MAX {
        let (_, (least, _), _) = all.select_nth_unstable_by_key(LAST, |(count, _)| *count);
        let least = *least;
        all.retain(|(count, _)| *count <= least);
    }
    if all.len() > FACET_VALUES_MAX {
        all.select_nth_unstable(LAST);
        all.truncate(FACET_VALUES_MAX);
    }
    all.sort_unstable();
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_most_frequent_are_the_first_of_all_in_order(
            all in prop::collection::vec((1..4_u64, "[a-c]{1,3}"), 0..80),
        ) {
            let all: Vec<_> = all.iter().map(|(n, text)| (Reverse(*n), &text[..])).collect();
            let mut sorted = all.clone();
            sorted.sort_unstable();
            sorted.truncate(FACET_VALUES_MAX);
            prop_assert_eq!(most(all), sorted);
        }
    }
}
