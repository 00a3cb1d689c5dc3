//! Finding records of the audit log, counting them, and the personal values beside them.

use uuid::Uuid;

use super::audit::{AuditRow, Row, audit_row};
use super::error::DbError;
use super::open::Db;
use super::tx::Tx;
use crate::base::Time;

/// Which records are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// By whom.
    pub actor: Option<Uuid>,
    /// Of which action.
    pub action: Option<String>,
    /// About what.
    pub resource: Option<Uuid>,
    /// Concerning whom.
    pub subject: Option<Uuid>,
    /// How it ended.
    pub outcome: Option<i16>,
    /// What for.
    pub purpose: Option<String>,
    /// Made at this time or later.
    pub from: Option<Time>,
    /// Made before this time.
    pub until: Option<Time>,
}

/// A personal value of a record, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPiiRow {
    /// The record.
    pub record: Uuid,
    /// Which value of the record it is.
    pub slot: String,
    /// Whose it is, by reference.
    pub subject: Uuid,
    /// The key's id.
    pub kid: Uuid,
    /// The ciphertext, whose digest the record holds.
    pub sealed: Vec<u8>,
}

/// What records are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditPart {
    /// How they ended.
    Outcome,
    /// What was done.
    Action,
}

/// How wide the buckets are that records are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditWidth {
    /// An hour.
    Hour,
    /// A day.
    Day,
}

impl AuditWidth {
    /// Returns it in microseconds.
    #[must_use]
    pub(crate) fn micros(self) -> i64 {
        if self == Self::Hour { 3_600_000_000 } else { 86_400_000_000 }
    }
}

const FOUND: &str = "SELECT seq, id, at, actor, action, resource, subject, outcome, purpose, body FROM audit_record";

/// Adds to a query what a filter lets through.
macro_rules! push_filter {
    ($query:expr, $filter:expr) => {
        if let Some(actor) = $filter.actor {
            $query.push(" AND actor = ").push_bind(actor);
        }
        if let Some(action) = &$filter.action {
            $query.push(" AND action = ").push_bind(&action[..]);
        }
        if let Some(resource) = $filter.resource {
            $query.push(" AND resource = ").push_bind(resource);
        }
        if let Some(subject) = $filter.subject {
            $query.push(" AND subject = ").push_bind(subject);
        }
        if let Some(outcome) = $filter.outcome {
            $query.push(" AND outcome = ").push_bind(outcome);
        }
        if let Some(purpose) = &$filter.purpose {
            $query.push(" AND purpose = ").push_bind(&purpose[..]);
        }
        if let Some(from) = $filter.from {
            $query.push(" AND at >= ").push_bind(from.as_micros());
        }
        if let Some(until) = $filter.until {
            $query.push(" AND at < ").push_bind(until.as_micros());
        }
    };
}

fn limited(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

impl Tx {
    /// Keeps personal values beside their records.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn put_audit_pii(&mut self, rows: &[AuditPiiRow]) -> Result<(), DbError> {
        on_tx!(self, conn => {
            insert_rows!(conn,
                "INSERT INTO audit_pii (record, slot, subject, kid, sealed) ",
                rows,
                "",
                |b, row| {
                    b.push_bind(row.record)
                        .push_bind(&row.slot[..])
                        .push_bind(row.subject)
                        .push_bind(row.kid)
                        .push_bind(&row.sealed[..]);
                });
        });
        Ok(())
    }
}

impl Db {
    /// Returns the personal values beside a record, by slot.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn audit_pii(&self, record: Uuid) -> Result<Vec<AuditPiiRow>, DbError> {
        let rows: Vec<(String, Uuid, Uuid, Vec<u8>)> = on_db!(self, pool => {
            sqlx::query_as("SELECT slot, subject, kid, sealed FROM audit_pii WHERE record = $1 ORDER BY slot")
                .bind(record)
                .fetch_all(pool)
                .await
        })?;
        let row = |(slot, subject, kid, sealed)| AuditPiiRow { record, slot, subject, kid, sealed };
        Ok(rows.into_iter().map(row).collect())
    }

    /// Returns records that a filter lets through, the latest first, before an index.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn find_audit(
        &self,
        filter: &AuditFilter,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<AuditRow>, DbError> {
        let rows: Vec<Row> = on_db!(self, pool => {
            let mut query = sqlx::QueryBuilder::new(FOUND);
            query.push(" WHERE seq < ").push_bind(before.unwrap_or(i64::MAX));
            push_filter!(query, filter);
            query.push(" ORDER BY seq DESC LIMIT ").push_bind(limited(limit));
            query.build_query_as().fetch_all(pool).await
        })?;
        Ok(rows.into_iter().map(audit_row).collect())
    }

    /// Returns records that a filter lets through in the log's order, from an index on and
    /// below another.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn follow_audit(
        &self,
        filter: &AuditFilter,
        (from, below): (i64, i64),
        limit: usize,
    ) -> Result<Vec<AuditRow>, DbError> {
        let rows: Vec<Row> = on_db!(self, pool => {
            let mut query = sqlx::QueryBuilder::new(FOUND);
            query.push(" WHERE seq >= ").push_bind(from);
            query.push(" AND seq < ").push_bind(below);
            push_filter!(query, filter);
            query.push(" ORDER BY seq LIMIT ").push_bind(limited(limit));
            query.build_query_as().fetch_all(pool).await
        })?;
        Ok(rows.into_iter().map(audit_row).collect())
    }

    /// Counts records that a filter lets through, by buckets of time (since 1970, in their
    /// width) and by a part, in that order.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn count_audit(
        &self,
        filter: &AuditFilter,
        width: AuditWidth,
        part: AuditPart,
    ) -> Result<Vec<(i64, String, i64)>, DbError> {
        let text = match (width, part) {
            (AuditWidth::Hour, AuditPart::Outcome) => {
                "SELECT at / 3600000000, CAST(outcome AS TEXT), COUNT(*) FROM audit_record"
            }
            (AuditWidth::Day, AuditPart::Outcome) => {
                "SELECT at / 86400000000, CAST(outcome AS TEXT), COUNT(*) FROM audit_record"
            }
            (AuditWidth::Hour, AuditPart::Action) => {
                "SELECT at / 3600000000, action, COUNT(*) FROM audit_record"
            }
            (AuditWidth::Day, AuditPart::Action) => {
                "SELECT at / 86400000000, action, COUNT(*) FROM audit_record"
            }
        };
        Ok(on_db!(self, pool => {
            let mut query = sqlx::QueryBuilder::new(text);
            query.push(" WHERE seq < ").push_bind(i64::MAX);
            push_filter!(query, filter);
            query.push(" GROUP BY 1, 2 ORDER BY 1, 2");
            query.build_query_as().fetch_all(pool).await
        })?)
    }
}
