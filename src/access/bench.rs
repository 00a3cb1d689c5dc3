//! A bench: casbin's enforcer for one set of roles, with what its rules look at.
//!
//! The enforcer is built from memory: no future of casbin's ever waits, so that each is taken by
//! polling it once. One that did wait would be an error, not a hang.

use std::sync::Arc;

use casbin::rhai::Dynamic;
use casbin::{CoreApi, DefaultModel, Enforcer};
use futures_util::FutureExt;

use super::adapter::RuleAdapter;
use super::condition::Circumstance;
use super::matchers::{Ask, MATCHERS};
use super::policy::{Effect, Rule};
use super::roles::RoleId;
use crate::base::Time;

/// The model that Lethe ships; the matchers' functions belong to it.
pub(super) const MODEL: &str = include_str!("../../policies/model.conf");

/// Why casbin gave no answer. Taken as a deny, with an alarm.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("casbin failed: {0}")]
pub struct BenchError(String);

impl From<casbin::Error> for BenchError {
    fn from(error: casbin::Error) -> Self {
        Self(error.to_string())
    }
}

/// Reads the shipped model.
pub(super) fn model() -> Result<DefaultModel, BenchError> {
    at_once(DefaultModel::from_str(MODEL))
}

fn at_once<T>(future: impl Future<Output = casbin::Result<T>>) -> Result<T, BenchError> {
    let waited = || BenchError("it waited for something".to_owned());
    future.now_or_never().ok_or_else(waited)?.map_err(BenchError::from)
}

/// The rules that decided, and how.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) allow: bool,
    pub(super) rules: Vec<Arc<Rule>>,
}

/// The enforcer of one set of roles.
pub(super) struct Bench {
    /// Unique among the benches of one judge.
    pub(super) id: u64,
    /// The roles, in order.
    pub(super) roles: Vec<RoleId>,
    /// The rules of those roles; denials first, so that one ends casbin's scan.
    pub(super) rules: Vec<Arc<Rule>>,
    /// Whether some rule looks at the purpose's text.
    pub(super) sees_purpose: bool,
    enforcer: Enforcer,
}

impl Bench {
    /// Builds the enforcer of the rules, which must be those of the roles.
    pub(super) fn build(
        id: u64,
        roles: Vec<RoleId>,
        mut rules: Vec<Arc<Rule>>,
        model: &DefaultModel,
    ) -> Result<Self, BenchError> {
        rules.sort_by_key(|rule| rule.effect == Effect::Allow);
        let adapter = RuleAdapter(rules.clone());
        let mut enforcer = at_once(Enforcer::new_raw(model.clone(), adapter))?;
        for (name, function) in MATCHERS {
            enforcer.add_function(name, function);
        }
        at_once(enforcer.load_policy())?;
        let mut sees_purpose = false;
        for rule in &rules {
            rule.condition.each_term(&mut |term| {
                sees_purpose |= matches!(term, Circumstance::Purpose(_));
            });
        }
        Ok(Self { id, roles, rules, sees_purpose, enforcer })
    }

    /// Asks casbin.
    pub(super) fn ask(&self, ask: Ask) -> Result<Verdict, BenchError> {
        // Without rules casbin would try the matcher on empty fields.
        if self.rules.is_empty() {
            return Ok(Verdict { allow: false, rules: vec![] });
        }
        let ask = Arc::new(ask);
        let allow = self.enforcer.enforce(vec![Dynamic::from(Arc::clone(&ask))])?;
        let effect = if allow { Effect::Allow } else { Effect::Deny };
        let mut rules = ask.take_matched();
        rules.retain(|rule| rule.effect == effect);
        Ok(Verdict { allow, rules })
    }

    /// Returns the first moment after `now` at which some rule's condition may change.
    pub(super) fn next_change(&self, now: Time) -> Option<Time> {
        self.rules.iter().filter_map(|rule| rule.condition.next_change(now)).min()
    }
}
