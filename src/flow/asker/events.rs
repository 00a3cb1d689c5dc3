//! Events as they came, for those from whom nothing of what an event names is hidden.

use serde_json::Value;

use super::super::error::FlowError;
use super::super::positions::Follower;
use super::answers::Asker;
use super::rights::Rights;
use super::sight::id_of;
use crate::access::{Action, Kind};
use crate::base::{DatasetId, EventId, JobId};
use crate::db::{EntryKind, EventFilter, EventRow};
use crate::lineage::NodeRef;

/// Events that are looked through for one page, at most.
const LOOKED_THROUGH_MAX: usize = 5_000;
/// Events that are looked through at once.
const AT_ONCE: usize = 100;

impl Asker {
    /// Returns an event.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn event(&self, id: EventId) -> Result<Option<EventRow>, FlowError> {
        let row = self.app.event(id).await?;
        Ok(self.readable(row.into_iter().collect())?.pop())
    }

    /// Returns entries about a job or dataset, the last received first, and where the next
    /// page starts if there may be one.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn events_about(
        &self,
        subject: uuid::Uuid,
        before: Option<i64>,
        limit: usize,
    ) -> Result<(Vec<EventRow>, Option<(i64, EventId)>), FlowError> {
        let rows = self.app.db().events_about(subject, before, limit).await?;
        let last = rows.last().filter(|_| rows.len() == limit).map(|row| (row.seq, row.id));
        Ok((self.readable(rows)?, last))
    }

    /// Returns a page of events by time, and where the next page starts if there may be one.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn page_events(
        &self,
        filter: EventFilter,
        last: Option<EventId>,
        limit: usize,
    ) -> Result<(Vec<EventRow>, Option<(i64, EventId)>), FlowError> {
        let rows = self.app.db().page_events(filter, last, limit).await?;
        let last = rows.last().filter(|_| rows.len() == limit).map(|row| (row.seq, row.id));
        Ok((self.readable(rows)?, last))
    }

    /// Returns a page of events by how many to pass over, and how many there are. To those
    /// who do not see all, that counts what was looked through.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn list_events(
        &self,
        filter: EventFilter,
        limit: usize,
        offset: usize,
    ) -> Result<(Vec<EventRow>, i64), FlowError> {
        if self.rights().is_none_or(|rights| sees_raw(&rights)) {
            return Ok(self.app.db().list_events(filter, limit, offset).await?);
        }
        let (mut found, mut looked, mut last) = (Vec::new(), 0, None);
        while looked < LOOKED_THROUGH_MAX {
            let rows = self.app.db().page_events(filter, last, AT_ONCE).await?;
            let Some(end) = rows.last().map(|row| row.id) else { break };
            looked += rows.len();
            last = Some(end);
            found.extend(self.readable(rows)?);
        }
        let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
        Ok((found.into_iter().skip(offset).take(limit).collect(), total))
    }

    /// Keeps the entries that the asker may read as they are.
    fn readable(&self, mut rows: Vec<EventRow>) -> Result<Vec<EventRow>, FlowError> {
        let Some(rights) = self.rights().filter(|rights| !sees_raw(rights)) else {
            return Ok(rows);
        };
        let since = self.app.since(Follower::Lineage);
        if !since.is_complete() {
            return Ok(Vec::new());
        }
        let committed = self.positions().committed();
        self.app.graph(|graph| {
            let late = graph.position() < committed;
            let class =
                |node: &NodeRef| match since.class(id_of(node)).or_else(|| graph.access(node)) {
                    // What the graph does not know yet may be anything.
                    None if late => Some(u32::MAX),
                    known => known,
                };
            rows.retain(|row| may_read(&rights, &class, row));
        })?;
        Ok(rows)
    }
}

/// Whether somebody may read every event, whatever is in it.
fn sees_raw(rights: &Rights) -> bool {
    let subject = |kind| rights.about(Action::EventRead, kind, 0).allow;
    rights.unbounded() && subject(Kind::Job) && subject(Kind::Dataset)
}

fn may_read(rights: &Rights, class: &impl Fn(&NodeRef) -> Option<u32>, row: &EventRow) -> bool {
    let subject = match row.kind {
        EntryKind::Dataset => (Kind::Dataset, class(&NodeRef::Dataset(DatasetId(row.subject)))),
        EntryKind::Run | EntryKind::Job => (Kind::Job, class(&NodeRef::Job(JobId(row.subject)))),
        // What people said names things in ways of its own.
        EntryKind::Edit => return false,
    };
    let read = |(kind, class): (Kind, Option<u32>)| {
        rights.about(Action::EventRead, kind, class.unwrap_or_default()).allow
    };
    let Ok(event) = serde_json::from_str::<Value>(&row.raw) else { return false };
    read(subject)
        && all_named(&event, &|namespace, name| {
            let dataset = class(&NodeRef::Dataset(DatasetId::of(namespace, name)));
            let job = class(&NodeRef::Job(JobId::of(namespace, name)));
            dataset.is_none_or(|class| rights.whole(class))
                && job.is_none_or(|class| {
                    let read = rights.about(Action::JobRead, Kind::Job, class);
                    rights.sees(Kind::Job, class) && read.allow && !read.obligations.redact_sql
                })
        })
}

/// Returns whether something holds of everything that is named in an event, at any depth.
fn all_named(value: &Value, holds: &impl Fn(&str, &str) -> bool) -> bool {
    match value {
        Value::Object(members) => {
            let text = |key: &str| members.get(key).and_then(Value::as_str);
            let named = text("namespace").zip(text("name"));
            named.is_none_or(|(namespace, name)| holds(namespace, name))
                && members.values().all(|value| all_named(value, holds))
        }
        Value::Array(values) => values.iter().all(|value| all_named(value, holds)),
        _ => true,
    }
}
