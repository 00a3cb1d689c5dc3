//! The parts of a lake dataset: one file a batch, in one folder a day.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::batch::Batch;
use crate::files;

/// Files of a dataset, oldest first; none if the folder is not there.
///
/// # Errors
///
/// If a folder cannot be read.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut parts = files::list(folder, "parquet")?;
    for day in files::folders(folder)? {
        parts.extend(files::list(&day, "parquet")?);
    }
    parts.sort();
    Ok(parts)
}

/// Where the part of a batch goes.
#[must_use]
pub fn next(folder: &Path, batch: &Batch) -> PathBuf {
    folder.join(format!("dt={}", batch.date())).join(batch.file("part", "parquet"))
}

/// Deletes all but the newest parts, and days that are empty then.
///
/// # Errors
///
/// If one cannot be deleted.
pub fn trim(folder: &Path, parts_max: usize) -> Result<()> {
    for part in list(folder)?.iter().rev().skip(parts_max) {
        fs::remove_file(part).with_context(|| part.display().to_string())?;
        let day = part.parent().filter(|day| *day != folder);
        if let Some(day) =
            day.filter(|day| fs::read_dir(day).is_ok_and(|mut left| left.next().is_none()))
        {
            fs::remove_dir(day)?;
        }
    }
    Ok(())
}
