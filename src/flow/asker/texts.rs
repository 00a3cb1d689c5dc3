//! Whether texts (SQL, where code is, what runs say in words, events as they came) may be shown
//! to somebody from whom something is hidden: one judgement for all doors.

use std::collections::{BTreeSet, HashSet};

use super::super::error::FlowError;
use super::answers::Asker;
use super::relations::Touched;
use super::spoken::GivesAway;
use crate::base::spoken::tail_of;
use crate::base::{DatasetId, Digest, JobId, NodeKind};

/// Datasets of one job or run whose fields are looked at.
const OWN_MAX: usize = 200;

impl Asker {
    /// Decides which texts may be shown: those of whatever touched only what is seen whole, if
    /// they name nothing else that is not. What touched what is in the texts' order.
    pub(super) async fn showable(
        &self,
        touched: &[Touched],
        texts: &[String],
    ) -> Result<Vec<bool>, FlowError> {
        let related = self.seen_whole(touched).await?;
        let free = self.free_of_hidden(touched, &related, texts).await?;
        Ok(related.into_iter().zip(free).map(|(related, free)| related && free).collect())
    }

    /// Returns of what was touched whether all of it is seen whole.
    pub(super) async fn seen_whole(&self, touched: &[Touched]) -> Result<Vec<bool>, FlowError> {
        let datasets = touched.iter().flat_map(|touched| &touched.datasets).copied().collect();
        let classes = self.classes_of(datasets).await?;
        let jobs: Vec<JobId> = touched.iter().flat_map(|touched| &touched.jobs).copied().collect();
        let hidden_jobs = self.hidden_jobs(&jobs).await?;
        let rights = self.rights();
        let whole = |touched: &Touched| {
            let datasets = rights.as_ref().is_none_or(|rights| {
                let access_class = |id| classes.get(id).copied().unwrap_or_default();
                touched.datasets.iter().all(|id| rights.whole(access_class(id)))
            });
            datasets && touched.jobs.is_disjoint(&hidden_jobs) && !touched.unreadable
        };
        Ok(touched.iter().map(whole).collect())
    }

    /// Returns of texts whether they name nothing that is hidden or masked; `related` tells
    /// whether all that goes with a text is seen whole.
    pub(super) async fn free_of_hidden(
        &self,
        touched: &[Touched],
        related: &[bool],
        texts: &[String],
    ) -> Result<Vec<bool>, FlowError> {
        let given_away = self.given_away(texts, &[]).await?;
        let mut free = Vec::with_capacity(texts.len());
        for ((touched, related), text) in touched.iter().zip(related).zip(given_away) {
            free.push(!text.datasets && self.own_fields(touched, *related, &text).await?);
        }
        Ok(free)
    }

    /// Returns whether fields that are masked somewhere are also fields of what was touched, if
    /// that is seen whole: then these are meant.
    pub(super) async fn own_fields(
        &self,
        touched: &Touched,
        related: bool,
        text: &GivesAway,
    ) -> Result<bool, FlowError> {
        if text.fields.is_empty() || !related {
            return Ok(text.fields.is_empty());
        }
        let ids: Vec<DatasetId> = touched.datasets.iter().copied().take(OWN_MAX).collect();
        let rows = self.app.db().datasets(&ids).await?;
        let full = self.app.datasets_full(rows).await?;
        let columns = full.iter().flat_map(|full| &full.view.columns);
        let own: HashSet<Digest> = columns.filter_map(|column| tail_of(&column.name)).collect();
        Ok(text.fields.iter().all(|field| own.contains(field)))
    }

    /// Returns which of these jobs the asker does not see, those that are not there left out.
    async fn hidden_jobs(&self, ids: &[JobId]) -> Result<BTreeSet<JobId>, FlowError> {
        let rows = self.app.db().jobs(ids).await?;
        self.learn(&rows.iter().map(|row| row.access_class).collect::<Vec<_>>()).await?;
        let hidden = rows.iter().filter(|row| !self.sees(NodeKind::Job, row.access_class));
        Ok(hidden.map(|row| row.id).collect())
    }
}
