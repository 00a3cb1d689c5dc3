//! Listing accesses: by dataset under any of its names, by whom, by time.

use std::collections::{BTreeSet, HashMap};
use std::mem::take;

use uuid::Uuid;

use super::super::app::App;
use super::super::asker::{Asker, Intent};
use super::super::audit::{Act, Actor};
use super::super::error::FlowError;
use super::read::Operation;
use super::take::AccessDoc;
use crate::access::Action;
use crate::base::{DatasetId, Time};
use crate::db::{AccessActorRow, AccessFilter, AccessRow};
use crate::lineage::{NodeRef, Question, Scope, Visibility};

/// An access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: Time,
    /// When it was told.
    pub received_at: Time,
    /// The dataset, as the store named it: id, namespace, name. Nothing if the asker must
    /// not see it.
    pub dataset: Option<(Uuid, String, String)>,
    /// What was done.
    pub operation: Operation,
    /// The columns, without those that the asker must not see; nothing if not told.
    pub columns: Vec<String>,
    /// The store's own id of the record. Nothing, as all that follows but who it was, if the asker
    /// must not see the dataset, or what it says.
    pub record: Option<String>,
    /// The query without its values, or a digest of it.
    pub fingerprint: Option<String>,
    /// What for.
    pub purpose: Option<String>,
    /// How many rows.
    pub rows: Option<i64>,
    /// Who, by reference.
    pub actor: Uuid,
}

/// Which accesses are wanted.
#[derive(Debug, Clone, Default)]
pub struct AccessQuestion {
    /// To this dataset, as a node id.
    pub dataset: Option<String>,
    /// By whom, by reference.
    pub actor: Option<Uuid>,
    /// Of which operation.
    pub operation: Option<Operation>,
    /// At this time or later.
    pub from: Option<Time>,
    /// Before this time.
    pub until: Option<Time>,
}

impl App {
    /// Returns accesses, the latest first, before a place in that order.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is no such dataset.
    pub async fn accesses(
        &self,
        asker: &Asker,
        question: &AccessQuestion,
        before: Option<(Time, Uuid)>,
        limit: usize,
    ) -> Result<Vec<Access>, FlowError> {
        let datasets = match &question.dataset {
            Some(node) => self.all_names_of(dataset_node(asker, node).await?)?,
            None => Vec::new(),
        };
        let filter = AccessFilter {
            datasets,
            actor: question.actor,
            operation: question.operation.map(Operation::code),
            from: question.from,
            until: question.until,
        };
        let rows = self.db().access_events(&filter, before, limit).await?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.dataset).collect();
        let seen: Vec<bool> = asker.graph(Intent::Look, |_, sight| {
            let node = |id: &Uuid| NodeRef::Dataset(DatasetId(*id));
            ids.iter().map(|id| sight(&node(id)) == Visibility::Visible).collect()
        })?;
        let all = rows.into_iter().zip(&seen).map(|(row, seen)| access(row, *seen));
        let mut all = all.collect::<Result<Vec<Access>, FlowError>>()?;
        keep_told(asker, &mut all).await?;
        let fields = all.iter().zip(ids).flat_map(|(access, id)| {
            access.columns.iter().map(move |column| (DatasetId(id), column.clone()))
        });
        asker.note_fields(fields.collect::<Vec<_>>()).await?;
        Ok(all)
    }

    /// Returns a dataset under all its names.
    fn all_names_of(&self, id: DatasetId) -> Result<Vec<Uuid>, FlowError> {
        let alone = Question {
            include_jobs: false,
            scope: Scope { include_deleted: true, ..Scope::default() },
            ..Question::around(NodeRef::Dataset(id), 0, 0)
        };
        let mut names = vec![id.0];
        self.graph(|graph| {
            for node in graph.reach(&alone).nodes {
                names.extend(node.id);
                names.extend(node.aliases);
            }
        })?;
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    /// Returns those who are cited, by reference.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn cited(
        &self,
        actors: impl IntoIterator<Item = Uuid>,
    ) -> Result<HashMap<Uuid, AccessActorRow>, FlowError> {
        let ids: Vec<Uuid> = actors.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        let rows = self.db().access_actors(&ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }

    /// Opens the names of those who are cited. That it was done is recorded first; whether
    /// somebody may is decided before this.
    ///
    /// # Errors
    ///
    /// [`FlowError::Internal`] if a sealed name was changed.
    pub async fn unseal_names(
        &self,
        actor: &Actor,
        purpose: &str,
        cited: &HashMap<Uuid, AccessActorRow>,
    ) -> Result<HashMap<Uuid, String>, FlowError> {
        let act = Act {
            purpose: Some(purpose.to_owned()),
            ..Act::done(Action::AccessEventUnseal.as_str())
        };
        self.record(actor, vec![act.with("names", cited.len())]).await?;
        let rows: Vec<AccessActorRow> = cited.values().cloned().collect();
        self.access_names(&rows).await
    }
}

