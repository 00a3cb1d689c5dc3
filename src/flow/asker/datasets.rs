//! Datasets, as an asker may see them.

use std::collections::HashMap;

use super::super::error::FlowError;
use super::answers::{Asker, Target};
use super::read::{DatasetFull, DatasetVersion, Names, SchemaVersion};
use super::redact::{self, Hidden};
use crate::access::{Action, Kind};
use crate::base::{DatasetId, Digest, NodeKind};
use crate::catalog::{ColumnView, Finding};
use crate::db::DatasetRow;
use crate::lineage::NodeRef;

impl Asker {
    /// Returns a dataset by any of its names; deleted ones too.
    ///
    /// # Errors
    ///
    /// As [`Self::dataset_by_id`].
    pub async fn dataset(
        &self,
        namespace: &str,
        name: &str,
    ) -> Result<Option<DatasetFull>, FlowError> {
        self.dataset_by_id(DatasetId::of(namespace, name)).await
    }

    /// Returns a dataset by the id of any of its names; deleted ones too. That its fields of
    /// personal data were shown is recorded.
    ///
    /// # Errors
    ///
    /// [`FlowError::Denied`] if the asker knows of it but may not read it,
    /// [`FlowError::Db`] if the database fails.
    pub async fn dataset_by_id(&self, id: DatasetId) -> Result<Option<DatasetFull>, FlowError> {
        self.rights();
        let Some((shown, access_class)) = self.app.db().dataset_access(id).await? else {
            let target = Target { kind: Kind::Dataset, id: id.0, name: "" };
            self.as_if_hidden(Action::DatasetRead, target).await?;
            return Ok(None);
        };
        let target = Target { kind: Kind::Dataset, id: shown.0, name: "" };
        if !self.may_see(Action::DatasetRead, access_class, target).await? {
            return Ok(None);
        }
        let Some(row) = self.app.db().datasets(&[id]).await?.pop() else { return Ok(None) };
        // Marked since: it is not shown by what was decided before.
        if row.access_class != access_class
            && !self.may_see(Action::DatasetRead, row.access_class, target).await?
        {
            return Ok(None);
        }
        let full = self.app.datasets_full(vec![row]).await?.pop();
        let Some(mut full) = full.map(|full| self.redacted(full)) else { return Ok(None) };
        self.keep_seen_findings(std::slice::from_mut(&mut full)).await?;
        self.note_personal(std::slice::from_ref(&full)).await?;
        Ok(Some(full))
    }

