//! The lineage graph follows the catalog.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use lru::LruCache;

use super::super::app::App;
use super::super::error::FlowError;
use super::super::facts::{
    Content, Contents, contents_of_job, dataset_facts, job_facts, parse_content,
};
use super::super::positions::Follower;
use super::super::pulse::Loop;
use super::check::tell;
use super::{Follow, PAGE, ids_of};
use crate::base::{DatasetId, Digest, JobId, Position};
use crate::catalog::{Bodies, FactKind};
use crate::db::{ChangeKind, DatasetRow, FeedRow, JobRow};
use crate::lineage::{Graph, SnapshotError};

/// Parsed facets that are kept, since producers repeat them with every run.
const CONTENTS_KEPT: NonZeroUsize = NonZeroUsize::new(4_096).unwrap();
/// The snapshot that a node starts from, in its data directory.
const SNAPSHOT: &str = "lineage.snapshot";

/// Follows with the lineage graph.
pub(in crate::flow) struct FollowGraph {
    contents: LruCache<Digest, Arc<Content>>,
}

impl FollowGraph {
    pub(in crate::flow) fn new() -> Self {
        Self { contents: LruCache::new(CONTENTS_KEPT) }
    }

    /// Returns the parsed contents that these jobs' facts refer to.
    async fn contents(&mut self, app: &App, jobs: &[JobRow]) -> Result<Contents, FlowError> {
        let wanted: Vec<(Digest, FactKind)> =
            jobs.iter().flat_map(|row| contents_of_job(&row.doc)).collect();
        let missing: Vec<Digest> = wanted
            .iter()
            .map(|(digest, _)| *digest)
            .filter(|digest| !self.contents.contains(digest))
            .collect();
        let bodies = app.db().facet_bodies(&missing).await?;
        let mut contents = Contents::with_capacity(wanted.len());
        for (digest, kind) in wanted {
            if contents.contains_key(&digest) {
                continue;
            }
            let known = self.contents.get(&digest).map(Arc::clone);
            let parsed = match (known, bodies.get(&digest)) {
                (Some(known), _) => known,
                (None, Some(raw)) => {
                    let parsed = Arc::new(parse_content(kind, raw.get()));
                    self.contents.put(digest, Arc::clone(&parsed));
                    parsed
                }
                (None, None) => continue,
            };
            contents.insert(digest, parsed);
        }
        Ok(contents)
    }

    async fn take_jobs(
        &mut self,
        app: &App,
        graph: &mut Option<Graph>,
        jobs: &[JobRow],
    ) -> Result<(), FlowError> {
        let contents = self.contents(app, jobs).await?;
        change(app, graph, |graph| {
            for row in jobs {
                put_job(graph, row, &contents);
            }
        })
    }

    async fn take_datasets(
        &self,
        app: &App,
        graph: &mut Option<Graph>,
        rows: &[DatasetRow],
    ) -> Result<(), FlowError> {
        let stated = rows.iter().flat_map(|row| {
            let declared = [row.doc.declared_lineage(), row.doc.declared_columns()];
            declared.into_iter().flatten().chain(row.doc.telling_bodies())
        });
        let bodies = app.db().facet_bodies(&stated.collect::<Vec<_>>()).await?;
        change(app, graph, |graph| {
            for row in rows {
                let marks = row.doc.marks(&bodies);
                graph.set_dataset_access(row.id, row.access_class, &marks);
                put_dataset(graph, row, &bodies);
            }
        })
    }
}

/// Changes the graph that is being built, or else the one that answers questions.
fn change(
    app: &App,
    building: &mut Option<Graph>,
    change: impl FnOnce(&mut Graph),
) -> Result<(), FlowError> {
    if let Some(graph) = building {
        change(graph);
        return Ok(());
    }
    let poisoned = |_| FlowError::OutOfTouch(Follower::Lineage.as_str());
    let mut graph = app.inner.graph.write().map_err(poisoned)?;
    change(&mut graph);
    Ok(())
}

fn put_job(graph: &mut Graph, row: &JobRow, contents: &Contents) {
    let (id, doc) = (row.id, &row.doc);
    graph.set_job_access(id, row.access_class);
    graph.name_job(id, &doc.namespace, &doc.name);
    graph.set_job_deleted(id, doc.is_deleted());
    let facts = job_facts(doc, contents);
    graph.apply_job_settled(&facts, doc.settled);
}

