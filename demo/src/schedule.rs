//! When what runs: a few days at once at the start, then one department after the other.

use std::path::Path;

use anyhow::Result;
use jiff::{Timestamp, ToSpan};

use crate::batch::Batch;
use crate::clock::Clock;
use crate::dag::{Company, Dag};
use crate::departments::{Department, Layer};
use crate::files;
use crate::parts;
use crate::settings::Settings;
use crate::stream::Stream;

/// Parts that a lake dataset keeps; older ones go.
const PARTS_MAX: usize = 12;

/// Runs the company until it is stopped, or for one round if that is what was asked for.
///
/// # Errors
///
/// In a single round: if the server does not take the events, or a file or database fails.
pub async fn run(settings: &Settings, company: &Company, clock: &mut Clock) -> Result<()> {
    let mut stream = Stream::new(settings.every.as_secs() * Department::ALL.len() as u64);
    let worked = work(settings, company, clock, &mut stream).await;
    let last = Batch { number: 0, start: Timestamp::now(), end: Timestamp::now(), seed: 0 };
    let ended = stream.end(company, &last).await;
    if company.emitter.stopped() { Ok(()) } else { worked.and(ended) }
}

async fn work(
    settings: &Settings,
    company: &Company,
    clock: &mut Clock,
    stream: &mut Stream,
) -> Result<()> {
    if clock.is_new() {
        clock.begin(Timestamp::now(), settings.days)?;
        for _ in 0..settings.days {
            let day = clock.until(Department::Erp)?.checked_add(24.hours())?;
            round(company, clock, stream, day).await?;
        }
    } else {
        round(company, clock, stream, Timestamp::now()).await?;
    }
    if settings.once {
        return Ok(());
    }
    for department in Department::ALL.into_iter().cycle() {
        company.emitter.pause(settings.every).await?;
        if let Err(error) = turn(company, clock, stream, department).await {
            if company.emitter.stopped() {
                return Err(error);
            }
            eprintln!("demo: {} could not work: {error:#}", department.key());
        }
    }
    Ok(())
}

/// Runs every department once, layer by layer, for the time until `end`.
async fn round(
    company: &Company,
    clock: &mut Clock,
    stream: &mut Stream,
    end: Timestamp,
) -> Result<()> {
    let mut batches = Vec::new();
    for department in Department::ALL {
        let batch = clock.take(department, end)?;
        department.operate(&company.root, &batch).await?;
        batches.push((department, batch));
    }
    for layer in Layer::ALL {
        if layer == Layer::Gold {
            // The customer view, in sales, is made of everybody else's gold.
            batches.rotate_left(1);
        }
        for (department, batch) in &batches {
            run_layer(company, stream, *department, layer, batch).await?;
        }
    }
    Department::ALL.into_iter().try_for_each(|department| tidy(&company.root, department))
}

/// Runs one department, for the time since it last did.
async fn turn(
    company: &Company,
    clock: &mut Clock,
    stream: &mut Stream,
    department: Department,
) -> Result<()> {
    // Finance closes no day that sales has not closed: orders of it may still come.
    let end = match department {
        Department::Finance => clock.until(Department::Erp)?,
        _ => Timestamp::now(),
    };
    let batch = clock.take(department, end)?;
    department.operate(&company.root, &batch).await?;
    for layer in Layer::ALL {
        run_layer(company, stream, department, layer, &batch).await?;
    }
    tidy(&company.root, department)
}

async fn run_layer(
    company: &Company,
    stream: &mut Stream,
    department: Department,
    layer: Layer,
    batch: &Batch,
) -> Result<()> {
    if (department, layer) == (Department::Iot, Layer::Bronze) {
        stream.take(company, batch).await?;
    }
    let mut dag = Dag::start(company, department, layer.name(), batch).await?;
    department.run(layer, &mut dag).await?;
    dag.end().await
}

/// Lets the oldest parts of a department's raw data go, so that a demo may run for weeks.
fn tidy(root: &Path, department: Department) -> Result<()> {
    let bronze = root.join("lake/bronze").join(department.key());
    for folder in files::folders(&bronze)? {
        parts::trim(&folder, PARTS_MAX)?;
    }
    Ok(())
}
