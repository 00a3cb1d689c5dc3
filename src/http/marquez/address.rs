//! Addresses of this API's own things: percent-encoding and where a renamed job now lies.

use std::fmt::Write as _;

use axum::http::Uri;

use super::error::ApiError;

/// Encodes a name as one part of a path (RFC 3986 section 2.3: only unreserved characters
/// stay).
pub(super) fn encode(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Answers that a job is found under another name: the same address with its names
/// exchanged.
pub(super) fn moved_job(uri: &Uri, namespace: &str, name: &str) -> ApiError {
    // "", "api", "v1", "namespaces", NAMESPACE, "jobs", JOB, and what follows.
    let rest: Vec<&str> = uri.path().split('/').skip(7).filter(|part| !part.is_empty()).collect();
    let mut to = format!("/api/v1/namespaces/{}/jobs/{}", encode(namespace), encode(name));
    for part in rest {
        to.push('/');
        to.push_str(part);
    }
    if let Some(query) = uri.query() {
        to.push('?');
        to.push_str(query);
    }
    ApiError::Moved(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moved_job_keeps_what_follows() {
        let uri: Uri = "/api/v1/namespaces/a%2Fb/jobs/task/runs/?limit=2".parse().unwrap();
        let ApiError::Moved(to) = moved_job(&uri, "a/b", "dag.täsk") else { panic!() };
        assert_eq!(to, "/api/v1/namespaces/a%2Fb/jobs/dag.t%C3%A4sk/runs?limit=2");
    }
}
