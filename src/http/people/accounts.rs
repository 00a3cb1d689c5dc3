//! Service accounts of pipelines and other programs.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::caller::{Caller, Requester};
use super::super::documents;
use super::super::page::{List, PageParams, Params, PathOf};
use super::super::problem::Problem;
use super::super::resource::read_json;
use super::super::state::Http;
use super::lists::{BYTES_MAX, by_name};
use super::roles::{RoleGiven, given};
use crate::access::Pattern;
use crate::flow::{Account, AccountPut as Put};

/// A service account.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccountEntry {
    /// Its id, which the audit log cites.
    id: Uuid,
    /// Its name.
    #[schema(example = "airflow-prod")]
    name: String,
    /// The namespaces that it may post events for.
    #[schema(example = json!(["airflow-prod", "postgres://warehouse*"]))]
    namespaces: Vec<String>,
    /// Further namespaces whose datasets are its own.
    #[schema(example = json!(["postgres://warehouse*"]))]
    dataset_namespaces: Vec<String>,
    /// The roles that it was given.
    roles: Vec<RoleGiven>,
    /// Whether it may do nothing any more.
    disabled: bool,
}

impl From<Account> for AccountEntry {
    fn from(account: Account) -> Self {
        let texts = |patterns: &[Pattern]| -> Vec<String> {
            patterns.iter().map(|one| one.as_str().to_owned()).collect()
        };
        Self {
            id: account.id,
            namespaces: texts(&account.namespaces),
            dataset_namespaces: texts(&account.dataset_namespaces),
            name: account.name,
            roles: account.roles.into_iter().map(RoleGiven::from).collect(),
            disabled: account.disabled,
        }
    }
}

/// What a service account is to be; what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AccountPut {
    /// The namespaces that it may post events for, all of them: names, or beginnings that end in `*`.
    #[schema(value_type = Option<documents::Namespaces>)]
    namespaces: Option<Vec<Pattern>>,
    /// Further namespaces whose datasets are its own: what others say of these counts less. They
    /// let it post nothing more.
    #[schema(value_type = Option<documents::Namespaces>)]
    dataset_namespaces: Option<Vec<Pattern>>,
    /// The roles that it is given, all of them. Without namespaces there must be some.
    roles: Option<Vec<RoleGiven>>,
    /// Whether it may do anything; a new one may, one that was disabled may not until this is true.
    enabled: Option<bool>,
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
    let next = by_name(&accounts, page.limit, |last| (&last.name, last.id));
    Ok(Json(List { items: accounts.into_iter().map(AccountEntry::from).collect(), next }))
}

/// Makes a service account, or changes one; one that was disabled stays so unless `enabled` is true.
#[utoipa::path(put, path = "/api/v1/service-accounts/{name}", tag = "access",
    params(("name" = String, Path, description = "The account's name", example = "airflow-prod")),
    request_body(content = AccountPut), responses(
    (status = 200, description = "The account", body = AccountEntry),
    (status = 400, description = "Name, namespaces or roles are not allowed", body = Problem),
    (status = 403, description = "The asker may not give these roles", body = Problem)))]
pub(super) async fn put(
    State(http): State<Http>,
    asker: Requester,
    PathOf(name): PathOf<String>,
    body: Body,
) -> Result<Json<AccountEntry>, Problem> {
    let put: AccountPut = read_json(body, BYTES_MAX).await?;
    let AccountPut { namespaces, dataset_namespaces, roles, enabled } = put;
    let put = Put { namespaces, dataset_namespaces, roles: roles.map(given), enabled };
    Ok(Json(http.app.put_account(asker.both(), &name, put).await?.into()))
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
