//! The data directory belongs to one process at a time.
//!
//! Two servers on one directory would write one index and one snapshot, and each would believe
//! its own memory. So what changes the directory, or all of the database in it, holds a lock
//! from its start to its end. The system gives it back when the process dies, however it dies.
//! Commands that only read, and those that work through the database's own transactions beside
//! a server (`export`, `keys`, `sign-in-link`), do not ask for it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::config::Config;
use crate::db::DbUrl;

/// The file that is locked, in the data directory.
const FILE: &str = "lethe.lock";
/// Bytes of the holder's word about itself that are read at most.
const WORD_BYTES_MAX: u64 = 64;

/// Another process has the data directory, or the SQLite file.
#[derive(Debug, thiserror::Error)]
#[error(
    "another process{who} works on {place}: stop it first, or give this one a directory (and, \
     to serve from SQLite, a database) of its own"
)]
pub(super) struct InUse {
    who: String,
    place: String,
}

/// The right to work on a data directory alone, for as long as it is held.
#[derive(Debug)]
pub(super) struct Alone {
    /// Locked until they are closed.
    locked: Vec<File>,
}

/// Takes the data directory, which is made if it is not there. Does not wait.
///
/// # Errors
///
/// [`InUse`] if another process has it; another error if its file system cannot lock.
pub(super) fn take(config: &Config) -> anyhow::Result<Alone> {
    let dir = &config.data_dir;
    std::fs::create_dir_all(dir)
        .with_context(|| format!("cannot make the data directory {}", dir.display()))?;
    Ok(Alone { locked: vec![lock(&dir.join(FILE), dir)?] })
}

/// Takes the data directory and, where that is SQLite, the database: it belongs to one node.
///
/// # Errors
///
/// As [`take`].
pub(super) fn take_to_serve(config: &Config) -> anyhow::Result<Alone> {
    let mut alone = take(config)?;
    if let DbUrl::Sqlite(file) = config.db_url()? {
        let mut name = file.clone().into_os_string();
        name.push(".lock");
        alone.locked.push(lock(&PathBuf::from(name), &file)?);
    }
    Ok(alone)
}

/// Locks a file that stands for a place. The file stays when the lock goes: removing it would
/// let two processes lock two files of one name.
fn lock(path: &Path, place: &Path) -> anyhow::Result<File> {
    let place = place.display().to_string();
    let mut options = OpenOptions::new();
    let mut file = options
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => {
            introduce(&mut file);
            Ok(file)
        }
        Err(TryLockError::WouldBlock) => Err(InUse { who: holder(&mut file), place }.into()),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| {
            format!(
                "the file system of {place} does not lock files, as some network file systems do \
                 not: without a lock nobody knows whether another process works on it; use a \
                 local disk"
            )
        }),
    }
}

/// Says who holds the lock, for the next one's error. On a full disk it is not said.
fn introduce(file: &mut File) {
    drop(file.set_len(0));
    drop(file.write_all(std::process::id().to_string().as_bytes()));
}

/// Returns who holds the lock by its own word, if it could give it.
fn holder(file: &mut File) -> String {
    let mut word = String::new();
    let read = file.rewind().and_then(|()| file.take(WORD_BYTES_MAX).read_to_string(&mut word));
    match read.ok().and_then(|_| word.trim().parse::<u32>().ok()) {
        Some(id) => format!(" ({id})"),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(dir: &Path, database: Option<String>) -> Config {
        Config { data_dir: dir.to_owned(), database, ..Config::default() }
    }

    #[test]
    fn a_directory_is_taken_once_until_it_is_given_back() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().join("made");
        for database in [None, Some("postgres://db/lethe".to_owned())] {
            let held = take(&config(&dir, database)).unwrap();
            let error = take(&config(&dir, None)).unwrap_err();
            let told = error.downcast_ref::<InUse>().unwrap().to_string();
            assert!(told.contains(&std::process::id().to_string()), "{told}");
            assert!(told.contains(&dir.display().to_string()), "{told}");
            drop(held);
        }
        assert!(take(&config(&dir, None)).is_ok());
    }

    #[test]
    fn a_sqlite_file_has_one_server_wherever_its_directory_is() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let held = take_to_serve(&config(one.path(), None)).unwrap();
        let file = format!("sqlite:{}", one.path().join("lethe.sqlite").display());
        let beside = config(two.path(), Some(file));
        let error = take_to_serve(&beside).unwrap_err();
        assert!(error.downcast_ref::<InUse>().unwrap().to_string().contains("lethe.sqlite"));
        // What only works through the database's transactions may, from a directory of its own.
        assert!(take(&beside).is_ok());
        drop(held);
        assert!(take_to_serve(&beside).is_ok());
    }
}
