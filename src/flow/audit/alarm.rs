//! The alarm of the audit log: what was found to differ from what was hashed and signed.
//!
//! Once raised it stays, in memory and in a file of the data directory, and nothing is signed
//! any more. Only somebody who moves the file away and starts Lethe again ends it, and then the
//! check begins anew.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::super::error::FlowError;
use crate::base::Time;

/// The file that keeps it, in the data directory.
const FILE: &str = "audit-alarm.json";

/// What the file holds.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    at: Time,
    alarm: String,
}

/// What is wrong with the log.
#[derive(Debug)]
pub(in crate::flow) struct Alarm {
    file: Option<PathBuf>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// What differs; stays.
    found: Option<String>,
    /// Why the head was not signed just now; goes with its cause.
    unsigned: Option<String>,
    /// The last look at the whole log that found nothing.
    checked: Option<AuditChecked>,
}

/// A look at the whole log that found it as it was hashed and signed, and every record filed under
/// what its bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditChecked {
    /// When it began: what was changed since may not be found yet.
    pub since: Time,
    /// How many records the log had.
    pub records: u64,
}

/// Why a look at the log came to nothing.
#[derive(Debug)]
pub(super) enum Fault {
    /// The log is not what was hashed or signed.
    Differs(String),
    /// It could not be looked at.
    Failed(FlowError),
}

impl<E: Into<FlowError>> From<E> for Fault {
    fn from(error: E) -> Self {
        match error.into() {
            FlowError::Db(error) if error.is_misread() => Self::Differs(error.to_string()),
            error => Self::Failed(error),
        }
    }
}

impl Alarm {
    /// Takes up what was raised before the start.
    pub(in crate::flow) fn kept(data_dir: Option<&Path>) -> Self {
        let file = data_dir.map(|dir| dir.join(FILE));
        let kept = file.as_deref().filter(|file| file.exists());
        let found = kept.map(|file| {
            let text = std::fs::read(file).unwrap_or_default();
            let kept = serde_json::from_slice::<Kept>(&text);
            kept.map_or_else(|_| format!("{FILE} cannot be read"), |kept| kept.alarm)
        });
        Self { file, state: Mutex::new(State { found, ..State::default() }) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns what differs.
    pub(super) fn found(&self) -> Option<String> {
        self.state().found.clone()
    }

    /// Returns what is wrong, if anything is.
    pub(super) fn told(&self) -> Option<String> {
        let state = self.state();
        state.found.clone().or_else(|| state.unsigned.clone())
    }

    /// Raises it. The first difference stays; others follow from it as often as not.
    pub(super) fn raise(&self, alarm: String, at: Time) {
        let mut state = self.state();
        if state.found.is_some() {
            return;
        }
        metrics::counter!("lethe_audit_alarms_total").increment(1);
        tracing::error!(%alarm, "the audit log is not what was signed; nothing is signed any more");
        let kept = Kept { at, alarm: alarm.clone() };
        state.found = Some(alarm);
        drop(state);
        let text = serde_json::to_vec(&kept).unwrap_or_default();
        if let Some(file) = &self.file
            && let Err(error) = std::fs::write(file, text)
        {
            tracing::error!(%error, "the alarm of the audit log is not kept");
        }
    }

    /// Returns the last look at the whole log that found nothing since the start.
    pub(super) fn checked(&self) -> Option<AuditChecked> {
        self.state().checked
    }

    /// Notes a look at the whole log that found nothing.
    pub(super) fn note_checked(&self, checked: AuditChecked) {
        self.state().checked = Some(checked);
    }

    /// Notes why the head is not signed, or that it is.
    pub(super) fn note_unsigned(&self, unsigned: Option<String>) {
        if let Some(alarm) = &unsigned {
            metrics::counter!("lethe_audit_alarms_total").increment(1);
            tracing::error!(%alarm, "the head of the audit log is not signed");
        }
        self.state().unsigned = unsigned;
    }
}
