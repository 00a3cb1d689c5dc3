//! Query parameters, and lists that are paged by key.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;
use crate::base::cursor::{Cursor, Page};

/// Query parameters; a 400 problem that says what is wrong with them.
#[derive(Debug)]
pub(super) struct Params<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match Query::try_from_uri(&parts.uri) {
            Ok(Query(params)) => Ok(Self(params)),
            Err(error) => Err(Problem::bad_input("query", &error.body_text())),
        }
    }
}

/// A path's parts; a 400 problem if they are not what they must be.
#[derive(Debug)]
pub(super) struct PathOf<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for PathOf<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(path)) => Ok(Self(path)),
            Err(error) => Err(Problem::bad_input("path", &error.body_text())),
        }
    }
}

/// Which page of a list is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageParams {
    /// Entries wanted, 1 to 1000; 100 if absent.
    #[param(example = 100)]
    pub(super) limit: Option<usize>,
    /// Where to go on: the `next` of the page before.
    pub(super) after: Option<String>,
}

impl PageParams {
    pub(super) fn page(&self) -> Result<Page, Problem> {
        let after = match self.after.as_deref().filter(|text| !text.is_empty()) {
            None => None,
            Some(text) => Some(cursor(text).ok_or_else(|| {
                Problem::bad_input("after", "must be the `next` of a page before")
            })?),
        };
        Ok(Page::new(self.limit, after))
    }
}

/// A page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct List<T> {
    /// The entries.
    pub(super) items: Vec<T>,
    /// Pass it as `after` for the next page; null at the end.
    pub(super) next: Option<String>,
}

/// Reads a cursor; none of ours holds NUL, which PostgreSQL would not even compare with.
fn cursor(text: &str) -> Option<Cursor> {
    Cursor::decode(text).filter(|cursor| !cursor.text.contains('\0'))
}
