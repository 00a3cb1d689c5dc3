//! Search, as an asker may see it.
//!
//! The index finds by the classes that it knows. What changed for rules since is left out by id,
//! so that counts are right as well; where more changed than is kept apart, the rows of what was
//! found are asked, and what cannot be asked is not told.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use uuid::Uuid;

use super::super::error::FlowError;
use super::super::positions::{Follower, Searched};
use super::answers::Asker;
use super::rights::Rights;
use crate::access::Kind;
use crate::base::cursor::Page;
use crate::base::{DatasetId, JobId, NodeKind, Time};
use crate::catalog::JobDoc;
use crate::flow::follow::Since;
use crate::index::{
    Clearance, Explanation, Hit, IndexError, Query, SearchRequest, SearchResults, Sort,
    SuggestRequest, Suggested, Suggestion,
};

/// Datasets that are looked at for one suggested field.
const FOUND_BY_FIELD_MAX: usize = 100;

/// What may be found, and whether what is found must be looked at again.
pub(super) struct Cleared {
    /// What may be found; everything if nothing is said.
    pub(super) clearance: Option<Arc<Clearance>>,
    /// Whether the index knows all that changed for rules, but for what is taken into account here.
    pub(super) sure: bool,
}

impl Asker {
    /// Returns what the asker may find in the index.
    pub(super) fn cleared(&self) -> Result<Cleared, FlowError> {
        // Before the index is looked at: what changes meanwhile is then in the one or the other.
        let since = self.app.since(Follower::Search, self.seen)?;
        Ok(match self.rights() {
            None => Cleared { clearance: None, sure: true },
            Some(rights) if rights.unbounded() => {
                Cleared { clearance: Some(rights.clearance()), sure: true }
            }
            Some(rights) => {
                let clearance = Some(clearance(&rights, &since));
                Cleared { clearance, sure: since.is_complete() }
            }
        })
    }

    /// Searches what the asker may find.
    ///
    /// # Errors
    ///
    /// [`FlowError::Index`] if the index cannot be read, [`FlowError::Db`] if the database fails.
    pub async fn search(&self, request: SearchRequest<'_>) -> Result<SearchResults, FlowError> {
        let Cleared { clearance, sure } = self.cleared()?;
        let request = SearchRequest { clearance: clearance.as_ref(), ..request };
        let before = self.app.positions().searched();
        let mut found = aside(|| self.app.index().search(&request))?;
        let after = self.app.positions().searched().filter(|after| Some(*after) == before);
        let state = after.map_or(0, Searched::number);
        // The pages that follow are held against the first one.
        let first = request.page.after.as_ref().map_or(state, |cursor| cursor.state);
        found.changed = first != state || (state == 0 && request.page.after.is_some());
        if let Some(next) = &mut found.next {
            next.state = first;
        }
        if !sure {
            let seen = self.seen_among(found.hits.iter().map(|hit| (hit.kind, hit.id))).await?;
            found.hits.retain(|hit| seen.contains(&hit.id));
            (found.total, found.exact) = (found.hits.len() as u64, false);
            found.facets.clear();
        }
        self.note_hits(&found.hits).await?;
        Ok(found)
    }

    /// Notes that hits name personal fields: of a dataset by which it was found, of a job in its SQL.
    async fn note_hits(&self, hits: &[Hit]) -> Result<(), FlowError> {
        if !self.knows_personal()? {
            return Ok(());
        }
        self.note_fields(fields_of(hits)).await?;
        let sql = |hit: &Hit| {
            let found = hit.highlights.iter().filter(|one| one.field == "sql");
            found.map(|one| format!("{}\n", one.fragment)).collect::<String>()
        };
        let jobs = hits.iter().filter(|hit| hit.kind == NodeKind::Job);
        let said: HashMap<JobId, String> = jobs.map(|hit| (JobId(hit.id), sql(hit))).collect();
        let ids: Vec<JobId> =
            said.iter().filter(|(_, sql)| !sql.is_empty()).map(|(id, _)| *id).collect();
        let rows = self.job_rows(&ids).await?;
        let docs: Vec<Option<&JobDoc>> = rows.iter().map(|row| Some(&row.doc)).collect();
        let texts = rows.iter().map(|row| said.get(&row.id).cloned().unwrap_or_default());
        self.note_texts_of_jobs(&docs, texts.collect()).await
    }

    /// Completes what is typed, with what the asker may find.
    ///
    /// # Errors
    ///
    /// As [`Self::search`].
    pub async fn suggest(&self, request: SuggestRequest<'_>) -> Result<Vec<Suggestion>, FlowError> {
        let Cleared { clearance, sure } = self.cleared()?;
        let request = SuggestRequest { clearance: clearance.as_ref(), ..request };
        let mut found = aside(|| self.app.index().suggest(&request))?;
        if !sure {
            let named = found.iter().filter_map(|suggestion| match suggestion.what {
                Suggested::Node(kind, id) => Some((kind, id)),
                Suggested::Value(_) | Suggested::Field => None,
            });
            let seen = self.seen_among(named).await?;
            found.retain(|suggestion| {
                matches!(suggestion.what, Suggested::Node(_, id) if seen.contains(&id))
            });
        }
        self.note_suggested(&found, request.now, request.clearance).await?;
        Ok(found)
    }

