//! Reading the event log.

use std::collections::HashMap;

use uuid::Uuid;

use super::codec::unpack;
use super::error::DbError;
use super::log::EntryKind;
use super::open::Db;
use crate::base::limits::{BODY_BYTES_MAX, EVENT_BYTES_MAX};
use crate::base::{EventId, Time};

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// Its place in the log.
    pub seq: i64,
    /// Its id.
    pub id: EventId,
    /// What it is.
    pub kind: EntryKind,
    /// Its own time.
    pub event_time: Time,
    /// When Lethe received it.
    pub received_at: Time,
    /// The job or dataset it is about.
    pub subject: Uuid,
    /// The run it is about.
    pub run: Option<Uuid>,
    /// Whose it is: the number of a voice.
    pub voice: i64,
    /// Its text, as it came but for insignificant space.
    pub raw: String,
}

/// Which entries of the log are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventFilter {
    /// Not before this time.
    pub after: Time,
    /// Before this time.
    pub before: Time,
    /// Only RunEvents (what Marquez lists); else all but edits.
    pub runs_only: bool,
    /// The latest first.
    pub descending: bool,
}

type Row = (i64, Uuid, i16, i64, i64, Uuid, Option<Uuid>, i64, i32, i64);

const COLUMNS: &str = "seq, id, kind, event_time, received_at, subject, run, block, slot, voice";

/// Returns the ids that events of a span of time can have: from, to but not with. Times
/// that ids cannot hold share the first or last ids; the span must be looked at besides.
pub(super) fn ids_of_span(after: Time, before: Time) -> (Uuid, Uuid) {
    let end = EventId::floor(before).0;
    let last = EventId::floor(Time::MAX).0;
    (EventId::floor(after).0, if end >= last { Uuid::max() } else { end })
}

fn sql_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

impl Db {
    /// Returns a page of the events of a span of time, by time, and how many there are.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds an entry Lethe cannot read.
    pub async fn list_events(
        &self,
        filter: EventFilter,
        limit: usize,
        offset: usize,
    ) -> Result<(Vec<EventRow>, i64), DbError> {
        let order = if filter.descending { "DESC" } else { "ASC" };
        let kinds = if filter.runs_only { "kind = 0" } else { "kind <> 3" };
        let list = format!(
            "SELECT {COLUMNS} FROM event WHERE id >= $1 AND id < $2 AND event_time >= $3 AND event_time < $4 \
             AND {kinds} ORDER BY id {order} LIMIT $5 OFFSET $6"
        );
        let count = format!(
            "SELECT count(*) FROM event WHERE id >= $1 AND id < $2 AND event_time >= $3 AND event_time < $4 AND {kinds}"
        );
        let (from, to) = ids_of_span(filter.after, filter.before);
        let (after, before) = (filter.after.as_micros(), filter.before.as_micros());
        loop {
            let (rows, total) = on_db!(self, pool => {
                let rows = sqlx::query_as(sqlx::AssertSqlSafe(list.clone()))
                    .bind(from)
                    .bind(to)
                    .bind(after)
                    .bind(before)
                    .bind(sql_limit(limit))
                    .bind(sql_limit(offset))
                    .fetch_all(pool)
                    .await?;
                let total = sqlx::query_scalar(sqlx::AssertSqlSafe(count.clone()))
                    .bind(from)
                    .bind(to)
                    .bind(after)
                    .bind(before)
                    .fetch_one(pool)
                    .await?;
                (rows, total)
            });
            if let Some(events) = self.with_texts(rows).await? {
                return Ok((events, total));
            }
        }
    }

    /// Returns events of a span of time by time, after (or, descending, before) an event.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds an entry Lethe cannot read.
    pub async fn page_events(
        &self,
        filter: EventFilter,
        last: Option<EventId>,
        limit: usize,
    ) -> Result<Vec<EventRow>, DbError> {
        let kinds = if filter.runs_only { "kind = 0" } else { "kind <> 3" };
        let (mut from, mut to) = ids_of_span(filter.after, filter.before);
        let text = if filter.descending {
            to = last.map_or(to, |last| last.0.min(to));
            format!(
                "SELECT {COLUMNS} FROM event WHERE id >= $1 AND id < $2 AND event_time >= $3 AND event_time < $4 \
                 AND {kinds} ORDER BY id DESC LIMIT $5"
            )
        } else {
            let next = |last: EventId| Uuid::from_u128(last.0.as_u128().saturating_add(1));
            from = last.map_or(from, |last| next(last).max(from));
            format!(
                "SELECT {COLUMNS} FROM event WHERE id >= $1 AND id < $2 AND event_time >= $3 AND event_time < $4 \
                 AND {kinds} ORDER BY id LIMIT $5"
            )
        };
        loop {
            let rows = on_db!(self, pool => {
                sqlx::query_as(sqlx::AssertSqlSafe(text.clone()))
                    .bind(from)
                    .bind(to)
                    .bind(filter.after.as_micros())
                    .bind(filter.before.as_micros())
                    .bind(sql_limit(limit))
                    .fetch_all(pool)
                    .await
            })?;
            if let Some(events) = self.with_texts(rows).await? {
                return Ok(events);
            }
        }
    }

