//! Runs as readers see them: facets, what they read and wrote, by name.

use std::collections::HashMap;

use super::super::super::app::App;
use super::super::super::error::FlowError;
use crate::base::{DatasetId, Digest, RunId};
use crate::catalog::{Bodies, RunDoc};
use crate::db::RunRow;

/// Names of datasets: namespace and name by id.
pub type Names = HashMap<DatasetId, (String, String)>;

/// A run with the bodies of its facets.
#[derive(Debug, Clone)]
pub struct RunFull {
    /// Its id.
    pub id: RunId,
    /// All that is known of it.
    pub doc: RunDoc,
    /// The bodies of its facets and of those of its inputs and outputs.
    pub bodies: Bodies,
}

/// Returns the id of the version that a run makes (or reads) of a dataset, or that a
/// declaration makes. It is the two ids folded together, so that either can be told from it.
#[must_use]
pub fn dataset_version_id(dataset: DatasetId, run: Option<RunId>) -> uuid::Uuid {
    let run = run.map_or(0, |run| run.0.as_u128());
    uuid::Uuid::from_u128(dataset.0.as_u128() ^ run)
}

impl App {
    /// Puts runs together with their facets, in the order given.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub(in crate::flow::asker) async fn runs_full(
        &self,
        rows: Vec<RunRow>,
    ) -> Result<Vec<RunFull>, FlowError> {
        let stored: Vec<Digest> = rows.iter().flat_map(|row| stored_of(&row.doc)).collect();
        let all = self.db().facet_bodies(&stored).await?;
        let full = |row: RunRow| {
            let mine = stored_of(&row.doc).into_iter();
            let bodies = mine.filter_map(|digest| Some((digest, all.get(&digest)?.clone())));
            RunFull { id: row.id, bodies: bodies.collect(), doc: row.doc }
        };
        Ok(rows.into_iter().map(full).collect())
    }
}

fn stored_of(doc: &RunDoc) -> Vec<Digest> {
    let ios = doc.inputs.values().chain(doc.outputs.values());
    doc.facets.stored().chain(ios.flat_map(|io| io.facets.stored())).collect()
}
