//! The run that started this run, the root of them all, and dependencies between jobs.
//!
//! These are control flow. Nothing here says that data went from one to the other.

use serde::{Deserialize, Serialize};

use super::lenient;
use super::map::{Facet, Facets};
use crate::openlineage::shape::Field::{Opt, Req};
use crate::openlineage::shape::{Entity, Kind, Object};

/// The run that started this one (`ParentRunFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParentRun {
    /// The parent run.
    pub run: RunLink,
    /// The parent run's job.
    pub job: JobLink,
    /// The run at the top of the tree, if the producer knows it.
    pub root: Option<RootRun>,
}

/// The run at the top of a tree of runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RootRun {
    /// The root run.
    pub run: RunLink,
    /// The root run's job.
    pub job: JobLink,
}

/// A run that is referred to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunLink {
    /// Its id as the producer wrote it; see [`crate::openlineage::parent_run_id`].
    pub run_id: String,
    /// Copies of some of that run's facets, sent for convenience.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub facets: Facets,
}

/// A job that is referred to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobLink {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Copies of some of that job's facets, sent for convenience.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub facets: Facets,
}

impl Facet for ParentRun {
    const KEY: &'static str = "parent";
    const ALIASES: &'static [&'static str] = &["parentRun"];
}

pub(in crate::openlineage) static PARENT: Object = Object::facet(&[
    Req("run", Kind::Object(&RUN_LINK)),
    Req("job", Kind::Object(&JOB_LINK)),
    Opt("root", Kind::Object(&ROOT)),
]);

static ROOT: Object =
    Object::plain(&[Req("run", Kind::Object(&RUN_LINK)), Req("job", Kind::Object(&JOB_LINK))]);

static RUN_LINK: Object =
    Object::plain(&[Req("runId", Kind::Name), Opt("facets", Kind::Facets(Entity::Run))]);

static JOB_LINK: Object = Object::plain(&[
    Req("namespace", Kind::Name),
    Req("name", Kind::Name),
    Opt("facets", Kind::Facets(Entity::Job)),
]);

/// What must run before and after this run (`JobDependenciesRunFacet`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobDependencies {
    /// What this run waits for.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub upstream: Vec<JobDependency>,
    /// What waits for this run.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub downstream: Vec<JobDependency>,
    /// How the upstream states together decide whether this run starts.
    pub trigger_rule: Option<String>,
}

/// One dependency between two jobs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobDependency {
    /// The other job.
    pub job: JobLink,
    /// The other job's run, if known.
    pub run: Option<RunLink>,
    /// `DIRECT_INVOCATION`, `IMPLICIT_DEPENDENCY` or a producer's own word.
    pub dependency_type: Option<String>,
    /// `FINISH_TO_START`, `FINISH_TO_FINISH`, `START_TO_START` or a producer's own word.
    pub sequence_trigger_rule: Option<String>,
    /// `EXECUTE_EVERY_TIME`, `EXECUTE_ON_SUCCESS`, `EXECUTE_ON_FAILURE` or a producer's own
    /// word.
    pub status_trigger_rule: Option<String>,
}

impl Facet for JobDependencies {
    const KEY: &'static str = "jobDependencies";
}

pub(in crate::openlineage) static JOB_DEPENDENCIES: Object = Object::facet(&[
    Opt("upstream", Kind::List(&Kind::Object(&JOB_DEPENDENCY))),
    Opt("downstream", Kind::List(&Kind::Object(&JOB_DEPENDENCY))),
    Opt("trigger_rule", Kind::Text),
]);

static JOB_DEPENDENCY: Object = Object::plain(&[
    Req("job", Kind::Object(&JOB_LINK)),
    Opt("run", Kind::Object(&RUN_LINK)),
    Opt("dependency_type", Kind::Text),
    Opt("sequence_trigger_rule", Kind::Text),
    Opt("status_trigger_rule", Kind::Text),
]);
