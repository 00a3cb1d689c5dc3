//! Tokens of people and service accounts.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::caller::Requester;
use super::super::documents;
use super::super::page::{List, PageParams, Params, PathOf};
use super::super::problem::Problem;
use super::super::resource::read_json;
use super::super::state::Http;
use super::lists::BYTES_MAX;
use crate::access::token::{Token, TokenRecord, TokenState};
use crate::access::{ActionSet, Pattern};
use crate::base::Time;
use crate::base::cursor::Cursor;
use crate::flow::TokenAsk;

/// A token, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TokenEntry {
    /// Its id, which the audit log cites.
    id: Uuid,
    /// What it is called.
    #[schema(example = "scheduler-1")]
    name: String,
    /// The last four signs of its text.
    #[schema(example = "x7Kq")]
    last4: String,
    /// `active`, `overlapping`, `rotated`, `expired`, `revoked`.
    #[schema(value_type = String, example = "active")]
    state: TokenState,
    /// The acts that it is limited to; null if by nothing but its owner's rights.
    #[schema(example = "dataset:read|dataset:search")]
    scopes: Option<String>,
    /// The namespaces that it is bound to; null if to its owner's.
    #[schema(example = json!(["airflow-prod"]))]
    namespaces: Option<Vec<String>>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Time,
    /// When it was last shown, within five minutes.
    #[schema(value_type = Option<String>, format = DateTime)]
    used_at: Option<Time>,
    /// The token in whose place it was put.
    in_place_of: Option<Uuid>,
    /// Until when it works beside the one that was put in its place.
    #[schema(value_type = Option<String>, format = DateTime)]
    overlaps_until: Option<Time>,
}

fn entry(record: TokenRecord, now: Time) -> TokenEntry {
    let namespaces = record.namespaces.as_ref();
    TokenEntry {
        id: record.id,
        state: record.state(now),
        scopes: record.scopes.as_ref().map(ToString::to_string),
        namespaces: namespaces.map(|all| all.iter().map(ToString::to_string).collect()),
        name: record.name,
        last4: record.last4,
        created_at: record.created,
        expires_at: record.expires,
        used_at: record.last_used,
        in_place_of: record.rotated_from,
        overlaps_until: record.overlap_until,
    }
}

/// What a new token is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TokenMake {
    /// What it is called.
    #[schema(value_type = documents::Name)]
    name: String,
    /// How long it lives, in days: 1 to 366; 90 if absent.
    #[schema(minimum = 1, maximum = 366, example = 90)]
    expires_in_days: Option<i64>,
    /// The acts that it is limited to, joined by `|`, such as `dataset:read|lineage:*`.
    #[schema(value_type = Option<String>, example = "event:ingest")]
    scopes: Option<ActionSet>,
    /// The namespaces that it is bound to: names, or beginnings that end in `*`.
    #[schema(value_type = Option<documents::Namespaces>)]
    namespaces: Option<Vec<Pattern>>,
}

/// How a token is to be rotated.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TokenRotate {
    /// How long the old one works yet, in hours: 0 to 168; 24 if absent.
    #[schema(minimum = 0, maximum = 168, example = 24)]
    overlap_hours: Option<i64>,
}

/// A new token.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenMade {
    /// The token's text. It is told this once.
    #[schema(example = "lethe_4fJk0QzN8sVb2Lx7Wc9TgYh3RmPd6AeU1oKiXy")]
    token: String,
    /// What is kept of it.
    #[serde(flatten)]
    entry: TokenEntry,
}

fn made(http: &Http, (record, token): (TokenRecord, Token)) -> Response {
    let entry = entry(record, http.app.now());
    let body = TokenMade { token: token.reveal().to_owned(), entry };
    (StatusCode::CREATED, Json(body)).into_response()
}

async fn list(
    (http, asker): (&Http, &Requester),
    owner: (bool, &str),
    params: &PageParams,
) -> Result<Json<List<TokenEntry>>, Problem> {
    let page = params.page()?;
    let before = page.after.map(|cursor| (Time::from_micros(cursor.number), cursor.id));
    let records = http.app.tokens(asker.both(), owner, before, page.limit).await?;
    let last = records.last().filter(|_| records.len() == page.limit);
    let next = last.map(|last| {
        let number = last.created.as_micros();
        Cursor { number, id: last.id, ..Cursor::default() }.encode()
    });
    let now = http.app.now();
    Ok(Json(List { items: records.into_iter().map(|one| entry(one, now)).collect(), next }))
}

async fn make(
    (http, asker): (&Http, &Requester),
    owner: (bool, &str),
    body: Body,
) -> Result<Response, Problem> {
    http.app.may_make_token(asker.both(), owner).await?;
    let TokenMake { name, expires_in_days: days, scopes, namespaces } =
        read_json(body, BYTES_MAX).await?;
    let ask = TokenAsk { name, days, scopes, namespaces };
    Ok(made(http, http.app.make_token(asker.both(), owner, ask).await?))
}

