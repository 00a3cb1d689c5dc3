//! Appending records to the audit log, in the transaction of what they record.
//!
//! Whoever appends holds the writer's lock, so the order of records is the order of commits
//! and there is one sequencer at a time, on whichever node. That the log has not grown
//! since it was read is checked once more by the statement that moves its head.

use std::collections::HashMap;

use super::super::error::FlowError;
use super::act::Sealed;
use crate::audit::{Edge, Hash, Tile, TileId, TreeError};
use crate::db::{AuditPiiRow, AuditRow, Db, DbError, TilePlace, Tx};

/// The log's end, as far as this node knows it.
#[derive(Debug, Default)]
pub(in crate::flow) struct Ledger {
    edge: Option<Edge>,
}

impl Ledger {
    /// Appends records. If the transaction is not committed, [`Ledger::forget`] must be
    /// called.
    pub(in crate::flow) async fn append(
        &mut self,
        tx: &mut Tx,
        records: &[&Sealed],
    ) -> Result<(), DbError> {
        if records.is_empty() {
            return Ok(());
        }
        let size = tx.audit_size().await?;
        let known = u64::try_from(size).unwrap_or(0);
        let edge = match self.edge.take() {
            Some(edge) if edge.size() == known => edge,
            _ => load(tx, known).await?,
        };
        let leaves: Vec<Hash> = records.iter().map(|record| record.leaf).collect();
        let appended = edge.append(&leaves).map_err(broken)?;
        let rows: Vec<AuditRow> = (size..)
            .zip(records)
            .map(|(seq, record)| AuditRow { seq, ..record.row.clone() })
            .collect();
        let tiles: Vec<(TilePlace, Vec<u8>)> =
            appended.tiles.iter().map(|tile| (place(tile.id), tile.to_bytes())).collect();
        tx.append_audit(size, &rows, &tiles).await?;
        let pii: Vec<AuditPiiRow> =
            records.iter().flat_map(|record| record.pii.iter().cloned()).collect();
        tx.put_audit_pii(&pii).await?;
        self.edge = Some(appended.edge);
        Ok(())
    }

    /// Forgets the end: what is in memory may be ahead of what is on disk.
    pub(in crate::flow) fn forget(&mut self) {
        self.edge = None;
    }
}

/// Appends records in a transaction that is not the writer's own.
pub(in crate::flow) async fn record_all(tx: &mut Tx, sealed: &[Sealed]) -> Result<(), FlowError> {
    let records: Vec<&Sealed> = sealed.iter().collect();
    Ok(Ledger::default().append(tx, &records).await?)
}

/// Returns where a tile is stored.
pub(super) fn place(id: TileId) -> TilePlace {
    (i16::from(id.level), i64::try_from(id.index).unwrap_or(i64::MAX))
}

/// Reads stored tiles.
fn tiles_of(ids: &[TileId], bodies: &HashMap<TilePlace, Vec<u8>>) -> HashMap<TileId, Tile> {
    let tile = |id: &TileId| Tile::from_bytes(*id, bodies.get(&place(*id))?);
    ids.iter().filter_map(|id| Some((*id, tile(id)?))).collect()
}

/// Reads stored tiles as readers see them; those that there are not are left out.
pub(super) async fn stored_tiles(
    db: &Db,
    ids: &[TileId],
) -> Result<HashMap<TileId, Tile>, DbError> {
    let places: Vec<TilePlace> = ids.iter().copied().map(place).collect();
    Ok(tiles_of(ids, &db.audit_tiles(&places).await?))
}

async fn load(tx: &mut Tx, size: u64) -> Result<Edge, DbError> {
    let ids = Edge::tiles(size);
    let places: Vec<TilePlace> = ids.iter().copied().map(place).collect();
    let bodies = tx.audit_tiles(&places).await?;
    Edge::load(size, &tiles_of(&ids, &bodies)).map_err(broken)
}

/// A tree that is not what it says: nothing may be appended to it.
pub(super) fn broken(error: TreeError) -> DbError {
    DbError::Corrupt { what: "audit tile", why: error.to_string() }
}
