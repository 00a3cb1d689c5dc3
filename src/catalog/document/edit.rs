//! Edits: what people (and crawlers) say of the catalog, beside what pipelines say.
//!
//! An edit is an entry of the event log like any event, so that `lethe rebuild` finds
//! it again and its history can be read; retention never removes it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::{DatasetId, Digest, JobId, NamespaceId, NodeKind, SourceId, Time};

/// What kind of thing a dataset is in Marquez's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DatasetType {
    /// A table, file or view. Everything that events name is one.
    DbTable,
    /// A stream with a schema elsewhere; only said through the API.
    Stream,
}

/// Owners as people name them: who, and in which role.
pub type Owners = Vec<(String, Option<String>)>;

/// A dataset or job, by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EntityRef {
    /// Dataset or job.
    pub kind: NodeKind,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// A column as somebody describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FieldPut {
    /// Its name.
    pub name: String,
    /// Its type, in its store's words.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub data_type: Option<String>,
    /// What it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The fields nested in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldPut>,
}

/// A dataset as somebody describes it; what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DatasetPut {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// What kind of thing it is.
    pub kind: Option<DatasetType>,
    /// Its name in its store.
    pub physical_name: Option<String>,
    /// The source it lives in.
    pub source: Option<String>,
    /// Where a stream's schema is.
    pub schema_location: Option<String>,
    /// What it holds.
    pub description: Option<String>,
    /// Its columns, all of them.
    pub fields: Option<Vec<FieldPut>>,
    /// Its owners, all of them: name and role.
    pub owners: Option<Owners>,
    /// Tags to put on it.
    pub tags: Vec<String>,
    /// Properties to set (or, with null, to remove).
    pub properties: BTreeMap<String, Option<String>>,
}

/// One edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Edit {
    /// Creates or describes a namespace.
    PutNamespace {
        /// Its name.
        name: String,
        /// Who owns it.
        owner: Option<String>,
        /// What it is.
        description: Option<String>,
    },
    /// Creates or describes a source.
    PutSource {
        /// Its name.
        name: String,
        /// What kind of system it is.
        kind: String,
        /// How to reach it.
        url: String,
        /// What it is.
        description: Option<String>,
    },
    /// Creates or describes a tag.
    PutTag {
        /// Its name.
        name: String,
        /// What it means.
        description: Option<String>,
    },
    /// Creates or describes datasets.
    PutDatasets {
        /// The datasets.
        datasets: Vec<DatasetPut>,
    },
    /// Creates or describes a job (Marquez's deprecated way).
    PutJob {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
        /// Datasets it reads: namespace and name.
        inputs: Vec<(String, String)>,
        /// Datasets it writes.
        outputs: Vec<(String, String)>,
        /// Where its code is.
        location: Option<String>,
        /// What it does.
        description: Option<String>,
        /// BATCH, STREAM or SERVICE.
        kind: Option<String>,
    },
    /// Puts a tag on a dataset, a column or a job, or takes it off.
    Tag {
        /// What is tagged.
        entity: EntityRef,
        /// The column, if a column is tagged.
        field: Option<String>,
        /// The tag.
        tag: String,
        /// On or off.
        on: bool,
    },
    /// Describes a dataset, a column or a job; null gives the word back to its producer.
    Describe {
        /// What is described.
        entity: EntityRef,
        /// The column, if a column is described.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        field: Option<String>,
        /// The description.
        description: Option<String>,
    },
    /// Names the owners of a dataset or job.
    SetOwners {
        /// What is owned.
        entity: EntityRef,
        /// The owners: name and role.
        owners: Owners,
    },
    /// Deletes datasets and jobs softly, or brings them back.
    SetDeleted {
        /// Which.
        entities: Vec<EntityRef>,
        /// Deleted or not.
        deleted: bool,
    },
    /// Deletes a namespace softly, or brings it back; its datasets and jobs are named in
    /// edits of their own.
    SetNamespaceDeleted {
        /// Its name.
        name: String,
        /// Deleted or not.
        deleted: bool,
    },
}

/// An edit as it stands in the event log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EditRecord {
    /// When it was made.
    pub event_time: Time,
    /// Who made it.
    pub actor: String,
    /// What was edited.
    #[serde(flatten)]
    pub edit: Edit,
}

impl EditRecord {
    /// Returns the id of what the edit is about (of the first thing, where it is about many).
    #[must_use]
    pub fn subject(&self) -> uuid::Uuid {
        match &self.edit {
            Edit::PutNamespace { name, .. } | Edit::SetNamespaceDeleted { name, .. } => {
                NamespaceId::of(name).0
            }
            Edit::PutSource { name, .. } => SourceId::of(name).0,
            Edit::PutTag { name, .. } => uuid::Uuid::from_bytes(Digest::of(name.as_bytes()).0),
            Edit::PutDatasets { datasets } => datasets
                .first()
                .map_or(uuid::Uuid::nil(), |put| DatasetId::of(&put.namespace, &put.name).0),
            Edit::PutJob { namespace, name, .. } => JobId::of(namespace, name).0,
            Edit::Tag { entity, .. }
            | Edit::Describe { entity, .. }
            | Edit::SetOwners { entity, .. } => entity.id(),
            Edit::SetDeleted { entities, .. } => {
                entities.first().map_or(uuid::Uuid::nil(), EntityRef::id)
            }
        }
    }
}

impl EntityRef {
    /// Returns the id that its name gives.
    #[must_use]
    pub fn id(&self) -> uuid::Uuid {
        match self.kind {
            NodeKind::Job => JobId::of(&self.namespace, &self.name).0,
            _ => DatasetId::of(&self.namespace, &self.name).0,
        }
    }
}