/// Lists the tokens of a service account, the latest first.
#[utoipa::path(get, path = "/api/v1/service-accounts/{name}/tokens", tag = "access",
    params(("name" = String, Path, description = "The account's name", example = "airflow-prod"), PageParams),
    responses(
    (status = 200, description = "A page of tokens, without their secrets", body = List<TokenEntry>),
    (status = 404, description = "No such account", body = Problem)))]
pub(super) async fn of_service(
    State(http): State<Http>,
    asker: Requester,
    PathOf(name): PathOf<String>,
    Params(params): Params<PageParams>,
) -> Result<Json<List<TokenEntry>>, Problem> {
    list((&http, &asker), (false, &name), &params).await
}

/// Makes a token of a service account. Its text is told this once.
#[utoipa::path(post, path = "/api/v1/service-accounts/{name}/tokens", tag = "access",
    params(("name" = String, Path, description = "The account's name", example = "airflow-prod")),
    request_body(content = TokenMake), responses(
    (status = 201, description = "The token", body = TokenMade),
    (status = 400, description = "It would live too long", body = Problem),
    (status = 404, description = "No such account", body = Problem),
    (status = 409, description = "The account is disabled or has too many tokens", body = Problem)))]
pub(super) async fn make_for_service(
    State(http): State<Http>,
    asker: Requester,
    PathOf(name): PathOf<String>,
    body: Body,
) -> Result<Response, Problem> {
    make((&http, &asker), (false, &name), body).await
}

/// Lists the tokens of a person, the latest first. Everybody may ask about their own.
#[utoipa::path(get, path = "/api/v1/users/{name}/tokens", tag = "access",
    params(("name" = String, Path, description = "The person's name or id", example = "ann"), PageParams),
    responses(
    (status = 200, description = "A page of tokens, without their secrets", body = List<TokenEntry>),
    (status = 403, description = "The asker may not know", body = Problem),
    (status = 404, description = "No such person", body = Problem)))]
pub(super) async fn of_user(
    State(http): State<Http>,
    asker: Requester,
    PathOf(name): PathOf<String>,
    Params(params): Params<PageParams>,
) -> Result<Json<List<TokenEntry>>, Problem> {
    list((&http, &asker), (true, &name), &params).await
}

/// Makes a token of a person. Its text is told this once.
///
/// People make their own when they are signed in; a token makes none.
#[utoipa::path(post, path = "/api/v1/users/{name}/tokens", tag = "access",
    params(("name" = String, Path, description = "The person's name or id", example = "ann")),
    request_body(content = TokenMake), responses(
    (status = 201, description = "The token", body = TokenMade),
    (status = 400, description = "It would live too long", body = Problem),
    (status = 403, description = "The asker may not, or would make more than they have", body = Problem),
    (status = 404, description = "No such person", body = Problem),
    (status = 409, description = "The person is disabled or has too many tokens", body = Problem)))]
pub(super) async fn make_for_user(
    State(http): State<Http>,
    asker: Requester,
    PathOf(name): PathOf<String>,
    body: Body,
) -> Result<Response, Problem> {
    make((&http, &asker), (true, &name), body).await
}

/// Puts a new token in the place of one; for a while both work. Its text is told this once.
#[utoipa::path(post, path = "/api/v1/tokens/{id}/rotate", tag = "access",
    params(("id" = Uuid, Path, description = "The token's id")),
    request_body(content = TokenRotate), responses(
    (status = 201, description = "The new token", body = TokenMade),
    (status = 400, description = "They would overlap too long", body = Problem),
    (status = 403, description = "The asker may not", body = Problem),
    (status = 404, description = "No such token", body = Problem),
    (status = 409, description = "It works no more, or was rotated before", body = Problem)))]
pub(super) async fn rotate(
    State(http): State<Http>,
    asker: Requester,
    PathOf(id): PathOf<Uuid>,
    body: Body,
) -> Result<Response, Problem> {
    http.app.may_rotate_token(asker.both(), id).await?;
    let rotate: TokenRotate = read_json(body, BYTES_MAX).await?;
    Ok(made(&http, http.app.rotate_token(asker.both(), id, rotate.overlap_hours).await?))
}

/// Revokes a token: it works no more, on any node, within a second.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "access",
    params(("id" = Uuid, Path, description = "The token's id")), responses(
    (status = 204, description = "It is revoked"),
    (status = 403, description = "The asker may not", body = Problem),
    (status = 404, description = "No such token", body = Problem)))]
pub(super) async fn revoke(
    State(http): State<Http>,
    asker: Requester,
    PathOf(id): PathOf<Uuid>,
) -> Result<StatusCode, Problem> {
    http.app.revoke_token(asker.both(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
