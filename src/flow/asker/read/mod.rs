//! Answers questions about the catalog: datasets, jobs, runs and their histories, with
//! the facets that belong to them.
//!
//! Reads only. Lineage is asked of the graph ([`super::App::graph`]), search of the index.

mod datasets;
mod jobs;
mod nodes;
mod runs;

pub use datasets::{DatasetFull, DatasetVersion, SchemaVersion};
pub(in crate::flow::asker) use jobs::RENAMES_MAX;
pub use jobs::{JobFull, JobVersion};
pub(in crate::flow::asker) use nodes::find_node;
pub use runs::{Names, RunFull, dataset_version_id};
