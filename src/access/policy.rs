//! Sets of rules: who holds which role, and what a role may do.
//!
//! A set is a value with a version: it is drafted, checked, put into force and never edited.
//! How it is written is in `policy_csv.rs`; what it means is decided in `judge.rs` alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::action::ActionSet;
use super::condition::Condition;
use super::effect::Effect;
use super::limits::{GRANTS_MAX, RULES_MAX};
use super::obligation::Obligation;
use super::pattern::Pattern;
use super::resource::Resource;
use super::selector::Selector;
use crate::base::limits::FAULTS_MAX;

/// The role that everybody who is known holds, everywhere.
pub const EVERYONE: &str = "everyone";
/// The role that only those hold who showed nothing.
pub const ANONYMOUS: &str = "anonymous";
/// The set of rules that Lethe ships.
pub const SHIPPED_POLICY: &str = include_str!("../../policies/policy.csv");

const NAME_BYTES_MAX: usize = 256;

/// One rule. It applies to whoever holds the role for the resource's domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name, unique in its set; decisions and the audit log cite it.
    pub id: Arc<str>,
    /// Whom it is about.
    pub role: String,
    /// The domains it is about; `*` also covers resources without one.
    pub domain: Pattern,
    /// The acts it is about.
    pub actions: ActionSet,
    /// The resources it is about.
    pub selector: Selector,
    /// When it is in force.
    pub condition: Condition,
    /// What it does.
    pub effect: Effect,
    /// What an allow asks for; a deny has none.
    pub obligations: Vec<Obligation>,
}

/// Gives a role to a principal or group, in some domains.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// `user:NAME`, `service:NAME`, `system:NAME` or `group:NAME`.
    pub subject: String,
    /// The role.
    pub role: String,
    /// Where it is held; `*` also covers resources without a domain.
    pub domain: Pattern,
}

/// Says that whoever holds `role` also holds `inherits`, in the same domains.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Parent {
    /// The role.
    pub role: String,
    /// The role that it includes.
    pub inherits: String,
}

/// A set of rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicySet {
    /// Its number.
    pub version: i64,
    /// The rules.
    pub rules: Vec<Rule>,
    /// Who holds which role.
    pub grants: Vec<Grant>,
    /// Which role includes which.
    pub parents: Vec<Parent>,
}

/// What is wrong with a set of rules.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct Fault {
    /// The line, from 1; 0 if it is about the whole set.
    pub line: usize,
    /// What is wrong, in a sentence.
    pub what: String,
}

impl Fault {
    pub(super) fn whole(what: impl Into<String>) -> Self {
        Self { line: 0, what: what.into() }
    }
}

/// Keeps the first faults and says how many more there are.
pub(super) fn bounded(mut faults: Vec<Fault>) -> Vec<Fault> {
    if let Some(more) = faults.len().checked_sub(FAULTS_MAX).filter(|more| *more > 0) {
        faults.truncate(FAULTS_MAX);
        faults.push(Fault::whole(format!("{more} more faults are not listed")));
    }
    faults
}

/// Returns whether a domain pattern covers the resource, for what allows or for what denies: `*`
/// always, else by its domain. What cannot be read may be in any domain: there only `*` allows, and
/// every pattern denies.
pub(super) fn covers_domain(pattern: &Pattern, resource: &Resource, effect: Effect) -> bool {
    let is_in = |domain: &str| pattern.matches(domain);
    pattern.is_any()
        || match resource.unreadable {
            true => effect == Effect::Deny,
            false => resource.domain.as_deref().is_some_and(is_in),
        }
}

