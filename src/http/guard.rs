//! The guard before every route: who asks, which act it is, whether they may.
//!
//! It stands where the route is known already. A route that has no act listed for it is
//! refused, whoever asks.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::acts::{Gate, gate, methods};
use super::caller::actor_of;
use super::problem::Problem;
use super::state::Http;
use crate::flow::{Known, Refusal};

/// Lets a request in, or refuses it.
pub(super) async fn guard(State(http): State<Http>, mut request: Request, next: Next) -> Response {
    let Some(path) = request.extensions().get::<MatchedPath>().cloned() else {
        // No route: answered with 404 or 405, which tell nothing.
        return next.run(request).await;
    };
    let Some(gate) = gate(request.method(), path.as_str()) else {
        return closed(path.as_str());
    };
    if gate == Gate::Open {
        return next.run(request).await;
    }
    let known = match http.app.identify(bearer(request.headers())).await {
        Ok(known) => known,
        Err(error) => return Problem::from(error).into_response(),
    };
    let Some(known) = known else { return unknown().into_response() };
    if let Gate::Act(action) = gate {
        let actor = actor_of(request.headers(), &known);
        if let Err(refusal) = http.app.enter(&known, &actor, action).await {
            return Problem::from(refusal).into_response();
        }
    }
    request.extensions_mut().insert::<Known>(known);
    next.run(request).await
}

/// Answers for a route that is not listed with this method, so that nobody enters it.
fn closed(path: &str) -> Response {
    let methods = methods(path);
    if methods.is_empty() {
        tracing::error!(route = path, "a route without an act was asked for");
        return forbidden("This route is not open to anybody").into_response();
    }
    let mut response = Problem::method_not_allowed().into_response();
    if let Ok(methods) = HeaderValue::from_str(&methods) {
        response.headers_mut().insert(header::ALLOW, methods);
    }
    response
}

/// Returns the token of `Authorization: Bearer` (RFC 6750 section 2.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn unknown() -> Response {
    let problem = Problem::new(
        StatusCode::UNAUTHORIZED,
        "unauthorized",
        "Who is asking?",
        "Send a valid token as `Authorization: Bearer TOKEN`",
    );
    let mut response = problem.into_response();
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Denied(why) => forbidden(&why),
            Refusal::Failed(error) => error.into(),
        }
    }
}

fn forbidden(why: &str) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "forbidden", "This is not allowed", why)
}