fn put_dataset(graph: &mut Graph, row: &DatasetRow, bodies: &Bodies) {
    let doc = &row.doc;
    graph.name_dataset(row.id, &doc.namespace, &doc.name);
    graph.set_dataset_deleted(row.id, doc.is_deleted());
    for alias in &doc.aliases {
        graph.alias(row.id, *alias);
    }
    if !doc.aliases.is_empty() {
        graph.prefer(row.id, doc.canonical_id() == row.id);
    }
    match dataset_facts(doc, bodies) {
        Some(facts) => graph.apply_dataset(&facts),
        None => graph.clear_dataset_facts(row.id),
    }
}

impl Follow for FollowGraph {
    const WHO: Follower = Follower::Lineage;

    async fn start(&mut self, app: &App) -> Option<Position> {
        let path = snapshot_path(app).filter(|_| !app.inner.graph.is_poisoned())?;
        let loaded = tokio::task::spawn_blocking(move || {
            let bytes = std::fs::read(path).ok()?;
            match Graph::load(&bytes) {
                Ok(graph) => Some(graph),
                // Another version's is no damage.
                Err(SnapshotError::Version(_)) => None,
                Err(SnapshotError::NotASnapshot | SnapshotError::Damaged(_)) => {
                    tell(SNAPSHOT);
                    None
                }
            }
        });
        let graph = loaded.await.ok().flatten()?;
        let position = graph.reached();
        *app.inner.graph.write().ok()? = graph;
        tracing::info!(position = position.number, "lineage graph loaded from its snapshot");
        Some(position)
    }

    async fn rebuild(&mut self, app: &App) -> Result<Position, FlowError> {
        let position = app.db().head().await?.reached();
        let mut graph = Some(Graph::new());
        let mut after = None;
        loop {
            let rows = app.db().scan_datasets(after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            self.take_datasets(app, &mut graph, &rows).await?;
            app.inner.pulse.beat(Loop::Lineage);
        }
        let mut after = None;
        loop {
            let rows = app.db().scan_jobs(after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            self.take_jobs(app, &mut graph, &rows).await?;
            app.inner.pulse.beat(Loop::Lineage);
        }
        let mut graph = graph.unwrap_or_default();
        graph.set_position(position);
        tracing::info!(
            position = position.number,
            nodes = graph.node_count(),
            edges = graph.edge_count(),
            "lineage graph built"
        );
        {
            let answering = app.inner.graph.write();
            *answering.unwrap_or_else(PoisonError::into_inner) = graph;
            // What a panic may have left half done is gone.
            app.inner.graph.clear_poison();
        }
        save_graph(app).await;
        Ok(position)
    }

    async fn idle(&mut self, _: &App) -> Result<(), FlowError> {
        Ok(())
    }

    async fn take(&mut self, app: &App, rows: &[FeedRow]) -> Result<(), FlowError> {
        let gone = ids_of(rows, &[ChangeKind::DatasetGone]);
        let gone_jobs = ids_of(rows, &[ChangeKind::JobGone]);
        change(app, &mut None, |graph| {
            gone.iter().for_each(|id| graph.remove_dataset(DatasetId(*id)));
            gone_jobs.iter().for_each(|id| graph.remove_job(JobId(*id)));
        })?;
        let datasets: Vec<DatasetId> = ids_of(rows, &[ChangeKind::Dataset, ChangeKind::Judged])
            .into_iter()
            .map(DatasetId)
            .collect();
        for page in datasets.chunks(PAGE) {
            let rows = app.db().datasets(page).await?;
            self.take_datasets(app, &mut None, &rows).await?;
        }
        let jobs = ids_of(rows, &[ChangeKind::Job, ChangeKind::JobActivity, ChangeKind::Judged]);
        let jobs: Vec<JobId> = jobs.into_iter().map(JobId).collect();
        for page in jobs.chunks(PAGE) {
            let rows = app.db().jobs(page).await?;
            self.take_jobs(app, &mut None, &rows).await?;
        }
        let position = super::position_after(rows);
        change(app, &mut None, |graph| graph.set_position(position))
    }
}

fn snapshot_path(app: &App) -> Option<PathBuf> {
    app.inner.settings.data_dir.as_ref().map(|dir| dir.join(SNAPSHOT))
}

/// Writes the graph's snapshot, so that the next start is quick. A failure costs time
/// at the next start and nothing else.
pub(in crate::flow) async fn save_graph(app: &App) {
    let Some(path) = snapshot_path(app) else { return };
    let Ok(bytes) = app.graph(Graph::save) else { return };
    let written = tokio::task::spawn_blocking(move || {
        let part = path.with_extension("part");
        std::fs::write(&part, bytes)?;
        std::fs::File::open(&part)?.sync_all()?;
        std::fs::rename(&part, &path)
    });
    if let Ok(Err(error)) = written.await {
        tracing::warn!(%error, "the lineage graph's snapshot could not be written");
    }
}
