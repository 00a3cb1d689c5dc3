//! Errors as people and programs read them: RFC 9457 `application/problem+json`.
//!
//! Every problem has a stable code, the field at fault and what to do about it. Nothing of
//! the server's inside is told: causes go to the log, with the request's id.

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::flow::{FlowError, NoPlace};
use crate::openlineage::{Rejection, RejectionCode};

/// The code of a problem of whoever is not known.
const UNAUTHORIZED: &str = "unauthorized";

/// Seconds after which a client should try again what was refused for load.
const RETRY_AFTER_SECS: u64 = 1;

/// Seconds after which a listener should come back who found no place.
const LISTEN_AGAIN_SECS: u64 = 15;

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProblemFault {
    /// Where: a JSON pointer (RFC 6901) into the body, or the parameter's name.
    #[schema(example = "/job/name")]
    pub pointer: String,
    /// What, as a stable word.
    #[schema(example = "missing")]
    pub code: String,
    /// What, for people.
    #[schema(example = "must not be missing")]
    pub message: String,
    /// The line of the text that `pointer` names, from 1, where it is a text of lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

/// A problem (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// A URI that names the kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "urn:lethe:problem:invalid-event")]
    pub kind: String,
    /// The kind of problem, for people.
    #[schema(example = "The event is not valid")]
    pub title: String,
    /// The HTTP status.
    #[schema(example = 422)]
    pub status: u16,
    /// The kind of problem, for programs: the last part of `type`.
    #[schema(example = "invalid-event")]
    pub code: String,
    /// What happened this time, and what to do.
    #[schema(example = "/job/name must not be missing")]
    pub detail: String,
    /// All that is wrong, as far as it is listed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemFault>,
    /// How many more faults there are.
    #[serde(rename = "errorsLeftOut", skip_serializing_if = "is_zero")]
    pub errors_left_out: usize,
    #[serde(skip)]
    retry: Option<u64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Problem {
    /// Makes a problem from its status, code, title and detail.
    #[must_use]
    pub fn new(status: StatusCode, code: &str, title: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:lethe:problem:{code}"),
            title: title.to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            detail: detail.into(),
            errors: Vec::new(),
            errors_left_out: 0,
            retry: None,
        }
    }

    /// Lists all that is wrong.
    #[must_use]
    pub fn listing(self, errors: Vec<ProblemFault>) -> Self {
        Self { errors, ..self }
    }

    /// A parameter or field is not as it must be.
    #[must_use]
    pub fn bad_input(field: &str, message: &str) -> Self {
        let mut problem = Self::new(
            StatusCode::BAD_REQUEST,
            "bad-input",
            "The request is not understood",
            format!("{field}: {message}"),
        );
        problem.errors.push(ProblemFault {
            pointer: field.to_owned(),
            code: "bad-input".to_owned(),
            message: message.to_owned(),
            line: None,
        });
        problem
    }

    /// What was asked for is not there.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", format!("{what} does not exist"))
    }

    /// The rules in force do not allow it.
    #[must_use]
    pub fn forbidden(why: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "This is not allowed", why)
    }

    /// Nobody is known by what was shown.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            UNAUTHORIZED,
            "Who is asking?",
            "Send a valid token as `Authorization: Bearer TOKEN`, or sign in at /sign-in",
        )
    }

    /// The path is there, but not with this method.
    #[must_use]
    pub fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            "Method not allowed",
            "This path exists, but not with this method; the header `allow` names those it has",
        )
    }

    /// The request's body is larger than allowed.
    #[must_use]
    pub fn too_large(limit_bytes: usize) -> Self {
        let detail = format!(
            "The body is larger than {limit_bytes} bytes once unpacked. Send it in smaller parts, or stream it as NDJSON to /api/v1/events/import"
        );
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", "The body is too large", detail)
    }

    /// The request's body did not arrive within the time.
    #[must_use]
    pub fn too_slow(time: Duration) -> Self {
        let detail = format!(
            "The body took longer than {} seconds to arrive, or to go on. Send it again",
            time.as_secs()
        );
        Self::new(StatusCode::REQUEST_TIMEOUT, "body-too-slow", "The body is too slow", detail)
    }

    /// Something is not to be had now; asking again later helps.
    #[must_use]
    pub fn unavailable(code: &str, detail: &str) -> Self {
        let mut problem =
            Self::new(StatusCode::SERVICE_UNAVAILABLE, code, "Try again later", detail);
        problem.retry = Some(RETRY_AFTER_SECS);
        problem
    }

    pub(super) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong inside",
            "The cause is in the server's log under this request's id (header x-request-id)",
        )
    }

    /// Says after how many seconds to try again.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        Self { retry: Some(seconds), ..self }
    }

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Answers a request beyond those that may be answered at the same time; its connection ends.
#[must_use]
pub fn too_many_requests() -> Response {
    let detail = "As many requests are answered as there is room for. Nothing of this one was read";
    let mut response = Problem::unavailable("too-many-requests", detail).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        let (status, title) = match rejection.code {
            RejectionCode::MalformedJson => (StatusCode::BAD_REQUEST, "The body is not JSON"),
            RejectionCode::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "The event is too large"),
            RejectionCode::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "The event is not valid"),
        };
        let code = crate::flow::rejection_code(rejection.code);
        let mut problem = Self::new(status, code, title, rejection.to_string());
        problem.errors = rejection
            .faults
            .into_iter()
            .map(|fault| ProblemFault {
                pointer: fault.pointer,
                code: fault.code.to_owned(),
                message: fault.message,
                line: None,
            })
            .collect();
        problem.errors_left_out = rejection.faults_left_out;
        problem
    }
}

