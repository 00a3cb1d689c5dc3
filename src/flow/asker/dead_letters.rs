//! Refused events, as an asker may see them: each belongs to the namespace that it says it is of,
//! and one that says none to nobody who is bound to namespaces.

use std::collections::HashMap;

use uuid::Uuid;

use super::super::error::FlowError;
use super::super::ingest::Accepted;
use super::answers::Asker;
use crate::access::{Action, Kind, Resource};
use crate::base::Time;
use crate::base::limits::PAGE_MAX;
use crate::db::{DeadLetter, DeadLetterSummary};
use crate::openlineage::{Sketch, parse};

/// Refused events that are looked through for one page, at most.
const LOOKED_THROUGH_MAX: usize = 10_000;

/// A place in the order of refused events.
pub type LetterPlace = (Time, Uuid);

impl Asker {
    /// Returns refused events, the latest first, and where the next page starts if there may be
    /// one: after what was looked through, which may be more than what is seen.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn dead_letters(
        &self,
        before: Option<LetterPlace>,
        limit: usize,
    ) -> Result<(Vec<DeadLetterSummary>, Option<LetterPlace>), FlowError> {
        let (mut found, mut before, mut looked) = (Vec::new(), before, 0);
        let mut readable: HashMap<Option<String>, bool> = HashMap::new();
        while found.len() < limit && looked < LOOKED_THROUGH_MAX {
            let letters = self.app.db().list_dead_letters(before, PAGE_MAX.min(limit)).await?;
            if letters.is_empty() {
                self.rights();
                return Ok((found, None));
            }
            looked += letters.len();
            for letter in letters {
                if found.len() == limit {
                    break;
                }
                before = Some((letter.received_at, letter.id));
                let seen = readable.entry(letter.namespace.clone()).or_insert_with_key(|of| {
                    self.may(Action::DeadLetterRead, place(of.as_deref()))
                });
                if *seen {
                    found.push(letter);
                }
            }
        }
        Ok((found, before))
    }

    /// Returns a refused event, and whether what came may be read: by whoever sees all of the
    /// catalog as it is, since it may name anything.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is none that the asker sees.
    pub async fn dead_letter(&self, id: Uuid) -> Result<(DeadLetter, bool), FlowError> {
        let letter = self.letter(Action::DeadLetterRead, id).await?;
        Ok((letter, self.rights().is_none_or(|rights| rights.unbounded())))
    }

    /// Sends a refused event through again, as it came or corrected. What is corrected into
    /// something else than it was meant to be is decided about like any event that is posted.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is none that the asker sees, [`FlowError::Denied`] if they
    /// may not post what they make of it, else as [`super::super::App::replay`].
    pub async fn replay(&self, id: Uuid, corrected: Option<&[u8]>) -> Result<Accepted, FlowError> {
        let letter = self.letter(Action::DeadLetterReplay, id).await?;
        let event = parse(corrected.unwrap_or(&letter.payload))
            .map_err(|rejection| FlowError::Rejected(Box::new(rejection)))?;
        if corrected.is_some() && !Sketch::of_text(&letter.payload).may_become(&event.event) {
            let namespace = event.event.subject().0;
            let posted = Resource::new(Kind::Event).in_namespace(namespace);
            self.must(Action::EventIngest, posted).await?;
        }
        self.app.replay((self.actor(), self.voice()), id, event).await
    }

    /// Removes a refused event.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is none that the asker sees.
    pub async fn drop_dead_letter(&self, id: Uuid) -> Result<(), FlowError> {
        self.letter(Action::DeadLetterDelete, id).await?;
        match self.app.drop_dead_letter(self.actor(), id).await? {
            true => Ok(()),
            false => Err(missing(id)),
        }
    }

    /// Finds a refused event with which the asker may do something; to others it is not there.
    async fn letter(&self, action: Action, id: Uuid) -> Result<DeadLetter, FlowError> {
        let letter = self.app.db().dead_letter(id).await?;
        let of = letter.as_ref().and_then(|letter| letter.summary.namespace.as_deref());
        let may = self.may(action, place(of));
        letter.filter(|_| may).ok_or_else(|| missing(id))
    }
}

fn missing(id: Uuid) -> FlowError {
    FlowError::NotFound(format!("dead letter {id}"))
}

fn place(namespace: Option<&str>) -> Resource {
    let letter = Resource::new(Kind::DeadLetter);
    match namespace {
        Some(namespace) => letter.in_namespace(namespace),
        None => letter,
    }
}
