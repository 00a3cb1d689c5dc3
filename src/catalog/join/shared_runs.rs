//! Runs of one id: a run is known by its id and by the namespace of its job.
//!
//! Ids are chosen by producers, and nothing keeps two from choosing the same. Nobody moves, ends or
//! rewrites what another's run is: an event of another namespace speaks of a run of its own, which is
//! kept under an id that follows from both and that no run is given ([`RunId::within`]). Which of them
//! has the id itself follows from what was told first; what is known of each does not.

use std::collections::HashMap;

use super::super::document::run::RunDoc;
use super::super::fold::delta::Delta;
use super::apply::Working;
use super::changed::{Changed, Touch};
use crate::base::RunId;

/// Namespaces that share a run's id and are told, at most.
const SHARERS_MAX: usize = 64;

impl Working {
    /// Returns the ids of runs that share theirs with runs of another namespace, and that are not
    /// here yet. The deltas' runs must be loaded.
    pub fn shared_missing(&self, deltas: &[Delta], touch: &mut Touch) {
        let mut told: HashMap<RunId, &str> = HashMap::new();
        for (id, doc) in deltas.iter().flat_map(|delta| &delta.runs) {
            let Some(job) = &doc.job else { continue };
            let known = self.runs.get(id).and_then(|run| run.job.as_ref());
            let first = match known {
                Some(known) => &known.namespace,
                None => *told.entry(*id).or_insert(&job.namespace),
            };
            if first != job.namespace {
                let own = id.within(&job.namespace);
                touch.runs.extend((!self.runs.contains_key(&own)).then_some(own));
            }
        }
    }

    /// Returns the id under which it is kept what an event says of a run.
    pub(super) fn kept_as(&self, id: RunId, said: &RunDoc) -> RunId {
        let known = self.runs.get(&id).and_then(|run| run.job.as_ref());
        match (known, &said.job) {
            (Some(known), Some(job)) if known.namespace != job.namespace => {
                id.within(&job.namespace)
            }
            _ => id,
        }
    }

    /// The same before anything of the batch was applied, as far as what was loaded tells.
    pub(super) fn kept_as_loaded(&self, id: RunId, said: &RunDoc) -> RunId {
        if !self.is_there(id)
            && let Some(job) = &said.job
            && let own = id.within(&job.namespace)
            && self.is_there(own)
        {
            return own;
        }
        self.kept_as(id, said)
    }

    fn is_there(&self, id: RunId) -> bool {
        self.runs.get(&id).is_some_and(|run| run.job.is_some())
    }

    /// Notes that a run is kept under another id than it was given, with the run that has it.
    pub(super) fn note_shared(
        &mut self,
        given: RunId,
        mut said: RunDoc,
        changed: &mut Changed,
    ) -> RunDoc {
        said.shared = Some(given);
        if let (Some(run), Some(job)) = (self.runs.get_mut(&given), &said.job)
            && run.sharers.len() < SHARERS_MAX
            && run.sharers.insert(job.namespace.clone())
        {
            changed.runs.insert(given);
        }
        said
    }
}
