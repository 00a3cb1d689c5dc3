//! Brings together what a run's answer needs, for many runs at once.

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt, stream};
use uuid::Uuid;

use super::dto_run::{RunContext, RunDto};
use super::error::{ApiError, Thing};
use super::facets::Detail;
use super::names::Names;
use crate::base::{DatasetId, JobId, RunId, Time};
use crate::db::RunRow;
use crate::flow::Asker;
use crate::flow::{RunFull, dataset_version_id};
use crate::http::asked::Asked;
use crate::openlineage::{asked_run_id, run_id};

/// Questions to the database at a time, for one answer.
pub(super) const PARALLEL: usize = 6;
/// Writes of a dataset that are looked through for the one that a run read.
const WRITES_SEEN: usize = 64;
/// Jobs, datasets, runs whose facets are in memory at a time, for one answer.
pub(super) const AT_ONCE: usize = 100;
/// Runs that a job's answer shows.
pub(super) const LATEST_RUNS: usize = 10;

/// Writes runs, in the order given.
pub(super) async fn write_runs(
    http: &Asked,
    runs: &[RunFull],
    detail: Detail,
) -> Result<Vec<RunDto>, ApiError> {
    let ios = runs.iter().flat_map(|run| run.doc.inputs.keys().chain(run.doc.outputs.keys()));
    let context = RunContext {
        names: Names::load(&http.app, ios.copied().collect()).await?,
        read: versions_read(&http.app, runs).await?,
        strict: http.settings.marquez_strict,
        detail,
    };
    Ok(runs.iter().map(|run| context.write(run)).collect())
}

/// Writes runs for a list, in the order given, some at a time: their facets may be large.
pub(super) async fn list_runs(http: &Asked, rows: &[RunRow]) -> Result<Vec<RunDto>, ApiError> {
    let mut written = Vec::with_capacity(rows.len());
    for rows in rows.chunks(AT_ONCE) {
        let full = http.app.runs_full(rows.to_vec()).await?;
        written.extend(write_runs(http, &full, Detail::Listed).await?);
    }
    Ok(written)
}

/// Finds the versions that runs read: what the last write before a run's start made.
/// A dataset that nothing wrote by then has the version that its declaration makes.
async fn versions_read(
    app: &Asker,
    runs: &[RunFull],
) -> Result<BTreeMap<(DatasetId, RunId), Uuid>, ApiError> {
    let mut readers: BTreeMap<DatasetId, Vec<(RunId, Time)>> = BTreeMap::new();
    for run in runs {
        for dataset in run.doc.inputs.keys() {
            readers.entry(*dataset).or_default().push((run.id, run.doc.order_at()));
        }
    }
    let asked: Vec<_> =
        readers.into_iter().map(|(dataset, readers)| versions_of(app, dataset, readers)).collect();
    let found: Vec<_> = stream::iter(asked).buffer_unordered(PARALLEL).try_collect().await?;
    Ok(found.into_iter().flatten().collect())
}

async fn versions_of(
    app: &Asker,
    dataset: DatasetId,
    readers: Vec<(RunId, Time)>,
) -> Result<Vec<((DatasetId, RunId), Uuid)>, ApiError> {
    if let [(reader, start)] = readers[..] {
        let writer = writer_before(app, dataset, start).await?;
        return Ok(vec![((dataset, reader), dataset_version_id(dataset, writer))]);
    }
    let writes = app.uses(dataset, true, WRITES_SEEN, 0).await?;
    let mut versions = Vec::with_capacity(readers.len());
    for (reader, start) in readers {
        let seen = writes.iter().find(|write| write.at < start).map(|write| write.run);
        let writer = match seen {
            None if writes.len() == WRITES_SEEN => writer_before(app, dataset, start).await?,
            seen => seen,
        };
        versions.push(((dataset, reader), dataset_version_id(dataset, writer)));
    }
    Ok(versions)
}

/// Returns the run that wrote what a run that started then read.
async fn writer_before(
    app: &Asker,
    dataset: DatasetId,
    start: Time,
) -> Result<Option<RunId>, ApiError> {
    let write = app.writer_before(dataset, start.plus_micros(-1)).await?;
    Ok(write.map(|write| write.run))
}

/// Returns the latest runs of jobs, the latest first, by job.
pub(super) async fn latest_runs(
    http: &Asked,
    jobs: &[JobId],
) -> Result<BTreeMap<JobId, Vec<RunDto>>, ApiError> {
    let asked: Vec<_> =
        jobs.iter().map(|job| http.app.runs_of_job_at(*job, LATEST_RUNS, 0)).collect();
    let found: Vec<Vec<RunRow>> = stream::iter(asked).buffered(PARALLEL).try_collect().await?;
    let ids = |rows: &Vec<RunRow>| rows.iter().map(|row| row.id).collect();
    let of_each: Vec<(JobId, Vec<RunId>)> =
        jobs.iter().copied().zip(found.iter().map(ids)).collect();
    let rows: Vec<RunRow> = found.into_iter().flatten().collect();
    let mut written: BTreeMap<Uuid, RunDto> =
        list_runs(http, &rows).await?.into_iter().map(|run| (run.id, run)).collect();
    let take = |(job, runs): (JobId, Vec<RunId>)| {
        (job, runs.iter().filter_map(|run| written.remove(&run.0)).collect())
    };
    Ok(of_each.into_iter().map(take).collect())
}

/// Returns runs by id.
pub(super) async fn runs_by_id(
    http: &Asked,
    ids: &[RunId],
) -> Result<BTreeMap<RunId, RunDto>, ApiError> {
    let rows = http.app.run_rows(ids).await?;
    let written = list_runs(http, &rows).await?;
    Ok(written.into_iter().map(|run| (RunId(run.id), run)).collect())
}

/// Finds the run that a path names.
pub(super) async fn find_run(http: &Asked, id: &str) -> Result<RunFull, ApiError> {
    let (asked, given) = (asked_run_id(id), run_id(id));
    let mut found = http.app.run(asked).await?;
    if found.is_none() && given != asked {
        found = http.app.run(given).await?;
    }
    found.ok_or_else(|| ApiError::not_found(Thing::Run, id))
}

/// Writes one run.
pub(super) async fn write_run(http: &Asked, run: RunFull) -> Result<RunDto, ApiError> {
    let id = run.id;
    let written = write_runs(http, &[run], Detail::Full).await?.pop();
    written.ok_or_else(|| ApiError::not_found(Thing::Run, &id.to_string()))
}
