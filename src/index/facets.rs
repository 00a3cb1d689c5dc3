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
    let mut present: Vec<(Facet, Reverse<u64>, &str)> = counts
        .present(&known)
        .map(|(facet, text, count)| (facet, Reverse(count), &**text))
        .collect();
    present.sort_unstable();
    let of = |facet| {
        let from = present.partition_point(|(other, ..)| *other < facet);
        let to = present.partition_point(|(other, ..)| *other <= facet);
        let own = present.get(from..to).unwrap_or_default();
        let listed = own.iter().take(FACET_VALUES_MAX);
        FacetCounts {
            facet,
            values: listed.map(|(_, count, text)| ((*text).to_owned(), count.0)).collect(),
            more_values: own.len().saturating_sub(FACET_VALUES_MAX) as u64,
        }
    };
    Facet::ALL.map(of).into()
}
