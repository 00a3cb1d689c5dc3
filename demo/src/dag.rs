//! Running jobs: a DAG run and its tasks, each telling what happens to it.
//!
//! A job that fails does not stop its DAG: later jobs work with what is there, and the DAG's run
//! fails at its end. Only the end of the demo stops a DAG.

use std::path::Path;

use anyhow::{Result, anyhow};
use uuid::Uuid;

use crate::batch::Batch;
use crate::dataset::Dataset;
use crate::departments::Department;
use crate::emit::Emitter;
use crate::event::{Details, JobKind, JobName, Moment, Run, declaration, event};
use crate::facets::{declared, input, mention, output};
use crate::task::{Report, Task};

/// What the company's pipelines have in common.
pub struct Company {
    /// The data folder, absolute.
    pub root: std::path::PathBuf,
    pub emitter: Emitter,
}

impl Company {
    /// Declares the sources that were read: no job of the company writes them, so nobody else says
    /// whose they are and what they hold.
    ///
    /// # Errors
    ///
    /// If the demo is stopped.
    pub async fn declare_sources(&self, report: &Report) -> Result<()> {
        for read in report.inputs.iter().filter(|read| read.dataset.layer() == "source") {
            self.emitter.send(&declaration(&declared(&self.root, read))).await?;
        }
        Ok(())
    }
}

/// A run of a DAG.
pub struct Dag<'a> {
    company: &'a Company,
    department: Department,
    batch: &'a Batch,
    run: Run,
    job: JobName,
    failed: Vec<&'static str>,
}

/// A job: what it is called, does, reads and writes. It may touch nothing else.
#[derive(Debug, Clone, Copy)]
pub struct Job {
    pub name: &'static str,
    pub doc: &'static str,
    pub reads: &'static [&'static Dataset],
    pub writes: &'static [&'static Dataset],
}

impl<'a> Dag<'a> {
    /// Starts a run of the DAG of a department's layer, and says so.
    ///
    /// # Errors
    ///
    /// If the demo is stopped.
    pub async fn start(
        company: &'a Company,
        department: Department,
        layer: &str,
        batch: &'a Batch,
    ) -> Result<Self> {
        let job = JobName {
            namespace: department.namespace(),
            name: format!("{}_{layer}", department.key()),
            doc: format!("{}: the {layer} layer.", department.title()),
            owner: department.owner(),
            kind: JobKind::Dag,
        };
        let run = Run { id: Uuid::now_v7(), parent: None };
        let dag = Self { company, department, batch, run, job, failed: Vec::new() };
        dag.tell(Moment::Start, &dag.run, &dag.job, Details::default()).await?;
        Ok(dag)
    }

    /// Runs one job and tells how it starts and ends.
    ///
    /// # Errors
    ///
    /// If the demo is stopped; a job's own failure is told, not returned.
    pub async fn run(
        &mut self,
        job: Job,
        body: impl AsyncFnOnce(&mut Task<'_>) -> Result<()>,
    ) -> Result<()> {
        let run = Run { id: Uuid::now_v7(), parent: Some((self.run.id, self.job.name.clone())) };
        let name = self.job_name(&job);
        let root: &Path = &self.company.root;
        let mentions = |datasets: &[&'static Dataset]| {
            datasets.iter().map(|dataset| mention(root, dataset)).collect()
        };
        let (inputs, outputs) = (mentions(job.reads), mentions(job.writes));
        let start = Details { inputs, outputs, ..Details::default() };
        self.tell(Moment::Start, &run, &name, start).await?;
        let mut task = Task::new(root, self.batch);
        let result = body(&mut task).await.and_then(|()| check_declared(&job, &task.report));
        let report = task.report;
        let mut details = told(root, &report, &run.id.to_string());
        match result {
            Ok(()) => {
                let rows: usize = report.outputs.iter().map(|output| output.rows).sum();
                eprintln!("demo: {} wrote {rows} rows", name.name);
                self.company.declare_sources(&report).await?;
                self.tell(Moment::Complete, &run, &name, details).await
            }
            Err(error) => {
                eprintln!("demo: {} failed: {error:#}", name.name);
                self.failed.push(job.name);
                details.error = Some(format!("{error:#}"));
                details.outputs = mentions(job.writes);
                self.tell(Moment::Fail, &run, &name, details).await
            }
        }
    }

    /// Ends the run of the DAG and says how.
    ///
    /// # Errors
    ///
    /// If the demo is stopped.
    pub async fn end(self) -> Result<()> {
        if self.failed.is_empty() {
            return self.tell(Moment::Complete, &self.run, &self.job, Details::default()).await;
        }
        let error = Some(format!("failed: {}", self.failed.join(", ")));
        self.tell(Moment::Fail, &self.run, &self.job, Details { error, ..Details::default() }).await
    }

    fn job_name(&self, job: &Job) -> JobName {
        JobName {
            namespace: self.job.namespace.clone(),
            name: format!("{}.{}", self.job.name, job.name),
            doc: job.doc.to_owned(),
            owner: self.department.owner(),
            kind: JobKind::Task,
        }
    }

    async fn tell(&self, at: Moment, run: &Run, job: &JobName, details: Details) -> Result<()> {
        self.company.emitter.send(&event(at, run, job, self.batch, details)).await
    }
}

/// The report of a job as an event tells it.
#[must_use]
pub fn told(root: &Path, report: &Report, version: &str) -> Details {
    Details {
        sql: (!report.sql.is_empty()).then(|| report.sql.join(";\n")),
        error: None,
        inputs: report.inputs.iter().map(|read| input(root, read)).collect(),
        outputs: report.outputs.iter().map(|written| output(root, written, version)).collect(),
    }
}

/// Refuses a report that goes beyond what the job declared, or stays behind it.
fn check_declared(job: &Job, report: &Report) -> Result<()> {
    let read: Vec<_> = report.inputs.iter().map(|input| input.dataset).collect();
    let written: Vec<_> = report.outputs.iter().map(|output| output.dataset).collect();
    let differ = |found: &[&Dataset], declared: &[&Dataset]| {
        found.iter().any(|one| !declared.contains(one))
            || declared.iter().any(|one| !found.contains(one))
    };
    if differ(&read, job.reads) || differ(&written, job.writes) {
        let names = |list: &[&Dataset]| {
            list.iter().map(|one| format!("{}{}", one.path, one.table)).collect::<Vec<_>>()
        };
        return Err(anyhow!(
            "touched {:?} and {:?} against its word",
            names(&read),
            names(&written)
        ));
    }
    Ok(())
}