impl PolicySet {
    /// Lists everything that makes the set unfit to judge by: names that are none, ids that
    /// two rules share, obligations of a deny, circles of roles, and too much of anything.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = vec![];
        if self.rules.len() > RULES_MAX || self.grants.len() > GRANTS_MAX {
            let what = format!("more than {RULES_MAX} rules or {GRANTS_MAX} grants");
            faults.push(Fault::whole(what));
        }
        let mut ids = BTreeSet::new();
        for rule in &self.rules {
            if !ids.insert(&rule.id) {
                faults.push(Fault::whole(format!("two rules are named `{}`", rule.id)));
            }
            faults.extend(rule.fault().map(Fault::whole));
        }
        faults.extend(self.grants.iter().filter_map(Grant::fault).map(Fault::whole));
        faults.extend(self.parents.iter().filter_map(Parent::fault).map(Fault::whole));
        faults.extend(self.circles().into_iter().map(|role| {
            Fault::whole(format!("role `{role}` includes itself, directly or through others"))
        }));
        bounded(faults)
    }

    /// Returns, of every role, the roles it includes directly.
    pub(super) fn inherited(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut inherited: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for parent in &self.parents {
            inherited.entry(&parent.role).or_default().push(&parent.inherits);
        }
        inherited
    }

    /// Returns the role and every role it includes.
    pub(super) fn closure<'a>(
        inherited: &BTreeMap<&'a str, Vec<&'a str>>,
        role: &'a str,
    ) -> BTreeSet<&'a str> {
        let mut closure = BTreeSet::from([role]);
        let mut waiting = vec![role];
        while let Some(role) = waiting.pop() {
            let new = inherited.get(role).into_iter().flatten();
            waiting.extend(new.copied().filter(|role| closure.insert(role)));
        }
        closure
    }

    /// Returns the roles that include themselves.
    fn circles(&self) -> Vec<&str> {
        let inherited = self.inherited();
        let circular = |role: &&str| {
            let parents = inherited.get(role).into_iter().flatten();
            parents.into_iter().any(|parent| Self::closure(&inherited, parent).contains(role))
        };
        inherited.keys().copied().filter(circular).collect()
    }
}

impl Rule {
    /// Says what is wrong with the rule by itself.
    pub(super) fn fault(&self) -> Option<String> {
        if let Some(fault) = name_fault("rule", &self.id).or_else(|| name_fault("role", &self.role))
        {
            return Some(fault);
        }
        let bound = self.effect == Effect::Deny && !self.obligations.is_empty();
        bound.then(|| format!("rule `{}` denies, so that its obligations mean nothing", self.id))
    }
}

impl Grant {
    /// Says what is wrong with the grant by itself.
    pub(super) fn fault(&self) -> Option<String> {
        let kinds = ["user", "service", "system", "group"];
        let known = self.subject.split_once(':').is_some_and(|(kind, name)| {
            kinds.contains(&kind) && !name.is_empty() && name.len() <= NAME_BYTES_MAX
        });
        if !known {
            let subject = &self.subject;
            return Some(format!(
                "`{subject}` is nobody: user:, service:, system: or group: is expected"
            ));
        }
        let implied = [EVERYONE, ANONYMOUS].contains(&self.role.as_str());
        let implied = implied.then(|| format!("role `{}` is held without a grant", self.role));
        implied.or_else(|| name_fault("role", &self.role))
    }
}

impl Parent {
    /// Says what is wrong with the inheritance by itself.
    pub(super) fn fault(&self) -> Option<String> {
        name_fault("role", &self.role).or_else(|| name_fault("role", &self.inherits))
    }
}

fn name_fault(what: &str, name: &str) -> Option<String> {
    let sign = |sign: char| sign.is_ascii_alphanumeric() || "_-./".contains(sign);
    let fit = !name.is_empty() && name.len() <= NAME_BYTES_MAX && name.chars().all(sign);
    (!fit)
        .then(|| format!("`{name}` does not name a {what}: letters, digits, `_`, `-`, `.`, `/` do"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parent(role: &str, inherits: &str) -> Parent {
        Parent { role: role.into(), inherits: inherits.into() }
    }

    #[test]
    fn roles_include_what_their_parents_include() {
        let set = PolicySet {
            parents: vec![parent("a", "b"), parent("b", "c"), parent("x", "c")],
            ..PolicySet::default()
        };
        assert_eq!(PolicySet::closure(&set.inherited(), "a"), BTreeSet::from(["a", "b", "c"]));
        assert!(set.faults().is_empty());
    }

    #[test]
    fn circles_of_roles_are_found_and_end() {
        let set = PolicySet {
            parents: vec![parent("a", "b"), parent("b", "a"), parent("c", "a"), parent("d", "d")],
            ..PolicySet::default()
        };
        let faults: Vec<_> = set.faults().into_iter().map(|fault| fault.what).collect();
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert_eq!(PolicySet::closure(&set.inherited(), "c"), BTreeSet::from(["a", "b", "c"]));
    }
}
