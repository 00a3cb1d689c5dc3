//! Tags put on datasets, their fields and jobs, and taken off again.

use axum::Json;
use axum::extract::OriginalUri;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto_dataset::DatasetDto;
use super::dto_job::JobDto;
use super::error::{Answer, ApiError, ErrorMessage};
use super::examples;
use super::extract::At;
use super::read_datasets::{find_dataset, rewrite_dataset};
use super::read_jobs::{find_job, rewrite_job};
use crate::base::NodeKind;
use crate::catalog::{Edit, EntityRef};
use crate::flow::DatasetFull;
use crate::http::Http;
use crate::http::asked::Asked;

pub(super) fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .routes(routes!(tag_dataset, untag_dataset))
        .routes(routes!(tag_field, untag_field))
        .routes(routes!(tag_job, untag_job))
}

/// Tag a dataset
///
/// A tag that does not exist is created.
#[utoipa::path(post, path = "/api/v1/namespaces/{namespace}/datasets/{dataset}/tags/{tag}",
    tag = "marquez", operation_id = "marquezTagDataset",
    params(("namespace" = String, Path, description = "The namespace's name"),
        ("dataset" = String, Path, description = "The dataset's name, percent-encoded"),
        ("tag" = String, Path, description = "The tag's name")),
    responses((status = 200, body = DatasetDto, example = json!(examples::dataset())),
        (status = 404, body = ErrorMessage),
        (status = 409, description = "Too much would be said of it; the detail says what to do", body = crate::http::Problem)))]
async fn tag_dataset(
    http: Asked,
    At((namespace, name, tag)): At<(String, String, String)>,
) -> Answer<DatasetDto> {
    edit_dataset(&http, &namespace, &name, None, &tag, true).await
}

/// Take a tag off a dataset
#[utoipa::path(delete, path = "/api/v1/namespaces/{namespace}/datasets/{dataset}/tags/{tag}",
    tag = "marquez", operation_id = "marquezUntagDataset",
    params(("namespace" = String, Path, description = "The namespace's name"),
        ("dataset" = String, Path, description = "The dataset's name, percent-encoded"),
        ("tag" = String, Path, description = "The tag's name")),
    responses((status = 200, body = DatasetDto, example = json!(examples::dataset())),
        (status = 404, body = ErrorMessage)))]
async fn untag_dataset(
    http: Asked,
    At((namespace, name, tag)): At<(String, String, String)>,
) -> Answer<DatasetDto> {
    edit_dataset(&http, &namespace, &name, None, &tag, false).await
}

/// Tag a field of a dataset
///
/// The tag's name is written in capitals, as Marquez does; one that does not exist is
/// created.
#[utoipa::path(post,
    path = "/api/v1/namespaces/{namespace}/datasets/{dataset}/fields/{field}/tags/{tag}",
    tag = "marquez", operation_id = "marquezTagField",
    params(("namespace" = String, Path, description = "The namespace's name"),
        ("dataset" = String, Path, description = "The dataset's name, percent-encoded"),
        ("field" = String, Path, description = "The field's name; nested ones joined by dots"),
        ("tag" = String, Path, description = "The tag's name")),
    responses((status = 200, body = DatasetDto, example = json!(examples::dataset())),
        (status = 404, body = ErrorMessage),
        (status = 409, description = "Too much would be said of it; the detail says what to do", body = crate::http::Problem)))]
async fn tag_field(
    http: Asked,
    At((namespace, name, field, tag)): At<(String, String, String, String)>,
) -> Answer<DatasetDto> {
    edit_dataset(&http, &namespace, &name, Some(field), &tag.to_uppercase(), true).await
}

/// Take a tag off a field of a dataset
#[utoipa::path(delete,
    path = "/api/v1/namespaces/{namespace}/datasets/{dataset}/fields/{field}/tags/{tag}",
    tag = "marquez", operation_id = "marquezUntagField",
    params(("namespace" = String, Path, description = "The namespace's name"),
        ("dataset" = String, Path, description = "The dataset's name, percent-encoded"),
        ("field" = String, Path, description = "The field's name; nested ones joined by dots"),
        ("tag" = String, Path, description = "The tag's name")),
    responses((status = 200, body = DatasetDto, example = json!(examples::dataset())),
        (status = 404, body = ErrorMessage)))]
