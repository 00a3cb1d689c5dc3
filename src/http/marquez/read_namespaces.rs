//! Finds namespaces.

use super::error::{ApiError, Thing};
use crate::catalog::NamespaceDoc;
use crate::http::Http;

/// Finds a namespace, hidden or not.
pub(super) async fn find_namespace(http: &Http, name: &str) -> Result<NamespaceDoc, ApiError> {
    let found = http.app.db().namespace(name).await?;
    found.ok_or_else(|| ApiError::not_found(Thing::Namespace, name))
}

/// Answers 404 for a namespace that is not there.
pub(super) async fn check_namespace(http: &Http, name: &str) -> Result<(), ApiError> {
    find_namespace(http, name).await.map(drop)
}
