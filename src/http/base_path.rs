//! The path below which Lethe is reached, where it shares its host with others.

use std::fmt;
use std::str::FromStr;

use axum::extract::Request;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use serde::{Deserialize, Serialize};

/// A path that begins and ends with a slash: `/`, or `/lethe/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct BasePath(String);

impl Default for BasePath {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl BasePath {
    /// Returns the path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Takes the base path off a request's path. What comes without it stays as it is: some
    /// proxies take it off themselves.
    pub(super) fn strip(&self, mut request: Request) -> Request {
        let uri = request.uri();
        let path = uri.path();
        let Some(rest) = self.0.strip_suffix('/').filter(|base| !base.is_empty()) else {
            return request;
        };
        let rest = match path.strip_prefix(rest) {
            Some("") => "/",
            Some(rest) if rest.starts_with('/') => rest,
            _ => return request,
        };
        *request.uri_mut() = with_path(uri, rest);
        request
    }
}

/// Returns an address with another path, its query as it was.
pub(super) fn with_path(uri: &Uri, path: &str) -> Uri {
    let text = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = PathAndQuery::try_from(text).ok().or(parts.path_and_query);
    Uri::from_parts(parts).unwrap_or_else(|_| uri.clone())
}

impl fmt::Display for BasePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<BasePath> for String {
    fn from(path: BasePath) -> Self {
        path.0
    }
}

impl FromStr for BasePath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let sign = |sign: char| sign.is_ascii_alphanumeric() || "-._~".contains(sign);
        let segment = |text: &str| !text.is_empty() && text.chars().all(sign) && text != "..";
        let segments: Vec<&str> = text.trim_matches('/').split('/').collect();
        match segments[..] {
            [""] => Ok(Self::default()),
            _ if segments.iter().all(|text| segment(text)) => {
                Ok(Self(format!("/{}/", segments.join("/"))))
            }
            _ => Err("must be a path of letters, digits, `-`, `.`, `_` and `~`, such as /lethe/"
                .to_owned()),
        }
    }
}

impl TryFrom<String> for BasePath {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn paths_are_brought_into_one_form_or_refused() {
        for (text, path) in [
            ("", "/"),
            ("/", "/"),
            ("lethe", "/lethe/"),
            ("/lethe/", "/lethe/"),
            ("/tools/lethe-1.0", "/tools/lethe-1.0/"),
        ] {
            assert_eq!(text.parse::<BasePath>().unwrap().as_str(), path);
        }
        for text in ["/a//b", "/a b", "/..", "/a/../b", "/\"><script>", "/é"] {
            assert!(text.parse::<BasePath>().is_err(), "{text}");
        }
    }

    #[test]
    fn it_is_taken_off_whole_segments_only() {
        let base: BasePath = "/lethe".parse().unwrap();
        for (asked, seen) in [
            ("/lethe", "/"),
            ("/lethe/", "/"),
            ("/lethe/api/v1/tags?limit=1", "/api/v1/tags?limit=1"),
            ("/lethe/datasets/a%2Fb/c", "/datasets/a%2Fb/c"),
            ("/lethes/api", "/lethes/api"),
            ("/api/v1/tags", "/api/v1/tags"),
        ] {
            let request = Request::builder().uri(asked).body(Body::empty()).unwrap();
            assert_eq!(base.strip(request).uri(), seen, "{asked}");
        }
    }
}
