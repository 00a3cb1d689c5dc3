//! A witness: remembers the last checkpoint it saw and accepts only growth from there.
//!
//! This is what finds a log that was rolled back, forked or rewritten. It is a state
//! machine without storage: whoever keeps it must store the accepted note before acting on it.

use super::checkpoint::{Checkpoint, Trust};
use super::hash::Hash;
use super::note::NoteError;
use super::proof::{ProofError, verify_consistency};

/// Why an offered checkpoint is refused. All but [`WitnessError::Note`] are evidence
/// against the log: it signed two promises that cannot both be kept, or offers no proof.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WitnessError {
    /// It is not a checkpoint of the trusted log.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// It is smaller than one already seen.
    #[error("the log went back from {seen} entries to {offered}")]
    RolledBack {
        /// Size of the last accepted checkpoint.
        seen: u64,
        /// Size of the offered one.
        offered: u64,
    },
    /// It has the same size as the one already seen, and another root.
    #[error("two different logs of {size} entries were signed")]
    Forked {
        /// That size.
        size: u64,
    },
    /// It is not shown to continue the one already seen.
    #[error("growth from {seen} to {offered} entries is not proven: {why}")]
    Unproven {
        /// Size of the last accepted checkpoint.
        seen: u64,
        /// Size of the offered one.
        offered: u64,
        /// What is wrong with the proof.
        why: ProofError,
    },
}

/// Checks that a checkpoint continues an earlier one.
///
/// # Errors
///
/// Every [`WitnessError`] but [`WitnessError::Note`].
pub fn verify_growth(
    seen: &Checkpoint,
    offered: &Checkpoint,
    proof: &[Hash],
) -> Result<(), WitnessError> {
    let (old, new) = (seen.size, offered.size);
    if new < old {
        return Err(WitnessError::RolledBack { seen: old, offered: new });
    }
    if new == old && seen.root != offered.root {
        return Err(WitnessError::Forked { size: new });
    }
    verify_consistency((old, seen.root), (new, offered.root), proof)
        .map_err(|why| WitnessError::Unproven { seen: old, offered: new, why })
}

/// A witness of one log.
#[derive(Debug, Clone)]
pub struct Witnessed {
    trust: Trust,
    last: Option<Checkpoint>,
}

impl Witnessed {
    /// Begins to witness; the first checkpoint is taken on trust.
    #[must_use]
    pub fn new(trust: Trust) -> Self {
        Self { trust, last: None }
    }

    /// Goes on from the note that was accepted last.
    ///
    /// # Errors
    ///
    /// [`NoteError`] if the stored note is not (or no longer) to be believed.
    pub fn resume(trust: Trust, stored: &str) -> Result<Self, NoteError> {
        let last = Some(trust.open(stored)?);
        Ok(Self { trust, last })
    }

    /// Returns the last accepted checkpoint.
    #[must_use]
    pub fn last(&self) -> Option<&Checkpoint> {
        self.last.as_ref()
    }

    /// Accepts a signed checkpoint that provably continues the last one, and remembers it.
    /// Refused ones change nothing.
    ///
    /// # Errors
    ///
    /// [`WitnessError`]; see there what it is evidence of.
    pub fn accept(&mut self, note: &str, proof: &[Hash]) -> Result<&Checkpoint, WitnessError> {
        let offered = self.trust.open(note)?;
        if let Some(seen) = &self.last {
            verify_growth(seen, &offered, proof)?;
        }
        Ok(self.last.insert(offered))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::Log;
    use super::*;

    #[test]
    fn growth_is_accepted_and_going_back_is_not() {
        let log = Log::of(20);
        let mut witness = Witnessed::new(log.trust());
        witness.accept(&log.checkpoint(7), &[]).unwrap();
        witness.accept(&log.checkpoint(7), &[]).unwrap();
        witness.accept(&log.checkpoint(20), &log.consistency(7, 20)).unwrap();
        let back = witness.accept(&log.checkpoint(7), &[]).unwrap_err();
        assert_eq!(back, WitnessError::RolledBack { seen: 20, offered: 7 });
        assert_eq!(witness.last().unwrap().size, 20);
    }

    #[test]
    fn a_rewritten_log_is_refused_at_the_same_size_and_later() {
        let log = Log::of(20);
        let mut witness = Witnessed::resume(log.trust(), &log.checkpoint(7)).unwrap();
        let rewritten = log.rewritten(3);
        let forked = witness.accept(&rewritten.checkpoint(7), &[]).unwrap_err();
        assert_eq!(forked, WitnessError::Forked { size: 7 });
        let proof = rewritten.consistency(7, 20);
        let later = witness.accept(&rewritten.checkpoint(20), &proof).unwrap_err();
        assert!(matches!(later, WitnessError::Unproven { seen: 7, offered: 20, .. }));
        let unproven = witness.accept(&log.checkpoint(20), &[]).unwrap_err();
        assert!(matches!(unproven, WitnessError::Unproven { why: ProofError::Shape, .. }));
    }
}
