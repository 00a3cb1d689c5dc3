//! The three kinds of event and what they are made of.
//!
//! Values here exist only if they passed [`parse`](super::parse()): ids are ids, times are
//! times, names are names. Members that the standard does not know are not here but in the
//! event's raw text, which is what is stored and given back.

use super::facets::Facets;
use crate::base::{DatasetId, JobId, RunId, Time};

/// An `OpenLineage` event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A run changed its state or told more about itself.
    Run(RunEvent),
    /// A job was declared, apart from any run.
    Job(JobEvent),
    /// A dataset was declared, apart from any job.
    Dataset(DatasetEvent),
}

/// Which kind of event it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// [`Event::Run`].
    Run,
    /// [`Event::Job`].
    Job,
    /// [`Event::Dataset`].
    Dataset,
}

impl EventKind {
    /// Returns the standard's name for the kind.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Run => "RunEvent",
            Self::Job => "JobEvent",
            Self::Dataset => "DatasetEvent",
        }
    }
}

/// What a run says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunEvent {
    /// When it happened.
    pub event_time: Time,
    /// The URI of the code that sent it.
    pub producer: String,
    /// The schema it was written for, if it says so.
    pub schema_url: Option<String>,
    /// The transition of the run's state, if any.
    pub event_type: Option<EventType>,
    /// The run.
    pub run: Run,
    /// The run's job.
    pub job: Job,
    /// What it reads.
    pub inputs: Vec<Dataset>,
    /// What it writes.
    pub outputs: Vec<Dataset>,
}

/// What is declared of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobEvent {
    /// When it was declared.
    pub event_time: Time,
    /// The URI of the code that sent it.
    pub producer: String,
    /// The schema it was written for, if it says so.
    pub schema_url: Option<String>,
    /// The job.
    pub job: Job,
    /// What it reads.
    pub inputs: Vec<Dataset>,
    /// What it writes.
    pub outputs: Vec<Dataset>,
}

/// What is declared of a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetEvent {
    /// When it was declared.
    pub event_time: Time,
    /// The URI of the code that sent it.
    pub producer: String,
    /// The schema it was written for, if it says so.
    pub schema_url: Option<String>,
    /// The dataset.
    pub dataset: Dataset,
}

/// One execution of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// Its id as the producer wrote it, which need not be a UUID.
    pub given_id: String,
    /// What else is said of it.
    pub facets: Facets,
}

/// A process that reads and writes datasets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its namespace.
    pub namespace: String,
    /// Its name, unique in the namespace.
    pub name: String,
    /// What else is said of it.
    pub facets: Facets,
}

impl Job {
    /// Computes the job's id.
    #[must_use]
    pub fn id(&self) -> JobId {
        JobId::of(&self.namespace, &self.name)
    }
}

/// A dataset as one event speaks of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// Its namespace.
    pub namespace: String,
    /// Its name, unique in the namespace.
    pub name: String,
    /// What is said of the dataset itself.
    pub facets: Facets,
    /// What is said of this reading (`inputFacets`) or writing (`outputFacets`) of it.
    pub io_facets: Facets,
}

impl Dataset {
    /// Computes the dataset's id.
    #[must_use]
    pub fn id(&self) -> DatasetId {
        DatasetId::of(&self.namespace, &self.name)
    }
}

/// A transition of a run's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventType {
    /// The run began.
    Start,
    /// The run goes on.
    Running,
    /// The run ended well.
    Complete,
    /// The run was stopped.
    Abort,
    /// The run ended badly.
    Fail,
    /// More is said about the run; its state stays.
    Other,
}

impl EventType {
    /// Returns the standard's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "START",
            Self::Running => "RUNNING",
            Self::Complete => "COMPLETE",
            Self::Abort => "ABORT",
            Self::Fail => "FAIL",
            Self::Other => "OTHER",
        }
    }

    /// Reads the standard's word, in any case of letters.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Start, Self::Running, Self::Complete, Self::Abort, Self::Fail, Self::Other]
            .into_iter()
            .find(|known| known.as_str().eq_ignore_ascii_case(word))
    }

    /// Tells whether the run is over with it.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Complete | Self::Abort | Self::Fail)
    }
}

