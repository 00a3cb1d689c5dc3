//! Roles that open everything: by which one may do all that the bootstrap administrator may.
//!
//! A role opens everything if it is one of those that the set gives to the bootstrap administrator,
//! includes one, or has rules that allow every act on everything, whatever their conditions, their
//! obligations and what others deny. What opens less, however much, is not told apart here.

use std::collections::{BTreeMap, BTreeSet};

use super::action::Action;
use super::effect::Effect;
use super::policy::{ANONYMOUS, EVERYONE, Grant, PolicySet, Rule};
use super::resource::Resource;
use super::selector::View;

/// The roles of a set that open everything.
#[derive(Debug)]
pub struct Opening<'a> {
    set: &'a PolicySet,
    inherited: BTreeMap<&'a str, Vec<&'a str>>,
    /// What the bootstrap administrator is given.
    given: BTreeSet<&'a str>,
    /// The rules that allow something everywhere, by role.
    rules: BTreeMap<&'a str, Vec<&'a Rule>>,
}

impl<'a> Opening<'a> {
    /// Looks for them; `administrator` refers to whoever holds the bootstrap token.
    #[must_use]
    pub fn of(set: &'a PolicySet, administrator: &'a str) -> Self {
        let mut rules: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
        for rule in &set.rules {
            if rule.effect == Effect::Allow && rule.domain.is_any() {
                rules.entry(&rule.role).or_default().push(rule);
            }
        }
        let given = set.granted_to(administrator).map(|(role, _)| role).collect();
        Self { set, inherited: set.inherited(), given, rules }
    }

    /// Returns whether a role opens everything.
    #[must_use]
    pub fn opens(&self, role: &str) -> bool {
        let all = PolicySet::closure(&self.inherited, role);
        if all.iter().any(|role| self.given.contains(role)) {
            return true;
        }
        let rules: Vec<&Rule> =
            all.iter().filter_map(|role| self.rules.get(role)).flatten().copied().collect();
        !rules.is_empty() && Action::ALL.iter().all(|action| allows_everywhere(&rules, *action))
    }

    /// Returns a role that opens everything here, or is given to somebody as such, where before it
    /// was not.
    #[must_use]
    pub fn more_than(&self, before: &Opening<'_>) -> Option<&'a str> {
        let named = self.set.roles();
        let mut roles = named.keys().copied().chain([EVERYONE, ANONYMOUS]);
        let widened = roles.find(|role| self.opens(role) && !before.opens(role));
        widened.or_else(|| {
            let had = |new: &Grant| {
                let mut old = before.set.grants.iter().filter(|old| old.subject == new.subject);
                old.any(|old| before.opens(&old.role) && old.domain.includes(&new.domain))
            };
            let given = self.set.grants.iter().find(|new| self.opens(&new.role) && !had(new));
            given.map(|grant| &*grant.role)
        })
    }
}

/// Returns whether rules allow an act on whatever it can be done to: what has no marks, what is
/// restricted, and what holds personal data.
fn allows_everywhere(rules: &[&Rule], action: Action) -> bool {
    let plain = || Resource::new(action.kind()).in_namespace("namespace");
    let all = [
        Resource::new(action.kind()),
        plain(),
        plain().tagged("restricted"),
        plain().classed("user.contact.email"),
    ];
    all.iter().all(|resource| {
        let view = View { resource, own: false, bound: false };
        rules
            .iter()
            .any(|rule| rule.actions.contains(action) && rule.selector.covers(view, Effect::Allow))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::SHIPPED_POLICY;

    const ADMINISTRATOR: &str = "system:bootstrap";

    fn set(more: &str) -> PolicySet {
        PolicySet::from_csv(1, &format!("{SHIPPED_POLICY}\n{more}\n")).unwrap()
    }

    #[test]
    fn of_the_shipped_roles_only_bootstrap_opens_everything() {
        let set = set("");
        let opening = Opening::of(&set, ADMINISTRATOR);
        let roles = set.roles();
        let open: Vec<&str> = roles.keys().copied().filter(|role| opening.opens(role)).collect();
        assert_eq!(open, ["bootstrap"]);
        assert!(![EVERYONE, ANONYMOUS, "unknown"].iter().any(|role| opening.opens(role)));
    }

    #[test]
    fn whatever_way_rules_open_everything_is_found_and_what_opens_less_is_not() {
        let before = set("g, user:root, bootstrap, *\ng, group:ops, bootstrap, ops/*");
        let before = Opening::of(&before, ADMINISTRATOR);
        let held = "g, user:root, bootstrap, *\ng, group:ops, bootstrap, ops/*\n";
        for (more, found) in [
            ("", None),
            ("g, user:root, bootstrap, ops/*", None),
            ("g, group:ops, bootstrap, ops/day/*", None),
            ("g, user:adam, administrator, *", None),
            ("p, all-but, all-but, *, dataset:*|job:*|role:*, *, *, allow", None),
            ("p, own, own, *, *, owner:self, *, allow", None),
            ("p, there, there, clinical/*, *, *, *, allow", None),
            ("p, not, not, *, *, *, *, deny", None),
            ("g, user:adam, bootstrap, *", Some("bootstrap")),
            ("g, user:adam, bootstrap, clinical/*", Some("bootstrap")),
            ("g, group:ops, bootstrap, *", Some("bootstrap")),
            ("g, service:etl, bootstrap, *", Some("bootstrap")),
            ("g2, viewer, bootstrap", Some("administrator")),
            ("g2, new, administrator\ng2, new, bootstrap", Some("new")),
            ("p, all, all, *, *, *, *, allow", Some("all")),
            ("p, all, everyone, *, *, *, *, allow", Some(EVERYONE)),
            ("p, all, anonymous, *, *, *, *, allow", Some(ANONYMOUS)),
            ("p, all, all, *, *, !tag:none, auth:mfa, allow, no_export", Some("all")),
            (
                "p, a, all, *, *, class:*, *, allow\np, b, all, *, *, !class:*, *, allow",
                Some("all"),
            ),
        ] {
            let after = set(&format!("{held}{more}"));
            let after = Opening::of(&after, ADMINISTRATOR);
            assert_eq!(after.more_than(&before), found, "{more}");
        }
    }

    #[test]
    fn what_was_open_before_may_stay_or_go() {
        let (wide, narrow) = (set("g, user:adam, bootstrap, *"), set(""));
        let (wide, narrow) =
            (Opening::of(&wide, ADMINISTRATOR), Opening::of(&narrow, ADMINISTRATOR));
        assert_eq!(wide.more_than(&wide), None);
        assert_eq!(narrow.more_than(&wide), None);
        assert_eq!(wide.more_than(&narrow), Some("bootstrap"));
    }
}
