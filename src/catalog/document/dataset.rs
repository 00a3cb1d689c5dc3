//! A dataset as the catalog keeps it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::author::Weight;
use super::caps::{CAPS, Caps, keep_greatest};
use super::edit::{DatasetType, Owners};
use super::facet::FacetBook;
use super::finding::Findings;
use super::said::SaidTags;
use super::small::revive;
use super::stamp::{
    Seen, Stamp, Stamped, join_map, join_max, join_min, join_newest, join_noting, join_updated,
};
use crate::base::{DatasetId, Digest, RunId, Time};
use crate::openlineage::facets::LifecycleState;

/// All that is known of one dataset *name*. Names that turn out to be one dataset
/// (symlinks, renames) keep a document each, joined when they are read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DatasetDoc {
    /// The namespace it is in.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The earliest event that named it.
    pub created: Option<Time>,
    /// The latest event that named it.
    pub updated: Option<Time>,
    /// The earliest event that was about it, not only named it as another's symlink or
    /// column source.
    pub primary: Option<Time>,
    /// Its facets.
    #[serde(skip_serializing_if = "FacetBook::is_empty")]
    pub facets: FacetBook,
    /// The latest write by a run that was done with it, and that run; in documents of earlier
    /// versions also a description, without a run.
    pub written: Option<Stamped<Option<RunId>>>,
    /// When a DatasetEvent, or somebody over the API, last described it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub described: Option<Stamp>,
    /// Each schema it had (digest of the `schema` facet's `fields`), and when.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub schemas: BTreeMap<Digest, Seen>,
    /// Whether it had more schemas than are remembered. When the others were first seen
    /// is then forgotten too, since it would depend on the order of events.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub schemas_forgotten: bool,
    /// The same of schemas that only readers and strangers told; shown where there is no other.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub schemas_read: BTreeMap<Digest, Seen>,
    /// Whether there were more of these than are remembered.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub schemas_read_forgotten: bool,
    /// The tags that pipelines ever said, as far as they count.
    #[serde(skip_serializing_if = "SaidTags::is_empty")]
    pub said: SaidTags,
    /// What was said and does not count.
    #[serde(skip_serializing_if = "Findings::is_empty")]
    pub findings: Findings,
    /// Names that are this dataset too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<DatasetId>,
    /// The name it was given later.
    pub renamed_to: Option<Stamped<DatasetId>>,
    /// The last thing that happened to it as a whole.
    pub lifecycle: Option<Stamped<LifecycleState>>,
    /// What a DatasetEvent declared of its lineage: the digest of its `lineage` facet, none
    /// if it was taken back (`_deleted`).
    pub declared_lineage: Option<Stamped<Option<Digest>>>,
    /// The same of its `columnLineage` facet, which counts where there is no `lineage`.
    pub declared_columns: Option<Stamped<Option<Digest>>>,
    /// The source it lives in, as the `dataSource` facet or the API names it.
    pub source: Option<Stamped<String>>,
    /// What kind of thing it is, if the API said so.
    pub kind: Option<Stamped<DatasetType>>,
    /// Its name in its store, if the API said so.
    pub physical_name: Option<Stamped<String>>,
    /// Where a stream's schema is.
    pub schema_location: Option<Stamped<String>>,
    /// Its description, as edited; wins over the `documentation` facet.
    pub description: Option<Stamped<Option<String>>>,
    /// Its owners, as edited; wins over the `ownership` facet.
    pub owners: Option<Stamped<Owners>>,
    /// Tags put on (true) or taken off (false) by people.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, Stamped<bool>>,
    /// The same for columns: column, tag.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub field_tags: BTreeMap<String, BTreeMap<String, Stamped<bool>>>,
    /// Descriptions of columns, as edited; each wins over what the `schema` facet says.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub field_descriptions: BTreeMap<String, Stamped<Option<String>>>,
    /// Free properties, as edited.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Stamped<Option<String>>>,
    /// Whether it is deleted.
    pub deleted: Option<Stamped<bool>>,
    /// The name it is shown under, where it has several; follows from the documents of
    /// all its names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonical: Option<DatasetId>,
    /// How many times runs read or wrote it: pairs of a run and a direction.
    pub uses: u32,
    /// When Lethe last received an event naming it; only kept in deltas.
    #[serde(skip)]
    pub named: Option<Time>,
}

impl DatasetDoc {
    /// Starts an empty document for a name.
    #[must_use]
    pub fn new(namespace: &str, name: &str) -> Self {
        Self { namespace: namespace.to_owned(), name: name.to_owned(), ..Self::default() }
    }

    /// Returns the id that its name gives.
    #[must_use]
    pub fn id(&self) -> DatasetId {
        DatasetId::of(&self.namespace, &self.name)
    }

    /// Joins what is new to what is known. Returns whether anything changed that search
    /// and lineage show, other than times.
    pub fn join(&mut self, new: Self) -> bool {
        self.join_within(new, &CAPS)
    }

