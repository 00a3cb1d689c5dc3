//! `/events/lineage`: what pipelines said, as it came.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{Answer, ApiError, ErrorList};
use super::extract::{PageParams, Params};
use crate::base::Time;
use crate::db::EventFilter;
use crate::http::Http;

/// Marquez's default for `before`: 1 January 2030, in microseconds since 1970.
const BEFORE_DEFAULT_MICROS: i64 = 1_893_456_000_000_000;

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
    params(("before" = Option<String>, Query, description = "Before this time; 2030-01-01T00:00:00+00:00 if not said"),
        ("after" = Option<String>, Query, description = "At or after this time; 1970-01-01T00:00:00+00:00 if not said"),
        ("sortDirection" = Option<String>, Query, description = "desc (if not said) or asc"), PageParams),
    responses((status = 200, body = EventsDto, example = json!({"events": [{
            "eventType": "START", "eventTime": "2020-02-22T22:42:42Z",
            "run": {"runId": "870492da-ecfb-4be0-91b9-9a89ddd3db90"},
            "job": {"namespace": "shop", "name": "load_orders"},
            "producer": "https://example.com/producer"}], "totalCount": 1})),
        (status = 400, body = ErrorList)))]
async fn list_events(State(http): State<Http>, params: Params) -> Answer<EventsDto> {
    let page = params.page()?;
    let descending = params.choice("sortDirection", &[("DESC", true), ("ASC", false)])?;
    let before = params.time("before")?;
    let filter = EventFilter {
        after: params.time("after")?.unwrap_or(Time::from_micros(0)),
        before: before.unwrap_or(Time::from_micros(BEFORE_DEFAULT_MICROS)),
        runs_only: true,
        descending: descending.unwrap_or(true),
    };
    let db = http.app.db();
    let (rows, mut total_count) = db.list_events(filter, page.limit, page.offset).await?;
    if http.settings.marquez_strict {
        (_, total_count) = db.list_events(EventFilter { runs_only: false, ..filter }, 0, 0).await?;
    }
    let raw = |text: String| {
        RawValue::from_string(text).map_err(|error| {
            crate::flow::FlowError::Internal(format!("a stored event is no JSON: {error}")).into()
        })
    };
    let events = rows.into_iter().map(|row| raw(row.raw)).collect::<Result<_, ApiError>>()?;
    Ok(Json(EventsDto { events, total_count }))
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
