//! Exports of the audit log: whole, chosen records with a proof each, or as OCSF events.
//!
//! That somebody exports is recorded before the first byte goes out. An export reaches up to
//! the latest signed head, and is read in parts so that it takes constant memory.

use std::collections::{BTreeSet, HashMap};

use super::super::app::App;
use super::super::error::FlowError;
use super::act::{Act, Actor};
use super::ledger::{broken, stored_tiles};
use super::publish::ask;
use crate::access::Action;
use crate::audit::bundle::BundleWriter;
use crate::audit::{Hash, Record, TileId, TreeQuery, ocsf};
use crate::db::{AuditFilter, AuditRow};

/// Records that an export reads at once.
const PAGE: usize = 1_000;

/// What is exported, and in which form.
#[derive(Debug, Clone, Default)]
pub struct ExportQuestion {
    /// From this index on.
    pub from: u64,
    /// Records that this lets through; all if it lets everything through.
    pub filter: AuditFilter,
    /// As OCSF events rather than as a bundle.
    pub ocsf: bool,
}

/// An export, in parts.
#[derive(Debug)]
pub struct AuditExport {
    app: App,
    filter: AuditFilter,
    form: Option<Form>,
    next: i64,
    end: i64,
    begun: Vec<u8>,
}

#[derive(Debug)]
enum Form {
    /// Every record, and every signed head.
    Whole(BundleWriter),
    /// Chosen records, each with its proof under one head.
    Chosen(BundleWriter),
    /// OCSF events, which prove nothing.
    Ocsf,
}

impl App {
    /// Begins an export up to the latest signed head, and records that.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if none was signed yet, [`FlowError::BadInput`] if the log
    /// does not reach so far.
    pub async fn audit_export(
        &self,
        actor: &Actor,
        question: ExportQuestion,
    ) -> Result<AuditExport, FlowError> {
        let ExportQuestion { from, filter, ocsf } = question;
        let last = self.db().last_checkpoint().await?;
        let (end, note) =
            last.ok_or_else(|| FlowError::NotFound("a signed head of the log".to_owned()))?;
        let next = i64::try_from(from).unwrap_or(i64::MAX);
        if next >= end {
            return Err(FlowError::bad("fromIndex", format!("must be below {end}")));
        }
        let chosen = filter != AuditFilter::default();
        let mut begun = Vec::new();
        let form = if ocsf {
            Form::Ocsf
        } else if chosen {
            let writer = BundleWriter::partial(self.audit_origin(), &mut begun);
            writer.checkpoint(&note, &mut begun);
            Form::Chosen(writer)
        } else {
            let frontier = ask(self.db(), TreeQuery::frontier(from).map_err(broken)?).await?;
            Form::Whole(BundleWriter::full(self.audit_origin(), from, &frontier, &mut begun))
        };
        let act = Act::done(Action::AuditExport.as_str());
        let act = act.with("format", if ocsf { "ocsf" } else { "bundle" });
        let act = act.with("from", next).with("end", end).with("filtered", chosen);
        self.record(actor, vec![act]).await?;
        Ok(AuditExport { app: self.clone(), filter, form: Some(form), next, end, begun })
    }
}

impl AuditExport {
    /// Returns the next part; nothing after the last.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails: a bundle is not whole then, and says so by
    /// having no last line.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, FlowError> {
        let Some(mut form) = self.form.take() else { return Ok(None) };
        let mut out = std::mem::take(&mut self.begun);
        let span = (self.next, self.end);
        let rows = self.app.db().follow_audit(&self.filter, span, PAGE).await?;
        self.app.check_given(&rows).await?;
        match &mut form {
            Form::Whole(writer) => self.whole(writer, &rows, &mut out).await?,
            Form::Chosen(writer) => self.chosen(writer, &rows, &mut out).await?,
            Form::Ocsf => events(&rows, &mut out)?,
        }
        let last = rows.last().map(|row| row.seq + 1);
        self.next = last.filter(|_| rows.len() == PAGE).unwrap_or(self.end);
        if self.next < self.end {
            self.form = Some(form);
        } else if let Form::Whole(writer) | Form::Chosen(writer) = form {
            writer.end(&mut out);
        }
        Ok(Some(out))
    }

    async fn whole(
        &self,
        writer: &mut BundleWriter,
        rows: &[AuditRow],
        out: &mut Vec<u8>,
    ) -> Result<(), FlowError> {
        let notes = self.app.db().checkpoints(self.next + 1, PAGE).await?;
        let mut notes = notes.into_iter().peekable();
        for row in rows {
            writer.record(index(row), &row.body, out);
            if let Some((_, note)) = notes.next_if(|(size, _)| *size == row.seq + 1) {
                writer.checkpoint(&note, out);
            }
        }
        Ok(())
    }

    /// Writes records with their proofs. Neighbours share most of their tiles.
    async fn chosen(
        &self,
        writer: &mut BundleWriter,
        rows: &[AuditRow],
        out: &mut Vec<u8>,
    ) -> Result<(), FlowError> {
        let size = u64::try_from(self.end).unwrap_or(0);
        let mut queries = Vec::with_capacity(rows.len());
        let mut ids: BTreeSet<TileId> = BTreeSet::new();
        for row in rows {
            let query = TreeQuery::inclusion(index(row), size).map_err(broken)?;
            ids.extend(query.tiles());
            queries.push(query);
        }
        let ids: Vec<TileId> = ids.into_iter().collect();
        let tiles: HashMap<_, _> = stored_tiles(self.app.db(), &ids).await?;
        for (row, query) in rows.iter().zip(queries) {
            let proof: Vec<Hash> = query.answer(&tiles).map_err(broken)?;
            writer.proven_record(index(row), &row.body, &proof, out);
        }
        Ok(())
    }
}

fn index(row: &AuditRow) -> u64 {
    u64::try_from(row.seq).unwrap_or(0)
}

fn events(rows: &[AuditRow], out: &mut Vec<u8>) -> Result<(), FlowError> {
    for row in rows {
        let record = Record::from_canonical(&row.body)
            .map_err(|error| FlowError::Internal(format!("audit record {}: {error}", row.seq)))?;
        let event = ocsf::event(&record, index(row));
        out.extend(event.to_string().bytes());
        out.push(b'\n');
    }
    Ok(())
}
