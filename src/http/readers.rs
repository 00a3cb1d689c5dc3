//! Who read anything that was derived from a dataset.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::access_events::{ActorEntry, cite, cited, purpose_of};
use super::asked::purpose;
use super::caller::Requester;
use super::documents;
use super::page::{PageParams, Params};
use super::problem::Problem;
use super::resource::EntityName;
use super::state::Http;
use crate::base::Time;
use crate::base::cursor::Cursor;
use crate::flow::access_events::{Reader, Readers, ReadersQuestion};
use crate::lineage::Truncated;

/// Readers on a page at most: each costs a look at their columns.
const PAGE_READERS_MAX: usize = 200;

/// Whose readers are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReadersParams {
    /// The dataset: `dataset:{namespace}:{name}`, under any of its names.
    #[param(value_type = documents::DatasetText, inline)]
    of: String,
    /// From this time on.
    #[param(value_type = String, format = DateTime, example = "2026-11-01T00:00:00Z")]
    from: Time,
    /// Before this time; `until` is the same.
    #[param(value_type = String, format = DateTime, example = "2026-12-01T00:00:00Z")]
    #[serde(alias = "until")]
    to: Time,
    /// Whether readers of what was derived from it count too.
    #[serde(default)]
    downstream: bool,
    /// Whether names are unsealed, which is recorded; it takes the header `x-purpose`.
    #[serde(default)]
    names: bool,
    /// Readers wanted, 1 to 200; 100 if absent.
    limit: Option<usize>,
    /// Where to go on: the `next` of the page before.
    after: Option<String>,
}

/// A page of readers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReaderPage {
    /// The readers, nearest first.
    items: Vec<ReaderEntry>,
    /// Pass it as `after` for the next page; null at the end.
    next: Option<String>,
    /// Names of datasets that were looked at.
    #[schema(example = 12)]
    datasets: usize,
    /// Datasets in reach that the asker must not see: their readers are left out.
    hidden: usize,
    /// What the walk along the lineage left out.
    truncated: Truncated,
}

/// Somebody who read a dataset, or exported it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReaderEntry {
    /// Who.
    actor: ActorEntry,
    /// The id of what they read.
    dataset_id: Uuid,
    /// What they read, under the name that the store used.
    dataset: EntityName,
    /// Hops from the dataset that was asked about; 0 for itself.
    #[schema(example = 2)]
    hops: i32,
    /// The dataset before it on a shortest path.
    via: Option<EntityName>,
    /// How often.
    count: i64,
    /// First.
    #[schema(value_type = String, format = DateTime)]
    first: Time,
    /// Last.
    #[schema(value_type = String, format = DateTime)]
    last: Time,
    /// Which columns, as far as they were told and the asker may see them.
    columns: Vec<String>,
    /// Whether there are more.
    more_columns: bool,
}

/// Answers who read a dataset, or anything that was derived from it, between two times.
///
/// Derived counts whatever was ever said, also of what is deleted by now. Reads and exports
/// count, as the stores told them.
#[utoipa::path(get, path = "/api/v1/audit/readers", tag = "access events", params(ReadersParams), responses(
    (status = 200, description = "A page of readers", body = ReaderPage),
    (status = 400, description = "A parameter is not understood", body = Problem),
    (status = 404, description = "No such dataset", body = Problem)))]
pub(super) async fn readers(
    State(http): State<Http>,
    asker: Requester,
    headers: HeaderMap,
    Params(params): Params<ReadersParams>,
) -> Result<Json<ReaderPage>, Problem> {
    let page = PageParams { limit: params.limit, after: params.after }.page()?;
    let after = page.after.map(place).transpose()?;
    let (of, from, until, downstream) = (params.of, params.from, params.to, params.downstream);
    let question = ReadersQuestion { of, from, until, downstream };
    let purpose = purpose(&headers)?;
    let seen = http.app.asker(&asker.known, &asker.actor, purpose).await?;
    let limit = page.limit.min(PAGE_READERS_MAX);
    let found = http.app.readers(&seen, &question, after, limit).await?;
    let Readers { readers, datasets, hidden, truncated, more } = found;
    let next = readers.last().filter(|_| more).map(cursor);
    let purpose = purpose_of(params.names, purpose)?;
    let actors = cite(&http, &asker, readers.iter().map(|one| one.actor), purpose).await?;
    let entry = |reader: Reader| ReaderEntry {
        actor: cited(&actors, reader.actor),
        dataset_id: reader.dataset,
        dataset: EntityName { namespace: reader.namespace, name: reader.name },
        hops: reader.hops,
        via: reader.via.map(|(namespace, name)| EntityName { namespace, name }),
        count: reader.count,
        first: reader.first,
        last: reader.last,
        columns: reader.columns,
        more_columns: reader.more_columns,
    };
    let items = readers.into_iter().map(entry).collect();
    Ok(Json(ReaderPage { items, next, datasets, hidden, truncated }))
}

fn cursor(last: &Reader) -> String {
    let (number, text) = (i64::from(last.hops), last.actor.to_string());
    Cursor { number, text, id: last.dataset, ..Cursor::default() }.encode()
}

fn place(cursor: Cursor) -> Result<(i32, Uuid, Uuid), Problem> {
    let actor = Uuid::try_parse(&cursor.text).ok();
    let place = actor.zip(i32::try_from(cursor.number).ok());
    let place = place.map(|(actor, hops)| (hops, cursor.id, actor));
    place.ok_or_else(|| Problem::bad_input("after", "must be the `next` of a page before"))
}
