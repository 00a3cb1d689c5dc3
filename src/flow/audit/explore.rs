//! What auditors ask: records, receipts, proofs, tiles, the whole log.

use std::time::Duration;

use uuid::Uuid;

use super::super::app::App;
use super::super::error::FlowError;
use super::ledger::{broken, place};
use super::publish::{ask, consistency};
use crate::audit::bundle::BundleWriter;
use crate::audit::{Hash, Receipt, TileKind, TilePath, TreeQuery, entries};
use crate::db::{AuditFilter, AuditRow};

/// Records that an export reads at once.
const EXPORT_PAGE: usize = 1_000;
/// How long a receipt waits for a signed head that covers its record.
const RECEIPT_WAIT: Duration = Duration::from_secs(3);

/// An export of the whole log, in parts.
#[derive(Debug)]
pub struct AuditExport {
    app: App,
    writer: Option<BundleWriter>,
    next: i64,
    end: i64,
    begun: Vec<u8>,
}

impl App {
    /// Returns records that a filter lets through, the latest first, before an index.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn audit_records(
        &self,
        filter: &AuditFilter,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<AuditRow>, FlowError> {
        Ok(self.db().find_audit(filter, before, limit).await?)
    }

    /// Returns a record.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is none.
    pub async fn audit_record(&self, id: Uuid) -> Result<AuditRow, FlowError> {
        let found = self.db().audit_record(id).await?;
        found.ok_or_else(|| FlowError::NotFound(format!("audit record {id}")))
    }

    /// Returns the text that proves to anybody that a record is in the log.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is no such record, [`FlowError::Unavailable`] if no
    /// signed head covers it yet.
    pub async fn audit_receipt(&self, id: Uuid) -> Result<String, FlowError> {
        let record = self.audit_record(id).await?;
        let until = std::time::Instant::now() + RECEIPT_WAIT;
        let (size, checkpoint) = loop {
            match self.db().last_checkpoint().await? {
                Some((size, note)) if size > record.seq => break (size, note),
                _ if std::time::Instant::now() > until => return Err(FlowError::Unavailable),
                _ => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        };
        let index = u64::try_from(record.seq).unwrap_or(0);
        let size = u64::try_from(size).unwrap_or(0);
        let proof = ask(self.db(), TreeQuery::inclusion(index, size).map_err(broken)?).await?;
        Ok(Receipt { index, proof, checkpoint, extra: None }.to_text())
    }

    /// Returns the latest signed head.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if none was signed yet.
    pub async fn audit_checkpoint(&self) -> Result<String, FlowError> {
        let last = self.db().last_checkpoint().await?;
        let last =
            last.ok_or_else(|| FlowError::NotFound("a signed head of the log".to_owned()))?;
        Ok(last.1)
    }

    /// Proves that the log of size `from` is the beginning of that of size `to`.
    ///
    /// # Errors
    ///
    /// [`FlowError::BadInput`] if the log has no such sizes.
    pub async fn audit_consistency(&self, from: u64, to: u64) -> Result<Vec<Hash>, FlowError> {
        let size = u64::try_from(self.db().audit_size().await?).unwrap_or(0);
        if from > to || to > size {
            let message = format!("`from` <= `to` <= {size} must hold");
            return Err(FlowError::bad("to", message));
        }
        consistency(self.db(), from, to).await
    }

    /// Returns a tile of the tree, or the entries under one, by its C2SP tlog-tiles path.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if the log does not reach that far.
    pub async fn audit_tile(&self, path: TilePath) -> Result<Vec<u8>, FlowError> {
        let missing = || FlowError::NotFound(format!("tile {path}"));
        let width = usize::from(path.width);
        match path.kind {
            TileKind::Hashes(level) => {
                let at = place(crate::audit::TileId { level, index: path.index });
                let mut found = self.db().audit_tiles(&[at]).await?;
                let body = found.remove(&at).ok_or_else(missing)?;
                Ok(body.get(..width * 32).ok_or_else(missing)?.to_vec())
            }
            TileKind::Entries => {
                let first = path.index.checked_mul(256).and_then(|first| i64::try_from(first).ok());
                let rows = self.db().scan_audit(first.ok_or_else(missing)?, width).await?;
                if rows.len() < width {
                    return Err(missing());
                }
                let bodies: Vec<&[u8]> = rows.iter().map(|row| &row.body[..]).collect();
                entries::encode_entries(&bodies)
                    .map_err(|error| FlowError::Internal(error.to_string()))
            }
        }
    }

    /// Returns why the log's head is not signed any more, if it is not.
    #[must_use]
    pub fn audit_alarm(&self) -> Option<String> {
        self.inner.audit_alarm.borrow().clone()
    }

    /// Begins an export of all records from an index up to the latest signed head.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if none was signed yet, [`FlowError::BadInput`] if the log
    /// does not reach so far.
    pub async fn audit_export(&self, from: u64) -> Result<AuditExport, FlowError> {
        let last = self.db().last_checkpoint().await?;
        let (end, _) =
            last.ok_or_else(|| FlowError::NotFound("a signed head of the log".to_owned()))?;
        let next = i64::try_from(from).unwrap_or(i64::MAX);
        if next >= end {
            return Err(FlowError::bad("from", format!("must be below {end}")));
        }
        let frontier = ask(self.db(), TreeQuery::frontier(from).map_err(broken)?).await?;
        let mut begun = Vec::new();
        let writer = BundleWriter::full(self.audit_origin(), from, &frontier, &mut begun);
        Ok(AuditExport { app: self.clone(), writer: Some(writer), next, end, begun })
    }
}

impl AuditExport {
    /// Returns the next part of the bundle; nothing after the last.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails: the bundle is not whole then, and says so
    /// by having no last line.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, FlowError> {
        let Some(mut writer) = self.writer.take() else { return Ok(None) };
        let mut out = std::mem::take(&mut self.begun);
        let left = usize::try_from(self.end - self.next).unwrap_or(usize::MAX);
        let rows = self.app.db().scan_audit(self.next, EXPORT_PAGE.min(left)).await?;
        let notes = self.app.db().checkpoints(self.next + 1, EXPORT_PAGE).await?;
        let mut notes = notes.into_iter().peekable();
        for row in &rows {
            writer.record(u64::try_from(row.seq).unwrap_or(0), &row.body, &mut out);
            if let Some((_, note)) = notes.next_if(|(size, _)| *size == row.seq + 1) {
                writer.checkpoint(&note, &mut out);
            }
        }
        self.next += i64::try_from(rows.len()).unwrap_or(0);
        if rows.is_empty() || self.next >= self.end {
            writer.end(&mut out);
        } else {
            self.writer = Some(writer);
        }
        Ok(Some(out))
    }
}
