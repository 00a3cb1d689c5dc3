//! Followers: what cannot share the writer's transaction follows the change feed.
//!
//! Each has a position, can be rebuilt from nothing, and catches up by itself after a
//! crash, a gap in the feed, or a commit of another node.

mod check;
mod document;
mod graph;
mod index;
mod keep_up;
mod live;
mod recent;

use std::collections::BTreeSet;
use std::future::Future;
use std::time::{Duration, Instant};

use uuid::Uuid;

pub(super) use check::check_loop;
pub(super) use graph::{FollowGraph, save_graph};
pub(super) use index::{FollowIndex, open_index};
pub(super) use keep_up::{keep_up, start_over};
pub use live::{LiveChanges, Reached};
pub(super) use recent::{Recent, Since};

use super::app::App;
use super::error::FlowError;
use super::positions::Follower;
use crate::base::Position;
use crate::db::{ChangeKind, DbError, Feed, FeedRow};

/// Commits that a follower takes at once.
const ROWS_MAX: usize = 256;
/// Documents that are loaded at once.
const PAGE: usize = 1_000;
/// How long a follower waits after a failure before it tries again.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// The least time between two rounds, so that under load many commits share a round.
const ROUND_MIN: Duration = Duration::from_millis(20);
/// How many times as long as a round took a follower rests after it, and how long at most.
const REST_FACTOR: u32 = 3;
const REST_MAX: Duration = Duration::from_millis(500);

/// Something that follows the change feed.
pub(super) trait Follow: Send {
    /// Which follower it is.
    const WHO: Follower;

    /// Returns the position it kept from before, if it kept anything usable.
    fn start(&mut self, app: &App) -> impl Future<Output = Option<Position>> + Send;

    /// Returns whether what it keeps is whole. If not, it starts from nothing.
    fn is_whole(&self, _: &App) -> bool {
        true
    }

    /// Starts from nothing and returns the position it then has.
    fn rebuild(&mut self, app: &App) -> impl Future<Output = Result<Position, FlowError>> + Send;

    /// Does what is left for quiet moments.
    fn idle(&mut self, app: &App) -> impl Future<Output = Result<(), FlowError>> + Send;

    /// Takes commits in.
    fn take(
        &mut self,
        app: &App,
        rows: &[FeedRow],
    ) -> impl Future<Output = Result<(), FlowError>> + Send;
}

/// Keeps a follower up to date until told to stop.
pub(super) async fn follow<F: Follow>(app: App, mut follower: F) {
    let mut commits = app.inner.positions.commits();
    // What it kept from before counts once it is known to lie in the database's history.
    let mut position = follower.start(&app).await;
    loop {
        app.inner.pulse.beat(F::WHO.into());
        let (started, history) = (Instant::now(), app.positions().history());
        match round(&app, &mut follower, position).await {
            Ok(Some(reached)) => {
                position = Some(reached);
                app.positions().reach(F::WHO, history, reached.number);
                // Under load, many commits share a round, and the writer has the machine to
                // itself for longer than the follower had it.
                let rest = started.elapsed() * REST_FACTOR;
                if stopped_within(&app, rest.clamp(ROUND_MIN, REST_MAX)).await {
                    return;
                }
            }
            Ok(None) => {
                app.positions().reach(F::WHO, history, position.unwrap_or_default().number);
                if !wait(&app, &mut commits).await {
                    return;
                }
            }
            Err(error) => {
                tracing::warn!(follower = F::WHO.as_str(), %error, "a follower failed; trying again");
                if stopped_within(&app, RETRY_AFTER).await {
                    return;
                }
            }
        }
    }
}

/// One look at the feed. Returns the new position, or nothing if there was nothing to do.
async fn round<F: Follow>(
    app: &App,
    follower: &mut F,
    position: Option<Position>,
) -> Result<Option<Position>, FlowError> {
    let Some(position) = position.filter(|_| follower.is_whole(app)) else {
        return follower.rebuild(app).await.map(Some);
    };
    match next(app, position).await? {
        Next::UpToDate => follower.idle(app).await.map(|()| None),
        Next::Gap => follower.rebuild(app).await.map(Some),
        Next::OtherHistory => {
            tracing::warn!(follower = F::WHO.as_str(), "the database's history is another one");
            app.positions().reach(F::WHO, app.positions().history(), 0);
            follower.rebuild(app).await.map(Some)
        }
        Next::Rows(rows) => {
            follower.take(app, &rows).await?;
            Ok(Some(position_after(&rows)))
        }
    }
}

async fn stopped_within(app: &App, pause: Duration) -> bool {
    tokio::time::timeout(pause, app.inner.stop_following.cancelled()).await.is_ok()
}

/// What a follower has to do next.
enum Next {
    /// Take these commits in.
    Rows(Vec<FeedRow>),
    /// Start from nothing: the feed no longer reaches back, or says so.
    Gap,
    /// Start from nothing: the database was put back, or another took its place.
    OtherHistory,
    /// Nothing.
    UpToDate,
}

/// Looks for commits after a position.
async fn next(app: &App, position: Position) -> Result<Next, DbError> {
    let db = app.db();
    // The head first: what is committed between the two questions is then no gap.
    let head = db.head().await?.reached();
    app.positions().commit(head.number);
    if head == position {
        return Ok(Next::UpToDate);
    }
    if head.number <= position.number {
        return Ok(Next::OtherHistory);
    }
    let rows = match db.changes_after(position, ROWS_MAX).await? {
        Feed::OtherHistory => return Ok(Next::OtherHistory),
        Feed::Rows(rows) => rows,
    };
    let Some(first) = rows.first() else { return Ok(Next::Gap) };
    app.positions().commit(position_after(&rows).number);
    let everything = |row: &FeedRow| row.changes.iter().any(|c| c.kind == ChangeKind::Everything);
    if first.reached().number != position.number + 1 || rows.iter().any(everything) {
        return Ok(Next::Gap);
    }
    Ok(Next::Rows(rows))
}

/// Waits for a commit, a poll's turn, or the end. Returns whether to go on.
async fn wait(app: &App, commits: &mut tokio::sync::watch::Receiver<u64>) -> bool {
    let stop = &app.inner.stop_following;
    tokio::select! {
        () = stop.cancelled() => return false,
        changed = commits.changed() => if changed.is_err() { return false },
        () = tokio::time::sleep(app.db().poll_every()) => {}
    }
    true
}

/// The distinct ids of some kinds that a stretch of the feed names.
fn ids_of(rows: &[FeedRow], kinds: &[ChangeKind]) -> BTreeSet<Uuid> {
    rows.iter()
        .flat_map(|row| &row.changes)
        .filter(|change| kinds.contains(&change.kind))
        .map(|change| change.id)
        .collect()
}

/// Returns the position after a stretch of the feed.
fn position_after(rows: &[FeedRow]) -> Position {
    rows.last().map(FeedRow::reached).unwrap_or_default()
}
