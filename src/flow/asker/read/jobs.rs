//! Jobs as readers see them: facets, current inputs and outputs, versions.

use std::collections::HashMap;

use super::super::super::app::App;
use super::super::super::error::FlowError;
use crate::base::{Digest, JobId, Time};
use crate::catalog::{Bodies, CurrentIo, JobDoc, JobVersionContent, JobView};
use crate::db::JobRow;

/// A job with everything that is known of it but its runs.
#[derive(Debug, Clone)]
pub struct JobFull {
    /// Its id.
    pub id: JobId,
    /// All that is known of it.
    pub doc: JobDoc,
    /// The bodies of its facets.
    pub bodies: Bodies,
    /// What a reader sees first.
    pub view: JobView,
    /// What it reads and writes now.
    pub io: CurrentIo,
    /// Its access class.
    pub access_class: u32,
}

/// A version of a job: one set of inputs, outputs and code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobVersion {
    /// Its id.
    pub version: Digest,
    /// When it was first seen.
    pub created_at: Time,
    /// What it is.
    pub content: JobVersionContent,
}

/// Renames that are followed before a job is taken as it is.
pub(in crate::flow::asker) const RENAMES_MAX: usize = 8;

impl App {
    /// Puts jobs together with their facets, in the order given.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub(in crate::flow::asker) async fn jobs_full(
        &self,
        mut rows: Vec<JobRow>,
    ) -> Result<Vec<JobFull>, FlowError> {
        self.resolve_parents(&mut rows).await?;
        let stored: Vec<Digest> =
            rows.iter().flat_map(|row| row.doc.facets.stored().collect::<Vec<_>>()).collect();
        let all = self.db().facet_bodies(&stored).await?;
        let full = |row: JobRow| {
            let stored = row.doc.facets.stored();
            let bodies: Bodies =
                stored.filter_map(|digest| Some((digest, all.get(&digest)?.clone()))).collect();
            let view = row.doc.view(&bodies);
            let io = row.doc.current_io();
            JobFull { id: row.id, doc: row.doc, bodies, view, io, access_class: row.access_class }
        };
        Ok(rows.into_iter().map(full).collect())
    }

    /// Names each job's parent as it is called now: a parent may itself turn out to have
    /// one, and then has a longer name.
    async fn resolve_parents(&self, rows: &mut [JobRow]) -> Result<(), FlowError> {
        let id = |row: &JobRow| {
            let (namespace, name) = &row.doc.parent.as_ref()?.value;
            Some(JobId::of(namespace, name))
        };
        let mut wanted: Vec<JobId> = rows.iter().filter_map(id).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let known = self.db().jobs(&wanted).await?;
        let renamed: HashMap<JobId, JobId> = known
            .iter()
            .filter_map(|row| Some((row.id, row.doc.renamed_to.as_ref()?.value)))
            .collect();
        let targets: Vec<JobId> = renamed.values().copied().collect();
        let targets: HashMap<JobId, JobDoc> =
            self.db().jobs(&targets).await?.into_iter().map(|row| (row.id, row.doc)).collect();
        for row in rows {
            let target = id(row).and_then(|id| targets.get(renamed.get(&id)?));
            if let (Some(parent), Some(target)) = (&mut row.doc.parent, target) {
                parent.value = (target.namespace.clone(), target.name.clone());
            }
        }
        Ok(())
    }

    /// Returns a page of a job's versions, the newest first, and how many there are.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub(in crate::flow::asker) async fn job_versions(
        &self,
        job: &JobFull,
        limit: usize,
        offset: usize,
    ) -> Result<(Vec<JobVersion>, usize), FlowError> {
        let all = job.doc.versions();
        let total = all.len();
        let page: Vec<_> = all.into_iter().skip(offset).take(limit).collect();
        let digests: Vec<Digest> = page.iter().map(|(digest, _)| *digest).collect();
        let contents = self.version_contents(&digests).await?;
        let versions = page.into_iter().filter_map(|(version, seen)| {
            let content = contents.get(&version)?.clone();
            Some(JobVersion { version, created_at: seen.first, content })
        });
        Ok((versions.collect(), total))
    }

    /// Returns what job versions are.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub(in crate::flow::asker) async fn version_contents(
        &self,
        digests: &[Digest],
    ) -> Result<HashMap<Digest, JobVersionContent>, FlowError> {
        let bodies = self.db().facet_bodies(digests).await?;
        let read = |(digest, raw): (Digest, Box<serde_json::value::RawValue>)| {
            Some((digest, serde_json::from_str(raw.get()).ok()?))
        };
        Ok(bodies.into_iter().filter_map(read).collect())
    }
}
