//! Folds a RunEvent: the run, its job, its parent, what it read and wrote.

use super::super::document::author::Weight;
use super::super::document::run::{RunDoc, RunIo, RunJob, Teller};
use super::super::document::stamp::{Seen, Stamp, Stamped};
use super::super::document::tries::{Marks, RunState, Word};
use super::context::{Fold, Part};
use super::dataset::fold_dataset;
use super::job::location_of;
use super::mention::explicit_lineage;
use super::naming::{JobNaming, job_naming};
use super::tags::fold_job_facets;
use crate::base::{RunId, Time};
use crate::openlineage::facets::{JobType, NominalTime, ParentRun};
use crate::openlineage::{EventType, Facets, RunEvent, parent_run_id};

pub(super) fn fold_run(fold: &mut Fold<'_>, event: &RunEvent) {
    let parent = event.run.facets.typed::<ParentRun>();
    let naming =
        job_naming(&event.job.name, parent.as_ref().map(|parent| parent.job.name.as_str()));
    let state = event.event_type.map(state_of);
    let mut run = RunDoc {
        given_id: (event.run.given_id != event.run.id.to_string())
            .then(|| event.run.given_id.clone()),
        job: Some(RunJob {
            by: Teller::Itself,
            has_parent: naming.parent_name.is_some(),
            stamp: fold.stamp,
            namespace: event.job.namespace.clone(),
            name: naming.name.clone(),
        }),
        seen: Some(Seen::at(fold.stamp.at)),
        endless: is_endless(&event.job.facets),
        ..RunDoc::default()
    };
    note_state(&mut run, event.event_type, fold.stamp);
    run.facets = fold.facets(&event.run.facets, Weight::default());
    run.nominal = nominal(fold, &event.run.facets);
    run.location = location_of(&event.job.facets).map(|url| Stamped::new(fold.stamp, url));
    match explicit_lineage(fold, &event.job.facets) {
        Some(Some(digest)) => _ = run.explicit.insert(digest, fold.stamp),
        Some(None) => run.explicit_deleted = Some(fold.stamp),
        None => {}
    }
    fold_io(fold, event, &mut run);
    fold_run_job(fold, event, &naming, parent.as_ref());
    if let Some(parent) = &parent {
        let is_near = parent.job.namespace == event.job.namespace;
        let by = if is_near { Teller::Child } else { Teller::Other };
        fold_parent(fold, &naming, (parent, by), &mut run, state);
    }
    fold.delta.runs.push((event.run.id, run));
}

fn state_of(event_type: EventType) -> RunState {
    match event_type {
        EventType::Start | EventType::Running | EventType::Other => RunState::Running,
        EventType::Complete => RunState::Completed,
        EventType::Abort => RunState::Aborted,
        EventType::Fail => RunState::Failed,
    }
}

fn note_state(run: &mut RunDoc, event_type: Option<EventType>, Stamp { at, tie, .. }: Stamp) {
    let Some(event_type) = event_type else { return };
    let word = match event_type {
        EventType::Running | EventType::Other => {
            run.ran = Some(at);
            return;
        }
        EventType::Start => Word::Start,
        EventType::Complete => Word::Complete,
        EventType::Abort => Word::Abort,
        EventType::Fail => Word::Fail,
    };
    run.started = (word == Word::Start).then_some(at);
    run.marks = Marks::of(at, tie, word);
}

/// Streaming jobs and services have no end; their versions count while they run.
fn is_endless(facets: &Facets) -> bool {
    facets
        .typed::<JobType>()
        .is_some_and(|facet| !facet.processing_type.eq_ignore_ascii_case("BATCH"))
}

fn nominal(fold: &Fold<'_>, facets: &Facets) -> Option<Stamped<(Time, Option<Time>)>> {
    let facet = facets.typed::<NominalTime>()?;
    Some(Stamped::new(fold.stamp, (facet.nominal_start_time, facet.nominal_end_time)))
}

fn fold_io(fold: &mut Fold<'_>, event: &RunEvent, run: &mut RunDoc) {
    let stamp = fold.stamp;
    for dataset in &event.inputs {
        let folded = fold_dataset(fold, dataset, Part::Input);
        // The same dataset may be listed twice, with other facets.
        run.inputs.entry(dataset.id()).or_default().join(RunIo {
            facets: fold.facets(&dataset.io_facets, Weight::default()),
            schema: folded.schema.map(|said| Stamped::new(stamp, said)),
            ..RunIo::default()
        });
    }
    for dataset in &event.outputs {
        let folded = fold_dataset(fold, dataset, Part::Output);
        run.outputs.entry(dataset.id()).or_default().join(RunIo {
            facets: fold.facets(&dataset.io_facets, Weight::default()),
            schema: folded.schema.map(|said| Stamped::new(stamp, said)),
            columns: folded.columns.map(|said| Stamped::new(stamp, said)),
            named: Some(stamp.at),
        });
    }
}

fn fold_run_job(
    fold: &mut Fold<'_>,
    event: &RunEvent,
    naming: &JobNaming,
    parent: Option<&ParentRun>,
) {
    let mut job = fold.job(&event.job.namespace, &naming.name, &naming.simple_name);
    fold_job_facets(fold, &mut job, &event.job.facets);
    if let (Some(parent), Some(parent_name)) = (parent, &naming.parent_name) {
        let named = (parent.job.namespace.clone(), parent_name.clone());
        job.parent = Some(Stamped::new(fold.stamp, named));
    }
    fold.delta.jobs.push(job);
}

/// The parent's job and run exist from the moment a child names them, if the child's author
/// may speak for such jobs; else the child only refers to them.
fn fold_parent(
    fold: &mut Fold<'_>,
    naming: &JobNaming,
    (parent, by): (&ParentRun, Teller),
    run: &mut RunDoc,
    state: Option<RunState>,
) {
    let Some(parent_name) = &naming.parent_name else { return };
    let parent_id = parent_run_id(&parent.job.namespace, &parent.job.name, &parent.run.run_id);
    let stamp = fold.stamp;
    run.parent = Some(Stamped::new(stamp, parent_id));
    let root = parent
        .root
        .as_ref()
        .map(|root| parent_run_id(&root.job.namespace, &root.job.name, &root.run.run_id));
    run.root = Some(Stamped::new(stamp, root.unwrap_or(parent_id)));
    if !fold.received.voice.may_speak_for(&parent.job.namespace) {
        return;
    }
    let job = fold.job(&parent.job.namespace, parent_name, parent_name);
    fold.delta.jobs.push(job);
    let parent_run = RunDoc {
        given_id: given_id(parent_id, &parent.run.run_id),
        job: Some(RunJob {
            by,
            has_parent: false,
            stamp,
            namespace: parent.job.namespace.clone(),
            name: parent_name.clone(),
        }),
        mentioned: Some(Seen::at(stamp.at)),
        by_child: state.map(|state| (stamp.at, stamp.at, state)),
        ..RunDoc::default()
    };
    fold.delta.runs.push((parent_id, parent_run));
}

fn given_id(id: RunId, given: &str) -> Option<String> {
    (id.to_string() != given).then(|| given.to_owned())
}
