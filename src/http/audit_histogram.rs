//! How many records of the audit log there are, over time.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::audit_filter::{Filter, FilterParams, outcome_word};
use super::caller::Requester;
use super::page::Params;
use super::problem::Problem;
use super::state::Http;
use crate::base::Time;
use crate::db::{AuditPart, AuditWidth};

/// Without a beginning, a histogram goes back so many buckets.
const BUCKETS_DEFAULT: i64 = 168;

/// What is counted by what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct HistogramParams {
    /// How wide the buckets are: `hour` (if absent) or `day`.
    #[serde(default)]
    #[param(inline)]
    by: WidthParam,
    /// What they are split by: `outcome` (if absent) or `action`.
    #[serde(default)]
    #[param(inline)]
    split: PartParam,
}

/// How wide buckets are.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum WidthParam {
    /// An hour.
    #[default]
    Hour,
    /// A day (UTC).
    Day,
}

/// What buckets are split by.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum PartParam {
    /// How acts ended.
    #[default]
    Outcome,
    /// What was done.
    Action,
}

/// A histogram.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Histogram {
    /// From this time on.
    #[schema(value_type = String, format = DateTime)]
    from: Time,
    /// Before this time.
    #[schema(value_type = String, format = DateTime)]
    until: Time,
    /// Counts in order of time; what there is none of is left out.
    items: Vec<Count>,
}

/// Records of one kind in one bucket.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Count {
    /// When the bucket begins.
    #[schema(value_type = String, format = DateTime)]
    at: Time,
    /// How they ended, or what was done.
    #[schema(example = "denied")]
    part: String,
    /// How many.
    count: i64,
}

/// Counts records by hour or day, at most 750 buckets.
#[utoipa::path(get, path = "/api/v1/audit/histogram", tag = "audit", params(FilterParams, HistogramParams), responses(
    (status = 200, description = "The counts", body = Histogram),
    (status = 400, description = "A parameter is not understood, or there are too many buckets", body = Problem)))]
pub(super) async fn histogram(
    State(http): State<Http>,
    asker: Requester,
    Filter(filter): Filter,
    Params(params): Params<HistogramParams>,
) -> Result<Json<Histogram>, Problem> {
    let width = match params.by {
        WidthParam::Hour => AuditWidth::Hour,
        WidthParam::Day => AuditWidth::Day,
    };
    let part = match params.split {
        PartParam::Outcome => AuditPart::Outcome,
        PartParam::Action => AuditPart::Action,
    };
    let mut filter = filter.read(&http, &asker).await?;
    let until = *filter.until.get_or_insert(http.app.now().plus_micros(1));
    let back = width.micros().saturating_mul(BUCKETS_DEFAULT);
    let from = *filter.from.get_or_insert(until.plus_micros(-back));
    let counted = http.app.audit_histogram(&filter, width, part).await?;
    let count = |(at, part, count): (Time, String, i64)| {
        let part = match params.split {
            PartParam::Outcome => outcome_word(&part).to_owned(),
            PartParam::Action => part,
        };
        Count { at, part, count }
    };
    Ok(Json(Histogram { from, until, items: counted.into_iter().map(count).collect() }))
}
