//! Edits, as far as an asker may make them.

use super::super::error::FlowError;
use super::super::ingest::{Accepted, Submission};
use super::answers::{Asker, Target, kind_of};
use crate::access::{Action, Kind, Resource};
use crate::base::{DatasetId, JobId, NodeKind};
use crate::catalog::{DatasetPut, Edit, EntityRef};
use crate::openlineage::{Event, Parsed};

impl Asker {
    /// Makes an edit and waits until it is on disk.
    ///
    /// # Errors
    ///
    /// [`FlowError::Denied`] or [`FlowError::NotFound`] if the asker may not do that to all
    /// that the edit names, else as [`super::super::App::edit`].
    pub async fn edit(&self, edit: Edit) -> Result<Accepted, FlowError> {
        self.must_edit(&edit).await?;
        self.app.edit(self.actor(), edit).await
    }

    /// Deletes a namespace softly, or brings it back, with all its datasets and jobs.
    ///
    /// # Errors
    ///
    /// As [`Self::edit`].
    pub async fn set_namespace_deleted(
        &self,
        name: &str,
        deleted: bool,
    ) -> Result<Accepted, FlowError> {
        self.must_namespace(Action::NamespaceDelete, name).await?;
        self.app.set_namespace_deleted(self.actor(), name, deleted).await
    }

    /// Removes datasets and jobs for good, with every event that names them. Returns the
    /// position of the change.
    ///
    /// # Errors
    ///
    /// As [`Self::edit`].
    pub async fn remove(&self, entities: &[EntityRef]) -> Result<u64, FlowError> {
        for entity in entities {
            self.must_entity((Action::DatasetPurge, Action::JobPurge), entity).await?;
        }
        self.app.remove(self.actor(), entities).await
    }

    /// Takes an event that says something of a job's run, as somebody wrote it by hand.
    ///
    /// # Errors
    ///
    /// As [`Self::edit`].
    pub async fn write_run(&self, parsed: Parsed) -> Result<Accepted, FlowError> {
        let Event::Run(event) = &parsed.event else {
            return Err(FlowError::bad("event", "must be about a run"));
        };
        let (namespace, name) = (event.job.namespace.clone(), event.job.name.clone());
        let entity = EntityRef { kind: NodeKind::Job, namespace, name };
        self.must_entity((Action::RunEdit, Action::RunEdit), &entity).await?;
        self.app.submit(Submission::of(parsed).said_by(self.voice())).await
    }

    async fn must_edit(&self, edit: &Edit) -> Result<(), FlowError> {
        const EDIT: (Action, Action) = (Action::DatasetEdit, Action::JobEdit);
        const TAG: (Action, Action) = (Action::DatasetClassify, Action::JobEdit);
        const DELETE: (Action, Action) = (Action::DatasetDelete, Action::JobDelete);
        self.rights();
        match edit {
            Edit::PutNamespace { name, .. } => {
                self.must_namespace(Action::NamespaceEdit, name).await
            }
            Edit::SetNamespaceDeleted { name, .. } => {
                self.must_namespace(Action::NamespaceDelete, name).await
            }
            Edit::PutSource { .. } => {
                self.must(Action::SourceEdit, Resource::new(Kind::Source)).await
            }
            Edit::PutTag { .. } => self.must(Action::TagWrite, Resource::new(Kind::Tag)).await,
            Edit::PutDatasets { datasets } => {
                for put in datasets {
                    self.must_put(put).await?;
                }
                Ok(())
            }
            Edit::PutJob { namespace, name, .. } => {
                let (namespace, name) = (namespace.clone(), name.clone());
                let job = EntityRef { kind: NodeKind::Job, namespace, name };
                self.must_entity(EDIT, &job).await
            }
            Edit::Tag { entity, .. } => self.must_entity(TAG, entity).await,
            Edit::Describe { entity, .. } | Edit::SetOwners { entity, .. } => {
                self.must_entity(EDIT, entity).await
            }
            Edit::SetDeleted { entities, .. } => {
                for entity in entities {
                    self.must_entity(DELETE, entity).await?;
                }
                Ok(())
            }
        }
    }

    async fn must_namespace(&self, action: Action, name: &str) -> Result<(), FlowError> {
        self.must(action, Resource::new(Kind::Namespace).in_namespace(name)).await
    }

    /// Whoever gives a dataset tags, or columns tags, classifies it too.
    async fn must_put(&self, put: &DatasetPut) -> Result<(), FlowError> {
        let (namespace, name) = (put.namespace.clone(), put.name.clone());
        let entity = EntityRef { kind: NodeKind::Dataset, namespace, name };
        self.must_entity((Action::DatasetEdit, Action::JobEdit), &entity).await?;
        let tagged = put.fields.as_deref().is_some_and(tagged);
        if put.tags.is_empty() && !tagged {
            return Ok(());
        }
        self.must_entity((Action::DatasetClassify, Action::JobEdit), &entity).await
    }

    /// Demands that the asker may do something to a dataset or job. One that is not there
    /// yet is decided on by its namespace.
    async fn must_entity(
        &self,
        (of_dataset, of_job): (Action, Action),
        entity: &EntityRef,
    ) -> Result<(), FlowError> {
        if self.rights().is_none() {
            return Ok(());
        }
        let EntityRef { kind, namespace, name } = entity;
        let (id, class) = match kind {
            NodeKind::Job => {
                let id = JobId::of(namespace, name);
                let row = self.app.db().jobs(&[id]).await?.pop();
                (id.0, row.map(|row| row.class))
            }
            _ => {
                let id = DatasetId::of(namespace, name);
                let row = self.app.db().datasets(&[id]).await?.pop();
                (id.0, row.map(|row| row.class))
            }
        };
        let action = if *kind == NodeKind::Job { of_job } else { of_dataset };
        let kind = kind_of(*kind);
        match class {
            Some(class) => self.must_about(action, class, Target { kind, id, name: "" }).await,
            None => self.must(action, Resource::new(kind).in_namespace(namespace)).await,
        }
    }
}

fn tagged(fields: &[crate::catalog::FieldPut]) -> bool {
    fields.iter().any(|field| !field.tags.is_empty() || tagged(&field.fields))
}
