//! Edits, as far as an asker may make them.

use super::super::error::FlowError;
use super::super::ingest::{Accepted, Submission};
use super::answers::{Asker, Target, kind_of};
use crate::access::{Action, Kind, Resource};
use crate::base::{DatasetId, JobId, NodeKind, Position, RunId};
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

    /// Deletes a namespace softly, or brings it back, with all its datasets and jobs, each of which
    /// the asker must be allowed to delete.
    ///
    /// # Errors
    ///
    /// As [`Self::edit`]; nothing is changed then.
    pub async fn set_namespace_deleted(
        &self,
        name: &str,
        deleted: bool,
    ) -> Result<Accepted, FlowError> {
        self.must_namespace(Action::NamespaceDelete, name).await?;
        self.must_delete_all_of(name).await?;
        self.app.set_namespace_deleted(self.actor(), name, deleted).await
    }

    /// Removes datasets and jobs for good, with every event that names them. Returns the
    /// position of the change.
    ///
    /// # Errors
    ///
    /// As [`Self::edit`].
    pub async fn remove(&self, entities: &[EntityRef]) -> Result<Position, FlowError> {
        for entity in entities {
            self.must_entity((Action::DatasetPurge, Action::JobPurge), entity).await?;
        }
        self.app.remove(self.actor(), entities).await
    }

    /// Takes an event that says something of a job's run, as somebody wrote it by hand. `chosen` says
    /// whether they chose the run's id, which nothing is known by to them.
    ///
    /// # Errors
    ///
    /// As [`Self::edit`].
    pub async fn write_run(&self, parsed: Parsed, chosen: bool) -> Result<Accepted, FlowError> {
        let Event::Run(event) = &parsed.event else {
            return Err(FlowError::bad("event", "must be about a run"));
        };
        let (namespace, name) = (event.job.namespace.clone(), event.job.name.clone());
        let entity = EntityRef { kind: NodeKind::Job, namespace, name };
        self.must_entity((Action::RunEdit, Action::RunEdit), &entity).await?;
        if chosen {
            self.must_choose().await?;
        }
        self.must_be_of(event.run.id, &entity).await?;
        self.app.submit(Submission::of(parsed).said_by(self.voice())).await
    }

    /// Demands that a run which is known in a job's namespace is that job's.
    async fn must_be_of(&self, run: RunId, job: &EntityRef) -> Result<(), FlowError> {
        let known = self.app.db().runs(&[run, run.within(&job.namespace)]).await?;
        let jobs = known.iter().filter_map(|row| row.doc.job.as_ref());
        let other = jobs.filter(|known| known.namespace == job.namespace && known.name != job.name);
        match other.count() {
            0 => Ok(()),
            _ => Err(FlowError::Conflict(format!("run {run} is of another job"))),
        }
    }

    /// Demands that the asker may choose the id of a run: no run is hidden from them, whatever namespace
    /// it is of, or they could tell from the ids that are taken what is.
    async fn must_choose(&self) -> Result<(), FlowError> {
        let Some(rights) = self.rights().filter(|rights| !rights.sees_all_runs()) else {
            return Ok(());
        };
        let why = "something is hidden from you, so that the id of a run is not yours to choose: leave it out";
        self.deny(Action::RunEdit, &rights.refused(), None).await?;
        Err(FlowError::Denied(why.to_owned()))
    }

    /// Demands that the asker may delete all that is in a namespace: what is done to the whole is done
    /// to each of its parts.
    async fn must_delete_all_of(&self, namespace: &str) -> Result<(), FlowError> {
        if self.rights().is_none() {
            return Ok(());
        }
        let (datasets, jobs) = self.app.db().access_in_namespace(namespace).await?;
        self.learn(&datasets).await?;
        self.learn(&jobs).await?;
        let Some(rights) = self.rights() else { return Ok(()) };
        for (action, classes) in [(Action::DatasetDelete, datasets), (Action::JobDelete, jobs)] {
            for access_class in classes {
                let decision = rights.about(action, action.kind(), access_class);
                if decision.allow {
                    continue;
                }
                // Of what is hidden it is not told which rules are about it.
                let seen = rights.sees(action.kind(), access_class);
                let told = if seen { decision } else { rights.refused() };
                let denied = self.deny(action, &told, None).await?;
                return Err(match denied {
                    FlowError::Denied(why) => {
                        FlowError::Denied(format!("of what is in the namespace: {why}"))
                    }
                    other => other,
                });
            }
        }
        Ok(())
    }

    async fn must_edit(&self, edit: &Edit) -> Result<(), FlowError> {
        const EDIT: (Action, Action) = (Action::DatasetEdit, Action::JobEdit);
        const TAG: (Action, Action) = (Action::DatasetClassify, Action::JobEdit);
        const DELETE: (Action, Action) = (Action::DatasetDelete, Action::JobDelete);
        self.rights();
        match edit {
            Edit::PutNamespace { name, .. } => {
                self.must_namespace(Action::NamespaceEdit, name).await?;
                let seen = self.namespace(name).await?.is_some();
                self.must_know_or_make(Action::NamespaceEdit, seen).await
            }
            Edit::SetNamespaceDeleted { name, .. } => {
                self.must_namespace(Action::NamespaceDelete, name).await
            }
            Edit::PutSource { name, .. } => {
                self.must(Action::SourceEdit, Resource::new(Kind::Source)).await?;
                let seen = self.sees_source_whole(name).await?;
                self.must_know_or_make(Action::SourceEdit, seen).await
            }
            Edit::PutTag { name, .. } => {
                self.must(Action::TagWrite, Resource::new(Kind::Tag)).await?;
                let seen = self.tag(name).await?.is_some();
                self.must_know_or_make(Action::TagWrite, seen).await
            }
            Edit::PutDatasets { datasets } => {
                for put in datasets {
                    self.must_put(put).await?;
                }
                Ok(())
            }
            Edit::PutJob { namespace, name, inputs, outputs, .. } => {
                let (namespace, name) = (namespace.clone(), name.clone());
                let job = EntityRef { kind: NodeKind::Job, namespace, name };
                self.must_entity(EDIT, &job).await?;
                self.must_name(inputs).await?;
                self.must_name(outputs).await
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

    /// Demands of a namespace, source or tag that the asker sees it, or that nothing at all is hidden
    /// from them: else what they may not put would tell them what hidden things use, and what they
    /// may would be put over what they do not see. Both are refused in the same words.
    async fn must_know_or_make(&self, action: Action, seen: bool) -> Result<(), FlowError> {
        let Some(rights) = self.rights().filter(|_| !seen) else { return Ok(()) };
        if !self.is_any_hidden(&rights, None).await? {
            return Ok(());
        }
        self.deny(action, &rights.refused(), None).await?;
        let why = "there is none of that name that you see, and something is hidden from you, so that new ones are not yours to make";
        Err(FlowError::Denied(why.to_owned()))
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
    /// yet, and one that is not there to them, is decided on by its namespace alone.
    async fn must_entity(
        &self,
        (of_dataset, of_job): (Action, Action),
        entity: &EntityRef,
    ) -> Result<(), FlowError> {
        if self.rights().is_none() {
            return Ok(());
        }
        let EntityRef { kind, namespace, name } = entity;
        let (id, access_class) = match kind {
            NodeKind::Job => {
                let id = JobId::of(namespace, name);
                (id.0, self.app.db().job_access(id).await?)
            }
            _ => {
                let id = DatasetId::of(namespace, name);
                (
                    id.0,
                    self.app.db().dataset_access(id).await?.map(|(_, access_class)| access_class),
                )
            }
        };
        self.learn(&access_class.into_iter().collect::<Vec<_>>()).await?;
        let action = if *kind == NodeKind::Job { of_job } else { of_dataset };
        let target = Target { kind: kind_of(*kind), id, name: "" };
        match access_class {
            Some(access_class) if self.sees(*kind, access_class) => {
                self.must_about(action, access_class, target).await
            }
            hidden => self.must_make(action, namespace, hidden.map(|_| target)).await,
        }
    }

    /// Demands that the asker may make something in a namespace: its rules allow that there,
    /// and nothing there is hidden from them. Else they could tell from what they may not make
    /// what is there already; so both are refused in the same words.
    async fn must_make(
        &self,
        action: Action,
        namespace: &str,
        hidden: Option<Target<'_>>,
    ) -> Result<(), FlowError> {
        let Some(rights) = self.rights() else { return Ok(()) };
        let decision = rights
            .decide(action, &Resource::new(action.kind()).in_namespace(namespace).access_class());
        let closed = self.is_any_hidden(&rights, Some(namespace)).await?;
        if decision.allow && !closed && hidden.is_none() {
            return Ok(());
        }
        let refused = if decision.allow { rights.refused() } else { decision };
        Err(self.deny(action, &refused, hidden).await?)
    }

    /// Whoever says what a job reads and writes names datasets: they see them, or may make them.
    async fn must_name(&self, named: &[(String, String)]) -> Result<(), FlowError> {
        for (namespace, name) in named {
            let id = DatasetId::of(namespace, name);
            let access_class =
                self.app.db().dataset_access(id).await?.map(|(_, access_class)| access_class);
            self.learn(&access_class.into_iter().collect::<Vec<_>>()).await?;
            let target = Target { kind: Kind::Dataset, id: id.0, name: "" };
            match access_class {
                Some(access_class) if self.sees(NodeKind::Dataset, access_class) => {}
                hidden => {
                    let hidden = hidden.map(|_| target);
                    self.must_make(Action::DatasetEdit, namespace, hidden).await?;
                }
            }
        }
        Ok(())
    }
}

fn tagged(fields: &[crate::catalog::FieldPut]) -> bool {
    fields.iter().any(|field| !field.tags.is_empty() || tagged(&field.fields))
}
