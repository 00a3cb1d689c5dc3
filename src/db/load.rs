//! Loads the documents that a batch touches.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::access_classes::access_class_of;
use super::codec::from_json;
use super::error::DbError;
use super::tx::Tx;
use crate::base::Digest;
use crate::base::{DatasetId, JobId, NamespaceId, RunId, SourceId};
use crate::catalog::{Told, Touch, Working};

type Rows = Vec<(Uuid, String)>;

/// The id a tag has in its table.
pub(super) fn tag_id(name: &str) -> Uuid {
    Uuid::from_bytes(Digest::of_parts(&[b"tag", name.as_bytes()]).0)
}

impl Tx {
    /// Loads what `touch` names into `working`. What does not exist is there and empty
    /// afterwards.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails or holds a document Lethe cannot read.
    pub async fn load(&mut self, touch: &Touch, working: &mut Working) -> Result<(), DbError> {
        let ids: Vec<Uuid> = touch.namespaces.iter().map(|id| id.0).collect();
        if !ids.is_empty() {
            let rows = on_tx!(self, conn => fetch_in!(&mut *conn, "SELECT id, doc FROM namespace WHERE id", &ids, (Uuid, String)));
            fill("namespace", rows, &ids, |id, doc| {
                working.namespaces.insert(NamespaceId(id), doc)
            })?;
        }
        let ids: Vec<Uuid> = touch.sources.iter().map(|id| id.0).collect();
        if !ids.is_empty() {
            let rows = on_tx!(self, conn => fetch_in!(&mut *conn, "SELECT id, doc FROM source WHERE id", &ids, (Uuid, String)));
            fill("source", rows, &ids, |id, doc| working.sources.insert(SourceId(id), doc))?;
        }
        self.load_tags(touch, working).await?;
        let ids: Vec<Uuid> = touch.datasets.iter().map(|id| id.0).collect();
        if !ids.is_empty() {
            let rows = on_tx!(self, conn => fetch_in!(&mut *conn, "SELECT id, access_class, doc FROM dataset WHERE id", &ids, (Uuid, i64, String)));
            let rows = note_told(working, rows, &ids);
            fill("dataset", rows, &ids, |id, doc| working.datasets.insert(DatasetId(id), doc))?;
        }
        let ids: Vec<Uuid> = touch.jobs.iter().map(|id| id.0).collect();
        if !ids.is_empty() {
            let rows = on_tx!(self, conn => fetch_in!(&mut *conn, "SELECT id, access_class, doc FROM job WHERE id", &ids, (Uuid, i64, String)));
            let rows = note_told(working, rows, &ids);
            fill("job", rows, &ids, |id, doc| working.jobs.insert(JobId(id), doc))?;
        }
        let ids: Vec<Uuid> = touch.runs.iter().map(|id| id.0).collect();
        if !ids.is_empty() {
            let rows = on_tx!(self, conn => fetch_in!(&mut *conn, "SELECT id, doc FROM run WHERE id", &ids, (Uuid, String)));
            fill("run", rows, &ids, |id, doc| working.runs.insert(RunId(id), doc))?;
        }
        Ok(())
    }

    /// Loads the other names of jobs, by which they are judged, and what these are judged by.
    ///
    /// # Errors
    ///
    /// As [`Self::load`].
    pub async fn load_job_names(
        &mut self,
        jobs: &BTreeSet<JobId>,
        working: &mut Working,
    ) -> Result<(), DbError> {
        loop {
            let mut touch = Touch::default();
            working.names_missing(jobs.iter().copied(), &mut touch);
            if touch.is_empty() {
                return Ok(());
            }
            self.load(&touch, working).await?;
        }
    }

    async fn load_tags(&mut self, touch: &Touch, working: &mut Working) -> Result<(), DbError> {
        let ids: Vec<Uuid> = touch.tags.iter().map(|name| tag_id(name)).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let rows = on_tx!(self, conn => fetch_in!(&mut *conn, "SELECT id, doc FROM tag WHERE id", &ids, (Uuid, String)));
        for name in &touch.tags {
            working.tags.entry(name.clone()).or_default();
        }
        for (_, text) in rows {
            let doc: crate::catalog::TagDoc = from_json("tag", &text)?;
            working.tags.insert(doc.name.clone(), doc);
        }
        Ok(())
    }
}

/// Notes what rules see of these datasets or jobs: of those that are not there, nothing.
fn note_told(working: &mut Working, rows: Vec<(Uuid, i64, String)>, ids: &[Uuid]) -> Rows {
    working.told.extend(ids.iter().map(|id| (*id, Told::Nothing)));
    let note = |(id, access_class, doc)| {
        working.told.insert(id, Told::Class(access_class_of(access_class)));
        (id, doc)
    };
    rows.into_iter().map(note).collect()
}

fn fill<T: DeserializeOwned + Default, O>(
    what: &'static str,
    rows: Rows,
    ids: &[Uuid],
    mut put: impl FnMut(Uuid, T) -> O,
) -> Result<(), DbError> {
    for id in ids {
        put(*id, T::default());
    }
    for (id, text) in rows {
        put(id, from_json(what, &text)?);
    }
    Ok(())
}