impl Event {
    /// Returns which kind of event it is.
    #[must_use]
    pub fn kind(&self) -> EventKind {
        match self {
            Self::Run(_) => EventKind::Run,
            Self::Job(_) => EventKind::Job,
            Self::Dataset(_) => EventKind::Dataset,
        }
    }

    /// Returns the namespace and name of its job; of its dataset if it names no job.
    #[must_use]
    pub fn subject(&self) -> (&str, &str) {
        match self {
            Self::Run(event) => (&event.job.namespace, &event.job.name),
            Self::Job(event) => (&event.job.namespace, &event.job.name),
            Self::Dataset(event) => (&event.dataset.namespace, &event.dataset.name),
        }
    }

    /// Returns when it happened.
    #[must_use]
    pub fn event_time(&self) -> Time {
        match self {
            Self::Run(event) => event.event_time,
            Self::Job(event) => event.event_time,
            Self::Dataset(event) => event.event_time,
        }
    }

    /// Returns the URI of the code that sent it.
    #[must_use]
    pub fn producer(&self) -> &str {
        match self {
            Self::Run(event) => &event.producer,
            Self::Job(event) => &event.producer,
            Self::Dataset(event) => &event.producer,
        }
    }

    /// Returns the schema it was written for, if it says so.
    #[must_use]
    pub fn schema_url(&self) -> Option<&str> {
        match self {
            Self::Run(event) => event.schema_url.as_deref(),
            Self::Job(event) => event.schema_url.as_deref(),
            Self::Dataset(event) => event.schema_url.as_deref(),
        }
    }

    /// Returns the transition of the run's state, if it is a run event with one.
    #[must_use]
    pub fn event_type(&self) -> Option<EventType> {
        match self {
            Self::Run(event) => event.event_type,
            Self::Job(_) | Self::Dataset(_) => None,
        }
    }

    /// Returns the run, if it is a run event.
    #[must_use]
    pub fn run(&self) -> Option<&Run> {
        match self {
            Self::Run(event) => Some(&event.run),
            Self::Job(_) | Self::Dataset(_) => None,
        }
    }

    /// Returns the job, unless it is a dataset event.
    #[must_use]
    pub fn job(&self) -> Option<&Job> {
        match self {
            Self::Run(event) => Some(&event.job),
            Self::Job(event) => Some(&event.job),
            Self::Dataset(_) => None,
        }
    }

    /// Returns the dataset of a dataset event.
    #[must_use]
    pub fn dataset(&self) -> Option<&Dataset> {
        match self {
            Self::Dataset(event) => Some(&event.dataset),
            Self::Run(_) | Self::Job(_) => None,
        }
    }

    /// Returns what is read.
    #[must_use]
    pub fn inputs(&self) -> &[Dataset] {
        match self {
            Self::Run(event) => &event.inputs,
            Self::Job(event) => &event.inputs,
            Self::Dataset(_) => &[],
        }
    }

    /// Returns what is written.
    #[must_use]
    pub fn outputs(&self) -> &[Dataset] {
        match self {
            Self::Run(event) => &event.outputs,
            Self::Job(event) => &event.outputs,
            Self::Dataset(_) => &[],
        }
    }

    /// Goes through every dataset that the event speaks of, one by one.
    pub fn datasets(&self) -> impl Iterator<Item = &Dataset> {
        self.inputs().iter().chain(self.outputs()).chain(self.dataset())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn event_types_are_read_in_any_case() {
        assert_eq!(EventType::parse("complete"), Some(EventType::Complete));
        assert_eq!(EventType::parse("COMPLETED"), None);
    }

    #[test]
    fn three_event_types_end_a_run() {
        let words = ["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"];
        let ends: Vec<_> = words
            .into_iter()
            .filter(|word| EventType::parse(word).is_some_and(EventType::is_terminal))
            .collect();
        assert_eq!(ends, ["COMPLETE", "ABORT", "FAIL"]);
    }
}
