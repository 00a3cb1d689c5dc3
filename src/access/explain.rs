//! Why: the rules that made a decision, the nearest rule that would have allowed it, and who may.
//!
//! The decision is the judge's. What is missing for a rule to apply is read off the rule here, for
//! people to act on; nothing is decided by it.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;
use uuid::Uuid;

use super::action::Action;
use super::condition::Context;
use super::decision::{Decision, Reason};
use super::judge::Judge;
use super::limits::WHO_CAN_ASKED_MAX;
use super::obligation::Obligation;
use super::policy::{EVERYONE, Effect, Rule, covers_domain};
use super::principal::{AuthMethod, Principal, PrincipalKind};
use super::resource::AccessClass;
use super::selector::View;

/// What a rule asks for that is not so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "missing", content = "expected")]
pub enum Missing {
    /// The principal does not hold this role for the resource's domain.
    Role(String),
    /// The resource is in no such domain.
    Domain(String),
    /// The resource is not selected so.
    Selector(String),
    /// The circumstances are not these.
    Condition(String),
    /// No purpose is stated.
    Purpose,
    /// The token's scopes leave the act out.
    Scope,
    /// The token is bound to other namespaces.
    Namespace,
}

/// The rule that lacks least to allow it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Nearest {
    /// The rule.
    pub rule: Arc<str>,
    /// What it lacks.
    pub missing: Vec<Missing>,
}

/// A decision and why it is so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The decision.
    pub decision: Arc<Decision>,
    /// The roles that the principal holds for the resource.
    pub roles: Vec<String>,
    /// Of a deny that no rule asks for: the nearest rule that would allow it.
    pub nearest: Option<Nearest>,
}

/// Somebody who may, and by what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Permitted {
    /// `user:ann`, or `group:sales` for whoever is in it, or `everyone`.
    pub subject: String,
    /// The decision, an allow.
    pub decision: Arc<Decision>,
}

/// Who may do something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WhoCan {
    /// Those who may, in order of subject.
    pub permitted: Vec<Permitted>,
    /// Those who may but are not listed, because of the limit.
    pub left_out: usize,
    /// Subjects that were not asked about, because there are too many.
    pub not_asked: usize,
}

impl Judge {
    /// Decides, and says why.
    #[must_use]
    pub fn explain(
        &self,
        principal: &Principal,
        action: Action,
        class: &AccessClass,
        context: &Context,
    ) -> Explanation {
        let standing = self.standing(principal);
        let decision = self.decide(&standing, action, class, context);
        let ids = standing.held.roles_for(class.resource());
        let names = ids.iter().filter_map(|id| self.roles.name(*id));
        let roles: Vec<String> = names.map(str::to_owned).collect();
        let explained = decision.allow
            || (decision.reason == Reason::Rules && !decision.rules.is_empty())
            || decision.is_alarm();
        let nearest = if explained {
            None
        } else {
            self.nearest(principal, &roles, action, class, context, &decision.reason)
        };
        Explanation { decision, roles, nearest }
    }

    fn nearest(
        &self,
        principal: &Principal,
        roles: &[String],
        action: Action,
        class: &AccessClass,
        context: &Context,
        reason: &Reason,
    ) -> Option<Nearest> {
        let narrowed = match reason {
            Reason::Scope => Some(Missing::Scope),
            Reason::Namespace => Some(Missing::Namespace),
            _ => None,
        };
        let rules = self.policy().rules.iter();
        let about =
            rules.filter(|rule| rule.effect == Effect::Allow && rule.actions.contains(action));
        let lacking = about.map(|rule| {
            let missing = missing_of(rule, principal, roles, class, context);
            (rule, missing.chain(narrowed.clone()).collect::<Vec<_>>())
        });
        // Of rules that lack equally much, one whose role is held is nearer.
        let nearest = lacking.min_by_key(|(_, missing)| {
            let role_lacks = missing.iter().any(|missing| matches!(missing, Missing::Role(_)));
            (missing.len(), role_lacks)
        });
        nearest.map(|(rule, missing)| Nearest { rule: Arc::clone(&rule.id), missing })
    }

    /// Lists who may do something, of those the rules name: everybody, each group as one who is in
    /// it, and each principal by what it was given itself. Whoever is recognised by `auth`.
    ///
    /// What people hold by their groups is said of the groups, because only the database
    /// knows the members.
    #[must_use]
    pub fn who_can(
        &self,
        action: Action,
        class: &AccessClass,
        context: &Context,
        auth: AuthMethod,
        limit: usize,
    ) -> WhoCan {
        let named = self.policy().grants.iter().map(|grant| grant.subject.as_str());
        let subjects: BTreeSet<&str> = named.chain([EVERYONE]).collect();
        let not_asked = subjects.len().saturating_sub(WHO_CAN_ASKED_MAX);
        let mut answer = WhoCan { permitted: vec![], left_out: 0, not_asked };
        for subject in subjects.into_iter().take(WHO_CAN_ASKED_MAX) {
            let decision = self.decide_for(&example_of(subject, auth), action, class, context);
            if decision.allow && answer.permitted.len() < limit {
                answer.permitted.push(Permitted { subject: subject.to_owned(), decision });
            } else {
                answer.left_out += usize::from(decision.allow);
            }
        }
        answer
    }
}

