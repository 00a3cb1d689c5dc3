//! Lists and counts, of what an asker sees.

use std::collections::{HashMap, HashSet};

use super::super::error::FlowError;
use super::super::positions::Follower;
use super::answers::Asker;
use crate::access::{Action, Kind, Resource};
use crate::base::limits::PAGE_MAX;
use crate::base::{DatasetId, SourceId, Time};
use crate::catalog::{RunState, SourceDoc, TagDoc};
use crate::db::{CountBucket, DatasetRow, EventBucket, JobRow};

impl Asker {
    /// Returns the classes that are seen; nothing if all are.
    pub(super) fn seen(&self, kind: Kind) -> Option<Vec<u32>> {
        self.seen_and(&[], kind)
    }

    /// Returns the classes that are seen and for which further acts are allowed; nothing if that is so
    /// of all.
    fn seen_and(&self, further: &[Action], kind: Kind) -> Option<Vec<u32>> {
        let actions = [&[super::rights::search_of(kind)][..], further].concat();
        self.rights().map(|rights| rights.allowed(&actions, kind))
    }

    /// Returns the datasets of a namespace by name, after a place in that order.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn page_datasets(
        &self,
        namespace: &str,
        after: Option<(&str, DatasetId)>,
        limit: usize,
    ) -> Result<Vec<DatasetRow>, FlowError> {
        let seen = self.seen(Kind::Dataset);
        Ok(self.app.db().page_datasets(namespace, seen.as_deref(), after, limit).await?)
    }

    /// Returns a page of the datasets of a namespace by name, and how many there are.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn list_datasets(
        &self,
        namespace: &str,
        limit: usize,
        offset: usize,
    ) -> Result<(Vec<DatasetRow>, i64), FlowError> {
        let seen = self.seen(Kind::Dataset);
        Ok(self.app.db().list_datasets(namespace, seen.as_deref(), limit, offset).await?)
    }

    /// Returns jobs, the latest updated first, and how many there are. By the states of their runs they
    /// are told apart for whoever may read these.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn list_jobs(
        &self,
        namespace: Option<&str>,
        states: &[RunState],
        limit: usize,
        offset: usize,
    ) -> Result<(Vec<JobRow>, i64), FlowError> {
        let of_runs: &[Action] = if states.is_empty() { &[] } else { &[Action::RunRead] };
        let seen = self.seen_and(of_runs, Kind::Job);
        Ok(self.app.db().list_jobs(namespace, states, seen.as_deref(), limit, offset).await?)
    }

    /// Counts what existed at a time.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn count_created(&self, what: CountBucket, until: Time) -> Result<i64, FlowError> {
        let seen = match what {
            CountBucket::Jobs => self.seen(Kind::Job),
            CountBucket::Datasets => self.seen(Kind::Dataset),
            CountBucket::Sources if self.rights().is_some() => {
                let seen = self.list_sources(usize::MAX, 0).await?;
                let created = |doc: &&SourceDoc| doc.created.is_some_and(|at| at < until);
                return Ok(i64::try_from(seen.iter().filter(created).count()).unwrap_or(i64::MAX));
            }
            CountBucket::Sources => None,
        };
        Ok(self.app.db().count_created(what, until, seen.as_deref()).await?)
    }

    /// Counts the events of a span of time by state: of the jobs whose events the asker may read.
    ///
    /// # Errors
    ///
    /// [`FlowError::Denied`] if the asker may not read events, [`FlowError::Db`] if the
    /// database fails.
    pub async fn count_events(&self, from: Time, to: Time) -> Result<EventBucket, FlowError> {
        self.must(Action::EventRead, Resource::new(Kind::Event)).await?;
        let seen = self.seen_and(&[Action::EventRead], Kind::Job);
        Ok(self.app.db().count_events((from, to), seen.as_deref()).await?)
    }

    /// Returns a source, if the asker sees it.
    ///
    /// # Errors
    ///
    /// [`FlowError::Denied`] if sources may not be read, [`FlowError::Db`] if the database fails.
    pub async fn source(&self, name: &str) -> Result<Option<SourceDoc>, FlowError> {
        self.must(Action::SourceRead, Resource::new(Kind::Source)).await?;
        let found = self.app.db().source(name).await?;
        Ok(self.sees_sources(found.into_iter().collect()).await?.pop().and_then(seen_only))
    }

    /// Returns whether the asker sees a source, and all that is known of it.
    pub(super) async fn sees_source_whole(&self, name: &str) -> Result<bool, FlowError> {
        self.must(Action::SourceRead, Resource::new(Kind::Source)).await?;
        let Some(doc) = self.app.db().source(name).await? else { return Ok(false) };
        let told = self.sees_sources(vec![doc.clone()]).await?.pop();
        let whole = |told: &SourceDoc| told.url() == doc.url() && told.edited == doc.edited;
        Ok(told.and_then(seen_only).is_some_and(|told| whole(&told)))
    }

    /// Returns a page of the sources by name.
    ///
    /// # Errors
    ///
    /// [`FlowError::Denied`] if sources may not be read, [`FlowError::Db`] if the database fails.
    pub async fn list_sources(
        &self,
        limit: usize,
        offset: usize,
    ) -> Result<Vec<SourceDoc>, FlowError> {
        self.must(Action::SourceRead, Resource::new(Kind::Source)).await?;
        if self.rights().is_none() {
            return Ok(self.app.db().list_sources(limit, offset).await?);
        }
        let mut seen = Seen::new(limit, offset);
        let mut after: Option<String> = None;
        while !seen.is_full() {
            let docs = self.app.db().sources_after(after.as_deref(), PAGE_MAX).await?;
            let Some(last) = docs.last() else { break };
            after = Some(last.name.clone());
            for (sees, doc) in self.sees_sources(docs).await? {
                seen.take(sees, doc);
            }
        }
        Ok(seen.found)
    }

    /// A source is there if a dataset in it is seen, or if somebody made it by hand and nothing
    /// lives there. What is known of it but its name is told to whoever sees all that lives
    /// there: else who puts something of their own there would read it. Since when it is there is
    /// told by what is seen there, so that nobody can tell a name that was taken.
    async fn sees_sources(
        &self,
        docs: Vec<SourceDoc>,
    ) -> Result<Vec<(bool, SourceDoc)>, FlowError> {
        let ids: Vec<SourceId> = docs.iter().map(|doc| SourceId::of(&doc.name)).collect();
        let classes = self.app.db().classes_in_sources(&ids).await?;
        self.learn(&classes.iter().map(|(_, access_class, _)| *access_class).collect::<Vec<_>>())
            .await?;
        let Some(rights) = self.rights() else {
            return Ok(docs.into_iter().map(|doc| (true, doc)).collect());
        };
        let unbounded = rights.unbounded();
        let mut occupied: HashMap<SourceId, (Option<Time>, bool)> = HashMap::new();
        for (id, access_class, made) in classes {
            let (first_seen, some_hidden) = occupied.entry(id).or_default();
            match rights.sees(Kind::Dataset, access_class) {
                true => *first_seen = Some(first_seen.map_or(made, |first| first.min(made))),
                false => *some_hidden = true,
            }
        }
        let told = |(id, doc): (&SourceId, SourceDoc)| match occupied.get(id) {
            None => (doc.edited.is_some(), doc),
            Some(_) if unbounded => (true, doc),
            Some((created, false)) => (true, SourceDoc { created: *created, ..doc }),
            Some((created, true)) => {
                let bare = SourceDoc { name: doc.name, created: *created, ..SourceDoc::default() };
                (created.is_some(), bare)
            }
        };
        Ok(ids.iter().zip(docs).map(told).collect())
    }

    /// Returns a tag, if the asker sees it.
    ///
    /// # Errors
    ///
    /// [`FlowError::Denied`] if tags may not be read, [`FlowError::OutOfTouch`] if this node does not
    /// know what it must hide, [`FlowError::Db`] if the database fails.
    pub async fn tag(&self, name: &str) -> Result<Option<TagDoc>, FlowError> {
        self.must(Action::TagRead, Resource::new(Kind::Tag)).await?;
        let used = self.tags_in_use()?;
        let found = self.app.db().tag(name).await?;
        Ok(found.filter(|doc| sees_tag(used.as_ref(), doc)))
    }

    /// Returns a page of the tags by name.
    ///
    /// # Errors
    ///
    /// As [`Self::tag`].
    pub async fn list_tags(&self, limit: usize, offset: usize) -> Result<Vec<TagDoc>, FlowError> {
        self.must(Action::TagRead, Resource::new(Kind::Tag)).await?;
        let used = self.tags_in_use()?;
        if used.is_none() {
            return Ok(self.app.db().list_tags(limit, offset).await?);
        }
        let mut seen = Seen::new(limit, offset);
        let mut after: Option<String> = None;
        while !seen.is_full() {
            let docs = self.app.db().tags_after(after.as_deref(), PAGE_MAX).await?;
            let Some(last) = docs.last() else { break };
            after = Some(last.name.clone());
            for doc in docs {
                seen.take(sees_tag(used.as_ref(), &doc), doc);
            }
        }
        Ok(seen.found)
    }

    /// Returns the tags of what is seen, and of all there is; nothing if all is seen. What changed for
    /// rules since the index is taken as they see it now.
    fn tags_in_use(&self) -> Result<Option<TagsInUse>, FlowError> {
        let Some(rights) = self.rights() else { return Ok(None) };
        let cleared = self.cleared()?;
        let Some(clearance) = cleared.clearance.filter(|_| cleared.sure) else {
            return Err(FlowError::OutOfTouch(Follower::Search.as_str()));
        };
        let tags = |clearance| {
            let tags = self.app.index().tags(&clearance);
            tags.map_err(|error| FlowError::Index(error.to_string()))
        };
        let (seen, at_all) = (tags(clearance)?, tags(rights.clearance_for_all())?);
        Ok(Some(TagsInUse { seen, at_all }))
    }
}

