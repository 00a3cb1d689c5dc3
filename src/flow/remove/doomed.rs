//! What is to be removed, by kind.

use std::collections::BTreeSet;

use crate::base::{JobId, NodeKind};
use crate::catalog::{DatasetNames, EntityRef};

/// What is to be removed.
#[derive(Clone)]
pub(super) struct Doomed {
    pub(super) datasets: DatasetNames,
    pub(super) jobs: BTreeSet<JobId>,
}

impl Doomed {
    /// Takes them by kind.
    pub(super) fn new(entities: &[EntityRef]) -> Self {
        let (jobs, datasets): (Vec<_>, Vec<_>) =
            entities.iter().partition(|entity| entity.kind == NodeKind::Job);
        let names = datasets.iter().map(|entity| (entity.namespace.clone(), entity.name.clone()));
        let jobs = jobs.iter().map(|entity| JobId::of(&entity.namespace, &entity.name));
        Self { datasets: DatasetNames::new(names), jobs: jobs.collect() }
    }
}
