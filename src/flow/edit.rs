//! Edits of the catalog by people and crawlers.

use super::app::App;
use super::audit::{Act, Actor, Sealed};
use super::error::FlowError;
use super::ingest::{Accepted, Submission};
use super::namesakes::of_all_names;
use super::spelling::{self, check_name};
use crate::audit::Hash;
use crate::base::limits::{COLUMN_DEPTH_MAX, COLUMNS_MAX, EVENT_BYTES_MAX};
use crate::base::{DatasetId, JobId, NodeKind};
use crate::catalog::{DatasetPut, Edit, EditRecord, EntityRef, FieldPut};

/// Entities that one edit deletes at most; a larger namespace takes several.
const ENTITIES_MAX: usize = 1_000;

/// Bytes that one edit of one thing may have: half an event, since what is made of it for
/// the catalog is wordier than itself.
const EDIT_BYTES_MAX: usize = EVENT_BYTES_MAX / 2;

impl App {
    /// Makes an edit and waits until it is on disk.
    ///
    /// # Errors
    ///
    /// [`FlowError::BadInput`] if a name or schema is not allowed, [`FlowError::Conflict`] if
    /// people would have said too much of one thing, else as
    /// [`App::submit`].
    pub async fn edit(&self, actor: &Actor, mut edit: Edit) -> Result<Accepted, FlowError> {
        check(&edit)?;
        spelling::spell(&mut edit)?;
        let stamp = self.stamp();
        let record = |edit| EditRecord { event_time: stamp, actor: actor.reference(), edit };
        let edits = of_all_names(self, apart(edit)).await?;
        let edits: Vec<EditRecord> = edits.into_iter().map(record).collect();
        let bytes: Vec<usize> = edits.iter().map(bytes_of).collect();
        if bytes.iter().any(|bytes| *bytes > EDIT_BYTES_MAX) {
            let message = format!("must say at most {EDIT_BYTES_MAX} bytes about one thing");
            return Err(FlowError::bad("body", message));
        }
        super::bounds::check(self, &edits).await?;
        let edit_bytes = bytes.iter().sum();
        let records = self.records_of(actor, &edits)?;
        self.submit(Submission { edits, edit_bytes, records, ..Submission::default() }).await
    }

    /// Makes the audit log's records of edits: one each, with the digest of what was said.
    fn records_of(&self, actor: &Actor, edits: &[EditRecord]) -> Result<Vec<Sealed>, FlowError> {
        let record = |edit: &EditRecord| {
            let (action, kind, name) = act_of(&edit.edit);
            let mut act = Act::done(action).on(kind, edit.subject(), name);
            // An edit is a struct of texts: it always serialises.
            if let Edit::SetDeleted { deleted, .. } | Edit::SetNamespaceDeleted { deleted, .. } =
                &edit.edit
            {
                act = act.with("deleted", *deleted);
            }
            act.after = Some(Hash::of(&serde_json::to_vec(edit).unwrap_or_default()));
            self.seal(actor, act)
        };
        edits.iter().map(record).collect()
    }

    /// Deletes a namespace softly, or brings it back, with all its datasets and jobs.
    ///
    /// # Errors
    ///
    /// As [`App::edit`].
    pub async fn set_namespace_deleted(
        &self,
        actor: &Actor,
        name: &str,
        deleted: bool,
    ) -> Result<Accepted, FlowError> {
        let mut datasets: Option<DatasetId> = None;
        loop {
            let rows = self.db().datasets_of_namespace(name, datasets, ENTITIES_MAX).await?;
            let Some(last) = rows.last() else { break };
            datasets = Some(last.id);
            let entities = rows
                .into_iter()
                .map(|row| entity(NodeKind::Dataset, row.doc.namespace, row.doc.name));
            self.edit(actor, Edit::SetDeleted { entities: entities.collect(), deleted }).await?;
        }
        let mut jobs: Option<JobId> = None;
        loop {
            let rows = self.db().jobs_of_namespace(name, jobs, ENTITIES_MAX).await?;
            let Some(last) = rows.last() else { break };
            jobs = Some(last.id);
            let entities =
                rows.into_iter().map(|row| entity(NodeKind::Job, row.doc.namespace, row.doc.name));
            self.edit(actor, Edit::SetDeleted { entities: entities.collect(), deleted }).await?;
        }
        self.edit(actor, Edit::SetNamespaceDeleted { name: name.to_owned(), deleted }).await
    }
}

