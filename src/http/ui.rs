//! The web UI, carried in the binary: its files, and its one page for the address of any view.
//!
//! `ui/dist` is what `make ui` builds; a binary built without it answers with a page that
//! says so. Nothing here tells anything of the catalog: the UI asks the API as its reader.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::{Embed, EmbeddedFile};

use super::problem::Problem;
use super::site::{Site, address_of};
use super::state::Http;

#[derive(Embed)]
#[folder = "ui/dist"]
struct Files;

/// What the UI may do: run its own scripts, look as it looks, and ask this server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; \
    manifest-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";
const PAGE: &str = "index.html";
/// Files below here have the digest of their content in their name.
const HASHED: &str = "assets/";
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// Answers whatever is no route: with a file of the UI, its page, or that there is nothing.
pub(super) async fn serve(State(http): State<Http>, request: Request) -> Response {
    let path = request.uri().path();
    let reads = [Method::GET, Method::HEAD].contains(request.method());
    if !reads || path == "/api" || path.starts_with("/api/") {
        return Problem::not_found("this path").into_response();
    }
    let name = path.trim_start_matches('/');
    if name != PAGE
        && let Some(found) = Files::get(name)
    {
        return file(name, found, request.headers());
    }
    // Names of datasets hold dots and slashes: a view's address may end in anything.
    if name.starts_with(HASHED) || !(name.is_empty() || is_navigation(request.headers())) {
        return Problem::not_found("this path").into_response();
    }
    page(&http, &request)
}

/// Returns whether somebody goes to an address in a browser, rather than a program asking.
fn is_navigation(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

fn file(name: &str, found: EmbeddedFile, headers: &HeaderMap) -> Response {
    let kind = HeaderValue::from_str(found.metadata.mimetype());
    let mut response = match Files::get(&format!("{name}.br")).filter(|_| takes_brotli(headers)) {
        Some(packed) => {
            let coding = [(header::CONTENT_ENCODING, HeaderValue::from_static("br"))];
            (coding, packed.data).into_response()
        }
        None => found.data.into_response(),
    };
    let headers = response.headers_mut();
    if let Ok(kind) = kind {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.append(header::VARY, HeaderValue::from_name(header::ACCEPT_ENCODING));
    let kept = if name.starts_with(HASHED) { FOREVER } else { ASK_AGAIN };
    headers.insert(header::CACHE_CONTROL, kept);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn takes_brotli(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter();
    let mut codings =
        lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).map(str::trim);
    codings.any(|coding| coding == "br")
}

/// The UI's page. It is told where the UI lives, and where nobody can be signed in, so that
/// it need not ask.
fn page(http: &Http, request: &Request) -> Response {
    let embedded = Files::get(PAGE);
    let Some(text) = embedded.as_ref().and_then(|found| str::from_utf8(&found.data).ok()) else {
        return Html(include_str!("front.html")).into_response();
    };
    let (headers, from) = (request.headers(), address_of(request.extensions()));
    let site = Site::of(http, headers, request.uri(), from);
    let is_known = !http.app.asks_who() || site.secret(headers).is_some();
    let base = &http.settings.base_path;
    let text = text.replacen("<base href=\"/\">", &format!("<base href=\"{base}\">"), 1);
    let text = if is_known { text } else { text.replacen("<html", "<html data-signed-out", 1) };
    let mut response = Html(text).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
