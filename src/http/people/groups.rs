//! Groups and their members.

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
use crate::flow::{Group, GroupPut as Put, User};

/// A group.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GroupEntry {
    /// Its id, which the audit log cites.
    id: Uuid,
    /// Its name.
    #[schema(example = "data-platform")]
    name: String,
    /// What it is.
    description: Option<String>,
    /// The roles that its members hold by it.
    roles: Vec<RoleGiven>,
    /// Whether it gives nothing any more.
    disabled: bool,
}

impl From<Group> for GroupEntry {
    fn from(group: Group) -> Self {
        let roles = group.roles.into_iter().map(RoleGiven::from).collect();
        let Group { id, name, description, disabled, .. } = group;
        Self { id, name, description, roles, disabled }
    }
}

/// What a group is to be; what is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupPut {
    /// What it is.
    #[schema(value_type = Option<documents::Caption>)]
    description: Option<String>,
    /// The roles that its members hold by it, all of them.
    roles: Option<Vec<RoleGiven>>,
    /// Whether it gives anything; a new one does.
    enabled: Option<bool>,
}

/// A member of a group.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MemberEntry {
    /// The person's id.
    id: Uuid,
    /// The person's name.
    #[schema(example = "ann")]
    name: String,
    /// What they are called.
    display_name: Option<String>,
    /// Whether they may do nothing any more.
    disabled: bool,
}

impl From<User> for MemberEntry {
    fn from(user: User) -> Self {
        let User { id, name, display_name, disabled, .. } = user;
        Self { id, name, display_name, disabled }
    }
}

/// Lists groups by name.
#[utoipa::path(get, path = "/api/v1/groups", tag = "access", params(PageParams), responses(
    (status = 200, description = "A page of groups", body = List<GroupEntry>),
    (status = 400, description = "A parameter is not understood", body = Problem)))]
pub(super) async fn list(
    State(http): State<Http>,
    Params(params): Params<PageParams>,
) -> Result<Json<List<GroupEntry>>, Problem> {
    let page = params.page()?;
    let after = page.after.map(|cursor| cursor.text).unwrap_or_default();
    let groups = http.app.groups(&after, page.limit).await?;
    let next = by_name(&groups, page.limit, |last| (&last.name, last.id));
    Ok(Json(List { items: groups.into_iter().map(GroupEntry::from).collect(), next }))
}

/// Tells of a group.
#[utoipa::path(get, path = "/api/v1/groups/{name}", tag = "access",
    params(("name" = String, Path, description = "The group's name or id", example = "data-platform")),
    responses(
    (status = 200, description = "The group", body = GroupEntry),
    (status = 404, description = "No such group", body = Problem)))]
pub(super) async fn get(
    State(http): State<Http>,
    PathOf(name): PathOf<String>,
) -> Result<Json<GroupEntry>, Problem> {
    Ok(Json(http.app.group(&name).await?.into()))
}

/// Makes a group, or changes one.
///
/// Giving or taking a role needs the right to assign roles where it is held.
#[utoipa::path(put, path = "/api/v1/groups/{name}", tag = "access",
    params(("name" = String, Path, description = "The group's name or id", example = "data-platform")),
    request_body(content = GroupPut), responses(
    (status = 200, description = "The group", body = GroupEntry),
    (status = 400, description = "Name, text or roles are not allowed", body = Problem),
    (status = 403, description = "The asker may not give these roles", body = Problem),
    (status = 409, description = "Nobody would be left who may give roles", body = Problem)))]
pub(super) async fn put(
    State(http): State<Http>,
    asker: Requester,
    PathOf(name): PathOf<String>,
    body: Body,
) -> Result<Json<GroupEntry>, Problem> {
    let put: GroupPut = read_json(body, BYTES_MAX).await?;
    let GroupPut { description, roles, enabled } = put;
    let put = Put { description, roles: roles.map(given), enabled };
    Ok(Json(http.app.put_group(asker.both(), &name, put).await?.into()))
}

/// Disables a group: its members hold its roles no more.
#[utoipa::path(delete, path = "/api/v1/groups/{name}", tag = "access",
    params(("name" = String, Path, description = "The group's name or id", example = "data-platform")),
    responses(
    (status = 204, description = "It is disabled"),
    (status = 404, description = "No such group", body = Problem),
    (status = 409, description = "Nobody would be left who may give roles", body = Problem)))]
pub(super) async fn disable(
    State(http): State<Http>,
    asker: Requester,
    PathOf(name): PathOf<String>,
) -> Result<StatusCode, Problem> {
    http.app.disable_group(asker.both(), &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists the members of a group by name.
#[utoipa::path(get, path = "/api/v1/groups/{name}/members", tag = "access",
    params(("name" = String, Path, description = "The group's name or id", example = "data-platform"), PageParams),
    responses(
    (status = 200, description = "A page of members", body = List<MemberEntry>),
    (status = 404, description = "No such group", body = Problem)))]
pub(super) async fn members(
    State(http): State<Http>,
    PathOf(name): PathOf<String>,
    Params(params): Params<PageParams>,
) -> Result<Json<List<MemberEntry>>, Problem> {
    let page = params.page()?;
    let after = page.after.map(|cursor| cursor.text).unwrap_or_default();
    let users = http.app.members(&name, &after, page.limit).await?;
    let next = by_name(&users, page.limit, |last| (&last.name, last.id));
    Ok(Json(List { items: users.into_iter().map(MemberEntry::from).collect(), next }))
}

/// Puts a person into a group.
///
/// That gives them the group's roles, so it needs the right to assign these.
#[utoipa::path(put, path = "/api/v1/groups/{name}/members/{user}", tag = "access",
    params(("name" = String, Path, description = "The group's name or id", example = "data-platform"),
        ("user" = String, Path, description = "The person's name or id", example = "ann")),
    responses(
    (status = 204, description = "They are in it"),
    (status = 403, description = "The asker may not give the group's roles", body = Problem),
    (status = 404, description = "No such group or person", body = Problem)))]
pub(super) async fn add_member(
    State(http): State<Http>,
    asker: Requester,
    PathOf((group, user)): PathOf<(String, String)>,
) -> Result<StatusCode, Problem> {
    http.app.set_member(asker.both(), (&group, &user), true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a person out of a group.
#[utoipa::path(delete, path = "/api/v1/groups/{name}/members/{user}", tag = "access",
    params(("name" = String, Path, description = "The group's name or id", example = "data-platform"),
        ("user" = String, Path, description = "The person's name or id", example = "ann")),
    responses(
    (status = 204, description = "They are not in it"),
    (status = 403, description = "The asker may not take the group's roles", body = Problem),
    (status = 404, description = "No such group or person", body = Problem),
    (status = 409, description = "Nobody would be left who may give roles", body = Problem)))]
pub(super) async fn remove_member(
    State(http): State<Http>,
    asker: Requester,
    PathOf((group, user)): PathOf<(String, String)>,
) -> Result<StatusCode, Problem> {
    http.app.set_member(asker.both(), (&group, &user), false).await?;
    Ok(StatusCode::NO_CONTENT)
}
