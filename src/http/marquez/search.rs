//! `/search`: datasets and jobs by words, over Lethe's own index.
//!
//! Marquez looks for the text anywhere in names only. The index finds more (columns,
//! descriptions, SQL) and understands its own syntax; text that it cannot read is looked for
//! as it stands. Hits are told with the names that the catalog shows.

use std::collections::HashMap;

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::error::{Answer, ApiError, ErrorList};
use super::extract::Params;
use super::graph::freshen;
use super::node_id::{of_dataset, of_job};
use crate::base::cursor::Page;
use crate::base::limits::{PAGE_MAX, QUERY_BYTES_MAX};
use crate::base::{DatasetId, JobId, NodeKind, Time};
use crate::flow::{Asker, Follower};
use crate::http::Http;
use crate::http::asked::Asked;
use crate::index::{Hit, Query, SearchRequest, SearchResults, Sort};

/// Hits of one answer when the asker names no limit.
const LIMIT_DEFAULT: usize = 10;

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::SearchResults)]
struct SearchDto {
    /// How many were found in all.
    total_count: u64,
    /// The first of them.
    results: Vec<ResultDto>,
}

/// A dataset or job that was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::SearchResult)]
struct ResultDto {
    /// DATASET or JOB.
    #[serde(rename = "type")]
    #[schema(example = "DATASET")]
    kind: &'static str,
    /// Its name.
    name: String,
    /// When anything last spoke of it.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Time,
    /// Its namespace.
    namespace: String,
    /// Its node id.
    #[schema(example = "dataset:shop:public.orders")]
    node_id: String,
}

pub(super) fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(search))
}

/// Search datasets and jobs
#[utoipa::path(get, path = "/api/v1/search", tag = "marquez", operation_id = "marquezSearch",
    params(("q" = String, Query, pattern = "[^\\s]", description = "What to look for"),
        ("filter" = Option<String>, Query, pattern = "^(DATASET|JOB)?$", description = "DATASET or JOB; both if not said"),
        ("sort" = Option<String>, Query, pattern = "^(NAME|UPDATE_AT)?$", description = "NAME or UPDATE_AT; the best first if not said"),
        ("limit" = Option<u64>, Query, description = "Entries wanted; 10 if not said, at most 1000"),
        ("namespace" = Option<String>, Query, description = "Only of this namespace"),
        ("before" = Option<String>, Query, format = Date, description = "Only what changed before this day (YYYY-MM-DD, UTC)"),
        ("after" = Option<String>, Query, format = Date, description = "Only what changed on this day or later")),
    responses((status = 200, body = SearchDto, example = json!({"totalCount": 1, "results": [{
            "type": "DATASET", "name": "public.orders", "updatedAt": "2020-02-22T22:44:02Z",
            "namespace": "shop", "nodeId": "dataset:shop:public.orders"}]})),
        (status = 400, body = ErrorList)))]
async fn search(http: Asked, params: Params) -> Answer<SearchDto> {
    let query = query_of(&params)?;
    let limit = params.number("limit", LIMIT_DEFAULT, PAGE_MAX)?;
    let kinds = [("DATASET", NodeKind::Dataset), ("JOB", NodeKind::Job)];
    let kind = params.choice("filter", &kinds)?;
    let sort = params.choice("sort", &[("NAME", Sort::Name), ("UPDATE_AT", Sort::UpdatedAt)])?;
    freshen(&http.app, Follower::Search).await;
    let found = ask(&http.app, query, kind, sort.unwrap_or_default(), limit).await?;
    let results = write(&http.app, found.hits.into_iter().take(limit).collect()).await?;
    let strict = http.settings.marquez_strict;
    let total_count = if strict { results.len() as u64 } else { found.total };
    Ok(Json(SearchDto { total_count, results }))
}

async fn ask(
    app: &Asker,
    query: Query,
    kind: Option<NodeKind>,
    sort: Sort,
    limit: usize,
) -> Result<SearchResults, ApiError> {
    let request = SearchRequest {
        query,
        kinds: kind.as_slice(),
        sort,
        page: Page::new(Some(limit), None),
        facets: false,
        now: app.now(),
        clearance: None,
        include_deleted: false,
    };
    Ok(app.search(request).await?)
}

/// Puts the query together in the index's own syntax.
fn query_of(params: &Params) -> Result<Query, ApiError> {
    let text = params.required("q")?;
    if text.len() > QUERY_BYTES_MAX {
        let must = format!("must be at most {QUERY_BYTES_MAX} bytes long");
        return Err(ApiError::param("q", &must));
    }
    let words = Query::parse(text).unwrap_or_else(|_| Query::quoted(text));
    let mut filters = String::new();
    if let Some(namespace) = params.text("namespace") {
        filters.push_str(&format!("ns:{} ", quoted(namespace)));
    }
    for (name, bound) in [("after", ">="), ("before", "<")] {
        if let Some(day) = params.text(name) {
            filters.push_str(&format!("updated:{bound}{} ", day_of(name, day)?));
        }
    }
    if filters.is_empty() {
        return Ok(words);
    }
    // The words come last: the last word of a search may be the beginning of one.
    let both = Query::parse(&format!("{filters}{words}"));
    both.map_err(|fault| ApiError::param("q", &fault.message))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn day_of(name: &str, text: &str) -> Result<jiff::civil::Date, ApiError> {
    text.parse().map_err(|_| ApiError::param(name, "must be a date (YYYY-MM-DD)"))
}

/// Tells of hits with what the catalog knows now; those that are gone by now are left out.
async fn write(app: &Asker, hits: Vec<Hit>) -> Result<Vec<ResultDto>, ApiError> {
    let of_kind = |kind| hits.iter().filter(move |hit| hit.kind == kind).map(|hit| hit.id);
    let datasets: Vec<DatasetId> = of_kind(NodeKind::Dataset).map(DatasetId).collect();
    let jobs: Vec<JobId> = of_kind(NodeKind::Job).map(JobId).collect();
    let mut updated: HashMap<Uuid, Option<Time>> = HashMap::new();
    let rows = app.dataset_rows(&datasets).await?;
    for dataset in app.datasets_full(rows).await? {
        updated.insert(dataset.id.0, dataset.doc.updated);
    }
    for row in app.job_rows(&jobs).await? {
        updated.insert(row.id.0, row.doc.updated);
    }
    let result = |hit: Hit| {
        let updated_at = updated.get(&hit.id)?.unwrap_or(Time::MIN);
        let (kind, node_id) = match hit.kind {
            NodeKind::Job => ("JOB", of_job(&hit.namespace, &hit.name)),
            _ => ("DATASET", of_dataset(&hit.namespace, &hit.name)),
        };
        let Hit { namespace, name, .. } = hit;
        Some(ResultDto { kind, name, updated_at, namespace, node_id })
    };
    Ok(hits.into_iter().filter_map(result).collect())
}
