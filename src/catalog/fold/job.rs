//! Folds a JobEvent: what is declared of a job's data flow.

use super::super::document::fact::JobVersionContent;
use super::super::document::job::Declared;
use super::super::document::stamp::Stamped;
use super::context::{Fold, Part};
use super::dataset::fold_dataset;
use super::mention::explicit_lineage;
use super::naming::job_naming;
use super::tags::fold_job_facets;
use crate::openlineage::facets::SourceCodeLocation;
use crate::openlineage::{Dataset, Facets, JobEvent};

pub(super) fn fold_job(fold: &mut Fold<'_>, event: &JobEvent) {
    let naming = job_naming(&event.job.name, None);
    let mut job = fold.job(&event.job.namespace, &naming.name, &naming.simple_name);
    fold_job_facets(fold, &mut job, &event.job.facets);
    let mut declared = Declared {
        inputs: event.inputs.iter().map(Dataset::id).collect(),
        outputs: event.outputs.iter().map(Dataset::id).collect(),
        ..Declared::default()
    };
    for dataset in &event.inputs {
        fold_dataset(fold, dataset, Part::Input);
    }
    for dataset in &event.outputs {
        let folded = fold_dataset(fold, dataset, Part::DeclaredOutput);
        declared.columns.extend(folded.columns.flatten().map(|columns| (dataset.id(), columns)));
    }
    declared.explicit = explicit_lineage(fold, &event.job.facets).flatten();
    let location = location_of(&event.job.facets);
    let version = JobVersionContent {
        inputs: declared.inputs.iter().copied().collect(),
        outputs: declared.outputs.iter().copied().collect(),
        location,
    };
    let (digest, raw) = version.to_stored();
    fold.keep(digest, &raw);
    declared.version = Some(digest);
    job.declared = Some(Stamped::new(fold.stamp, declared));
    fold.delta.jobs.push(job);
}

/// Returns where a job's code is.
pub(super) fn location_of(facets: &Facets) -> Option<String> {
    facets.typed::<SourceCodeLocation>().map(|facet| facet.url)
}
