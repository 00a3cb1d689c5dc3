//! What can go wrong with sets of rules.

use super::super::error::FlowError;
use super::super::trust::Refusal;
use crate::access::Fault;
use crate::db::DbError;

/// One thing that is wrong with a text, or one case that came out otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFault {
    /// Which text: `csv`, `cases`, or a file of cases.
    pub part: String,
    /// The line, from 1; 0 if it is about the whole.
    pub line: usize,
    /// What is wrong, in a sentence.
    pub what: String,
}

impl PolicyFault {
    /// Names the text that faults are in.
    pub(super) fn of(part: &str, faults: Vec<Fault>) -> Vec<Self> {
        let fault = |Fault { line, what }| Self { part: part.to_owned(), line, what };
        faults.into_iter().map(fault).collect()
    }
}

/// Why a set of rules was not drafted, tried or activated.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// As everywhere.
    #[error(transparent)]
    Flow(#[from] FlowError),
    /// The rules in force do not let whoever asks, or it could not be decided.
    #[error("the rules in force do not allow it")]
    Refused(Refusal),
    /// The text is no set of rules, or no cases.
    #[error("the text is no set of rules")]
    Invalid(Vec<PolicyFault>),
    /// What stands in the way: a stable word, a sentence, and the cases that failed.
    #[error("{detail}")]
    Conflict {
        /// A stable word.
        code: &'static str,
        /// What to do, in a sentence.
        detail: String,
        /// The cases that came out otherwise; a few of many.
        faults: Vec<PolicyFault>,
    },
}

impl PolicyError {
    pub(super) fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Conflict { code, detail: detail.into(), faults: vec![] }
    }
}

impl From<Refusal> for PolicyError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<DbError> for PolicyError {
    fn from(error: DbError) -> Self {
        Self::Flow(error.into())
    }
}
