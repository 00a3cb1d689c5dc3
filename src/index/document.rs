//! What is put into the search index: one document per dataset or job.
//!
//! A document holds everything that can be searched, filtered, counted or ranked by.
//! It is not the catalog's record of a dataset: who fills it decides what may be found.

use uuid::Uuid;

use crate::base::{NodeKind, Time};

/// One dataset or job as search sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// [`NodeKind::Dataset`] or [`NodeKind::Job`]; the index takes no other kind.
    pub kind: NodeKind,
    /// The id by which the document is replaced and removed; no two documents share one,
    /// whatever their kinds.
    pub id: Uuid,
    /// Namespace of the dataset or job, as it was given.
    pub namespace: String,
    /// Name of the dataset or job, as it was given.
    pub name: String,
    /// Other (namespace, name) pairs under which it is known: symlinks.
    pub aliases: Vec<(String, String)>,
    /// What people wrote about it.
    pub description: Option<String>,
    /// Tags, each `key` or `key:value`.
    pub tags: Vec<String>,
    /// Owners, as they are named in the catalog.
    pub owners: Vec<String>,
    /// Columns, nested ones by their full path.
    pub fields: Vec<Field>,
    /// The statement that the job runs.
    pub sql: Option<String>,
    /// The system it lives in: `postgres`, `s3`, `spark`; empty if unknown.
    pub platform: String,
    /// What it is there: `TABLE`, `VIEW`, `MODEL`, `TASK`.
    pub subtype: Option<String>,
    /// When it was first seen.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
    /// When a run last read or wrote it.
    pub last_run_at: Option<Time>,
    /// How many runs read or wrote it.
    pub run_count: u64,
    /// How many datasets and jobs depend on it directly.
    pub downstream: u32,
    /// Whether any lineage edge touches it.
    pub has_lineage: bool,
    /// Whether it was deleted softly: found only if asked for.
    pub deleted: bool,
    /// Its access class: searches see only the classes that they are allowed.
    pub access_class: u32,
}

/// One column of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Field {
    /// Name, or the dotted path of a nested column.
    pub name: String,
    /// Its type as the producer wrote it.
    pub data_type: Option<String>,
    /// What people wrote about it.
    pub description: Option<String>,
    /// Tags of the column, each `key` or `key:value`.
    pub tags: Vec<String>,
}

/// One step in following the catalog.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Adds the document, or replaces the one of the same kind and id.
    Put(Box<Document>),
    /// Takes the document of that kind and id away; nothing happens if there is none.
    Remove(NodeKind, Uuid),
}

impl Document {
    /// Returns the tags of the document and of its columns, each once, in order. A tag
    /// `key:value` counts as `key` too, so that either finds it.
    #[must_use]
    pub fn all_tags(&self) -> Vec<String> {
        with_keys(self.tags.iter().chain(self.fields.iter().flat_map(|field| &field.tags)))
    }

    /// Returns those of [`Self::all_tags`] that are the document's own.
    #[must_use]
    pub fn own_tags(&self) -> Vec<String> {
        with_keys(self.tags.iter())
    }

    /// Returns those of [`Self::all_tags`] that only columns have: whoever may not know the columns
    /// may not know these.
    #[must_use]
    pub fn column_tags(&self) -> Vec<String> {
        let own = self.own_tags();
        let mut all = self.all_tags();
        all.retain(|tag| own.binary_search(tag).is_err());
        all
    }
}

fn with_keys<'a>(tags: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for tag in tags.filter(|tag| !tag.is_empty()) {
        all.push(tag.clone());
        if let Some((key, _)) = tag.split_once(':').filter(|(key, _)| !key.is_empty()) {
            all.push(key.to_owned());
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}
