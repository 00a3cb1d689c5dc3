//! Finds jobs and brings together what their answers need, for many jobs at once.

use axum::http::Uri;

use super::address::moved_job;
use super::dto_job::JobDto;
use super::error::{ApiError, Thing};
use super::facets::Detail;
use super::names::Names;
use super::read_namespaces::check_namespace;
use super::read_runs::latest_runs;
use crate::base::JobId;
use crate::flow::JobFull;
use crate::http::asked::Asked;

/// Finds the job that a path names.
///
/// A renamed one is answered with its new address ([`ApiError::Moved`]), a deleted one as
/// if it were not there.
pub(super) async fn find_job(
    http: &Asked,
    uri: &Uri,
    namespace: &str,
    name: &str,
) -> Result<JobFull, ApiError> {
    let found = http.app.job(namespace, name).await?;
    let Some(job) = found.filter(|job| !job.doc.is_deleted()) else {
        check_namespace(http, namespace).await?;
        return Err(ApiError::not_found(Thing::Job, name));
    };
    match http.app.renamed_job(&job).await? {
        Some(now) => Err(moved_job(uri, &now.doc.namespace, &now.doc.name)),
        None => Ok(job),
    }
}

/// Writes jobs, in the order given.
pub(super) async fn write_jobs(
    http: &Asked,
    jobs: Vec<JobFull>,
    detail: Detail,
) -> Result<Vec<JobDto>, ApiError> {
    let ids: Vec<JobId> = jobs.iter().map(|job| job.id).collect();
    let mut runs = latest_runs(http, &ids).await?;
    let ios = jobs.iter().flat_map(|job| job.io.inputs.iter().chain(&job.io.outputs));
    let names = Names::load(&http.app, ios.copied().collect()).await?;
    let strict = http.settings.marquez_strict;
    let write = |job: JobFull| {
        let runs = runs.remove(&job.id).unwrap_or_default();
        JobDto::new(job, runs, &names, (strict, detail))
    };
    Ok(jobs.into_iter().map(write).collect())
}

/// Writes one job.
pub(super) async fn write_job(http: &Asked, job: JobFull) -> Result<JobDto, ApiError> {
    let name = job.doc.name.clone();
    let written = write_jobs(http, vec![job], Detail::Full).await?.pop();
    written.ok_or_else(|| ApiError::not_found(Thing::Job, &name))
}

/// Reads a job again after it was changed, and writes it.
pub(super) async fn rewrite_job(http: &Asked, id: JobId, name: &str) -> Result<JobDto, ApiError> {
    let job = http.app.job_by_id(id).await?;
    write_job(http, job.ok_or_else(|| ApiError::not_found(Thing::Job, name))?).await
}
