//! Dead letters: refused events that somebody replays or removes.

use std::sync::Arc;

use uuid::Uuid;

use super::app::App;
use super::audit::{Act, Actor};
use super::error::FlowError;
use super::ingest::{Accepted, Submission};
use crate::catalog::Voice;
use crate::openlineage::Parsed;

impl App {
    /// Takes the event that came of a refused one.
    ///
    /// # Errors
    ///
    /// As [`App::submit`].
    pub(super) async fn replay(
        &self,
        (actor, voice): (&Actor, Arc<Voice>),
        id: Uuid,
        event: Parsed,
    ) -> Result<Accepted, FlowError> {
        let act = Act::done("dead-letter:replay").on("dead-letter", id, "");
        let submission = Submission {
            events: vec![event],
            voice,
            replayed: vec![id],
            records: vec![self.seal(actor, act)?],
            ..Submission::default()
        };
        self.submit(submission).await
    }

    /// Removes a refused event. Returns whether it was there.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub(super) async fn drop_dead_letter(
        &self,
        actor: &Actor,
        id: Uuid,
    ) -> Result<bool, FlowError> {
        self.change(actor, async |tx| {
            let gone = tx.drop_dead_letter(id).await?;
            let act = Act::done("dead-letter:delete").on("dead-letter", id, "");
            Ok((gone, gone.then_some(act).into_iter().collect()))
        })
        .await
    }
}
