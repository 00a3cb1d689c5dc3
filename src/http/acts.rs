//! Which act each route is. What is not listed here is refused.
//!
//! One table, so that an auditor reads it in one place; a test compares it with the routes.

use axum::http::Method;

use crate::access::Action;

/// What has to be decided before a route is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Nothing: health, signing in, and pages that hold no data.
    Open,
    /// Whether the caller may do this.
    Act(Action),
    /// Whether the caller may do this to each thing that the request is about: the handler asks.
    Each(Action),
    /// Whether any rule could ever let the caller do this; the handler works on the catalog
    /// as the caller may see it, where everything is decided on by itself.
    Seen(Action),
}

impl Gate {
    /// Returns the act that is decided about; nothing where nothing is.
    #[must_use]
    pub fn action(self) -> Option<Action> {
        match self {
            Self::Open => None,
            Self::Act(action) | Self::Each(action) | Self::Seen(action) => Some(action),
        }
    }
}

use Action as A;
use Gate::{Act, Each, Open, Seen};

/// Method, path, gate.
pub const GATES: &[(&str, &str, Gate)] = &[
    ("GET", "/livez", Open),
    ("GET", "/readyz", Open),
    ("GET", "/metrics", Act(A::OperationMetrics)),
    ("GET", "/api/openapi.json", Open),
    ("GET", "/api/docs", Open),
    ("GET", "/api/docs/", Open),
    ("GET", "/api/docs/{*rest}", Open),
    ("GET", "/api/v1/followers", Act(A::OperationFollowers)),
    // Events.
    ("POST", "/api/v1/lineage", Each(A::EventIngest)),
    ("POST", "/api/v1/lineage/batch", Each(A::EventIngest)),
    ("POST", "/api/v1/events/import", Each(A::EventImport)),
    ("GET", "/api/v1/events", Seen(A::EventRead)),
    ("GET", "/api/v1/events/{id}", Seen(A::EventRead)),
    ("GET", "/api/v1/events/lineage", Seen(A::EventRead)),
    ("GET", "/api/v1/dead-letters", Seen(A::DeadLetterRead)),
    ("GET", "/api/v1/dead-letters/{id}", Seen(A::DeadLetterRead)),
    ("DELETE", "/api/v1/dead-letters/{id}", Seen(A::DeadLetterDelete)),
    ("POST", "/api/v1/dead-letters/{id}/replay", Seen(A::DeadLetterReplay)),
    // Datasets.
    ("GET", "/api/v1/datasets", Seen(A::DatasetSearch)),
    ("PUT", "/api/v1/datasets", Seen(A::DatasetEdit)),
    ("GET", "/api/v1/datasets/{id}", Seen(A::DatasetRead)),
    ("DELETE", "/api/v1/datasets/{id}", Seen(A::DatasetDelete)),
    ("POST", "/api/v1/datasets/{id}/undelete", Seen(A::DatasetDelete)),
    ("GET", "/api/v1/datasets/{id}/schemas", Seen(A::DatasetReadFields)),
    ("PUT", "/api/v1/datasets/{id}/tags/{tag}", Seen(A::DatasetClassify)),
    ("DELETE", "/api/v1/datasets/{id}/tags/{tag}", Seen(A::DatasetClassify)),
    ("PUT", "/api/v1/datasets/{id}/columns/{column}/tags/{tag}", Seen(A::DatasetClassify)),
    ("DELETE", "/api/v1/datasets/{id}/columns/{column}/tags/{tag}", Seen(A::DatasetClassify)),
    ("PUT", "/api/v1/datasets/{id}/columns/{column}/description", Seen(A::DatasetEdit)),
    ("GET", "/api/v1/namespaces/{namespace}/datasets", Seen(A::DatasetSearch)),
    ("GET", "/api/v1/namespaces/{namespace}/datasets/{dataset}", Seen(A::DatasetRead)),
    ("PUT", "/api/v1/namespaces/{namespace}/datasets/{dataset}", Seen(A::DatasetEdit)),
    ("DELETE", "/api/v1/namespaces/{namespace}/datasets/{dataset}", Seen(A::DatasetDelete)),
    ("GET", "/api/v1/namespaces/{namespace}/datasets/{dataset}/versions", Seen(A::DatasetRead)),
    (
        "GET",
        "/api/v1/namespaces/{namespace}/datasets/{dataset}/versions/{version}",
        Seen(A::DatasetRead),
    ),
    (
        "POST",
        "/api/v1/namespaces/{namespace}/datasets/{dataset}/tags/{tag}",
        Seen(A::DatasetClassify),
    ),
    (
        "DELETE",
        "/api/v1/namespaces/{namespace}/datasets/{dataset}/tags/{tag}",
        Seen(A::DatasetClassify),
    ),
    (
        "POST",
        "/api/v1/namespaces/{namespace}/datasets/{dataset}/fields/{field}/tags/{tag}",
        Seen(A::DatasetClassify),
    ),
    (
        "DELETE",
        "/api/v1/namespaces/{namespace}/datasets/{dataset}/fields/{field}/tags/{tag}",
        Seen(A::DatasetClassify),
    ),
    ("GET", "/api/v1/changes", Seen(A::DatasetSearch)),
    // Jobs and runs.
    ("GET", "/api/v1/jobs", Seen(A::JobSearch)),
    ("GET", "/api/v1/jobs/{id}", Seen(A::JobRead)),
    ("DELETE", "/api/v1/jobs/{id}", Seen(A::JobDelete)),
    ("POST", "/api/v1/jobs/{id}/undelete", Seen(A::JobDelete)),
    ("GET", "/api/v1/jobs/{id}/runs", Seen(A::RunRead)),
    ("GET", "/api/v1/runs/{id}", Seen(A::RunRead)),
    ("GET", "/api/v1/runs/{id}/children", Seen(A::RunRead)),
    ("GET", "/api/v1/namespaces/{namespace}/jobs", Seen(A::JobSearch)),
    ("GET", "/api/v1/namespaces/{namespace}/jobs/{job}", Seen(A::JobRead)),
    ("PUT", "/api/v1/namespaces/{namespace}/jobs/{job}", Seen(A::JobEdit)),
    ("DELETE", "/api/v1/namespaces/{namespace}/jobs/{job}", Seen(A::JobDelete)),
    ("GET", "/api/v1/namespaces/{namespace}/jobs/{job}/versions", Seen(A::JobRead)),
    ("GET", "/api/v1/namespaces/{namespace}/jobs/{job}/versions/{version}", Seen(A::JobRead)),
    ("POST", "/api/v1/namespaces/{namespace}/jobs/{job}/tags/{tag}", Seen(A::JobEdit)),
    ("DELETE", "/api/v1/namespaces/{namespace}/jobs/{job}/tags/{tag}", Seen(A::JobEdit)),
    ("GET", "/api/v1/namespaces/{namespace}/jobs/{job}/runs", Seen(A::RunRead)),
    ("POST", "/api/v1/namespaces/{namespace}/jobs/{job}/runs", Seen(A::RunEdit)),
    ("GET", "/api/v1/jobs/runs/{id}", Seen(A::RunRead)),
    ("GET", "/api/v1/jobs/runs/{id}/facets", Seen(A::RunRead)),
    ("POST", "/api/v1/jobs/runs/{id}/start", Seen(A::RunEdit)),
    ("POST", "/api/v1/jobs/runs/{id}/complete", Seen(A::RunEdit)),
    ("POST", "/api/v1/jobs/runs/{id}/fail", Seen(A::RunEdit)),
    ("POST", "/api/v1/jobs/runs/{id}/abort", Seen(A::RunEdit)),
    // Lineage.
    ("GET", "/api/v1/lineage", Seen(A::LineageRead)),
    ("GET", "/api/v1/lineage/graph", Seen(A::LineageRead)),
    ("GET", "/api/v1/lineage/impact", Seen(A::LineageRead)),
    ("GET", "/api/v1/lineage/paths", Seen(A::LineageRead)),
    ("GET", "/api/v1/lineage/diff", Seen(A::LineageRead)),
    ("GET", "/api/v1/lineage/export", Seen(A::LineageExport)),
    ("GET", "/api/v1/column-lineage", Seen(A::LineageRead)),
    ("GET", "/api/v1/runlineage/upstream", Seen(A::LineageRead)),
    // Search.
    ("GET", "/api/v1/catalog/search", Seen(A::DatasetSearch)),
    ("GET", "/api/v1/catalog/suggest", Seen(A::DatasetSearch)),
    ("GET", "/api/v1/catalog/explain", Seen(A::DatasetSearch)),
    ("GET", "/api/v1/search", Seen(A::DatasetSearch)),
    ("GET", "/api/v1/stats/datasets", Seen(A::DatasetSearch)),
    ("GET", "/api/v1/stats/jobs", Seen(A::JobSearch)),
    ("GET", "/api/v1/stats/sources", Seen(A::SourceRead)),
    ("GET", "/api/v1/stats/lineage-events", Seen(A::EventRead)),
    // Namespaces, sources, tags.
    ("GET", "/api/v1/namespaces", Seen(A::NamespaceRead)),
    ("GET", "/api/v1/namespaces/{namespace}", Seen(A::NamespaceRead)),
    ("PUT", "/api/v1/namespaces/{namespace}", Seen(A::NamespaceEdit)),
    ("DELETE", "/api/v1/namespaces/{namespace}", Seen(A::NamespaceDelete)),
    ("GET", "/api/v1/sources", Seen(A::SourceRead)),
    ("GET", "/api/v1/sources/{source}", Seen(A::SourceRead)),
    ("PUT", "/api/v1/sources/{source}", Seen(A::SourceEdit)),
    ("GET", "/api/v1/tags", Seen(A::TagRead)),
    ("PUT", "/api/v1/tags/{tag}", Seen(A::TagWrite)),
    // Who is known.
    ("GET", "/sign-in", Open),
    ("POST", "/api/v1/session", Open),
    ("GET", "/api/v1/session", Each(A::UserRead)),
    ("DELETE", "/api/v1/session", Each(A::SessionRevoke)),
    ("GET", "/api/v1/me", Each(A::UserRead)),
    ("GET", "/api/v1/users", Act(A::UserRead)),
    ("GET", "/api/v1/users/{name}", Each(A::UserRead)),
    ("PUT", "/api/v1/users/{name}", Act(A::UserWrite)),
    ("DELETE", "/api/v1/users/{name}", Act(A::UserWrite)),
    ("PUT", "/api/v1/users/{name}/password", Each(A::UserPassword)),
    ("GET", "/api/v1/users/{name}/sessions", Each(A::SessionRead)),
    ("DELETE", "/api/v1/users/{name}/sessions", Each(A::SessionRevoke)),
    ("DELETE", "/api/v1/users/{name}/sessions/{id}", Each(A::SessionRevoke)),
    ("GET", "/api/v1/users/{name}/tokens", Each(A::TokenRead)),
    ("POST", "/api/v1/users/{name}/tokens", Each(A::TokenCreate)),
    ("GET", "/api/v1/groups", Act(A::GroupRead)),
    ("GET", "/api/v1/groups/{name}", Act(A::GroupRead)),
    ("PUT", "/api/v1/groups/{name}", Act(A::GroupWrite)),
    ("DELETE", "/api/v1/groups/{name}", Act(A::GroupWrite)),
    ("GET", "/api/v1/groups/{name}/members", Act(A::GroupRead)),
    ("PUT", "/api/v1/groups/{name}/members/{user}", Act(A::GroupWrite)),
    ("DELETE", "/api/v1/groups/{name}/members/{user}", Act(A::GroupWrite)),
    ("GET", "/api/v1/roles", Act(A::RoleRead)),
    ("GET", "/api/v1/service-accounts", Act(A::ServiceAccountRead)),
    ("PUT", "/api/v1/service-accounts/{name}", Act(A::ServiceAccountWrite)),
    ("DELETE", "/api/v1/service-accounts/{name}", Act(A::ServiceAccountWrite)),
    ("GET", "/api/v1/service-accounts/{name}/strangers", Act(A::ServiceAccountWrite)),
    ("GET", "/api/v1/service-accounts/{name}/tokens", Each(A::TokenRead)),
    ("POST", "/api/v1/service-accounts/{name}/tokens", Each(A::TokenCreate)),
    ("POST", "/api/v1/tokens/{id}/rotate", Each(A::TokenCreate)),
    ("DELETE", "/api/v1/tokens/{id}", Each(A::TokenRevoke)),
    // Who may do what.
    ("GET", "/api/v1/policies", Act(A::PolicyRead)),
    ("POST", "/api/v1/policies", Act(A::PolicyDraft)),
    ("GET", "/api/v1/policies/active", Act(A::PolicyRead)),
    ("GET", "/api/v1/policies/{version}", Act(A::PolicyRead)),
    ("DELETE", "/api/v1/policies/{version}", Act(A::PolicyDraft)),
    ("GET", "/api/v1/policies/{version}/lint", Act(A::PolicyRead)),
    ("POST", "/api/v1/policies/{version}/activate", Act(A::PolicyActivate)),
    ("POST", "/api/v1/policies/decide", Each(A::PolicyDecide)),
    ("POST", "/api/v1/policies/decide/batch", Each(A::PolicyDecide)),
    ("POST", "/api/v1/policies/who-can", Act(A::PolicyDecide)),
    ("POST", "/api/v1/policies/simulate", Act(A::PolicySimulate)),
    // Keys.
    ("GET", "/api/v1/keys", Act(A::KeyList)),
    ("POST", "/api/v1/keys/shred", Act(A::KeyShred)),
    ("POST", "/api/v1/keys/rotate", Act(A::KeyRotate)),
    ("POST", "/api/v1/keys/rekey", Act(A::KeyRotate)),
    // Who read what in the stores.
    ("POST", "/api/v1/access-events", Each(A::AccessEventWrite)),
    ("GET", "/api/v1/access-events", Act(A::AccessEventRead)),
    ("GET", "/api/v1/audit/readers", Act(A::AccessEventRead)),
    // The audit log.
    ("GET", "/api/v1/audit", Each(A::AuditVerify)),
    ("GET", "/api/v1/audit/checkpoint", Act(A::AuditVerify)),
    ("GET", "/api/v1/audit/consistency", Act(A::AuditVerify)),
    ("GET", "/api/v1/audit/tile/{*path}", Act(A::AuditRead)),
    ("GET", "/api/v1/audit/records", Act(A::AuditRead)),
    ("GET", "/api/v1/audit/records/{id}", Act(A::AuditRead)),
    ("GET", "/api/v1/audit/records/{id}/receipt", Act(A::AuditRead)),
    ("GET", "/api/v1/audit/export", Act(A::AuditExport)),
    ("GET", "/api/v1/audit/histogram", Act(A::AuditRead)),
    ("GET", "/api/v1/audit/tail", Act(A::AuditRead)),
];

/// Returns the gate of a route; nothing for one that is not listed. HEAD is asked as GET is.
pub(super) fn gate(method: &Method, path: &str) -> Option<Gate> {
    let method = if *method == Method::HEAD { "GET" } else { method.as_str() };
    let found = GATES.iter().find(|(known, at, _)| *known == method && *at == path);
    found.map(|(_, _, gate)| *gate)
}

/// Returns the methods that a route is listed with, as the header `allow` names them.
pub(super) fn methods(path: &str) -> String {
    let mut methods = Vec::new();
    for (method, _, _) in GATES.iter().filter(|(_, at, _)| *at == path) {
        methods.push(*method);
        methods.extend((*method == "GET").then_some("HEAD"));
    }
    methods.join(",")
}