    /// Returns the events about a job or dataset, the last received first, before a
    /// place in the log.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds an entry Lethe cannot read.
    pub async fn events_about(
        &self,
        subject: Uuid,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<EventRow>, DbError> {
        loop {
            let rows = on_db!(self, pool => {
                sqlx::query_as(
                    "SELECT seq, id, kind, event_time, received_at, subject, run, block, slot, voice FROM event \
                     WHERE subject = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3",
                )
                .bind(subject)
                .bind(before.unwrap_or(i64::MAX))
                .bind(sql_limit(limit))
                .fetch_all(pool)
                .await
            })?;
            if let Some(events) = self.with_texts(rows).await? {
                return Ok(events);
            }
        }
    }

    /// Returns one entry of the log.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds an entry Lethe cannot read.
    pub async fn event(&self, id: EventId) -> Result<Option<EventRow>, DbError> {
        loop {
            let rows = on_db!(self, pool => {
                sqlx::query_as(
                    "SELECT seq, id, kind, event_time, received_at, subject, run, block, slot, voice FROM event WHERE id = $1",
                )
                .bind(id.0)
                .fetch_all(pool)
                .await
            })?;
            if let Some(mut events) = self.with_texts(rows).await? {
                return Ok(events.pop());
            }
        }
    }

    /// Goes through the whole log, edits too, in its order.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds an entry Lethe cannot read.
    pub async fn scan_events(&self, after: i64, limit: usize) -> Result<Vec<EventRow>, DbError> {
        loop {
            let rows = on_db!(self, pool => {
                sqlx::query_as(
                    "SELECT seq, id, kind, event_time, received_at, subject, run, block, slot, voice FROM event \
                     WHERE seq > $1 ORDER BY seq LIMIT $2",
                )
                .bind(after)
                .bind(sql_limit(limit))
                .fetch_all(pool)
                .await
            })?;
            if let Some(events) = self.with_texts(rows).await? {
                return Ok(events);
            }
        }
    }

    /// Returns the places of all entries about a job or dataset, in order.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn places_about(&self, subject: Uuid) -> Result<Vec<i64>, DbError> {
        Ok(on_db!(self, pool => {
            sqlx::query_scalar("SELECT seq FROM event WHERE subject = $1 ORDER BY seq").bind(subject).fetch_all(pool).await
        })?)
    }

    /// Returns the entries of the log at these places, in order; those that are gone are
    /// left out.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds an entry Lethe cannot read.
    pub async fn events_at(&self, places: &[i64]) -> Result<Vec<EventRow>, DbError> {
        const TEXT: &str = "SELECT seq, id, kind, event_time, received_at, subject, run, block, slot, voice FROM event WHERE seq";
        loop {
            let rows = on_db!(self, pool => fetch_in!(pool, TEXT, places, Row));
            if let Some(mut events) = self.with_texts(rows).await? {
                events.sort_unstable_by_key(|row| row.seq);
                return Ok(events);
            }
        }
    }

    /// Adds the texts, which are read after the rows. Nothing if an entry was removed in
    /// between: what is there now must be asked for again.
    async fn with_texts(&self, rows: Vec<Row>) -> Result<Option<Vec<EventRow>>, DbError> {
        let mut ids: Vec<i64> = rows.iter().map(|row| row.7).collect();
        ids.sort_unstable();
        ids.dedup();
        let blocks = on_db!(self, pool => fetch_in!(pool, "SELECT id, body FROM event_block WHERE id", &ids, (i64, Vec<u8>)));
        let mut lines: HashMap<i64, Vec<String>> = HashMap::with_capacity(blocks.len());
        for (id, body) in blocks {
            lines.insert(id, unpack_block(&body)?);
        }
        let mut events = Vec::with_capacity(rows.len());
        let mut textless = Vec::new();
        for row in rows {
            let slot = usize::try_from(row.8).map_err(|_| corrupt("negative slot"))?;
            let line = lines.get_mut(&row.7).and_then(|lines| lines.get_mut(slot));
            match line.map(std::mem::take).filter(|raw| !raw.is_empty()) {
                Some(raw) => events.push(event_row(&row, raw)?),
                None => textless.push(row.0),
            }
        }
        if textless.is_empty() {
            return Ok(Some(events));
        }
        let left = on_db!(self, pool => fetch_in!(pool, "SELECT seq FROM event WHERE seq", &textless, (i64,)));
        if left.is_empty() { Ok(None) } else { Err(corrupt("its block lacks it")) }
    }
}

fn corrupt(why: &str) -> DbError {
    DbError::Corrupt { what: "event", why: why.to_owned() }
}

fn event_row(row: &Row, raw: String) -> Result<EventRow, DbError> {
    let &(seq, id, kind, event_time, received_at, subject, run, _, _, voice) = row;
    Ok(EventRow {
        seq,
        id: EventId(id),
        kind: EntryKind::from_code(kind).ok_or_else(|| corrupt("unknown kind"))?,
        event_time: Time::from_micros(event_time),
        received_at: Time::from_micros(received_at),
        subject,
        run,
        voice,
        raw,
    })
}

/// Unpacks a block to its lines.
pub(super) fn unpack_block(body: &[u8]) -> Result<Vec<String>, DbError> {
    let text = unpack("event block", body, BODY_BYTES_MAX.max(EVENT_BYTES_MAX * 2))?;
    let text = String::from_utf8(text)
        .map_err(|error| DbError::Corrupt { what: "event block", why: error.to_string() })?;
    Ok(text.split_terminator('\n').map(str::to_owned).collect())
}
