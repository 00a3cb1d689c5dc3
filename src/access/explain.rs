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
use super::effect::Effect;
use super::judge::Judge;
use super::obligation::Obligation;
use super::policy::{EVERYONE, Rule, covers_domain};
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
    /// The roles that the principal holds for the resource; of one that cannot be read, those
    /// held everywhere.
    pub roles: Vec<String>,
    /// Of a deny that no rule asks for: the nearest rule that would allow it.
    pub nearest: Option<Nearest>,
}

/// Somebody who may, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permitted {
    /// `user:ann`, or `group:sales` for whoever is in it, or `everyone`.
    pub subject: String,
    /// How they would have to be recognised.
    pub auth: AuthMethod,
    /// The decision, an allow.
    pub decision: Arc<Decision>,
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
        // Of several names, the one for whose sake it is denied.
        let denied = |name: &&AccessClass| !self.decide(&standing, action, name, context).allow;
        let class = class.names().iter().find(denied).unwrap_or(class);
        let held = standing.held.roles_for(class.resource()).full;
        let names = held.iter().filter_map(|id| self.roles.name(*id));
        let roles: Vec<String> = names.map(str::to_owned).collect();
        let explained = decision.allow
            || (decision.reason == Reason::Rules && !decision.rules.is_empty())
            || matches!(decision.reason, Reason::Secrets | Reason::Beyond)
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

    /// Returns the subjects that stand for more than one principal, or for none that the database
    /// knows, in order: `everyone`, groups and systems that the rules give a role.
    #[must_use]
    pub fn collective_subjects(&self) -> BTreeSet<&str> {
        let named = self.policy().grants.iter().map(|grant| grant.subject.as_str());
        let many = |subject: &&str| subject.starts_with("group:") || subject.starts_with("system:");
        named.filter(many).chain([EVERYONE]).collect()
    }

    /// Returns who of these may do something, recognised in the first of the ways that does.
    #[must_use]
    pub fn who_can(
        &self,
        people: &[(String, Principal)],
        ways: &[AuthMethod],
        (action, class): (Action, &AccessClass),
        context: &Context,
    ) -> Vec<Permitted> {
        let may = |(subject, principal): &(String, Principal)| {
            ways.iter().find_map(|auth| {
                let principal = Principal { auth: *auth, ..principal.clone() };
                let decision = self.decide_for(&principal, action, class, context);
                let allow = decision.allow;
                allow.then(|| Permitted { subject: subject.clone(), auth: *auth, decision })
            })
        };
        people.iter().filter_map(may).collect()
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
        (!covers_domain(&rule.domain, resource, rule.effect))
            .then(|| Missing::Domain(rule.domain.to_string())),
        (!rule.selector.covers(View { resource, own, bound }, rule.effect))
            .then(|| Missing::Selector(rule.selector.to_string())),
        (!rule.condition.met(context, principal.auth))
            .then(|| Missing::Condition(rule.condition.to_string())),
        (purposeless && rule.obligations.contains(&Obligation::RequirePurpose))
            .then_some(Missing::Purpose),
    ];
    lacks.into_iter().flatten()
}

/// Makes a principal as the subject of a grant describes it: a group as one who is in it, and
/// `everyone` as somebody of whom no more is known.
#[must_use]
pub fn example_of(subject: &str, auth: AuthMethod) -> Principal {
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
        let restricted = Resource::new(Kind::Dataset).tagged("restricted").access_class();
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
        let request = |by: &str| Resource::new(Kind::Request).owned_by(by).access_class();
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
        let why = judge.explain(
            &ann,
            Action::DatasetRead,
            &Resource::new(Kind::Dataset).access_class(),
            &now(),
        );
        assert_eq!(why.decision.reason, Reason::Scope);
        assert_eq!(why.nearest.unwrap().missing, [Missing::Scope]);
    }

    #[test]
    fn who_can_lists_those_who_may_and_how_they_would_sign_in() {
        let judge = judge("g, group:stewards, steward\ng, user:bob, viewer\ng, user:ada, approver");
        let subjects = judge.collective_subjects();
        let expected = ["everyone", "group:pipelines", "group:stewards", "system:bootstrap"];
        assert_eq!(Vec::from_iter(subjects.iter().copied()), expected);
        let people = subjects.into_iter().chain(["user:ada", "user:bob"]);
        let people: Vec<_> =
            people.map(|one| (one.to_owned(), example_of(one, AuthMethod::None))).collect();
        let ways = [AuthMethod::Token, AuthMethod::Password];
        let who = |action: Action| {
            let class = Resource::new(action.kind()).access_class();
            let found = judge.who_can(&people, &ways, (action, &class), &now());
            found.into_iter().map(|one| (one.subject, one.auth)).collect::<Vec<_>>()
        };
        let by = |subject: &str, auth| (subject.to_owned(), auth);
        assert_eq!(
            who(Action::DatasetEdit),
            [by("group:stewards", AuthMethod::Token), by("system:bootstrap", AuthMethod::Token)]
        );
        assert_eq!(
            who(Action::RequestApprove),
            [by("system:bootstrap", AuthMethod::Token), by("user:ada", AuthMethod::Password)]
        );
    }
}
