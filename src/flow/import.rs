//! Imports newline-delimited JSON: one event a line, in batches, with refused lines kept
//! as dead letters, and able to go on where it was cut off.

use std::sync::Arc;

use tokio::io::{AsyncBufRead, AsyncBufReadExt};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::app::App;
use super::audit::Actor;
use super::error::FlowError;
use super::ingest::{Import, Ready, Refused, Submission};
use super::trust::{Known, Refusal, Told};
use crate::access::Action;
use crate::base::Position;
use crate::base::limits::EVENT_BYTES_MAX;
use crate::catalog::Voice;
use crate::openlineage::{Fault, Rejection, RejectionCode, parse};

/// Events that are submitted at once.
const BATCH_EVENTS: usize = 1_000;
/// Bytes that are submitted at once, a single larger event apart.
const BATCH_BYTES: usize = 8 * 1024 * 1024;

/// On whose behalf events are imported.
#[derive(Debug, Clone, Copy)]
pub enum Importer<'a> {
    /// Of whoever holds the database anyway: nothing is decided.
    Itself,
    /// Of somebody who sent them: each event is decided about before it is taken.
    Known(&'a Known, &'a Actor),
}

/// What became of an import so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Lines that held something.
    pub received: u64,
    /// Events that are new in the log.
    pub new: u64,
    /// Events that the log held already.
    pub known: u64,
    /// Lines that were refused and are dead letters now.
    pub refused: u64,
    /// Bytes read, skipped ones included.
    pub bytes: u64,
    /// The position in the change feed at which all of it can be seen.
    pub position: Position,
}

/// A batch that is parsed and folded, to be decided about and written.
struct Coming {
    told: Told,
    refused: u64,
    ready: Ready,
    /// As whose it was folded.
    voice: Arc<Voice>,
}

/// A batch that gathers.
#[derive(Default)]
struct Batch {
    lines: Vec<Vec<u8>>,
    bytes: usize,
}

/// A whole batch that is being parsed and folded, and how far the reader is with it.
struct Whole {
    batch: Arc<Batch>,
    import: Option<Import>,
    position: u64,
    coming: JoinHandle<Coming>,
}

impl App {
    /// Imports somebody's events from a reader. With a `file`, progress is kept with the events, so
    /// that [`App::import_start`] tells where to go on; `start` is where the reader stands.
    ///
    /// A stream may last: who sends it, and as whose their words count, is asked anew for each batch
    /// before it is written.
    ///
    /// # Errors
    ///
    /// [`Refusal::Denied`] if an event is not whoever imports' to bring in, [`Refusal::Ended`] if
    /// they are nobody any more, [`FlowError::BadInput`] if the reader fails, else as
    /// [`App::submit`]; what was imported before stays.
    pub async fn import<R: AsyncBufRead + Unpin>(
        &self,
        reader: R,
        by: Importer<'_>,
        (file, start): (Option<Uuid>, u64),
        mut progress: impl FnMut(&Imported),
    ) -> Result<Imported, Refusal> {
        let mut reader = reader;
        let mut done = Imported { bytes: start, ..Imported::default() };
        let mut read = start;
        let mut ahead: Option<Whole> = None;
        loop {
            // One batch is gathered, parsed and folded while the one before is being written, never
            // more; and a batch is submitted only once the one before is on disk, so that the place to
            // go on from never lies beyond one that is not. It does not wait for those that follow:
            // whoever sends them may take their time.
            let before = ahead.take();
            let writing = async {
                match before {
                    Some(whole) => self.submit_coming(by, whole).await.map(Some),
                    None => Ok(None),
                }
            };
            let coming = self.gather_next(&mut reader, (file, &mut read), by);
            let (written, next) = tokio::try_join!(writing, coming)?;
            if let Some(written) = written {
                done.add(&written);
                progress(&done);
            }
            let (whole, ended) = next?;
            if let Some(whole) = &whole {
                done.received += whole.batch.lines.len() as u64;
            }
            ahead = whole;
            if ended && ahead.is_none() {
                return Ok(done);
            }
        }
    }

