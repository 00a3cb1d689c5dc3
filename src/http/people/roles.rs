//! Roles: which there are, and how they are given.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::documents;
use super::super::state::Http;
use crate::access::Pattern;
use crate::flow::{Given, RoleEntry as Entry};

/// A role that somebody was given.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleGiven {
    /// The role's name.
    #[schema(example = "steward")]
    role: String,
    /// The domains in which it is held: a path, everything under one (`clinical/*`), or `*`,
    /// which is everywhere.
    #[serde(default = "Pattern::any")]
    #[schema(value_type = documents::Domain)]
    domain: Pattern,
}

impl From<Given> for RoleGiven {
    fn from(Given { role, domain }: Given) -> Self {
        Self { role, domain }
    }
}

/// Takes given roles to the use cases.
pub(super) fn given(roles: Vec<RoleGiven>) -> Vec<Given> {
    roles.into_iter().map(|RoleGiven { role, domain }| Given { role, domain }).collect()
}

/// A role of the rules in force.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoleEntry {
    /// Its name.
    #[schema(example = "steward")]
    name: String,
    /// The roles that it includes, directly or through others.
    #[schema(example = json!(["contributor", "viewer"]))]
    includes: Vec<String>,
    /// The rules that are about it alone.
    #[schema(example = json!(["steward-catalog", "steward-hide"]))]
    rules: Vec<String>,
}

/// The roles of the rules in force.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RoleList {
    /// The version of the rules.
    #[schema(example = 1)]
    policy_version: i64,
    /// The roles, by name. There are as many as the rules name.
    items: Vec<RoleEntry>,
}

/// Lists the roles of the rules in force.
#[utoipa::path(get, path = "/api/v1/roles", tag = "access", responses(
    (status = 200, description = "All roles that can be given", body = RoleList)))]
pub(super) async fn list(State(http): State<Http>) -> Json<RoleList> {
    let (policy_version, roles) = http.app.roles();
    let entry = |Entry { name, includes, rules }| RoleEntry { name, includes, rules };
    Json(RoleList { policy_version, items: roles.into_iter().map(entry).collect() })
}