    /// As [`Self::join`], within some bounds.
    pub(in crate::catalog) fn join_within(&mut self, new: Self, caps: &Caps) -> bool {
        let mut changed = self.name.is_empty();
        if changed {
            self.namespace = new.namespace;
            self.name = new.name;
        }
        join_min(&mut self.created, new.created);
        changed |= join_updated(&mut self.updated, new.updated);
        changed |= new.primary.is_some() && self.primary.is_none();
        join_min(&mut self.primary, new.primary);
        changed |= self.facets.join_within(new.facets, caps);
        join_newest(&mut self.written, new.written);
        join_max(&mut self.described, new.described);
        let forgotten = (&mut self.schemas_forgotten, new.schemas_forgotten);
        changed |= join_schemas(&mut self.schemas, new.schemas, forgotten, caps.schemas);
        let forgotten = (&mut self.schemas_read_forgotten, new.schemas_read_forgotten);
        changed |= join_schemas(&mut self.schemas_read, new.schemas_read, forgotten, caps.schemas);
        changed |= self.said.join(new.said);
        changed |= self.findings.join(new.findings);
        for alias in new.aliases {
            if let Err(place) = self.aliases.binary_search(&alias) {
                self.aliases.insert(place, alias);
                changed = true;
            }
        }
        self.aliases.truncate(caps.names);
        changed |= join_noting(&mut self.renamed_to, new.renamed_to);
        changed |= join_noting(&mut self.lifecycle, new.lifecycle);
        changed |= join_noting(&mut self.declared_lineage, new.declared_lineage);
        changed |= join_noting(&mut self.declared_columns, new.declared_columns);
        changed |= join_noting(&mut self.source, new.source);
        changed |= join_noting(&mut self.kind, new.kind);
        changed |= join_noting(&mut self.physical_name, new.physical_name);
        changed |= join_noting(&mut self.schema_location, new.schema_location);
        changed |= join_noting(&mut self.description, new.description);
        changed |= join_noting(&mut self.owners, new.owners);
        changed |= join_map(&mut self.tags, new.tags);
        for (field, tags) in new.field_tags {
            changed |= join_map(self.field_tags.entry(field).or_default(), tags);
        }
        changed |= join_map(&mut self.field_descriptions, new.field_descriptions);
        changed |= join_map(&mut self.properties, new.properties);
        let was_deleted = self.is_deleted();
        join_newest(&mut self.deleted, new.deleted);
        revive(&mut self.deleted, new.named);
        changed | (was_deleted != self.is_deleted())
    }

    /// Returns the schemas it had: those that who wrote it told, else what others did.
    #[must_use]
    pub fn schemas(&self) -> &BTreeMap<Digest, Seen> {
        if self.schemas.is_empty() { &self.schemas_read } else { &self.schemas }
    }

    /// Returns the digest of the declared `lineage` facet that stands.
    #[must_use]
    pub fn declared_lineage(&self) -> Option<Digest> {
        self.declared_lineage.as_ref().and_then(|said| said.value)
    }

    /// Returns the digest of the declared `columnLineage` facet that stands.
    #[must_use]
    pub fn declared_columns(&self) -> Option<Digest> {
        self.declared_columns.as_ref().and_then(|said| said.value)
    }

    /// Returns whether people deleted it.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.deleted.as_ref().is_some_and(|mark| mark.value)
    }

    /// Returns whether its store dropped it, as the last thing that happened to it.
    #[must_use]
    pub fn is_dropped(&self) -> bool {
        self.lifecycle.as_ref().is_some_and(|last| last.value == LifecycleState::Drop)
    }

    /// Returns when it was last written or described, and by which run.
    #[must_use]
    pub fn last_write(&self) -> Option<Stamped<Option<RunId>>> {
        let mut last = self.described.map(|at| Stamped::new(at, None));
        join_newest(&mut last, self.written.clone());
        last
    }

    /// Notes that a run had written it at a time.
    pub fn note_written(&mut self, run: RunId, at: Option<Time>) {
        let tie = run.0.as_u64_pair().1;
        let stamp = |at| Stamp { weight: Weight::default(), at, tie };
        join_newest(&mut self.written, at.map(|at| Stamped::new(stamp(at), Some(run))));
    }
}

/// Joins schemas, of which the last seen are kept, and whether any were forgotten.
fn join_schemas(
    schemas: &mut BTreeMap<Digest, Seen>,
    new: BTreeMap<Digest, Seen>,
    (forgotten, new_forgotten): (&mut bool, bool),
    most: usize,
) -> bool {
    let mut changed = false;
    for (digest, seen) in new {
        schemas.entry(digest).and_modify(|known| known.join(seen)).or_insert_with(|| {
            changed = true;
            seen
        });
    }
    let over = keep_greatest(schemas, most, |digest, seen| (seen.last, *digest));
    *forgotten |= new_forgotten | over;
    if *forgotten {
        schemas.values_mut().for_each(|seen| seen.first = seen.last);
    }
    changed
}