/// Returns what an edit is called: the action, the kind of what it is about, and its name.
fn act_of(edit: &Edit) -> (&'static str, &'static str, String) {
    let named = |namespace: &str, name: &str| format!("{namespace} {name}");
    match edit {
        Edit::PutNamespace { name, .. } => ("namespace:edit", "namespace", name.clone()),
        Edit::SetNamespaceDeleted { name, .. } => ("namespace:delete", "namespace", name.clone()),
        Edit::PutSource { name, .. } => ("source:edit", "source", name.clone()),
        Edit::PutTag { name, .. } => ("tag:edit", "tag", name.clone()),
        Edit::PutJob { namespace, name, .. } => ("job:edit", "job", named(namespace, name)),
        Edit::PutDatasets { datasets } => {
            let name = datasets.first().map(|put| named(&put.namespace, &put.name));
            ("dataset:edit", "dataset", name.unwrap_or_default())
        }
        Edit::SetDeleted { entities, .. } => {
            let (action, kind, name) = entities.first().map_or_else(
                || ("dataset:edit", "dataset", String::new()),
                |entity| act_on(entity),
            );
            (if action == "job:edit" { "job:delete" } else { "dataset:delete" }, kind, name)
        }
        Edit::Tag { entity, .. }
        | Edit::Describe { entity, .. }
        | Edit::SetOwners { entity, .. } => act_on(entity),
    }
}

fn act_on(entity: &EntityRef) -> (&'static str, &'static str, String) {
    let name = format!("{} {}", entity.namespace, entity.name);
    match entity.kind {
        NodeKind::Job => ("job:edit", "job", name),
        _ => ("dataset:edit", "dataset", name),
    }
}

/// Counts the bytes of an edit as the log keeps it.
fn bytes_of(record: &EditRecord) -> usize {
    struct Count(usize);
    impl std::io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    // An edit is a struct of texts: it always serialises, and counting never fails.
    drop(serde_json::to_writer(&mut count, record));
    count.0
}

/// Makes one entry of the log for each thing that is edited, so that what one of them said
/// can be removed without the others.
fn apart(edit: Edit) -> Vec<Edit> {
    match edit {
        Edit::PutDatasets { datasets } => {
            datasets.into_iter().map(|put| Edit::PutDatasets { datasets: vec![put] }).collect()
        }
        Edit::SetDeleted { entities, deleted } => entities
            .into_iter()
            .map(|entity| Edit::SetDeleted { entities: vec![entity], deleted })
            .collect(),
        other => vec![other],
    }
}

fn entity(kind: NodeKind, namespace: String, name: String) -> EntityRef {
    EntityRef { kind, namespace, name }
}

/// Checks what an edit names, by the same limits as events.
fn check(edit: &Edit) -> Result<(), FlowError> {
    match edit {
        Edit::PutNamespace { name, .. } | Edit::PutTag { name, .. } => check_name("name", name),
        Edit::PutSource { name, .. } => check_name("name", name),
        Edit::PutDatasets { datasets } => {
            datasets.iter().enumerate().try_for_each(|(i, put)| check_put(i, put))
        }
        Edit::PutJob { namespace, name, inputs, outputs, .. } => {
            check_name("namespace", namespace)?;
            check_name("name", name)?;
            inputs.iter().chain(outputs).try_for_each(|(namespace, name)| {
                check_name("namespace", namespace)?;
                check_name("name", name)
            })
        }
        Edit::Tag { entity, tag, field, .. } => {
            check_name("tag", tag)?;
            field.as_ref().map_or(Ok(()), |field| check_name("field", field))?;
            check_entity(entity)
        }
        Edit::Describe { entity, field, .. } => {
            field.as_ref().map_or(Ok(()), |field| check_name("field", field))?;
            check_entity(entity)
        }
        Edit::SetOwners { entity, .. } => check_entity(entity),
        Edit::SetDeleted { entities, .. } => entities.iter().try_for_each(check_entity),
        Edit::SetNamespaceDeleted { name, .. } => check_name("name", name),
    }
}

fn check_entity(entity: &EntityRef) -> Result<(), FlowError> {
    check_name("namespace", &entity.namespace)?;
    check_name("name", &entity.name)
}

fn check_put(index: usize, put: &DatasetPut) -> Result<(), FlowError> {
    let at = |field: &str| format!("/datasets/{index}/{field}");
    check_name(&at("namespace"), &put.namespace)?;
    check_name(&at("name"), &put.name)?;
    put.source.as_ref().map_or(Ok(()), |source| check_name(&at("source"), source))?;
    let Some(fields) = &put.fields else { return Ok(()) };
    let mut left = COLUMNS_MAX;
    check_fields(&at("fields"), fields, &mut left, COLUMN_DEPTH_MAX)
}

fn check_fields(
    at: &str,
    fields: &[FieldPut],
    left: &mut usize,
    depth: usize,
) -> Result<(), FlowError> {
    if depth == 0 {
        return Err(FlowError::bad(at, format!("must nest at most {COLUMN_DEPTH_MAX} deep")));
    }
    for field in fields {
        *left = left.checked_sub(1).ok_or_else(|| {
            FlowError::bad(at, format!("must hold at most {COLUMNS_MAX} columns"))
        })?;
        check_name(at, &field.name)?;
        check_fields(at, &field.fields, left, depth - 1)?;
    }
    Ok(())
}
