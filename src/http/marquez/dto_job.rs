//! A job and a job's version as Marquez writes them.
//!
//! Mapping only: [`super::read_jobs`] brings together what it needs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::dto_run::{RunDto, VersionId};
use super::facets::{Detail, FacetMap, facet_map};
use super::names::Names;
use crate::base::{DatasetId, JobId, Time};
use crate::catalog::JobDoc;
use crate::flow::{JobFull, JobVersion};

/// Namespace and name of a dataset or job.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[schema(as = marquez::EntityId)]
pub(super) struct EntityId {
    /// The namespace.
    #[schema(example = "food_delivery")]
    pub(super) namespace: String,
    /// The name.
    #[schema(example = "etl_orders_7_days")]
    pub(super) name: String,
}

/// A job.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::Job)]
pub(super) struct JobDto {
    /// Its namespace and name.
    id: EntityId,
    /// BATCH, STREAM or SERVICE.
    #[serde(rename = "type")]
    #[schema(example = "BATCH")]
    kind: &'static str,
    /// Its name, its parent's included.
    name: String,
    /// Its name without its parent's.
    simple_name: String,
    /// The name of the job that starts it.
    parent_job_name: Option<String>,
    /// The id of the job that starts it.
    parent_job_uuid: Option<Uuid>,
    /// When anything first spoke of it.
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    /// When anything last spoke of it.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Time,
    /// Its namespace.
    namespace: String,
    /// Datasets it reads.
    inputs: Vec<EntityId>,
    /// Datasets it writes.
    outputs: Vec<EntityId>,
    /// Where its code is.
    location: Option<String>,
    /// What it does.
    description: Option<String>,
    /// The run that spoke last.
    latest_run: Option<RunDto>,
    /// Its latest ten runs, the latest first; null if it never ran.
    latest_runs: Option<Vec<RunDto>>,
    /// Its facets.
    #[schema(value_type = Object)]
    facets: FacetMap,
    /// The newest of its versions.
    current_version: Option<Uuid>,
    /// What kind of job it is, and what runs it.
    #[schema(example = json!(["MODEL", "DBT"]))]
    labels: Vec<String>,
    /// Its tags.
    tags: Vec<String>,
}

/// Jobs.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::Jobs)]
pub(super) struct JobsDto {
    /// The jobs, the last updated first.
    pub(super) jobs: Vec<JobDto>,
    /// How many there are in all.
    pub(super) total_count: i64,
}

/// A version of a job: one set of inputs, outputs and code.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::JobVersion)]
pub(super) struct JobVersionDto {
    /// Which version of which job.
    id: VersionId,
    /// The job's name.
    name: String,
    /// When it was first seen.
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    /// Which version.
    version: Uuid,
    /// The job's namespace.
    namespace: String,
    /// Where its code is.
    location: Option<String>,
    /// Datasets it reads.
    inputs: Vec<EntityId>,
    /// Datasets it writes.
    outputs: Vec<EntityId>,
    /// The latest run of that version, if it is among the job's latest hundred.
    latest_run: Option<RunDto>,
}

/// Returns the type of a job.
pub(super) fn job_type(job: &JobFull, strict: bool) -> &'static str {
    match job.view.processing.as_deref() {
        Some(word) if word.eq_ignore_ascii_case("STREAMING") => "STREAM",
        Some(word) if word.eq_ignore_ascii_case("SERVICE") && !strict => "SERVICE",
        _ => "BATCH",
    }
}

/// Returns the newest of a job's versions.
pub(super) fn current_version(doc: &JobDoc) -> Option<Uuid> {
    doc.versions().first().map(|(digest, _)| Uuid::from_bytes(digest.0))
}

/// Returns the name and the id of the job that starts a job.
pub(super) fn parent(doc: &JobDoc) -> (Option<String>, Option<Uuid>) {
    let Some((namespace, name)) = doc.parent.as_ref().map(|parent| &parent.value) else {
        return (None, None);
    };
    (Some(name.clone()), Some(JobId::of(namespace, name).0))
}

/// Names datasets, in the order of their names.
pub(super) fn entity_ids(ids: impl IntoIterator<Item = DatasetId>, names: &Names) -> Vec<EntityId> {
    let named = |id| {
        let (namespace, name) = names.get(id)?;
        Some(EntityId { namespace: namespace.to_owned(), name: name.to_owned() })
    };
    let mut all: Vec<EntityId> = ids.into_iter().filter_map(named).collect();
    all.sort_unstable();
    all.dedup();
    all
}

impl JobDto {
    /// Writes a job.
    pub(super) fn new(
        job: JobFull,
        runs: Vec<RunDto>,
        names: &Names,
        (strict, detail): (bool, Detail),
    ) -> Self {
        let kind = job_type(&job, strict);
        let JobFull { doc, bodies, view, io, .. } = job;
        let (parent_job_name, parent_job_uuid) = parent(&doc);
        let last = doc.latest.and_then(|last| runs.iter().find(|run| run.id == last.run.0));
        let created_at = doc.created.unwrap_or(Time::MIN);
        Self {
            id: EntityId { namespace: doc.namespace.clone(), name: doc.name.clone() },
            kind,
            parent_job_name,
            parent_job_uuid,
            created_at,
            updated_at: doc.updated.unwrap_or(created_at),
            inputs: entity_ids(io.inputs, names),
            outputs: entity_ids(io.outputs, names),
            location: view.location,
            description: view.description,
            latest_run: last.or(runs.first()).cloned(),
            latest_runs: Some(runs).filter(|runs| !runs.is_empty()),
            facets: facet_map(&doc.facets, &bodies, detail),
            current_version: current_version(&doc),
            labels: [view.job_type, view.integration].into_iter().flatten().collect(),
            tags: view.tags,
            name: doc.name,
            simple_name: doc.simple_name,
            namespace: doc.namespace,
        }
    }
}

impl JobVersionDto {
    /// Writes a version of a job.
    pub(super) fn new(
        doc: &JobDoc,
        version: JobVersion,
        latest_run: Option<RunDto>,
        names: &Names,
    ) -> Self {
        let (namespace, name) = (doc.namespace.clone(), doc.name.clone());
        let id = Uuid::from_bytes(version.version.0);
        Self {
            id: VersionId { namespace: namespace.clone(), name: name.clone(), version: id },
            name,
            created_at: version.created_at,
            version: id,
            namespace,
            location: version.content.location,
            inputs: entity_ids(version.content.inputs, names),
            outputs: entity_ids(version.content.outputs, names),
            latest_run,
        }
    }
}
