//! `/events/lineage`: what pipelines said, as it came.

use axum::Json;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{Answer, ApiError, ErrorList};
use super::extract::{PageParams, Paging, Params};
use crate::base::Time;
use crate::db::{EventFilter, EventRow};
use crate::flow::FlowError;
use crate::http::Http;
use crate::http::asked::Asked;

/// Marquez's default for `before`: 1 January 2030, in microseconds since 1970.
const BEFORE_DEFAULT_MICROS: i64 = 1_893_456_000_000_000;
/// Bytes of events at which a page ends, however many were asked for.
const PAGE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Events that are read at a time; these few may go beyond [`PAGE_BYTES_MAX`].
const AT_ONCE: usize = 50;

/// Events.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::Events)]
struct EventsDto {
    /// The events, by time.
    #[schema(value_type = Vec<Object>)]
    events: Vec<Box<RawValue>>,
    /// How many there are in all.
    total_count: i64,
    /// What is left out because the answer would be too large; absent if nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    truncated: Option<EventsTruncated>,
}

/// What a page of events leaves out; Marquez has no word for it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::EventsTruncated)]
struct EventsTruncated {
    /// Events of the page that are left out at its end.
    left_out: i64,
}

pub(super) fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(list_events))
}

/// List run events
///
/// Those of a span of time, the latest first unless asked otherwise. Events about jobs and
/// datasets alone are not among them.
#[utoipa::path(get, path = "/api/v1/events/lineage", tag = "marquez",
    operation_id = "marquezListEvents",
    params(("before" = Option<String>, Query, format = DateTime, description = "Before this time; 2030-01-01T00:00:00+00:00 if not said"),
        ("after" = Option<String>, Query, format = DateTime, description = "At or after this time; 1970-01-01T00:00:00+00:00 if not said"),
        ("sortDirection" = Option<String>, Query, pattern = "^(desc|asc)?$", description = "desc (if not said) or asc"), PageParams),
    responses((status = 200, body = EventsDto, example = json!({"events": [{
            "eventType": "START", "eventTime": "2020-02-22T22:42:42Z",
            "run": {"runId": "870492da-ecfb-4be0-91b9-9a89ddd3db90"},
            "job": {"namespace": "shop", "name": "load_orders"},
            "producer": "https://example.com/producer"}], "totalCount": 1})),
        (status = 400, body = ErrorList)))]
async fn list_events(http: Asked, params: Params) -> Answer<EventsDto> {
    let page = params.page()?;
    let descending = params.choice("sortDirection", &[("DESC", true), ("ASC", false)])?;
    let before = params.time("before")?;
    let filter = EventFilter {
        after: params.time("after")?.unwrap_or(Time::from_micros(0)),
        before: before.unwrap_or(Time::from_micros(BEFORE_DEFAULT_MICROS)),
        runs_only: true,
        descending: descending.unwrap_or(true),
    };
    let (rows, total_count) = read(&http, filter, page).await?;
    let left_out = rows.left_out;
    let raw = |row: EventRow| {
        RawValue::from_string(row.raw).map_err(|error| {
            FlowError::Internal(format!("a stored event is no JSON: {error}")).into()
        })
    };
    let events = rows.events.into_iter().map(raw).collect::<Result<_, ApiError>>()?;
    let truncated = (left_out > 0).then_some(EventsTruncated { left_out });
    Ok(Json(EventsDto { events, total_count, truncated }))
}

/// A page of events, as far as it may be held in memory.
struct EventPage {
    events: Vec<EventRow>,
    left_out: i64,
}

/// Reads a page of events, some at a time: each may have megabytes.
async fn read(
    http: &Asked,
    filter: EventFilter,
    page: Paging,
) -> Result<(EventPage, i64), ApiError> {
    let (mut events, found) =
        http.app.list_events(filter, page.limit.min(AT_ONCE), page.offset).await?;
    let rest = usize::try_from(found).unwrap_or(0).saturating_sub(page.offset);
    let wanted = page.limit.min(rest);
    let mut bytes: usize = events.iter().map(|event| event.raw.len()).sum();
    while let Some(last) = events.last().filter(|_| events.len() < wanted && bytes < PAGE_BYTES_MAX)
    {
        let limit = AT_ONCE.min(wanted - events.len());
        let (more, _) = http.app.page_events(filter, Some(last.id), limit).await?;
        if more.is_empty() {
            break;
        }
        bytes += more.iter().map(|event| event.raw.len()).sum::<usize>();
        events.extend(more);
    }
    let total_count = if http.settings.marquez_strict {
        http.app.list_events(EventFilter { runs_only: false, ..filter }, 0, 0).await?.1
    } else {
        found
    };
    let left_out = i64::try_from(wanted.saturating_sub(events.len())).unwrap_or(i64::MAX);
    Ok((EventPage { events, left_out }, total_count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_end_is_marquezs() {
        let end = Time::from_micros(BEFORE_DEFAULT_MICROS);
        assert_eq!(end.to_string(), "2030-01-01T00:00:00Z");
    }
}
