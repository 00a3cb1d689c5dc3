//! Datasets as readers see them: all their names joined, facets at hand.

use std::collections::HashMap;

use super::super::super::app::App;
use super::super::super::error::FlowError;
use super::runs::dataset_version_id;
use crate::base::{DatasetId, Digest, RunId, Time};
use crate::catalog::{
    Bodies, ColumnView, DatasetDoc, DatasetView, NameMarks, SchemaChange, compare_schemas,
    merge_names,
};
use crate::db::DatasetRow;

/// A dataset with everything that is known of it.
#[derive(Debug, Clone)]
pub struct DatasetFull {
    /// The id it is shown under.
    pub id: DatasetId,
    /// Its documents, joined.
    pub doc: DatasetDoc,
    /// All its names, itself included: id, namespace, name.
    pub names: Vec<(DatasetId, String, String)>,
    /// The bodies of its facets.
    pub bodies: Bodies,
    /// What a reader sees first.
    pub view: DatasetView,
    /// Its access class.
    pub access_class: u32,
    /// The marks of its columns and on it as a whole, by name.
    pub(in crate::flow::asker) marks: Vec<NameMarks>,
}

/// A version of a dataset: what one run (or declaration) made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetVersion {
    /// Its id.
    pub version: uuid::Uuid,
    /// When it was made.
    pub created_at: Time,
    /// The run that made it; none if it was declared.
    pub run: Option<RunId>,
    /// The schema it had.
    pub schema: Option<Digest>,
}

/// A schema that a dataset had, and how it differs from the one before.
#[derive(Debug, Clone)]
pub struct SchemaVersion {
    /// The digest of the schema facet.
    pub digest: Digest,
    /// From when.
    pub first: Time,
    /// Until when it was seen.
    pub last: Time,
    /// Its columns.
    pub columns: Vec<ColumnView>,
    /// What changed from the schema before.
    pub changes: Vec<SchemaChange>,
}

