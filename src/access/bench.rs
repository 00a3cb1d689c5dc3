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
use super::effect::Effect;
use super::matchers::{Ask, MATCHERS};
use super::policy::Rule;
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
    /// The rules; denials first, so that one ends casbin's scan.
    pub(super) rules: Vec<Arc<Rule>>,
    /// Whether some rule looks at the purpose's text.
    pub(super) sees_purpose: bool,
    sees_time: bool,
    enforcer: Enforcer,
}

impl Bench {
    /// Builds the enforcer of the rules, which must be those of the roles.
    pub(super) fn build(
        id: u64,
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
        let (mut sees_purpose, mut sees_time) = (false, false);
        for rule in &rules {
            rule.condition.each_term(&mut |term| match term {
                Circumstance::Purpose(_) => sees_purpose = true,
                Circumstance::Week(_) | Circumstance::Before(_) | Circumstance::After(_) => {
                    sees_time = true;
                }
                Circumstance::Auth(_) => {}
            });
        }
        Ok(Self { id, rules, sees_purpose, sees_time, enforcer })
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

    /// Returns from when until when what is decided at `now` holds, as far as time alone is concerned:
    /// for ever if no rule looks at it; else from `now`, and not before, should a clock go back.
    pub(super) fn holding(&self, now: Time) -> (Time, Option<Time>) {
        let next = self.rules.iter().filter_map(|rule| rule.condition.next_change(now)).min();
        (if self.sees_time { now } else { Time::MIN }, next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::matchers::Book;
    use crate::access::{Action, AuthMethod, Context, Kind, PolicySet, Resource};

    fn rules(csv: &str) -> (PolicySet, Vec<Arc<Rule>>) {
        let set = PolicySet::from_csv(1, csv).unwrap();
        let rules = set.rules.iter().cloned().map(Arc::new).collect();
        (set, rules)
    }

    fn ask(book: Book) -> Ask {
        let class = Resource::new(Kind::Dataset).access_class();
        let context = Context::at(Time::from_millis(0));
        let book = Arc::new(book);
        Ask::new(&book, Action::DatasetRead, &class, (false, false), AuthMethod::Token, &context)
    }

    #[test]
    fn a_text_that_nobody_parsed_is_an_error_and_no_answer() {
        let (set, rules) = rules("p, a, r, *, dataset:read, *, *, allow");
        let bench = Bench::build(0, rules, &model().unwrap()).unwrap();
        assert!(bench.ask(ask(Book::of(&set))).unwrap().allow);
        let error = bench.ask(ask(Book::default())).unwrap_err();
        assert!(error.to_string().starts_with("casbin failed"), "{error}");
    }

    /// An engine that evaluates code comes with casbin. It is given the matcher of the model and
    /// nothing else: whatever a rule says is compared, never run.
    #[test]
    fn no_text_of_a_policy_is_evaluated() {
        let model_text = include_str!("../../policies/model.conf");
        let matcher = model_text.lines().find_map(|line| line.strip_prefix("m = ")).unwrap();
        assert!(!matcher.contains("eval"), "casbin's word for text that is code");
        let calls = matcher.split('(').filter_map(|part| part.rsplit([' ', ')', '&']).next());
        let mut called: Vec<&str> = calls.filter(|name| !name.is_empty()).collect();
        let mut ours = MATCHERS.map(|(name, _)| name).to_vec();
        called.sort_unstable();
        ours.sort_unstable();
        assert_eq!(called, ours);
        let usual = ["*", "dataset:read", "*", "*"];
        for code in
            ["true", "1 == 1", "eval(true)", "r.ask == r.ask", "meets(r.ask, p.cond)", "!false"]
        {
            for place in 0..usual.len() {
                let mut fields = usual.map(str::to_owned);
                fields[place] = format!("\"{code}\"");
                let text = format!("p, a, r, {}, allow", fields.join(", "));
                let Ok(set) = PolicySet::from_csv(1, &text) else { continue };
                let rules = set.rules.iter().cloned().map(Arc::new).collect();
                let bench = Bench::build(0, rules, &model().unwrap()).unwrap();
                assert!(!bench.ask(ask(Book::of(&set))).unwrap().allow, "{text}");
            }
        }
    }

    #[test]
    fn without_rules_nothing_is_allowed() {
        let bench = Bench::build(0, vec![], &model().unwrap()).unwrap();
        assert!(!bench.ask(ask(Book::default())).unwrap().allow);
    }

    #[test]
    fn policy_text_is_compared_and_never_run() {
        let hostile = "p, a, r, *, dataset:read, \"tag:\"\"x) || true || loop {\"\"\", *, allow";
        let (set, rules) = rules(hostile);
        let bench = Bench::build(0, rules, &model().unwrap()).unwrap();
        assert!(!bench.ask(ask(Book::of(&set))).unwrap().allow);
    }
}
