//! Under which names Lethe is asked.
//!
//! A page of another site may have its own name pointed at this machine (DNS rebinding); its browser then
//! takes Lethe for that site, and lets it read every answer. So a name that is not Lethe's is refused. Nothing is
//! looked up here: a name is known or it is not.

use axum::extract::{MatchedPath, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::hosts::HEALTH;
use super::problem::Problem;
use super::state::Http;

/// Refuses what was not sent to one of Lethe's names.
pub(super) async fn check(State(http): State<Http>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    if !route.is_some_and(|route| HEALTH.contains(&route)) {
        match asked(request.headers(), request.uri()) {
            Some(host) if http.settings.hosts.knows(host.host()) => {}
            Some(_) => return not_known().into_response(),
            None => return not_told().into_response(),
        }
    }
    next.run(request).await
}

/// Returns the one host that a request names: in its header `Host` (RFC 9112, section 3.2), in its
/// target (`:authority`: RFC 9113, section 8.3.1), or the same in both.
fn asked(headers: &HeaderMap, uri: &Uri) -> Option<Authority> {
    let mut lines = headers.get_all(header::HOST).iter();
    let header = lines.next().map(|line| Authority::try_from(line.as_bytes()));
    let host = match (header.transpose().ok()?, uri.authority()) {
        (Some(header), Some(target)) => Some(header).filter(|header| header == target),
        (header, target) => header.or_else(|| target.cloned()),
    };
    host.filter(|host| {
        let text = host.as_str();
        let port = text.strip_prefix(host.host()).unwrap_or("@");
        let has_port = port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
        lines.next().is_none() && !host.host().is_empty() && (port.is_empty() || has_port)
    })
}

fn not_known() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "host-not-known",
        "Lethe does not go by this name",
        "Ask by the address that Lethe listens on, or have this host's name put into the setting `hosts` (LETHE_HOSTS)",
    )
}

fn not_told() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "bad-host",
        "Which host is asked?",
        "Send one header `Host` that names a host and, if need be, a port",
    )
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn one_host_is_told_or_none() {
        for (lines, target, host) in [
            (&["a"][..], "/", Some("a")),
            (&["a:8080"], "/", Some("a:8080")),
            (&["[::1]:8080"], "/", Some("[::1]:8080")),
            (&[], "http://a/", Some("a")),
            (&["A"], "http://a/", Some("A")),
            (&["a"], "http://b/", None),
            (&["a"], "http://a:1/", None),
            (&[], "/", None),
            (&["a", "a"], "/", None),
            (&["a", "b"], "/", None),
            (&[""], "/", None),
            (&[":80"], "/", None),
            (&["a:b"], "/", None),
            (&["a:99999"], "/", None),
            (&["a:"], "/", None),
            (&["u@a"], "/", None),
            (&["a/b"], "/", None),
            (&["a b"], "/", None),
            (&["a, b"], "/", None),
            (&["a\u{e9}"], "/", None),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::HOST, HeaderValue::from_bytes(line.as_bytes()).unwrap());
            }
            let found = asked(&headers, &target.parse().unwrap());
            assert_eq!(found.as_ref().map(Authority::as_str), host, "{lines:?} {target}");
        }
    }
}
