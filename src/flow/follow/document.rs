//! Puts together what search knows of a dataset or job.

use std::collections::HashMap;

use uuid::Uuid;

use super::super::app::App;
use super::super::error::FlowError;
use crate::base::{DatasetId, Digest, JobId, NodeKind, Time};
use crate::catalog::{Bodies, DatasetDoc, JobDoc, merge_names};
use crate::db::JobRow;
use crate::index::{Change, Document, Field};
use crate::lineage::NodeRef;
use crate::openlineage::DatasetRef;

/// Returns what the index must do so that these dataset names are as the catalog has them.
pub(super) async fn dataset_changes(
    app: &App,
    ids: &[DatasetId],
) -> Result<Vec<Change>, FlowError> {
    let rows = app.db().datasets(ids).await?;
    let mut changes: Vec<Change> = rows
        .iter()
        .filter(|row| row.doc.canonical_id() != row.id)
        .map(|row| Change::Remove(NodeKind::Dataset, row.id.0))
        .collect();
    let mut shown: Vec<DatasetId> = rows.iter().map(|row| row.doc.canonical_id()).collect();
    shown.sort_unstable();
    shown.dedup();
    let mut members: HashMap<DatasetId, (u32, Vec<DatasetDoc>)> =
        HashMap::with_capacity(shown.len());
    for row in app.db().dataset_class(&shown).await? {
        let (access_class, docs) = members.entry(row.doc.canonical_id()).or_default();
        *access_class = row.access_class;
        docs.push(row.doc);
    }
    let digests: Vec<Digest> =
        members.values().flat_map(|(_, docs)| docs).flat_map(DatasetDoc::view_bodies).collect();
    let bodies = app.db().facet_bodies(&digests).await?;
    for (id, (access_class, docs)) in members {
        if let Some(document) = dataset_document(app, (id, access_class), docs, &bodies)? {
            changes.push(Change::Put(Box::new(document)));
        }
    }
    Ok(changes)
}

fn dataset_document(
    app: &App,
    (id, access_class): (DatasetId, u32),
    members: Vec<DatasetDoc>,
    bodies: &Bodies,
) -> Result<Option<Document>, FlowError> {
    let aliases = members
        .iter()
        .filter(|member| member.id() != id)
        .map(|member| (member.namespace.clone(), member.name.clone()))
        .collect();
    let uses: u32 = members.iter().map(|member| member.uses).sum();
    let Some(doc) = merge_names(members) else { return Ok(None) };
    let view = doc.view(bodies);
    let (downstream, has_lineage) = usage(app, &NodeRef::Dataset(id))?;
    let columns = view.columns.into_iter().map(|column| Field {
        name: column.name,
        data_type: column.data_type,
        description: column.description,
        tags: column.tags,
    });
    let updated_at = doc.updated.unwrap_or(Time::MIN);
    Ok(Some(Document {
        kind: NodeKind::Dataset,
        id: id.0,
        aliases,
        description: view.description,
        tags: view.tags,
        owners: view.owners.into_iter().map(|owner| owner.name).collect(),
        fields: columns.collect(),
        sql: None,
        platform: DatasetRef::parse(&doc.namespace, &doc.name).platform().to_owned(),
        subtype: view.subtype,
        created_at: doc.created.unwrap_or(updated_at),
        updated_at,
        last_run_at: (uses > 0).then_some(updated_at),
        run_count: u64::from(uses),
        downstream,
        has_lineage,
        deleted: doc.is_deleted(),
        access_class,
        namespace: doc.namespace,
        name: doc.name,
    }))
}

/// Returns what the index must do so that these jobs are as the catalog has them.
pub(super) async fn job_changes(app: &App, ids: &[JobId]) -> Result<Vec<Change>, FlowError> {
    let rows = app.db().jobs(ids).await?;
    let digests: Vec<Digest> = rows.iter().flat_map(|row| row.doc.view_bodies()).collect();
    let bodies = app.db().facet_bodies(&digests).await?;
    rows.into_iter()
        .map(|row| {
            if row.doc.renamed_to.is_some() {
                return Ok(Change::Remove(NodeKind::Job, row.id.0));
            }
            job_document(app, row, &bodies).map(|document| Change::Put(Box::new(document)))
        })
        .collect()
}

fn job_document(app: &App, row: JobRow, bodies: &Bodies) -> Result<Document, FlowError> {
    let JobRow { id, doc, access_class } = row;
    let view = doc.view(bodies);
    let (downstream, has_lineage) = usage(app, &NodeRef::Job(id))?;
    let updated_at = doc.updated.unwrap_or(Time::MIN);
    let deleted = doc.is_deleted();
    let JobDoc { namespace, name, created, latest, runs, .. } = doc;
    Ok(Document {
        kind: NodeKind::Job,
        id: id.0,
        namespace,
        name,
        aliases: Vec::new(),
        description: view.description,
        tags: view.tags,
        owners: view.owners.into_iter().map(|owner| owner.name).collect(),
        fields: Vec::new(),
        sql: view.sql,
        platform: view.integration.unwrap_or_default().to_lowercase(),
        subtype: view.job_type,
        created_at: created.unwrap_or(updated_at),
        updated_at,
        last_run_at: latest.map(|latest| latest.last),
        run_count: u64::from(runs),
        downstream,
        has_lineage,
        deleted,
        access_class,
    })
}

/// Returns how many datasets and jobs depend directly on a node, and whether any edge
/// touches it.
fn usage(app: &App, node: &NodeRef) -> Result<(u32, bool), FlowError> {
    app.graph(|graph| {
        let degree = graph.degree(node);
        let readers = u32::try_from(degree.readers_or_reads).unwrap_or(u32::MAX);
        (readers, degree.readers_or_reads + degree.writers_or_writes > 0)
    })
}

/// The id of a document that is gone for good.
pub(super) fn gone(kind: NodeKind, id: Uuid) -> Change {
    Change::Remove(kind, id)
}
