//! The jobs that every department has: taking data out of a system as it is, and loading the
//! warehouse; and the helpers that set systems up.

use std::path::Path;

use anyhow::Result;

use crate::dag::{Dag, Job};
use crate::dataset::Dataset;
use crate::select::Select;
use crate::sqlite::Database;
use crate::task::Mode;
use crate::value::{Kind, Value};

/// Copies a whole table to the lake, as a new part: a snapshot.
pub(super) async fn snapshot(dag: &mut Dag<'_>, job: Job) -> Result<()> {
    let (from, to) = (job.reads[0], job.writes[0]);
    dag.run(job, async |task| {
        let fields = task.fields(from).await?;
        let frame = task.query(&Select::from("s", from).keep_all(&fields)).await?;
        task.write(to, frame, Mode::Append).await
    })
    .await
}

/// Copies a table's rows of the batch to the lake, as a new part; `time` is the column that
/// tells when a row came to be.
pub(super) async fn increment(dag: &mut Dag<'_>, job: Job, time: &str) -> Result<()> {
    let (from, to) = (job.reads[0], job.writes[0]);
    dag.run(job, async |task| {
        let fields = task.fields(from).await?;
        let within = task.batch.within(&format!("s.{time}"));
        let select = Select::from("s", from).keep_all(&fields).filter(&within);
        let frame = task.query(&select).await?;
        task.write(to, frame, Mode::Append).await
    })
    .await
}

/// Copies lake datasets to tables of the warehouse, in the place of what was there.
pub(super) async fn load(dag: &mut Dag<'_>, jobs: &[Job]) -> Result<()> {
    for job in jobs {
        let (from, to) = (job.reads[0], job.writes[0]);
        dag.run(*job, async |task| {
            let frame = task.read(from)?;
            task.write(to, frame, Mode::Replace).await
        })
        .await?;
    }
    Ok(())
}

/// Makes a table of a system and fills it, unless it is there.
pub(super) async fn set_up(
    root: &Path,
    dataset: &Dataset,
    columns: &[(&str, Kind)],
    rows: &[Vec<Value>],
) -> Result<()> {
    let mut database = Database::open(&dataset.place(root)).await?;
    if database.fields(dataset.table).await?.is_empty() {
        database.create(dataset.table, &crate::task::fields_of(columns), false).await?;
        let names: Vec<_> = columns.iter().map(|(name, _)| *name).collect();
        database.insert(dataset.table, &names, rows).await?;
    }
    database.close().await
}

/// Adds a batch's rows to a table of a system and lets the oldest go.
pub(super) async fn record(
    database: &mut Database,
    dataset: &Dataset,
    columns: &[(&str, Kind)],
    rows: &[Vec<Value>],
    rows_max: u32,
) -> Result<()> {
    let names: Vec<_> = columns.iter().map(|(name, _)| *name).collect();
    database.insert(dataset.table, &names, rows).await?;
    database.trim(dataset.table, rows_max).await
}

/// Text without outer space, in lower case: how e-mail addresses are compared.
pub(super) fn lower(value: &Value) -> Value {
    value.map_text(|text| text.trim().to_lowercase())
}

/// Digits of a telephone number in one form, `+1-202-555-0142`, however it was written.
pub(super) fn phone(value: &Value) -> Value {
    value.map_text(|text| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        match digits.strip_prefix('1').unwrap_or(&digits) {
            local if local.len() == 10 => {
                format!("+1-{}-{}-{}", &local[..3], &local[3..6], &local[6..])
            }
            _ => text.to_owned(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephone_numbers_get_one_form() {
        for written in ["(202) 555-0142", "+1-202-555-0142", "202.555.0142"] {
            assert_eq!(phone(&Value::from(written)), Value::from("+1-202-555-0142"));
        }
        assert_eq!(phone(&Value::from("unknown")), Value::from("unknown"));
    }
}
