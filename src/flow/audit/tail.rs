//! Following the audit log live: records as they come, from an index on.
//!
//! A listener is handed what it asks for and nothing waits for it, so that a slow one costs
//! nothing.

use std::time::Duration;

use super::super::app::App;
use super::super::error::FlowError;
use super::super::listeners::{ListenerKey, NoPlace, Place};
use crate::db::{AuditFilter, AuditRow};

/// Records that a listener is handed at once.
const PAGE: usize = 200;
/// How often the log is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// One listener.
#[derive(Debug)]
pub struct AuditTail {
    app: App,
    filter: AuditFilter,
    next: i64,
    place: Place,
}

impl App {
    /// Begins to follow the log after an index, or from its end, if there is a place for this
    /// listener.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn audit_tail(
        &self,
        who: ListenerKey,
        filter: AuditFilter,
        after: Option<i64>,
    ) -> Result<Result<AuditTail, NoPlace>, FlowError> {
        let place = match self.inner.listeners.enter(who) {
            Ok(place) => place,
            Err(none) => return Ok(Err(none)),
        };
        let next = match after {
            Some(after) => after.saturating_add(1).max(0),
            None => self.db().audit_size().await?,
        };
        Ok(Ok(AuditTail { app: self.clone(), filter, next, place }))
    }

    /// Ends streams that would go on for ever: the server is asked to stop.
    pub fn end_streams(&self) {
        self.inner.stop_streams.cancel();
    }
}

impl AuditTail {
    /// Waits for more records. An empty list says that there were none for a moment; nothing,
    /// that the server is about to stop or that somebody else has the place now.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn next(&mut self) -> Result<Option<Vec<AuditRow>>, FlowError> {
        let stop = &self.app.inner.stop_streams;
        if stop.is_cancelled() || self.place.is_lost() {
            return Ok(None);
        }
        let size = self.app.db().audit_size().await?;
        let rows = self.app.db().follow_audit(&self.filter, (self.next, size), PAGE).await?;
        self.app.check_given(&rows).await?;
        let full = rows.len() == PAGE;
        self.next = match rows.last().filter(|_| full) {
            Some(last) => last.seq + 1,
            None => self.next.max(size),
        };
        if rows.is_empty() {
            drop(tokio::time::timeout(LOOK_EVERY, stop.cancelled()).await);
        }
        Ok(Some(rows))
    }
}
