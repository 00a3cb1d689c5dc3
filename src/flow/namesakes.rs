//! What people say of a thing they say of all the names that it has then.
//!
//! Each name keeps what was said of it, so that a link between two, which any pipeline may tell, moves
//! nothing that people said from one to the other. So an edit is written down once for each name.

use std::collections::BTreeSet;

use super::app::App;
use super::error::FlowError;
use crate::base::{DatasetId, JobId, NodeKind};
use crate::catalog::{DatasetPut, Edit, EntityRef, JobDoc, Touch, Working};

/// Returns edits with those that say the same of the other names of what they are about. What a
/// column is tagged with by a description of the whole dataset is said of the name that it names.
///
/// # Errors
///
/// [`FlowError::Db`] if the database fails.
pub(super) async fn of_all_names(app: &App, edits: Vec<Edit>) -> Result<Vec<Edit>, FlowError> {
    let several = with_several_names(app, &edits).await?;
    let mut all = Vec::with_capacity(edits.len());
    for edit in edits {
        let more = match &edit {
            Edit::Tag { entity, .. } | Edit::SetOwners { entity, .. } => {
                let others = others(app, entity).await?;
                others.into_iter().map(|other| about(&edit, other)).collect()
            }
            Edit::PutDatasets { datasets } => {
                let several = datasets.iter().filter(|put| several.contains(&id_of(put)));
                put_of_others(app, several).await?
            }
            _ => Vec::new(),
        };
        all.push(edit);
        all.extend(more);
    }
    Ok(all)
}

fn id_of(put: &DatasetPut) -> DatasetId {
    DatasetId::of(&put.namespace, &put.name)
}

/// Returns which of the datasets that are described, with owners or tags, have several names: many
/// are described at once, and few have.
async fn with_several_names(app: &App, edits: &[Edit]) -> Result<BTreeSet<DatasetId>, FlowError> {
    let puts = edits.iter().filter_map(|edit| match edit {
        Edit::PutDatasets { datasets } => Some(datasets),
        _ => None,
    });
    let puts = puts.flatten().filter(|put| put.owners.is_some() || !put.tags.is_empty());
    let ids: Vec<DatasetId> = puts.map(id_of).collect();
    let rows = if ids.is_empty() { Vec::new() } else { app.db().datasets(&ids).await? };
    let several = rows.into_iter().filter(|row| !row.doc.aliases.is_empty());
    Ok(several.map(|row| row.id).collect())
}

/// Returns the same edit of something else.
fn about(edit: &Edit, other: EntityRef) -> Edit {
    let mut edit = edit.clone();
    if let Edit::Tag { entity, .. } | Edit::SetOwners { entity, .. } = &mut edit {
        *entity = other;
    }
    edit
}

/// Returns what a description says of the other names of its datasets: owners and tags.
async fn put_of_others(
    app: &App,
    puts: impl Iterator<Item = &DatasetPut>,
) -> Result<Vec<Edit>, FlowError> {
    let mut all = Vec::new();
    for put in puts {
        let (namespace, name) = (put.namespace.clone(), put.name.clone());
        let named = EntityRef { kind: NodeKind::Dataset, namespace, name };
        for entity in others(app, &named).await? {
            let EntityRef { namespace, name, .. } = entity;
            let (owners, tags) = (put.owners.clone(), put.tags.clone());
            let put = DatasetPut { namespace, name, owners, tags, ..DatasetPut::default() };
            all.push(Edit::PutDatasets { datasets: vec![put] });
        }
    }
    Ok(all)
}

/// Returns the other names by which a thing is judged, as far as anything is known of them.
async fn others(app: &App, entity: &EntityRef) -> Result<Vec<EntityRef>, FlowError> {
    let EntityRef { kind, namespace, name } = entity;
    let named: Vec<(String, String)> = if *kind == NodeKind::Job {
        let id = JobId::of(namespace, name);
        let jobs = jobs_of(app, id).await?.into_iter();
        jobs.map(|doc| (doc.namespace, doc.name)).collect()
    } else {
        let id = DatasetId::of(namespace, name);
        let rows = app.db().datasets(&[id]).await?;
        let several = rows.first().filter(|row| !row.doc.aliases.is_empty());
        let shown: Vec<DatasetId> = several.map(|row| row.doc.canonical_id()).into_iter().collect();
        let rows = app.db().dataset_class(&shown).await?.into_iter();
        rows.map(|row| (row.doc.namespace, row.doc.name)).collect()
    };
    let others = named.into_iter().filter(|other| (&other.0, &other.1) != (namespace, name));
    Ok(others.map(|(namespace, name)| EntityRef { kind: *kind, namespace, name }).collect())
}

/// Returns the documents of all names by which a job is judged.
async fn jobs_of(app: &App, id: JobId) -> Result<Vec<JobDoc>, FlowError> {
    let mut working = Working::default();
    let mut missing = vec![id];
    while !missing.is_empty() {
        for row in app.db().jobs(&missing).await? {
            working.jobs.insert(row.id, row.doc);
        }
        // One that is named and not there is looked for once.
        missing.iter().for_each(|id| _ = working.jobs.entry(*id).or_default());
        let mut touch = Touch::default();
        working.names_missing([id], &mut touch);
        missing = touch.jobs.into_iter().collect();
    }
    let ids = working.job_names(id).ids.into_iter();
    let docs = ids.filter_map(|id| working.jobs.remove(&id));
    Ok(docs.filter(|doc| !doc.name.is_empty()).collect())
}