impl App {
    /// Joins dataset names to the datasets they are, in the order given.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub(in crate::flow::asker) async fn datasets_full(
        &self,
        rows: Vec<DatasetRow>,
    ) -> Result<Vec<DatasetFull>, FlowError> {
        let mut order: Vec<DatasetId> = Vec::with_capacity(rows.len());
        let mut members: HashMap<DatasetId, (u32, Vec<DatasetDoc>)> = HashMap::new();
        let mut several = Vec::new();
        for row in rows {
            let shown = row.doc.canonical_id();
            if order.contains(&shown) {
                continue;
            }
            order.push(shown);
            let (_, docs) = members.entry(shown).or_insert((row.access_class, Vec::new()));
            if row.doc.aliases.is_empty() {
                docs.push(row.doc);
            } else {
                several.push(shown);
            }
        }
        for row in self.db().dataset_class(&several).await? {
            members.entry(row.doc.canonical_id()).or_default().1.push(row.doc);
        }
        let stored: Vec<Digest> = members
            .values()
            .flat_map(|(_, docs)| docs)
            .flat_map(|doc| doc.facets.stored().collect::<Vec<_>>())
            .collect();
        let bodies = self.db().facet_bodies(&stored).await?;
        let full = |id: DatasetId| {
            let (access_class, docs) = members.remove(&id)?;
            let mut names: Vec<_> =
                docs.iter().map(|m| (m.id(), m.namespace.clone(), m.name.clone())).collect();
            names.sort_unstable_by_key(|(member, ..)| (*member != id, *member));
            let marks = docs.iter().map(|doc| doc.marks(&bodies)).collect();
            let doc = merge_names(docs)?;
            let stored = doc.facets.stored();
            let bodies: Bodies =
                stored.filter_map(|digest| Some((digest, bodies.get(&digest)?.clone()))).collect();
            let view = doc.view(&bodies);
            Some(DatasetFull { id, doc, names, bodies, view, access_class, marks })
        };
        Ok(order.into_iter().filter_map(full).collect())
    }

    /// Returns a page of a dataset's versions, the newest first, and how many there are.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub(in crate::flow::asker) async fn dataset_versions(
        &self,
        dataset: &DatasetFull,
        limit: usize,
        offset: usize,
    ) -> Result<(Vec<DatasetVersion>, usize), FlowError> {
        let mut versions = Vec::new();
        let mut total = 0;
        for (member, ..) in &dataset.names {
            let count = self.db().count_uses(*member, true).await?;
            total += usize::try_from(count).unwrap_or(0);
            let uses = self.db().uses(*member, true, limit + offset, 0).await?;
            versions.extend(uses.into_iter().map(|u| DatasetVersion {
                version: dataset_version_id(*member, Some(u.run)),
                created_at: u.at,
                run: Some(u.run),
                schema: u.schema,
            }));
        }
        let declared = dataset.doc.last_write().filter(|last| last.value.is_none());
        if declared.is_some() || total == 0 {
            let at = declared.map(|last| last.stamp.at).or(dataset.doc.created);
            total += 1;
            versions.push(DatasetVersion {
                version: dataset_version_id(dataset.id, None),
                created_at: at.unwrap_or(Time::MIN),
                run: None,
                schema: newest_schema(&dataset.doc),
            });
        }
        versions.sort_by_key(|version| std::cmp::Reverse((version.created_at, version.version)));
        Ok((versions.into_iter().skip(offset).take(limit).collect(), total))
    }

    /// Returns one version of a dataset.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub(in crate::flow::asker) async fn dataset_version(
        &self,
        dataset: &DatasetFull,
        version: uuid::Uuid,
    ) -> Result<Option<DatasetVersion>, FlowError> {
        if version == dataset_version_id(dataset.id, None) {
            return Ok(Some(DatasetVersion {
                version,
                created_at: dataset.doc.created.unwrap_or(Time::MIN),
                run: None,
                schema: newest_schema(&dataset.doc),
            }));
        }
        for (member, ..) in &dataset.names {
            // A version's id is its dataset's and its run's ids folded together.
            let run = RunId(dataset_version_id(*member, Some(RunId(version))));
            let Some(row) = self.db().runs(&[run]).await?.pop() else { continue };
            if let Some(io) = row.doc.outputs.get(member).or_else(|| row.doc.inputs.get(member)) {
                return Ok(Some(DatasetVersion {
                    version,
                    created_at: row.doc.order_at(),
                    run: Some(run),
                    schema: io.schema(),
                }));
            }
        }
        Ok(None)
    }

    /// Returns the schemas a dataset had, the newest first, each with what it changed.
    /// Schemas that differ in nothing a reader sees are told as one.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub(in crate::flow::asker) async fn schema_history(
        &self,
        dataset: &DatasetFull,
    ) -> Result<Vec<SchemaVersion>, FlowError> {
        let mut known: Vec<_> =
            dataset.doc.schemas().iter().map(|(digest, seen)| (*digest, *seen)).collect();
        known.sort_unstable_by_key(|(digest, seen)| (seen.first, *digest));
        let digests: Vec<Digest> = known.iter().map(|(digest, _)| *digest).collect();
        let bodies = self.db().facet_bodies(&digests).await?;
        let mut history: Vec<SchemaVersion> = Vec::new();
        for (digest, seen) in known {
            let columns = columns_of(digest, &bodies);
            let before =
                history.last().map(|version| version.columns.as_slice()).unwrap_or_default();
            let changes = compare_schemas(before, &columns);
            match history.last_mut().filter(|_| changes.is_empty()) {
                Some(same) => same.last = same.last.max(seen.last),
                None => {
                    let (first, last) = (seen.first, seen.last);
                    history.push(SchemaVersion { digest, first, last, columns, changes });
                }
            }
        }
        history.reverse();
        Ok(history)
    }

    /// Returns the columns that schemas say.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub(in crate::flow::asker) async fn schema_columns(
        &self,
        digests: &[Digest],
    ) -> Result<HashMap<Digest, Vec<ColumnView>>, FlowError> {
        let bodies = self.db().facet_bodies(digests).await?;
        Ok(digests.iter().map(|digest| (*digest, columns_of(*digest, &bodies))).collect())
    }
}

fn newest_schema(doc: &DatasetDoc) -> Option<Digest> {
    doc.schemas()
        .iter()
        .max_by_key(|(digest, seen)| (seen.last, **digest))
        .map(|(digest, _)| *digest)
}

fn columns_of(digest: Digest, bodies: &Bodies) -> Vec<ColumnView> {
    bodies.get(&digest).map(|raw| crate::catalog::columns_of_schema(raw)).unwrap_or_default()
}
