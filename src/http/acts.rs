//! Which act each route is. What is not listed here is refused.
//!
//! One table, so that an auditor reads it in one place; a test compares it with the routes.

use axum::http::Method;

use crate::access::Action;

/// What has to be decided before a route is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Nothing: health, and pages that hold no data.
    Open,
    /// Whether the caller may do this.
    Act(Action),
    /// Whether the caller may do this to each thing that the request is about: the handler asks.
    Each(Action),
}

use Action as A;
use Gate::{Act, Each, Open};

/// Method, path, gate.
pub const GATES: &[(&str, &str, Gate)] = &[
    ("GET", "/", Open),
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
    ("POST", "/api/v1/events/import", Act(A::EventImport)),
    ("GET", "/api/v1/events", Act(A::EventRead)),
    ("GET", "/api/v1/events/{id}", Act(A::EventRead)),
    ("GET", "/api/v1/events/lineage", Act(A::EventRead)),
    ("GET", "/api/v1/dead-letters", Act(A::DeadLetterRead)),
    ("GET", "/api/v1/dead-letters/{id}", Act(A::DeadLetterRead)),
    ("DELETE", "/api/v1/dead-letters/{id}", Act(A::DeadLetterDelete)),
    ("POST", "/api/v1/dead-letters/{id}/replay", Act(A::DeadLetterReplay)),
    // Datasets.
    ("GET", "/api/v1/datasets", Act(A::DatasetSearch)),
    ("PUT", "/api/v1/datasets", Act(A::DatasetEdit)),
    ("GET", "/api/v1/datasets/{id}", Act(A::DatasetRead)),
    ("DELETE", "/api/v1/datasets/{id}", Act(A::DatasetDelete)),
    ("POST", "/api/v1/datasets/{id}/undelete", Act(A::DatasetDelete)),
    ("GET", "/api/v1/datasets/{id}/schemas", Act(A::DatasetReadFields)),
    ("GET", "/api/v1/namespaces/{namespace}/datasets", Act(A::DatasetSearch)),
    ("GET", "/api/v1/namespaces/{namespace}/datasets/{dataset}", Act(A::DatasetRead)),
    ("PUT", "/api/v1/namespaces/{namespace}/datasets/{dataset}", Act(A::DatasetEdit)),
    ("DELETE", "/api/v1/namespaces/{namespace}/datasets/{dataset}", Act(A::DatasetDelete)),
    ("GET", "/api/v1/namespaces/{namespace}/datasets/{dataset}/versions", Act(A::DatasetRead)),
    (
        "GET",
        "/api/v1/namespaces/{namespace}/datasets/{dataset}/versions/{version}",
        Act(A::DatasetRead),
    ),
    (
        "POST",
        "/api/v1/namespaces/{namespace}/datasets/{dataset}/tags/{tag}",
        Act(A::DatasetClassify),
    ),
    (
        "DELETE",
        "/api/v1/namespaces/{namespace}/datasets/{dataset}/tags/{tag}",
        Act(A::DatasetClassify),
    ),
    (
        "POST",
        "/api/v1/namespaces/{namespace}/datasets/{dataset}/fields/{field}/tags/{tag}",
        Act(A::DatasetClassify),
    ),
    (
        "DELETE",
        "/api/v1/namespaces/{namespace}/datasets/{dataset}/fields/{field}/tags/{tag}",
        Act(A::DatasetClassify),
    ),
    // Jobs and runs.
    ("GET", "/api/v1/jobs", Act(A::JobSearch)),
    ("GET", "/api/v1/jobs/{id}", Act(A::JobRead)),
    ("DELETE", "/api/v1/jobs/{id}", Act(A::JobDelete)),
    ("POST", "/api/v1/jobs/{id}/undelete", Act(A::JobDelete)),
    ("GET", "/api/v1/jobs/{id}/runs", Act(A::RunRead)),
    ("GET", "/api/v1/runs/{id}", Act(A::RunRead)),
    ("GET", "/api/v1/runs/{id}/children", Act(A::RunRead)),
    ("GET", "/api/v1/namespaces/{namespace}/jobs", Act(A::JobSearch)),
    ("GET", "/api/v1/namespaces/{namespace}/jobs/{job}", Act(A::JobRead)),
    ("PUT", "/api/v1/namespaces/{namespace}/jobs/{job}", Act(A::JobEdit)),
    ("DELETE", "/api/v1/namespaces/{namespace}/jobs/{job}", Act(A::JobDelete)),
    ("GET", "/api/v1/namespaces/{namespace}/jobs/{job}/versions", Act(A::JobRead)),
    ("GET", "/api/v1/namespaces/{namespace}/jobs/{job}/versions/{version}", Act(A::JobRead)),
    ("POST", "/api/v1/namespaces/{namespace}/jobs/{job}/tags/{tag}", Act(A::JobEdit)),
    ("DELETE", "/api/v1/namespaces/{namespace}/jobs/{job}/tags/{tag}", Act(A::JobEdit)),
    ("GET", "/api/v1/namespaces/{namespace}/jobs/{job}/runs", Act(A::RunRead)),
    ("POST", "/api/v1/namespaces/{namespace}/jobs/{job}/runs", Act(A::RunEdit)),
    ("GET", "/api/v1/jobs/runs/{id}", Act(A::RunRead)),
    ("GET", "/api/v1/jobs/runs/{id}/facets", Act(A::RunRead)),
    ("POST", "/api/v1/jobs/runs/{id}/start", Act(A::RunEdit)),
    ("POST", "/api/v1/jobs/runs/{id}/complete", Act(A::RunEdit)),
    ("POST", "/api/v1/jobs/runs/{id}/fail", Act(A::RunEdit)),
    ("POST", "/api/v1/jobs/runs/{id}/abort", Act(A::RunEdit)),
    // Lineage.
    ("GET", "/api/v1/lineage", Act(A::LineageRead)),
    ("GET", "/api/v1/lineage/graph", Act(A::LineageRead)),
    ("GET", "/api/v1/lineage/impact", Act(A::LineageRead)),
    ("GET", "/api/v1/lineage/paths", Act(A::LineageRead)),
    ("GET", "/api/v1/lineage/diff", Act(A::LineageRead)),
    ("GET", "/api/v1/lineage/export", Act(A::LineageExport)),
    ("GET", "/api/v1/column-lineage", Act(A::LineageRead)),
    ("GET", "/api/v1/runlineage/upstream", Act(A::LineageRead)),
    // Search.
    ("GET", "/api/v1/catalog/search", Act(A::DatasetSearch)),
    ("GET", "/api/v1/catalog/suggest", Act(A::DatasetSearch)),
    ("GET", "/api/v1/catalog/explain", Act(A::DatasetSearch)),
    ("GET", "/api/v1/search", Act(A::DatasetSearch)),
    ("GET", "/api/v1/stats/datasets", Act(A::DatasetSearch)),
    ("GET", "/api/v1/stats/jobs", Act(A::JobSearch)),
    ("GET", "/api/v1/stats/sources", Act(A::SourceRead)),
    ("GET", "/api/v1/stats/lineage-events", Act(A::EventRead)),
    // Namespaces, sources, tags.
    ("GET", "/api/v1/namespaces", Act(A::NamespaceRead)),
    ("GET", "/api/v1/namespaces/{namespace}", Act(A::NamespaceRead)),
    ("PUT", "/api/v1/namespaces/{namespace}", Act(A::NamespaceEdit)),
    ("DELETE", "/api/v1/namespaces/{namespace}", Act(A::NamespaceDelete)),
    ("GET", "/api/v1/sources", Act(A::SourceRead)),
    ("GET", "/api/v1/sources/{source}", Act(A::SourceRead)),
    ("PUT", "/api/v1/sources/{source}", Act(A::SourceEdit)),
    ("GET", "/api/v1/tags", Act(A::TagRead)),
    ("PUT", "/api/v1/tags/{tag}", Act(A::TagWrite)),
    // Who is known.
    ("GET", "/api/v1/me", Each(A::UserRead)),
    ("GET", "/api/v1/users", Act(A::UserRead)),
    ("GET", "/api/v1/users/{name}", Each(A::UserRead)),
    ("PUT", "/api/v1/users/{name}", Act(A::UserWrite)),
    ("DELETE", "/api/v1/users/{name}", Act(A::UserWrite)),
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
    ("POST", "/api/v1/policies/decide", Act(A::PolicyDecide)),
    ("POST", "/api/v1/policies/decide/batch", Act(A::PolicyDecide)),
    ("POST", "/api/v1/policies/who-can", Act(A::PolicyDecide)),
    ("POST", "/api/v1/policies/simulate", Act(A::PolicySimulate)),
    // The audit log.
    ("GET", "/api/v1/audit", Act(A::AuditVerify)),
    ("GET", "/api/v1/audit/checkpoint", Act(A::AuditVerify)),
    ("GET", "/api/v1/audit/consistency", Act(A::AuditVerify)),
    ("GET", "/api/v1/audit/tile/{*path}", Act(A::AuditRead)),
    ("GET", "/api/v1/audit/records", Act(A::AuditRead)),
    ("GET", "/api/v1/audit/records/{id}", Act(A::AuditRead)),
    ("GET", "/api/v1/audit/records/{id}/receipt", Act(A::AuditRead)),
    ("GET", "/api/v1/audit/export", Act(A::AuditExport)),
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
