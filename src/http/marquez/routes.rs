//! The router of this API, and in whose name its edits are made.

use utoipa_axum::router::OpenApiRouter;

use super::{
    column_lineage, dataset_versions, datasets, entity_tags, events, job_versions, jobs, lineage,
    namespaces, post_run, run_lineage, runs, search, sources, stats, tags,
};
use crate::http::Http;

/// Every route of Marquez's API but `POST /api/v1/lineage`, with its description. Paths
/// begin with `/api/v1` and have no trailing slash.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .merge(namespaces::routes())
        .merge(sources::routes())
        .merge(tags::routes())
        .merge(datasets::routes())
        .merge(dataset_versions::routes())
        .merge(entity_tags::routes())
        .merge(jobs::routes())
        .merge(job_versions::routes())
        .merge(runs::routes())
        .merge(post_run::routes())
        .merge(lineage::routes())
        .merge(column_lineage::routes())
        .merge(run_lineage::routes())
        .merge(events::routes())
        .merge(search::routes())
        .merge(stats::routes())
}
