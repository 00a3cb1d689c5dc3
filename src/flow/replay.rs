//! Dead letters: refused events that somebody replays or removes.

use uuid::Uuid;

use super::app::App;
use super::audit::{Act, Actor, record_all};
use super::error::FlowError;
use super::ingest::{Accepted, Submission};
use super::trust::Known;
use crate::openlineage::parse;

impl App {
    /// Sends a refused event through again, as it came or corrected.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`], [`FlowError::Rejected`] if it is still not valid, else as
    /// [`App::submit`].
    pub async fn replay(
        &self,
        (known, actor): (&Known, &Actor),
        id: Uuid,
        corrected: Option<&[u8]>,
    ) -> Result<Accepted, FlowError> {
        let letter = self.db().dead_letter(id).await?;
        let letter = letter.ok_or_else(|| FlowError::NotFound(format!("dead letter {id}")))?;
        let event = parse(corrected.unwrap_or(&letter.payload))
            .map_err(|rejection| FlowError::Rejected(Box::new(rejection)))?;
        let act = Act::done("dead-letter:replay").on("dead-letter", id, "");
        let submission = Submission {
            events: vec![event],
            voice: self.voice(known),
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
    pub async fn drop_dead_letter(&self, actor: &Actor, id: Uuid) -> Result<bool, FlowError> {
        let mut tx = self.db().begin().await?;
        let gone = tx.drop_dead_letter(id).await?;
        if gone {
            let act = Act::done("dead-letter:delete").on("dead-letter", id, "");
            record_all(&mut tx, &[self.seal(actor, act)?]).await?;
        }
        tx.commit().await?;
        Ok(gone)
    }
}
