//! What happens around every request: trailing slashes, waiting for a position, ETags,
//! metrics.

use std::time::Instant;

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::base_path::with_path;
use super::problem::Problem;
use super::state::Http;
use super::still::{self, WAIT_FOR};
use crate::base::{Digest, Position};
use crate::flow::{Known, Since};

/// Answers up to this size get an ETag.
const ETAG_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The API browser's own paths; its front page ends in a slash.
const API_BROWSER: &str = "/api/docs";

/// Brings a request into the form that routes and layers know.
pub(super) fn tidy(request: Request) -> Request {
    name_encoding(trim_slash(request))
}

/// Content codings are named in any case, and gzip has a second name (RFC 9110 section
/// 8.4.1); the layer that unpacks knows one spelling.
fn name_encoding(mut request: Request) -> Request {
    let sent = request.headers().get(header::CONTENT_ENCODING);
    let Some(sent) = sent.and_then(|value| value.to_str().ok()) else { return request };
    let name = match sent.trim().to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" => "gzip",
        "zstd" => "zstd",
        "identity" | "" => "identity",
        _ => return request,
    };
    request.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    request
}

/// Takes a trailing slash off the path: Marquez's Java client sends one.
fn trim_slash(mut request: Request) -> Request {
    let path = request.uri().path();
    if path.len() > 1 && path.ends_with('/') && !path.starts_with(API_BROWSER) {
        *request.uri_mut() = with_path(request.uri(), path.trim_end_matches('/'));
    }
    request
}

/// `?wait_for=N` on any read: answers once lineage and search have seen position N, so that
/// whoever has just written can read it. With a mark (`N-CHAIN`) it must lie in the database's
/// history.
pub(super) async fn wait_for(State(http): State<Http>, request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let wanted = query.split('&').find_map(|pair| pair.strip_prefix(WAIT_FOR));
    if let Some(wanted) = wanted {
        let Ok(position) = wanted.parse::<Position>() else {
            return Problem::bad_input("wait_for", "must be a position (a whole number) or a mark, as `lethe-position` and `lethe-mark` tell them")
                .into_response();
        };
        if let Err(error) = http.app.wait_for(position).await {
            return Problem::from(error).into_response();
        }
        let extensions = request.extensions();
        if let (Some(known), Some(since)) = (extensions.get::<Known>(), extensions.get::<Since>())
            && let Err(stale) = still::ask(&http, known, since).await
        {
            return Problem::from(stale).into_response();
        }
    }
    next.run(request).await
}

/// Gives successful answers to GET an ETag (RFC 9110 section 8.8.3) of their content, and
/// answers 304 where the asker has that already.
pub(super) async fn etag(request: Request, next: Next) -> Response {
    let asks = request.method() == Method::GET;
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    let is_json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if !asks || response.status() != StatusCode::OK || !is_json {
        return response;
    }
    let small = |body: &Body| {
        use http_body::Body as _;
        body.size_hint().exact().is_some_and(|size| size <= ETAG_BYTES_MAX as u64)
    };
    let (mut parts, body) = response.into_parts();
    if !small(&body) {
        return Response::from_parts(parts, body);
    }
    let Ok(bytes) = to_bytes(body, ETAG_BYTES_MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let tag = format!("\"{}\"", Digest::of(&bytes));
    let matches = known.as_ref().and_then(|known| known.to_str().ok()).is_some_and(|known| {
        known
            .split(',')
            .any(|one| matches!(one.trim(), "*") || one.trim().trim_start_matches("W/") == tag)
    });
    if let Ok(value) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, value);
    }
    if matches {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// A `Content-Encoding` that cannot be unpacked is told in words too; the header
/// `accept-encoding` of the answer names those that can (RFC 9110 section 15.5.16).
pub(super) async fn explain_encoding(response: Response) -> Response {
    let plain = !response.headers().contains_key(header::CONTENT_TYPE);
    if response.status() != StatusCode::UNSUPPORTED_MEDIA_TYPE || !plain {
        return response;
    }
    let mut problem = Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported-encoding",
        "The body's Content-Encoding is not supported",
        "Send the body plain, or packed with gzip or zstd",
    )
    .into_response();
    if let Some(accepted) = response.headers().get(header::ACCEPT_ENCODING) {
        problem.headers_mut().insert(header::ACCEPT_ENCODING, accepted.clone());
    }
    problem
}

/// Returns a method as metrics tell it: each word is a series that stays, so that all words that clients
/// make up are one.
fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 9] =
        ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"];
    KNOWN.into_iter().find(|word| *word == method.as_str()).unwrap_or("other")
}

/// Counts requests and measures how long they take, by route and never by what they name.
pub(super) async fn measure(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let method = known(request.method());
    let started = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    let labels = [("method", method.to_owned()), ("route", route), ("status", status)];
    metrics::histogram!("lethe_http_seconds", &labels).record(started.elapsed().as_secs_f64());
    response
}
