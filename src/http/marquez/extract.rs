//! Takes requests apart: names in the path, query parameters, JSON bodies.
//!
//! Faults are told in Marquez's words: 400 for the query and for text that is no JSON, 422
//! for bodies that lack something. Nothing is looked up here.

use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use super::error::ApiError;
use crate::base::Time;
use crate::base::limits::{OFFSET_MAX, PAGE_DEFAULT, PAGE_MAX};
use crate::http::{Problem, body, documents};

/// Largest body, in bytes.
const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;

/// The parts of the path that name things, decoded.
#[derive(Debug)]
pub(super) struct At<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for At<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(names)| Self(names)).map_err(|fault| ApiError::bad(fault.body_text()))
    }
}

/// A body and the members that it must have.
pub(super) trait Checked: DeserializeOwned {
    /// Returns the members that are required and missing.
    fn missing(&self) -> Vec<&'static str>;
}

/// A JSON body.
#[derive(Debug)]
pub(super) struct Body<T>(pub(super) T);

impl<S: Send + Sync, T: Checked> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let bytes = body::read(request.into_body(), BODY_BYTES_MAX).await;
        let unread = |fault: Problem| ApiError::Message(fault.status(), fault.detail);
        read_body(&bytes.map_err(unread)?).map(Self)
    }
}

fn read_body<T: Checked>(bytes: &[u8]) -> Result<T, ApiError> {
    let text = bytes.trim_ascii();
    if text.is_empty() || text == b"null" {
        return Err(ApiError::body(vec!["The request body must not be null".to_owned()]));
    }
    let body: T =
        serde_json::from_slice(text).map_err(|_| ApiError::bad("Unable to process JSON"))?;
    let missing = body.missing();
    if missing.is_empty() {
        return Ok(body);
    }
    Err(ApiError::body(missing.iter().map(|name| format!("{name} must not be null")).collect()))
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paging {
    /// Entries wanted, at most [`PAGE_MAX`].
    pub(super) limit: usize,
    /// Entries passed by.
    pub(super) offset: usize,
}

/// Which part of a list is wanted, as OpenAPI describes it.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the parameters; `Params` reads them")]
pub(super) struct PageParams {
    /// Entries wanted; more than 1000 are answered with 1000.
    #[param(value_type = Option<documents::Count>, inline)]
    limit: Option<u32>,
    /// Entries passed by.
    #[param(default = 0, minimum = 0, maximum = 10000)]
    offset: Option<u32>,
}

/// The query parameters.
#[derive(Debug, Default)]
pub(super) struct Params(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let query = Query::try_from_uri(&parts.uri);
        query.map(|Query(pairs)| Self(pairs)).map_err(|fault| ApiError::bad(fault.body_text()))
    }
}

impl Params {
    /// Goes through all values of a parameter.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Returns the first value of a parameter that is not empty.
    pub(super) fn text<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).find(|value| !value.is_empty())
    }

    /// Returns a parameter that must not be blank.
    pub(super) fn required<'a>(&'a self, name: &'a str) -> Result<&'a str, ApiError> {
        let value = self.all(name).find(|value| !value.trim().is_empty());
        value.ok_or_else(|| ApiError::param(name, "must not be blank"))
    }

    /// Returns a number, brought down to `max`; less than 0 is a fault.
    pub(super) fn number(&self, name: &str, default: usize, max: usize) -> Result<usize, ApiError> {
        let Some(text) = self.text(name) else { return Ok(default) };
        match text.parse::<i128>() {
            Ok(number) if number < 0 => {
                Err(ApiError::param(name, "must be greater than or equal to 0"))
            }
            Ok(number) => Ok(usize::try_from(number).map_or(max, |number| number.min(max))),
            Err(_) => Err(ApiError::param(name, "must be a number")),
        }
    }

    /// Returns which part of a list is wanted.
    pub(super) fn page(&self) -> Result<Paging, ApiError> {
        Ok(Paging { limit: self.number("limit", PAGE_DEFAULT, PAGE_MAX)?, offset: self.offset()? })
    }

    /// Returns how many entries are passed by: what is passed by is read all the same, so that it has a bound.
    fn offset(&self) -> Result<usize, ApiError> {
        let offset = self.number("offset", 0, usize::MAX)?;
        if offset > OFFSET_MAX {
            let message = format!(
                "must be less than or equal to {OFFSET_MAX}; whoever reads on asks with `after`: /api/v1/datasets, /api/v1/events, /api/v1/jobs/{{id}}/runs or /api/v1/catalog/search"
            );
            return Err(ApiError::param("offset", &message));
        }
        Ok(offset)
    }

    /// Returns a flag; anything but `true` (in any case) is false, as in Java.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.text(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// Returns one of several words, in any case.
    pub(super) fn choice<T: Copy>(
        &self,
        name: &str,
        words: &[(&str, T)],
    ) -> Result<Option<T>, ApiError> {
        let Some(text) = self.text(name) else { return Ok(None) };
        one_of(name, text, words).map(Some)
    }

    /// Returns a time.
    pub(super) fn time(&self, name: &str) -> Result<Option<Time>, ApiError> {
        let Some(text) = self.text(name) else { return Ok(None) };
        // A `+` that was not encoded arrives as a space.
        let time = Time::parse(text).or_else(|| Time::parse(&text.replace(' ', "+")));
        time.map(Some).ok_or_else(|| ApiError::param(name, "must be an ISO 8601 date-time"))
    }
}

