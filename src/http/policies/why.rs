//! Asking who may do what, and why, and what other rules would change. Nothing is done by it.

use axum::Json;
use axum::body::Body;
use axum::extract::State;

use super::super::caller::Requester;
use super::super::page::PageParams;
use super::super::problem::Problem;
use super::super::resource::read_json;
use super::super::state::Http;
use super::answered::{BatchBody, DecisionBody, PermittedTold, SimulationBody, WhoCanBody};
use super::asked::{BatchAsked, DecideAsked, SimulateAsked, WhoCanAsked};
use crate::base::cursor::Cursor;
use crate::flow::{Place, Trial};

const ONE_BYTES_MAX: usize = 256 * 1024;
const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;
const POLICY_BYTES_MAX: usize = 32 * 1024 * 1024;
const BATCH_MAX: usize = 100;

/// Decides whether somebody may do something, as the rules in force do, and says why.
///
/// Everybody may ask about themselves, of datasets that they see.
#[utoipa::path(post, path = "/api/v1/policies/decide", tag = "policy",
    request_body(content = DecideAsked), responses(
    (status = 200, description = "The decision and its reasons", body = DecisionBody),
    (status = 400, description = "The question is not understood", body = Problem)))]
pub(super) async fn decide(
    State(http): State<Http>,
    asker: Requester,
    body: Body,
) -> Result<Json<DecisionBody>, Problem> {
    let asked: DecideAsked = read_json(body, ONE_BYTES_MAX).await?;
    let decided = http.app.decide_about(asker.both(), vec![asked.checked()?]).await?.pop();
    decided.map(|decided| Json(decided.into())).ok_or_else(|| Problem::not_found("an answer"))
}

/// Decides several questions by the same rules.
#[utoipa::path(post, path = "/api/v1/policies/decide/batch", tag = "policy",
    request_body(content = BatchAsked), responses(
    (status = 200, description = "The decisions, in the order of the questions", body = BatchBody),
    (status = 400, description = "A question is not understood", body = Problem)))]
pub(super) async fn decide_batch(
    State(http): State<Http>,
    asker: Requester,
    body: Body,
) -> Result<Json<BatchBody>, Problem> {
    let BatchAsked { questions } = read_json(body, BATCH_BYTES_MAX).await?;
    if questions.is_empty() || questions.len() > BATCH_MAX {
        let message = format!("must be 1 to {BATCH_MAX} questions");
        return Err(Problem::bad_input("questions", &message));
    }
    let asked: Vec<_> =
        questions.into_iter().map(DecideAsked::checked).collect::<Result<_, _>>()?;
    let answers = http.app.decide_about(asker.both(), asked).await?;
    Ok(Json(BatchBody { answers: answers.into_iter().map(DecisionBody::from).collect() }))
}

/// Lists who may do something, and by which rules.
#[utoipa::path(post, path = "/api/v1/policies/who-can", tag = "policy",
    request_body(content = WhoCanAsked), responses(
    (status = 200, description = "A page of those who may", body = WhoCanBody),
    (status = 400, description = "The question is not understood", body = Problem)))]
pub(super) async fn who_can(
    State(http): State<Http>,
    body: Body,
) -> Result<Json<WhoCanBody>, Problem> {
    let asked: WhoCanAsked = read_json(body, ONE_BYTES_MAX).await?;
    let page = PageParams { limit: asked.limit, after: asked.after }.page()?;
    let after = page.after.map(|cursor| Place { stage: cursor.number, name: cursor.text });
    let context = asked.context.checked()?;
    let question = (asked.action, asked.resource.checked()?);
    let context = (context.purpose, context.auth, context.time);
    let found = http.app.who_can(question, context, after, page.limit).await?;
    let next = found.next.map(|place| {
        Cursor { number: place.stage, text: place.name, ..Cursor::default() }.encode()
    });
    let items = found.permitted.into_iter().map(PermittedTold::from).collect();
    Ok(Json(WhoCanBody { items, next, policy_version: found.policy_version }))
}

/// Tells what other rules would change, for everybody known and all that the catalog has.
#[utoipa::path(post, path = "/api/v1/policies/simulate", tag = "policy",
    request_body(content = SimulateAsked), responses(
    (status = 200, description = "The decisions that would change", body = SimulationBody),
    (status = 404, description = "No such set", body = Problem),
    (status = 422, description = "The text is no set of rules; every fault with its line", body = Problem)))]
pub(super) async fn simulate(
    State(http): State<Http>,
    body: Body,
) -> Result<Json<SimulationBody>, Problem> {
    let asked: SimulateAsked = read_json(body, POLICY_BYTES_MAX).await?;
    let trial = match (asked.version, asked.csv) {
        (Some(version), None) => Trial::Version(version),
        (None, Some(csv)) => Trial::Csv(csv),
        _ => return Err(Problem::bad_input("body", "must have either `version` or `csv`")),
    };
    Ok(Json(http.app.simulate_policy(trial).await?.into()))
}
