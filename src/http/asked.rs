//! What the catalog's handlers are given: the catalog as the asker may see it.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;

use super::problem::Problem;
use super::state::{Http, HttpSettings};
use crate::flow::Asker;

/// The header that states what a request is made for (`research`): an asker's word, never
/// text about a person.
pub(super) const PURPOSE: &str = "x-purpose";
/// The longest purpose, in bytes.
const PURPOSE_BYTES_MAX: usize = 128;

/// The catalog as the asker may see it, and the door's settings. The guard made it; a
/// route that it did not let in with one has none.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// The use cases, for this asker.
    pub(super) app: Asker,
    /// The door's settings.
    pub(super) settings: Arc<HttpSettings>,
}

impl FromRequestParts<Http> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, http: &Http) -> Result<Self, Problem> {
        let app = parts.extensions.get::<Asker>().cloned().ok_or_else(|| {
            tracing::error!(path = parts.uri.path(), "a handler has no asker");
            Problem::internal()
        })?;
        Ok(Self { app, settings: Arc::clone(&http.settings) })
    }
}

/// Reads the purpose that a request states.
pub(super) fn purpose(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(PURPOSE) else { return Ok(None) };
    let sign = |sign: char| sign.is_ascii_alphanumeric() || "_-./".contains(sign);
    let word = value.to_str().ok().filter(|word| {
        !word.is_empty() && word.len() <= PURPOSE_BYTES_MAX && word.chars().all(sign)
    });
    word.map(Some).ok_or_else(|| {
        Problem::bad_input(PURPOSE, "must be 1 to 128 letters, digits, `_`, `-`, `.` or `/`")
    })
}
