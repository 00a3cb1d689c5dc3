//! Finds datasets and brings together what their answers need, for many datasets at once.

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt, stream};
use uuid::Uuid;

use super::dto_dataset::DatasetDto;
use super::error::{ApiError, Thing};
use super::facets::Detail;
use super::read_namespaces::check_namespace;
use super::read_runs::PARALLEL;
use crate::base::{DatasetId, RunId};
use crate::catalog::{Bodies, FacetBook};
use crate::db::UseRow;
use crate::flow::Asker;
use crate::flow::{DatasetFull, dataset_version_id};
use crate::http::asked::Asked;

/// Finds the dataset that a path names, by any of its names; a deleted one is answered as
/// if it were not there.
pub(super) async fn find_dataset(
    http: &Asked,
    namespace: &str,
    name: &str,
) -> Result<DatasetFull, ApiError> {
    let found = http.app.dataset(namespace, name).await?;
    if let Some(dataset) = found.filter(|dataset| !dataset.doc.is_deleted()) {
        return Ok(dataset);
    }
    check_namespace(http, namespace).await?;
    Err(ApiError::not_found(Thing::Dataset, name))
}

/// Writes datasets, in the order given.
pub(super) async fn write_datasets(
    http: &Asked,
    datasets: &[DatasetFull],
    detail: Detail,
) -> Result<Vec<DatasetDto>, ApiError> {
    let versions = current_versions(&http.app, datasets).await?;
    let read = input_facets(&http.app, datasets).await?;
    let write = |dataset: &DatasetFull| {
        let version = versions.get(&dataset.id).copied();
        let version = version.unwrap_or(dataset_version_id(dataset.id, None));
        let read = read.get(&dataset.id).map(|(book, bodies)| (book, bodies));
        DatasetDto::new(dataset, version, read, detail)
    };
    Ok(datasets.iter().map(write).collect())
}

/// Writes one dataset.
pub(super) async fn write_dataset(
    http: &Asked,
    dataset: DatasetFull,
) -> Result<DatasetDto, ApiError> {
    let name = dataset.doc.name.clone();
    let written = write_datasets(http, &[dataset], Detail::Full).await?.pop();
    written.ok_or_else(|| ApiError::not_found(Thing::Dataset, &name))
}

/// Reads a dataset again after it was changed, and writes it.
pub(super) async fn rewrite_dataset(
    http: &Asked,
    namespace: &str,
    name: &str,
) -> Result<DatasetDto, ApiError> {
    let dataset = find_dataset(http, namespace, name).await?;
    write_dataset(http, dataset).await
}

/// Returns the newest version of each dataset. Of one with several names it is told under
/// the name that its writer used.
pub(super) async fn current_versions(
    app: &Asker,
    datasets: &[DatasetFull],
) -> Result<BTreeMap<DatasetId, Uuid>, ApiError> {
    let writer = |dataset: &DatasetFull| dataset.doc.last_write().and_then(|last| last.value);
    let several = datasets.iter().filter(|dataset| dataset.names.len() > 1);
    let runs: Vec<RunId> = several.filter_map(writer).collect();
    let rows = app.run_rows(&runs).await?;
    let version = |dataset: &DatasetFull| {
        let run = writer(dataset);
        let row = run.and_then(|run| rows.iter().find(|row| row.id == run));
        let wrote = |id: &DatasetId| row.is_some_and(|row| row.doc.outputs.contains_key(id));
        let member = dataset.names.iter().map(|(id, ..)| *id).find(wrote);
        (dataset.id, dataset_version_id(member.unwrap_or(dataset.id), run))
    };
    Ok(datasets.iter().map(version).collect())
}

/// Returns what the latest reader of each dataset said of it: statistics, assertions.
async fn input_facets(
    app: &Asker,
    datasets: &[DatasetFull],
) -> Result<BTreeMap<DatasetId, (FacetBook, Bodies)>, ApiError> {
    let members: Vec<(DatasetId, DatasetId)> = datasets
        .iter()
        .flat_map(|dataset| dataset.names.iter().map(|(member, ..)| (dataset.id, *member)))
        .collect();
    let asked: Vec<_> = members.iter().map(|(_, member)| app.uses(*member, false, 1, 0)).collect();
    let found: Vec<Vec<UseRow>> = stream::iter(asked).buffered(PARALLEL).try_collect().await?;
    let last = |((dataset, member), uses): ((DatasetId, DatasetId), Vec<UseRow>)| {
        Some((dataset, member, uses.first()?.run))
    };
    let readers: Vec<(DatasetId, DatasetId, RunId)> =
        members.into_iter().zip(found).filter_map(last).collect();
    let mut runs: Vec<RunId> = readers.iter().map(|(.., run)| *run).collect();
    runs.sort_unstable();
    runs.dedup();
    let rows = app.run_rows(&runs).await?;
    let runs = app.runs_full(rows).await?;
    let mut facets = BTreeMap::new();
    for (dataset, member, run) in readers {
        let run = runs.iter().find(|known| known.id == run);
        let Some(io) = run.and_then(|run| run.doc.inputs.get(&member)) else { continue };
        let Some(run) = run.filter(|_| !io.facets.is_empty()) else { continue };
        facets.insert(dataset, (io.facets.clone(), run.bodies.clone()));
    }
    Ok(facets)
}
