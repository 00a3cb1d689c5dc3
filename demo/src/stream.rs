//! The job that never ends: taking the machines' readings in as they arrive.
//!
//! One run for as long as the demo is up: START, a RUNNING event for each batch, and COMPLETE when
//! it is told to end. A process that is killed leaves its run open, as a real one would.

use anyhow::Result;
use uuid::Uuid;

use crate::batch::Batch;
use crate::dag::{Company, told};
use crate::departments::Department;
use crate::departments::iot::{RAW_TELEMETRY, TELEMETRY, TELEMETRY_COLUMNS};
use crate::event::{Details, JobKind, JobName, Moment, Run, event};
use crate::facets::mention;
use crate::task::{Mode, Task};

/// The run of the stream.
pub struct Stream {
    run: Run,
    job: JobName,
    begun: bool,
}

impl Stream {
    /// Prepares a run that reports every `seconds`.
    #[must_use]
    pub fn new(seconds: u64) -> Self {
        let job = JobName {
            namespace: Department::Iot.namespace(),
            name: "iot_stream.ingest_telemetry".to_owned(),
            doc: "Takes the gateways' readings into the lake as they arrive.".to_owned(),
            owner: Department::Iot.owner(),
            kind: JobKind::Stream { seconds },
        };
        Self { run: Run { id: Uuid::now_v7(), parent: None }, job, begun: false }
    }

    /// Takes a batch's readings in and tells so.
    ///
    /// # Errors
    ///
    /// If they cannot be read or written, or the demo is stopped.
    pub async fn take(&mut self, company: &Company, batch: &Batch) -> Result<()> {
        let root = &company.root;
        if !self.begun {
            let details = Details {
                inputs: vec![mention(root, &TELEMETRY)],
                outputs: vec![mention(root, &RAW_TELEMETRY)],
                ..Details::default()
            };
            self.tell(company, Moment::Start, batch, details).await?;
            self.begun = true;
        }
        let mut task = Task::new(root, batch);
        let frame = task.read_file(&TELEMETRY, &TELEMETRY_COLUMNS)?;
        eprintln!("demo: {} took {} readings", self.job.name, frame.rows.len());
        task.write(&RAW_TELEMETRY, frame, Mode::Append).await?;
        company.declare_sources(&task.report).await?;
        let version = format!("{}/{}", self.run.id, batch.number);
        self.tell(company, Moment::Running, batch, told(root, &task.report, &version)).await
    }

    /// Ends the run, if it has begun.
    ///
    /// # Errors
    ///
    /// If the server does not take the event.
    pub async fn end(&self, company: &Company, batch: &Batch) -> Result<()> {
        if !self.begun {
            return Ok(());
        }
        self.tell(company, Moment::Complete, batch, Details::default()).await
    }

    async fn tell(&self, company: &Company, at: Moment, batch: &Batch, d: Details) -> Result<()> {
        company.emitter.send(&event(at, &self.run, &self.job, batch, d)).await
    }
}