/// Tags that something has.
struct TagsInUse {
    seen: HashSet<String>,
    at_all: HashSet<String>,
}

/// A tag is there if something that is seen has it, or if somebody made it by hand and nothing
/// has it.
fn sees_tag(used: Option<&TagsInUse>, doc: &TagDoc) -> bool {
    used.is_none_or(|used| {
        used.seen.contains(&doc.name)
            || (doc.description.is_some() && !used.at_all.contains(&doc.name))
    })
}

fn seen_only<T>((sees, doc): (bool, T)) -> Option<T> {
    sees.then_some(doc)
}

/// A page of what is seen, while everything is gone through.
pub(super) struct Seen<T> {
    pub(super) found: Vec<T>,
    limit: usize,
    passed_over: usize,
}

impl<T> Seen<T> {
    pub(super) fn new(limit: usize, offset: usize) -> Self {
        Self { found: Vec::new(), limit, passed_over: offset }
    }

    pub(super) fn is_full(&self) -> bool {
        self.found.len() >= self.limit
    }

    pub(super) fn take(&mut self, sees: bool, doc: T) {
        if !sees || self.is_full() {
            return;
        }
        match self.passed_over.checked_sub(1) {
            Some(left) => self.passed_over = left,
            None => self.found.push(doc),
        }
    }
}
