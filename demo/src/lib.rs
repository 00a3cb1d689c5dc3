//! Meridian Pharma: a made-up company whose pipelines move made-up people's data and tell Lethe.
//!
//! An outside client: it knows Lethe by the OpenLineage standard's HTTP endpoint only. The data is
//! real in the sense that matters: databases and Parquet files that hold it, jobs that change
//! it, lineage that follows from the changes and is not written beside them.

pub mod batch;
pub mod check;
pub mod clock;
pub mod dag;
pub mod dataset;
pub mod departments;
pub mod emit;
pub mod event;
pub mod facets;
pub mod files;
pub mod frame;
pub mod group;
pub mod lake;
pub mod origin;
pub mod parts;
pub mod people;
pub mod quality;
pub mod schedule;
pub mod select;
pub mod settings;
pub mod sqlite;
pub mod stream;
pub mod task;
pub mod value;

use anyhow::{Context, Result};
use tokio::sync::watch;

use clock::Clock;
use dag::Company;
use departments::Department;
use emit::Emitter;
use settings::Settings;

/// Sets the company up where it is not there yet, and runs it until `stop` turns true.
///
/// # Errors
///
/// If the data folder cannot be used; with `once` also if the server does not take the events.
pub async fn run(settings: &Settings, stop: watch::Receiver<bool>) -> Result<()> {
    let folder = &settings.data_dir;
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let root = folder.canonicalize()?;
    let emitter = Emitter::new(settings, stop)?;
    if let Err(error) = emitter.wait_ready(settings.patience).await {
        if settings.once {
            return Err(error);
        }
        eprintln!("demo: going on without a word from the server: {error:#}");
    }
    let mut clock = Clock::open(&root, settings.seed)?;
    let people = people::everyone(settings.seed, settings.people);
    for department in Department::ALL {
        department.open(&root, &people).await?;
    }
    let company = Company { root, emitter };
    schedule::run(settings, &company, &mut clock).await
}