/// Finds the dataset that a node id means, if the asker sees it.
pub(super) async fn dataset_node(asker: &Asker, text: &str) -> Result<DatasetId, FlowError> {
    match asker.node(Intent::Look, "dataset", text).await? {
        NodeRef::Dataset(id) => Ok(id),
        _ => Err(FlowError::bad("dataset", "must be dataset:{namespace}:{name}")),
    }
}

/// Takes out of accesses to what is seen what the asker may not know: columns that are masked, and
/// texts that name what is hidden.
async fn keep_told(asker: &Asker, all: &mut [Access]) -> Result<(), FlowError> {
    let seen = all.iter_mut().filter_map(|access| Some((id_of(access)?, access)));
    let mut seen: Vec<(DatasetId, &mut Access)> = seen.collect();
    let named = seen.iter_mut().map(|(id, access)| (*id, take(&mut access.columns)));
    let columns = asker.accessed_fields(named.collect())?;
    for ((_, access), columns) in seen.iter_mut().zip(columns) {
        access.columns = columns;
    }
    let texts = seen.iter().flat_map(|(id, access)| {
        let texts = [&access.record, &access.fingerprint, &access.purpose];
        texts.into_iter().flatten().map(move |text| (*id, text.clone()))
    });
    let told = asker.accessed_texts(texts.collect()).await?;
    for (id, access) in seen {
        let how = |text: &str| told.get(&(id, text.to_owned())).copied();
        let unsaid = |text: &mut String| how(text.as_str()).is_none_or(|how| !how.as_words);
        access.record.take_if(unsaid);
        access.purpose.take_if(unsaid);
        access.fingerprint.take_if(|text| how(text.as_str()).is_none_or(|how| !how.as_query));
    }
    Ok(())
}

fn id_of(access: &Access) -> Option<DatasetId> {
    access.dataset.as_ref().map(|(id, ..)| DatasetId(*id))
}

fn access(row: AccessRow, seen: bool) -> Result<Access, FlowError> {
    let doc: AccessDoc = serde_json::from_str(&row.doc)
        .map_err(|error| FlowError::Internal(format!("access event {}: {error}", row.id)))?;
    Ok(Access {
        id: row.id,
        at: row.at,
        received_at: row.received_at,
        dataset: seen.then_some((row.dataset, doc.namespace, doc.name)),
        operation: Operation::from_code(row.operation),
        columns: if seen { columns(&row.columns) } else { Vec::new() },
        record: doc.record.filter(|_| seen),
        fingerprint: doc.fingerprint.filter(|_| seen),
        purpose: doc.purpose.filter(|_| seen),
        rows: doc.rows.filter(|_| seen),
        actor: row.actor,
    })
}

/// Reads a stored list of columns; none if they were not told.
pub(super) fn columns(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_default()
}
