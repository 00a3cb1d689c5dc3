//! Versions of a dataset: what each run (or declaration) made of it.

use std::collections::HashMap;

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::dto_dataset::{DatasetCore, FieldDto};
use super::dto_job::EntityId;
use super::dto_run::{RunDto, VersionId};
use super::error::{Answer, ApiError, ErrorList, ErrorMessage, Thing};
use super::examples;
use super::extract::{At, PageParams, Params};
use super::facets::{Detail, FacetMap, facet_map};
use super::read_datasets::{current_versions, find_dataset};
use super::read_runs::{AT_ONCE, write_runs};
use crate::base::{Digest, RunId, Time};
use crate::catalog::ColumnView;
use crate::flow::{DatasetFull, DatasetVersion, RunFull};
use crate::http::Http;
use crate::http::asked::Asked;

/// A version of a dataset.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::DatasetVersion)]
struct DatasetVersionDto {
    /// Which version of which dataset.
    id: VersionId,
    /// `DB_TABLE` or `STREAM`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The dataset's name.
    name: String,
    /// Its name in its store.
    physical_name: String,
    /// When the version was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    /// Which version.
    version: Uuid,
    /// The dataset's namespace.
    namespace: String,
    /// The source it lives in.
    source_name: String,
    /// Its columns then.
    fields: Vec<FieldDto>,
    /// Its tags.
    tags: Vec<String>,
    /// What happened last to the dataset as a whole.
    lifecycle_state: &'static str,
    /// What it holds.
    description: Option<String>,
    /// Which of its schemas it had.
    current_schema_version: Option<Uuid>,
    /// The run that made it; null if it was declared.
    created_by_run: Option<RunDto>,
    /// Of the newest version all facets, of others those that are kept by run.
    #[schema(value_type = Object)]
    facets: FacetMap,
    /// Where a stream's schema is; only of streams.
    #[serde(skip_serializing_if = "Option::is_none")]
    schema_location: Option<String>,
}

/// Versions of a dataset.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::DatasetVersions)]
struct DatasetVersionsDto {
    /// The versions, the newest first.
    versions: Vec<DatasetVersionDto>,
    /// How many there are in all.
    total_count: usize,
}

/// What versions are written with.
struct Context<'a> {
    dataset: &'a DatasetFull,
    current: Option<Uuid>,
    runs: HashMap<RunId, (RunFull, RunDto)>,
    schemas: HashMap<Digest, Vec<ColumnView>>,
    detail: Detail,
}

pub(super) fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(list_versions)).routes(routes!(get_version))
}

/// List a dataset's versions
#[utoipa::path(get, path = "/api/v1/namespaces/{namespace}/datasets/{dataset}/versions",
    tag = "marquez", operation_id = "marquezListDatasetVersions",
    params(("namespace" = String, Path, description = "The namespace's name"),
        ("dataset" = String, Path, description = "The dataset's name, percent-encoded"), PageParams),
    responses((status = 200, body = DatasetVersionsDto, example = json!({"versions": [examples::dataset_version()], "totalCount": 1})),
        (status = 400, body = ErrorList), (status = 404, body = ErrorMessage)))]
async fn list_versions(
    http: Asked,
    At((namespace, name)): At<(String, String)>,
    params: Params,
) -> Answer<DatasetVersionsDto> {
    let page = params.page()?;
    let dataset = find_dataset(&http, &namespace, &name).await?;
    let (versions, total_count) =
        http.app.dataset_versions(&dataset, page.limit, page.offset).await?;
    let mut written = Vec::with_capacity(versions.len());
    for versions in versions.chunks(AT_ONCE) {
        written.extend(write_versions(&http, &dataset, versions, Detail::Listed).await?);
    }
    Ok(Json(DatasetVersionsDto { versions: written, total_count }))
}

