//! The event log as it came.

use axum::Json;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::asked::Asked;
use super::documents;
use super::page::{List, Params, PathOf};
use super::problem::Problem;
use crate::base::cursor::{Cursor, Page};
use crate::base::{DatasetId, EventId, JobId, Time};
use crate::db::{EntryKind, EventFilter, EventRow};

/// An entry of the event log.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EventEntry {
    /// Its id; the same event always has the same.
    id: Uuid,
    /// Its place in the log.
    #[schema(example = 4711)]
    seq: i64,
    /// `run`, `job`, `dataset` or `edit`.
    #[schema(example = "run")]
    kind: &'static str,
    /// Its own time.
    #[schema(value_type = String, format = DateTime)]
    event_time: Time,
    /// When Lethe received it.
    #[schema(value_type = String, format = DateTime)]
    received_at: Time,
    /// The event as it came, but for insignificant white space.
    #[schema(value_type = Object)]
    event: Box<RawValue>,
}

fn entry(row: EventRow) -> Result<EventEntry, Problem> {
    let event = RawValue::from_string(row.raw)
        .map_err(|error| crate::flow::FlowError::Internal(format!("event {}: {error}", row.seq)))?;
    Ok(EventEntry {
        id: row.id.0,
        seq: row.seq,
        kind: match row.kind {
            EntryKind::Run => "run",
            EntryKind::Job => "job",
            EntryKind::Dataset => "dataset",
            EntryKind::Edit => "edit",
        },
        event_time: row.event_time,
        received_at: row.received_at,
        event,
    })
}

/// Which events are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct EventParams {
    /// Not before this time (of the event itself).
    #[param(value_type = Option<String>, format = DateTime, example = "2026-11-20T00:00:00Z")]
    from: Option<Time>,
    /// Before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Time>,
    /// Only RunEvents.
    runs_only: bool,
    /// `asc` or `desc` (the latest first, the default).
    #[param(value_type = Option<documents::Order>, inline)]
    order: Option<String>,
    /// Only events about the job of this id, the last received first.
    job: Option<Uuid>,
    /// Only DatasetEvents about the dataset of this id, the last received first.
    dataset: Option<Uuid>,
    /// Entries wanted, 1 to 1000; 100 if absent.
    limit: Option<usize>,
    /// Where to go on: the `next` of the page before.
    after: Option<String>,
}

impl EventParams {
    fn page(&self) -> Result<Page, Problem> {
        super::page::PageParams { limit: self.limit, after: self.after.clone() }.page()
    }

    fn descending(&self) -> Result<bool, Problem> {
        match self.order.as_deref().map(str::to_ascii_lowercase).as_deref() {
            None | Some("desc") => Ok(true),
            Some("asc") => Ok(false),
            Some(_) => Err(Problem::bad_input("order", "must be asc or desc")),
        }
    }
}

/// Lists events.
#[utoipa::path(get, path = "/api/v1/events", tag = "events", params(EventParams), responses(
    (status = 200, description = "A page of events", body = List<EventEntry>),
    (status = 400, description = "A parameter is not understood", body = Problem)))]
pub(super) async fn list(
    http: Asked,
    Params(params): Params<EventParams>,
) -> Result<Json<List<EventEntry>>, Problem> {
    let (page, descending) = (params.page()?, params.descending()?);
    let subject = params.job.map(|id| JobId(id).0).or(params.dataset.map(|id| DatasetId(id).0));
    let rows = if let Some(subject) = subject {
        let before = page.after.as_ref().map(|cursor| cursor.number);
        http.app.events_about(subject, before, page.limit).await
    } else {
        let filter = EventFilter {
            after: params.from.unwrap_or(Time::MIN),
            before: params.to.unwrap_or(Time::MAX),
            runs_only: params.runs_only,
            descending,
        };
        let last = page.after.as_ref().map(|cursor| EventId(cursor.id));
        http.app.page_events(filter, last, page.limit).await
    };
    let (rows, last) = rows?;
    let next = last.map(|(number, id)| Cursor { number, id: id.0, ..Cursor::default() }.encode());
    let items = rows.into_iter().map(entry).collect::<Result<_, _>>()?;
    Ok(Json(List { items, next }))
}

/// Gives one event.
#[utoipa::path(get, path = "/api/v1/events/{id}", tag = "events",
    params(("id" = Uuid, Path, description = "The event's id")), responses(
    (status = 200, description = "The event", body = EventEntry),
    (status = 404, description = "No such event", body = Problem)))]
pub(super) async fn get(
    http: Asked,
    PathOf(id): PathOf<Uuid>,
) -> Result<Json<EventEntry>, Problem> {
    let row = http.app.event(EventId(id)).await?;
    row.map(entry).transpose()?.map(Json).ok_or_else(|| Problem::not_found(&format!("event {id}")))
}
