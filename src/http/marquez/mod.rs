//! The API that Marquez's clients and web UI know.

use utoipa_axum::router::OpenApiRouter;

use super::state::Http;

/// The routes of this API.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
}
