//! Taking access events in: all of a request in one transaction, each once.

use std::collections::{BTreeSet, HashSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::app::App;
use super::super::audit::{Act, Actor};
use super::super::error::FlowError;
use super::super::trust::{Known, Refusal};
use super::read::AccessEvent;
use crate::access::Action;
use crate::base::{DatasetId, Digest, Time};
use crate::db::{AccessRow, Tx};
use crate::lineage::NodeRef;

/// What is kept of an event beside what it is found by.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct AccessDoc {
    pub(super) namespace: String,
    pub(super) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) record: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) fingerprint: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) purpose: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) rows: Option<i64>,
}

/// Whether an event was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenState {
    /// It is kept now.
    New,
    /// It was kept before, or stands in the request twice.
    Known,
}

/// What became of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its id.
    pub id: Uuid,
    /// Whether it was known.
    pub state: TakenState,
    /// The dataset that it was attributed to.
    pub dataset: Uuid,
    /// Whether the catalog knows that dataset.
    pub in_catalog: bool,
    /// Who read it, by reference.
    pub actor: Uuid,
}

impl App {
    /// Decides whether somebody may tell of accesses to these datasets: by the namespaces of all
    /// their names.
    ///
    /// # Errors
    ///
    /// As [`App::enter`]; one namespace that is not allowed refuses them all.
    pub async fn enter_with_accesses(
        &self,
        known: &Known,
        actor: &Actor,
        events: &[AccessEvent],
    ) -> Result<(), Refusal> {
        let ids: BTreeSet<DatasetId> =
            events.iter().map(|event| DatasetId::of(&event.namespace, &event.name)).collect();
        // What is told of one name of a dataset is told of all of them.
        let others = self.db().other_names(&Vec::from_iter(ids)).await?;
        let others = others.iter().map(|row| &row.doc.namespace[..]);
        let namespaces: BTreeSet<&str> =
            events.iter().map(|event| &event.namespace[..]).chain(others).collect();
        self.enter_namespaces(known, actor, Action::AccessEventWrite, namespaces).await
    }

    /// Keeps access events, all or none. An event with the store's own id is known by it within
    /// its namespace; one without, by all that it says.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails, [`FlowError::Internal`] if no keys are open.
    pub async fn take_accesses(
        &self,
        actor: &Actor,
        events: &[AccessEvent],
    ) -> Result<Vec<Taken>, FlowError> {
        let received = self.now();
        let write = async |tx: &mut Tx| {
            let names = events.iter().map(|event| &event.actor[..]).collect();
            let references = self.access_references(tx, names).await?;
            let rows: Vec<AccessRow> = events
                .iter()
                .filter_map(|event| {
                    let reference = references.get(&event.actor[..])?;
                    Some(row(event, reference.id, received))
                })
                .collect();
            let new: HashSet<Uuid> = tx.put_access_events(&rows).await?.into_iter().collect();
            let act = Act::done(Action::AccessEventWrite.as_str()).with("events", new.len());
            let acts = if new.is_empty() { Vec::new() } else { vec![act] };
            Ok(((rows, new), acts))
        };
        let (rows, new) = self.change(actor, write).await?;
        metrics::counter!("lethe_access_events_total").increment(new.len() as u64);
        self.results(&rows, new)
    }

    fn results(&self, rows: &[AccessRow], mut new: HashSet<Uuid>) -> Result<Vec<Taken>, FlowError> {
        self.graph(|graph| {
            let taken = rows.iter().map(|row| Taken {
                id: row.id,
                // The first of two equal ones in a request is the new one.
                state: if new.remove(&row.id) { TakenState::New } else { TakenState::Known },
                dataset: row.dataset,
                in_catalog: graph.contains(&NodeRef::Dataset(DatasetId(row.dataset))),
                actor: row.actor,
            });
            taken.collect()
        })
    }
}

fn row(event: &AccessEvent, actor: Uuid, received_at: Time) -> AccessRow {
    let doc = AccessDoc {
        namespace: event.namespace.clone(),
        name: event.name.clone(),
        record: event.record.clone(),
        fingerprint: event.fingerprint.clone(),
        purpose: event.purpose.clone(),
        rows: event.rows,
    };
    // Structs and lists of texts and numbers always serialise.
    let doc = serde_json::to_string(&doc).unwrap_or_default();
    let columns = match event.columns.is_empty() {
        true => String::new(),
        false => serde_json::to_string(&event.columns).unwrap_or_default(),
    };
    let id = match &event.record {
        Some(record) => {
            Digest::of_parts(&[b"access", event.namespace.as_bytes(), record.as_bytes()])
        }
        // By the reference, never by the name: a digest of a name could be guessed.
        None => Digest::of_parts(&[
            b"access event",
            actor.as_bytes(),
            &event.at.as_micros().to_be_bytes(),
            event.operation.as_str().as_bytes(),
            columns.as_bytes(),
            doc.as_bytes(),
        ]),
    };
    AccessRow {
        id: Uuid::from_bytes(id.0),
        at: event.at,
        received_at,
        dataset: DatasetId::of(&event.namespace, &event.name).0,
        actor,
        operation: event.operation.code(),
        columns,
        doc,
    }
}
