//! Datasets in Lethe's own words: read, described in bulk, deleted and brought back.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::asked::Asked;
use super::findings::FindingBody;
use super::page::{List, Params, PathOf};
use super::problem::Problem;
use super::resource::{Column, EntityName, Owner, read_json};
use super::submit::with_position;
use crate::base::cursor::Cursor;
use crate::base::limits::BODY_BYTES_MAX;
use crate::base::{DatasetId, NodeKind, Time};
use crate::catalog::{Edit, EntityRef};
use crate::flow::DatasetFull;
use crate::openlineage::DatasetRef;

/// A dataset.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DatasetBody {
    /// Its id.
    id: Uuid,
    /// Its namespace.
    #[schema(example = "postgres://db:5432")]
    namespace: String,
    /// Its name.
    #[schema(example = "shop.public.orders")]
    name: String,
    /// Other names it is known by (symlinks, renames).
    aliases: Vec<EntityName>,
    /// The kind of store it is in.
    #[schema(example = "postgres")]
    platform: String,
    /// TABLE, VIEW, FILE, TOPIC and so on, if known.
    subtype: Option<String>,
    /// The source it lives in.
    source: Option<String>,
    /// What it holds.
    description: Option<String>,
    /// Who owns it.
    owners: Vec<Owner>,
    /// Its tags.
    tags: Vec<String>,
    /// Its columns, nested ones after the one they are in.
    columns: Vec<Column>,
    /// Free properties.
    properties: BTreeMap<String, String>,
    /// The last thing that happened to it as a whole.
    #[schema(example = "CREATE")]
    lifecycle: Option<String>,
    /// The earliest event that named it.
    #[schema(value_type = Option<String>, format = DateTime)]
    created_at: Option<Time>,
    /// The latest event that named it.
    #[schema(value_type = Option<String>, format = DateTime)]
    updated_at: Option<Time>,
    /// When it was last written.
    #[schema(value_type = Option<String>, format = DateTime)]
    written_at: Option<Time>,
    /// How often runs read or wrote it.
    uses: u32,
    /// Whether it is deleted.
    deleted: bool,
    /// What was said of it by somebody whose word does not count for that, and has no effect.
    findings: Vec<FindingBody>,
    /// Its facets as they came.
    #[schema(value_type = BTreeMap<String, Object>)]
    facets: BTreeMap<String, Box<RawValue>>,
}

impl From<DatasetFull> for DatasetBody {
    fn from(full: DatasetFull) -> Self {
        let DatasetFull { id, doc, names, bodies, view, .. } = full;
        let facets = doc.facets.resolved(&bodies);
        let facets =
            facets.into_iter().map(|(name, raw)| (name.to_owned(), raw.to_owned())).collect();
        let others = names.into_iter().filter(|(member, ..)| *member != id);
        let set = doc
            .properties
            .iter()
            .filter_map(|(key, value)| Some((key.clone(), value.value.clone()?)));
        Self {
            id: id.0,
            aliases: others.map(|(_, namespace, name)| EntityName { namespace, name }).collect(),
            platform: DatasetRef::parse(&doc.namespace, &doc.name).platform().to_owned(),
            subtype: view.subtype,
            source: doc.source.as_ref().map(|source| source.value.clone()),
            description: view.description,
            owners: view.owners.into_iter().map(Owner::from).collect(),
            tags: view.tags,
            columns: view.columns.into_iter().map(Column::from).collect(),
            properties: set.collect(),
            lifecycle: doc.lifecycle.as_ref().map(|last| super::resource::word(&last.value)),
            created_at: doc.created,
            updated_at: doc.updated,
            written_at: doc.last_write().map(|last| last.stamp.at),
            uses: doc.uses,
            deleted: doc.is_deleted(),
            facets,
            findings: doc.findings.iter().map(FindingBody::from).collect(),
            namespace: doc.namespace,
            name: doc.name,
        }
    }
}

/// Finds a dataset as the asker may see it.
pub(super) async fn find(http: &Asked, id: Uuid) -> Result<DatasetFull, Problem> {
    let found = http.app.dataset_by_id(DatasetId(id)).await?;
    found.ok_or_else(|| Problem::not_found(&format!("dataset {id}")))
}

/// Gives a dataset by its id, or by the id of any of its names.
#[utoipa::path(get, path = "/api/v1/datasets/{id}", tag = "catalog",
    params(("id" = Uuid, Path, description = "The dataset's id")), responses(
    (status = 200, description = "The dataset", body = DatasetBody),
    (status = 404, description = "No such dataset", body = Problem)))]
pub(super) async fn get(
    http: Asked,
    PathOf(id): PathOf<Uuid>,
) -> Result<Json<DatasetBody>, Problem> {
    Ok(Json(find(&http, id).await?.into()))
}

/// Which datasets are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct DatasetParams {
    /// The namespace.
    #[param(required, min_length = 1, example = "postgres://db:5432")]
    namespace: String,
    /// Only the dataset of this name (or symlink).
    name: Option<String>,
    /// Entries wanted, 1 to 1000; 100 if absent.
    limit: Option<usize>,
    /// Where to go on: the `next` of the page before.
    after: Option<String>,
}

/// Lists the datasets of a namespace by name, or gives the one of a name.
#[utoipa::path(get, path = "/api/v1/datasets", tag = "catalog", params(DatasetParams), responses(
    (status = 200, description = "A page of datasets", body = List<DatasetBody>),
    (status = 400, description = "A parameter is not understood", body = Problem)))]
