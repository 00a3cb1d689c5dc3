//! Passwords.

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::super::caller::Requester;
use super::super::page::PathOf;
use super::super::problem::Problem;
use super::super::resource::read_json;
use super::super::state::Http;
use super::lists::BYTES_MAX;

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordPut {
    /// The new one: at least 12 characters, at most 1024 bytes.
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 1024, example = "correct horse battery")]
    password: Zeroizing<String>,
    /// The one until now, where people set their own.
    #[schema(value_type = Option<String>, format = Password)]
    current: Option<Zeroizing<String>>,
}

/// Sets a person's password. Their other sessions end.
///
/// People set their own when they are signed in, not by a token.
#[utoipa::path(put, path = "/api/v1/users/{name}/password", tag = "access",
    params(("name" = String, Path, description = "The person's name or id", example = "ann")),
    request_body(content = PasswordPut), responses(
    (status = 204, description = "It is set"),
    (status = 400, description = "It is too short or too long, or the one until now is not right", body = Problem),
    (status = 403, description = "The asker may not", body = Problem),
    (status = 404, description = "No such person", body = Problem),
    (status = 503, description = "Too many passwords wait to be hashed", body = Problem)))]
pub(super) async fn put(
    State(http): State<Http>,
    asker: Requester,
    PathOf(name): PathOf<String>,
    body: Body,
) -> Result<StatusCode, Problem> {
    http.app.may_set_password(asker.both(), &name).await?;
    let PasswordPut { password, current } = read_json(body, BYTES_MAX).await?;
    http.app.set_password(asker.both(), &name, (password, current)).await?;
    Ok(StatusCode::NO_CONTENT)
}
