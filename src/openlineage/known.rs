//! Knows which names in a facet map are facets of the standard, and their shapes.

use super::facets::{column_lineage, dataset, job, lineage, metrics, outcome, parent, run};
use super::facets::{schema, shared, subset};
use super::shape::{Entity, Object};

/// Returns the shape of the standard facet of that name; `None` for any other facet.
pub(super) fn shape(entity: Entity, name: &str) -> Option<&'static Object> {
    match entity {
        Entity::Run => run_facet(name),
        Entity::Job => job_facet(name),
        Entity::Dataset => dataset_facet(name),
    }
}

fn run_facet(name: &str) -> Option<&'static Object> {
    Some(match name {
        "nominalTime" => &run::NOMINAL_TIME,
        "parent" | "parentRun" => &parent::PARENT,
        "errorMessage" => &run::ERROR_MESSAGE,
        "externalQuery" => &run::EXTERNAL_QUERY,
        "extractionError" => &run::EXTRACTION_ERROR,
        "processing_engine" => &run::PROCESSING_ENGINE,
        "environmentVariables" => &run::ENVIRONMENT_VARIABLES,
        "executionParameters" => &run::EXECUTION_PARAMETERS,
        "jobDependencies" => &parent::JOB_DEPENDENCIES,
        "test" => &outcome::TEST_RUN,
        "tags" => &shared::TAGS,
        _ => return None,
    })
}

fn job_facet(name: &str) -> Option<&'static Object> {
    Some(match name {
        "documentation" => &shared::DOCUMENTATION,
        "jobType" => &job::JOB_TYPE,
        "ownership" => &shared::OWNERSHIP,
        "sourceCode" => &job::SOURCE_CODE,
        "sourceCodeLocation" => &job::SOURCE_CODE_LOCATION,
        "sql" => &job::SQL,
        "tags" => &shared::TAGS,
        "lineage" => &lineage::JOB_LINEAGE,
        _ => return None,
    })
}

fn dataset_facet(name: &str) -> Option<&'static Object> {
    Some(match name {
        "schema" => &schema::SCHEMA,
        "dataSource" => &dataset::DATA_SOURCE,
        "documentation" => &shared::DOCUMENTATION,
        "ownership" => &shared::OWNERSHIP,
        "columnLineage" => &column_lineage::COLUMN_LINEAGE,
        "lineage" => &lineage::DATASET_LINEAGE,
        "lifecycleStateChange" => &dataset::LIFECYCLE_STATE_CHANGE,
        "symlinks" => &dataset::SYMLINKS,
        "storage" => &dataset::STORAGE,
        "catalog" => &dataset::CATALOG,
        "datasetType" => &dataset::DATASET_TYPE,
        "hierarchy" => &dataset::HIERARCHY,
        "version" => &dataset::DATASET_VERSION,
        "tags" => &shared::TAGS,
        "dataQualityMetrics" => &metrics::DATA_QUALITY_METRICS,
        "dataQualityAssertions" => &outcome::DATA_QUALITY_ASSERTIONS,
        "inputStatistics" | "outputStatistics" => &metrics::IO_STATISTICS,
        "subset" => &subset::SUBSET,
        _ => return None,
    })
}
