//! Which PostgreSQL a URL leads to: one host or several, directly or through a pooler.

use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;

use super::error::DbError;

/// Hosts of one URL at most.
const HOSTS_MAX: usize = 16;
/// What libpq's URLs may say of the client's end of a socket. Lethe has limits of its own instead.
const OF_SOCKETS: [&str; 7] = [
    "connect_timeout",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "tcp_user_timeout",
    "gssencmode",
];

/// Which PostgreSQL is meant, and how it is come to.
#[derive(Debug, Clone)]
pub(super) struct Server {
    /// The hosts to try, in this order.
    pub(super) hosts: Vec<PgConnectOptions>,
    /// Whether only one will do that takes writes.
    pub(super) writable: bool,
    /// Whether a pooler lies between that gives each transaction another connection, so that
    /// nothing lasts from one to the next.
    pub(super) by_transaction: bool,
}

fn wrong(why: impl Into<String>) -> DbError {
    DbError::Url(why.into())
}

impl Server {
    /// Reads a URL as libpq's documentation has it (section 34.1.1.2, "Connection URIs"), of its
    /// parameters those that sqlx knows, `target_session_attrs` and our own `pooler`.
    ///
    /// # Errors
    ///
    /// [`DbError::Url`]; no message repeats what the URL says.
    pub(super) fn parse(url: &str) -> Result<Self, DbError> {
        let invalid = || wrong("it is no valid PostgreSQL URL");
        let (scheme, rest) = url.split_once("://").ok_or_else(invalid)?;
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = place.split_once('/').unwrap_or((place, ""));
        let (user, hosts) = match authority.rsplit_once('@') {
            Some((user, hosts)) => (format!("{user}@"), hosts),
            None => (String::new(), authority),
        };
        let (mut writable, mut by_transaction, mut kept) = (false, false, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=').unwrap_or((pair, "")) {
                ("target_session_attrs", "any") | ("pooler", "session") => {}
                ("target_session_attrs", "read-write" | "primary") => writable = true,
                ("target_session_attrs", _) => {
                    return Err(wrong("target_session_attrs must be any, read-write or primary"));
                }
                ("pooler", "transaction") => by_transaction = true,
                ("pooler", _) => return Err(wrong("pooler must be session or transaction")),
                (name, _) if OF_SOCKETS.contains(&name) => {}
                _ => kept.push(pair),
            }
        }
        let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
        let options = |host: &str| {
            let url = format!("{scheme}://{user}{host}/{path}{query}");
            let options = PgConnectOptions::from_str(&url).map_err(|_| invalid())?;
            // Poolers refuse what they do not know; without it numbers come as PostgreSQL's
            // default has them, which since version 12 is exact.
            let options = options.application_name("lethe").extra_float_digits(None);
            Ok(if by_transaction { options.statement_cache_capacity(0) } else { options })
        };
        let hosts = hosts.split(',').map(options).collect::<Result<Vec<_>, DbError>>()?;
        if hosts.len() > HOSTS_MAX {
            return Err(wrong(format!("it names more than {HOSTS_MAX} hosts")));
        }
        Ok(Self { hosts, writable, by_transaction })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_what_lethe_understands_itself_are_read() {
        let url = "postgres://u:p%40x@db1:5433,db2/lethe?target_session_attrs=read-write\
                   &sslmode=disable&keepalives_idle=5&pooler=transaction";
        let server = Server::parse(url).unwrap();
        let places: Vec<(&str, u16)> =
            server.hosts.iter().map(|host| (host.get_host(), host.get_port())).collect();
        assert_eq!(places, [("db1", 5433), ("db2", 5432)]);
        assert!(server.writable && server.by_transaction);
        assert!(server.hosts.iter().all(|host| host.get_username() == "u"));
        assert!(server.hosts.iter().all(|host| host.get_database() == Some("lethe")));
        let plain = Server::parse("postgresql://lethe@localhost/db?host=/run/pg").unwrap();
        assert!(plain.hosts.len() == 1 && !plain.writable && !plain.by_transaction);
        assert!(plain.hosts[0].get_socket().is_some());
    }

    #[test]
    fn what_is_not_understood_is_refused_and_not_repeated() {
        for url in [
            "postgres://u:secret@h:port/d",
            "postgres://u:secret@h/d?target_session_attrs=standby",
            "postgres://u:secret@h/d?pooler=statement",
            "postgres:secret",
        ] {
            let error = Server::parse(url).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
