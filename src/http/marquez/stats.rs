//! `/stats`: how many events there were, and how many datasets, jobs and sources there are,
//! hour by hour of a day or day by day of a week.

use axum::Json;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Unit, Zoned};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{Answer, ApiError, ErrorList, ErrorMessage};
use super::extract::Params;
use crate::base::Time;
use crate::db::CountBucket;
use crate::http::Http;
use crate::http::asked::Asked;

/// Hours of the period DAY.
const HOURS: i64 = 24;
/// Days of the period WEEK.
const DAYS: i64 = 7;

/// How many events of each state fell into an interval.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::EventCount)]
struct EventCountDto {
    /// Where the interval starts.
    #[schema(value_type = String, format = DateTime)]
    start_interval: Time,
    /// Where it ends.
    #[schema(value_type = String, format = DateTime)]
    end_interval: Time,
    /// FAIL events.
    fail: i64,
    /// START events.
    start: i64,
    /// COMPLETE events.
    complete: i64,
    /// ABORT events.
    abort: i64,
}

/// How many of something there were at the end of an interval.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::Count)]
struct CountDto {
    /// Where the interval starts.
    #[schema(value_type = String, format = DateTime)]
    start_interval: Time,
    /// Where it ends.
    #[schema(value_type = String, format = DateTime)]
    end_interval: Time,
    /// How many there were.
    count: i64,
}

/// The period that is counted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the parameters; `Params` reads them")]
struct PeriodParams {
    /// DAY (24 hours, hour by hour) or WEEK (7 days, day by day).
    #[param(pattern = "^(DAY|WEEK)$")]
    period: String,
    /// The time zone whose days are counted, such as `Europe/Paris`; WEEK needs it.
    timezone: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Period {
    Day,
    Week,
}

pub(super) fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .routes(routes!(count_events))
        .routes(routes!(count_jobs))
        .routes(routes!(count_datasets))
        .routes(routes!(count_sources))
}

/// Count run events by state
#[utoipa::path(get, path = "/api/v1/stats/lineage-events", tag = "marquez",
    operation_id = "marquezCountEvents", params(PeriodParams),
    responses((status = 200, body = Vec<EventCountDto>, example = json!([{
            "startInterval": "2020-02-22T22:00:00Z", "endInterval": "2020-02-22T23:00:00Z",
            "fail": 0, "start": 2, "complete": 1, "abort": 0}])),
        (status = 400, body = ErrorMessage)))]
async fn count_events(http: Asked, params: Params) -> Answer<Vec<EventCountDto>> {
    let mut counts = Vec::new();
    for (start_interval, end_interval) in intervals_of(&http, &params)? {
        let found = http.app.count_events(start_interval, end_interval).await?;
        counts.push(EventCountDto {
            start_interval,
            end_interval,
            fail: found.fail,
            start: found.start,
            complete: found.complete,
            abort: found.abort,
        });
    }
    Ok(Json(counts))
}

/// Count jobs
///
/// As many as there were at each interval's end.
#[utoipa::path(get, path = "/api/v1/stats/jobs", tag = "marquez",
    operation_id = "marquezCountJobs", params(PeriodParams),
    responses((status = 200, body = Vec<CountDto>, example = json!([{
            "startInterval": "2020-02-22T22:00:00Z", "endInterval": "2020-02-22T23:00:00Z", "count": 13}])),
        (status = 400, body = ErrorList)))]
async fn count_jobs(http: Asked, params: Params) -> Answer<Vec<CountDto>> {
    count(&http, &params, CountBucket::Jobs).await
}

/// Count datasets
///
/// As many as there were at each interval's end.
#[utoipa::path(get, path = "/api/v1/stats/datasets", tag = "marquez",
    operation_id = "marquezCountDatasets", params(PeriodParams),
    responses((status = 200, body = Vec<CountDto>, example = json!([{
            "startInterval": "2020-02-22T22:00:00Z", "endInterval": "2020-02-22T23:00:00Z", "count": 21}])),
        (status = 400, body = ErrorList)))]
async fn count_datasets(http: Asked, params: Params) -> Answer<Vec<CountDto>> {
    count(&http, &params, CountBucket::Datasets).await
}

