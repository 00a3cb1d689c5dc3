//! Which segments are merged, and when.
//!
//! Segments stay of moderate size. A search keeps a score for each document of a segment,
//! and these should fit into a processor's own cache; and a merge should never rewrite a
//! large part of the index for a small change.

use tantivy::SegmentMeta;
use tantivy::merge_policy::{LogMergePolicy, MergeCandidate, MergePolicy};

/// Documents of a segment, at most, that is made by merging.
const SEGMENT_DOCS_MAX: u32 = 160_000;

/// A segment of which more than this share was replaced or removed is written anew.
const DEAD_SHARE_MAX: f64 = 0.3;

/// Merges segments of similar size until they are of moderate size.
#[derive(Debug)]
pub struct Moderate {
    by_size: LogMergePolicy,
}

impl Default for Moderate {
    fn default() -> Self {
        let mut by_size = LogMergePolicy::default();
        by_size.set_max_docs_before_merge(SEGMENT_DOCS_MAX as usize / 2);
        Self { by_size }
    }
}

impl MergePolicy for Moderate {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let size = |id| segments.iter().find(|s| s.id() == id).map_or(0, SegmentMeta::num_docs);
        let mut candidates = self.by_size.compute_merge_candidates(segments);
        for MergeCandidate(ids) in &mut candidates {
            // The smallest first, as many as fit.
            ids.sort_by_key(|id| size(*id));
            let mut docs = 0;
            ids.retain(|id| {
                docs += size(*id);
                docs <= SEGMENT_DOCS_MAX
            });
        }
        candidates.retain(|MergeCandidate(ids)| ids.len() > 1);
        let chosen = |segment: &SegmentMeta| {
            candidates.iter().any(|MergeCandidate(ids)| ids.contains(&segment.id()))
        };
        let dead = |segment: &&SegmentMeta| {
            f64::from(segment.num_deleted_docs()) > DEAD_SHARE_MAX * f64::from(segment.max_doc())
        };
        let worn = segments.iter().filter(dead).filter(|segment| !chosen(segment));
        let worn: Vec<_> = worn.map(|segment| MergeCandidate(vec![segment.id()])).collect();
        candidates.extend(worn);
        candidates
    }
}
