//! The search index follows the catalog.
//!
//! What people search for is taken in at once. Use (how often and how lately something
//! ran, how much hangs on it) only shifts the ranking, and changes with every run: it is gathered
//! and taken in now and then, so that a busy pipeline does not keep the index busy, and as soon
//! as nothing happens. So all nodes rank alike while nothing changes.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::super::app::App;
use super::super::error::FlowError;
use super::super::positions::{Follower, Searched};
use super::super::pulse::Loop;
use super::super::settings::Settings;
use super::check::tell;
use super::document::{dataset_changes, gone, job_changes};
use super::{Follow, PAGE, ids_of, position_after};
use crate::base::{DatasetId, JobId, NodeKind, Position};
use crate::db::{ChangeKind, Feed, FeedRow};
use crate::index::{Change, IndexSettings, SearchIndex};
use crate::lineage::{Graph, NodeRef};

/// How often use is taken in while much happens.
const USE_EVERY: Duration = Duration::from_secs(30);
/// How long nothing may have been committed before use is taken in, whatever the time. Between two
/// commits of a busy pipeline there is less.
const SETTLE_AFTER: Duration = Duration::from_millis(500);
/// How far back use is taken in again at a start: what waited when the node was killed is not known. Longer
/// than use ever waits.
const LOOK_BACK: i64 = 120_000_000;
/// Commits that are looked back at, at most, and how many at once.
const LOOK_BACK_COMMITS_MAX: usize = 10_000;
const LOOK_BACK_COMMITS: usize = 256;
/// How long a rebuild waits for the graph.
const GRAPH_BUILT_WITHIN: Duration = Duration::from_secs(60);
/// How long the graph is waited for; what is ranked by one that is late is ranked again.
const GRAPH_WAIT_MAX: Duration = Duration::from_millis(200);
/// Documents whose use waits to be taken in, at most; further ones wait for their next run.
const USE_WAITING_MAX: usize = 50_000;

/// Pages of documents that wait for the index's writer during a rebuild.
const CHANNEL_PAGES: usize = 4;
/// How long nothing may have changed before the index's writer gives its memory back.
const REST_AFTER: Duration = Duration::from_secs(10);

/// Follows with the search index.
#[derive(Debug, Default)]
pub(in crate::flow) struct FollowIndex {
    datasets_used: BTreeSet<Uuid>,
    jobs_used: BTreeSet<Uuid>,
    /// Datasets and jobs that changed while the graph was behind: what hangs on them, and what
    /// they hang on, is taken in once it is there.
    late: [BTreeSet<Uuid>; 2],
    /// Whether all of the index was made by a graph that was behind.
    all_late: bool,
    use_taken: Option<Instant>,
    /// How often it was.
    takes: u64,
    applied: Option<Instant>,
    /// When commits were last taken in.
    taken: Option<Instant>,
    /// How far it is; the index may say less, where nothing was to be found since.
    reached: Position,
}

/// Opens the index in the data directory, or in memory.
pub(in crate::flow) async fn open_index(settings: &Settings) -> Result<SearchIndex, FlowError> {
    let dir = settings.data_dir.as_ref().filter(|_| settings.follow).map(|dir| dir.join("index"));
    let index = blocking(move || match dir {
        Some(dir) => SearchIndex::open(&dir, IndexSettings::default()),
        None => SearchIndex::in_memory(),
    })
    .await?;
    if let Some(file) = index.damage() {
        tell(&file);
    }
    Ok(index)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, crate::index::IndexError> + Send + 'static,
) -> Result<T, FlowError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| FlowError::Internal(error.to_string()))?
        .map_err(|error| FlowError::Index(error.to_string()))
}

async fn apply(app: &App, changes: Vec<Change>, position: Position) -> Result<(), FlowError> {
    let index = Arc::clone(app.index());
    blocking(move || index.apply(&changes, position)).await
}

