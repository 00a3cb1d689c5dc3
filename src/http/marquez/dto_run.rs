//! A run as Marquez writes it.
//!
//! Mapping only: [`super::read_runs`] brings together what it needs.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::facets::{Detail, FacetMap, facet_map};
use super::names::Names;
use crate::base::{DatasetId, RunId, Time};
use crate::catalog::{Bodies, FacetBook, RunDoc, RunIo};
use crate::flow::{RunFull, dataset_version_id};
use crate::openlineage::facets::{ExecutionParameters, NominalTime, ParentRun};

/// A version of a dataset or job.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = marquez::VersionId)]
pub(super) struct VersionId {
    /// The namespace.
    #[schema(example = "food_delivery")]
    pub(super) namespace: String,
    /// The name.
    #[schema(example = "public.menus")]
    pub(super) name: String,
    /// The version.
    pub(super) version: Uuid,
}

/// A version of a dataset that a run read or wrote.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::RunDatasetVersion)]
pub(super) struct RunDatasetVersion {
    /// Which version.
    dataset_version_id: VersionId,
    /// The input or output facets: statistics, assertions.
    #[schema(value_type = Object)]
    facets: FacetMap,
}

/// A run.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::Run)]
pub(super) struct RunDto {
    /// Its id.
    pub(super) id: Uuid,
    /// When anything first spoke of it.
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Time,
    /// When anything last spoke of it.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Time,
    /// The start of the interval it stands for.
    #[schema(value_type = Option<String>, format = DateTime)]
    nominal_start_time: Option<Time>,
    /// The end of the interval it stands for.
    #[schema(value_type = Option<String>, format = DateTime)]
    nominal_end_time: Option<Time>,
    /// NEW, RUNNING, COMPLETED, ABORTED or FAILED.
    #[schema(example = "COMPLETED")]
    state: &'static str,
    /// When it started.
    #[schema(value_type = Option<String>, format = DateTime)]
    started_at: Option<Time>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Time>,
    /// How long it took, in milliseconds.
    duration_ms: Option<i64>,
    /// What it was started with; its nominal times and its parent.
    args: BTreeMap<String, String>,
    /// What it read.
    input_dataset_versions: Vec<RunDatasetVersion>,
    /// What it wrote.
    output_dataset_versions: Vec<RunDatasetVersion>,
    /// Its facets.
    #[schema(value_type = Object)]
    facets: FacetMap,
    /// The version of its job that it made, once it is done.
    job_version: Option<VersionId>,
}

/// What a run's mapping needs beside the run.
#[derive(Debug, Default)]
pub(super) struct RunContext {
    /// Names of all datasets.
    pub(super) names: Names,
    /// Versions that were read, by dataset and the reader.
    pub(super) read: BTreeMap<(DatasetId, RunId), Uuid>,
    /// Whether nominal times are left out, as Marquez does for runs that events told of.
    pub(super) strict: bool,
    /// How much of facets is told.
    pub(super) detail: Detail,
}

impl RunContext {
    /// Writes a run.
    pub(super) fn write(&self, run: &RunFull) -> RunDto {
        let doc = &run.doc;
        let seen = doc.seen();
        let nominal = doc.nominal.as_ref().filter(|_| !self.strict).map(|stamped| stamped.value);
        RunDto {
            id: run.id.0,
            created_at: seen.first,
            updated_at: seen.last,
            nominal_start_time: nominal.map(|(start, _)| start),
            nominal_end_time: nominal.and_then(|(_, end)| end),
            state: doc.state().as_str(),
            started_at: doc.started_at(),
            ended_at: doc.ended_at(),
            duration_ms: doc.duration_ms(),
            args: args(&doc.facets, &run.bodies),
            input_dataset_versions: self
                .versions(run, &doc.inputs, |dataset| self.read.get(&(dataset, run.id)).copied()),
            output_dataset_versions: self.versions(run, &doc.outputs, |dataset| {
                Some(dataset_version_id(dataset, Some(run.id)))
            }),
            facets: facet_map(&doc.facets, &run.bodies, self.detail),
            job_version: job_version(doc),
        }
    }

