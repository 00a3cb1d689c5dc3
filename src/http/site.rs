//! What a browser is told and tells: the session's cookie, and whether a request comes from our own
//! pages.
//!
//! Over TLS, or from anywhere but the machine itself, the cookie is `__Host-lethe`: browsers take it
//! only over https, for this host alone (RFC 6265bis, section 4.1.3.2). On plain http to the
//! machine itself, where some browsers refuse such cookies, it is `lethe-PORT`, because cookies
//! do not tell ports apart.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use ipnet::IpNet;

use super::state::Http;
use crate::access::session::Secret;

/// The header that repeats the session's token against requests from other sites.
pub(super) const CSRF: &str = "x-csrf-token";
const HOST_COOKIE: &str = "__Host-lethe";

/// Where a request was sent, as its browser sees it.
#[derive(Debug, Clone)]
pub(super) struct Site {
    cookie: String,
    is_secure: bool,
    /// Where the request came from; behind a proxy that is not trusted, the proxy's address.
    pub(super) address: Option<IpAddr>,
}

impl Site {
    /// Reads it from a request.
    pub(super) fn of(http: &Http, headers: &HeaderMap, uri: &Uri, from: Option<IpAddr>) -> Self {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = host.or_else(|| uri.authority().map(|authority| authority.as_str()));
        let (name, port) = split_port(host.unwrap_or_default());
        let trusted = &http.settings.trusted_proxies;
        let forwarded = headers.get("x-forwarded-proto").is_some_and(|proto| proto == "https")
            && from.is_some_and(|from| holds(trusted, from));
        let is_secure = http.settings.tls || forwarded || !is_loopback(name);
        let cookie = if is_secure { HOST_COOKIE.to_owned() } else { format!("lethe-{port}") };
        Self { cookie, is_secure, address: from.map(|from| client(trusted, from, headers)) }
    }

    /// Returns the secret of the session's cookie. Two cookies of the name are none: one of them
    /// was planted.
    pub(super) fn secret(&self, headers: &HeaderMap) -> Option<Secret> {
        let cookies = headers.get_all(header::COOKIE).into_iter();
        let cookies = cookies.filter_map(|line| line.to_str().ok());
        let pairs = cookies.flat_map(|line| line.split(';')).filter_map(|one| one.split_once('='));
        let mut ours = pairs.filter(|(name, _)| name.trim() == self.cookie);
        let (_, value) = ours.next()?;
        ours.next().is_none().then(|| Secret::parse(value.trim())).flatten()
    }

    /// Returns the header that gives the browser a session.
    pub(super) fn give(&self, secret: &Secret) -> Option<HeaderValue> {
        self.header(&secret.reveal(), "")
    }

    /// Returns the header that takes the session away.
    pub(super) fn take(&self) -> Option<HeaderValue> {
        self.header("", "; Max-Age=0")
    }

    fn header(&self, value: &str, more: &str) -> Option<HeaderValue> {
        let secure = if self.is_secure { "; Secure" } else { "" };
        let name = &self.cookie;
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}");
        let mut header = HeaderValue::from_str(&text).ok()?;
        header.set_sensitive(true);
        Some(header)
    }
}

fn holds(nets: &[IpNet], address: IpAddr) -> bool {
    nets.iter().any(|net| net.contains(&address))
}

/// Returns the address that a request set out from. Each proxy appends who spoke to it to
/// `X-Forwarded-For`; what stands before the last address that is no trusted proxy may be
/// made up.
fn client(trusted: &[IpNet], from: IpAddr, headers: &HeaderMap) -> IpAddr {
    let lines = headers.get_all("x-forwarded-for").iter();
    let lines: Vec<&str> = lines.filter_map(|line| line.to_str().ok()).collect();
    let mut passed = lines.iter().rev().flat_map(|line| line.rsplit(','));
    let mut client = from;
    while holds(trusted, client) {
        let Some(before) = passed.next().and_then(|text| text.trim().parse::<IpAddr>().ok()) else {
            break;
        };
        client = before.to_canonical();
    }
    client
}

