//! Who said what is in the log: authors and their bonds, each kept once.

use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;

use super::codec::{from_json, to_json};
use super::error::DbError;
use super::open::Db;
use super::tx::Tx;
use crate::base::{DatasetId, Digest, Time};
use crate::catalog::{Claims, Voice};

/// The number of a voice of which nothing was kept.
pub const NO_VOICE: i64 = 0;

/// Somebody who said again what stands in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaidAgain {
    /// The entry's place.
    pub seq: i64,
    /// The voice's number.
    pub voice: i64,
    /// When it was received.
    pub received_at: Time,
    /// The last entry of the log at that time.
    pub said_after: i64,
    /// Which it was of those that were said again after that entry, from 1.
    pub nth: i64,
}

type AgainRow = (i64, i64, i64, i64, i64);

fn again((seq, voice, received_at, said_after, nth): AgainRow) -> SaidAgain {
    SaidAgain { seq, voice, received_at: Time::from_micros(received_at), said_after, nth }
}

fn key(digest: Digest) -> Uuid {
    Uuid::from_bytes(digest.0)
}

impl Db {
    /// Returns whose entries of the log speak of datasets: of runs of jobs that used them, and
    /// events about them. Dataset and number of the voice.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn speakers_of(&self, ids: &[DatasetId]) -> Result<Vec<(DatasetId, i64)>, DbError> {
        const BY_RUNS: &str = "SELECT DISTINCT d.id, e.voice FROM dataset d JOIN run_use u ON u.dataset = d.id JOIN event e ON e.subject = u.job WHERE d.id";
        const BY_EVENTS: &str = "SELECT DISTINCT d.id, e.voice FROM dataset d JOIN event e ON e.subject = d.id AND e.kind = 2 WHERE d.id";
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let mut found = on_db!(self, pool => fetch_in!(pool, BY_RUNS, &ids, (Uuid, i64)));
        found.extend(on_db!(self, pool => fetch_in!(pool, BY_EVENTS, &ids, (Uuid, i64))));
        Ok(found.into_iter().map(|(id, voice)| (DatasetId(id), voice)).collect())
    }

    /// Returns the authors of voices, by their numbers.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a voice Lethe cannot read.
    pub async fn authors(&self, numbers: &[i64]) -> Result<HashMap<i64, String>, DbError> {
        let rows = on_db!(self, pool => fetch_in!(pool, "SELECT id, doc FROM voice WHERE id", numbers, (i64, String)));
        let author = |(number, doc): (i64, String)| {
            from_json::<Voice>("voice", &doc).map(|voice| (number, voice.author))
        };
        rows.into_iter().map(author).collect()
    }
}

impl Tx {
    /// Finds or makes the number of a voice.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn voice_number(&mut self, voice: &Voice) -> Result<i64, DbError> {
        if voice.is_unknown() {
            return Ok(NO_VOICE);
        }
        let digest = key(voice.digest());
        let known: Option<i64> = on_tx!(self, conn => {
            sqlx::query_scalar("SELECT id FROM voice WHERE digest = $1").bind(digest).fetch_optional(conn).await
        })?;
        if let Some(known) = known {
            return Ok(known);
        }
        let last: Option<i64> = on_tx!(self, conn => {
            sqlx::query_scalar("SELECT CAST(MAX(id) AS BIGINT) FROM voice").fetch_one(conn).await
        })?;
        let number = last.unwrap_or(NO_VOICE) + 1;
        let claims = key(voice.claims.digest());
        execute!(
            self,
            "INSERT INTO claim_set (digest, doc) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            claims,
            to_json(&*voice.claims)
        )?;
        execute!(
            self,
            "INSERT INTO voice (id, digest, claims, doc) VALUES ($1, $2, $3, $4)",
            number,
            digest,
            claims,
            to_json(voice)
        )?;
        Ok(number)
    }

    /// Returns voices by their numbers.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a voice Lethe cannot read.
    pub async fn voices(&mut self, numbers: &[i64]) -> Result<HashMap<i64, Voice>, DbError> {
        let rows = on_tx!(self, conn => fetch_in!(&mut *conn, "SELECT id, claims, doc FROM voice WHERE id", numbers, (i64, Uuid, String)));
        let mut sets: Vec<Uuid> = rows.iter().map(|(_, claims, _)| *claims).collect();
        sets.sort_unstable();
        sets.dedup();
        let docs = on_tx!(self, conn => fetch_in!(&mut *conn, "SELECT digest, doc FROM claim_set WHERE digest", &sets, (Uuid, String)));
        let mut claims: HashMap<Uuid, Arc<Claims>> = HashMap::with_capacity(docs.len());
        for (digest, doc) in docs {
            claims.insert(digest, Arc::new(from_json("claim set", &doc)?));
        }
        let mut voices = HashMap::with_capacity(rows.len());
        for (number, set, doc) in rows {
            let voice: Voice = from_json("voice", &doc)?;
            let claims = claims.get(&set).cloned();
            let lost = || DbError::Corrupt { what: "voice", why: "its claims are lost".to_owned() };
            voices.insert(number, Voice { claims: claims.ok_or_else(lost)?, ..voice });
        }
        Ok(voices)
    }

    /// Returns who said again what stands at these places, in the order in which they did.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn said_again(&mut self, places: &[i64]) -> Result<Vec<SaidAgain>, DbError> {
        const TEXT: &str =
            "SELECT seq, voice, received_at, said_after, nth FROM event_again WHERE seq";
        let rows = on_tx!(self, conn => fetch_in!(&mut *conn, TEXT, places, AgainRow));
        let mut all: Vec<SaidAgain> = rows.into_iter().map(again).collect();
        all.sort_unstable_by_key(|said| (said.said_after, said.nth));
        Ok(all)
    }

    /// Returns what was said again while one of these entries was the last of the log, in that
    /// order.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn said_again_after(
        &mut self,
        entries: std::ops::RangeInclusive<i64>,
    ) -> Result<Vec<SaidAgain>, DbError> {
        let rows: Vec<AgainRow> = on_tx!(self, conn => {
            sqlx::query_as(
                "SELECT seq, voice, received_at, said_after, nth FROM event_again \
                 WHERE said_after BETWEEN $1 AND $2 ORDER BY said_after, nth",
            )
            .bind(*entries.start())
            .bind(*entries.end())
            .fetch_all(conn)
            .await
        })?;
        Ok(rows.into_iter().map(again).collect())
    }

    /// Notes who said again what stands in the log.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn append_again(&mut self, again: &[SaidAgain]) -> Result<(), DbError> {
        on_tx!(self, conn => {
            insert_rows!(conn, "INSERT INTO event_again (seq, voice, received_at, said_after, nth) ", again, "", |b, said| {
                b.push_bind(said.seq).push_bind(said.voice).push_bind(said.received_at.as_micros());
                b.push_bind(said.said_after).push_bind(said.nth);
            });
        });
        Ok(())
    }
}
