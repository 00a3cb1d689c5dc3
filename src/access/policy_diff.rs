//! How one set of rules differs from another: the lines that only one of them has.
//!
//! Both are written in the same way first, so that comments, spaces and the order of lines make no
//! difference. What the lines mean together is not compared; `simulate.rs` does that.

use std::collections::BTreeSet;

use serde::Serialize;

use super::policy::PolicySet;

/// The lines of two sets that are not the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyDiff {
    /// Lines that only the newer set has, in order of text.
    pub added: Vec<String>,
    /// Lines that only the older set has, in order of text.
    pub removed: Vec<String>,
    /// Lines of either kind that are not listed, because of the limit.
    pub left_out: usize,
}

/// Compares two sets and lists at most `limit` lines of each kind.
#[must_use]
pub fn diff(older: &PolicySet, newer: &PolicySet, limit: usize) -> PolicyDiff {
    let (older, newer) = (older.to_csv(), newer.to_csv());
    let (old, new): (BTreeSet<&str>, BTreeSet<&str>) =
        (older.lines().collect(), newer.lines().collect());
    let only = |one: &BTreeSet<&str>, other: &BTreeSet<&str>| -> (Vec<String>, usize) {
        let lines = one.difference(other).take(limit).map(|line| (*line).to_owned()).collect();
        (lines, one.difference(other).count().saturating_sub(limit))
    };
    let ((added, more), (removed, others)) = (only(&new, &old), only(&old, &new));
    PolicyDiff { added, removed, left_out: more + others }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_that_differ_are_listed() {
        let set = |csv: &str| PolicySet::from_csv(1, csv).unwrap();
        let older = set("p, a, r, *, job:read, *, *, allow\ng, user:ann, r");
        let newer = set("# New\ng, user:ann, r, *\np,b,r,,job:read,,,deny\n\ng2, s, r");
        let found = diff(&older, &newer, 9);
        assert_eq!(found.added, ["g2, s, r", "p, b, r, *, job:read, *, *, deny, "]);
        assert_eq!(found.removed, ["p, a, r, *, job:read, *, *, allow, "]);
        assert_eq!(diff(&older, &newer, 1).left_out, 1);
        assert_eq!(diff(&older, &older, 9), PolicyDiff::default());
    }
}