/// Returns who spoke to Lethe itself.
pub(super) fn address_of(parts: &axum::http::Extensions) -> Option<IpAddr> {
    parts.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical())
}

impl<S: Send + Sync> FromRequestParts<S> for Site
where
    Http: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let from = address_of(&parts.extensions);
        Ok(Self::of(&Http::from_ref(state), &parts.headers, &parts.uri, from))
    }
}

/// Returns whether a browser says that a page of another site sent this request (Fetch Metadata;
/// else RFC 6454's `Origin`). What is no browser says nothing.
pub(super) fn is_cross_site(headers: &HeaderMap, uri: &Uri) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| uri.authority().map(|authority| authority.as_str()));
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    origin.is_none_or(|(_, from)| Some(from) != host)
}

/// Returns whether a method may change something (RFC 9110, section 9.2.1).
pub(super) fn is_unsafe(method: &Method) -> bool {
    ![Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE].contains(method)
}

fn split_port(host: &str) -> (&str, u16) {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, port.parse().unwrap_or(80)),
        _ => (host, 80),
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &str)| {
            (header::HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn hosts_are_told_apart() {
        for (host, name, port, local) in [
            ("localhost:8080", "localhost", 8080, true),
            ("127.0.0.1", "127.0.0.1", 80, true),
            ("[::1]:9", "[::1]", 9, true),
            ("[::1]", "[::1]", 80, true),
            ("lethe.example.com", "lethe.example.com", 80, false),
            ("localhost.example.com:1", "localhost.example.com", 1, false),
            ("", "", 80, false),
        ] {
            assert_eq!(split_port(host), (name, port), "{host}");
            assert_eq!(is_loopback(name), local, "{host}");
        }
    }

    #[test]
    fn only_trusted_proxies_are_believed_who_spoke_to_them() {
        let trusted: Vec<IpNet> =
            ["10.0.0.0/8", "fd00::/8"].iter().map(|net| net.parse().unwrap()).collect();
        for (from, lines, expected) in [
            ("10.0.0.1", &[][..], "10.0.0.1"),
            ("192.0.2.7", &["198.51.100.9"][..], "192.0.2.7"),
            ("10.0.0.1", &["198.51.100.9"][..], "198.51.100.9"),
            ("10.0.0.1", &["made.up, 203.0.113.5,198.51.100.9, 10.2.0.1"][..], "198.51.100.9"),
            ("10.0.0.1", &["203.0.113.5", "198.51.100.9, fd00::2"][..], "198.51.100.9"),
            ("10.0.0.1", &["203.0.113.5, unknown, 10.2.0.1"][..], "10.2.0.1"),
            ("10.0.0.1", &["::ffff:198.51.100.9"][..], "198.51.100.9"),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", line.parse().unwrap());
            }
            let found = client(&trusted, from.parse().unwrap(), &headers);
            assert_eq!(found, expected.parse::<IpAddr>().unwrap(), "{from} {lines:?}");
        }
    }

    #[test]
    fn only_our_own_pages_and_what_is_no_browser_are_not_another_site() {
        let uri = Uri::from_static("/");
        let host = ("host", "lethe.example.com");
        for (said, cross) in [
            (("sec-fetch-site", "same-origin"), false),
            (("sec-fetch-site", "same-site"), true),
            (("sec-fetch-site", "cross-site"), true),
            (("origin", "https://lethe.example.com"), false),
            (("origin", "https://evil.example.com"), true),
            (("origin", "https://lethe.example.com.evil.org"), true),
            (("origin", "null"), true),
            (("accept", "*/*"), false),
        ] {
            assert_eq!(is_cross_site(&headers(&[host, said]), &uri), cross, "{said:?}");
        }
    }
}
