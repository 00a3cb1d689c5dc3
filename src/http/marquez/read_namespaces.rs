//! Finds namespaces.

use super::error::{ApiError, Thing};
use crate::catalog::NamespaceDoc;
use crate::http::asked::Asked;

/// Finds a namespace, hidden or not.
pub(super) async fn find_namespace(http: &Asked, name: &str) -> Result<NamespaceDoc, ApiError> {
    let found = http.app.namespace(name).await?;
    found.ok_or_else(|| ApiError::not_found(Thing::Namespace, name))
}

/// Answers 404 for a namespace that is not there.
pub(super) async fn check_namespace(http: &Asked, name: &str) -> Result<(), ApiError> {
    find_namespace(http, name).await.map(drop)
}
