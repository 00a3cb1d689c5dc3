//! What is lawful in a set of rules and yet most likely a mistake.
//!
//! Rules are compared by their texts and roles: what is reported is so, but not everything that is
//! so is reported (`tag:a & tag:b` is not seen to be part of `tag:a`).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde::Serialize;

use super::action::Action;
use super::condition::Condition;
use super::effect::Effect;
use super::formula::Formula;
use super::limits::LINT_PAIRS_MAX;
use super::policy::{ANONYMOUS, EVERYONE, PolicySet, Rule};
use super::selector::{Feature, Selector};

/// The role that may be given everything.
const ADMINISTRATOR: &str = "administrator";

/// What kind of mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// The rule never changes a decision: another one denies or allows all that it would.
    Unreachable,
    /// Two rules of one role say the opposite of the same; the deny wins.
    Contradictory,
    /// The rule gives more than anybody but an administrator should have.
    OverBroad,
    /// A role is given or inherited for which there is no rule.
    UnknownRole,
    /// A role is defined that does nothing: neither it nor what it inherits has a rule.
    UnusedRole,
    /// Somebody can approve what they submitted.
    NoFourEyes,
    /// There are too many rules to compare them all.
    Incomplete,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// What kind.
    pub kind: FindingKind,
    /// The rule that it is about, if it is about one.
    pub rule: Option<Arc<str>>,
    /// What is the matter, in a sentence.
    pub message: String,
}

/// Lists what looks like a mistake, by kind and rule.
#[must_use]
pub fn lint(set: &PolicySet) -> Vec<Finding> {
    let mut findings = compared(set);
    findings.extend(set.rules.iter().filter_map(over_broad));
    findings.extend(roles(set));
    findings.extend(four_eyes(set));
    findings.sort();
    findings
}

fn about(kind: FindingKind, rule: &Rule, message: String) -> Finding {
    Finding { kind, rule: Some(Arc::clone(&rule.id)), message }
}

/// Compares each rule with those that apply to the same askers.
fn compared(set: &PolicySet) -> Vec<Finding> {
    let inherited = set.inherited();
    let mut by_role: HashMap<&str, Vec<&Rule>> = HashMap::new();
    for rule in &set.rules {
        by_role.entry(&rule.role).or_default().push(rule);
    }
    let mut closures: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let (mut findings, mut pairs) = (vec![], 0);
    for rule in &set.rules {
        let roles = closures.entry(&rule.role).or_insert_with(|| {
            let mut roles = PolicySet::closure(&inherited, &rule.role);
            if rule.role != ANONYMOUS {
                roles.extend(PolicySet::closure(&inherited, EVERYONE));
            }
            roles
        });
        let others = roles.iter().filter_map(|role| by_role.get(role)).flatten();
        for other in others.filter(|other| other.id != rule.id) {
            pairs += 1;
            findings.extend(between(rule, other));
        }
        if pairs > LINT_PAIRS_MAX {
            let message = format!("more than {LINT_PAIRS_MAX} pairs of rules: not all compared");
            findings.push(Finding { kind: FindingKind::Incomplete, rule: None, message });
            break;
        }
    }
    findings
}

/// What another rule, which applies whenever this one's role is held, makes of this one.
fn between(rule: &Rule, other: &Rule) -> Option<Finding> {
    let whole = includes(other, rule);
    match (rule.effect, other.effect) {
        (Effect::Allow, Effect::Deny) if whole => {
            let message = format!("`{}` denies all that it allows", other.id);
            Some(about(FindingKind::Unreachable, rule, message))
        }
        (Effect::Allow, Effect::Deny) if other.role == rule.role && same_scope(rule, other) => {
            let message = format!("`{}` denies a part of what it allows", other.id);
            Some(about(FindingKind::Contradictory, rule, message))
        }
        // Of two that say the same, the one whose name comes later is too much.
        (one, two) if one == two && whole && (!includes(rule, other) || other.id < rule.id) => {
            let excused = other.obligations.iter().all(|duty| rule.obligations.contains(duty));
            let message = format!("`{}` says all that it says", other.id);
            excused.then(|| about(FindingKind::Unreachable, rule, message))
        }
        _ => None,
    }
}

/// Whether the wide rule applies wherever the narrow one does, its role aside.
fn includes(wide: &Rule, narrow: &Rule) -> bool {
    (wide.domain.is_any() || wide.domain == narrow.domain)
        && wide.actions.includes(&narrow.actions)
        && (wide.selector.is_always() || wide.selector == narrow.selector)
        && (wide.condition.is_always() || wide.condition == narrow.condition)
}

fn same_scope(one: &Rule, two: &Rule) -> bool {
    one.domain == two.domain
        && one.actions.meets(&two.actions)
        && one.selector == two.selector
        && one.condition == two.condition
}

fn over_broad(rule: &Rule) -> Option<Finding> {
    if rule.effect == Effect::Deny || rule.role == ADMINISTRATOR || !rule.selector.is_always() {
        return None;
    }
    if rule.actions.is_all() {
        let message = "allows everything on everything".to_owned();
        return Some(about(FindingKind::OverBroad, rule, message));
    }
    let destructive: Vec<&str> =
        rule.actions.iter().filter(|act| act.is_destructive()).map(Action::as_str).collect();
    let message = || format!("allows {} on everything", destructive.join(", "));
    (!destructive.is_empty()).then(|| about(FindingKind::OverBroad, rule, message()))
}

