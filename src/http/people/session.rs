//! Signing in and out, and the sessions that are open.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::super::caller::{Requester, request_id};
use super::super::page::PathOf;
use super::super::problem::Problem;
use super::super::resource::read_json;
use super::super::site::{Site, is_cross_site};
use super::super::state::Http;
use super::BYTES_MAX;
use super::me::Me;
use crate::access::session::SessionRecord;
use crate::base::Time;
use crate::flow::{NotSignedIn, Shown};

/// What somebody shows to sign in: a name and a password, or a token, or the code of a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    /// The person's name; a password must come with it.
    #[schema(example = "ann")]
    name: Option<String>,
    /// The person's password.
    #[schema(value_type = Option<String>, format = Password)]
    password: Option<Zeroizing<String>>,
    /// A token; the session may do what it may, and ends with it.
    #[schema(value_type = Option<String>)]
    token: Option<Zeroizing<String>>,
    /// The code of a one-time link.
    #[schema(value_type = Option<String>)]
    code: Option<Zeroizing<String>>,
}

/// A session, as whoever has it is told of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OpenSession {
    /// Its id, which the audit log cites; null if the request came by no session.
    id: Option<Uuid>,
    /// To be sent as `x-csrf-token` with every request that changes something; null if the
    /// request came by no session.
    csrf_token: Option<String>,
}

/// Whoever asks, and their session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionState {
    /// Whoever asks.
    me: Me,
    /// Their session.
    #[serde(flatten)]
    session: OpenSession,
}

/// A session of somebody's.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionEntry {
    /// Its id.
    id: Uuid,
    /// How it was opened: `password`, `token`, or `session` for a link.
    #[schema(example = "password")]
    auth: String,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    /// When it was last seen, within a minute. An hour after it ends.
    #[schema(value_type = String, format = DateTime)]
    seen_at: Time,
    /// When it ends at the latest.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Time,
    /// Whether this request came by it.
    current: bool,
}

/// Somebody's sessions.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionList {
    /// The sessions, those that end last first: at most 20.
    items: Vec<SessionEntry>,
}

/// Signs in: opens a session and gives the browser its cookie.
///
/// Attempts are limited by account and address.
#[utoipa::path(post, path = "/api/v1/session", tag = "access",
    request_body(content = SignIn), responses(
    (status = 201, description = "The session that was opened; its cookie is in `set-cookie`", body = OpenSession),
    (status = 400, description = "It is not said who comes, or in several ways", body = Problem),
    (status = 401, description = "What was shown is not known", body = Problem),
    (status = 403, description = "The request comes from a page of another site", body = Problem),
    (status = 429, description = "Too many attempts; `retry-after` says when the next", body = Problem)))]
pub(super) async fn sign_in(
    State(http): State<Http>,
    site: Site,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    if is_cross_site(&headers, &uri) {
        return Err(cross_site());
    }
    let shown = match read_json::<SignIn>(body, BYTES_MAX).await? {
        SignIn { name: Some(name), password: Some(password), token: None, code: None } => {
            Shown::Password(name, password)
        }
        SignIn { name: None, password: None, token: Some(token), code: None } => {
            Shown::Token(token)
        }
        SignIn { name: None, password: None, token: None, code: Some(code) } => Shown::Link(code),
        _ => {
            let message = "must hold name and password, or token, or code";
            return Err(Problem::bad_input("body", message));
        }
    };
    open(&http, &site, &headers, shown, |session, csrf| {
        let body = OpenSession { id: Some(session.id), csrf_token: Some(csrf) };
        (StatusCode::CREATED, Json(body)).into_response()
    })
    .await
}

