//! The small aggregates: namespaces, sources and tags.

use serde::{Deserialize, Serialize};

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
    /// How to reach it.
    pub url: Option<Stamped<String>>,
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
        join_same(&mut self.url, new.url);
        join_newest(&mut self.kind, new.kind);
        join_newest(&mut self.description, new.description);
    }
}

/// Keeps the newest value, and the earliest stamp of a value said again and again, so
/// that repeating what is known changes nothing.
fn join_same(known: &mut Option<Stamped<String>>, new: Option<Stamped<String>>) {
    match (known.as_mut(), new) {
        (Some(known), Some(new)) if known.value == new.value => {
            known.stamp = known.stamp.max(new.stamp);
        }
        (_, new) => join_newest(known, new),
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
