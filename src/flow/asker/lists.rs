//! Lists and counts, of what an asker sees.

use super::super::error::FlowError;
use super::answers::Asker;
use crate::access::{Action, Kind, Resource};
use crate::base::DatasetId;
use crate::base::Time;
use crate::base::limits::PAGE_MAX;
use crate::catalog::{NamespaceDoc, RunState, SourceDoc, TagDoc};
use crate::db::{CountBucket, DatasetRow, EventBucket, JobRow};

impl Asker {
    /// Returns the classes that are seen; nothing if all are.
    fn seen(&self, kind: Kind) -> Option<Vec<u32>> {
        let action = super::rights::search_of(kind);
        self.rights().map(|rights| rights.allowed(action, kind))
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

    /// Returns jobs, the latest updated first, and how many there are.
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
        let seen = self.seen(Kind::Job);
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
            CountBucket::Datasets | CountBucket::Sources => self.seen(Kind::Dataset),
        };
        Ok(self.app.db().count_created(what, until, seen.as_deref()).await?)
    }

    /// Counts the events of a span of time by state.
    ///
    /// # Errors
    ///
    /// [`FlowError::Denied`] if the asker may not read events, [`FlowError::Db`] if the
    /// database fails.
    pub async fn count_events(&self, from: Time, to: Time) -> Result<EventBucket, FlowError> {
        self.must(Action::EventRead, Resource::new(Kind::Event)).await?;
        Ok(self.app.db().count_events(from, to).await?)
    }

    /// Returns a namespace, deleted or not, if the asker sees it.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn namespace(&self, name: &str) -> Result<Option<NamespaceDoc>, FlowError> {
        let found = self.app.db().namespace(name).await?;
        Ok(found.filter(|namespace| self.sees_namespace(&namespace.name)))
    }

    /// Returns a page of the namespaces by name, deleted ones too.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn list_namespaces(
        &self,
        limit: usize,
        offset: usize,
    ) -> Result<Vec<NamespaceDoc>, FlowError> {
        if self.rights().is_none() {
            return Ok(self.app.db().list_namespaces(limit, offset).await?);
        }
        let (mut found, mut passed, mut at) = (Vec::new(), 0, 0);
        while found.len() < limit {
            let docs = self.app.db().list_namespaces(PAGE_MAX, at).await?;
            if docs.is_empty() {
                break;
            }
            at += docs.len();
            for doc in docs.into_iter().filter(|doc| self.sees_namespace(&doc.name)) {
                if passed < offset {
                    passed += 1;
                } else if found.len() < limit {
                    found.push(doc);
                }
            }
        }
        Ok(found)
    }

    fn sees_namespace(&self, name: &str) -> bool {
        self.rights().is_none_or(|rights| rights.sees_namespace(name))
    }

    /// Returns a source.
    ///
    /// # Errors
    ///
    /// [`FlowError::Denied`] if sources may not be read, [`FlowError::Db`] if the database fails.
    pub async fn source(&self, name: &str) -> Result<Option<SourceDoc>, FlowError> {
        self.must(Action::SourceRead, Resource::new(Kind::Source)).await?;
        Ok(self.app.db().source(name).await?)
    }

    /// Returns a page of the sources by name.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn list_sources(
        &self,
        limit: usize,
        offset: usize,
    ) -> Result<Vec<SourceDoc>, FlowError> {
        self.must(Action::SourceRead, Resource::new(Kind::Source)).await?;
        Ok(self.app.db().list_sources(limit, offset).await?)
    }

    /// Returns a tag.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn tag(&self, name: &str) -> Result<Option<TagDoc>, FlowError> {
        self.must(Action::TagRead, Resource::new(Kind::Tag)).await?;
        Ok(self.app.db().tag(name).await?)
    }

    /// Returns a page of the tags by name.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn list_tags(&self, limit: usize, offset: usize) -> Result<Vec<TagDoc>, FlowError> {
        self.must(Action::TagRead, Resource::new(Kind::Tag)).await?;
        Ok(self.app.db().list_tags(limit, offset).await?)
    }
}