impl From<NoPlace> for Problem {
    fn from(none: NoPlace) -> Self {
        match none {
            NoPlace::OfTheirs => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too-many-own-listeners",
                "You listen too often already",
                "End one of your streams, or close a page that has one, before you open another",
            )
            .retry_after(LISTEN_AGAIN_SECS),
            NoPlace::AtAll => Self::unavailable("too-many-listeners", "Too many listen already")
                .retry_after(LISTEN_AGAIN_SECS),
        }
    }
}

impl From<FlowError> for Problem {
    fn from(error: FlowError) -> Self {
        match error {
            FlowError::Rejected(rejection) => (*rejection).into(),
            FlowError::BadInput { field, message } => Self::bad_input(&field, &message),
            FlowError::NotFound(what) => Self::not_found(&what),
            FlowError::Conflict(why) => Self::new(
                StatusCode::CONFLICT,
                "conflict",
                "This does not go with what is there",
                why,
            ),
            FlowError::Denied(why) => Self::forbidden(&why),
            FlowError::Overloaded => Self::unavailable(
                "overloaded",
                "More events wait to be written than are let wait. Nothing of this request was kept",
            ),
            FlowError::Busy => Self::unavailable("busy", "Too many others wait for the same"),
            FlowError::Stopping => Self::unavailable(
                "stopping",
                "The server is shutting down. Nothing of this request was kept",
            ),
            FlowError::Behind { wanted, reached } => Self::unavailable(
                "behind",
                &format!("Position {wanted} was not reached in time; this node is at {reached}"),
            ),
            FlowError::OtherHistory(wanted) => Self::new(
                StatusCode::CONFLICT,
                "other-history",
                "The database was put back since",
                format!(
                    "What was written at position {wanted} is not in the database any more: it was restored, or its standby that took over was behind. Send it again"
                ),
            ),
            FlowError::OutOfTouch(_) => Self::unavailable(
                "out-of-touch",
                "This node does not know what was changed elsewhere, so it cannot tell what it must hide",
            ),
            FlowError::Unavailable => Self::unavailable(
                "database-unavailable",
                "The database cannot be written. Send the request again: what was kept already is passed by",
            ),
            FlowError::NotSigned => Self::unavailable(
                "not-signed",
                "No signed head covers this record yet. Heads are signed within a second of a change, unless the log's alarm is raised",
            ),
            FlowError::Db(error) if error.is_retriable() => {
                tracing::error!(%error, "the database is unavailable");
                Self::unavailable(
                    "database-unavailable",
                    "The database cannot be reached or written",
                )
            }
            error @ (FlowError::Db(_) | FlowError::Index(_) | FlowError::Internal(_)) => {
                tracing::error!(%error, "a request failed inside");
                Self::internal()
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, retry) = (self.status(), self.retry);
        let unknown = self.code == UNAUTHORIZED;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        let kind = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, kind);
        if unknown {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = retry {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
