//! The names that Lethe goes by.

use std::collections::BTreeSet;
use std::net::IpAddr;

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
    pub(super) fn knows(&self, host: &str) -> bool {
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

#[cfg(test)]
mod tests {
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
