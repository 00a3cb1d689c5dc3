//! Tags: the words that datasets, fields and jobs are marked with.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{Answer, ErrorList};
use super::extract::{At, Body, Checked, PageParams, Params};
use crate::catalog::{Edit, TagDoc};
use crate::flow::tag_name;
use crate::http::Http;
use crate::http::asked::Asked;

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = marquez::Tag)]
struct TagDto {
    /// Its name.
    #[schema(example = "PII")]
    name: String,
    /// What it means.
    #[schema(example = "Personally identifiable information")]
    description: Option<String>,
}

/// Tags.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = marquez::Tags)]
struct TagsDto {
    /// The tags, by name.
    tags: Vec<TagDto>,
}

/// What a tag is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = marquez::TagMeta)]
struct TagMeta {
    /// What it means.
    description: Option<String>,
}

impl Checked for TagMeta {
    fn missing(&self) -> Vec<&'static str> {
        Vec::new()
    }
}

impl From<TagDoc> for TagDto {
    fn from(doc: TagDoc) -> Self {
        Self { name: doc.name, description: doc.description.and_then(|text| text.value) }
    }
}

pub(super) fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(list_tags)).routes(routes!(put_tag))
}

/// List tags
#[utoipa::path(get, path = "/api/v1/tags", tag = "marquez",
    operation_id = "marquezListTags", params(PageParams),
    responses((status = 200, body = TagsDto, example = json!({"tags": [
        {"name": "PII", "description": "Personally identifiable information"}]})),
        (status = 400, body = ErrorList)))]
async fn list_tags(http: Asked, params: Params) -> Answer<TagsDto> {
    let page = params.page()?;
    let known = http.app.list_tags(page.limit.saturating_add(page.offset), 0).await?;
    let mut preset = Vec::new();
    for (name, description) in &http.settings.tags {
        if http.app.tag(name).await?.is_none() {
            preset.push(TagDto { name: name.clone(), description: Some(description.clone()) });
        }
    }
    let mut tags: Vec<TagDto> = known.into_iter().map(TagDto::from).chain(preset).collect();
    tags.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Json(TagsDto { tags: tags.into_iter().skip(page.offset).take(page.limit).collect() }))
}

/// Create or describe a tag
#[utoipa::path(put, path = "/api/v1/tags/{tag}", tag = "marquez",
    operation_id = "marquezPutTag",
    params(("tag" = String, Path, description = "The tag's name")),
    request_body(content = TagMeta, example = json!({"description": "Personally identifiable information"})),
    responses((status = 200, body = TagDto, example = json!({
        "name": "PII", "description": "Personally identifiable information"})),
        (status = 422, body = ErrorList)))]
async fn put_tag(http: Asked, At(name): At<String>, Body(meta): Body<TagMeta>) -> Answer<TagDto> {
    let name = tag_name("name", &name)?;
    let description = meta.description;
    let edit = Edit::PutTag { name: name.clone(), description: description.clone() };
    http.app.edit(edit).await?;
    // One that is not described and that nothing has is not listed.
    let put = TagDto { name: name.clone(), description };
    Ok(Json(http.app.tag(&name).await?.map_or(put, TagDto::from)))
}
