//! Sets of rules over HTTP: drafting, activating, and asking why.

mod answered;
mod asked;
mod dto;
mod problem;
mod sets;
mod why;

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
        .routes(routes!(why::decide))
        .routes(routes!(why::decide_batch))
        .routes(routes!(why::who_can))
        .routes(routes!(why::simulate))
}
