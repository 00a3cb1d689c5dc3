//! Marks on columns: the tags and classes that rules mask by.
//!
//! A mark on the dataset as a whole is on each of its columns, one on a column on those nested in
//! it. What only might be the same column (its name spelled in other letters, as most stores
//! fold them; the one that holds a marked one; the same under another name of the dataset) takes
//! over the mark as far as it restricts, and never as far as it frees. The same holds of what is
//! not sure: a tag that is no longer said, a class that only strangers or readers told.

use std::collections::BTreeMap;

use super::super::document::dataset::DatasetDoc;
use super::super::document::facet::Bodies;
use super::super::document::said::split_tags;
use super::in_force::{Heard, TagsInForce};
use crate::base::fold::{bare, fold};

/// Tags and classes of a column, or of a dataset as a whole. Lists are sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark {
    /// Its tags, without those that say a class.
    pub tags: Vec<String>,
    /// The classes of personal data that it holds.
    pub classes: Vec<String>,
}

impl Mark {
    fn of(tags: Vec<String>) -> Self {
        let (tags, classes) = split_tags(tags);
        Self { tags, classes }
    }

    fn add(&mut self, other: &Self) {
        for (list, more) in [(&mut self.tags, &other.tags), (&mut self.classes, &other.classes)] {
            list.extend_from_slice(more);
            list.sort_unstable();
            list.dedup();
        }
    }
}

/// What was said in one place, as rules must read it in either way.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Marked {
    /// All that was ever said and counts: what restricts.
    pub all: Mark,
    /// Of that, what is sure: what frees.
    pub sure: Mark,
}

/// The marks of one name of a dataset: column, marks; without a column on the whole.
pub type NameMarks = Vec<(String, Marked)>;

/// What bears on one column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnMarks {
    /// Every mark that may restrict it.
    pub restricting: Mark,
    /// By name of its dataset: the marks that it surely has there, and that are sure.
    pub own: Vec<Mark>,
}

impl ColumnMarks {
    /// Collects what bears on a column, given the marks of each name of its dataset.
    #[must_use]
    pub fn of<'a, N>(column: &str, names: impl Iterator<Item = N>) -> Self
    where
        N: Iterator<Item = (&'a str, &'a Marked)>,
    {
        let mut found = Self::default();
        let mut folded = None;
        for name in names {
            let mut own = Mark::default();
            for (marked, Marked { all, sure }) in name {
                if is_within(column, marked) {
                    own.add(sure);
                    found.restricting.add(all);
                    continue;
                }
                let column = folded.get_or_insert_with(|| plainly(column));
                let marked = plainly(marked);
                if is_within(column, &marked) || is_within(&marked, column) {
                    found.restricting.add(all);
                }
            }
            found.own.push(own);
        }
        found
    }

    /// Collects what bears on a column, given the marks of each name of its dataset.
    #[must_use]
    pub fn among(column: &str, names: &[NameMarks]) -> Self {
        let names = names.iter().map(|name| name.iter().map(|(at, mark)| (&at[..], mark)));
        Self::of(column, names)
    }
}

/// Returns whether a column is another one or nested in it; every one is in the whole.
fn is_within(column: &str, other: &str) -> bool {
    let rest = column.strip_prefix(other);
    rest.is_some_and(|rest| other.is_empty() || rest.is_empty() || rest.starts_with('.'))
}

/// Spells a column as stores do that do not tell cases apart, without the marks of quoting and
/// of list elements, nor space around a name. Two columns of one store that this makes one restrict each other.
fn plainly(column: &str) -> String {
    let mut plain = String::with_capacity(column.len());
    let mut rest = column;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            // Brackets at the beginning are quotes: there is nothing that has elements.
            '[' if !plain.is_empty() => rest = after_element(rest).unwrap_or(rest),
            '"' | '`' | '[' | ']' => {}
            c => plain.extend(fold(c)),
        }
    }
    let parts = plain.split('.').map(bare).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(".")
}

/// Returns what follows brackets that mean elements of a list, any or some of them: `]`, `*]`,
/// `0]`, `1:3]`. Those around a name are quotes.
fn after_element(text: &str) -> Option<&str> {
    let (within, rest) = text.split_once(']')?;
    let is_sign = |c: char| c.is_ascii_digit() || matches!(c, '*' | ':' | '-' | ',' | ' ');
    within.chars().all(is_sign).then_some(rest)
}

