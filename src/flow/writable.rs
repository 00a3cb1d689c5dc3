//! Whether what Lethe has to write can be written: the database, and the files beside it.
//!
//! A node that cannot write says so before the next producer finds out. The writer tells of
//! its commits; where there were none for a while, something small is written instead, and while
//! writing fails, again and again, so that it comes back by itself.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::app::App;
use crate::base::limits::LOCK_WAIT_MS_MAX;
use crate::db::DbError;

/// How often it is looked.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long no commit may have shown that the database can be written before it is tried.
const SILENCE_MAX: Duration = Duration::from_secs(10);
/// Bytes that must fit beside what is there. An overwritten file would need no room.
const PROBE_BYTES: usize = 64 * 1024;
/// The file that is written and removed; the index knows such names as none of its own.
const PROBE_FILE: &str = ".tmp-write-probe";

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

    /// Takes note of what came of writing.
    pub(super) fn note(&self, place: Place, written: bool) {
        let mut known = self.known(place);
        let changed = known.fails == written;
        known.fails = !written;
        if written {
            known.written = Some(Instant::now());
        }
        drop(known);
        let place = place.as_str();
        match (changed, written) {
            (true, true) => tracing::info!(place, "it can be written again"),
            (true, false) => tracing::error!(place, "it cannot be written"),
            (false, _) => {}
        }
    }

    /// Takes note of what came of writing to the database. That others hold its lock says
    /// nothing.
    pub(super) fn note_database<T>(&self, done: &Result<T, DbError>) {
        match done {
            Ok(_) => self.note(Place::Database, true),
            Err(error) if error.is_retriable() && !error.is_busy() => {
                self.note(Place::Database, false);
            }
            Err(_) => {}
        }
    }

    fn is_due(&self, place: Place) -> bool {
        let known = self.known(place);
        known.fails || known.written.is_none_or(|at| at.elapsed() >= SILENCE_MAX)
    }
}

impl App {
    /// Returns what cannot be written at present, in words; empty if all can.
    #[must_use]
    pub fn unwritable(&self) -> Vec<&'static str> {
        let writable = &self.inner.writable;
        let places = [Place::Database, Place::DataDirectory].into_iter();
        places.filter(|place| writable.known(*place).fails).map(Place::as_str).collect()
    }
}

/// Looks whether it can be written, until told to stop.
pub(super) async fn probe_loop(app: App) {
    let writable = &app.inner.writable;
    loop {
        if let Some(dir) = app.inner.settings.data_dir.clone() {
            let written = tokio::task::spawn_blocking(move || probe_files(&dir)).await;
            writable.note(Place::DataDirectory, matches!(written, Ok(Ok(()))));
        }
        if writable.is_due(Place::Database) {
            let patience = Duration::from_millis(LOCK_WAIT_MS_MAX);
            // A database that gives no answer at all is missed by readiness itself.
            if let Ok(done) = tokio::time::timeout(patience, app.db().probe()).await {
                writable.note_database(&done);
            }
        }
        let stop = app.inner.stop_following.cancelled();
        if tokio::time::timeout(LOOK_EVERY, stop).await.is_ok() {
            return;
        }
    }
}

fn probe_files(dir: &Path) -> std::io::Result<()> {
    let index = dir.join("index");
    let dirs = [Some(dir.to_owned()), Some(index).filter(|index| index.is_dir())];
    dirs.into_iter().flatten().try_for_each(|dir: PathBuf| {
        let path = dir.join(PROBE_FILE);
        let written =
            std::fs::File::create(&path).and_then(|mut file| file.write_all(&[0; PROBE_BYTES]));
        // Also what was written in part goes.
        let removed = std::fs::remove_file(&path);
        written.and(removed)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_is_tried_again_and_what_is_silent_after_a_while() {
        let writable = Writable::default();
        assert!(writable.is_due(Place::Database), "nothing is known");
        writable.note(Place::Database, true);
        assert!(!writable.is_due(Place::Database));
        let long_ago = Instant::now().checked_sub(SILENCE_MAX);
        writable.known(Place::Database).written = long_ago;
        assert!(writable.is_due(Place::Database));
        writable.note(Place::Database, true);
        writable.note(Place::Database, false);
        assert!(writable.is_due(Place::Database));
        writable.note_database::<()>(&Err(DbError::Conflict("it")));
        assert!(writable.known(Place::Database).fails, "what was refused says nothing");
        writable.note_database(&Ok(()));
        assert!(!writable.known(Place::Database).fails);
    }

    #[test]
    fn a_probe_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("index")).unwrap();
        probe_files(dir.path()).unwrap();
        let left = |dir: &Path| std::fs::read_dir(dir).unwrap().count();
        assert_eq!((left(dir.path()), left(&dir.path().join("index"))), (1, 0));
        assert!(probe_files(&dir.path().join("gone")).is_err());
    }
}