    /// Notes that names of personal fields were suggested, for the datasets that are found first by each.
    async fn note_suggested(
        &self,
        found: &[Suggestion],
        now: Time,
        clearance: Option<&Arc<Clearance>>,
    ) -> Result<(), FlowError> {
        if !self.knows_personal()? {
            return Ok(());
        }
        for field in found.iter().filter(|suggestion| suggestion.what == Suggested::Field) {
            let Ok(query) = Query::parse(&field.query) else { continue };
            let request = SearchRequest {
                query,
                kinds: &[NodeKind::Dataset],
                sort: Sort::Relevance,
                page: Page::new(Some(FOUND_BY_FIELD_MAX), None),
                facets: false,
                now,
                clearance,
                include_deleted: false,
            };
            let hits = aside(|| self.app.index().search(&request))?.hits;
            self.note_fields(fields_of(&hits)).await?;
        }
        Ok(())
    }

    /// Explains a hit that the asker may find.
    ///
    /// # Errors
    ///
    /// As [`Self::search`].
    pub async fn explain(
        &self,
        request: SearchRequest<'_>,
        kind: NodeKind,
        id: Uuid,
    ) -> Result<Option<Explanation>, FlowError> {
        let Cleared { clearance, sure } = self.cleared()?;
        let request = SearchRequest { clearance: clearance.as_ref(), ..request };
        let explained = aside(|| self.app.index().explain(&request, kind, id))?;
        let seen = sure || self.seen_among([(kind, id)]).await?.contains(&id);
        let explained = explained.filter(|_| seen);
        if let Some(told) = explained.as_ref().filter(|_| kind != NodeKind::Job)
            && self.knows_personal()?
        {
            let words = told.text.iter().filter(|points| points.field == "field");
            let held = told.clauses.iter().filter(|clause| clause.holds).map(|held| &held.clause);
            let words: Vec<&str> =
                words.map(|points| &points.word).chain(held).map(|w| &w[..]).collect();
            self.note_found(DatasetId(id), &words).await?;
        }
        Ok(explained)
    }

    /// Returns those that the asker sees, by what the database says now.
    async fn seen_among(
        &self,
        found: impl IntoIterator<Item = (NodeKind, Uuid)>,
    ) -> Result<HashSet<Uuid>, FlowError> {
        let (jobs, datasets): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|(kind, _)| *kind == NodeKind::Job);
        let datasets: Vec<DatasetId> = datasets.into_iter().map(|(_, id)| DatasetId(id)).collect();
        let jobs: Vec<JobId> = jobs.into_iter().map(|(_, id)| JobId(id)).collect();
        let datasets = self.dataset_rows(&datasets).await?.into_iter().map(|row| row.id.0);
        let jobs = self.job_rows(&jobs).await?.into_iter().map(|row| row.id.0);
        Ok(datasets.chain(jobs).collect())
    }
}

/// Returns the fields that hits name, by which they were found.
fn fields_of(hits: &[Hit]) -> Vec<(DatasetId, String)> {
    let datasets = hits.iter().filter(|hit| hit.kind == NodeKind::Dataset);
    let fields = datasets
        .flat_map(|hit| hit.matched_fields.iter().map(|field| (DatasetId(hit.id), field.clone())));
    fields.collect()
}

/// Returns what may be found: by class, but for what changed since.
fn clearance(rights: &Rights, since: &Since) -> Arc<Clearance> {
    let mut all = rights.clearance();
    if !since.is_complete() {
        let all = Arc::make_mut(&mut all);
        all.without_columns.clone_from(&all.classes);
        all.without_sql.clone_from(&all.classes);
    }
    let (mut unseen, mut bare) = (Vec::new(), Vec::new());
    for (id, access_class) in since.all() {
        match rights.kind_of(access_class) {
            Some(kind @ (Kind::Dataset | Kind::Job)) if rights.sees(kind, access_class) => {
                if kind == Kind::Job || !rights.whole(access_class) {
                    bare.push(id);
                }
            }
            _ => unseen.push(id),
        }
    }
    if unseen.is_empty() && bare.is_empty() {
        return all;
    }
    unseen.sort_unstable();
    bare.sort_unstable();
    let made = Arc::make_mut(&mut all);
    (made.unseen, made.bare) = (unseen, bare);
    all
}

/// Reads the index, off the threads that wait for others.
fn aside<T>(read: impl FnOnce() -> Result<T, IndexError>) -> Result<T, FlowError> {
    tokio::task::block_in_place(read).map_err(|error| FlowError::Index(error.to_string()))
}
