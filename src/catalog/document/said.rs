//! Tags that pipelines said: each stays until a person takes it off.
//!
//! What rules read must not follow from what was said last: a facet adds, and nothing that a
//! pipeline says later takes away. Of the `tags` facet that stands, views are made; of what was
//! ever said, rules read.
//!
//! Where too much restricts, nothing of that is simply forgotten: who floods a thing with classes
//! must not push out those of others. What is kept then is coarser and restricts no less.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::author::{Standing, Weight};
use super::stamp::Stamp;
use crate::base::Time;
use crate::base::limits::{SAID_COLUMNS_MAX, SAID_RESTRICTING_MAX, SAID_TAGS_MAX};
use crate::base::tag::{RESTRICTED, class_of, spelled};

/// The tag of a column of which only that it has a class is kept ([`crate::base::name::SOME_CLASS`]).
const SOME: &str = "class:?";

/// How much is kept of one thing: tags that restrict, others, columns with some class.
type Bounds = (usize, usize, usize);

/// Returns whether a tag is one that restricts whatever the rules are: `restricted`, or a class
/// of personal data.
#[must_use]
pub fn restricts(tag: &str) -> bool {
    let tag = spelled(tag);
    tag == RESTRICTED || class_of(&tag).is_some()
}

/// Parts tags into those that say no class, and the classes that the others say.
#[must_use]
pub fn split_tags(all: impl IntoIterator<Item = String>) -> (Vec<String>, Vec<String>) {
    let (mut tags, mut classes) = (Vec::new(), Vec::new());
    for tag in all {
        match class_of(&tag) {
            Some(class) => classes.push(class.to_owned()),
            None => tags.push(tag),
        }
    }
    (tags, classes)
}

/// Returns whether rules may read a tag that somebody said: a class from anybody, `restricted`
/// from people and its own author whatever they do with it, all else from whoever's word counts.
pub(in crate::catalog) fn is_heard(
    tag: &str,
    weight: Weight,
    standing: Standing,
    person: bool,
) -> bool {
    let trusted = person || standing == Standing::Own;
    weight.counts() || class_of(tag).is_some() || (tag == RESTRICTED && trusted)
}

/// The tags that were said, by the column they are on (empty for the whole), and the
/// weightiest, then latest, time that each was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SaidTags {
    #[serde(rename = "t")]
    tags: BTreeMap<String, BTreeMap<String, Stamp>>,
    /// Whether more restrict than are kept: then nobody knows what else does.
    #[serde(rename = "f", skip_serializing_if = "std::ops::Not::not")]
    full: bool,
    /// Whether more restrict, whoever said them, than are kept one by one: then of classes whose
    /// authors do not count the columns are kept.
    #[serde(rename = "o", skip_serializing_if = "std::ops::Not::not")]
    over: bool,
    /// These columns, and those of all other classes then (empty for the whole, alone).
    #[serde(rename = "c", skip_serializing_if = "BTreeSet::is_empty")]
    some: BTreeSet<String>,
}

