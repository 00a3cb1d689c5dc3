//! What was decided, and by what.

use std::sync::Arc;

use serde::Serialize;

use super::action::Action;
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
    /// The token or service account is bound to other namespaces; what lies in none is elsewhere.
    Namespace,
    /// A person's token makes no token and sets no password.
    Secrets,
    /// A role that opens everything, or a secret of whoever holds one, which somebody gives who does
    /// not hold it, or by a token.
    Beyond,
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
    /// Makes a denial.
    #[must_use]
    pub fn denied(reason: Reason, policy_version: i64) -> Self {
        let obligations = Obligations::default();
        Self { allow: false, reason, rules: vec![], policy_version, obligations }
    }

    /// Tells the decision about an act in a sentence, without naming the resource.
    #[must_use]
    pub fn told(&self, action: Action) -> String {
        let rules: Vec<&str> = self.rules.iter().map(|rule| &**rule).collect();
        let why = match (&self.reason, rules.is_empty()) {
            (Reason::Scope, _) => "the token's scopes leave it out".to_owned(),
            (Reason::Namespace, _) => "the token or account is bound to namespaces, and this lies in none of them".to_owned(),
            (Reason::Secrets, _) => "a person's token makes no token and sets no password".to_owned(),
            (Reason::Beyond, _) => {
                "a role that opens everything, and a token or password of whoever holds one, is given by those who hold it, not by a person's token"
                    .to_owned()
            }
            (Reason::Purpose, _) => "a purpose must be stated (header `x-purpose`)".to_owned(),
            (Reason::Failure(_), _) => "the decision failed".to_owned(),
            (_, true) => {
                "no rule allows it (`lethe policy decide` tells which role would)".to_owned()
            }
            (_, false) if self.allow => format!("allowed by {}", rules.join(", ")),
            (_, false) => format!("denied by {}", rules.join(", ")),
        };
        format!("`{action}`: {why} (rules of version {})", self.policy_version)
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