    /// Joins dataset names to the datasets they are, in the order given, without those that
    /// the asker does not see.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn datasets_full(
        &self,
        mut rows: Vec<DatasetRow>,
    ) -> Result<Vec<DatasetFull>, FlowError> {
        self.learn(&rows.iter().map(|row| row.access_class).collect::<Vec<_>>()).await?;
        self.rights();
        rows.retain(|row| self.sees(NodeKind::Dataset, row.access_class));
        let full = self.app.datasets_full(rows).await?;
        let mut full: Vec<DatasetFull> = full.into_iter().map(|full| self.redacted(full)).collect();
        self.keep_seen_findings(&mut full).await?;
        self.note_personal(&full).await?;
        Ok(full)
    }

    /// Returns names of datasets by id, without those that the asker does not see.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn dataset_rows(&self, ids: &[DatasetId]) -> Result<Vec<DatasetRow>, FlowError> {
        self.rights();
        let mut rows = self.app.db().datasets(ids).await?;
        self.learn(&rows.iter().map(|row| row.access_class).collect::<Vec<_>>()).await?;
        rows.retain(|row| self.sees(NodeKind::Dataset, row.access_class));
        Ok(rows)
    }

    /// Returns the names of those datasets that the asker sees.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn dataset_names(&self, ids: &[DatasetId]) -> Result<Names, FlowError> {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        let rows = self.dataset_rows(&ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, (row.doc.namespace, row.doc.name))).collect())
    }

    /// Returns a page of a dataset's versions, the newest first, and how many there are.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn dataset_versions(
        &self,
        dataset: &DatasetFull,
        limit: usize,
        offset: usize,
    ) -> Result<(Vec<DatasetVersion>, usize), FlowError> {
        self.app.dataset_versions(dataset, limit, offset).await
    }

    /// Returns one version of a dataset.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn dataset_version(
        &self,
        dataset: &DatasetFull,
        version: uuid::Uuid,
    ) -> Result<Option<DatasetVersion>, FlowError> {
        self.app.dataset_version(dataset, version).await
    }

    /// Returns the schemas a dataset had, the newest first, each with what it changed.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn schema_history(
        &self,
        dataset: &DatasetFull,
    ) -> Result<Vec<SchemaVersion>, FlowError> {
        let mut history = self.app.schema_history(dataset).await?;
        if let Some(hidden) = self.hidden(dataset) {
            for version in &mut history {
                hidden.keep(&mut version.columns);
                version.changes.retain(|change| !hidden.has(change.column()));
            }
        }
        Ok(history)
    }

    /// Returns the columns that schemas of a dataset say.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn schema_columns(
        &self,
        dataset: &DatasetFull,
        digests: &[Digest],
    ) -> Result<HashMap<Digest, Vec<ColumnView>>, FlowError> {
        let mut columns = self.app.schema_columns(digests).await?;
        if let Some(hidden) = self.hidden(dataset) {
            columns.values_mut().for_each(|columns| hidden.keep(columns));
        }
        Ok(columns)
    }

    /// Returns the access classes of datasets: as the graph knows them, else as the database
    /// does. Those that do not exist have none.
    pub(super) async fn classes_of(
        &self,
        ids: Vec<DatasetId>,
    ) -> Result<HashMap<DatasetId, u32>, FlowError> {
        let (mut classes, missing) = self.classes_in_graph(ids, NodeRef::Dataset)?;
        let rows = self.app.db().datasets(&missing).await?;
        classes.extend(rows.into_iter().map(|row| (row.id, row.access_class)));
        self.learn(&classes.values().copied().collect::<Vec<_>>()).await?;
        Ok(classes)
    }

    fn redacted(&self, mut full: DatasetFull) -> DatasetFull {
        if let Some(rights) = self.rights() {
            redact::dataset(&rights, &mut full);
        }
        full
    }

    /// Takes out of findings, and of what a dataset is said to have been called, the names of
    /// datasets that the asker does not see, be they there or not.
    async fn keep_seen_findings(&self, all: &mut [DatasetFull]) -> Result<(), FlowError> {
        if self.rights().is_none_or(|rights| rights.unbounded()) {
            return Ok(());
        }
        let other = |finding: &Finding| {
            let (namespace, name) = finding.other.as_ref()?;
            Some(DatasetId::of(namespace, name))
        };
        let before: Vec<Option<(String, String)>> = all.iter().map(redact::name_before).collect();
        let renamed =
            before.iter().flatten().map(|(namespace, name)| DatasetId::of(namespace, name));
        let found = all.iter().flat_map(|full| full.doc.findings.iter().filter_map(other));
        let named: Vec<DatasetId> = found.chain(renamed).collect();
        let seen = if named.is_empty() { Names::new() } else { self.dataset_names(&named).await? };
        let known =
            |namespace: &str, name: &str| seen.contains_key(&DatasetId::of(namespace, name));
        for (full, before) in all.iter_mut().zip(before) {
            full.doc.findings.name_only(known);
            if !before.is_some_and(|(namespace, name)| known(&namespace, &name)) {
                redact::forget_name_before(full);
            }
        }
        Ok(())
    }

    fn hidden(&self, dataset: &DatasetFull) -> Option<Hidden> {
        let rights = self.rights().filter(|rights| !rights.unbounded())?;
        Some(Hidden::of(&rights, dataset, &[]))
    }
}
