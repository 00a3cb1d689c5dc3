//! What can go wrong with sets of rules, as a problem (RFC 9457).

use axum::http::StatusCode;

use super::super::problem::{Problem, ProblemFault};
use crate::flow::{PolicyError, PolicyFault};

fn listed(code: &str, faults: Vec<PolicyFault>) -> Vec<ProblemFault> {
    let fault = |PolicyFault { part, line, what }| ProblemFault {
        pointer: format!("/{part}"),
        code: code.to_owned(),
        message: what,
        line: Some(line).filter(|line| *line > 0),
    };
    faults.into_iter().map(fault).collect()
}

impl From<PolicyError> for Problem {
    fn from(error: PolicyError) -> Self {
        match error {
            PolicyError::Flow(error) => error.into(),
            PolicyError::Refused(refusal) => refusal.into(),
            PolicyError::Invalid(faults) => {
                let first = faults.first();
                let detail = first.map_or_else(String::new, |fault| {
                    format!("/{} line {}: {}", fault.part, fault.line, fault.what)
                });
                let title = "The text is no set of rules, or no cases";
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                Self::new(status, "invalid-policy", title, detail)
                    .listing(listed("invalid-policy", faults))
            }
            PolicyError::Conflict { code, detail, faults } => {
                let title = "The rules stay as they are";
                Self::new(StatusCode::CONFLICT, code, title, detail).listing(listed(code, faults))
            }
        }
    }
}
