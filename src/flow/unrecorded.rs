//! Writes that the audit log is told nothing of: what was noted of use, what the catalog keeps for
//! itself, and what happens before a node runs. Whatever somebody does goes by `change`.

use super::error::FlowError;
use crate::db::{Db, Tx};

/// Writes under the writer's lock and commits all of it or, if anything fails, nothing. Nothing is
/// recorded but what `write` records itself.
///
/// # Errors
///
/// [`FlowError::Db`] if the lock is not to be had or it cannot be committed, and whatever
/// `write` says.
pub(super) async fn unrecorded<T>(
    db: &Db,
    write: impl AsyncFnOnce(&mut Tx) -> Result<T, FlowError>,
) -> Result<T, FlowError> {
    let mut tx = db.begin().await?;
    let done = write(&mut tx).await?;
    tx.commit().await?;
    Ok(done)
}
