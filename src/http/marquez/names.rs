//! Names of datasets by id: always the name that the dataset is shown under.

use std::collections::HashMap;

use super::error::ApiError;
use crate::base::DatasetId;
use crate::flow::Asker;

/// Namespace and name of datasets by the id of any of their names.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<DatasetId, (String, String)>);

impl Names {
    /// Looks names up; ids that nothing is known of are left out.
    pub(super) async fn load(app: &Asker, mut ids: Vec<DatasetId>) -> Result<Self, ApiError> {
        ids.sort_unstable();
        ids.dedup();
        let rows = app.dataset_rows(&ids).await?;
        let mut shown: Vec<DatasetId> = rows
            .iter()
            .map(|row| row.doc.canonical_id())
            .filter(|id| ids.binary_search(id).is_err())
            .collect();
        shown.sort_unstable();
        shown.dedup();
        let mut names = app.dataset_names(&shown).await?;
        let canonical: Vec<(DatasetId, DatasetId)> =
            rows.iter().map(|row| (row.id, row.doc.canonical_id())).collect();
        for row in rows {
            names.insert(row.id, (row.doc.namespace, row.doc.name));
        }
        let named = |(id, shown): (DatasetId, DatasetId)| {
            Some((id, names.get(&shown).or_else(|| names.get(&id))?.clone()))
        };
        Ok(Self(canonical.into_iter().filter_map(named).collect()))
    }

    /// Returns a dataset's namespace and name.
    pub(super) fn get(&self, id: DatasetId) -> Option<(&str, &str)> {
        self.0.get(&id).map(|(namespace, name)| (namespace.as_str(), name.as_str()))
    }
}
