//! Who asks: what handlers hand on to the use cases and to the audit log.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;

use super::site::Site;
use crate::flow::{Actor, Known, ListenerKey};

/// The header that carries a request's id.
const REQUEST_ID: &str = "x-request-id";
/// Ids that clients choose are kept up to this length.
const REQUEST_ID_CHARS_MAX: usize = 128;

/// Whoever sent the request.
#[derive(Debug, Clone)]
pub(super) struct Caller(pub(super) Actor);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let Requester { actor, .. } = Requester::from_request_parts(parts, state).await?;
        Ok(Self(actor))
    }
}

/// Whoever sent the request, to have more decided about them.
#[derive(Debug, Clone)]
pub(super) struct Requester {
    /// Who they are.
    pub(super) known: Known,
    /// How records know them.
    pub(super) actor: Actor,
}

impl Requester {
    /// Returns both, as the use cases take them.
    pub(super) fn both(&self) -> (&Known, &Actor) {
        (&self.known, &self.actor)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Requester {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let known = parts.extensions.get::<Known>().cloned().unwrap_or_else(Known::anonymous);
        Ok(Self { actor: actor_of(&parts.headers, &known), known })
    }
}

/// Returns whom a listener's place counts to: whoever they are, else the address that they come from.
pub(super) fn listener(known: &Known, site: &Site) -> ListenerKey {
    match known.actor().id {
        Some(id) => ListenerKey::Principal(id),
        None => ListenerKey::Address(site.address),
    }
}

/// Returns the request's id.
pub(super) fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    id.map(|id| id.chars().take(REQUEST_ID_CHARS_MAX).collect())
}

/// Returns who acts, by which request.
pub(super) fn actor_of(headers: &HeaderMap, known: &Known) -> Actor {
    Actor { request: request_id(headers), ..known.actor() }
}
