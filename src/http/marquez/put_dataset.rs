//! Marquez's deprecated way to create a dataset.

use axum::Json;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::dto_dataset::{DatasetDto, FieldDto};
use super::error::{Answer, ErrorList, ErrorMessage};
use super::examples;
use super::extract::{At, Body, Checked};
use super::read_datasets::rewrite_dataset;
use super::read_runs::find_run;
use super::tell::{dataset_of_run, tell_run};
use crate::catalog::{DatasetPut, DatasetType, Edit, FieldPut};
use crate::http::asked::Asked;
use crate::http::documents;

/// What kind of thing a dataset is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = marquez::DatasetType)]
pub(super) enum TypeMeta {
    /// A table, file or view.
    DbTable,
    /// A stream.
    Stream,
}

/// What a dataset is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::DatasetMeta)]
pub(super) struct DatasetMeta {
    /// What kind of thing it is.
    #[serde(rename = "type")]
    #[schema(required = true, nullable = false)]
    kind: Option<TypeMeta>,
    /// Its name in its store.
    #[schema(required = true, nullable = false)]
    physical_name: Option<String>,
    /// The source it lives in.
    #[schema(required = true, nullable = false)]
    #[schema(min_length = 1)]
    source_name: Option<String>,
    /// Where a stream's schema is.
    schema_location: Option<String>,
    /// Its columns.
    fields: Option<Vec<FieldDto>>,
    /// Its tags.
    #[schema(value_type = Option<documents::Tags>)]
    tags: Option<Vec<String>>,
    /// What it holds.
    description: Option<String>,
    /// The run that wrote it.
    run_id: Option<String>,
}

impl Checked for DatasetMeta {
    fn missing(&self) -> Vec<&'static str> {
        let kind = self.kind.is_none().then_some("type");
        let name = self.physical_name.is_none().then_some("physicalName");
        let source = self.source_name.is_none().then_some("sourceName");
        [kind, name, source].into_iter().flatten().collect()
    }
}

/// Create or describe a dataset
///
/// Deprecated in Marquez in favour of OpenLineage events. With `runId` the run is noted as
/// its writer.
#[utoipa::path(put, path = "/api/v1/namespaces/{namespace}/datasets/{dataset}", tag = "marquez",
    operation_id = "marquezPutDataset",
    params(("namespace" = String, Path, description = "The namespace's name"),
        ("dataset" = String, Path, description = "The dataset's name, percent-encoded")),
    request_body(content = DatasetMeta, example = json!({
        "type": "DB_TABLE", "physicalName": "public.orders", "sourceName": "shop_db",
        "fields": [{"name": "id", "type": "INTEGER", "tags": [], "description": null}],
        "tags": [], "description": "All orders.", "runId": null})),
    responses((status = 200, body = DatasetDto, example = json!(examples::dataset())),
        (status = 404, body = ErrorMessage), (status = 422, body = ErrorList),
        (status = 409, description = "Too much would be said of it; the detail says what to do", body = crate::http::Problem)))]
pub(super) async fn put_dataset(
    http: Asked,
    At((namespace, name)): At<(String, String)>,
    Body(meta): Body<DatasetMeta>,
) -> Answer<DatasetDto> {
    let writer = match meta.run_id.as_deref().filter(|id| !id.is_empty()) {
        Some(id) => Some(find_run(&http, id).await?),
        None => None,
    };
    let schema = meta.fields.as_deref().map(schema_facet);
    let put = put_of(&namespace, &name, meta);
    http.app.edit(Edit::PutDatasets { datasets: vec![put] }).await?;
    if let Some(run) = writer {
        let facets = schema.map_or(json!({}), |schema| json!({ "schema": schema }));
        let output = dataset_of_run(&namespace, &name, facets);
        tell_run(&http, &run.doc, run.id, json!({ "outputs": [output] })).await?;
    }
    Ok(Json(rewrite_dataset(&http, &namespace, &name).await?))
}

fn put_of(namespace: &str, name: &str, meta: DatasetMeta) -> DatasetPut {
    let field = |field: FieldDto| FieldPut {
        name: field.name,
        data_type: field.kind,
        description: field.description,
        tags: field.tags,
        fields: Vec::new(),
    };
    DatasetPut {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        kind: meta.kind.map(|kind| match kind {
            TypeMeta::DbTable => DatasetType::DbTable,
            TypeMeta::Stream => DatasetType::Stream,
        }),
        physical_name: meta.physical_name,
        source: meta.source_name,
        schema_location: meta.schema_location,
        description: meta.description,
        fields: meta.fields.map(|fields| fields.into_iter().map(field).collect()),
        owners: None,
        tags: meta.tags.unwrap_or_default(),
        properties: std::collections::BTreeMap::new(),
    }
}

/// Writes columns as the standard's `schema` facet.
fn schema_facet(fields: &[FieldDto]) -> serde_json::Value {
    let field = |field: &FieldDto| json!({"name": field.name, "type": field.kind, "description": field.description});
    let mut facet = super::tell::facet("1-2-0/SchemaDatasetFacet");
    facet["fields"] = fields.iter().map(field).collect();
    facet
}
