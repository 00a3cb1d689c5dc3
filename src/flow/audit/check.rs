//! Whether the audit log in the database is the one that was hashed and signed.
//!
//! One task walks the whole log, again and again, at a bounded rate: every record's bytes are
//! hashed and compared with the tree, the tree is built anew from them and compared with the
//! stored one and with the last signed head, and the columns that records are found by are
//! compared with what the bytes say. The same is done for new records before they are signed
//! for, and for records that somebody is given. The first difference raises the alarm.

use std::collections::HashMap;
use std::time::Duration;

use uuid::Uuid;

use super::super::app::App;
use super::super::error::FlowError;
use super::act::outcome_code;
use super::alarm::{AuditChecked, Fault};
use super::ledger::{broken, stored_tiles};
use crate::audit::{Checkpoint, Edge, Hash, Record, TILE_WIDTH, Tile, TileId, Trust};
use crate::base::limits::{AUDIT_CHECK_RECORDS_A_S, AUDIT_CHECK_REST_MS};
use crate::db::{AuditRow, Db};

const REST: Duration = Duration::from_millis(AUDIT_CHECK_REST_MS);
const TILE: u64 = TILE_WIDTH as u64;
/// How long a tile's records may take.
const TILE_TIME: Duration = Duration::from_millis(TILE * 1_000 / AUDIT_CHECK_RECORDS_A_S);

/// Walks over the log until told to stop.
pub(in crate::flow) async fn check_loop(app: App) {
    loop {
        match app.check_log().await {
            Ok(records) => {
                metrics::counter!("lethe_audit_checked_records_total").increment(records);
            }
            Err(Fault::Differs(why)) => app.inner.alarm.raise(why, app.now()),
            Err(Fault::Failed(error)) => tracing::warn!(%error, "the audit log is not checked yet"),
        }
        let pause = app.inner.stop_following.cancelled();
        if tokio::time::timeout(REST, pause).await.is_ok() {
            return;
        }
    }
}

impl App {
    /// Checks the whole log once. Returns how many records it has.
    async fn check_log(&self) -> Result<u64, Fault> {
        let (db, since) = (self.db(), self.now());
        let head = self.signed_head().await?;
        let size = u64::try_from(db.audit_size().await?).unwrap_or(0);
        if let Some(head) = head.as_ref().filter(|head| head.size > size) {
            let why = format!("the log has {size} records, and {} were signed for", head.size);
            return Err(Fault::Differs(why));
        }
        if let Some(seq) = db.stray_audit().await? {
            return Err(Fault::Differs(format!("record {seq} is outside of the log")));
        }
        let mut edge = Edge::default();
        while edge.size() < size {
            let from = edge.size();
            let leaves = check_span(db, from, size.min(from + TILE)).await?;
            if let Some(head) = head.as_ref().filter(|head| head.size > from) {
                check_head(&edge, &leaves, head)?;
            }
            let appended = edge.append(&leaves).map_err(broken)?;
            check_tiles(db, &appended.tiles).await?;
            edge = appended.edge;
            let stop = self.inner.stop_following.cancelled();
            if tokio::time::timeout(TILE_TIME, stop).await.is_ok() {
                return Ok(edge.size());
            }
        }
        self.inner.alarm.note_checked(AuditChecked { since, records: size });
        Ok(size)
    }

    /// Returns the last head that was signed and stored.
    async fn signed_head(&self) -> Result<Option<Checkpoint>, Fault> {
        let Some(signer) = self.inner.settings.signer.as_deref() else { return Ok(None) };
        let Some((size, note)) = self.db().last_checkpoint().await? else { return Ok(None) };
        let head = Trust::key(signer.key().clone()).open(&note);
        let head = head.ok().filter(|head| i64::try_from(head.size) == Ok(size));
        let wrong = || Fault::Differs(format!("the signed head of {size} records is none of ours"));
        head.map(Some).ok_or_else(wrong)
    }

    /// Checks records that somebody is given; a difference raises the alarm, and they are
    /// shown as their bytes say all the same.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub(super) async fn check_given(&self, rows: &[AuditRow]) -> Result<(), FlowError> {
        match check_rows(self.db(), rows).await {
            Ok(_) => Ok(()),
            Err(Fault::Failed(error)) => Err(error),
            Err(Fault::Differs(why)) => {
                self.inner.alarm.raise(why, self.now());
                Ok(())
            }
        }
    }
}

