//! Tries whether it can be written: where nobody wrote for a while something small is written, and
//! while writing fails, again and again, so that it comes back by itself.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::app::App;
use super::pulse::Loop;
use super::writable::Place;
use crate::base::limits::LOCK_WAIT_MS_MAX;

/// How often it is looked.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Bytes that must fit beside what is there. An overwritten file would need no room.
const PROBE_BYTES: usize = 64 * 1024;
/// The file that is written and removed; the index knows such names as none of its own.
const PROBE_FILE: &str = ".tmp-write-probe";

impl App {
    /// Returns what cannot be written at present, in words; empty if all can.
    #[must_use]
    pub fn unwritable(&self) -> Vec<&'static str> {
        self.inner.writable.failing()
    }
}

/// Looks whether it can be written, until told to stop.
pub(super) async fn probe_loop(app: App) {
    let writable = &app.inner.writable;
    loop {
        app.inner.pulse.beat(Loop::Probe);
        if let Some(dir) = app.inner.settings.data_dir.clone() {
            match tokio::task::spawn_blocking(move || probe_files(&dir)).await {
                Ok(Err(error)) if is_want_of_descriptors(&error) => {}
                Ok(Ok(())) => writable.note(Place::DataDirectory, Ok(())),
                Ok(Err(error)) => writable.note(Place::DataDirectory, Err(&error)),
                Err(error) => writable.note(Place::DataDirectory, Err(&error)),
            }
        }
        if writable.is_due(Place::Database) {
            // Longer than any lock is waited for: that others hold it says nothing.
            let patience = Duration::from_millis(LOCK_WAIT_MS_MAX + 2_000);
            match tokio::time::timeout(patience, app.db().probe()).await {
                Ok(done) => writable.note_database(&done),
                Err(_) => writable.note(Place::Database, Err(&"a commit took too long")),
            }
            if !writable.failing().is_empty() {
                app.db().find_server().await;
            }
        }
        let stop = app.inner.stop_following.cancelled();
        if tokio::time::timeout(LOOK_EVERY, stop).await.is_ok() {
            return;
        }
    }
}

/// Returns whether there were too many files and connections open: it says nothing of the disk, and
/// passes as soon as connections that had to make room are closed.
fn is_want_of_descriptors(error: &std::io::Error) -> bool {
    #[cfg(unix)]
    {
        use rustix::io::Errno;
        let short = [Errno::MFILE, Errno::NFILE].map(Errno::raw_os_error);
        error.raw_os_error().is_some_and(|code| short.contains(&code))
    }
    #[cfg(not(unix))]
    {
        let _ = error;
        false
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
    #[cfg(unix)]
    fn only_want_of_descriptors_says_nothing() {
        let of = |code: rustix::io::Errno| std::io::Error::from_raw_os_error(code.raw_os_error());
        assert!(is_want_of_descriptors(&of(rustix::io::Errno::MFILE)));
        assert!(!is_want_of_descriptors(&of(rustix::io::Errno::NOSPC)));
        assert!(!is_want_of_descriptors(&std::io::Error::other("x")));
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
