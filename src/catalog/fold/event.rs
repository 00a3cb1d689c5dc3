//! Turns one event into small documents, ready to be joined to what is known.

use super::super::document::stamp::Stamp;
use super::context::{Fold, Received};
use super::dataset::fold_declared_dataset;
use super::delta::Delta;
use super::job::fold_job;
use super::run::fold_run;
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