/// Reads one of several words, in any case.
pub(super) fn one_of<T: Copy>(name: &str, text: &str, words: &[(&str, T)]) -> Result<T, ApiError> {
    let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
    found.map(|(_, value)| *value).ok_or_else(|| {
        let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        ApiError::param(name, &format!("must be one of [{}]", all.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&str, &str)]) -> Params {
        Params(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn page_has_marquezs_defaults_and_bounds() {
        assert_eq!(params(&[]).page().unwrap(), Paging { limit: 100, offset: 0 });
        let large = params(&[("limit", "99999999999999999999"), ("offset", "7")]);
        assert_eq!(large.page().unwrap(), Paging { limit: 1_000, offset: 7 });
        assert!(params(&[("limit", "-1")]).page().is_err());
        assert_eq!(params(&[("offset", "10000")]).page().unwrap().offset, OFFSET_MAX);
        for far in ["10001", "2147483647", "99999999999999999999", "-1"] {
            assert!(params(&[("offset", far)]).page().is_err(), "{far}");
        }
        assert!(params(&[("limit", "ten")]).page().is_err());
    }

    #[test]
    fn words_are_read_in_any_case() {
        let words = [("NAME", 1), ("UPDATE_AT", 2)];
        assert_eq!(params(&[("sort", "update_at")]).choice("sort", &words).unwrap(), Some(2));
        assert_eq!(params(&[]).choice("sort", &words).unwrap(), None);
        assert!(params(&[("sort", "size")]).choice("sort", &words).is_err());
    }

    #[test]
    fn plus_of_a_time_zone_may_arrive_as_a_space() {
        let at = params(&[("at", "2030-01-01T00:00:00 01:00")]).time("at").unwrap();
        assert_eq!(at, Time::parse("2030-01-01T00:00:00+01:00"));
    }

    #[derive(Debug, serde::Deserialize)]
    struct Named {
        name: Option<String>,
    }

    impl Checked for Named {
        fn missing(&self) -> Vec<&'static str> {
            if self.name.is_none() { vec!["name"] } else { Vec::new() }
        }
    }

    #[test]
    fn bodies_tell_apart_what_is_no_json_and_what_lacks_something() {
        let status = |text: &str| match read_body::<Named>(text.as_bytes()) {
            Ok(_) => 200,
            Err(ApiError::Message(status, _) | ApiError::List(status, _)) => status.as_u16(),
            Err(ApiError::Moved(_)) => 301,
        };
        assert_eq!(status(r#"{"name":"a"}"#), 200);
        assert_eq!(status(r#"{"name":null}"#), 422);
        assert_eq!(status(" "), 422);
        assert_eq!(status("{"), 400);
        assert_eq!(status(r#"{"name":3}"#), 400);
    }
}
