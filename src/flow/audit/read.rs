//! What auditors ask: records, what is sealed beside them, receipts, proofs, tiles, counts.

use std::time::Duration;

use uuid::Uuid;

use super::super::app::App;
use super::super::error::FlowError;
use super::super::vault::failed;
use super::act::{Act, Actor, place_of};
use super::alarm::AuditChecked;
use super::ledger::{broken, place};
use super::publish::{ask, consistency};
use crate::audit;
use crate::audit::{Hash, Receipt, TileKind, TilePath, TreeQuery, entries};
use crate::base::Time;
use crate::db::{AuditFilter, AuditPart, AuditPiiRow, AuditRow, AuditWidth};

/// Buckets of one histogram at most: a month of hours.
const BUCKETS_MAX: i64 = 750;
/// How long a receipt waits for a signed head that covers its record.
const RECEIPT_WAIT: Duration = Duration::from_secs(3);

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
        self.write_notes().await;
        let rows = self.db().find_audit(filter, before, limit).await?;
        self.check_given(&rows).await?;
        Ok(rows)
    }

    /// Returns a record.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is none.
    pub async fn audit_record(&self, id: Uuid) -> Result<AuditRow, FlowError> {
        let found = self.db().audit_record(id).await?;
        let row = found.ok_or_else(|| FlowError::NotFound(format!("audit record {id}")))?;
        self.check_given(std::slice::from_ref(&row)).await?;
        Ok(row)
    }

    /// Opens the personal values beside a record; one whose key was shredded is gone. That
    /// it was done is recorded first; whether somebody may is decided before this.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is no such record, [`FlowError::Internal`] if a
    /// ciphertext is not the one that the record names.
    pub async fn unseal_record(
        &self,
        actor: &Actor,
        purpose: &str,
        id: Uuid,
    ) -> Result<Vec<(AuditPiiRow, Option<String>)>, FlowError> {
        let record = self.audit_record(id).await?;
        let named = audit::Record::from_canonical(&record.body)
            .map_err(|error| FlowError::Internal(format!("audit record {id}: {error}")))?;
        let rows = self.db().audit_pii(id).await?;
        let act = Act {
            purpose: Some(purpose.to_owned()),
            ..Act::done("audit:unseal").on("audit_record", id, "")
        };
        self.record(actor, vec![act.with("values", rows.len())]).await?;
        let kids: Vec<Uuid> = rows.iter().map(|row| row.kid).collect();
        let keys = self.vault()?.open(self.db(), &kids).await?;
        let mut values = Vec::with_capacity(rows.len());
        for row in rows {
            let digest = Hash::of(&row.sealed);
            if !named.pii.iter().any(|one| one.slot == row.slot && one.ct_sha256 == digest) {
                let what = format!("what is sealed beside audit record {id} was changed");
                return Err(FlowError::Internal(what));
            }
            let value = match keys.get(&row.kid) {
                Some(key) => {
                    let value = key.open(&place_of(&row.slot, &id), &row.sealed).map_err(failed)?;
                    Some(String::from_utf8_lossy(value.expose()).into_owned())
                }
                None => None,
            };
            values.push((row, value));
        }
        Ok(values)
    }

    /// Counts records that a filter lets through, by buckets of time and by a part. The
    /// filter must name both ends of the time.
    ///
    /// # Errors
    ///
    /// [`FlowError::BadInput`] if there would be more than [`BUCKETS_MAX`] buckets.
    pub async fn audit_histogram(
        &self,
        filter: &AuditFilter,
        width: AuditWidth,
        part: AuditPart,
    ) -> Result<Vec<(Time, String, i64)>, FlowError> {
        let from = filter.from.map_or(0, Time::as_micros);
        let until = filter.until.unwrap_or(self.now()).as_micros();
        if from >= until || (until - from) / width.micros() >= BUCKETS_MAX {
            let message = format!("must be later than `from`, by at most {BUCKETS_MAX} buckets");
            return Err(FlowError::bad("until", message));
        }
        self.write_notes().await;
        let rows = self.db().count_audit(filter, width, part).await?;
        let bucket = |(bucket, part, count): (i64, String, i64)| {
            (Time::from_micros(bucket.saturating_mul(width.micros())), part, count)
        };
        Ok(rows.into_iter().map(bucket).collect())
    }

    /// Returns the text that proves to anybody that a record is in the log.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is no such record, [`FlowError::NotSigned`] if no
    /// signed head covers it yet.
    pub async fn audit_receipt(&self, id: Uuid) -> Result<String, FlowError> {
        let record = self.audit_record(id).await?;
        let until = std::time::Instant::now() + RECEIPT_WAIT;
        let (size, checkpoint) = loop {
            match self.db().last_checkpoint().await? {
                Some((size, note)) if size > record.seq => break (size, note),
                _ if std::time::Instant::now() > until => return Err(FlowError::NotSigned),
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

    /// Returns how many records the log has.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn audit_size(&self) -> Result<i64, FlowError> {
        self.write_notes().await;
        Ok(self.db().audit_size().await?)
    }

    /// Returns what is wrong with the log, or why its head is not signed; if anything is.
    #[must_use]
    pub fn audit_alarm(&self) -> Option<String> {
        self.inner.alarm.told()
    }

    /// Returns the last look at the whole log that found nothing, since the start. A filter finds
    /// records by columns beside their bytes: of what was there then it missed nothing then.
    #[must_use]
    pub fn audit_checked(&self) -> Option<AuditChecked> {
        self.inner.alarm.checked()
    }

    /// Returns whether the log was found to differ from what was hashed and signed.
    #[must_use]
    pub fn audit_differs(&self) -> bool {
        self.inner.alarm.found().is_some()
    }
}
