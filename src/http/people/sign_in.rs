//! The page to sign in at, and the links that sign in at once.

use std::sync::LazyLock;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use utoipa::IntoParams;
use zeroize::Zeroizing;

use super::super::page::Params;
use super::super::problem::Problem;
use super::super::site::Site;
use super::super::state::Http;
use super::session::open;
use crate::access::SecretHash;
use crate::flow::Shown;

const PAGE: &str = include_str!("sign_in.html");

/// What the page may do: run its own script, look as it looks, and ask this server.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let (script, style) = (hash_of("<script>", "</script>"), hash_of("<style>", "</style>"));
    format!(
        "default-src 'none'; script-src {script}; style-src {style}; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
});

/// Returns the source of what stands between two marks, as a policy names it (CSP level 3).
fn hash_of(begin: &str, end: &str) -> String {
    let text = PAGE.split_once(begin).and_then(|(_, rest)| rest.split_once(end));
    let hash = SecretHash::of(text.map_or("", |(text, _)| text).as_bytes());
    format!("'sha256-{}'", STANDARD.encode(hash.as_bytes()))
}

/// The code of a one-time link.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LinkParams {
    /// The code; without one, the page to sign in at is shown.
    #[param(value_type = Option<String>)]
    code: Option<Zeroizing<String>>,
}

/// The page to sign in at; with the code of a one-time link, signs in and goes on to `/`.
#[utoipa::path(get, path = "/sign-in", tag = "access", params(LinkParams), responses(
    (status = 200, description = "The page", content_type = "text/html"),
    (status = 303, description = "Signed in; the session's cookie is in `set-cookie`"),
    (status = 401, description = "The link was used, or is too old: the page", content_type = "text/html"),
    (status = 429, description = "Too many attempts: the page", content_type = "text/html")))]
pub(super) async fn page(
    State(http): State<Http>,
    site: Site,
    (method, headers): (Method, HeaderMap),
    Params(params): Params<LinkParams>,
) -> Response {
    if !http.app.asks_who() {
        return to_the_ui(&http);
    }
    // What is fetched beforehand, in case somebody clicks, must not spend the link.
    let ahead = ["sec-purpose", "purpose", "x-moz"].iter().any(|name| headers.contains_key(*name));
    let mut response = match params.code.filter(|_| !ahead && method == Method::GET) {
        None => shown(StatusCode::OK, ""),
        Some(code) => {
            let on = |_: &_, _| to_the_ui(&http);
            let opened = open(&http, &site, &headers, Shown::Link(code), on).await;
            opened.unwrap_or_else(|problem| refused(&problem))
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

fn to_the_ui(http: &Http) -> Response {
    let place = http.settings.base_path.as_str().to_owned();
    (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response()
}

fn refused(problem: &Problem) -> Response {
    let status = problem.status();
    let told = match status {
        StatusCode::UNAUTHORIZED => "This link was used already, or is too old.",
        StatusCode::TOO_MANY_REQUESTS => "Too many attempts. Wait a while.",
        _ => "Something went wrong. Try again.",
    };
    shown(status, told)
}

fn shown(status: StatusCode, told: &str) -> Response {
    let mut response = (status, Html(PAGE.replace("<!--told-->", told))).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
