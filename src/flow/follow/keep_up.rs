//! Takes up what other nodes committed, and what was committed beside the writer, so that a
//! restriction holds at once on all nodes.

use std::time::{Duration, Instant};

use uuid::Uuid;

use super::super::app::App;
use super::super::error::FlowError;
use super::super::positions::{Follower, Positions};
use super::super::pulse::Loop;
use super::recent::{Recent, Since};
use super::{Next, ids_of, next, position_after, wait};
use crate::base::Position;
use crate::db::ChangeKind;

/// How long before a request all of the feed may have been seen, or it looks for itself.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(700);
/// How long such a look may take.
const LOOK_TIME_MAX: Duration = Duration::from_secs(3);
/// How long before a request all of the feed must have been seen, or it is not answered: a
/// restriction holds on every node within a second.
const SEEN_BEFORE_MAX: Duration = Duration::from_secs(1);
/// After how long without a look nothing is answered where nothing is hidden from anybody.
const UNSEEN_MAX: Duration = Duration::from_secs(3);
/// Stands for the class of what is gone: nobody sees it.
const GONE: u32 = u32::MAX;

impl App {
    /// Looks at the feed if that was not done just now, for a while. Returns since when all of it
    /// must have been seen for whoever asks now; whether it was is asked with [`App::since`].
    pub(in crate::flow) async fn keep_in_touch(&self) -> Instant {
        let recent = &self.inner.recent;
        let asked = Instant::now();
        let before = |time: Duration| asked.checked_sub(time).unwrap_or(asked);
        // A look that began since is new enough, however long it took.
        let is_late = || recent.looked() < before(LOOK_AGAIN_AFTER);
        if self.db().is_shared() && is_late() {
            let look = async {
                let _one = recent.looking.lock().await;
                if is_late() {
                    self.take_up_recent().await?;
                }
                Ok::<_, FlowError>(())
            };
            // Whoever asks with `since` is told why, if it did not help.
            drop(tokio::time::timeout(LOOK_TIME_MAX, look).await);
        }
        before(SEEN_BEFORE_MAX)
    }

    /// Returns what changed for rules since a follower's position. Where something is hidden from who
    /// asks, all of the feed must have been seen since a moment.
    ///
    /// # Errors
    ///
    /// [`FlowError::OutOfTouch`] if this node does not know what other nodes committed, or the
    /// follower stands still.
    pub(in crate::flow) fn since(
        &self,
        follower: Follower,
        seen: Option<Instant>,
    ) -> Result<Since, FlowError> {
        let looked = self.inner.recent.looked();
        let unseen = seen.map_or_else(|| looked.elapsed() > UNSEEN_MAX, |seen| looked < seen);
        let unseen = self.db().is_shared() && unseen;
        if unseen || self.inner.pulse.stands_still(follower.into()) {
            return Err(FlowError::OutOfTouch(follower.as_str()));
        }
        let reached = Follower::ALL.map(|follower| self.positions().reached(follower));
        let all = reached.into_iter().min().unwrap_or_default();
        Ok(self.inner.recent.since(all, self.positions().reached(follower)))
    }

    /// Begins anew with a history that the database's turned out to be: it was put back, or a
    /// standby that was behind took its place.
    async fn start_over(&self) -> Result<(), FlowError> {
        let head = self.db().head().await?.reached();
        start_over(&self.inner.positions, &self.inner.recent, head);
        Ok(())
    }

    /// Forgets who sees what by a former history, if there was another one meanwhile.
    pub(in crate::flow) async fn forget_former(&self) {
        if self.inner.recent.take_stale() {
            self.forget_rights();
            self.inner.trust.forget();
            self.refresh_trust().await;
        }
    }

    /// Takes up what was committed elsewhere, or beside the writer.
    pub(in crate::flow) async fn take_up_recent(&self) -> Result<(), FlowError> {
        let recent = &self.inner.recent;
        loop {
            let (began, seen) = (Instant::now(), recent.seen());
            let rows = match next(self, seen).await? {
                Next::UpToDate => {
                    recent.note_looked(began);
                    return Ok(());
                }
                Next::Gap => {
                    recent.pass_over(self.db().head().await?.reached());
                    continue;
                }
                Next::OtherHistory => {
                    self.start_over().await?;
                    continue;
                }
                Next::Rows(rows) => rows,
            };
            let kinds = [ChangeKind::Judged, ChangeKind::DatasetGone, ChangeKind::JobGone];
            let ids: Vec<Uuid> = ids_of(&rows, &kinds).into_iter().collect();
            let classes = self.db().classes_in_force(&ids).await?;
            let access_class = |id| (id, classes.get(&id).copied().unwrap_or(GONE));
            recent.note((seen.number, position_after(&rows)), ids.into_iter().map(access_class));
        }
    }
}

/// Begins anew at a position of another history. From now on the followers count as being nowhere,
/// so that nothing of the former is shown by mistake.
pub(in crate::flow) fn start_over(positions: &Positions, recent: &Recent, head: Position) {
    let position = head.number;
    tracing::error!(position, "the database's history is another one: starting over");
    metrics::counter!("lethe_history_changed_total").increment(1);
    positions.start_over(position);
    recent.start_over(head);
}

/// Keeps up with other nodes until told to stop.
pub(in crate::flow) async fn keep_up(app: App) {
    let mut commits = app.inner.positions.commits();
    let mut looked = Instant::now();
    loop {
        app.inner.pulse.beat(Loop::KeepUp);
        let unknown = app.positions().committed() > app.inner.recent.seen().number;
        if unknown || looked.elapsed() >= app.db().poll_every() {
            looked = Instant::now();
            if let Err(error) = app.take_up_recent().await {
                tracing::warn!(%error, "what other nodes committed is not known yet");
            }
        }
        app.forget_former().await;
        if !wait(&app, &mut commits).await {
            return;
        }
    }
}
