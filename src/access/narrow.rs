//! What a principal is limited to by how it is known, whatever its roles allow: the scopes of its
//! token, the namespaces that it is bound to, and that a person's token makes no secrets.
//!
//! Whoever is bound to namespaces (and not to `*`, which is all) is bound at every door. What lies in no namespace (people, roles,
//! rules, keys, the audit log, Lethe itself) is therefore closed to them, but for looking after
//! themselves; which kinds of things lie in namespaces is said here once, for every act.

use super::action::{Action, Kind};
use super::decision::Reason;
use super::pattern::Pattern;
use super::principal::{AuthMethod, Principal, PrincipalKind};
use super::reach::Reach;
use super::resource::Resource;

/// Returns why a principal may not do something to a resource, if that is due to how it is known.
pub(super) fn limit(principal: &Principal, action: Action, resource: &Resource) -> Option<Reason> {
    if principal.scopes.as_ref().is_some_and(|scopes| !scopes.contains(action)) {
        return Some(Reason::Scope);
    }
    if is_kept_from_secrets(principal, action) {
        return Some(Reason::Secrets);
    }
    if !is_bound(principal) {
        return None;
    }
    let inside = match &resource.namespace {
        Some(_) => principal.is_bound_to(resource),
        None => match of_bound(action) {
            Reach::Nothing => false,
            Reach::Own => principal.owns(resource),
            Reach::Others => lies_nowhere(action),
        },
    };
    (!inside).then_some(Reason::Namespace)
}

/// Returns to what a principal may do something at most, because of how it is known.
pub(super) fn reach(principal: &Principal, action: Action) -> Reach {
    let scoped = principal.scopes.as_ref().is_some_and(|scopes| !scopes.contains(action));
    if scoped || is_kept_from_secrets(principal, action) {
        return Reach::Nothing;
    }
    if is_bound(principal) { of_bound(action) } else { Reach::Others }
}

/// Whether there is anything that a principal is kept from by the namespaces it is bound to.
fn is_bound(principal: &Principal) -> bool {
    let bound = principal.namespaces.as_deref();
    bound.is_some_and(|patterns| !patterns.iter().any(Pattern::is_any))
}

/// A token that leaked must not outlive its end: a person's makes no token and sets no password,
/// for nobody; nor does a session that it opened.
fn is_kept_from_secrets(principal: &Principal, action: Action) -> bool {
    matches!(action, Action::TokenCreate | Action::UserPassword)
        && principal.kind == PrincipalKind::User
        && principal.auth == AuthMethod::Token
}

/// Whether an act is about nothing that lies in a namespace, and yet open to whoever is bound.
fn lies_nowhere(action: Action) -> bool {
    // Hashes, by which anybody can check that the log was not changed.
    action == Action::AuditVerify
}

/// Returns to what somebody who is bound to namespaces may do something at most.
fn of_bound(action: Action) -> Reach {
    match action.kind() {
        // They lie in namespaces; of what lies in none that is known, nothing may be done.
        Kind::Event
        | Kind::DeadLetter
        | Kind::Dataset
        | Kind::Job
        | Kind::Run
        | Kind::Lineage
        | Kind::Namespace
        | Kind::AccessEvent => Reach::Others,
        // To look after oneself.
        Kind::Token | Kind::Session => match action {
            Action::TokenCreate => Reach::Nothing,
            _ => Reach::Own,
        },
        Kind::User if action == Action::UserRead => Reach::Own,
        Kind::Policy if action == Action::PolicyDecide => Reach::Own,
        Kind::Audit if lies_nowhere(action) => Reach::Others,
        Kind::User
        | Kind::Policy
        | Kind::Audit
        | Kind::Source
        | Kind::Tag
        | Kind::Operation
        | Kind::Group
        | Kind::Role
        | Kind::ServiceAccount
        | Kind::Key
        | Kind::Request
        | Kind::Hold
        | Kind::Retention => Reach::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn known(kind: PrincipalKind, auth: AuthMethod) -> Principal {
        Principal::new(Uuid::nil(), kind, "ann", auth)
    }

    #[test]
    fn whoever_is_bound_does_nothing_to_what_lies_in_no_namespace_but_look_after_themselves() {
        let unbound = known(PrincipalKind::User, AuthMethod::Password);
        let namespaces = Some(vec!["team-a".parse::<Pattern>().unwrap()]);
        let bound = Principal { namespaces, ..unbound.clone() };
        let own = ["token:read", "token:revoke", "session:read", "session:revoke", "user:read"];
        for action in Action::ALL {
            let of_nobody = Resource::new(action.kind());
            let mine = of_nobody.clone().owned_by("user:ann");
            let is = |resource: &Resource| limit(&bound, *action, resource).is_none();
            let itself = own.contains(&action.as_str()) || *action == Action::PolicyDecide;
            let verifies = *action == Action::AuditVerify;
            assert_eq!(is(&of_nobody), verifies, "{action}");
            assert_eq!(is(&mine), itself || verifies, "{action} of one's own");
            assert_eq!(limit(&unbound, *action, &of_nobody), None, "{action}");
            let all = Principal { namespaces: Some(vec![Pattern::any()]), ..unbound.clone() };
            assert_eq!(limit(&all, *action, &of_nobody), None, "{action}");
            let there = of_nobody.clone().in_namespace("team-a");
            assert!(is(&there), "{action} within");
            assert!(!is(&of_nobody.in_namespace("team-b")), "{action} elsewhere");
            // What can be reached at most is never less than what is let through.
            let most = reach(&bound, *action);
            assert!(most == Reach::Others || !is(&Resource::new(action.kind())), "{action}");
            assert!(most >= Reach::Own || !is(&mine), "{action}");
        }
    }

    #[test]
    fn only_a_persons_token_is_kept_from_secrets() {
        for (kind, auth, kept) in [
            (PrincipalKind::User, AuthMethod::Token, true),
            (PrincipalKind::User, AuthMethod::Password, false),
            (PrincipalKind::User, AuthMethod::Session, false),
            (PrincipalKind::System, AuthMethod::Token, false),
            (PrincipalKind::Service, AuthMethod::Token, false),
        ] {
            let who = known(kind, auth);
            for action in [Action::TokenCreate, Action::UserPassword] {
                let own = Resource::new(action.kind()).owned_by("user:ann");
                let reason = kept.then_some(Reason::Secrets);
                assert_eq!(limit(&who, action, &own), reason, "{kind:?} by {auth}");
                assert_eq!(reach(&who, action) == Reach::Nothing, kept, "{kind:?} by {auth}");
            }
            assert_eq!(limit(&who, Action::TokenRevoke, &Resource::new(Kind::Token)), None);
        }
    }
}
