//! The facets of the standard, each as a plain serde model with its shape beside it.
//!
//! All 38 standard facet schemas are here (runs, jobs, datasets, inputs, outputs); vendors'
//! facets and unknown ones stay raw. A model keeps what the standard names: to give a facet
//! back whole, give back its raw body.

pub mod column_lineage;
pub mod dataset;
pub mod job;
mod lenient;
pub mod lineage;
pub mod map;
pub mod metrics;
pub mod outcome;
pub mod parent;
pub mod run;
pub mod schema;
pub mod shared;
pub mod subset;

pub use column_lineage::{ColumnLineage, ColumnLineageField, InputField, Transformation};
pub use dataset::{
    Catalog, DataSource, DatasetType, DatasetVersion, Hierarchy, HierarchyLevel, LifecycleState,
    LifecycleStateChange, PreviousIdentifier, Storage, SymlinkIdentifier, Symlinks,
};
pub use job::{EmissionPattern, JobType, SourceCode, SourceCodeLocation, Sql};
pub use lineage::{DatasetLineage, JobLineage, LineageEntry, LineageField, LineageInput};
pub use map::{Facet, Facets, is_deleted, read};
pub use metrics::{ColumnMetrics, DataQualityMetrics, InputStatistics, OutputStatistics};
pub use outcome::{Assertion, DataQualityAssertions, TestExecution, TestRun};
pub use parent::{JobDependencies, JobDependency, JobLink, ParentRun, RootRun, RunLink};
pub use run::{
    EnvironmentVariable, EnvironmentVariables, ErrorMessage, ExecutionParameter,
    ExecutionParameters, ExternalQuery, ExtractionError, ExtractionFailure, NominalTime,
    ProcessingEngine,
};
pub use schema::{Schema, SchemaField};
pub use shared::{Documentation, Owner, Ownership, Tag, Tags};
pub use subset::{CompareOperand, Partition, Subset, SubsetCondition};
