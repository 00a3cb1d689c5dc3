//! How far each department's business has come; kept in the data folder over restarts.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::batch::{Batch, whole_second};
use crate::departments::Department;
use crate::files;

/// The next batch of each department.
#[derive(Debug)]
pub struct Clock {
    path: PathBuf,
    seed: u64,
    state: State,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct State {
    departments: BTreeMap<String, Reached>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Reached {
    /// Number of the next batch.
    next: u32,
    /// Where it starts.
    until: Timestamp,
}

impl Clock {
    /// Reads how far the folder's company has come.
    ///
    /// # Errors
    ///
    /// If the file is there but cannot be read.
    pub fn open(root: &Path, seed: u64) -> Result<Self> {
        let path = root.join("state.json");
        let state = if path.exists() {
            let text = fs::read_to_string(&path)?;
            serde_json::from_str(&text).with_context(|| path.display().to_string())?
        } else {
            State::default()
        };
        Ok(Self { path, seed, state })
    }

    /// Whether nothing has happened here yet.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.state.departments.is_empty()
    }

    /// Begins `days` before the day of `now`, at midnight UTC.
    ///
    /// # Errors
    ///
    /// If that time does not exist.
    pub fn begin(&mut self, now: Timestamp, days: u32) -> Result<()> {
        let midnight = now.to_zoned(TimeZone::UTC).start_of_day()?;
        let until = midnight.checked_sub(i64::from(days).days())?.timestamp();
        for department in Department::ALL {
            self.state.departments.insert(department.key().to_owned(), Reached { next: 0, until });
        }
        self.save()
    }

    /// Where a department's next batch starts.
    ///
    /// # Errors
    ///
    /// If the clock has not begun.
    pub fn until(&self, department: Department) -> Result<Timestamp> {
        Ok(self.reached(department)?.until)
    }

    /// Takes a department's next batch, from where it was to `end` (a second at least).
    ///
    /// # Errors
    ///
    /// If the state cannot be kept.
    pub fn take(&mut self, department: Department, end: Timestamp) -> Result<Batch> {
        let Reached { next, until } = self.reached(department)?;
        let end = whole_second(end)?.max(until.checked_add(1.second())?);
        let reached = Reached { next: next + 1, until: end };
        self.state.departments.insert(department.key().to_owned(), reached);
        self.save()?;
        Ok(Batch { number: next, start: until, end, seed: self.seed })
    }

    fn reached(&self, department: Department) -> Result<Reached> {
        let found = self.state.departments.get(department.key());
        found.cloned().with_context(|| format!("{} has no beginning", department.key()))
    }

    fn save(&self) -> Result<()> {
        files::replace(&self.path, &serde_json::to_string_pretty(&self.state)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_follow_each_other_without_a_gap_over_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let now: Timestamp = "2026-05-04T10:00:00.5Z".parse().unwrap();
        let mut clock = Clock::open(folder.path(), 1).unwrap();
        clock.begin(now, 1).unwrap();
        let day = "2026-05-04T00:00:00Z".parse().unwrap();
        let first = clock.take(Department::Erp, day).unwrap();
        assert_eq!((first.number, first.date().as_str()), (0, "2026-05-03"));
        let mut clock = Clock::open(folder.path(), 1).unwrap();
        assert!(!clock.is_new());
        let second = clock.take(Department::Erp, now).unwrap();
        assert_eq!((second.number, second.start), (1, first.end));
        let third = clock.take(Department::Erp, now).unwrap();
        assert_eq!((third.start, third.end.as_second()), (second.end, second.end.as_second() + 1));
    }
}
