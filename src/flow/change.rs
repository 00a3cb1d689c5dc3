//! Every write of flow but the writer's own: one transaction, with the record of what was done.
//!
//! Whoever changes something gives the acts that it comes to with it, so that there is no effect
//! without its record. What leaves no record goes by [`unrecorded`], which says so.

use super::app::App;
use super::audit::{Act, Actor, Sealed, record_all};
use super::error::FlowError;
use super::unrecorded::unrecorded;
use crate::db::Tx;

impl App {
    /// Writes under the writer's lock, records the acts that it came to, and commits all of it or,
    /// if anything fails, nothing.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the lock is not to be had or it cannot be committed, and whatever
    /// `write` says.
    pub(super) async fn change<T>(
        &self,
        actor: &Actor,
        write: impl AsyncFnOnce(&mut Tx) -> Result<(T, Vec<Act>), FlowError>,
    ) -> Result<T, FlowError> {
        unrecorded(self.db(), async |tx| {
            let (done, acts) = write(tx).await?;
            let sealed = acts.into_iter().map(|act| self.seal(actor, act));
            let sealed: Vec<Sealed> = sealed.collect::<Result<_, _>>()?;
            record_all(tx, &sealed).await?;
            Ok(done)
        })
        .await
    }
}
