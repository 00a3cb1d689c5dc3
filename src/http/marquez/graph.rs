//! What the two graph answers share: freshness, edges, and what was left out.

use std::time::Duration;

use serde::Serialize;
use utoipa::ToSchema;

use super::error::ApiError;
use crate::flow::{Asker, Follower, Intent, Told};
use crate::lineage::{Graph, Sight, Truncated};

/// Hops that a graph is asked for when the asker names no depth.
pub(super) const DEPTH_DEFAULT: usize = 20;
/// Nodes of one answer at most: each is told of in full, so this is less than the graph
/// itself would give.
pub(super) const NODES_MAX: usize = 5_000;
/// How long an answer waits for a follower that is behind. Marquez answers from its
/// database, so its clients expect to read what they wrote.
const FRESH_WITHIN: Duration = Duration::from_secs(1);

/// An edge, by node ids.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[schema(as = marquez::Edge)]
pub(super) struct EdgeDto {
    /// Where it starts.
    #[schema(example = "job:shop:load_orders")]
    pub(super) origin: String,
    /// Where it ends.
    #[schema(example = "dataset:shop:public.orders")]
    pub(super) destination: String,
}

/// What an answer leaves out; Marquez has no word for it.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = marquez::Truncated)]
pub(super) struct TruncatedDto {
    /// Nodes that were found and left out, at least.
    pub(super) left_out: usize,
    /// Edges that were found and left out, at least.
    pub(super) edges_left_out: usize,
}

/// Waits until a follower has seen what is committed, but not for long.
pub(super) async fn freshen(app: &Asker, follower: Follower) {
    let committed = app.positions().committed();
    if app.positions().reached(follower) < committed {
        let seen = app.positions().wait(follower, committed);
        drop(tokio::time::timeout(FRESH_WITHIN, seen).await);
    }
}

/// Asks the graph; that may keep the thread busy for a while.
pub(super) async fn ask<T: Told>(
    app: &Asker,
    ask: impl FnOnce(&Graph, &Sight<'_>) -> T,
) -> Result<T, ApiError> {
    Ok(app.lineage(Intent::Look, ask).await?)
}

/// Tells what an answer leaves out; reaching the depth that was asked for is no omission.
pub(super) fn left_out(truncated: Truncated, edges_left_out: usize) -> Option<TruncatedDto> {
    let cut = truncated.nodes || truncated.work || edges_left_out > 0;
    let left_out = truncated.left_out + truncated.beyond;
    cut.then_some(TruncatedDto { left_out, edges_left_out })
}
