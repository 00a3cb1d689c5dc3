//! Who am I?

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::caller::Requester;
use super::super::problem::Problem;
use super::super::state::Http;
use crate::access::Principal;

/// Whoever asks, as they are known.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Me {
    /// Their id, which the audit log cites; absent where nobody is asked who they are.
    id: Option<Uuid>,
    /// What they are: `user`, `service`, `system` or `anonymous`.
    #[schema(example = "user")]
    kind: String,
    /// Their name.
    #[schema(example = "ann")]
    name: String,
    /// How they were recognised: `token`, `session`, `password`, or `none`.
    #[schema(example = "session")]
    auth: String,
    /// The groups that they are in.
    #[schema(example = json!(["data-platform"]))]
    groups: Vec<String>,
    /// The roles that they hold, and where.
    roles: Vec<HeldRole>,
    /// What their token is limited to; null if by nothing.
    #[schema(example = "dataset:read|dataset:search")]
    scopes: Option<String>,
    /// The namespaces that they are bound to; null if to none.
    #[schema(example = json!(["airflow-prod"]))]
    namespaces: Option<Vec<String>>,
}

/// A role that is held.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HeldRole {
    /// The role's name.
    #[schema(example = "steward")]
    role: String,
    /// The domains in which it is held; `*` is everywhere.
    #[schema(example = "*")]
    domain: String,
}

impl Me {
    pub(super) fn of(principal: &Principal, roles: Vec<(String, String)>) -> Self {
        let namespaces = principal.namespaces.as_ref();
        Self {
            id: Some(principal.id).filter(|id| !id.is_nil()),
            kind: principal.kind.as_str().to_owned(),
            name: principal.name.clone(),
            auth: principal.auth.to_string(),
            groups: principal.groups.clone(),
            roles: roles.into_iter().map(|(role, domain)| HeldRole { role, domain }).collect(),
            scopes: principal.scopes.as_ref().map(ToString::to_string),
            namespaces: namespaces.map(|all| all.iter().map(ToString::to_string).collect()),
        }
    }
}

/// Tells whoever asks who they are, and what they hold.
#[utoipa::path(get, path = "/api/v1/me", tag = "access", responses(
    (status = 200, description = "Whoever asks", body = Me),
    (status = 403, description = "Their token does not let them ask", body = Problem)))]
pub(super) async fn me(State(http): State<Http>, asker: Requester) -> Result<Json<Me>, Problem> {
    let roles = http.app.roles_held(asker.both()).await?;
    Ok(Json(Me::of(asker.known.principal(), roles)))
}
