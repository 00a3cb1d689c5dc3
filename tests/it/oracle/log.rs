//! What the oracle is told: events and edits, in the order in which they were received.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

/// A namespace and a name in it, of a dataset or of a job.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    pub namespace: String,
    pub name: String,
}

impl Name {
    pub fn new(namespace: &str, name: &str) -> Self {
        Self { namespace: namespace.to_owned(), name: name.to_owned() }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.namespace.as_str() {
            "n" => write!(to, "{}", self.name),
            namespace => write!(to, "{namespace}|{}", self.name),
        }
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{self}")
    }
}

/// How an author stands to a namespace of datasets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Stranger,
    Unclaimed,
    Own,
}

/// Who says something, and where they are no mere passer-by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    pub name: String,
    /// How they stand to the namespaces listed.
    pub standings: BTreeMap<String, Standing>,
    /// How they stand to all others.
    pub otherwise: Standing,
}

impl Author {
    pub fn new(name: &str) -> Self {
        let (name, standings) = (name.to_owned(), BTreeMap::new());
        Self { name, standings, otherwise: Standing::Unclaimed }
    }

    pub fn standing(&self, namespace: &str) -> Standing {
        self.standings.get(namespace).copied().unwrap_or(self.otherwise)
    }

    /// Whether their word ends, names or forgets anything there.
    pub fn counts(&self, name: &Name) -> bool {
        self.standing(&name.namespace) != Standing::Stranger
    }
}

/// What people say over the API. Pairs of names have no direction unless they are edges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    DeleteDataset(Name),
    DeleteJob(Name),
    /// Two names are one dataset, or are not, or it is left to pipelines again (none).
    Names(Name, Name, Option<bool>),
    /// An edge by hand is there, or no longer.
    Edge(Name, Name, bool),
    /// An edge is disputed, or no longer.
    Dispute(Name, Name, bool),
    /// A tag is on a name, or no longer.
    Tag(Name, String, bool),
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    Event { text: Value, author: Author, received: i64 },
    Edit { edit: Edit, at: i64 },
}