/// Checks all records of a span, and returns their leaves.
pub(super) async fn check_span(db: &Db, from: u64, end: u64) -> Result<Vec<Hash>, Fault> {
    let mut leaves = Vec::new();
    let mut next = from;
    while next < end {
        let place = i64::try_from(next).unwrap_or(i64::MAX);
        let wanted = (end - next).min(TILE);
        let rows = db.scan_audit(place, usize::try_from(wanted).unwrap_or(TILE_WIDTH)).await?;
        let found = (place..).zip(&rows).take_while(|(seq, row)| row.seq == *seq).count() as u64;
        if found < wanted {
            return Err(Fault::Differs(format!("record {} is missing", next + found)));
        }
        leaves.extend(check_rows(db, &rows).await?);
        next += wanted;
    }
    Ok(leaves)
}

/// Checks records against the tree and against what they are found by; returns their leaves.
async fn check_rows(db: &Db, rows: &[AuditRow]) -> Result<Vec<Hash>, Fault> {
    let place = |row: &AuditRow| {
        let seq = u64::try_from(row.seq).unwrap_or(u64::MAX);
        (TileId { level: 0, index: seq / TILE }, usize::try_from(seq % TILE).unwrap_or(0))
    };
    let mut ids: Vec<TileId> = rows.iter().map(|row| place(row).0).collect();
    ids.sort_unstable();
    ids.dedup();
    let tiles: HashMap<TileId, Tile> = stored_tiles(db, &ids).await?;
    let check = |row: &AuditRow| {
        let leaf = Hash::leaf(&row.body);
        let (tile, slot) = place(row);
        let hashed = tiles.get(&tile).and_then(|tile| tile.hashes.get(slot));
        if hashed != Some(&leaf) {
            return Err(Fault::Differs(format!("record {} is not the one in the tree", row.seq)));
        }
        match differing(row) {
            Some(what) => {
                Err(Fault::Differs(format!("record {} is filed under another {what}", row.seq)))
            }
            None => Ok(leaf),
        }
    };
    rows.iter().map(check).collect()
}

/// Returns which column does not say what the record's bytes say.
fn differing(row: &AuditRow) -> Option<&'static str> {
    let Ok(record) = Record::from_canonical(&row.body) else { return Some("form") };
    let id = |text: &str| Uuid::parse_str(text).ok();
    let columns = [
        ("id", record.id == row.id),
        ("time", record.ts == row.at),
        ("actor", id(&record.actor.reference) == row.actor),
        ("action", record.action == row.action),
        ("resource", record.resource.and_then(|resource| id(&resource.id)) == row.resource),
        ("subject", record.pii.first().map(|one| one.subject_ref) == row.subject),
        ("outcome", outcome_code(record.outcome) == row.outcome),
        ("purpose", record.purpose == row.purpose),
    ];
    columns.into_iter().find_map(|(name, same)| (!same).then_some(name))
}

/// Checks a signed head against the tree that is built from the records, if it lies here.
fn check_head(edge: &Edge, leaves: &[Hash], head: &Checkpoint) -> Result<(), Fault> {
    let more = usize::try_from(head.size - edge.size()).unwrap_or(usize::MAX);
    let Some(leaves) = leaves.get(..more) else { return Ok(()) };
    let root = edge.append(leaves).map_err(broken)?.edge.root();
    if root == head.root {
        return Ok(());
    }
    Err(Fault::Differs(format!(
        "the first {} records are not those that were signed for",
        head.size
    )))
}

/// Checks stored tiles against those that the records come to; the log may have grown since.
async fn check_tiles(db: &Db, tiles: &[Tile]) -> Result<(), Fault> {
    let ids: Vec<TileId> = tiles.iter().map(|tile| tile.id).collect();
    let stored = stored_tiles(db, &ids).await?;
    let wrong = tiles.iter().find(|tile| {
        let stored = stored.get(&tile.id).map(|stored| &stored.hashes[..]).unwrap_or_default();
        !stored.starts_with(&tile.hashes)
    });
    match wrong {
        Some(Tile { id, .. }) => {
            let why = format!("tile {}/{} is not what its records come to", id.level, id.index);
            Err(Fault::Differs(why))
        }
        None => Ok(()),
    }
}