/// Roles without any rule. Who holds a role is not the set's to know (roles are given with people, groups
/// and accounts), so that nobody holds one is not said.
fn roles(set: &PolicySet) -> Vec<Finding> {
    let inherited = set.inherited();
    let ruled: BTreeSet<&str> = set.rules.iter().map(|rule| rule.role.as_str()).collect();
    let known =
        |role: &str| PolicySet::closure(&inherited, role).iter().any(|role| ruled.contains(role));
    let given = set.grants.iter().map(|grant| grant.role.as_str());
    let named: BTreeSet<&str> =
        given.chain(set.parents.iter().map(|parent| parent.inherits.as_str())).collect();
    let defined: BTreeSet<&str> = set.parents.iter().map(|parent| parent.role.as_str()).collect();
    let unused = defined.difference(&named).filter(|role| !known(role)).map(|role| Finding {
        kind: FindingKind::UnusedRole,
        rule: None,
        message: format!("role `{role}` does nothing: neither it nor what it inherits has a rule"),
    });
    let unknown = named.iter().filter(|role| !known(role)).map(|role| Finding {
        kind: FindingKind::UnknownRole,
        rule: None,
        message: format!("role `{role}` is given or inherited, and has no rule"),
    });
    unknown.chain(unused).collect()
}

/// Whether everybody is denied approving their own requests.
fn four_eyes(set: &PolicySet) -> Option<Finding> {
    let own: Selector = Formula::Term(Feature::OwnerSelf);
    let kept = set.rules.iter().any(|rule| {
        rule.effect == Effect::Deny
            && rule.role == EVERYONE
            && rule.domain.is_any()
            && rule.actions.contains(Action::RequestApprove)
            && (rule.selector == own || rule.selector.is_always())
            && rule.condition == Condition::Always
    });
    (!kept).then(|| Finding {
        kind: FindingKind::NoFourEyes,
        rule: None,
        message: "no rule denies everyone `request:approve` on `owner:self`".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::SHIPPED_POLICY;

    fn found(csv: &str) -> Vec<(FindingKind, String)> {
        let eyes = "p, eyes, everyone, *, request:approve, owner:self, *, deny";
        let set = PolicySet::from_csv(1, &format!("{csv}\n{eyes}\ng, user:a, r")).unwrap();
        let findings = lint(&set).into_iter();
        findings
            .map(|f| (f.kind, f.rule.map_or_else(|| f.message.clone(), |rule| rule.to_string())))
            .collect()
    }

    #[test]
    fn the_shipped_policy_is_over_broad_for_the_bootstrap_token_alone() {
        // Roles are given to people, not in the set: that the set gives none is no mistake.
        let findings = lint(&PolicySet::from_csv(1, SHIPPED_POLICY).unwrap());
        let [bootstrap] = &findings[..] else { panic!("{findings:#?}") };
        assert_eq!(bootstrap.rule.as_deref(), Some("bootstrap-all"));
    }

    #[test]
    fn rules_that_never_matter_are_unreachable() {
        use FindingKind::Unreachable;
        let denied =
            "p, a, r, *, dataset:read, tag:x, *, allow\np, b, r, *, dataset:*, tag:x, *, deny";
        assert_eq!(found(denied), [(Unreachable, "a".into())]);
        let by_everyone =
            "p, a, r, *, job:read, tag:x, *, allow\np, b, everyone, *, job:*, *, *, deny";
        assert_eq!(found(by_everyone), [(Unreachable, "a".into())]);
        let twice = "p, a, r, *, job:read, tag:x, *, allow\np, b, r, *, job:read, tag:x, *, allow";
        assert_eq!(found(twice), [(Unreachable, "b".into())]);
        let wider =
            "p, a, r, *, job:*, tag:x, *, allow\np, b, r, *, job:read, tag:x, *, allow, redact_sql";
        assert!(found(wider).contains(&(Unreachable, "b".into())));
        let freer =
            "p, a, r, *, job:*, tag:x, *, allow, redact_sql\np, b, r, *, job:read, tag:x, *, allow";
        assert_eq!(found(freer), []);
    }

    #[test]
    fn rules_that_contradict_are_named() {
        let csv = "p, a, r, *, dataset:read|job:read, tag:x, *, allow\n\
                   p, b, r, *, job:read|job:edit, tag:x, *, deny";
        assert_eq!(found(csv), [(FindingKind::Contradictory, "a".into())]);
    }

    #[test]
    fn rules_that_give_too_much_are_named() {
        use FindingKind::OverBroad;
        assert_eq!(found("p, a, r, *, *, *, *, allow"), [(OverBroad, "a".into())]);
        assert_eq!(found("p, a, r, *, dataset:*, *, *, allow"), [(OverBroad, "a".into())]);
        assert_eq!(found("p, a, r, *, dataset:delete, owner:self, *, allow"), []);
    }

    #[test]
    fn roles_without_rules_are_named_and_those_that_the_set_gives_nobody_are_not() {
        use FindingKind::{UnknownRole, UnusedRole};
        let of = |csv: &str| found(csv).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
        assert_eq!(of("p, a, s, *, job:read, *, *, allow"), [UnknownRole], "only `r` is given");
        let ruled = "p, a, r, *, job:read, *, *, allow";
        assert_eq!(of(&format!("{ruled}\ng2, t, r")), []);
        assert_eq!(of(&format!("{ruled}\ng2, t, u")), [UnknownRole, UnusedRole], "u and t");
        let no_eyes = lint(&PolicySet::from_csv(1, "").unwrap());
        assert_eq!(no_eyes[0].kind, FindingKind::NoFourEyes);
    }
}
