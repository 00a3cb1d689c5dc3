//! Sources: the systems that datasets live in.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{Answer, ApiError, ErrorList, ErrorMessage, Thing};
use super::extract::{At, Body, Checked, PageParams, Params};
use crate::base::Time;
use crate::catalog::{Edit, SourceDoc};
use crate::http::Http;
use crate::http::asked::Asked;

/// The type that Marquez gives every source that events name.
const TYPE_DEFAULT: &str = "POSTGRESQL";

/// A source.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::Source)]
struct SourceDto {
    /// What kind of system it is.
    #[serde(rename = "type")]
    kind: String,
    /// Its name.
    name: String,
    /// When anything first spoke of it.
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    /// When it was last described.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Time,
    /// How to reach it.
    connection_url: String,
    /// What it is.
    description: Option<String>,
}

/// Sources.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = marquez::Sources)]
struct SourcesDto {
    /// The sources, by name.
    sources: Vec<SourceDto>,
}

/// What a source is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::SourceMeta)]
struct SourceMeta {
    /// What kind of system it is.
    #[serde(rename = "type")]
    #[schema(required = true, nullable = false)]
    kind: Option<String>,
    /// How to reach it.
    #[schema(required = true, nullable = false)]
    connection_url: Option<String>,
    /// What it is.
    description: Option<String>,
}

impl Checked for SourceMeta {
    fn missing(&self) -> Vec<&'static str> {
        let kind = self.kind.is_none().then_some("type");
        let url = self.connection_url.is_none().then_some("connectionUrl");
        [kind, url].into_iter().flatten().collect()
    }
}

impl SourceDto {
    fn new(doc: SourceDoc, strict: bool) -> Self {
        let url = doc.url().unwrap_or_default().to_owned();
        let told = doc.kind.map(|kind| kind.value);
        let created_at = doc.created.or(doc.edited).unwrap_or(Time::MIN);
        Self {
            kind: told
                .unwrap_or_else(|| if strict { TYPE_DEFAULT.to_owned() } else { type_of(&url) }),
            name: doc.name,
            created_at,
            updated_at: doc.edited.unwrap_or(created_at),
            connection_url: url,
            description: doc.description.and_then(|text| text.value),
        }
    }
}

/// Tells the type of a source from its URL's scheme, where Marquez says POSTGRESQL of all.
fn type_of(url: &str) -> String {
    let scheme = url.strip_prefix("jdbc:").unwrap_or(url).split_once(':').map(|(scheme, _)| scheme);
    match scheme.filter(|s| !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric())) {
        Some("postgres") | None => TYPE_DEFAULT.to_owned(),
        Some(scheme) => scheme.to_ascii_uppercase(),
    }
}

pub(super) fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(list_sources)).routes(routes!(get_source, put_source))
}

/// List sources
#[utoipa::path(get, path = "/api/v1/sources", tag = "marquez",
    operation_id = "marquezListSources", params(PageParams),
    responses((status = 200, body = SourcesDto, example = json!({"sources": [example()]})),
        (status = 400, body = ErrorList)))]
async fn list_sources(http: Asked, params: Params) -> Answer<SourcesDto> {
    let page = params.page()?;
    let docs = http.app.list_sources(page.limit, page.offset).await?;
    let strict = http.settings.marquez_strict;
    let sources = docs.into_iter().map(|doc| SourceDto::new(doc, strict)).collect();
    Ok(Json(SourcesDto { sources }))
}

/// Get a source
#[utoipa::path(get, path = "/api/v1/sources/{source}", tag = "marquez",
    operation_id = "marquezGetSource",
    params(("source" = String, Path, description = "The source's name")),
    responses((status = 200, body = SourceDto, example = json!(example())),
        (status = 404, body = ErrorMessage)))]
async fn get_source(http: Asked, At(name): At<String>) -> Answer<SourceDto> {
    read(&http, &name).await
}

/// Create or describe a source
#[utoipa::path(put, path = "/api/v1/sources/{source}", tag = "marquez",
    operation_id = "marquezPutSource",
    params(("source" = String, Path, description = "The source's name")),
    request_body(content = SourceMeta, example = json!({
        "type": "POSTGRESQL", "connectionUrl": "postgres://db.example:5432/food", "description": null})),
    responses((status = 200, body = SourceDto, example = json!(example())),
        (status = 422, body = ErrorList)))]
async fn put_source(
    http: Asked,
    At(name): At<String>,
    Body(meta): Body<SourceMeta>,
) -> Answer<SourceDto> {
    let edit = Edit::PutSource {
        name: name.clone(),
        kind: meta.kind.unwrap_or_default(),
        url: meta.connection_url.unwrap_or_default(),
        description: meta.description,
    };
    http.app.edit(edit).await?;
    read(&http, &name).await
}

async fn read(http: &Asked, name: &str) -> Answer<SourceDto> {
    let found = http.app.source(name).await?;
    let doc = found.ok_or_else(|| ApiError::not_found(Thing::Source, name))?;
    Ok(Json(SourceDto::new(doc, http.settings.marquez_strict)))
}

fn example() -> serde_json::Value {
    serde_json::json!({
        "type": "POSTGRESQL",
        "name": "food_delivery_db",
        "createdAt": "2020-02-22T22:42:42Z",
        "updatedAt": "2020-02-22T22:42:42Z",
        "connectionUrl": "postgres://db.example:5432/food",
        "description": null,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_is_told_from_the_scheme() {
        for (url, told) in [
            ("postgres://h:5432", "POSTGRESQL"),
            ("jdbc:mysql://h/db", "MYSQL"),
            ("snowflake://org-account", "SNOWFLAKE"),
            ("", "POSTGRESQL"),
            ("no scheme: here", "POSTGRESQL"),
        ] {
            assert_eq!(type_of(url), told, "{url}");
        }
    }
}
