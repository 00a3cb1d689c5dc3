//! Refuses edits by which people would have said too much of one thing.

use std::collections::HashMap;

use super::app::App;
use super::error::FlowError;
use crate::base::{DatasetId, Digest, EventId, JobId};
use crate::catalog::{DatasetDoc, EditRecord, JobDoc, OverBound, Received, Voice, fold_edit};

/// Demands that no dataset or job goes over a bound by these edits. Edits of the same thing
/// that are made at the same moment may go over it together, by as much as they say.
///
/// # Errors
///
/// [`FlowError::Conflict`] that names the thing and the bound, and says what to do.
pub(super) async fn check(app: &App, edits: &[EditRecord]) -> Result<(), FlowError> {
    let mut datasets: HashMap<DatasetId, DatasetDoc> = HashMap::new();
    let mut jobs: HashMap<JobId, JobDoc> = HashMap::new();
    for edit in edits {
        let id = EventId::of(edit.event_time, &Digest::of(&[]));
        let received = Received { id, at: edit.event_time, voice: &Voice::default() };
        let delta = fold_edit(edit, received, &|_| true);
        for doc in delta.datasets.into_iter().filter(DatasetDoc::has_bounded) {
            datasets.entry(doc.id()).or_default().join(doc);
        }
        for doc in delta.jobs.into_iter().filter(|doc| !doc.tags.is_empty()) {
            jobs.entry(doc.id()).or_default().join(doc);
        }
    }
    let ids: Vec<DatasetId> = datasets.keys().copied().collect();
    let rows = if ids.is_empty() { Vec::new() } else { app.db().datasets(&ids).await? };
    let mut known: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row.doc)).collect();
    for (id, new) in datasets {
        let name = format!("{} {}", new.namespace, new.name);
        let over = known.remove(&id).unwrap_or_default().bound_over_with(new);
        over.map_or(Ok(()), |over| Err(refusal(&name, over)))?;
    }
    let ids: Vec<JobId> = jobs.keys().copied().collect();
    let rows = if ids.is_empty() { Vec::new() } else { app.db().jobs(&ids).await? };
    let mut known: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row.doc)).collect();
    for (id, new) in jobs {
        let name = format!("{} {}", new.namespace, new.name);
        let over = known.remove(&id).unwrap_or_default().bound_over_with(new);
        over.map_or(Ok(()), |over| Err(refusal(&name, over)))?;
    }
    Ok(())
}

fn refusal(name: &str, OverBound { what, most }: OverBound) -> FlowError {
    FlowError::Conflict(format!(
        "{name} may have at most {most} {what}, those taken off again included: use some that it \
         has or had, or remove it for good and describe it anew"
    ))
}
