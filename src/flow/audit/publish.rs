//! Signing the head of the audit log once a second while it grows.
//!
//! Every signed head also goes to a file outside the database, before it is stored in it.
//! Lethe is its own first witness: what does not continue the last head it signed, or holds
//! new records that are not those of the tree, is not signed, and the alarm is raised instead.

use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::app::App;
use super::super::error::FlowError;
use super::super::unrecorded::unrecorded;
use super::alarm::Fault;
use super::check::check_span;
use super::ledger::{broken, stored_tiles};
use super::signer::Signer;
use crate::audit::{Checkpoint, Edge, Hash, NoteError, TreeQuery, Trust, Witnessed, verify_growth};
use crate::base::Time;
use crate::db::Db;

/// How often the head is looked at.
const PUBLISH_EVERY: Duration = Duration::from_secs(1);
/// The file of signed heads, in the data directory.
const FILE: &str = "audit-checkpoints.jsonl";
/// The file's end that is read at the start: many lines, of which the last whole one counts.
const TAIL_BYTES: u64 = 64 * 1024;

/// A line of the file.
#[derive(Serialize, Deserialize)]
struct Line {
    at: Time,
    note: String,
}

/// Signs heads and remembers the last one.
#[derive(Debug)]
pub(in crate::flow) struct Publisher {
    signer: Arc<Signer>,
    file: Option<PathBuf>,
    witnessed: Witnessed,
    /// The head that was signed last before the start, until it is confirmed.
    resumed: Option<String>,
}

impl Publisher {
    /// Goes on from the last head that is known, from the file or else from the database.
    ///
    /// # Errors
    ///
    /// [`FlowError::Conflict`] if that one was not signed by this key; the message says where it lies and
    /// what to do.
    pub(in crate::flow) async fn resume(app: &App) -> Result<Self, FlowError> {
        let settings = &app.inner.settings;
        let no_key = || FlowError::Internal("there is no key to sign heads with".to_owned());
        let signer = settings.signer.clone().ok_or_else(no_key)?;
        let file = settings.data_dir.as_deref().map(|dir| dir.join(FILE));
        let trust = Trust::key(signer.key().clone());
        let kept = file.as_deref().and_then(last_line);
        let from = file.as_deref().filter(|_| kept.is_some());
        let stored = app.db().last_checkpoint().await?.map(|(_, note)| note);
        let resumed = kept.or(stored);
        let witnessed = match &resumed {
            Some(note) => Witnessed::resume(trust, note)
                .map_err(|error| FlowError::Conflict(not_ours(from, &error)))?,
            None => Witnessed::new(trust),
        };
        Ok(Self { signer, file, witnessed, resumed })
    }

    /// Signs the head if the log has grown. Returns the size that is signed for.
    async fn publish(&mut self, app: &App) -> Result<u64, Fault> {
        let db = app.db();
        let size = u64::try_from(db.audit_size().await?).unwrap_or(0);
        let seen = self.witnessed.last().map_or(0, |last| last.size);
        if size == seen {
            self.confirm(app).await?;
            return Ok(size);
        }
        check_span(db, seen, size).await?;
        let checkpoint = Checkpoint {
            origin: self.signer.key().name().to_owned(),
            size,
            root: root(db, size).await?,
        };
        let proof = if seen < size { consistency(db, seen, size).await? } else { Vec::new() };
        let note = checkpoint.signed(self.signer.key(), |text| self.signer.sign(text));
        let mut next = self.witnessed.clone();
        next.accept(&note, &proof).map_err(|error| Fault::Differs(error.to_string()))?;
        let now = app.now();
        if let Some(file) = &self.file {
            append(file, &Line { at: now, note: note.clone() })
                .map_err(|error| FlowError::Internal(format!("{}: {error}", file.display())))?;
        }
        store(db, size, now, &note).await?;
        self.witnessed = next;
        self.resumed = None;
        Ok(size)
    }

    /// Looks once, after a start, whether the database still holds the log that was signed
    /// last, and the head itself: a crash may have come between the file and the database.
    async fn confirm(&mut self, app: &App) -> Result<(), Fault> {
        let (Some(note), Some(last)) = (&self.resumed, self.witnessed.last()) else {
            return Ok(());
        };
        let found = Checkpoint { root: root(app.db(), last.size).await?, ..last.clone() };
        verify_growth(last, &found, &[]).map_err(|error| Fault::Differs(error.to_string()))?;
        store(app.db(), last.size, app.now(), note).await?;
        self.resumed = None;
        Ok(())
    }
}

