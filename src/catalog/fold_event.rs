//! Turns one event into small documents, ready to be joined to what is known.

use super::delta::Delta;
use super::fold_context::{Fold, Received};
use super::fold_dataset::fold_declared_dataset;
use super::fold_job::fold_job;
use super::fold_run::fold_run;
use super::stamp::Stamp;
use crate::base::Digest;
use crate::openlineage::Event;

/// Folds one event. `known` tells which stored facet bodies were folded before: what
/// they refer to need not be looked up again.
#[must_use]
pub fn fold(event: &Event, received: Received<'_>, known: &dyn Fn(&Digest) -> bool) -> Delta {
    let stamp = Stamp::new(event.event_time(), received.id);
    let mut fold = Fold { stamp, received, known, delta: Delta::default() };
    match event {
        Event::Run(event) => fold_run(&mut fold, event),
        Event::Job(event) => fold_job(&mut fold, event),
        Event::Dataset(event) => fold_declared_dataset(&mut fold, event),
    }
    fold.delta
}
