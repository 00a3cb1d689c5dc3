//! Signed heads are kept, all of them for a month, then one a minute: enough to say which
//! head stood when, and bounded.

use super::super::app::App;
use super::super::error::FlowError;
use super::super::unrecorded::unrecorded;
use crate::base::Time;

/// Heads that are looked at at once.
const PAGE: usize = 1_000;
/// For how long all are kept.
const ALL_KEPT_MICROS: i64 = 30 * 86_400_000_000;
const MINUTE_MICROS: i64 = 60_000_000;

impl App {
    /// Removes signed heads older than a month but for the last of each minute, beginning
    /// after one of this size. Returns the size from which on to begin the next time.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails; what was removed stays so.
    pub async fn thin_checkpoints(&self, mut after: i64) -> Result<i64, FlowError> {
        let before = self.now().plus_micros(-ALL_KEPT_MICROS);
        let minute = |at: Time| at.as_micros().div_euclid(MINUTE_MICROS);
        loop {
            let rows = self.db().checkpoint_times(after, PAGE).await?;
            let old = rows.partition_point(|(_, at)| *at < before);
            let old = rows.get(..old).unwrap_or_default();
            let followed = old.windows(2).filter_map(|pair| match pair {
                [(size, at), (_, next)] if minute(*at) == minute(*next) => Some(*size),
                _ => None,
            });
            let gone: Vec<i64> = followed.collect();
            unrecorded(self.db(), async |tx| Ok(tx.remove_checkpoints(&gone).await?)).await?;
            let Some((last, _)) = old.last() else { return Ok(after) };
            // The last one seen may have a later one in its minute: it is looked at again.
            after = last - 1;
            if old.len() < PAGE {
                return Ok(after);
            }
        }
    }
}
