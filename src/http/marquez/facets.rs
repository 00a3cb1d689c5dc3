//! Facets by name, whole or shortened.
//!
//! A facet may be as large as an event (a Spark plan has megabytes), and an answer may hold
//! thousands of runs. What is listed, or told beside something else, therefore has large
//! facets only by their size, as `{"_omittedBytes": n}`; the thing's own address has them
//! whole.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::catalog::{Bodies, FacetBook};

/// Facets by name, as they came.
pub(super) type FacetMap = BTreeMap<String, Box<RawValue>>;

/// Largest facet, in bytes, that is told whole in lists.
const LISTED_BYTES_MAX: usize = 64 * 1024;

/// How much of facets is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Detail {
    /// All of it.
    #[default]
    Full,
    /// Large ones only by their size.
    Listed,
}

/// Writes facets out.
pub(super) fn facet_map(facets: &FacetBook, bodies: &Bodies, detail: Detail) -> FacetMap {
    let told = |(name, raw): (&str, &RawValue)| (name.to_owned(), shorten(raw, detail));
    facets.resolved(bodies).into_iter().map(told).collect()
}

fn shorten(raw: &RawValue, detail: Detail) -> Box<RawValue> {
    let bytes = raw.get().len();
    if detail == Detail::Full || bytes <= LISTED_BYTES_MAX {
        return raw.to_owned();
    }
    let size = RawValue::from_string(format!("{{\"_omittedBytes\":{bytes}}}"));
    // That text is always JSON.
    size.unwrap_or_else(|_| RawValue::NULL.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_facets_are_listed_by_their_size() {
        let text = format!("\"{}\"", "a".repeat(LISTED_BYTES_MAX));
        let large = RawValue::from_string(text).unwrap();
        let small = RawValue::from_string("{\"a\":1}".to_owned()).unwrap();
        assert_eq!(shorten(&large, Detail::Listed).get(), "{\"_omittedBytes\":65538}");
        assert_eq!(shorten(&large, Detail::Full).get(), large.get());
        assert_eq!(shorten(&small, Detail::Listed).get(), small.get());
    }
}
