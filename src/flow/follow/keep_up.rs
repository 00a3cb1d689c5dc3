//! Takes up what other nodes committed, and what was committed beside the writer, so that a
//! restriction holds at once on all nodes.

use std::time::Instant;

use uuid::Uuid;

use super::super::app::App;
use super::super::error::FlowError;
use super::super::positions::Follower;
use super::recent::Since;
use super::{Next, ids_of, next, position_after, wait};
use crate::db::ChangeKind;

/// Stands for the class of what is gone: nobody sees it.
const GONE: u32 = u32::MAX;

impl App {
    /// Returns what changed for rules since a follower's position.
    pub(in crate::flow) fn since(&self, follower: Follower) -> Since {
        let reached = Follower::ALL.map(|follower| self.positions().reached(follower));
        let all = reached.into_iter().min().unwrap_or_default();
        self.inner.recent.since(all, self.positions().reached(follower))
    }

    /// Takes up what was committed elsewhere, or beside the writer.
    pub(in crate::flow) async fn take_up_recent(&self) -> Result<(), FlowError> {
        let recent = &self.inner.recent;
        loop {
            let seen = recent.seen();
            let rows = match next(self, seen).await? {
                Next::UpToDate => return Ok(()),
                Next::Gap => {
                    let head = self.positions().committed();
                    recent.pass_over(head);
                    continue;
                }
                Next::Rows(rows) => rows,
            };
            let kinds = [ChangeKind::Judged, ChangeKind::DatasetGone, ChangeKind::JobGone];
            let ids: Vec<Uuid> = ids_of(&rows, &kinds).into_iter().collect();
            let classes = self.db().classes_in_force(&ids).await?;
            let access_class = |id| (id, classes.get(&id).copied().unwrap_or(GONE));
            recent.note((seen, position_after(&rows)), ids.into_iter().map(access_class));
        }
    }
}

/// Keeps up with other nodes until told to stop.
pub(in crate::flow) async fn keep_up(app: App) {
    let mut commits = app.inner.positions.commits();
    let mut looked = Instant::now();
    loop {
        let unknown = app.positions().committed() > app.inner.recent.seen();
        if unknown || looked.elapsed() >= app.db().poll_every() {
            looked = Instant::now();
            if let Err(error) = app.take_up_recent().await {
                tracing::warn!(%error, "what other nodes committed is not known yet");
            }
        }
        if !wait(&app, &mut commits).await {
            return;
        }
    }
}
