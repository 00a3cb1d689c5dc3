//! What was decided, and by what.

use std::sync::Arc;

use serde::Serialize;

use super::obligation::Obligations;

/// What made a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "detail")]
pub enum Reason {
    /// Rules did; [`Decision::rules`] names them.
    Rules,
    /// No rule allows it, and what no rule allows is denied.
    NoRule,
    /// The token's scopes leave the act out.
    Scope,
    /// The token or service account is bound to other namespaces.
    Namespace,
    /// The rules allow it to those who state a purpose, and none was stated.
    Purpose,
    /// The judge failed: an alarm, never an allow.
    Failure(String),
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// Whether the act may be done.
    pub allow: bool,
    /// What made the decision.
    pub reason: Reason,
    /// The rules that made it: of an allow all that allow, of a deny the one that denies.
    pub rules: Vec<Arc<str>>,
    /// The version of the set of rules.
    pub policy_version: i64,
    /// What the allow asks for.
    pub obligations: Obligations,
}

impl Decision {
    pub(super) fn denied(reason: Reason, policy_version: i64) -> Self {
        let obligations = Obligations::default();
        Self { allow: false, reason, rules: vec![], policy_version, obligations }
    }

    /// Returns whether it was denied because no rule allows it.
    #[must_use]
    pub fn is_default_deny(&self) -> bool {
        self.reason == Reason::NoRule
    }

    /// Returns whether somebody should be told: the judge itself failed.
    #[must_use]
    pub fn is_alarm(&self) -> bool {
        matches!(self.reason, Reason::Failure(_))
    }
}