impl SaidTags {
    /// Returns whether nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty() && !self.full && !self.over
    }

    /// Returns whether tags that restrict had to be forgotten.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Enters a tag.
    pub(in crate::catalog) fn put(&mut self, column: &str, tag: String, stamp: Stamp) {
        let of_column = self.tags.entry(column.to_owned()).or_default();
        let known = of_column.entry(tag).or_insert(stamp);
        *known = stamp.max(*known);
    }

    /// Joins what else was said. Returns whether that changes what rules read.
    pub(super) fn join(&mut self, new: Self) -> bool {
        if new.is_empty() {
            return false;
        }
        let mut changed = (new.full && !self.full) || (new.over && !self.over);
        self.full |= new.full;
        self.over |= new.over;
        let known = self.some.len();
        self.some.extend(new.some);
        changed |= self.some.len() > known;
        for (column, tags) in new.tags {
            let of_column = self.tags.entry(column).or_default();
            for (tag, stamp) in tags {
                let known = of_column.get(&tag).copied();
                changed |=
                    known.is_none_or(|known| stamp.weight.counts() && !known.weight.counts());
                of_column.insert(tag, known.map_or(stamp, |known| known.max(stamp)));
            }
        }
        if self.over || self.tags.values().map(BTreeMap::len).sum::<usize>() > SAID_TAGS_MAX {
            let bounds = (SAID_RESTRICTING_MAX, SAID_TAGS_MAX, SAID_COLUMNS_MAX);
            changed |= self.trim(bounds);
        }
        changed
    }

    /// Keeps the weightiest and latest of those that restrict and of the others, which does
    /// not depend on the order in which they came. Returns whether any went.
    fn trim(&mut self, (restricting_max, others_max, columns_max): Bounds) -> bool {
        let restricting = self.kept().filter(|(_, tag, _)| restricts(tag)).count();
        self.over |= restricting > restricting_max;
        let mut changed = self.over && self.coarsen(columns_max);
        for (restricting, most) in [(true, restricting_max), (false, others_max)] {
            let of_kind = self.kept().filter(|(_, tag, _)| restricts(tag) == restricting);
            let mut all: Vec<(Stamp, &str, &str)> =
                of_kind.map(|(column, tag, stamp)| (stamp, column, tag)).collect();
            if all.len() <= most {
                continue;
            }
            all.sort_unstable();
            all.truncate(all.len().saturating_sub(most));
            let owned = |(_, column, tag): (_, &str, &str)| (column.to_owned(), tag.to_owned());
            let goes: BTreeSet<(String, String)> = all.into_iter().map(owned).collect();
            self.full |= restricting && !goes.is_empty();
            changed |= !goes.is_empty();
            self.drop_where(|column, tag, _| goes.contains(&(column.to_owned(), tag.to_owned())));
        }
        changed
    }

    /// Keeps of classes that somebody said whose word does not count only which columns they are
    /// on. Other columns with a class are among them: whether its author counts may only follow
    /// from what is said later. Returns whether any went, or came.
    fn coarsen(&mut self, columns_max: usize) -> bool {
        let of_classes = self.kept().filter(|(_, tag, _)| class_of(tag).is_some());
        let columns: BTreeSet<String> = of_classes.map(|(column, ..)| column.to_owned()).collect();
        let known = self.some.clone();
        self.some.extend(columns);
        // What is on the whole is on each column.
        if self.some.contains("") || self.some.len() > columns_max {
            self.some = [String::new()].into();
        }
        let went =
            self.drop_where(|_, tag, stamp| class_of(tag).is_some() && !stamp.weight.counts());
        went || self.some != known
    }

    fn drop_where(&mut self, goes: impl Fn(&str, &str, Stamp) -> bool) -> bool {
        let mut went = false;
        for (column, tags) in &mut self.tags {
            tags.retain(|tag, stamp| {
                let goes = goes(column, tag, *stamp);
                went |= goes;
                !goes
            });
        }
        self.tags.retain(|_, tags| !tags.is_empty());
        went
    }

    fn kept(&self) -> impl Iterator<Item = (&str, &str, Stamp)> {
        self.tags.iter().flat_map(|(column, tags)| {
            tags.iter().map(move |(tag, stamp)| (&column[..], &tag[..], *stamp))
        })
    }

    /// Goes through them: column (empty for the whole), tag, when it was said.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, Stamp)> {
        let least = Stamp { weight: Weight::ReadByStranger, at: Time::MIN, tie: 0 };
        self.kept().chain(self.some.iter().map(move |column| (&column[..], SOME, least)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::Time;

    fn said() -> impl Strategy<Value = SaidTags> {
        let tag = prop::sample::select(vec!["restricted", "class:a", "class:b", "x", "y", "z"]);
        let column = prop::sample::select(vec!["", "c", "d", "e"]);
        let one = (column, tag, 0..4_i64, 0..6_u8);
        prop::collection::vec(one, 0..6).prop_map(|all| {
            let mut said = SaidTags::default();
            for (column, tag, at, weight) in all {
                let weight = Weight::from_code(weight);
                said.put(column, tag.into(), Stamp { weight, at: Time::from_micros(at), tie: 0 });
            }
            said
        })
    }

    fn joined(all: &[&SaidTags]) -> SaidTags {
        let mut known = SaidTags::default();
        for one in all {
            known.join((*one).clone());
            known.trim((3, 2, 2));
        }
        known
    }

    #[test]
    fn what_restricts_does_so_however_it_is_written() {
        assert!(restricts("Restricted") && restricts("Class: a") && restricts(" restricted"));
        assert!(!restricts("class:") && !restricts("restricted:no"));
    }

    #[test]
    fn a_flood_of_strangers_makes_nothing_unreadable() {
        let stamp = |weight| Stamp { weight, at: Time::from_micros(0), tie: 0 };
        let mut known = SaidTags::default();
        known.put("phone", "class:user.phone".into(), stamp(Weight::ReadUnclaimed));
        known.put("name", "class:user.name".into(), stamp(Weight::Told));
        for event in 0..4 {
            let mut new = SaidTags::default();
            for number in 0..9_000 {
                let tag = format!("class:x{event}_{number}");
                new.put("x", tag, stamp(Weight::ReadByStranger));
            }
            known.join(new);
        }
        let kept: Vec<(&str, &str)> = known.iter().map(|(column, tag, _)| (column, tag)).collect();
        let some = ["name", "phone", "x"].map(|column| (column, SOME));
        assert_eq!(kept, [&[("name", "class:user.name")][..], &some].concat());
        assert!(!known.is_full());
    }

    proptest! {
        /// What is forgotten beyond the bounds, and that it was, does not depend on the order.
        #[test]
        fn forgetting_does_not_depend_on_the_order(a in said(), b in said(), c in said()) {
            let straight = joined(&[&a, &b, &c]);
            for order in [[&b, &a, &c], [&c, &b, &a], [&c, &a, &b]] {
                prop_assert_eq!(&joined(&order), &straight);
            }
            prop_assert_eq!(&joined(&[&joined(&[&a, &b]), &joined(&[&b, &c])]), &straight);
        }

        /// Whatever else is said, and however much: a column on which a class was said has one,
        /// or the whole has, or cannot be read.
        #[test]
        fn no_flood_takes_the_class_of_a_column_away(a in said(), b in said(), c in said()) {
            let known = joined(&[&a, &b, &c]);
            let classed = |said: &SaidTags, at: &str| {
                said.iter().any(|(column, tag, _)| column == at && class_of(tag).is_some())
            };
            let mut strong = BTreeSet::new();
            for (column, tag, stamp) in [&a, &b, &c].into_iter().flat_map(SaidTags::iter) {
                let kept = classed(&known, column) || classed(&known, "") || known.is_full();
                prop_assert!(class_of(tag).is_none() || kept, "{column}");
                let is_there = |tag: &str| known.iter().any(|(at, kept, _)| (at, kept) == (column, tag));
                prop_assert!(tag != RESTRICTED || is_there(tag) || known.is_full());
                if restricts(tag) && (stamp.weight.counts() || tag == RESTRICTED) {
                    strong.insert((column, tag));
                }
            }
            // Classes of strangers and readers make nothing unreadable.
            prop_assert_eq!(known.is_full(), strong.len() > 3);
        }
    }
}
