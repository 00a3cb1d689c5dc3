//! Who am I?

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::caller::Requester;
use super::super::problem::Problem;
use super::super::state::Http;
use crate::access::Reach;

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
    /// The acts that any rule could ever let them do: nothing else need be offered to them.
    /// Whether they may is decided each time.
    #[schema(example = json!(["dataset:read", "dataset:search"]))]
    acts: Vec<&'static str>,
    /// The same of what is their own, and of nothing else.
    #[serde(rename = "actsOnOwn")]
    #[schema(example = json!(["token:read", "token:revoke"]))]
    acts_on_own: Vec<&'static str>,
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
    /// Puts together what is told.
    ///
    /// # Errors
    ///
    /// If their token does not let them ask, or that cannot be recorded.
    pub(super) async fn of(http: &Http, asker: &Requester) -> Result<Self, Problem> {
        let roles = http.app.roles_held(asker.both()).await?;
        let acts = http.app.acts_within_reach(&asker.known);
        let acts = |wanted: Reach| {
            let of = acts.iter().filter(|(_, reach)| *reach == wanted);
            of.map(|(act, _)| act.as_str()).collect()
        };
        let principal = asker.known.principal();
        let namespaces = principal.namespaces.as_ref();
        Ok(Self {
            id: Some(principal.id).filter(|id| !id.is_nil()),
            kind: principal.kind.as_str().to_owned(),
            name: principal.name.clone(),
            auth: principal.auth.to_string(),
            groups: principal.groups.clone(),
            roles: roles.into_iter().map(|(role, domain)| HeldRole { role, domain }).collect(),
            scopes: principal.scopes.as_ref().map(ToString::to_string),
            namespaces: namespaces.map(|all| all.iter().map(ToString::to_string).collect()),
            acts: acts(Reach::Others),
            acts_on_own: acts(Reach::Own),
        })
    }
}

/// Tells whoever asks who they are, and what they hold.
#[utoipa::path(get, path = "/api/v1/me", tag = "access", responses(
    (status = 200, description = "Whoever asks", body = Me),
    (status = 403, description = "Their token does not let them ask", body = Problem)))]
pub(super) async fn me(State(http): State<Http>, asker: Requester) -> Result<Json<Me>, Problem> {
    Ok(Json(Me::of(&http, &asker).await?))
}
