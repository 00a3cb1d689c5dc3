//! People.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::caller::Requester;
use super::super::documents;
use super::super::page::{List, PageParams, Params, PathOf};
use super::super::problem::Problem;
use super::super::resource::read_json;
use super::super::state::Http;
use super::lists::{BYTES_MAX, by_name};
use super::roles::{RoleGiven, given};
use crate::base::Time;
use crate::flow::{User, UserPut as Put};

/// A person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserEntry {
    /// Their id, which the audit log cites. It stands for the name in every path.
    id: Uuid,
    /// The name they sign in with.
    #[schema(example = "ann")]
    name: String,
    /// What they are called.
    #[schema(example = "Ann Archer")]
    display_name: Option<String>,
    /// The roles that they were given themselves.
    roles: Vec<RoleGiven>,
    /// Whether they may do nothing any more.
    disabled: bool,
    /// Whether they can sign in with a password.
    has_password: bool,
    /// When they were made known.
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    /// When they last signed in.
    #[schema(value_type = Option<String>, format = DateTime)]
    signed_in_at: Option<Time>,
}

impl From<User> for UserEntry {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            has_password: user.has_password(),
            name: user.name,
            display_name: user.display_name,
            roles: user.roles.into_iter().map(RoleGiven::from).collect(),
            disabled: user.disabled,
            created_at: user.created,
            signed_in_at: user.signed_in,
        }
    }
}

/// A person and their groups.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UserDetails {
    #[serde(flatten)]
    user: UserEntry,
    /// The groups that they are in, by name.
    #[schema(example = json!(["data-platform"]))]
    groups: Vec<String>,
}

/// What is to be known of a person; what is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct UserPut {
    /// What they are called.
    #[schema(value_type = Option<documents::Caption>)]
    display_name: Option<String>,
    /// The roles that they are given themselves, all of them.
    roles: Option<Vec<RoleGiven>>,
    /// Whether they may do anything; somebody new may.
    enabled: Option<bool>,
}

/// Lists people by name.
#[utoipa::path(get, path = "/api/v1/users", tag = "access", params(PageParams), responses(
    (status = 200, description = "A page of people", body = List<UserEntry>),
    (status = 400, description = "A parameter is not understood", body = Problem)))]
pub(super) async fn list(
    State(http): State<Http>,
    Params(params): Params<PageParams>,
) -> Result<Json<List<UserEntry>>, Problem> {
    let page = params.page()?;
    let after = page.after.map(|cursor| cursor.text).unwrap_or_default();
    let users = http.app.users(&after, page.limit).await?;
    let next = by_name(&users, page.limit, |last| (&last.name, last.id));
    Ok(Json(List { items: users.into_iter().map(UserEntry::from).collect(), next }))
}

/// Tells of a person. Everybody may ask about themselves.
#[utoipa::path(get, path = "/api/v1/users/{name}", tag = "access",
    params(("name" = String, Path, description = "The person's name or id", example = "ann")),
    responses(
    (status = 200, description = "The person", body = UserDetails),
    (status = 403, description = "The asker may not know", body = Problem),
    (status = 404, description = "No such person", body = Problem)))]
pub(super) async fn get(
    State(http): State<Http>,
    asker: Requester,
    PathOf(name): PathOf<String>,
) -> Result<Json<UserDetails>, Problem> {
    let (user, groups) = http.app.user(asker.both(), &name).await?;
    Ok(Json(UserDetails { user: user.into(), groups }))
}

/// Makes a person known, or changes what is known of one.
///
/// Giving or taking a role needs the right to assign roles where it is held.
#[utoipa::path(put, path = "/api/v1/users/{name}", tag = "access",
    params(("name" = String, Path, description = "The person's name or id", example = "ann")),
    request_body(content = UserPut), responses(
    (status = 200, description = "The person", body = UserEntry),
    (status = 400, description = "Name, texts or roles are not allowed", body = Problem),
    (status = 403, description = "The asker may not give these roles", body = Problem),
    (status = 409, description = "Nobody would be left who may give roles", body = Problem)))]
pub(super) async fn put(
    State(http): State<Http>,
    asker: Requester,
    PathOf(name): PathOf<String>,
    body: Body,
) -> Result<Json<UserEntry>, Problem> {
    let put: UserPut = read_json(body, BYTES_MAX).await?;
    let UserPut { display_name, roles, enabled } = put;
    let put = Put { display_name, roles: roles.map(given), enabled };
    Ok(Json(http.app.put_user(asker.both(), &name, put).await?.into()))
}

/// Disables a person: their sessions and tokens end for good.
#[utoipa::path(delete, path = "/api/v1/users/{name}", tag = "access",
    params(("name" = String, Path, description = "The person's name or id", example = "ann")),
    responses(
    (status = 204, description = "They are disabled"),
    (status = 404, description = "No such person", body = Problem),
    (status = 409, description = "Nobody would be left who may give roles", body = Problem)))]
pub(super) async fn disable(
    State(http): State<Http>,
    asker: Requester,
    PathOf(name): PathOf<String>,
) -> Result<StatusCode, Problem> {
    http.app.disable_user(asker.both(), &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
