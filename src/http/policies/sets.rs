//! Drafting, reading, activating and dropping sets of rules.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::super::caller::{Caller, Requester};
use super::super::page::{List, PageParams, Params, PathOf};
use super::super::problem::Problem;
use super::super::resource::read_json;
use super::super::state::Http;
use super::dto::{
    Activate, DiffEntry, DraftMake, DraftedBody, Findings, GetParams, PolicyBody, PolicyEntry,
};
use crate::base::cursor::Cursor;
use crate::flow::Draft;

/// A set of rules may have this size over HTTP.
const DRAFT_BYTES_MAX: usize = 32 * 1024 * 1024;
const ACTIVATE_BYTES_MAX: usize = 16 * 1024;

/// Lists sets of rules, the latest first.
#[utoipa::path(get, path = "/api/v1/policies", tag = "policy", params(PageParams), responses(
    (status = 200, description = "A page of sets, without their rules", body = List<PolicyEntry>),
    (status = 400, description = "A parameter is not understood", body = Problem)))]
pub(super) async fn list(
    State(http): State<Http>,
    Params(params): Params<PageParams>,
) -> Result<Json<List<PolicyEntry>>, Problem> {
    let page = params.page()?;
    let before = page.after.map_or(i64::MAX, |cursor| cursor.number);
    let sets = http.app.policies(before, page.limit).await?;
    let last = sets.last().filter(|_| sets.len() == page.limit);
    let next = last.map(|last| Cursor { number: last.version, ..Cursor::default() }.encode());
    Ok(Json(List { items: sets.into_iter().map(PolicyEntry::from).collect(), next }))
}

/// Tells a set of rules, and how it differs from another.
#[utoipa::path(get, path = "/api/v1/policies/{version}", tag = "policy",
    params(("version" = i64, Path, description = "The set's number", example = 1), GetParams),
    responses(
    (status = 200, description = "The set", body = PolicyBody),
    (status = 404, description = "No such set", body = Problem)))]
pub(super) async fn get(
    State(http): State<Http>,
    PathOf(version): PathOf<i64>,
    Params(params): Params<GetParams>,
) -> Result<Json<PolicyBody>, Problem> {
    told(&http, version, params).await
}

/// Tells the set of rules in force.
#[utoipa::path(get, path = "/api/v1/policies/active", tag = "policy", params(GetParams), responses(
    (status = 200, description = "The set", body = PolicyBody),
    (status = 404, description = "No set to compare with", body = Problem)))]
pub(super) async fn active(
    State(http): State<Http>,
    Params(params): Params<GetParams>,
) -> Result<Json<PolicyBody>, Problem> {
    let version = http.app.active_policy().await?;
    told(&http, version, params).await
}

async fn told(http: &Http, version: i64, params: GetParams) -> Result<Json<PolicyBody>, Problem> {
    let detail = http.app.policy(version).await?;
    let diff = match params.against {
        Some(older) => Some(DiffEntry::of(older, http.app.policy_diff(&detail, older).await?)),
        None => None,
    };
    Ok(Json(PolicyBody::of(detail, diff)))
}

/// Lists what looks like a mistake in a set of rules.
#[utoipa::path(get, path = "/api/v1/policies/{version}/lint", tag = "policy",
    params(("version" = i64, Path, description = "The set's number", example = 1)), responses(
    (status = 200, description = "What the linter found", body = Findings),
    (status = 404, description = "No such set", body = Problem)))]
pub(super) async fn lint(
    State(http): State<Http>,
    PathOf(version): PathOf<i64>,
) -> Result<Json<Findings>, Problem> {
    Ok(Json(http.app.policy_lint(version).await?.into()))
}

/// Writes a draft of rules. Nothing is in force until it is activated.
#[utoipa::path(post, path = "/api/v1/policies", tag = "policy",
    request_body(content = DraftMake), responses(
    (status = 201, description = "The draft, and what looks like a mistake in it", body = DraftedBody),
    (status = 413, description = "It is too large", body = Problem),
    (status = 422, description = "The text is no set of rules; every fault with its line", body = Problem)))]
pub(super) async fn draft(
    State(http): State<Http>,
    Caller(actor): Caller,
    body: Body,
) -> Result<Response, Problem> {
    let DraftMake { csv, cases, note } = read_json(body, DRAFT_BYTES_MAX).await?;
    let drafted = http.app.draft_policy(&actor, Draft { csv, cases, note }).await?;
    let body = DraftedBody { entry: drafted.summary.into(), findings: drafted.findings.into() };
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// Puts a set of rules into force on every node, or one back that was in force before.
///
/// The cases that Lethe ships and those given with the set must come out as they say. Rules that
/// open everything to more than those in force do take somebody who holds such a role, and no
/// person's token.
#[utoipa::path(post, path = "/api/v1/policies/{version}/activate", tag = "policy",
    params(("version" = i64, Path, description = "The set's number", example = 1)),
    request_body(content = Activate), responses(
    (status = 200, description = "It is in force", body = PolicyEntry),
    (status = 404, description = "No such set", body = Problem),
    (status = 409, description = "Cases fail, nobody could change the rules any more, or another set is in force than expected", body = Problem)))]
pub(super) async fn activate(
    State(http): State<Http>,
    asker: Requester,
    PathOf(version): PathOf<i64>,
    body: Body,
) -> Result<Json<PolicyEntry>, Problem> {
    let Activate { expected_active, waive_shipped_cases } =
        read_json(body, ACTIVATE_BYTES_MAX).await?;
    let asker = asker.both();
    let summary =
        http.app.activate_policy(asker, version, expected_active, waive_shipped_cases).await?;
    Ok(Json(summary.into()))
}

/// Drops a draft. Its number is not given again.
#[utoipa::path(delete, path = "/api/v1/policies/{version}", tag = "policy",
    params(("version" = i64, Path, description = "The draft's number", example = 4)), responses(
    (status = 204, description = "It is dropped"),
    (status = 404, description = "No such set", body = Problem),
    (status = 409, description = "It is or was in force", body = Problem)))]
pub(super) async fn drop_draft(
    State(http): State<Http>,
    Caller(actor): Caller,
    PathOf(version): PathOf<i64>,
) -> Result<Response, Problem> {
    http.app.drop_policy(&actor, version).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
