//! Service accounts of pipelines, and their tokens.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::caller::Caller;
use super::page::{List, PageParams, Params, PathOf};
use super::problem::Problem;
use super::resource::read_json;
use super::state::Http;
use crate::access::Pattern;
use crate::access::token::TokenRecord;
use crate::base::Time;
use crate::base::cursor::Cursor;
use crate::flow::Account;

/// What people send about an account has at most this size.
const BYTES_MAX: usize = 64 * 1024;

/// A service account.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AccountEntry {
    /// Its id, which the audit log cites.
    id: Uuid,
    /// Its name.
    #[schema(example = "airflow-prod")]
    name: String,
    /// The namespaces that it may post events for.
    #[schema(example = json!(["airflow-prod", "postgres://warehouse*"]))]
    namespaces: Vec<String>,
    /// Whether it may do nothing any more.
    disabled: bool,
}

impl From<Account> for AccountEntry {
    fn from(account: Account) -> Self {
        let namespaces = account.namespaces.iter().map(|one| one.as_str().to_owned()).collect();
        Self { id: account.id, name: account.name, namespaces, disabled: account.disabled }
    }
}

/// What a service account is bound to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountPut {
    /// The namespaces that it may post events for: names, or beginnings that end in `*`.
    #[schema(value_type = Vec<String>, example = json!(["airflow-prod"]))]
    namespaces: Vec<Pattern>,
}

/// A token, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TokenEntry {
    /// Its id, which the audit log cites.
    id: Uuid,
    /// What it is called.
    #[schema(example = "scheduler 1")]
    name: String,
    /// The last four signs of its text.
    #[schema(example = "x7Kq")]
    last4: String,
    /// `active`, `expired`, `revoked`, ….
    #[schema(value_type = String, example = "active")]
    state: crate::access::token::TokenState,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Time,
    /// When it was last shown, within five minutes.
    #[schema(value_type = Option<String>, format = DateTime)]
    used_at: Option<Time>,
}

fn token_entry(record: TokenRecord, now: Time) -> TokenEntry {
    TokenEntry {
        id: record.id,
        state: record.state(now),
        name: record.name,
        last4: record.last4,
        created_at: record.created,
        expires_at: record.expires,
        used_at: record.last_used,
    }
}

/// What a new token is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TokenMake {
    /// What it is called.
    #[schema(example = "scheduler-1")]
    name: String,
    /// How long it lives, in days: 1 to 366; 90 if absent.
    #[schema(example = 90)]
    expires_in_days: Option<i64>,
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

/// Lists service accounts by name.
#[utoipa::path(get, path = "/api/v1/service-accounts", tag = "access", params(PageParams), responses(
    (status = 200, description = "A page of service accounts", body = List<AccountEntry>),
    (status = 400, description = "A parameter is not understood", body = Problem)))]
pub(super) async fn list(
    State(http): State<Http>,
    Params(params): Params<PageParams>,
) -> Result<Json<List<AccountEntry>>, Problem> {
    let page = params.page()?;
    let after = page.after.map(|cursor| cursor.text).unwrap_or_default();
    let accounts = http.app.accounts(&after, page.limit).await?;
    let last = accounts.last().filter(|_| accounts.len() == page.limit);
    let next = last.map(|last| Cursor { number: 0, text: last.name.clone(), id: last.id }.encode());
    Ok(Json(List { items: accounts.into_iter().map(AccountEntry::from).collect(), next }))
}

/// Makes a service account, or binds one to other namespaces; one that was disabled works again.
#[utoipa::path(put, path = "/api/v1/service-accounts/{name}", tag = "access",
    params(("name" = String, Path, description = "The account's name", example = "airflow-prod")),
    request_body(content = AccountPut), responses(
    (status = 200, description = "The account", body = AccountEntry),
    (status = 400, description = "Name or namespaces are not allowed", body = Problem)))]
pub(super) async fn put(
    State(http): State<Http>,
    Caller(actor): Caller,
    PathOf(name): PathOf<String>,
    body: Body,
) -> Result<Json<AccountEntry>, Problem> {
    let put: AccountPut = read_json(body, BYTES_MAX).await?;
    Ok(Json(http.app.put_account(&actor, &name, put.namespaces).await?.into()))
}

/// Disables a service account: its tokens work no more.
#[utoipa::path(delete, path = "/api/v1/service-accounts/{name}", tag = "access",
    params(("name" = String, Path, description = "The account's name", example = "airflow-prod")),
    responses(
    (status = 204, description = "It is disabled"),
    (status = 404, description = "No such account", body = Problem)))]
pub(super) async fn disable(
    State(http): State<Http>,
    Caller(actor): Caller,
    PathOf(name): PathOf<String>,
) -> Result<Response, Problem> {
    http.app.disable_account(&actor, &name).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Lists the tokens of a service account, the latest first.
#[utoipa::path(get, path = "/api/v1/service-accounts/{name}/tokens", tag = "access",
    params(("name" = String, Path, description = "The account's name", example = "airflow-prod"), PageParams),
    responses(
    (status = 200, description = "A page of tokens, without their secrets", body = List<TokenEntry>),
    (status = 404, description = "No such account", body = Problem)))]
pub(super) async fn tokens(
    State(http): State<Http>,
    PathOf(name): PathOf<String>,
    Params(params): Params<PageParams>,
) -> Result<Json<List<TokenEntry>>, Problem> {
    let page = params.page()?;
    let before = page.after.map(|cursor| (Time::from_micros(cursor.number), cursor.id));
    let records = http.app.tokens(&name, before, page.limit).await?;
    let last = records.last().filter(|_| records.len() == page.limit);
    let next = last.map(|last| {
        let number = last.created.as_micros();
        Cursor { number, text: String::new(), id: last.id }.encode()
    });
    let now = http.app.now();
    Ok(Json(List { items: records.into_iter().map(|one| token_entry(one, now)).collect(), next }))
}

/// Makes a token of a service account. Its text is told this once.
#[utoipa::path(post, path = "/api/v1/service-accounts/{name}/tokens", tag = "access",
    params(("name" = String, Path, description = "The account's name", example = "airflow-prod")),
    request_body(content = TokenMake), responses(
    (status = 201, description = "The token", body = TokenMade),
    (status = 400, description = "It would live too long", body = Problem),
    (status = 404, description = "No such account", body = Problem)))]
pub(super) async fn make_token(
    State(http): State<Http>,
    Caller(actor): Caller,
    PathOf(name): PathOf<String>,
    body: Body,
) -> Result<Response, Problem> {
    let make: TokenMake = read_json(body, BYTES_MAX).await?;
    let made = http.app.make_token(&actor, &name, &make.name, make.expires_in_days).await?;
    let (record, token) = made;
    let entry = token_entry(record, http.app.now());
    let body = TokenMade { token: token.reveal().to_owned(), entry };
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// Revokes a token: it works no more, on any node, within a second.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "access",
    params(("id" = Uuid, Path, description = "The token's id")), responses(
    (status = 204, description = "It is revoked"),
    (status = 404, description = "No such token", body = Problem)))]
pub(super) async fn revoke_token(
    State(http): State<Http>,
    Caller(actor): Caller,
    PathOf(id): PathOf<Uuid>,
) -> Result<Response, Problem> {
    http.app.revoke_token(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