/// Words that the last signed head is none that this database's key has signed, and what to do.
fn not_ours(file: Option<&Path>, error: &NoteError) -> String {
    let Some(file) = file else {
        return format!(
            "the last signed head of the audit log in the database is not to be believed ({error}): \
             somebody changed it, or the log's signing key was replaced"
        );
    };
    let (name, file) = (FILE, file.display());
    match error {
        NoteError::Unsigned | NoteError::OtherLog { .. } => format!(
            "the last signed head in {file} was signed by another key than this database's: if the \
             database is another one than before, move {name} aside (keep it: it is evidence of the old \
             log); if it should be the same one, this is not the database that you mean"
        ),
        _ => format!(
            "the last signed head in {file} is not to be believed ({error}): somebody changed the file; \
             move it aside and keep it, and check the log against your own copy of the heads"
        ),
    }
}

async fn store(db: &Db, size: u64, now: Time, note: &str) -> Result<(), FlowError> {
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    unrecorded(db, async |tx| Ok(tx.put_checkpoint(size, now, note).await?)).await
}

/// Publishes until told to stop, and once more at the end.
pub(in crate::flow) async fn publish_loop(app: App) {
    let mut publisher = match Publisher::resume(&app).await {
        Ok(publisher) => publisher,
        Err(error) => {
            app.inner.alarm.note_unsigned(Some(error.to_string()));
            return;
        }
    };
    loop {
        let pause = app.inner.stop_following.cancelled();
        let stopped = tokio::time::timeout(PUBLISH_EVERY, pause).await.is_ok();
        let alarm = &app.inner.alarm;
        if alarm.found().is_none() {
            match publisher.publish(&app).await {
                Ok(_) => alarm.note_unsigned(None),
                Err(Fault::Failed(error)) => alarm.note_unsigned(Some(error.to_string())),
                Err(Fault::Differs(why)) => alarm.raise(why, app.now()),
            }
        }
        if stopped {
            return;
        }
    }
}

/// Reads the tiles that a question needs and answers it.
pub(super) async fn ask(db: &Db, query: TreeQuery) -> Result<Vec<Hash>, FlowError> {
    let ids = query.tiles();
    let tiles = stored_tiles(db, &ids).await?;
    Ok(query.answer(&tiles).map_err(broken)?)
}

async fn root(db: &Db, size: u64) -> Result<Hash, FlowError> {
    let tiles = stored_tiles(db, &Edge::tiles(size)).await?;
    Ok(Edge::load(size, &tiles).map_err(broken)?.root())
}

/// Proves that the log of size `old` is the beginning of that of size `new`.
pub(super) async fn consistency(db: &Db, old: u64, new: u64) -> Result<Vec<Hash>, FlowError> {
    ask(db, TreeQuery::consistency(old, new).map_err(broken)?).await
}

fn append(file: &Path, line: &Line) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().create(true).read(true).append(true).open(file)?;
    let mut text = Vec::new();
    if tail(&mut file, 1)?.last().is_some_and(|byte| *byte != b'\n') {
        // The line before was cut off: it must not take this one with it.
        text.push(b'\n');
    }
    serde_json::to_writer(&mut text, line)?;
    text.push(b'\n');
    file.write_all(&text)?;
    file.sync_data()
}

/// Returns the last whole line's note: one that was cut off by a crash was not stored yet.
fn last_line(file: &Path) -> Option<String> {
    let tail = tail(&mut std::fs::File::open(file).ok()?, TAIL_BYTES).ok()?;
    let mut lines = tail.rsplit(|byte| *byte == b'\n');
    let line = lines.find_map(|line| serde_json::from_slice::<Line>(line).ok())?;
    Some(line.note)
}

/// Reads at most so many bytes from a file's end.
fn tail(file: &mut std::fs::File, bytes: u64) -> std::io::Result<Vec<u8>> {
    let start = file.metadata()?.len().saturating_sub(bytes);
    file.seek(SeekFrom::Start(start))?;
    let mut tail = Vec::new();
    file.take(bytes).read_to_end(&mut tail)?;
    Ok(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(note: &str) -> Line {
        Line { at: Time::from_micros(0), note: note.to_owned() }
    }

    #[test]
    fn the_last_whole_line_counts_and_one_that_was_cut_off_spoils_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(FILE);
        assert_eq!(last_line(&file), None);
        append(&file, &line("first")).unwrap();
        append(&file, &line("second\n")).unwrap();
        assert_eq!(last_line(&file).as_deref(), Some("second\n"));
        let whole = std::fs::read(&file).unwrap();
        std::fs::write(&file, &whole[..whole.len() - 9]).unwrap();
        assert_eq!(last_line(&file).as_deref(), Some("first"));
        append(&file, &line("third")).unwrap();
        assert_eq!(last_line(&file).as_deref(), Some("third"));
    }

    #[test]
    fn only_the_end_of_a_long_file_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(FILE);
        std::fs::write(&file, "x".repeat(300_000) + "\n").unwrap();
        append(&file, &line("last")).unwrap();
        assert_eq!(last_line(&file).as_deref(), Some("last"));
    }
}
