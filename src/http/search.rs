//! Search, completion, and why a hit is where it is.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::asked::Asked;
use super::documents;
use super::page::Params;
use super::problem::Problem;
use crate::base::{NodeKind, Time};
use crate::index::{
    FacetCounts, Hit, Query, SearchRequest, SearchResults, Sort, SuggestRequest, Suggested,
    Suggestion,
};

/// Suggestions given at most.
const SUGGESTIONS_MAX: usize = 50;

/// How much of a description a hit shows.
const DESCRIPTION_BYTES_MAX: usize = 240;

/// What is searched for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct SearchParams {
    /// The search text: words, `"phrases"`, `-not`, `tag:`, `ns:`, `owner:`, `column:`,
    /// `type:`, `platform:`, `has:`, `updated:>7d`.
    #[param(example = "orders tag:pii")]
    q: String,
    /// `dataset` or `job`; both if absent.
    #[param(value_type = Option<documents::Searched>, inline)]
    kind: Option<String>,
    /// `relevance`, `name` or `updated`.
    #[param(value_type = Option<documents::Sorting>, inline)]
    sort: Option<String>,
    /// Whether facets are counted; true if absent.
    facets: Option<bool>,
    /// Whether deleted things are found too.
    deleted: bool,
    /// Entries wanted, 1 to 1000; 20 if absent.
    #[param(example = 20)]
    limit: Option<usize>,
    /// Where to go on: the `next` of the page before.
    after: Option<String>,
}

fn kinds(word: Option<&str>) -> Result<&'static [NodeKind], Problem> {
    match word {
        None | Some("") => Ok(&[]),
        Some("dataset") => Ok(&[NodeKind::Dataset]),
        Some("job") => Ok(&[NodeKind::Job]),
        Some(_) => Err(Problem::bad_input("kind", "must be dataset or job")),
    }
}

impl SearchParams {
    fn request(&self, http: &Asked) -> Result<SearchRequest<'static>, Problem> {
        let sort = match self.sort.as_deref() {
            None | Some("" | "relevance") => Sort::Relevance,
            Some("name") => Sort::Name,
            Some("updated") => Sort::UpdatedAt,
            Some(_) => {
                return Err(Problem::bad_input("sort", "must be relevance, name or updated"));
            }
        };
        let limit = Some(self.limit.unwrap_or(20));
        let page = super::page::PageParams { limit, after: self.after.clone() }.page()?;
        Ok(SearchRequest {
            query: query(&self.q)?,
            kinds: kinds(self.kind.as_deref())?,
            sort,
            page,
            facets: self.facets.unwrap_or(true),
            now: http.app.now(),
            clearance: None,
            include_deleted: self.deleted,
        })
    }
}

fn query(text: &str) -> Result<Query, Problem> {
    Query::parse(text).map_err(|fault| {
        Problem::bad_input("q", &format!("at byte {}: {}", fault.at, fault.message))
    })
}

/// A piece of text with the places found in it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HighlightBody {
    /// Which text: `name`, `namespace`, `description`, `field` or `sql`.
    #[schema(example = "name")]
    field: &'static str,
    /// The text, or a part of it.
    #[schema(example = "shop.public.orders")]
    fragment: String,
    /// The places found: from and to, in bytes of the fragment's UTF-8.
    #[schema(example = json!([[12, 18]]))]
    ranges: Vec<[usize; 2]>,
}

/// Something found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct HitBody {
    /// `dataset` or `job`.
    #[schema(value_type = String, example = "dataset")]
    kind: NodeKind,
    /// Its id.
    id: Uuid,
    /// Its namespace.
    namespace: String,
    /// Its name.
    name: String,
    /// The beginning of what people wrote about it; null if nothing, or where columns of it are
    /// masked.
    description: Option<String>,
    /// Its tags and those of its columns, twenty of each at most.
    #[schema(example = json!(["gold", "pii"]))]
    tags: Vec<String>,
    /// Its owners, twenty at most.
    owners: Vec<String>,
    /// The system it lives in; null if unknown.
    #[schema(example = "postgres")]
    platform: Option<String>,
    /// What it is there.
    #[schema(example = "TABLE")]
    subtype: Option<String>,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Time,
    /// How well it fits; only comparable within one answer.
    score: f32,
    /// Where the search was found.
    highlights: Vec<HighlightBody>,
    /// The columns that were found.
    matched_columns: Vec<String>,
}

/// How often the values of a facet occur among all that was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FacetBody {
    /// Which facet: `type`, `ns`, `platform`, `subtype`, `tag`, `owner`.
    #[schema(example = "tag")]
    facet: &'static str,
    /// The most frequent values.
    values: Vec<FacetValue>,
    /// How many further values there are.
    more_values: u64,
}

/// A facet's value.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FacetValue {
    /// The value.
    #[schema(example = "pii")]
    value: String,
    /// How many hits have it.
    #[schema(example = 42)]
    count: u64,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SearchBody {
    /// The hits of this page, best first.
    hits: Vec<HitBody>,
    /// How many there are in all.
    total: u64,
    /// Whether `total` is exact.
    exact: bool,
    /// Whether words were taken as misspelt, since too little was found as written.
    mended: bool,
    /// Facets with counts.
    facets: Vec<FacetBody>,
    /// Pass it as `after` for the next page; null at the end.
    next: Option<String>,
    /// The position of the change feed that the index has taken in.
    position: u64,
    /// Whether something changed since the first page: then entries may be missing from the pages,
    /// or stand on two. While nothing changes, pages from any node are whole and without repeats.
    changed: bool,
}

