//! What people say of a dataset and its columns, one thing at a time: tags and descriptions.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::asked::Asked;
use super::datasets::find;
use super::page::PathOf;
use super::problem::Problem;
use super::resource::read_json;
use super::submit::with_position;
use crate::base::NodeKind;
use crate::base::limits::BODY_BYTES_MAX;
use crate::catalog::{Edit, EntityRef};

/// What a column holds.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Described {
    /// In words; null gives the word back to the producer.
    #[schema(example = "The address that the customer gave at sign-up")]
    description: Option<String>,
}

/// Puts a tag on a dataset. One that is there already stays.
///
/// It is known without space around it; `restricted:true`, in whatever letters, is `restricted`.
#[utoipa::path(put, path = "/api/v1/datasets/{id}/tags/{tag}", tag = "catalog",
    params(("id" = Uuid, Path, description = "The dataset's id"),
        ("tag" = String, Path, description = "The tag; `class:NAME` names a class of personal data", example = "class:user.contact.email")),
    responses((status = 204, description = "It is on it"),
        (status = 400, description = "The tag is blank, too long, or names no class after `class:`", body = Problem),
        (status = 404, description = "No such dataset", body = Problem),
        (status = 409, description = "Too much would be said of it; the detail says what to do", body = Problem)))]
pub(super) async fn tag(
    http: Asked,
    PathOf((id, tag)): PathOf<(Uuid, String)>,
) -> Result<Response, Problem> {
    mark(&http, id, None, tag, true).await
}

/// Takes a tag off a dataset. One that is not there may be taken off as well.
#[utoipa::path(delete, path = "/api/v1/datasets/{id}/tags/{tag}", tag = "catalog",
    params(("id" = Uuid, Path, description = "The dataset's id"),
        ("tag" = String, Path, description = "The tag", example = "class:user.contact.email")),
    responses((status = 204, description = "It is off"),
        (status = 404, description = "No such dataset", body = Problem)))]
pub(super) async fn untag(
    http: Asked,
    PathOf((id, tag)): PathOf<(Uuid, String)>,
) -> Result<Response, Problem> {
    mark(&http, id, None, tag, false).await
}

/// Puts a tag on a column: `class:NAME` classifies it.
#[utoipa::path(put, path = "/api/v1/datasets/{id}/columns/{column}/tags/{tag}", tag = "catalog",
    params(("id" = Uuid, Path, description = "The dataset's id"),
        ("column" = String, Path, description = "The column; nested ones joined by dots", example = "email"),
        ("tag" = String, Path, description = "The tag; `class:NAME` names a class of personal data", example = "class:user.contact.email")),
    responses((status = 204, description = "It is on it"),
        (status = 400, description = "The tag is blank, too long, or names no class after `class:`", body = Problem),
        (status = 404, description = "No such dataset or column", body = Problem),
        (status = 409, description = "Too much would be said of it; the detail says what to do", body = Problem)))]
pub(super) async fn tag_column(
    http: Asked,
    PathOf((id, column, tag)): PathOf<(Uuid, String, String)>,
) -> Result<Response, Problem> {
    mark(&http, id, Some(column), tag, true).await
}

/// Takes a tag off a column. One that is not there may be taken off as well.
#[utoipa::path(delete, path = "/api/v1/datasets/{id}/columns/{column}/tags/{tag}", tag = "catalog",
    params(("id" = Uuid, Path, description = "The dataset's id"),
        ("column" = String, Path, description = "The column; nested ones joined by dots", example = "email"),
        ("tag" = String, Path, description = "The tag", example = "class:user.contact.email")),
    responses((status = 204, description = "It is off"),
        (status = 404, description = "No such dataset or column", body = Problem)))]
pub(super) async fn untag_column(
    http: Asked,
    PathOf((id, column, tag)): PathOf<(Uuid, String, String)>,
) -> Result<Response, Problem> {
    mark(&http, id, Some(column), tag, false).await
}

/// Says what a column holds. It stands, whatever pipelines say afterwards.
#[utoipa::path(put, path = "/api/v1/datasets/{id}/columns/{column}/description", tag = "catalog",
    params(("id" = Uuid, Path, description = "The dataset's id"),
        ("column" = String, Path, description = "The column; nested ones joined by dots", example = "email")),
    request_body = Described, responses((status = 204, description = "It is on disk"),
        (status = 404, description = "No such dataset or column", body = Problem),
        (status = 409, description = "Too much would be said of it; the detail says what to do", body = Problem)))]
pub(super) async fn describe_column(
    http: Asked,
    PathOf((id, column)): PathOf<(Uuid, String)>,
    body: axum::body::Body,
) -> Result<Response, Problem> {
    let Described { description } = read_json(body, BODY_BYTES_MAX).await?;
    let entity = entity(&http, id, Some(&column)).await?;
    edit(&http, Edit::Describe { entity, field: Some(column), description }).await
}

async fn mark(
    http: &Asked,
    id: Uuid,
    field: Option<String>,
    tag: String,
    on: bool,
) -> Result<Response, Problem> {
    let entity = entity(http, id, field.as_deref()).await?;
    edit(http, Edit::Tag { entity, field, tag, on }).await
}

async fn edit(http: &Asked, edit: Edit) -> Result<Response, Problem> {
    let accepted = http.app.edit(edit).await?;
    Ok(with_position(accepted.position, StatusCode::NO_CONTENT))
}

/// Names the dataset, if it is there to the asker, and has the column.
async fn entity(http: &Asked, id: Uuid, column: Option<&str>) -> Result<EntityRef, Problem> {
    let full = find(http, id).await?;
    if let Some(column) = column
        && !full.view.columns.iter().any(|known| known.name == column)
    {
        return Err(Problem::not_found(&format!("column {column}")));
    }
    let (namespace, name) = (full.doc.namespace, full.doc.name);
    Ok(EntityRef { kind: NodeKind::Dataset, namespace, name })
}
