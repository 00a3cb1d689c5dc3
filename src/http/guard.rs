//! The guard before every route: who asks, which act it is, whether they may.
//!
//! It stands where the route is known already. A route that has no act listed for it is
//! refused, whoever asks.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::acts::{Gate, gate, methods};
use super::asked::purpose;
use super::caller::actor_of;
use super::people::cross_site;
use super::problem::Problem;
use super::site::{CSRF, Site, address_of, is_cross_site, is_unsafe};
use super::state::Http;
use super::still::{WAIT_FOR, watched};
use crate::access::Action;
use crate::access::session::Secret;
use crate::flow::{Actor, Asker, Known, Proof, Refusal};

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
    let secret = session_of(&http, &request);
    let since = http.app.deciding();
    let known = match http.app.identify(proof(request.headers(), secret.as_ref())).await {
        Ok(known) => known,
        Err(error) => return Problem::from(error).into_response(),
    };
    let Some(known) = known.map(Known::with_request) else {
        return Problem::unauthorized().into_response();
    };
    let actor = actor_of(request.headers(), &known);
    if is_forged(&request, known.session().is_some(), secret.as_ref()) {
        return forged(&http, &actor, gate).await.into_response();
    }
    if request.uri().query().is_some_and(|query| query.contains(WAIT_FOR)) {
        request.extensions_mut().insert(since.clone());
    }
    // An import is taken piece by piece, and asks for each.
    if is_unsafe(request.method()) && gate.action() != Some(Action::EventImport) {
        request = request.map(|body| watched(&http, body, &known, since));
    }
    match gate {
        Gate::Act(action) => {
            if let Err(refusal) = http.app.enter(&known, &actor, action).await {
                return Problem::from(refusal).into_response();
            }
        }
        Gate::Seen(action) => {
            let told = (request.headers().clone(), id_in(&request));
            let asker = match asker(&http, told, (&known, &actor), action).await {
                Ok(asker) => asker,
                Err(problem) => return problem.into_response(),
            };
            request.extensions_mut().insert::<Known>(known);
            request.extensions_mut().insert::<Asker>(asker.clone());
            let response = next.run(request).await;
            return checked(response, asker.was_decided(), path.as_str());
        }
        Gate::Open | Gate::Each(_) => {}
    }
    let asked = known.clone();
    request.extensions_mut().insert::<Known>(known);
    checked(next.run(request).await, asked.was_decided(), path.as_str())
}

/// Makes the asker of a request, unless no rule could ever let it do that.
async fn asker(
    http: &Http,
    (headers, to): (HeaderMap, Option<Uuid>),
    (known, actor): (&Known, &Actor),
    action: Action,
) -> Result<Asker, Problem> {
    let asker = http.app.asker(known, actor, purpose(&headers)?).await?;
    asker.must_could(action, to).await?;
    Ok(asker)
}

/// Returns the id that a request's path names, where its route has `{id}`.
fn id_in(request: &Request) -> Option<Uuid> {
    let route = request.extensions().get::<MatchedPath>()?;
    // Counted from the end: a base path may stand before either.
    let place = route.as_str().rsplit('/').position(|part| part == "{id}")?;
    request.uri().path().rsplit('/').nth(place)?.parse().ok()
}

/// Refuses a request that a page of another site may have made.
async fn forged(http: &Http, actor: &Actor, gate: Gate) -> Problem {
    let recorded = match gate.action() {
        Some(action) => http.app.record_forged(actor, action).await,
        None => Ok(()),
    };
    recorded.map_or_else(Problem::from, |()| cross_site())
}

/// Keeps back an answer for which nothing was decided: that is a fault in Lethe.
fn checked(response: Response, was_decided: bool, route: &str) -> Response {
    if response.status().is_success() && !was_decided {
        tracing::error!(route, "an answer without a decision was kept back");
        return Problem::internal().into_response();
    }
    response
}

/// Decides again whether whoever sent a request may do something: for streams that outlive
/// the decision they began with.
pub(super) async fn may_still(
    http: &Http,
    (site, headers): (&Site, &HeaderMap),
    action: Action,
) -> bool {
    match known_still(http, (site, headers)).await {
        Some((known, actor)) => http.app.enter(&known, &actor, action).await.is_ok(),
        None => false,
    }
}

/// The same, of whether any rule could ever let them do it.
pub(super) async fn could_still(http: &Http, asker: (&Site, &HeaderMap), action: Action) -> bool {
    let Some((known, actor)) = known_still(http, asker).await else { return false };
    http.app.asker(&known, &actor, None).await.is_ok_and(|asker| asker.could(action))
}

/// Looks again who sent a request.
async fn known_still(http: &Http, (site, headers): (&Site, &HeaderMap)) -> Option<(Known, Actor)> {
    let secret = site.secret(headers);
    let known = http.app.identify(proof(headers, secret.as_ref())).await.ok()??;
    let actor = actor_of(headers, &known);
    Some((known, actor))
}

/// Answers for a route that is not listed with this method, so that nobody enters it.
fn closed(path: &str) -> Response {
    let methods = methods(path);
    if methods.is_empty() {
        tracing::error!(route = path, "a route without an act was asked for");
        return Problem::forbidden("This route is not open to anybody").into_response();
    }
    let mut response = Problem::method_not_allowed().into_response();
    if let Ok(methods) = HeaderValue::from_str(&methods) {
        response.headers_mut().insert(header::ALLOW, methods);
    }
    response
}

/// Returns the secret of the session that a browser sends along.
fn session_of(http: &Http, request: &Request) -> Option<Secret> {
    let headers = request.headers();
    let from = address_of(request.extensions());
    headers.contains_key(header::COOKIE).then_some(())?;
    Site::of(http, headers, request.uri(), from).secret(headers)
}

/// Returns what a request shows: the token of `Authorization: Bearer` (RFC 6750 section 2.1), else
/// the session of its cookie. Whoever sends an authorization is known by that or not at all.
fn proof<'a>(headers: &'a HeaderMap, secret: Option<&'a Secret>) -> Proof<'a> {
    let mut sent = headers.get_all(header::AUTHORIZATION).iter();
    match (sent.next(), sent.next()) {
        (None, _) => secret.map_or(Proof::Nothing, Proof::Session),
        (Some(one), None) => bearer(one).map_or(Proof::Nothing, Proof::Token),
        (Some(_), Some(_)) => Proof::Nothing,
    }
}

fn bearer(authorization: &HeaderValue) -> Option<&str> {
    let (scheme, token) = authorization.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Returns whether a request that changes something may have been made by a page of another site: its
/// browser says so, or it came by a session, which browsers send of themselves, and not with its token. Where
/// nobody is asked who they are, or a proxy shows a token for them, the browser's word is all there is.
fn is_forged(request: &Request, by_session: bool, secret: Option<&Secret>) -> bool {
    let shown = request.headers().get(CSRF).and_then(|token| token.to_str().ok());
    let shown = shown.zip(secret).is_some_and(|(shown, secret)| secret.csrf_matches(shown));
    let meant = shown || !by_session;
    is_unsafe(request.method()) && (!meant || is_cross_site(request.headers(), request.uri()))
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Denied(why) => Self::forbidden(&why),
            Refusal::Ended => Self::unauthorized(),
            Refusal::Failed(error) => error.into(),
        }
    }
}
