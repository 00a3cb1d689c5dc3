//! Datasets: listed, told of, deleted softly.

use axum::Json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto_dataset::{DatasetDto, DatasetsDto};
use super::error::{Answer, ErrorList, ErrorMessage};
use super::examples;
use super::extract::{At, PageParams, Params};
use super::facets::Detail;
use super::put_dataset;
use super::read_datasets::{find_dataset, write_dataset, write_datasets};
use super::read_namespaces::check_namespace;
use super::read_runs::AT_ONCE;
use crate::base::NodeKind;
use crate::catalog::{Edit, EntityRef};
use crate::http::Http;
use crate::http::asked::Asked;

pub(super) fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(list_datasets)).routes(routes!(
        get_dataset,
        put_dataset::put_dataset,
        delete_dataset
    ))
}

/// List a namespace's datasets
///
/// By name; deleted ones and further names of listed ones are left out.
#[utoipa::path(get, path = "/api/v1/namespaces/{namespace}/datasets", tag = "marquez",
    operation_id = "marquezListDatasets",
    params(("namespace" = String, Path, description = "The namespace's name"), PageParams),
    responses((status = 200, body = DatasetsDto, example = json!({"datasets": [examples::dataset()], "totalCount": 1})),
        (status = 400, body = ErrorList), (status = 404, body = ErrorMessage)))]
async fn list_datasets(
    http: Asked,
    At(namespace): At<String>,
    params: Params,
) -> Answer<DatasetsDto> {
    let page = params.page()?;
    check_namespace(&http, &namespace).await?;
    let (rows, total_count) = http.app.list_datasets(&namespace, page.limit, page.offset).await?;
    let mut datasets = Vec::with_capacity(rows.len());
    for rows in rows.chunks(AT_ONCE) {
        let full = http.app.datasets_full(rows.to_vec()).await?;
        datasets.extend(write_datasets(&http, &full, Detail::Listed).await?);
    }
    Ok(Json(DatasetsDto { datasets, total_count }))
}

/// Get a dataset
///
/// By any of its names: a symlink's dataset is answered under the name it is shown by.
#[utoipa::path(get, path = "/api/v1/namespaces/{namespace}/datasets/{dataset}", tag = "marquez",
    operation_id = "marquezGetDataset",
    params(("namespace" = String, Path, description = "The namespace's name"),
        ("dataset" = String, Path, description = "The dataset's name, percent-encoded")),
    responses((status = 200, body = DatasetDto, example = json!(examples::dataset())),
        (status = 404, body = ErrorMessage)))]
async fn get_dataset(
    http: Asked,
    At((namespace, name)): At<(String, String)>,
) -> Answer<DatasetDto> {
    let dataset = find_dataset(&http, &namespace, &name).await?;
    Ok(Json(write_dataset(&http, dataset).await?))
}

/// Delete a dataset softly
///
/// The next event that names it brings it back. Answers with the dataset as it was.
#[utoipa::path(delete, path = "/api/v1/namespaces/{namespace}/datasets/{dataset}", tag = "marquez",
    operation_id = "marquezDeleteDataset",
    params(("namespace" = String, Path, description = "The namespace's name"),
        ("dataset" = String, Path, description = "The dataset's name, percent-encoded")),
    responses((status = 200, body = DatasetDto, example = json!(examples::dataset())),
        (status = 404, body = ErrorMessage)))]
async fn delete_dataset(
    http: Asked,
    At((namespace, name)): At<(String, String)>,
) -> Answer<DatasetDto> {
    let dataset = find_dataset(&http, &namespace, &name).await?;
    let entity = |(_, namespace, name): &(_, String, String)| EntityRef {
        kind: NodeKind::Dataset,
        namespace: namespace.clone(),
        name: name.clone(),
    };
    let entities = dataset.names.iter().map(entity).collect();
    let before = write_dataset(&http, dataset).await?;
    http.app.edit(Edit::SetDeleted { entities, deleted: true }).await?;
    Ok(Json(before))
}
