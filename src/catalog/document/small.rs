//! The small aggregates: namespaces, sources and tags.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::author::Weight;
use super::stamp::{Stamped, join_min, join_newest};
use crate::base::Time;

/// Whether something was deleted (softly), by the order in which Lethe received things.
///
/// Marquez's rule: an event that names a deleted thing brings it back.
pub(super) fn revive(deleted: &mut Option<Stamped<bool>>, named: Option<Time>) {
    if let (Some(mark), Some(named)) = (deleted.as_mut(), named)
        && mark.value
        && mark.stamp.at < named
    {
        mark.value = false;
        mark.stamp.at = named;
    }
}

/// A namespace: the scope in which names of datasets or jobs are unique.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NamespaceDoc {
    /// Its name.
    pub name: String,
    /// The earliest time anything spoke of it.
    pub created: Option<Time>,
    /// When it was last edited.
    pub edited: Option<Time>,
    /// Who owns it, as edited.
    pub owner: Option<Stamped<String>>,
    /// What it is, as edited.
    pub description: Option<Stamped<Option<String>>>,
    /// Whether it is deleted.
    pub deleted: Option<Stamped<bool>>,
    /// When Lethe last received an event naming it; only kept in deltas.
    #[serde(skip)]
    pub named: Option<Time>,
}

impl NamespaceDoc {
    /// Joins what is new to what is known.
    pub fn join(&mut self, new: Self) {
        if self.name.is_empty() {
            self.name = new.name;
        }
        join_min(&mut self.created, new.created);
        super::stamp::join_max(&mut self.edited, new.edited);
        join_newest(&mut self.owner, new.owner);
        join_newest(&mut self.description, new.description);
        join_newest(&mut self.deleted, new.deleted);
        revive(&mut self.deleted, new.named);
    }

    /// Returns whether it is deleted.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.deleted.as_ref().is_some_and(|mark| mark.value)
    }
}

/// A source: the system that datasets live in, as the `dataSource` facet names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceDoc {
    /// Its name.
    pub name: String,
    /// The earliest time anything spoke of it.
    pub created: Option<Time>,
    /// When it was last edited.
    pub edited: Option<Time>,
    /// How to reach it, as edited; wins over what pipelines told. In documents of earlier versions
    /// also that.
    pub url: Option<Stamped<String>>,
    /// How pipelines told to reach it. A source is in no namespace, so that nobody is bound to it:
    /// who told it first stands, those whose word counts before others. Its time is that of receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<Stamped<String>>,
    /// What kind of system it is, as edited.
    pub kind: Option<Stamped<String>>,
    /// What it is, as edited.
    pub description: Option<Stamped<Option<String>>>,
}

impl SourceDoc {
    /// Joins what is new to what is known.
    pub fn join(&mut self, new: Self) {
        if self.name.is_empty() {
            self.name = new.name;
        }
        join_min(&mut self.created, new.created);
        super::stamp::join_max(&mut self.edited, new.edited);
        join_newest(&mut self.url, new.url);
        join_first(&mut self.told, new.told);
        join_newest(&mut self.kind, new.kind);
        join_newest(&mut self.description, new.description);
    }

    /// Returns how to reach it: as people put it, else as pipelines told.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.url.as_ref().or(self.told.as_ref()).map(|said| &said.value[..])
    }
}

/// Keeps what was said first: by those whose word counts, else by others. What is said later
/// changes nothing, so that nobody takes over what others use.
fn join_first(known: &mut Option<Stamped<String>>, new: Option<Stamped<String>>) {
    fn place(said: &Stamped<String>) -> (bool, Time, u64, &str, Reverse<Weight>) {
        let stamp = said.stamp;
        (!stamp.weight.counts(), stamp.at, stamp.tie, &said.value, Reverse(stamp.weight))
    }
    if let Some(new) = new
        && known.as_ref().is_none_or(|known| place(&new) < place(known))
    {
        *known = Some(new);
    }
}

/// A tag: a word that people and producers mark datasets, columns and jobs with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TagDoc {
    /// Its name.
    pub name: String,
    /// The earliest time anything spoke of it.
    pub created: Option<Time>,
    /// What it means, as edited.
    pub description: Option<Stamped<Option<String>>>,
}

impl TagDoc {
    /// Joins what is new to what is known.
    pub fn join(&mut self, new: Self) {
        if self.name.is_empty() {
            self.name = new.name;
        }
        join_min(&mut self.created, new.created);
        join_newest(&mut self.description, new.description);
    }
}

#[cfg(test)]
mod tests {
    use super::super::stamp::Stamp;
    use super::*;

    fn said(weight: Weight, at: i64, url: &str) -> SourceDoc {
        let stamp = Stamp { weight, at: Time::from_micros(at), tie: 0 };
        let told = Some(Stamped::new(stamp, url.to_owned()));
        SourceDoc { name: "source".to_owned(), told, ..SourceDoc::default() }
    }

    #[test]
    fn who_told_first_stands_and_people_stand_over_them() {
        let mut known = said(Weight::ReadByStranger, 1, "guess");
        known.join(said(Weight::ToldByStranger, 2, "another"));
        assert_eq!(known.url(), Some("guess"));
        known.join(said(Weight::Told, 3, "pg://prod"));
        assert_eq!(known.url(), Some("pg://prod"), "whose word counts before others");
        known.join(said(Weight::ToldByOwn, 4, "pg://evil"));
        assert_eq!(known.url(), Some("pg://prod"), "nobody is bound to a source");
        let stamp = |weight, at| Stamp { weight, at: Time::from_micros(at), tie: 0 };
        let put = |weight, at, url: &str| SourceDoc {
            url: Some(Stamped::new(stamp(weight, at), url.to_owned())),
            ..SourceDoc::default()
        };
        // As an earlier version kept what a pipeline said.
        known.join(put(Weight::ToldByOwn, 9_000_000, "pg://evil"));
        known.join(put(Weight::Put, 5, "pg://edited"));
        assert_eq!(known.url(), Some("pg://edited"));
    }

    #[test]
    fn a_source_of_an_earlier_version_is_read() {
        let doc = r#"{"name":"s","url":{"s":[7,1,5],"v":"pg://x"}}"#;
        let doc: SourceDoc = serde_json::from_str(doc).unwrap();
        assert_eq!((doc.url(), &doc.told), (Some("pg://x"), &None));
    }
}
