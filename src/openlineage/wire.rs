//! Turns the text of a checked event into the model.
//!
//! The checker has been over the text before, so nothing here looks for faults, save the
//! few that depend on which kind of event it is.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, IgnoredAny};
use serde_json::value::RawValue;

use super::event::{
    Dataset, DatasetEvent, Event, EventKind, EventType, Job, JobEvent, Run, RunEvent,
};
use super::facets::Facets;
use super::rejection::{Faults, Path};
use super::runs::run_id;
use super::shape::Field::{Opt, Req};
use super::shape::{Entity, Kind, Object};
use crate::base::Time;

/// The shape of an event of any kind. Which members a kind requires is in [`kind_faults`].
pub(super) static EVENT: Kind = Kind::Object(&Object::plain(&[
    Req("eventTime", Kind::Moment),
    Req("producer", Kind::Text),
    Opt("schemaURL", Kind::Text),
    Opt("eventType", Kind::Choice(&["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"])),
    Opt("run", Kind::Object(&RUN)),
    Opt("job", Kind::Object(&JOB)),
    Opt("dataset", Kind::Object(&DATASET)),
    Opt("inputs", Kind::Datasets(&INPUT)),
    Opt("outputs", Kind::Datasets(&OUTPUT)),
]));

static RUN: Object =
    Object::plain(&[Req("runId", Kind::Name), Opt("facets", Kind::Facets(Entity::Run))]);

static JOB: Object = Object::plain(&[
    Req("namespace", Kind::Name),
    Req("name", Kind::Name),
    Opt("facets", Kind::Facets(Entity::Job)),
]);

static DATASET: Object = Object::plain(&[
    Req("namespace", Kind::Name),
    Req("name", Kind::Name),
    Opt("facets", Kind::Facets(Entity::Dataset)),
]);

static INPUT: Object = Object::plain(&[
    Req("namespace", Kind::Name),
    Req("name", Kind::Name),
    Opt("facets", Kind::Facets(Entity::Dataset)),
    Opt("inputFacets", Kind::Facets(Entity::Dataset)),
]);

static OUTPUT: Object = Object::plain(&[
    Req("namespace", Kind::Name),
    Req("name", Kind::Name),
    Opt("facets", Kind::Facets(Entity::Dataset)),
    Opt("outputFacets", Kind::Facets(Entity::Dataset)),
]);

/// An event's members as they stand in its text.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wire<'a> {
    #[serde(borrow)]
    event_time: Cow<'a, str>,
    producer: String,
    #[serde(rename = "schemaURL")]
    schema_url: Option<String>,
    #[serde(borrow)]
    event_type: Option<Cow<'a, str>>,
    run: Option<WireRun>,
    job: Option<WireJob>,
    dataset: Option<WireDataset>,
    #[serde(default, deserialize_with = "or_default")]
    inputs: Vec<WireDataset>,
    #[serde(default, deserialize_with = "or_default")]
    outputs: Vec<WireDataset>,
}

#[derive(serde::Deserialize)]
struct WireRun {
    #[serde(rename = "runId")]
    run_id: String,
    #[serde(default, deserialize_with = "or_default")]
    facets: Facets,
}

#[derive(serde::Deserialize)]
struct WireJob {
    namespace: String,
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    facets: Facets,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireDataset {
    namespace: String,
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    facets: Facets,
    input_facets: Option<Facets>,
    output_facets: Option<Facets>,
}

fn or_default<'de, D: Deserializer<'de>, T>(json: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(json)?.unwrap_or_default())
}

/// Which members an event has, whatever is wrong with them.
#[derive(serde::Deserialize)]
pub(super) struct Outline<'a> {
    #[serde(rename = "schemaURL", borrow, default)]
    schema_url: Option<&'a RawValue>,
    run: Option<IgnoredAny>,
    job: Option<IgnoredAny>,
    dataset: Option<IgnoredAny>,
}