/// Sends every document of the catalog, page by page.
async fn send_all(app: &App, sender: SyncSender<Vec<Change>>) -> Result<(), FlowError> {
    let gone = |_| FlowError::Index("the index's writer ended early".to_owned());
    let send =
        |changes: Vec<Change>| tokio::task::block_in_place(|| sender.send(changes)).map_err(gone);
    let mut after = None;
    loop {
        let rows = app.db().scan_datasets(after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        let shown = rows.iter().filter(|row| row.doc.canonical_id() == row.id);
        let ids: Vec<DatasetId> = shown.map(|row| row.id).collect();
        send(dataset_changes(app, &ids).await?)?;
        app.inner.pulse.beat(Loop::Search);
    }
    let mut after = None;
    loop {
        let rows = app.db().scan_jobs(after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        let ids: Vec<JobId> = rows.iter().map(|row| row.id).collect();
        send(job_changes(app, &ids).await?)?;
        app.inner.pulse.beat(Loop::Search);
    }
    Ok(())
}

impl FollowIndex {
    fn is_due(&self) -> bool {
        self.use_taken.is_none_or(|at| at.elapsed() >= USE_EVERY)
    }

    /// Moves ids whose use is due into the sets to take in.
    fn due(&mut self, datasets: &mut BTreeSet<Uuid>, jobs: &mut BTreeSet<Uuid>) {
        if !self.is_due() {
            return;
        }
        self.use_taken = Some(Instant::now());
        self.takes += 1;
        datasets.append(&mut self.datasets_used);
        jobs.append(&mut self.jobs_used);
    }
}

impl FollowIndex {
    /// Writes these datasets and jobs as they are now, after other changes.
    async fn put(
        &mut self,
        app: &App,
        mut changes: Vec<Change>,
        (datasets, jobs): (BTreeSet<Uuid>, BTreeSet<Uuid>),
    ) -> Result<(), FlowError> {
        let datasets: Vec<DatasetId> = datasets.into_iter().map(DatasetId).collect();
        for page in datasets.chunks(PAGE) {
            changes.extend(dataset_changes(app, page).await?);
        }
        let jobs: Vec<JobId> = jobs.into_iter().map(JobId).collect();
        for page in jobs.chunks(PAGE) {
            changes.extend(job_changes(app, page).await?);
        }
        if changes.is_empty() {
            // Nothing to find: the position is kept in memory and stored with the next change.
            return Ok(());
        }
        self.applied = Some(Instant::now());
        app.positions().note_searched(None);
        apply(app, changes, self.reached).await
    }

    /// Tells what search is made of now.
    fn tell_searched(&self, app: &App) {
        let [datasets, jobs] = &self.late;
        let waits = [datasets, jobs, &self.datasets_used, &self.jobs_used];
        let settled = !self.all_late && waits.iter().all(|ids| ids.is_empty());
        let own = (!settled).then_some((app.inner.trust.run, self.takes));
        app.positions().note_searched(Some(Searched { reached: self.reached, own }));
    }

    /// Gathers what changed while the graph was behind, and what is around it, once it is there.
    fn gather_late(&mut self, app: &App) -> Result<(), FlowError> {
        if self.late.iter().all(BTreeSet::is_empty) || !graph_has(app, self.reached)? {
            return Ok(());
        }
        let [datasets, jobs] = std::mem::take(&mut self.late);
        self.datasets_used.extend(around(app, &datasets, &jobs)?);
        self.datasets_used.extend(datasets);
        self.jobs_used.extend(jobs);
        Ok(())
    }

    /// Gathers again what the last commits before a start changed: that their use was taken in is not known.
    async fn look_back(&mut self, app: &App) -> Result<(), FlowError> {
        let (mut before, mut newest, mut seen) = (self.reached.number, None, 0);
        loop {
            let rows = app.db().changes_up_to(before, LOOK_BACK_COMMITS).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            let first = newest.or(rows.first().map(|row| row.at)).unwrap_or(last.at);
            newest = Some(first);
            self.datasets_used.extend(ids_of(&rows, &[ChangeKind::DatasetActivity]));
            self.jobs_used.extend(ids_of(&rows, &[ChangeKind::JobActivity]));
            let [datasets, jobs] = &mut self.late;
            datasets.extend(ids_of(&rows, &[ChangeKind::Dataset, ChangeKind::Judged]));
            jobs.extend(ids_of(&rows, &[ChangeKind::Job, ChangeKind::Judged]));
            seen += rows.len();
            let waiting = datasets.len() + jobs.len() + self.datasets_used.len();
            let is_old = first.as_micros() - last.at.as_micros() > LOOK_BACK;
            if is_old || seen >= LOOK_BACK_COMMITS_MAX || waiting >= USE_WAITING_MAX {
                return Ok(());
            }
            before = last.reached().number.saturating_sub(1);
        }
    }

    /// Waits until the graph is of the database's history and at a place in it, for a while. Returns
    /// whether it is.
    async fn graph_is_there(&self, app: &App, place: Position) -> Result<bool, FlowError> {
        let until = Instant::now() + GRAPH_BUILT_WITHIN;
        while Instant::now() < until {
            let at = app.graph(Graph::reached)?;
            let known = app.db().changes_after(at, 1).await?;
            if at.number >= place.number && known != Feed::OtherHistory {
                return Ok(true);
            }
            tokio::time::sleep(GRAPH_WAIT_MAX).await;
            app.inner.pulse.beat(Loop::Search);
        }
        Ok(false)
    }
}

impl Follow for FollowIndex {
    const WHO: Follower = Follower::Search;

    async fn start(&mut self, app: &App) -> Option<Position> {
        let position = app.index().reached();
        self.reached = position;
        if position.number > 0
            && let Err(error) = self.look_back(app).await
        {
            tracing::warn!(%error, "what search ranks by is gathered anew");
            self.all_late = true;
        }
        self.tell_searched(app);
        (position.number > 0).then_some(position)
    }

    fn is_whole(&self, app: &App) -> bool {
        app.index().damage().is_none()
    }

    async fn rebuild(&mut self, app: &App) -> Result<Position, FlowError> {
        let position = app.db().head().await?.reached();
        // Ranking looks at the graph, so that one goes first. By one that is late all is ranked again.
        self.all_late = tokio::select! {
            () = app.inner.stop_following.cancelled() => return Err(FlowError::Stopping),
            there = self.graph_is_there(app, position) => !there?,
        };
        let (sender, receiver) = sync_channel::<Vec<Change>>(CHANNEL_PAGES);
        app.positions().note_searched(None);
        let index = Arc::clone(app.index());
        let writing = blocking(move || {
            let documents = receiver.into_iter().flatten().filter_map(|change| match change {
                Change::Put(document) => Some(*document),
                Change::Remove(..) => None,
            });
            index.rebuild(documents, position)
        });
        let (sent, written) = tokio::join!(send_all(app, sender), writing);
        sent?;
        let documents = written?;
        self.reached = position;
        self.datasets_used.clear();
        self.jobs_used.clear();
        self.late = Default::default();
        self.takes += 1;
        self.tell_searched(app);
        tracing::info!(position = position.number, documents, "search index built");
        Ok(position)
    }

    async fn take(&mut self, app: &App, rows: &[FeedRow]) -> Result<(), FlowError> {
        let mut datasets = ids_of(rows, &[ChangeKind::Dataset, ChangeKind::Judged]);
        let mut jobs = ids_of(rows, &[ChangeKind::Job, ChangeKind::Judged]);
        let position = position_after(rows);
        self.taken = Some(Instant::now());
        if !datasets.is_empty() || !jobs.is_empty() || self.is_due() {
            // Ranking looks at the graph.
            let graph = app.positions().wait(Follower::Lineage, position.number);
            drop(tokio::time::timeout(GRAPH_WAIT_MAX, graph).await);
        }
        if !graph_has(app, position)? {
            let [late_datasets, late_jobs] = &mut self.late;
            late_datasets.extend(&datasets);
            late_jobs.extend(&jobs);
        }
        if self.datasets_used.len() + self.jobs_used.len() < USE_WAITING_MAX {
            self.datasets_used.extend(ids_of(rows, &[ChangeKind::DatasetActivity]));
            self.datasets_used.extend(around(app, &datasets, &jobs)?);
            self.jobs_used.extend(ids_of(rows, &[ChangeKind::JobActivity]));
        }
        self.due(&mut datasets, &mut jobs);
        let gone_datasets = ids_of(rows, &[ChangeKind::DatasetGone]);
        let gone_jobs = ids_of(rows, &[ChangeKind::JobGone]);
        let changes = gone_datasets
            .into_iter()
            .map(|id| gone(NodeKind::Dataset, id))
            .chain(gone_jobs.into_iter().map(|id| gone(NodeKind::Job, id)))
            .collect();
        self.reached = position;
        self.gather_late(app)?;
        self.put(app, changes, (datasets, jobs)).await?;
        self.tell_searched(app);
        Ok(())
    }

    async fn idle(&mut self, app: &App) -> Result<(), FlowError> {
        let last = self.applied.max(self.taken);
        let quiet = |since: Duration| last.is_none_or(|at| at.elapsed() >= since);
        if self.all_late && quiet(SETTLE_AFTER) && graph_has(app, self.reached)? {
            return self.rebuild(app).await.map(drop);
        }
        self.gather_late(app)?;
        let waits = !self.datasets_used.is_empty() || !self.jobs_used.is_empty();
        if waits && quiet(SETTLE_AFTER) {
            self.use_taken = Some(Instant::now());
            self.takes += 1;
            let [datasets, jobs] = [&mut self.datasets_used, &mut self.jobs_used];
            let used = (datasets.clone(), jobs.clone());
            self.put(app, Vec::new(), used).await?;
            self.datasets_used.clear();
            self.jobs_used.clear();
            self.tell_searched(app);
            return Ok(());
        }
        if self.applied.is_some() && quiet(REST_AFTER) {
            self.applied = None;
            let index = Arc::clone(app.index());
            blocking(move || index.rest()).await?;
        }
        Ok(())
    }
}

/// Returns whether the graph holds all up to a place, as far as its own place tells.
fn graph_has(app: &App, place: Position) -> Result<bool, FlowError> {
    let at = app.graph(Graph::reached)?;
    Ok(at == place || at.number > place.number)
}

/// Returns the datasets around these datasets and jobs: how much hangs on them may have changed.
fn around(
    app: &App,
    datasets: &BTreeSet<Uuid>,
    jobs: &BTreeSet<Uuid>,
) -> Result<BTreeSet<Uuid>, FlowError> {
    let datasets = datasets.iter().map(|id| NodeRef::Dataset(DatasetId(*id)));
    let changed: Vec<NodeRef> =
        datasets.chain(jobs.iter().map(|id| NodeRef::Job(JobId(*id)))).collect();
    app.graph(|graph| {
        let around = changed.iter().flat_map(|node| graph.datasets_around(node));
        around.map(|id| id.0).collect()
    })
}