async fn untag_field(
    http: Asked,
    At((namespace, name, field, tag)): At<(String, String, String, String)>,
) -> Answer<DatasetDto> {
    let dataset = find_dataset(&http, &namespace, &name).await?;
    let tag = spelled(&dataset, &field, &tag);
    edit_dataset(&http, &namespace, &name, Some(field), &tag, false).await
}

/// Returns a field's tag as it is spelled there: producers' tags need not be in capitals.
fn spelled(dataset: &DatasetFull, field: &str, tag: &str) -> String {
    let column = dataset.view.columns.iter().find(|column| column.name == field);
    let tags = column.map(|column| column.tags.as_slice()).unwrap_or_default();
    let capitals = tag.to_uppercase();
    let known = tags.iter().find(|known| known.to_uppercase() == capitals);
    known.cloned().unwrap_or(capitals)
}

async fn edit_dataset(
    http: &Asked,
    namespace: &str,
    name: &str,
    field: Option<String>,
    tag: &str,
    on: bool,
) -> Answer<DatasetDto> {
    let dataset = find_dataset(http, namespace, name).await?;
    if let Some(field) = &field
        && !dataset.view.columns.iter().any(|column| column.name == *field)
    {
        return Err(ApiError::field_not_found(field, name));
    }
    let (namespace, name) = (dataset.doc.namespace, dataset.doc.name);
    let entity =
        EntityRef { kind: NodeKind::Dataset, namespace: namespace.clone(), name: name.clone() };
    let edit = Edit::Tag { entity, field, tag: tag.to_owned(), on };
    http.app.edit(edit).await?;
    Ok(Json(rewrite_dataset(http, &namespace, &name).await?))
}

/// Tag a job
///
/// A tag that does not exist is created.
#[utoipa::path(post, path = "/api/v1/namespaces/{namespace}/jobs/{job}/tags/{tag}",
    tag = "marquez", operation_id = "marquezTagJob",
    params(("namespace" = String, Path, description = "The namespace's name"),
        ("job" = String, Path, description = "The job's name, percent-encoded"),
        ("tag" = String, Path, description = "The tag's name")),
    responses((status = 200, body = JobDto, example = json!(examples::job())),
        (status = 404, body = ErrorMessage),
        (status = 409, description = "Too much would be said of it; the detail says what to do", body = crate::http::Problem)))]
async fn tag_job(
    http: Asked,
    OriginalUri(uri): OriginalUri,
    At((namespace, name, tag)): At<(String, String, String)>,
) -> Answer<JobDto> {
    edit_job(&http, &uri, (&namespace, &name), tag, true).await
}

/// Take a tag off a job
#[utoipa::path(delete, path = "/api/v1/namespaces/{namespace}/jobs/{job}/tags/{tag}",
    tag = "marquez", operation_id = "marquezUntagJob",
    params(("namespace" = String, Path, description = "The namespace's name"),
        ("job" = String, Path, description = "The job's name, percent-encoded"),
        ("tag" = String, Path, description = "The tag's name")),
    responses((status = 200, body = JobDto, example = json!(examples::job())),
        (status = 404, body = ErrorMessage)))]
async fn untag_job(
    http: Asked,
    OriginalUri(uri): OriginalUri,
    At((namespace, name, tag)): At<(String, String, String)>,
) -> Answer<JobDto> {
    edit_job(&http, &uri, (&namespace, &name), tag, false).await
}

async fn edit_job(
    http: &Asked,
    uri: &axum::http::Uri,
    (namespace, name): (&str, &str),
    tag: String,
    on: bool,
) -> Answer<JobDto> {
    let job = find_job(http, uri, namespace, name).await?;
    let entity = EntityRef {
        kind: NodeKind::Job,
        namespace: job.doc.namespace.clone(),
        name: job.doc.name.clone(),
    };
    http.app.edit(Edit::Tag { entity, field: None, tag, on }).await?;
    Ok(Json(rewrite_job(http, job.id, name).await?))
}
