//! Writes what a batch changed: documents, uses, facet bodies.

use uuid::Uuid;

use super::access_classes::ClassIds;
use super::codec::{pack, to_json};
use super::error::DbError;
use super::load::tag_id;
use super::recount::recount;
use super::tx::Tx;
use crate::base::name::sort_name;
use crate::base::spoken::tail_of;
use crate::base::{NamespaceId, SourceId, Time};
use crate::catalog::{Changed, DatasetDoc, JobDoc, RunDoc, RunState, RunUse, RunUseKey, Working};

/// The number a run's state is stored as.
pub(super) fn state_code(state: RunState) -> i16 {
    match state {
        RunState::New => 0,
        RunState::Running => 1,
        RunState::Completed => 2,
        RunState::Aborted => 3,
        RunState::Failed => 4,
    }
}

fn micros(time: Option<Time>) -> i64 {
    time.map_or(0, Time::as_micros)
}

impl Tx {
    /// Writes everything that changed. Sums that must be counted anew are counted from
    /// what is written, set in `working`, and written too. Notes in `changed` of what rules see
    /// something else now.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn write(
        &mut self,
        working: &mut Working,
        changed: &mut Changed,
    ) -> Result<(), DbError> {
        working.settle_names(changed);
        self.store_facets(changed).await?;
        self.store_small(working, changed).await?;
        self.store_runs(working, changed).await?;
        self.store_uses(changed).await?;
        recount(self, working, &changed.recounts).await?;
        let classes = self.classify(working, changed).await?;
        self.store_judged(changed, &classes).await?;
        self.store_datasets(working, changed, &classes).await?;
        self.store_jobs(working, changed, &classes).await
    }

    async fn store_facets(&mut self, changed: &Changed) -> Result<(), DbError> {
        let rows: Vec<(Uuid, i64, Vec<u8>)> = changed
            .facets
            .iter()
            .map(|(digest, raw)| {
                let text = raw.get().as_bytes();
                (
                    Uuid::from_bytes(digest.0),
                    i64::try_from(text.len()).unwrap_or(i64::MAX),
                    pack(text),
                )
            })
            .collect();
        on_tx!(self, conn => {
            insert_rows!(conn, "INSERT INTO facet (digest, bytes, body) ", &rows, " ON CONFLICT (digest) DO NOTHING", |b, (digest, bytes, body)| {
                b.push_bind(*digest).push_bind(*bytes).push_bind(&body[..]);
            });
        });
        Ok(())
    }

    async fn store_small(&mut self, working: &Working, changed: &Changed) -> Result<(), DbError> {
        let namespaces: Vec<_> = changed
            .namespaces
            .iter()
            .filter_map(|id| Some((id.0, working.namespaces.get(id)?)))
            .collect();
        let sources: Vec<_> = changed
            .sources
            .iter()
            .filter_map(|id| Some((id.0, working.sources.get(id)?)))
            .collect();
        let tags: Vec<_> = changed
            .tags
            .iter()
            .filter_map(|name| Some((tag_id(name), working.tags.get(name)?)))
            .collect();
        on_tx!(self, conn => {
            insert_rows!(conn, "INSERT INTO namespace (id, sort_name, deleted, doc) ", &namespaces,
                " ON CONFLICT (id) DO UPDATE SET deleted = excluded.deleted, doc = excluded.doc", |b, (id, doc)| {
                b.push_bind(*id).push_bind(sort_name(&doc.name)).push_bind(doc.is_deleted()).push_bind(to_json(doc));
            });
            insert_rows!(conn, "INSERT INTO source (id, sort_name, created_at, doc) ", &sources,
                " ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at, doc = excluded.doc", |b, (id, doc)| {
                b.push_bind(*id).push_bind(sort_name(&doc.name)).push_bind(micros(doc.created)).push_bind(to_json(doc));
            });
            insert_rows!(conn, "INSERT INTO tag (id, sort_name, doc) ", &tags,
                " ON CONFLICT (id) DO UPDATE SET doc = excluded.doc", |b, (id, doc)| {
                b.push_bind(*id).push_bind(sort_name(&doc.name)).push_bind(to_json(doc));
            });
        });
        Ok(())
    }

    async fn store_datasets(
        &mut self,
        working: &Working,
        changed: &Changed,
        classes: &ClassIds,
    ) -> Result<(), DbError> {
        let rows: Vec<&DatasetDoc> = changed
            .datasets
            .keys()
            .filter_map(|id| working.datasets.get(id))
            .filter(|doc| !doc.name.is_empty())
            .collect();
        on_tx!(self, conn => {
            insert_rows!(conn,
                "INSERT INTO dataset (id, namespace_id, sort_name, canonical_id, hidden, created_at, updated_at, access_class, tail, source, doc) ",
                &rows,
                " ON CONFLICT (id) DO UPDATE SET canonical_id = excluded.canonical_id, hidden = excluded.hidden, access_class = excluded.access_class, \
                 tail = excluded.tail, source = excluded.source, created_at = excluded.created_at, updated_at = excluded.updated_at, doc = excluded.doc",
                |b, doc| {
                    let id = doc.id();
                    let canonical = doc.canonical_id();
                    b.push_bind(id.0)
                        .push_bind(NamespaceId::of(&doc.namespace).0)
                        .push_bind(sort_name(&doc.name))
                        .push_bind(canonical.0)
                        .push_bind(doc.is_deleted() || canonical != id)
                        .push_bind(micros(doc.created))
                        .push_bind(micros(doc.updated))
                        .push_bind(classes.dataset(id))
                        .push_bind(tail_of(&doc.name).map(|tail| Uuid::from_bytes(tail.0)))
                        .push_bind(doc.source.as_ref().map(|source| SourceId::of(&source.value).0))
                        .push_bind(to_json(doc));
                });
        });
        Ok(())
    }

    async fn store_jobs(
        &mut self,
        working: &Working,
        changed: &Changed,
        classes: &ClassIds,
    ) -> Result<(), DbError> {
        let rows: Vec<&JobDoc> = changed
            .jobs
            .keys()
            .filter_map(|id| working.jobs.get(id))
            .filter(|doc| !doc.name.is_empty())
            .collect();
        on_tx!(self, conn => {
            insert_rows!(conn,
                "INSERT INTO job (id, namespace_id, sort_name, hidden, state, created_at, updated_at, access_class, doc) ",
                &rows,
                " ON CONFLICT (id) DO UPDATE SET hidden = excluded.hidden, state = excluded.state, access_class = excluded.access_class, \
                 created_at = excluded.created_at, updated_at = excluded.updated_at, doc = excluded.doc",
                |b, doc| {
                    b.push_bind(doc.id().0)
                        .push_bind(NamespaceId::of(&doc.namespace).0)
                        .push_bind(sort_name(&doc.name))
                        .push_bind(doc.is_deleted() || doc.renamed_to.is_some())
                        .push_bind(doc.latest.map_or(-1, |latest| state_code(latest.state)))
                        .push_bind(micros(doc.created))
                        .push_bind(micros(doc.updated))
                        .push_bind(classes.job(doc.id()))
                        .push_bind(to_json(doc));
                });
        });
        Ok(())
    }

    async fn store_runs(&mut self, working: &Working, changed: &Changed) -> Result<(), DbError> {
        let rows: Vec<(Uuid, Uuid, &RunDoc)> = changed
            .runs
            .iter()
            .filter_map(|id| {
                let doc = working.runs.get(id)?;
                Some((id.0, doc.job.as_ref()?.id().0, doc))
            })
            .collect();
        on_tx!(self, conn => {
            insert_rows!(conn,
                "INSERT INTO run (id, job, parent, state, order_at, first_at, last_at, settles_at, version, explicit, doc) ",
                &rows,
                " ON CONFLICT (id) DO UPDATE SET job = excluded.job, parent = excluded.parent, state = excluded.state, \
                 order_at = excluded.order_at, first_at = excluded.first_at, last_at = excluded.last_at, settles_at = excluded.settles_at, \
                 version = excluded.version, explicit = excluded.explicit, doc = excluded.doc",
                |b, (id, job, doc)| {
                    let seen = doc.seen();
                    b.push_bind(*id)
                        .push_bind(*job)
                        .push_bind(doc.parent.as_ref().map(|parent| parent.value.0))
                        .push_bind(state_code(doc.state()))
                        .push_bind(doc.order_at().as_micros())
                        .push_bind(seen.first.as_micros())
                        .push_bind(seen.last.as_micros())
                        .push_bind(doc.settles().map(Time::as_micros))
                        .push_bind(doc.version().map(|version| Uuid::from_bytes(version.digest().0)))
                        .push_bind(explicit_column(doc))
                        .push_bind(to_json(doc));
                });
        });
        Ok(())
    }

    async fn store_uses(&mut self, changed: &Changed) -> Result<(), DbError> {
        for gone in &changed.uses_gone {
            execute!(
                self,
                "DELETE FROM run_use WHERE dataset = $1 AND write = $2 AND at = $3 AND run = $4",
                gone.dataset.0,
                gone.write,
                gone.at.as_micros(),
                gone.run.0
            )?;
        }
        let rows: Vec<(&RunUseKey, &RunUse)> = changed.uses.iter().collect();
        on_tx!(self, conn => {
            insert_rows!(conn,
                "INSERT INTO run_use (dataset, write, at, run, job, schema, columns, done_at) ",
                &rows,
                " ON CONFLICT (dataset, write, at, run) DO UPDATE SET job = excluded.job, schema = excluded.schema, \
                 columns = excluded.columns, done_at = excluded.done_at",
                |b, (key, value)| {
                    b.push_bind(key.dataset.0)
                        .push_bind(key.write)
                        .push_bind(key.at.as_micros())
                        .push_bind(key.run.0)
                        .push_bind(value.job.0)
                        .push_bind(value.schema.map(|digest| Uuid::from_bytes(digest.0)))
                        .push_bind(value.columns.map(|digest| Uuid::from_bytes(digest.0)))
                        .push_bind(value.done.map(Time::as_micros));
                });
        });
        Ok(())
    }
}

/// Lists the run's explicit facets, so that the runs that said one are found.
fn explicit_column(doc: &RunDoc) -> Option<String> {
    let ids: Vec<String> =
        doc.explicit.keys().map(|digest| Uuid::from_bytes(digest.0).to_string()).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}
