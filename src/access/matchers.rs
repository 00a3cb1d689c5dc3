//! The functions that the model's matcher calls.
//!
//! casbin takes plain function pointers, so that everything they compare comes as arguments:
//! the question as one shared value, the rule's field as its text. Texts are looked up in the book
//! of what the set's reader parsed. A text that is not in the book is answered with no truth value
//! at all, which casbin reports as an error and the judge takes as a deny.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use casbin::function_map::OperatorFunction;
use casbin::rhai::{Dynamic, ImmutableString};

use super::action::{Action, ActionSet};
use super::condition::{Condition, Context};
use super::effect::Effect;
use super::pattern::Pattern;
use super::policy::{PolicySet, Rule, covers_domain};
use super::principal::AuthMethod;
use super::resource::AccessClass;
use super::selector::{Selector, View};

/// The matcher's functions, by the names that `policies/model.conf` calls.
pub(super) const MATCHERS: [(&str, OperatorFunction); 5] = [
    ("acts", OperatorFunction::Arg2(acts)),
    ("within", OperatorFunction::Arg3(within)),
    ("covers", OperatorFunction::Arg3(covers)),
    ("meets", OperatorFunction::Arg2(meets)),
    ("witnessed", OperatorFunction::Arg2(witnessed)),
];

/// Everything that the rules of a set name, parsed, by its text.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) rules: HashMap<String, Arc<Rule>>,
    actions: HashMap<String, ActionSet>,
    domains: HashMap<String, Pattern>,
    selectors: HashMap<String, Selector>,
    conditions: HashMap<String, Condition>,
}

impl Book {
    pub(super) fn of(set: &PolicySet) -> Self {
        let mut book = Self::default();
        for rule in &set.rules {
            book.actions.insert(rule.actions.to_string(), rule.actions.clone());
            book.domains.insert(rule.domain.to_string(), rule.domain.clone());
            book.selectors.insert(rule.selector.to_string(), rule.selector.clone());
            book.conditions.insert(rule.condition.to_string(), rule.condition.clone());
            book.rules.insert(rule.id.to_string(), Arc::new(rule.clone()));
        }
        book
    }
}

/// One question, as casbin carries it from the request to the functions.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) book: Arc<Book>,
    pub(super) action: Action,
    pub(super) class: AccessClass,
    pub(super) own: bool,
    pub(super) bound: bool,
    pub(super) auth: AuthMethod,
    pub(super) context: Context,
    /// The rules that matched, in the order in which casbin came to them.
    matched: Mutex<Vec<Arc<Rule>>>,
}

impl Ask {
    pub(super) fn new(
        book: &Arc<Book>,
        action: Action,
        class: &AccessClass,
        (own, bound): (bool, bool),
        auth: AuthMethod,
        context: &Context,
    ) -> Self {
        let (book, class, context) = (Arc::clone(book), class.clone(), context.clone());
        Self { book, action, class, own, bound, auth, context, matched: Mutex::default() }
    }

    pub(super) fn take_matched(&self) -> Vec<Arc<Rule>> {
        std::mem::take(&mut self.matched.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Gives the question and the text to `is`; no answer becomes no truth value.
fn answered(ask: &Dynamic, text: &Dynamic, is: impl Fn(&Ask, &str) -> Option<bool>) -> Dynamic {
    let ask = ask.read_lock::<Arc<Ask>>();
    let text = text.read_lock::<ImmutableString>();
    let answer = ask.zip(text).and_then(|(ask, text)| is(&ask, &text));
    answer.map_or(Dynamic::UNIT, Dynamic::from)
}

fn acts(ask: Dynamic, text: Dynamic) -> Dynamic {
    answered(&ask, &text, |ask, text| Some(ask.book.actions.get(text)?.contains(ask.action)))
}

fn within(ask: Dynamic, text: Dynamic, effect: Dynamic) -> Dynamic {
    answered(&ask, &text, |ask, text| {
        let effect: Effect = effect.read_lock::<ImmutableString>()?.parse().ok()?;
        Some(covers_domain(ask.book.domains.get(text)?, ask.class.resource(), effect))
    })
}

fn covers(ask: Dynamic, text: Dynamic, effect: Dynamic) -> Dynamic {
    answered(&ask, &text, |ask, text| {
        let effect: Effect = effect.read_lock::<ImmutableString>()?.parse().ok()?;
        let view = View { resource: ask.class.resource(), own: ask.own, bound: ask.bound };
        Some(ask.book.selectors.get(text)?.covers(view, effect))
    })
}

fn meets(ask: Dynamic, text: Dynamic) -> Dynamic {
    answered(&ask, &text, |ask, text| {
        Some(ask.book.conditions.get(text)?.met(&ask.context, ask.auth))
    })
}

/// Notes that everything else of the rule held. Always true; stands last in the matcher.
fn witnessed(ask: Dynamic, id: Dynamic) -> Dynamic {
    answered(&ask, &id, |ask, id| {
        let rule = Arc::clone(ask.book.rules.get(id)?);
        ask.matched.lock().unwrap_or_else(PoisonError::into_inner).push(rule);
        Some(true)
    })
}