impl Outline<'_> {
    /// Lists the faults that depend on the kind of event.
    pub(super) fn faults(&self, faults: &mut Faults) {
        let url =
            self.schema_url.and_then(|raw| serde_json::from_str::<Cow<'_, str>>(raw.get()).ok());
        let has = (self.run.is_some(), self.job.is_some(), self.dataset.is_some());
        kind_faults(kind(url.as_deref(), has), has, faults);
    }
}

/// Tells the kind of an event from the last part of its `schemaURL`, else from its shape.
/// `has` is whether it has a run, a job, a dataset.
fn kind(schema_url: Option<&str>, has: (bool, bool, bool)) -> EventKind {
    match schema_url.and_then(|url| url.rsplit('/').next()) {
        Some("RunEvent") => EventKind::Run,
        Some("JobEvent") => EventKind::Job,
        Some("DatasetEvent") => EventKind::Dataset,
        _ if has.0 => EventKind::Run,
        _ if has.2 => EventKind::Dataset,
        _ => EventKind::Job,
    }
}

/// Lists what an event of that kind must have and has not, or must not have and has.
fn kind_faults(kind: EventKind, has: (bool, bool, bool), faults: &mut Faults) {
    let (has_run, has_job, has_dataset) = has;
    let mut fault = |member, code, message: &str| {
        let message = format!("{message} in a {}", kind.as_str());
        faults.push(&Path::Key(&Path::Root, member), code, message);
    };
    if !has_run && kind == EventKind::Run {
        fault("run", "missing", "is required");
    }
    if has_run && (kind == EventKind::Job || (kind == EventKind::Dataset && has_job)) {
        fault("run", "not_allowed", "is not allowed");
    }
    if !has_job && kind != EventKind::Dataset {
        fault("job", "missing", "is required");
    }
    if !has_dataset && kind == EventKind::Dataset {
        fault("dataset", "missing", "is required");
    }
}

impl Wire<'_> {
    /// Makes the event; lists what its kind requires and it lacks, and gives `None` then.
    pub(super) fn into_event(self, faults: &mut Faults) -> Option<Event> {
        let has = (self.run.is_some(), self.job.is_some(), self.dataset.is_some());
        let kind = kind(self.schema_url.as_deref(), has);
        kind_faults(kind, has, faults);
        if !faults.is_empty() {
            return None;
        }
        let event_time = Time::parse(&self.event_time)?;
        let (producer, schema_url) = (self.producer, self.schema_url);
        let inputs = || self.inputs.into_iter().map(|input| input.into_dataset(Side::Input));
        let outputs = || self.outputs.into_iter().map(|output| output.into_dataset(Side::Output));
        Some(match kind {
            EventKind::Run => Event::Run(RunEvent {
                event_time,
                producer,
                schema_url,
                event_type: self.event_type.and_then(|word| EventType::parse(&word)),
                run: self.run?.into_run(),
                job: self.job?.into_job(),
                inputs: inputs().collect(),
                outputs: outputs().collect(),
            }),
            EventKind::Job => Event::Job(JobEvent {
                event_time,
                producer,
                schema_url,
                job: self.job?.into_job(),
                inputs: inputs().collect(),
                outputs: outputs().collect(),
            }),
            EventKind::Dataset => Event::Dataset(DatasetEvent {
                event_time,
                producer,
                schema_url,
                dataset: self.dataset?.into_dataset(Side::Alone),
            }),
        })
    }
}

/// On which side of a job a dataset stands.
#[derive(Clone, Copy)]
enum Side {
    Input,
    Output,
    Alone,
}

impl WireRun {
    fn into_run(self) -> Run {
        Run { id: run_id(&self.run_id), given_id: self.run_id, facets: self.facets }
    }
}

impl WireJob {
    fn into_job(self) -> Job {
        Job { namespace: self.namespace, name: self.name, facets: self.facets }
    }
}

impl WireDataset {
    fn into_dataset(self, side: Side) -> Dataset {
        let io_facets = match side {
            Side::Input => self.input_facets,
            Side::Output => self.output_facets,
            Side::Alone => None,
        };
        Dataset {
            namespace: self.namespace,
            name: self.name,
            facets: self.facets,
            io_facets: io_facets.unwrap_or_default(),
        }
    }
}
