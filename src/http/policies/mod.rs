//! Sets of rules over HTTP: drafting, activating, and asking why.

mod dto;
mod problem;
mod sets;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::state::Http;

pub(super) fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .routes(routes!(sets::list, sets::draft))
        .routes(routes!(sets::active))
        .routes(routes!(sets::get, sets::drop_draft))
        .routes(routes!(sets::lint))
        .routes(routes!(sets::activate))
}
