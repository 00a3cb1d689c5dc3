//! What can go wrong with the database, as far as callers act on it.

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// It cannot be reached, is full, or is too busy. Asking again later may help.
    #[error("the database is unavailable: {0}")]
    Unavailable(sqlx::Error),
    /// It refused a statement or a value. Asking again will not help.
    #[error("the database refused: {0}")]
    Refused(sqlx::Error),
    /// Somebody else changed it first. Reading again and asking anew may help.
    #[error("somebody else changed {0} first")]
    Conflict(&'static str),
    /// What it holds is not what Lethe wrote.
    #[error("the database holds an unreadable {what}: {why}")]
    Corrupt {
        /// Which kind of row.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The URL names no database that Lethe knows.
    #[error("cannot use database URL: {0}")]
    Url(String),
    /// The schema could not be brought up to date.
    #[error("the database schema could not be migrated: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// Its SQLite has a bug that can corrupt data.
    #[error("SQLite {0} is older than 3.51.3 and may corrupt its write-ahead log")]
    OldSqlite(String),
}

impl DbError {
    /// Returns whether asking again later may help.
    #[must_use]
    pub fn is_retriable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }

    /// Returns whether somebody else held what was needed for too long: the writer's lock, or
    /// all connections.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        match self {
            Self::Unavailable(sqlx::Error::PoolTimedOut) => true,
            Self::Unavailable(sqlx::Error::Database(error)) => is_lock(error.code().as_deref()),
            _ => false,
        }
    }

    /// Returns whether what was read is not what Lethe wrote: a value of another type, or a
    /// row that is always there and was not.
    #[must_use]
    pub fn is_misread(&self) -> bool {
        match self {
            Self::Corrupt { .. } => true,
            Self::Refused(error) => matches!(
                error,
                sqlx::Error::Decode(_)
                    | sqlx::Error::ColumnDecode { .. }
                    | sqlx::Error::RowNotFound
            ),
            _ => false,
        }
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        let refused = match &error {
            sqlx::Error::Database(database) => !is_passing(database.code().as_deref()),
            sqlx::Error::Encode(_)
            | sqlx::Error::Decode(_)
            | sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::ColumnNotFound(_)
            | sqlx::Error::TypeNotFound { .. }
            | sqlx::Error::RowNotFound => true,
            _ => false,
        };
        if refused { Self::Refused(error) } else { Self::Unavailable(error) }
    }
}

/// Returns whether a database's own error code speaks of its state, not of the statement.
///
/// SQLite: primary codes busy (5), locked (6), no memory (7), read-only (8), I/O (10), full
/// (13), cannot open (14). PostgreSQL: classes 08 (connection), 25006 (read-only), 40
/// (rollback), 3D (the database is not there: it is being put back), 53 (resources), 55 (not in the right state), 57 (operator), 58 (system).
fn is_passing(code: Option<&str>) -> bool {
    let Some(code) = code else { return true };
    if code.len() == 5 && !code.starts_with(|c: char| c.is_ascii_digit() && c == '9') {
        return code == "25006"
            || ["08", "3D", "40", "53", "55", "57", "58"]
                .iter()
                .any(|class| code.starts_with(class));
    }
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 7 | 8 | 10 | 13 | 14))
}

/// Returns whether a code speaks of a lock: SQLite's busy (5) and locked (6), PostgreSQL's
/// lock_not_available.
fn is_lock(code: Option<&str>) -> bool {
    let code = code.unwrap_or_default();
    code == "55P03"
        || (code.len() < 5 && code.parse().is_ok_and(|code: u32| matches!(code & 0xff, 5 | 6)))
}

#[cfg(test)]
mod tests {
    use super::{is_lock, is_passing};

    #[test]
    fn a_lock_is_told_from_a_full_disk() {
        for lock in ["5", "261", "517", "6", "55P03"] {
            assert!(is_lock(Some(lock)), "{lock}");
        }
        for other in ["13", "10", "8", "53100", "25006", "00005"] {
            assert!(!is_lock(Some(other)), "{other}");
        }
    }

    #[test]
    fn full_disk_passes_and_a_duplicate_key_does_not() {
        for passing in ["13", "5", "261", "10", "778", "3D000", "53100", "57P01", "08006", "40001"]
        {
            assert!(is_passing(Some(passing)), "{passing}");
        }
        for lasting in ["1555", "2067", "23505", "42601", "22021", "1"] {
            assert!(!is_passing(Some(lasting)), "{lasting}");
        }
    }
}