fn missing_of<'a>(
    rule: &'a Rule,
    principal: &Principal,
    roles: &[String],
    class: &AccessClass,
    context: &Context,
) -> impl Iterator<Item = Missing> + 'a {
    let resource = class.resource();
    let (own, bound) = (principal.owns(resource), principal.is_bound_to(resource));
    let purposeless = context.purpose.is_none();
    let lacks = [
        (!roles.contains(&rule.role)).then(|| Missing::Role(rule.role.clone())),
        (!covers_domain(&rule.domain, resource)).then(|| Missing::Domain(rule.domain.to_string())),
        (!rule.selector.covers(View { resource, own, bound }))
            .then(|| Missing::Selector(rule.selector.to_string())),
        (!rule.condition.met(context, principal.auth))
            .then(|| Missing::Condition(rule.condition.to_string())),
        (purposeless && rule.obligations.contains(&Obligation::RequirePurpose))
            .then_some(Missing::Purpose),
    ];
    lacks.into_iter().flatten()
}

/// Makes a principal as the subject of a grant describes it.
pub(super) fn example_of(subject: &str, auth: AuthMethod) -> Principal {
    let (kind, name) = subject.split_once(':').unwrap_or(("user", ""));
    let kind = match kind {
        "group" => {
            let member = Principal::new(Uuid::nil(), PrincipalKind::User, "", auth);
            return Principal { groups: vec![name.to_owned()], ..member };
        }
        "service" => PrincipalKind::Service,
        "system" => PrincipalKind::System,
        _ => PrincipalKind::User,
    };
    Principal::new(Uuid::nil(), kind, name, auth)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Kind, PolicySet, Resource, SHIPPED_POLICY};
    use crate::base::Time;

    fn judge(more: &str) -> Judge {
        Judge::new(PolicySet::from_csv(3, &format!("{SHIPPED_POLICY}\n{more}")).unwrap()).unwrap()
    }

    fn now() -> Context {
        Context::at(Time::parse("2026-11-20T09:30:00Z").unwrap())
    }

    #[test]
    fn a_deny_names_the_nearest_rule_and_what_it_lacks() {
        let judge = judge("g, user:ann, viewer");
        let ann = example_of("user:ann", AuthMethod::Password);
        let restricted = Resource::new(Kind::Dataset).tagged("restricted").class();
        let why = judge.explain(&ann, Action::DatasetRead, &restricted, &now());
        assert!(why.decision.is_default_deny());
        assert_eq!(why.roles, ["everyone", "viewer"]);
        let nearest = why.nearest.unwrap();
        assert_eq!(&*nearest.rule, "viewer-catalog");
        assert_eq!(nearest.missing, [Missing::Selector("!tag:restricted & !class:*".into())]);
    }

    #[test]
    fn a_deny_by_rule_names_that_rule_and_no_other() {
        let judge = judge("g, user:ann, approver\ng, user:ann, privacy_officer");
        let ann = example_of("user:ann", AuthMethod::Mfa);
        let request = |by: &str| Resource::new(Kind::Request).owned_by(by).class();
        let own = judge.explain(&ann, Action::RequestApprove, &request("user:ann"), &now());
        assert!(!own.decision.allow);
        assert_eq!(own.decision.rules, ["four-eyes".into()]);
        assert_eq!(own.nearest, None);
        let other = judge.explain(&ann, Action::RequestApprove, &request("user:bob"), &now());
        assert!(other.decision.allow, "{other:?}");
        assert_eq!(other.decision.policy_version, 3);
    }

    #[test]
    fn a_scope_that_leaves_the_act_out_is_what_is_missing() {
        let judge = judge("g, user:ann, viewer");
        let mut ann = example_of("user:ann", AuthMethod::Token);
        ann.scopes = Some("job:*".parse().unwrap());
        let why =
            judge.explain(&ann, Action::DatasetRead, &Resource::new(Kind::Dataset).class(), &now());
        assert_eq!(why.decision.reason, Reason::Scope);
        assert_eq!(why.nearest.unwrap().missing, [Missing::Scope]);
    }

    #[test]
    fn who_can_lists_those_that_the_rules_name() {
        let judge = judge("g, user:ann, steward\ng, group:stewards, steward\ng, user:bob, viewer");
        let dataset = Resource::new(Kind::Dataset).class();
        let who =
            |limit| judge.who_can(Action::DatasetEdit, &dataset, &now(), AuthMethod::Mfa, limit);
        let names: Vec<_> =
            who(9).permitted.into_iter().map(|permitted| permitted.subject).collect();
        assert_eq!(names, ["group:stewards", "system:bootstrap", "user:ann"]);
        assert_eq!(who(1).left_out, 2);
    }
}
