//! How much a document keeps of what has no natural bound.
//!
//! What is over a bound is forgotten in any order alike: the greatest stay by something that
//! only grows, so whatever is forgotten early would have been forgotten later too.

use std::collections::BTreeMap;

use crate::base::limits::{
    DATASET_NAMES_MAX, DATASET_SCHEMAS_MAX, FACETS_KEPT_MAX, JOB_NAMES_MAX, RUN_LINEAGES_MAX,
    RUN_MARKS_MAX,
};

/// The bounds of documents. Tests have smaller ones than the real [`CAPS`].
#[derive(Debug, Clone, Copy)]
pub(in crate::catalog) struct Caps {
    /// Schemas of a dataset.
    pub(in crate::catalog) schemas: usize,
    /// Other names of a dataset.
    pub(in crate::catalog) names: usize,
    /// Shorter, and longer, names of a job.
    pub(in crate::catalog) job_names: usize,
    /// Words about a run's state.
    pub(in crate::catalog) marks: usize,
    /// Explicit `lineage` facets of a run.
    pub(in crate::catalog) explicit: usize,
    /// Facets under different names.
    pub(in crate::catalog) facets: usize,
}

/// The bounds in force.
pub(in crate::catalog) const CAPS: Caps = Caps {
    schemas: DATASET_SCHEMAS_MAX,
    names: DATASET_NAMES_MAX,
    job_names: JOB_NAMES_MAX,
    marks: RUN_MARKS_MAX,
    explicit: RUN_LINEAGES_MAX,
    facets: FACETS_KEPT_MAX,
};

/// Keeps the greatest entries by `rank`, which must grow whenever an entry is joined to
/// another. Returns whether any was forgotten.
pub(super) fn keep_greatest<K: Ord + Clone, V, R: Ord>(
    map: &mut BTreeMap<K, V>,
    most: usize,
    rank: impl Fn(&K, &V) -> R,
) -> bool {
    let over = map.len() > most;
    while map.len() > most {
        let least = map.iter().min_by_key(|(key, value)| rank(key, value));
        let Some(least) = least.map(|(key, _)| key.clone()) else { break };
        map.remove(&least);
    }
    over
}