/// Get a version of a dataset
#[utoipa::path(get, path = "/api/v1/namespaces/{namespace}/datasets/{dataset}/versions/{version}",
    tag = "marquez", operation_id = "marquezGetDatasetVersion",
    params(("namespace" = String, Path, description = "The namespace's name"),
        ("dataset" = String, Path, description = "The dataset's name, percent-encoded"),
        ("version" = Uuid, Path, description = "The version")),
    responses((status = 200, body = DatasetVersionDto, example = json!(examples::dataset_version())),
        (status = 404, body = ErrorMessage)))]
async fn get_version(
    http: Asked,
    At((namespace, name, version)): At<(String, String, String)>,
) -> Answer<DatasetVersionDto> {
    let dataset = find_dataset(&http, &namespace, &name).await?;
    let missing = || ApiError::not_found(Thing::DatasetVersion, &version);
    let id = Uuid::try_parse(&version).map_err(|_| missing())?;
    let found = http.app.dataset_version(&dataset, id).await?.ok_or_else(missing)?;
    let written = write_versions(&http, &dataset, &[found], Detail::Full).await?.pop();
    Ok(Json(written.ok_or_else(missing)?))
}

async fn write_versions(
    http: &Asked,
    dataset: &DatasetFull,
    versions: &[DatasetVersion],
    detail: Detail,
) -> Result<Vec<DatasetVersionDto>, ApiError> {
    let ids: Vec<RunId> = versions.iter().filter_map(|version| version.run).collect();
    let rows = http.app.run_rows(&ids).await?;
    let runs = http.app.runs_full(rows).await?;
    let written = write_runs(http, &runs, Detail::Listed).await?;
    let schemas: Vec<Digest> = versions.iter().filter_map(|version| version.schema).collect();
    let one = std::slice::from_ref(dataset);
    let context = Context {
        dataset,
        current: current_versions(&http.app, one).await?.remove(&dataset.id),
        runs: runs.into_iter().zip(written).map(|(run, dto)| (run.id, (run, dto))).collect(),
        schemas: http.app.schema_columns(dataset, &schemas).await?,
        detail,
    };
    Ok(versions.iter().map(|version| context.write(version)).collect())
}

impl Context<'_> {
    fn write(&self, version: &DatasetVersion) -> DatasetVersionDto {
        let core = DatasetCore::new(self.dataset);
        let EntityId { namespace, name } = core.id;
        let columns = version.schema.and_then(|digest| self.schemas.get(&digest));
        let fields =
            columns.map(|columns| columns.iter().map(|column| self.field(column)).collect());
        let made = version.run.and_then(|run| self.runs.get(&run));
        DatasetVersionDto {
            id: VersionId { namespace, name, version: version.version },
            kind: core.kind,
            name: core.name,
            physical_name: core.physical_name,
            created_at: version.created_at,
            version: version.version,
            namespace: core.namespace,
            source_name: core.source_name,
            fields: fields.unwrap_or_default(),
            tags: core.tags,
            lifecycle_state: core.last_lifecycle_state,
            description: core.description,
            current_schema_version: version.schema.map(|digest| Uuid::from_bytes(digest.0)),
            created_by_run: made.map(|(_, run)| run.clone()),
            facets: self.facets(version),
            schema_location: core.schema_location,
        }
    }

    /// A column as it was, with the tags it has now: tags belong to the dataset.
    fn field(&self, column: &ColumnView) -> FieldDto {
        let now = self.dataset.view.columns.iter().find(|now| now.name == column.name);
        let tags = now.map(|now| now.tags.clone()).unwrap_or_default();
        FieldDto { tags, ..FieldDto::from(column) }
    }

    fn facets(&self, version: &DatasetVersion) -> FacetMap {
        let mut facets = FacetMap::new();
        if self.current == Some(version.version) {
            facets = facet_map(&self.dataset.doc.facets, &self.dataset.bodies, self.detail);
        }
        let run = version.run.and_then(|run| self.runs.get(&run)).map(|(run, _)| run);
        for (member, ..) in &self.dataset.names {
            let io = run.and_then(|run| Some((run, run.doc.outputs.get(member)?)));
            if let Some((run, io)) = io {
                facets.extend(facet_map(&io.facets, &run.bodies, self.detail));
            }
        }
        facets
    }
}