pub(super) async fn list(
    http: Asked,
    Params(params): Params<DatasetParams>,
) -> Result<Json<List<DatasetBody>>, Problem> {
    if params.namespace.is_empty() {
        return Err(Problem::bad_input("namespace", "must name the namespace to list"));
    }
    if let Some(name) = &params.name {
        let found = http.app.dataset(&params.namespace, name).await?;
        let items = found.into_iter().map(DatasetBody::from).collect();
        return Ok(Json(List { items, next: None }));
    }
    let page = super::page::PageParams { limit: params.limit, after: params.after }.page()?;
    let after = page.after.as_ref().map(|cursor| (cursor.text.as_str(), DatasetId(cursor.id)));
    let rows = http.app.page_datasets(&params.namespace, after, page.limit).await?;
    let last = rows.last().filter(|_| rows.len() == page.limit);
    let next = last.map(|row| {
        let text = crate::base::name::sort_name(&row.doc.name).to_owned();
        Cursor { text, id: row.id.0, ..Cursor::default() }.encode()
    });
    let full = http.app.datasets_full(rows).await?;
    Ok(Json(List { items: full.into_iter().map(DatasetBody::from).collect(), next }))
}

/// Datasets to create or describe.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PutDatasets {
    /// The datasets; up to 1,000.
    datasets: Vec<super::resource::PutDataset>,
}

/// Datasets one request describes at most.
const PUT_DATASETS_MAX: usize = 1_000;

/// Creates or describes datasets in bulk, without any lineage.
///
/// What a dataset leaves out stays as it is. All of the request is kept, or nothing.
#[utoipa::path(put, path = "/api/v1/datasets", tag = "catalog", request_body = PutDatasets, responses(
    (status = 204, description = "They are on disk"),
    (status = 400, description = "A name or schema is not allowed, or the body is not understood", body = Problem),
    (status = 409, description = "Too much would be said of it; the detail says what to do", body = Problem)))]
pub(super) async fn put(http: Asked, body: axum::body::Body) -> Result<Response, Problem> {
    let put: PutDatasets = read_json(body, BODY_BYTES_MAX).await?;
    if put.datasets.len() > PUT_DATASETS_MAX {
        let message =
            format!("must hold at most {PUT_DATASETS_MAX} datasets; send several requests");
        return Err(Problem::bad_input("/datasets", &message));
    }
    let datasets = put.datasets.into_iter().map(Into::into).collect();
    let accepted = http.app.edit(Edit::PutDatasets { datasets }).await?;
    Ok(with_position(accepted.position, StatusCode::NO_CONTENT))
}

/// How a dataset is deleted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct DeleteParams {
    /// For good: with every event that names it. Otherwise it is only hidden, and comes back
    /// with the next event that names it.
    hard: bool,
}

impl DeleteParams {
    pub(super) fn is_hard(&self) -> bool {
        self.hard
    }
}

fn entities(full: &DatasetFull) -> Vec<EntityRef> {
    let names = full.names.iter();
    names
        .map(|(_, namespace, name)| EntityRef {
            kind: NodeKind::Dataset,
            namespace: namespace.clone(),
            name: name.clone(),
        })
        .collect()
}

/// Deletes a dataset, softly or for good.
#[utoipa::path(delete, path = "/api/v1/datasets/{id}", tag = "catalog",
    params(("id" = Uuid, Path, description = "The dataset's id"), DeleteParams), responses(
    (status = 204, description = "It is deleted"),
    (status = 404, description = "No such dataset", body = Problem)))]
pub(super) async fn remove(
    http: Asked,
    PathOf(id): PathOf<Uuid>,
    Params(params): Params<DeleteParams>,
) -> Result<Response, Problem> {
    let full = find(&http, id).await?;
    let entities = entities(&full);
    let position = if params.hard {
        http.app.remove(&entities).await?
    } else {
        let edit = Edit::SetDeleted { entities, deleted: true };
        http.app.edit(edit).await?.position
    };
    Ok(with_position(position, StatusCode::NO_CONTENT))
}

/// Brings a softly deleted dataset back.
#[utoipa::path(post, path = "/api/v1/datasets/{id}/undelete", tag = "catalog",
    params(("id" = Uuid, Path, description = "The dataset's id")), responses(
    (status = 204, description = "It is back"),
    (status = 404, description = "No such dataset", body = Problem)))]
pub(super) async fn undelete(http: Asked, PathOf(id): PathOf<Uuid>) -> Result<Response, Problem> {
    let entities = entities(&find(&http, id).await?);
    let edit = Edit::SetDeleted { entities, deleted: false };
    let accepted = http.app.edit(edit).await?;
    Ok(with_position(accepted.position, StatusCode::NO_CONTENT))
}

/// A schema a dataset had.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SchemaEntry {
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    first: Time,
    /// Until when it was seen.
    #[schema(value_type = String, format = DateTime)]
    last: Time,
    /// Its columns.
    columns: Vec<Column>,
    /// What changed from the schema before.
    #[schema(value_type = Vec<Object>)]
    changes: Vec<crate::catalog::SchemaChange>,
}

/// Lists the schemas a dataset had, the newest first, each with what changed (drift).
#[utoipa::path(get, path = "/api/v1/datasets/{id}/schemas", tag = "catalog",
    params(("id" = Uuid, Path, description = "The dataset's id")), responses(
    (status = 200, description = "The schemas", body = List<SchemaEntry>),
    (status = 404, description = "No such dataset", body = Problem)))]
pub(super) async fn schemas(
    http: Asked,
    PathOf(id): PathOf<Uuid>,
) -> Result<Json<List<SchemaEntry>>, Problem> {
    let full = find(&http, id).await?;
    let history = http.app.schema_history(&full).await?;
    let items = history.into_iter().map(|version| SchemaEntry {
        first: version.first,
        last: version.last,
        columns: version.columns.into_iter().map(Column::from).collect(),
        changes: version.changes,
    });
    Ok(Json(List { items: items.collect(), next: None }))
}
