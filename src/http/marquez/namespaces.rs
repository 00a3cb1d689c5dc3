//! Namespaces: listed, described, hidden.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{Answer, ErrorList, ErrorMessage};
use super::extract::{At, Body, Checked, PageParams, Params};
use super::read_namespaces::find_namespace;
use crate::base::Time;
use crate::catalog::{Edit, NamespaceDoc};
use crate::http::Http;
use crate::http::asked::Asked;

/// The owner of a namespace that nobody described.
const OWNER_DEFAULT: &str = "anonymous";

/// A namespace.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::Namespace)]
struct NamespaceDto {
    /// Its name.
    name: String,
    /// When anything first spoke of it.
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    /// When it was last described.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Time,
    /// Who owns it.
    owner_name: String,
    /// What it is.
    description: Option<String>,
    /// Whether it was deleted.
    is_hidden: bool,
}

/// Namespaces.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = marquez::Namespaces)]
struct NamespacesDto {
    /// The namespaces, by name.
    namespaces: Vec<NamespaceDto>,
}

/// What a namespace is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::NamespaceMeta)]
struct NamespaceMeta {
    /// Who owns it.
    #[schema(required = true, nullable = false)]
    owner_name: Option<String>,
    /// What it is.
    description: Option<String>,
}

impl Checked for NamespaceMeta {
    fn missing(&self) -> Vec<&'static str> {
        if self.owner_name.is_none() { vec!["ownerName"] } else { Vec::new() }
    }
}

impl From<NamespaceDoc> for NamespaceDto {
    fn from(doc: NamespaceDoc) -> Self {
        let created_at = doc.created.or(doc.edited).unwrap_or(Time::MIN);
        Self {
            created_at,
            updated_at: doc.edited.unwrap_or(created_at),
            owner_name: doc.owner.as_ref().map_or(OWNER_DEFAULT, |owner| &owner.value).to_owned(),
            is_hidden: doc.is_deleted(),
            description: doc.description.and_then(|text| text.value),
            name: doc.name,
        }
    }
}

pub(super) fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(list_namespaces)).routes(routes!(
        get_namespace,
        put_namespace,
        delete_namespace
    ))
}

/// List namespaces
///
/// Hidden ones are listed too, with `isHidden` set.
#[utoipa::path(get, path = "/api/v1/namespaces", tag = "marquez",
    operation_id = "marquezListNamespaces", params(PageParams),
    responses((status = 200, body = NamespacesDto, example = json!({"namespaces": [example()]})),
        (status = 400, body = ErrorList)))]
async fn list_namespaces(http: Asked, params: Params) -> Answer<NamespacesDto> {
    let page = params.page()?;
    let docs = http.app.list_namespaces(page.limit, page.offset).await?;
    Ok(Json(NamespacesDto { namespaces: docs.into_iter().map(NamespaceDto::from).collect() }))
}

/// Get a namespace
#[utoipa::path(get, path = "/api/v1/namespaces/{namespace}", tag = "marquez",
    operation_id = "marquezGetNamespace",
    params(("namespace" = String, Path, description = "The namespace's name")),
    responses((status = 200, body = NamespaceDto, example = json!(example())),
        (status = 404, body = ErrorMessage)))]
async fn get_namespace(http: Asked, At(name): At<String>) -> Answer<NamespaceDto> {
    Ok(Json(find_namespace(&http, &name).await?.into()))
}

/// Create or describe a namespace
#[utoipa::path(put, path = "/api/v1/namespaces/{namespace}", tag = "marquez",
    operation_id = "marquezPutNamespace",
    params(("namespace" = String, Path, description = "The namespace's name")),
    request_body(content = NamespaceMeta, example = json!({"ownerName": "sales", "description": "Orders"})),
    responses((status = 200, body = NamespaceDto, example = json!(example())),
        (status = 422, body = ErrorList)))]
async fn put_namespace(
    http: Asked,
    At(name): At<String>,
    Body(meta): Body<NamespaceMeta>,
) -> Answer<NamespaceDto> {
    let edit = Edit::PutNamespace {
        name: name.clone(),
        owner: meta.owner_name,
        description: meta.description,
    };
    http.app.edit(edit).await?;
    Ok(Json(find_namespace(&http, &name).await?.into()))
}

/// Delete a namespace softly
///
/// Hides it with all its datasets and jobs. The next event that names one of them brings
/// that one (and the namespace) back. Answers with the namespace as it was.
#[utoipa::path(delete, path = "/api/v1/namespaces/{namespace}", tag = "marquez",
    operation_id = "marquezDeleteNamespace",
    params(("namespace" = String, Path, description = "The namespace's name")),
    responses((status = 200, body = NamespaceDto, example = json!(example())),
        (status = 404, body = ErrorMessage)))]
async fn delete_namespace(http: Asked, At(name): At<String>) -> Answer<NamespaceDto> {
    let before = find_namespace(&http, &name).await?;
    http.app.set_namespace_deleted(&name, true).await?;
    Ok(Json(before.into()))
}

fn example() -> serde_json::Value {
    serde_json::json!({
        "name": "food_delivery",
        "createdAt": "2020-02-22T22:42:42Z",
        "updatedAt": "2020-02-22T22:42:42Z",
        "ownerName": "anonymous",
        "description": null,
        "isHidden": false,
    })
}