/// Returns as much of a description as a list shows; none of an empty one.
fn beginning(mut text: String) -> Option<String> {
    if text.len() > DESCRIPTION_BYTES_MAX {
        text.truncate(text.floor_char_boundary(DESCRIPTION_BYTES_MAX));
        text.push('…');
    }
    Some(text).filter(|text| !text.is_empty())
}

fn hit(hit: Hit) -> HitBody {
    let highlights = hit.highlights.into_iter().map(|mark| HighlightBody {
        field: mark.field,
        fragment: mark.fragment,
        ranges: mark.ranges.into_iter().map(|range| [range.start, range.end]).collect(),
    });
    HitBody {
        kind: hit.kind,
        id: hit.id,
        namespace: hit.namespace,
        name: hit.name,
        description: beginning(hit.description),
        tags: hit.tags,
        owners: hit.owners,
        platform: Some(hit.platform).filter(|text| !text.is_empty()),
        subtype: hit.subtype,
        updated_at: hit.updated_at,
        score: hit.score,
        highlights: highlights.collect(),
        matched_columns: hit.matched_fields,
    }
}

fn facet(counts: FacetCounts) -> FacetBody {
    let values = counts.values.into_iter().map(|(value, count)| FacetValue { value, count });
    FacetBody {
        facet: counts.facet.as_str(),
        values: values.collect(),
        more_values: counts.more_values,
    }
}

fn body(results: SearchResults) -> SearchBody {
    SearchBody {
        hits: results.hits.into_iter().map(hit).collect(),
        total: results.total,
        exact: results.exact,
        mended: results.mended,
        facets: results.facets.into_iter().map(facet).collect(),
        next: results.next.map(|cursor| cursor.encode()),
        position: results.position,
        changed: results.changed,
    }
}

/// Searches datasets and jobs by name, column, description, tag, owner and SQL.
#[utoipa::path(get, path = "/api/v1/catalog/search", tag = "search", params(SearchParams), responses(
    (status = 200, description = "What was found", body = SearchBody),
    (status = 400, description = "The search text or a parameter is not understood", body = Problem)))]
pub(super) async fn search(
    http: Asked,
    Params(params): Params<SearchParams>,
) -> Result<Json<SearchBody>, Problem> {
    let request = params.request(&http)?;
    Ok(Json(body(http.app.search(request).await?)))
}

/// What is being typed.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct SuggestParams {
    /// What was typed so far.
    #[param(example = "cust")]
    q: String,
    /// Suggestions wanted, 1 to 50; 10 if absent.
    limit: Option<usize>,
}

/// A completion.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SuggestionBody {
    /// What it is: `dataset`, `job`, `column`, or a facet such as `tag`.
    #[schema(example = "dataset")]
    kind: &'static str,
    /// The id, for a dataset or job.
    id: Option<Uuid>,
    /// The text to show.
    #[schema(example = "shop.public.customers")]
    text: String,
    /// The namespace, for a dataset or job.
    namespace: Option<String>,
    /// The search text it stands for.
    #[schema(example = "name:\"shop.public.customers\"")]
    query: String,
    /// How many things it finds.
    count: u64,
}

fn suggestion(found: Suggestion) -> SuggestionBody {
    let (kind, id) = match found.what {
        Suggested::Node(kind, id) => (kind.as_str(), Some(id)),
        Suggested::Value(facet) => (facet.as_str(), None),
        Suggested::Field => ("column", None),
    };
    SuggestionBody {
        kind,
        id,
        text: found.text,
        namespace: found.namespace,
        query: found.query,
        count: found.count,
    }
}

/// Completes what is being typed: names, columns, and values of tags, owners, namespaces.
#[utoipa::path(get, path = "/api/v1/catalog/suggest", tag = "search", params(SuggestParams), responses(
    (status = 200, description = "The completions", body = Vec<SuggestionBody>)))]
pub(super) async fn suggest(
    http: Asked,
    Params(params): Params<SuggestParams>,
) -> Result<Json<Vec<SuggestionBody>>, Problem> {
    if params.q.len() > crate::base::limits::QUERY_BYTES_MAX {
        return Err(Problem::bad_input("q", "is too long"));
    }
    let request = SuggestRequest {
        prefix: &params.q,
        limit: params.limit.unwrap_or(10).clamp(1, SUGGESTIONS_MAX),
        clearance: None,
        now: http.app.now(),
    };
    let found = http.app.suggest(request).await?;
    Ok(Json(found.into_iter().map(suggestion).collect()))
}

/// Of which hit the place is to be explained.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ExplainParams {
    /// The search text.
    #[param(example = "orders tag:pii")]
    q: String,
    /// `dataset` or `job`.
    #[param(value_type = documents::Searched, inline)]
    kind: String,
    /// The hit's id.
    id: Uuid,
}

/// Explains why something was found, or was not, and what its score is made of.
#[utoipa::path(get, path = "/api/v1/catalog/explain", tag = "search", params(ExplainParams), responses(
    (status = 200, description = "The explanation", body = Object),
    (status = 400, description = "The search text is not understood", body = Problem),
    (status = 404, description = "No such dataset or job in the index", body = Problem)))]
pub(super) async fn explain(
    http: Asked,
    Params(params): Params<ExplainParams>,
) -> Result<Json<crate::index::Explanation>, Problem> {
    let kind = match kinds(Some(&params.kind))? {
        [kind] => *kind,
        _ => return Err(Problem::bad_input("kind", "must be dataset or job")),
    };
    let search = SearchParams { q: params.q.clone(), deleted: true, ..SearchParams::default() };
    let request = search.request(&http)?;
    let explained = http.app.explain(request, kind, params.id).await?;
    explained.map(Json).ok_or_else(|| Problem::not_found(&format!("{} {}", params.kind, params.id)))
}