/// Opens a session and answers with its cookie.
pub(super) async fn open(
    http: &Http,
    site: &Site,
    headers: &HeaderMap,
    shown: Shown,
    answer: impl FnOnce(&SessionRecord, String) -> Response,
) -> Result<Response, Problem> {
    let signed_in = http.app.sign_in(shown, site.address, request_id(headers)).await;
    let signed_in = signed_in.map_err(refused)?;
    let mut response = answer(&signed_in.session, signed_in.secret.csrf_token());
    let headers = response.headers_mut();
    if let Some(cookie) = site.give(&signed_in.secret) {
        headers.insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Says why nobody was signed in; not whether the account is there.
fn refused(why: NotSignedIn) -> Problem {
    match why {
        NotSignedIn::Unknown => Problem::new(
            StatusCode::UNAUTHORIZED,
            "not-signed-in",
            "You are not signed in",
            "Name and password, token or link are not known, or no longer good",
        ),
        NotSignedIn::TooMany(throttled) => {
            let seconds = throttled.retry_after_micros.max(0).unsigned_abs().div_ceil(1_000_000);
            let detail = format!("Too many attempts; the next may be made in {seconds} s");
            let status = StatusCode::TOO_MANY_REQUESTS;
            Problem::new(status, "too-many-attempts", "Too many attempts", detail)
                .retry_after(seconds)
        }
        NotSignedIn::Failed(error) => error.into(),
    }
}

/// A request that changes something comes from another site.
pub(in crate::http) fn cross_site() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "cross-site",
        "This request does not come from Lethe's own pages",
        "Send what changes something from a page of this site or from no page; by a session, with its token as `x-csrf-token` (GET /api/v1/session tells it)",
    )
}

/// Tells who is signed in, and the token that requests which change something must send.
#[utoipa::path(get, path = "/api/v1/session", tag = "access", responses(
    (status = 200, description = "Whoever asks, and their session", body = SessionState),
    (status = 403, description = "Their token does not let them ask", body = Problem)))]
pub(super) async fn state(
    State(http): State<Http>,
    site: Site,
    asker: Requester,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let me = Me::of(&http, &asker).await?;
    let id = asker.known.session();
    let csrf_token = id.and_then(|_| Some(site.secret(&headers)?.csrf_token()));
    let body = SessionState { me, session: OpenSession { id, csrf_token } };
    Ok(Json(body).into_response())
}

/// Signs out: the session that the request came by ends.
#[utoipa::path(delete, path = "/api/v1/session", tag = "access", responses(
    (status = 204, description = "The session has ended"),
    (status = 403, description = "The request comes from another site", body = Problem)))]
pub(super) async fn sign_out(
    State(http): State<Http>,
    site: Site,
    asker: Requester,
) -> Result<Response, Problem> {
    http.app.sign_out(asker.both()).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(cookie) = site.take() {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Lists the open sessions of a person. Everybody may ask about their own.
#[utoipa::path(get, path = "/api/v1/users/{name}/sessions", tag = "access",
    params(("name" = String, Path, description = "The person's name or id", example = "ann")),
    responses(
    (status = 200, description = "Their sessions", body = SessionList),
    (status = 403, description = "The asker may not know", body = Problem),
    (status = 404, description = "No such person", body = Problem)))]
pub(super) async fn list(
    State(http): State<Http>,
    asker: Requester,
    PathOf(name): PathOf<String>,
) -> Result<Json<SessionList>, Problem> {
    let sessions = http.app.sessions(asker.both(), &name).await?;
    let current = asker.known.session();
    let entry = |session: SessionRecord| SessionEntry {
        id: session.id,
        auth: session.auth.to_string(),
        created_at: session.created,
        seen_at: session.last_seen,
        expires_at: session.expires,
        current: current == Some(session.id),
    };
    Ok(Json(SessionList { items: sessions.into_iter().map(entry).collect() }))
}

/// Ends all sessions of a person.
#[utoipa::path(delete, path = "/api/v1/users/{name}/sessions", tag = "access",
    params(("name" = String, Path, description = "The person's name or id", example = "ann")),
    responses(
    (status = 204, description = "They have ended"),
    (status = 403, description = "The asker may not", body = Problem),
    (status = 404, description = "No such person", body = Problem)))]
pub(super) async fn end_all(
    State(http): State<Http>,
    asker: Requester,
    PathOf(name): PathOf<String>,
) -> Result<StatusCode, Problem> {
    http.app.end_sessions(asker.both(), &name, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends a session of a person.
#[utoipa::path(delete, path = "/api/v1/users/{name}/sessions/{id}", tag = "access",
    params(("name" = String, Path, description = "The person's name or id", example = "ann"),
        ("id" = Uuid, Path, description = "The session's id")),
    responses(
    (status = 204, description = "It has ended"),
    (status = 403, description = "The asker may not", body = Problem),
    (status = 404, description = "No such person or session", body = Problem)))]
pub(super) async fn end_one(
    State(http): State<Http>,
    asker: Requester,
    PathOf((name, id)): PathOf<(String, Uuid)>,
) -> Result<StatusCode, Problem> {
    http.app.end_sessions(asker.both(), &name, Some(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
