//! Whether what Lethe has to write can be written: the database, and the files beside it.
//!
//! A node that cannot write says so before the next producer finds out. The writer tells of
//! its commits, and `probe` tries where there were none for a while.

use std::fmt::Display;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::db::DbError;

/// How long no commit may have shown that the database can be written before it is tried.
const SILENCE_MAX: Duration = Duration::from_secs(10);
/// What is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The database.
    Database,
    /// The data directory: the search index, the graph's snapshot, signed heads.
    DataDirectory,
}

impl Place {
    fn as_str(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::DataDirectory => "data directory",
        }
    }
}

/// What is known of one place.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    fails: bool,
    written: Option<Instant>,
}

/// What can be written, as far as is known.
#[derive(Debug, Default)]
pub(super) struct Writable([Mutex<Known>; 2]);

impl Writable {
    fn known(&self, place: Place) -> MutexGuard<'_, Known> {
        self.0[place as usize].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of what came of writing: nothing, or why it failed.
    pub(super) fn note(&self, place: Place, done: Result<(), &dyn Display>) {
        let written = done.is_ok();
        let mut known = self.known(place);
        let changed = known.fails == written;
        known.fails = !written;
        if written {
            known.written = Some(Instant::now());
        }
        drop(known);
        let place = place.as_str();
        match (changed, done) {
            (true, Ok(())) => tracing::info!(place, "it can be written again"),
            (true, Err(error)) => tracing::error!(place, %error, "it cannot be written"),
            (false, _) => {}
        }
    }

    /// Takes note of what came of writing to the database. That others hold its lock says
    /// nothing.
    pub(super) fn note_database<T>(&self, done: &Result<T, DbError>) {
        match done {
            Ok(_) => self.note(Place::Database, Ok(())),
            Err(error) if error.is_retriable() && !error.is_busy() => {
                self.note(Place::Database, Err(error));
            }
            Err(_) => {}
        }
    }

    /// Returns what cannot be written at present, in words.
    pub(super) fn failing(&self) -> Vec<&'static str> {
        let places = [Place::Database, Place::DataDirectory].into_iter();
        places.filter(|place| self.known(*place).fails).map(Place::as_str).collect()
    }

    /// Returns whether it is to be tried: writing failed, or nobody wrote for a while.
    pub(super) fn is_due(&self, place: Place) -> bool {
        let known = self.known(place);
        known.fails || known.written.is_none_or(|at| at.elapsed() >= SILENCE_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_is_tried_again_and_what_is_silent_after_a_while() {
        let writable = Writable::default();
        assert!(writable.is_due(Place::Database), "nothing is known");
        writable.note(Place::Database, Ok(()));
        assert!(!writable.is_due(Place::Database));
        let long_ago = Instant::now().checked_sub(SILENCE_MAX);
        writable.known(Place::Database).written = long_ago;
        assert!(writable.is_due(Place::Database));
        writable.note(Place::Database, Ok(()));
        writable.note(Place::Database, Err(&"the disk is full"));
        assert!(writable.is_due(Place::Database));
        writable.note_database::<()>(&Err(DbError::Conflict("it")));
        assert!(writable.known(Place::Database).fails, "what was refused says nothing");
        writable.note_database(&Ok(()));
        assert!(!writable.known(Place::Database).fails);
    }
}
