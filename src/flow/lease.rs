//! What one node does for all, by the hour, and no other meanwhile.

use std::time::Duration;

use tokio::time::Instant;

use super::error::FlowError;
use super::unrecorded::unrecorded;
use crate::base::Time;
use crate::db::Db;

/// The name of the lease by which what has expired is removed.
const RETENTION: &str = "retention";
/// How long others are kept from it, should whoever has it die.
const PERIOD: Duration = Duration::from_secs(600);
/// After how long its end is put off again.
const AGAIN_AFTER: Duration = Duration::from_secs(60);

/// The right to do it, until it is given up.
pub(super) struct Lease {
    taken: (Time, Instant),
    renewed: Instant,
}

impl Lease {
    /// Takes it, if nobody has it.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub(super) async fn take(db: &Db, now: Time) -> Result<Option<Self>, FlowError> {
        let taken = (now, Instant::now());
        let is_ours =
            unrecorded(db, async |tx| Ok(tx.take_lease(RETENTION, now, micros(PERIOD)).await?));
        Ok(is_ours.await?.then_some(Self { taken, renewed: taken.1 }))
    }

    /// Puts off its end where that is due: what is done may take long. Must not be called with the
    /// writer's lock.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub(super) async fn keep(&mut self, db: &Db) -> Result<(), FlowError> {
        if self.renewed.elapsed() < AGAIN_AFTER {
            return Ok(());
        }
        let now = self.now();
        unrecorded(db, async |tx| {
            tx.take_lease(RETENTION, now, 0).await?;
            Ok(tx.take_lease(RETENTION, now, micros(PERIOD)).await?)
        })
        .await?;
        self.renewed = Instant::now();
        Ok(())
    }

    /// Gives it up. Where that cannot be said, others wait for its end.
    pub(super) async fn give_up(self, db: &Db) {
        let now = self.now();
        let given = unrecorded(db, async |tx| Ok(tx.take_lease(RETENTION, now, 0).await?)).await;
        if let Err(error) = given {
            tracing::warn!(%error, "others do what is to be done only once the lease is over");
        }
    }

    fn now(&self) -> Time {
        let (at, then) = self.taken;
        at.plus_micros(micros(then.elapsed()))
    }
}

fn micros(period: Duration) -> i64 {
    i64::try_from(period.as_micros()).unwrap_or(i64::MAX)
}
