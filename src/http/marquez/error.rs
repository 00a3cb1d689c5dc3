//! What goes wrong, in Marquez's words: `{"code":404,"message":…}` and `{"errors":[…]}`.
//!
//! A job that was renamed is answered 301 with its new address; that too ends a handler
//! early, so it is told here. Nothing of the server's inside is told: see [`Problem`].

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::DbError;
use crate::flow::FlowError;
use crate::http::Problem;
use crate::index::IndexError;

/// What a handler answers: JSON, or why not.
pub(super) type Answer<T> = Result<Json<T>, ApiError>;

/// Something that went wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ErrorMessage {
    /// The HTTP status again.
    #[schema(example = 404)]
    code: u16,
    /// What went wrong.
    #[schema(example = "Dataset 'public.orders' not found.")]
    message: String,
}

/// Everything that is wrong with a request.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ErrorList {
    /// What is wrong, one by one.
    #[schema(example = json!(["query param q must not be blank"]))]
    errors: Vec<String>,
}

/// Why a request was not answered.
#[derive(Debug)]
pub(super) enum ApiError {
    /// One thing went wrong.
    Message(StatusCode, String),
    /// These things are wrong with the request.
    List(StatusCode, Vec<String>),
    /// It lies elsewhere now.
    Moved(String),
}

/// The API's things, as its errors name them.
#[derive(Debug, Clone, Copy)]
pub(super) enum Thing {
    Namespace,
    Source,
    Dataset,
    DatasetVersion,
    Job,
    JobVersion,
    Run,
}

impl ApiError {
    /// What was asked for is not there.
    pub(super) fn not_found(thing: Thing, name: &str) -> Self {
        let word = match thing {
            Thing::Namespace => "Namespace",
            Thing::Source => "Source",
            Thing::Dataset => "Dataset",
            Thing::DatasetVersion => "Dataset version",
            Thing::Job => "Job",
            Thing::JobVersion => "Job version",
            Thing::Run => "Run",
        };
        Self::missing(format!("{word} '{name}' not found."))
    }

    /// A field of a dataset is not there.
    pub(super) fn field_not_found(field: &str, dataset: &str) -> Self {
        Self::missing(format!("Field '{field}' not found for dataset '{dataset}'."))
    }

    /// Something is not there, in these words.
    pub(super) fn missing(message: impl Into<String>) -> Self {
        Self::Message(StatusCode::NOT_FOUND, message.into())
    }

    /// The request makes no sense.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::Message(StatusCode::BAD_REQUEST, message.into())
    }

    /// A query parameter is not as it must be.
    pub(super) fn param(name: &str, must: &str) -> Self {
        let error = format!("query param {name} {must}");
        Self::List(StatusCode::BAD_REQUEST, vec![error])
    }

    /// The body is not as it must be.
    pub(super) fn body(errors: Vec<String>) -> Self {
        Self::List(StatusCode::UNPROCESSABLE_ENTITY, errors)
    }
}

impl From<FlowError> for ApiError {
    fn from(error: FlowError) -> Self {
        let problem = Problem::from(error);
        Self::Message(problem.status(), problem.detail)
    }
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        FlowError::from(error).into()
    }
}

impl From<IndexError> for ApiError {
    fn from(error: IndexError) -> Self {
        FlowError::Index(error.to_string()).into()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            Self::Message(status, message) => {
                let body = ErrorMessage { code: status.as_u16(), message };
                let mut response = (status, Json(body)).into_response();
                let headers = response.headers_mut();
                if status == StatusCode::SERVICE_UNAVAILABLE {
                    headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
                }
                if status == StatusCode::UNAUTHORIZED {
                    headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
                }
                response
            }
            Self::List(status, errors) => (status, Json(ErrorList { errors })).into_response(),
            Self::Moved(to) => {
                (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, to)]).into_response()
            }
        }
    }
}