    fn versions(
        &self,
        run: &RunFull,
        ios: &BTreeMap<DatasetId, RunIo>,
        version: impl Fn(DatasetId) -> Option<Uuid>,
    ) -> Vec<RunDatasetVersion> {
        let of = |(dataset, io): (&DatasetId, &RunIo)| {
            let (namespace, name) = self.names.get(*dataset)?;
            let version = version(*dataset).unwrap_or(dataset_version_id(*dataset, None));
            let (namespace, name) = (namespace.to_owned(), name.to_owned());
            Some(RunDatasetVersion {
                dataset_version_id: VersionId { namespace, name, version },
                facets: facet_map(&io.facets, &run.bodies, self.detail),
            })
        };
        let mut all: Vec<RunDatasetVersion> = ios.iter().filter_map(of).collect();
        all.sort_by(|a, b| {
            let key = |v: &RunDatasetVersion| {
                (v.dataset_version_id.namespace.clone(), v.dataset_version_id.name.clone())
            };
            key(a).cmp(&key(b))
        });
        all
    }
}

/// Returns the job version that a run made, once it is done.
pub(super) fn job_version(run: &RunDoc) -> Option<VersionId> {
    let version = run.version()?;
    let job = run.job.as_ref()?;
    Some(VersionId {
        namespace: job.namespace.clone(),
        name: job.name.clone(),
        version: Uuid::from_bytes(version.digest().0),
    })
}

/// Returns a run's arguments: the `executionParameters` it was given, its nominal times and
/// its parent, in the words that Marquez uses.
fn args(facets: &FacetBook, bodies: &Bodies) -> BTreeMap<String, String> {
    let mut args = BTreeMap::new();
    if let Some(given) = facets.typed::<ExecutionParameters>("executionParameters", bodies) {
        let given = given.parameters.into_iter();
        args.extend(given.map(|one| (one.key, one.value.unwrap_or_default())));
    }
    if let Some(nominal) = facets.typed::<NominalTime>("nominalTime", bodies) {
        let mut put = |key: &str, time: Time| args.insert(key.to_owned(), java_text(time));
        put("nominal_start_time", nominal.nominal_start_time);
        nominal.nominal_end_time.map(|end| put("nominal_end_time", end));
    }
    let parent = facets.typed::<ParentRun>("parent", bodies);
    if let Some(parent) = parent.or_else(|| facets.typed("parentRun", bodies)) {
        args.insert("run_id".to_owned(), parent.run.run_id);
        args.insert("name".to_owned(), parent.job.name);
        args.insert("namespace".to_owned(), parent.job.namespace);
    }
    args
}

/// Writes a time as Java's `ZonedDateTime` prints it: seconds only if there are any, their
/// fraction in groups of three digits.
fn java_text(time: Time) -> String {
    let text = time.to_string();
    let text = text.strip_suffix('Z').unwrap_or(&text);
    match text.split_once('.') {
        Some((whole, fraction)) => {
            let digits = fraction.len().div_ceil(3) * 3;
            format!("{whole}.{fraction:0<digits$}Z")
        }
        None => format!("{}Z", text.strip_suffix(":00").unwrap_or(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_printed_as_java_prints_them() {
        let text = |time: &str| java_text(Time::parse(time).unwrap());
        assert_eq!(text("2020-02-22T22:00:00Z"), "2020-02-22T22:00Z");
        assert_eq!(text("2020-02-22T22:42:42Z"), "2020-02-22T22:42:42Z");
        assert_eq!(text("2020-02-22T22:42:00.5Z"), "2020-02-22T22:42:00.500Z");
        assert_eq!(text("2020-02-22T22:42:42.0012Z"), "2020-02-22T22:42:42.001200Z");
    }
}