/// Count sources
///
/// As many as there were at each interval's end.
#[utoipa::path(get, path = "/api/v1/stats/sources", tag = "marquez",
    operation_id = "marquezCountSources", params(PeriodParams),
    responses((status = 200, body = Vec<CountDto>, example = json!([{
            "startInterval": "2020-02-22T22:00:00Z", "endInterval": "2020-02-22T23:00:00Z", "count": 3}])),
        (status = 400, body = ErrorList)))]
async fn count_sources(http: Asked, params: Params) -> Answer<Vec<CountDto>> {
    count(&http, &params, CountBucket::Sources).await
}

async fn count(http: &Asked, params: &Params, what: CountBucket) -> Answer<Vec<CountDto>> {
    let mut counts = Vec::new();
    for (start_interval, end_interval) in intervals_of(http, params)? {
        let count = http.app.count_created(what, end_interval).await?;
        counts.push(CountDto { start_interval, end_interval, count });
    }
    Ok(Json(counts))
}

fn intervals_of(http: &Asked, params: &Params) -> Result<Vec<(Time, Time)>, ApiError> {
    let word = params.text("period").unwrap_or_default();
    let period = match word {
        _ if word.eq_ignore_ascii_case("DAY") => Period::Day,
        _ if word.eq_ignore_ascii_case("WEEK") => Period::Week,
        _ => return Err(ApiError::bad("Invalid period")),
    };
    let zone = match (params.text("timezone"), period) {
        (Some(name), _) => TimeZone::get(name)
            .map_err(|_| ApiError::param("timezone", "must be the name of a time zone"))?,
        (None, Period::Day) => TimeZone::UTC,
        (None, Period::Week) => return Err(ApiError::param("timezone", "must not be null")),
    };
    intervals(http.app.now(), period, zone)
        .ok_or_else(|| ApiError::bad("The period reaches beyond what time can be told"))
}

/// Cuts the last 24 hours, or the last 7 days of a time zone, into hours or days; the last
/// interval is the one that `now` falls in.
fn intervals(now: Time, period: Period, zone: TimeZone) -> Option<Vec<(Time, Time)>> {
    let now = Timestamp::from_microsecond(now.as_micros()).ok()?.to_zoned(zone);
    let edge = |back: i64| match period {
        Period::Day => {
            let hour = now
                .round(jiff::ZonedRound::new().smallest(Unit::Hour).mode(jiff::RoundMode::Trunc))
                .ok()?;
            hour.checked_sub(back.hours()).ok()
        }
        Period::Week => now.checked_sub(back.days()).ok()?.start_of_day().ok(),
    };
    let time = |zoned: &Zoned| Time::from_micros(zoned.timestamp().as_microsecond());
    let count = if period == Period::Day { HOURS } else { DAYS };
    let edges: Option<Vec<Time>> = (-1..count).rev().map(|back| Some(time(&edge(back)?))).collect();
    Some(edges?.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(now: &str, period: Period, zone: &str) -> Vec<(String, String)> {
        let zone = TimeZone::get(zone).unwrap();
        let all = intervals(Time::parse(now).unwrap(), period, zone).unwrap();
        all.iter().map(|(start, end)| (start.to_string(), end.to_string())).collect()
    }

    #[test]
    fn a_day_is_24_hours_up_to_the_present_one() {
        let hours = cut("2026-03-01T10:30:00Z", Period::Day, "UTC");
        assert_eq!(hours.len(), 24);
        assert_eq!(hours[0].0, "2026-02-28T11:00:00Z");
        assert_eq!(hours[23], ("2026-03-01T10:00:00Z".into(), "2026-03-01T11:00:00Z".into()));
    }

    #[test]
    fn a_week_is_7_days_of_the_zone_also_when_clocks_change() {
        let days = cut("2026-03-30T10:30:00Z", Period::Week, "Europe/Paris");
        assert_eq!(days.len(), 7);
        assert_eq!(days[0].0, "2026-03-23T23:00:00Z");
        // The day on which clocks went forward has 23 hours.
        assert_eq!(days[5], ("2026-03-28T23:00:00Z".into(), "2026-03-29T22:00:00Z".into()));
        assert_eq!(days[6], ("2026-03-29T22:00:00Z".into(), "2026-03-30T22:00:00Z".into()));
    }

    #[test]
    fn hours_of_half_hour_zones_begin_on_their_hour() {
        let hours = cut("2026-03-01T10:10:00Z", Period::Day, "Asia/Kolkata");
        assert_eq!(hours[23].0, "2026-03-01T09:30:00Z");
    }
}