impl DatasetDoc {
    /// Returns the marks of this name, as far as its facets' bodies are at hand: that on the
    /// whole first, if there is one, then those of columns by name.
    #[must_use]
    pub fn marks(&self, bodies: &Bodies) -> NameMarks {
        let told = |heard| {
            let TagsInForce { of_whole, of_columns } = self.tags_in_force(bodies, heard);
            let all = std::iter::once((String::new(), of_whole)).chain(of_columns);
            all.filter(|(_, tags)| !tags.is_empty())
        };
        // What is sure was said, so that no place is only in the second.
        let mut sure: BTreeMap<String, Vec<String>> = told(Heard::Sure).collect();
        let marked = |(at, all): (String, Vec<String>)| {
            let sure = sure.remove(&at).unwrap_or_default();
            (at, Marked { all: Mark::of(all), sure: Mark::of(sure) })
        };
        told(Heard::All).map(marked).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mark(tag: &str) -> Marked {
        let mark = Mark::of(vec![tag.to_owned()]);
        Marked { all: mark.clone(), sure: mark }
    }

    #[test]
    fn what_is_not_sure_restricts_and_does_not_free() {
        let once = Mark::of(vec!["pii".into(), "public".into()]);
        let now = Mark::of(vec!["pii".into()]);
        let names = [vec![("mail".into(), Marked { all: once.clone(), sure: now.clone() })]];
        let found = ColumnMarks::among("mail", &names);
        assert_eq!(found, ColumnMarks { restricting: once, own: vec![now] });
    }

    #[test]
    fn a_mark_on_the_whole_on_a_column_around_or_within_and_in_other_letters_restricts() {
        let cases = [
            ("mail", "", true, true),
            ("mail", "mail", true, true),
            ("mail.host", "mail", true, true),
            ("mail", "mail.host", true, false),
            ("MAIL", "mail", true, false),
            ("\"Mail\".host", "mail", true, false),
            ("mails[].host", "mails", true, false),
            ("mails.[].host", "mails.host", true, false),
            ("mails.host", "mails.[].host", true, false),
            ("mails[*].host", "mails.host", true, false),
            ("mails[0].host", "mails[].host", true, false),
            ("mails[0:2][*]", "MAILS", true, false),
            ("mails[host]", "mails", false, false),
            ("[Mail].[Host]", "mail.host", true, false),
            ("[2020]", "2020", true, false),
            ("ΟΔΟΣ", "οδος", true, false),
            ("STRASSE", "straße", true, false),
            ("mail", "mail ", true, false),
            ("mail", " mail", true, false),
            (" mail", "mail", true, false),
            ("mail", "mail\u{200b}", true, false),
            ("mails.host", "mails[] . \" host\"", true, false),
            ("mails", "mail", false, false),
            ("mail", "mails", false, false),
        ];
        for (column, marked, restricts, own) in cases {
            let names = [vec![(marked.to_owned(), mark("class:user.mail"))]];
            let found = ColumnMarks::among(column, &names);
            assert_eq!(
                found.restricting.classes.len(),
                usize::from(restricts),
                "{column} {marked}"
            );
            assert_eq!(found.own[0].classes.len(), usize::from(own), "{column} {marked}");
        }
    }

    proptest! {
        /// Read naively: name by name, mark by mark.
        #[test]
        fn what_restricts_is_what_any_name_says_of_anything_that_may_be_the_column(
            column in "[aAb]{1,2}(\\.[aAb])?",
            names in prop::collection::vec(
                prop::collection::vec(("([aAb]{1,2}(\\.[aAb])?)?", "[p-r]"), 0..4), 0..3),
        ) {
            let names: Vec<NameMarks> = names
                .into_iter()
                .map(|name| name.into_iter().map(|(at, tag)| (at, mark(&tag))).collect())
                .collect();
            let found = ColumnMarks::among(&column, &names);
            let parts = |text: &str| -> Vec<String> {
                if text.is_empty() { vec![] } else { text.split('.').map(str::to_owned).collect() }
            };
            let begins = |one: &str, with: &str| parts(one).starts_with(&parts(with));
            for tag in ["p", "q", "r"].map(str::to_owned) {
                let says = |test: &dyn Fn(&str) -> bool, name: &NameMarks| {
                    name.iter().any(|(at, mark)| mark.all.tags.contains(&tag) && test(at))
                };
                let low = column.to_lowercase();
                let may = |at: &str| {
                    let at = at.to_lowercase();
                    begins(&low, &at) || begins(&at, &low)
                };
                let restricts = names.iter().any(|name| says(&may, name));
                prop_assert_eq!(found.restricting.tags.contains(&tag), restricts);
                for (own, name) in found.own.iter().zip(&names) {
                    prop_assert_eq!(own.tags.contains(&tag), says(&|at| begins(&column, at), name));
                }
            }
        }
    }
}
