//! People, groups, roles, service accounts and tokens over HTTP.

mod accounts;
mod groups;
mod lists;
mod me;
mod password;
mod roles;
mod session;
mod sign_in;
mod strangers;
mod tokens;
mod users;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::state::Http;

pub(super) use session::cross_site;

/// The routes with their descriptions.
pub(super) fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .routes(routes!(me::me))
        .routes(routes!(session::state, session::sign_in, session::sign_out))
        .routes(routes!(sign_in::page))
        .routes(routes!(users::list))
        .routes(routes!(password::put))
        .routes(routes!(session::list, session::end_all))
        .routes(routes!(session::end_one))
        .routes(routes!(users::get, users::put, users::disable))
        .routes(routes!(groups::list))
        .routes(routes!(groups::get, groups::put, groups::disable))
        .routes(routes!(groups::members))
        .routes(routes!(groups::add_member, groups::remove_member))
        .routes(routes!(roles::list))
        .routes(routes!(accounts::list))
        .routes(routes!(accounts::put, accounts::disable))
        .routes(routes!(strangers::list))
        .routes(routes!(tokens::of_service, tokens::make_for_service))
        .routes(routes!(tokens::of_user, tokens::make_for_user))
        .routes(routes!(tokens::rotate))
        .routes(routes!(tokens::revoke))
}
