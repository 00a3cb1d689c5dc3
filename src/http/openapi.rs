//! The OpenAPI document, and the page to browse it.

use axum::Router;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa_swagger_ui::SwaggerUi;

use super::state::Http;

/// What stands at the head of the document.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Lethe",
        description = "Knows where every column came from, and can forget a person everywhere. Speaks OpenLineage and Marquez's API.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "ingest", description = "Events come in"),
        (name = "events", description = "The event log and what was refused"),
        (name = "catalog", description = "Datasets, jobs and runs"),
        (name = "lineage", description = "What feeds what"),
        (name = "search", description = "Finding things"),
        (name = "marquez", description = "The API that Marquez's clients know"),
        (name = "access", description = "People, groups, roles, service accounts and their tokens"),
        (name = "policy", description = "Who may do what, and why"),
        (name = "access events", description = "Who read what in the stores"),
        (name = "audit", description = "What people and Lethe did, in a log that anybody can verify"),
        (name = "keys", description = "Keys that seal personal values, without their bytes"),
        (name = "operation", description = "Health, metrics, positions"),
    )
)]
struct Head;

pub(super) fn head() -> Document {
    Head::openapi()
}

/// The page to browse the API, with all it needs inside the binary.
pub(super) fn browser(document: Document) -> Router<Http> {
    SwaggerUi::new("/api/docs").url("/api/openapi.json", document).into()
}
