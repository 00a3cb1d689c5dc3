//! Appending to the event log.
//!
//! Events are kept as they came, many to a compressed block: producers repeat
//! themselves, and a block of them shrinks far better than each alone.

use std::borrow::Borrow;
use std::collections::HashMap;

use uuid::Uuid;

use super::codec::pack;
use super::error::DbError;
use super::head::Head;
use super::tx::Tx;
use crate::base::{EventId, Time};

/// Events that one block holds at most.
pub(super) const BLOCK_EVENTS_MAX: usize = 128;
/// Bytes that one block holds at most before compression, a single larger event apart.
const BLOCK_BYTES_MAX: usize = 512 * 1024;

/// What an entry of the log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A RunEvent.
    Run,
    /// A JobEvent.
    Job,
    /// A DatasetEvent.
    Dataset,
    /// An edit made through the API.
    Edit,
}

impl EntryKind {
    /// Returns the number it is stored as.
    #[must_use]
    pub fn code(self) -> i16 {
        match self {
            Self::Run => 0,
            Self::Job => 1,
            Self::Dataset => 2,
            Self::Edit => 3,
        }
    }

    /// Reads the number it is stored as.
    #[must_use]
    pub fn from_code(code: i16) -> Option<Self> {
        [Self::Run, Self::Job, Self::Dataset, Self::Edit]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// An entry to append.
#[derive(Debug, Clone)]
pub struct LogEntry {
    /// Its id, which says whether it is known already.
    pub id: EventId,
    /// What it is.
    pub kind: EntryKind,
    /// Its `eventType`: 0 none, 1 START, 2 RUNNING, 3 COMPLETE, 4 ABORT, 5 FAIL, 6 OTHER.
    pub state: i16,
    /// Its own time.
    pub event_time: Time,
    /// When Lethe received it.
    pub received_at: Time,
    /// The job or dataset it is about.
    pub subject: Uuid,
    /// The run it is about.
    pub run: Option<Uuid>,
    /// Its text: one line of JSON.
    pub raw: Vec<u8>,
}

impl Tx {
    /// Returns which of these events the log holds already: their places and whose they are.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn known_events(
        &mut self,
        ids: &[EventId],
    ) -> Result<HashMap<EventId, (i64, i64)>, DbError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let found = on_tx!(self, conn => {
            fetch_in!(&mut *conn, "SELECT id, seq, voice FROM event WHERE id", &ids, (Uuid, i64, i64))
        });
        Ok(found.into_iter().map(|(id, seq, voice)| (EventId(id), (seq, voice))).collect())
    }

    /// Appends entries, each with the number of its voice, after `head` and returns where the
    /// log stands then.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails; [`DbError::Refused`] if an entry is known.
    pub async fn append_events(
        &mut self,
        head: Head,
        entries: &[(impl Borrow<LogEntry> + Sync, i64)],
    ) -> Result<Head, DbError> {
        let mut now = head;
        let mut blocks: Vec<(i64, Vec<u8>)> = Vec::new();
        let mut rows: Vec<(i64, i64, i32, i64, &LogEntry)> = Vec::with_capacity(entries.len());
        for group in group(entries) {
            now.block += 1;
            blocks.push((
                now.block,
                pack_block(group.iter().map(|(entry, _)| &entry.borrow().raw[..])),
            ));
            for (slot, (entry, voice)) in (0i32..).zip(group) {
                now.seq += 1;
                let entry: &LogEntry = entry.borrow();
                now.stamp = now.stamp.max(entry.received_at.as_micros());
                if entry.kind == EntryKind::Edit {
                    // An edit's own time is a stamp of Lethe's; an event's is a claim.
                    let edited = entry.event_time.max(entry.received_at).as_micros();
                    now.stamp = now.stamp.max(edited);
                    now.edit_stamp = now.edit_stamp.max(edited);
                }
                rows.push((now.seq, now.block, slot, *voice, entry));
            }
        }
        on_tx!(self, conn => {
            insert_rows!(conn, "INSERT INTO event_block (id, body) ", &blocks, "", |b, (id, body)| {
                b.push_bind(*id).push_bind(&body[..]);
            });
            insert_rows!(
                conn,
                "INSERT INTO event (seq, id, kind, state, event_time, received_at, subject, run, block, slot, voice, bytes) ",
                &rows,
                "",
                |b, (seq, block, slot, voice, entry)| {
                    b.push_bind(*seq)
                        .push_bind(entry.id.0)
                        .push_bind(entry.kind.code())
                        .push_bind(entry.state)
                        .push_bind(entry.event_time.as_micros())
                        .push_bind(entry.received_at.as_micros())
                        .push_bind(entry.subject)
                        .push_bind(entry.run)
                        .push_bind(*block)
                        .push_bind(*slot)
                        .push_bind(*voice)
                        .push_bind(i64::try_from(entry.raw.len()).unwrap_or(i64::MAX));
                }
            );
        });
        Ok(now)
    }
}

/// Cuts entries into the groups that share a block.
fn group<E: Borrow<LogEntry>>(entries: &[(E, i64)]) -> impl Iterator<Item = &[(E, i64)]> {
    let mut rest = entries;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = rest.iter().take(BLOCK_EVENTS_MAX).take_while(|entry| {
            bytes += entry.0.borrow().raw.len();
            bytes <= BLOCK_BYTES_MAX
        });
        let end = fits.count().max(1).min(rest.len());
        let (now, later) = rest.split_at(end);
        rest = later;
        (!now.is_empty()).then_some(now)
    })
}

/// Packs texts, one a line. None of them holds a line feed: compact JSON has none.
pub(super) fn pack_block<'a>(texts: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut plain = Vec::new();
    for text in texts {
        plain.extend_from_slice(text);
        plain.push(b'\n');
    }
    pack(&plain)
}
