//! Under which names Lethe is asked.
//!
//! A page of another site may have its own name pointed at this machine (DNS rebinding); its browser then
//! takes Lethe for that site, and lets it read every answer. So a name that is not Lethe's is refused. Nothing is
//! looked up here: a name is known or it is not.

use std::collections::BTreeSet;
use std::net::IpAddr;

use axum::extract::{MatchedPath, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use super::state::Http;

/// Routes that say nothing of the catalog: whoever looks after the machine asks them by whatever name.
pub(super) const HEALTH: [&str; 2] = ["/livez", "/readyz"];

/// The names that Lethe answers to: `localhost`, addresses of the machine itself, the address that
/// it listens on (any, if it listens on all), and names that were given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosts {
    names: BTreeSet<String>,
    listens: IpAddr,
}

impl Default for Hosts {
    fn default() -> Self {
        Self::new(IpAddr::from([127, 0, 0, 1]), [])
    }
}

impl Hosts {
    /// Makes it from the address that is listened on and further names.
    #[must_use]
    pub fn new(listens: IpAddr, names: impl IntoIterator<Item = String>) -> Self {
        let names = names.into_iter().map(|name| tidy(&name)).collect();
        Self { names, listens: listens.to_canonical() }
    }

    /// Returns whether a host (RFC 3986, section 3.2.2) is one of these. Ports are not looked at: a
    /// name that is not ours has none that is.
    fn knows(&self, host: &str) -> bool {
        let name = tidy(host);
        if name == "localhost" || self.names.contains(&name) {
            return true;
        }
        // No name can be pointed at this machine that is an address in writing.
        let bare = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(&name);
        bare.parse::<IpAddr>().map(|address| address.to_canonical()).is_ok_and(|address| {
            address.is_loopback() || self.listens.is_unspecified() || self.listens == address
        })
    }
}

fn tidy(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

/// Reads the name of a host without a port, as the setting `hosts` has it.
///
/// # Errors
///
/// What is wrong with it.
pub fn host_name(text: &str) -> Result<String, String> {
    let name = tidy(text.trim());
    let sign = |sign: char| sign.is_ascii_alphanumeric() || "-._".contains(sign);
    let is_name = !name.is_empty() && name.chars().all(sign);
    if is_name || name.parse::<IpAddr>().is_ok() {
        return Ok(name);
    }
    Err("must be the name or address of a host without a port, such as lethe.example.com"
        .to_owned())
}

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

    fn hosts(listens: &str) -> Hosts {
        Hosts::new(listens.parse().unwrap(), ["Lethe.Example.com".to_owned()])
    }

    #[test]
    fn names_are_known_by_what_is_listened_on_and_what_was_given() {
        for (listens, host, known) in [
            ("127.0.0.1", "localhost", true),
            ("127.0.0.1", "LOCALHOST.", true),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.8.8.8", true),
            ("127.0.0.1", "[::1]", true),
            ("127.0.0.1", "[::ffff:127.0.0.1]", true),
            ("127.0.0.1", "lethe.example.com", true),
            ("127.0.0.1", "10.0.0.7", false),
            ("127.0.0.1", "0.0.0.0", false),
            ("127.0.0.1", "other.example", false),
            ("127.0.0.1", "localhost.other.example", false),
            ("127.0.0.1", "127.0.0.1.other.example", false),
            ("10.0.0.7", "10.0.0.7", true),
            ("10.0.0.7", "10.0.0.8", false),
            ("10.0.0.7", "127.0.0.1", true),
            ("0.0.0.0", "10.0.0.8", true),
            ("::", "[2001:db8::1]", true),
            ("::", "10.0.0.8", true),
            ("0.0.0.0", "other.example", false),
            ("0.0.0.0", "x.lethe.example.com", false),
            ("0.0.0.0", "0x7f.1", false),
        ] {
            assert_eq!(hosts(listens).knows(host), known, "{host} at {listens}");
        }
    }

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

    #[test]
    fn the_setting_takes_names_and_addresses_without_a_port() {
        for (text, name) in [
            (" Lethe.Example.com. ", "lethe.example.com"),
            ("lethe", "lethe"),
            ("10.0.0.7", "10.0.0.7"),
            ("2001:db8::1", "2001:db8::1"),
        ] {
            assert_eq!(host_name(text).as_deref(), Ok(name));
        }
        for text in ["", ".", "*", "*.example.com", "a:80", "http://a", "a/b", "a b", "[::1]"] {
            assert!(host_name(text).is_err(), "{text}");
        }
    }
}