    /// Returns how many bytes of a file are imported already.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn import_start(&self, file: Uuid) -> Result<u64, FlowError> {
        Ok(self.db().import_position(file).await?)
    }

    /// Returns as whose events come in now, and who that is, if it is somebody who sent them.
    async fn importing(&self, by: Importer<'_>) -> Result<(Arc<Voice>, Option<Known>), Refusal> {
        match by {
            Importer::Itself => Ok((self.voice_of_lethe(), None)),
            Importer::Known(known, _) => {
                let now = self.identify_again(known).await?.ok_or(Refusal::Ended)?;
                Ok((self.voice(&now), Some(now)))
            }
        }
    }

    /// Gathers a batch and begins to parse it. Whether the reader has ended is returned with it; that
    /// it failed is told apart, since the batch before is written all the same.
    async fn gather_next<R: AsyncBufRead + Unpin>(
        &self,
        reader: &mut R,
        (file, read): (Option<Uuid>, &mut u64),
        by: Importer<'_>,
    ) -> Result<Result<(Option<Whole>, bool), FlowError>, Refusal> {
        let (batch, ended) = match gather(reader, read).await {
            Ok(gathered) => gathered,
            Err(error) => return Ok(Err(error)),
        };
        if batch.lines.is_empty() {
            return Ok(Ok((None, ended)));
        }
        let (voice, _) = self.importing(by).await?;
        let import = file.map(|file| Import { file, position: *read });
        let batch = Arc::new(batch);
        let coming = self.fold_aside(&batch, voice, import);
        Ok(Ok((Some(Whole { batch, import, position: *read, coming }), ended)))
    }

    /// Parses and folds a batch aside, as said by somebody.
    fn fold_aside(
        &self,
        batch: &Arc<Batch>,
        voice: Arc<Voice>,
        import: Option<Import>,
    ) -> JoinHandle<Coming> {
        let (app, batch) = (self.clone(), Arc::clone(batch));
        tokio::task::spawn_blocking(move || {
            let submission = batch.parse(Arc::clone(&voice), import);
            let (told, refused) = (Told::of(&submission), submission.refused.len() as u64);
            Coming { told, refused, ready: app.make_ready(submission), voice }
        })
    }

    async fn submit_coming(&self, by: Importer<'_>, whole: Whole) -> Result<Imported, Refusal> {
        let failed = |error: tokio::task::JoinError| FlowError::Internal(error.to_string());
        let mut coming = whole.coming.await.map_err(failed)?;
        // While the batch before was written, somebody may have been shut out, or bound elsewhere.
        let (voice, known) = self.importing(by).await?;
        if voice != coming.voice {
            let again = self.fold_aside(&whole.batch, voice, whole.import);
            coming = again.await.map_err(failed)?;
        }
        if let (Some(known), Importer::Known(_, actor)) = (&known, by) {
            self.enter_told(known, actor, Action::EventImport, &coming.told).await?;
        }
        let accepted = self.submit_ready(coming.ready).await?;
        Ok(Imported {
            received: 0,
            new: accepted.new as u64,
            known: accepted.known as u64,
            refused: coming.refused,
            bytes: whole.position,
            position: accepted.position,
        })
    }
}

impl Imported {
    /// Adds what became of a batch.
    fn add(&mut self, batch: &Self) {
        self.new += batch.new;
        self.known += batch.known;
        self.refused += batch.refused;
        (self.bytes, self.position) = (batch.bytes, batch.position);
    }
}

impl Batch {
    fn parse(&self, voice: Arc<Voice>, import: Option<Import>) -> Submission {
        let mut submission = Submission { import, voice, ..Submission::default() };
        for line in &self.lines {
            match parse_line(line) {
                Ok(event) => submission.events.push(event),
                Err(rejection) => {
                    submission.refused.push(Refused::new("import", line.clone(), rejection));
                }
            }
        }
        submission
    }
}

fn parse_line(line: &[u8]) -> Result<crate::openlineage::Parsed, Rejection> {
    if line.len() > EVENT_BYTES_MAX {
        return Err(Rejection {
            code: RejectionCode::TooLarge,
            faults: vec![Fault {
                pointer: String::new(),
                code: "event_too_large",
                message: format!(
                    "must be at most {EVENT_BYTES_MAX} bytes long; only its beginning was kept"
                ),
            }],
            faults_left_out: 0,
            position: None,
        });
    }
    parse(line)
}

/// Reads lines up to the size of a batch. Returns whether the reader has ended.
async fn gather<R: AsyncBufRead + Unpin>(
    reader: &mut R,
    read: &mut u64,
) -> Result<(Batch, bool), FlowError> {
    let mut batch = Batch::default();
    while batch.lines.len() < BATCH_EVENTS && batch.bytes < BATCH_BYTES {
        let Some(line) = read_line(reader, read).await? else { return Ok((batch, true)) };
        if !line.iter().all(u8::is_ascii_whitespace) {
            batch.bytes += line.len();
            batch.lines.push(line);
        }
    }
    Ok((batch, false))
}

/// Reads one line without its end. Of a line that is too long, one byte more than the limit
/// is kept, which tells that it is.
async fn read_line<R: AsyncBufRead + Unpin>(
    reader: &mut R,
    read: &mut u64,
) -> Result<Option<Vec<u8>>, FlowError> {
    let failed =
        |error: std::io::Error| FlowError::bad("body", format!("could not be read: {error}"));
    let mut line = Vec::new();
    let mut any = false;
    loop {
        let chunk = reader.fill_buf().await.map_err(failed)?;
        if chunk.is_empty() {
            break;
        }
        any = true;
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let part = &chunk[..end.unwrap_or(chunk.len())];
        let room = (EVENT_BYTES_MAX + 1).saturating_sub(line.len());
        line.extend_from_slice(&part[..part.len().min(room)]);
        let used = end.map_or(chunk.len(), |end| end + 1);
        reader.consume(used);
        *read += used as u64;
        if end.is_some() {
            break;
        }
    }
    Ok(any.then_some(line))
}
