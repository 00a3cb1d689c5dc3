//! Roles that are given to people, groups and service accounts.
//!
//! Which roles there are, and what they may do, is said by the rules in force. Giving one is no new
//! version of the rules: it is kept with whoever holds it.

use std::collections::BTreeSet;

use super::super::app::App;
use super::super::audit::Actor;
use super::super::trust::{Known, Refusal};
use super::find::Owner;
use super::given::Given;
use crate::access::{
    Action, AuthMethod, Decision, Judge, Kind, Pattern, Principal, PrincipalKind, Reach, Reason,
    Resource,
};

/// A role of the rules in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleEntry {
    /// Its name.
    pub name: String,
    /// The roles that it includes, directly or through others.
    pub includes: Vec<String>,
    /// The rules that are about it alone.
    pub rules: Vec<String>,
}

/// Returns the roles that somebody holds and where: those that they or their groups were given, and
/// those that the rules give them.
fn held(judge: &Judge, principal: &Principal) -> BTreeSet<(String, String)> {
    let groups = principal.groups.iter().map(|group| format!("group:{group}"));
    let mut held: BTreeSet<(String, String)> =
        principal.roles.iter().map(|(role, at)| (role.clone(), at.to_string())).collect();
    for subject in groups.chain([principal.reference()]) {
        let granted = judge.policy().granted_to(&subject);
        held.extend(granted.map(|(role, at)| (role.to_owned(), at.to_string())));
    }
    held
}

impl App {
    /// Lists the roles of the rules in force by name, with the version of the rules.
    #[must_use]
    pub fn roles(&self) -> (i64, Vec<RoleEntry>) {
        let judge = self.inner.trust.judge();
        let entry = |(name, role): (&str, crate::access::RoleSummary)| RoleEntry {
            name: name.to_owned(),
            includes: role.includes,
            rules: role.rules.iter().map(ToString::to_string).collect(),
        };
        (judge.policy().version, judge.policy().roles().into_iter().map(entry).collect())
    }

    /// Tells whoever asks which roles they hold and where: those that they or their groups were
    /// given, and those that the rules give them.
    ///
    /// # Errors
    ///
    /// [`Refusal::Denied`] if their token does not let them ask about themselves.
    pub async fn roles_held(
        &self,
        asker: (&Known, &Actor),
    ) -> Result<Vec<(String, String)>, Refusal> {
        let principal = asker.0.principal();
        let owner = Owner { row: None, reference: principal.reference() };
        self.enter_for(asker, Action::UserRead, &owner).await?;
        Ok(held(&self.inner.trust.judge(), principal).into_iter().collect())
    }

    /// Returns the acts that any rule could ever let somebody do, and to what, so that nothing
    /// else need be offered to them. Whether they may is decided each time.
    #[must_use]
    pub fn acts_within_reach(&self, known: &Known) -> Vec<(Action, Reach)> {
        let judge = self.inner.trust.judge();
        let standing = judge.standing(known.principal());
        let reach = |action: Action| match self.asks_who() {
            true => judge.reach(&standing, action),
            false => Reach::Others,
        };
        let acts = Action::ALL.iter().map(|action| (*action, reach(*action)));
        acts.filter(|(_, reach)| *reach > Reach::Nothing).collect()
    }

    /// Returns all that being of that reference gives: what was given, and what the rules give.
    pub(super) fn all_given(&self, reference: &str, given: &[Given]) -> Vec<Given> {
        let judge = self.inner.trust.judge();
        let by_rules = judge.policy().granted_to(reference);
        let by_rules =
            by_rules.map(|(role, domain)| Given { role: role.to_owned(), domain: domain.clone() });
        given.iter().cloned().chain(by_rules).collect()
    }

    /// Decides whether somebody may give and take what differs between two lists of roles: for
    /// each role where it is held. A role by which one may do everything that the bootstrap
    /// administrator may is given by whoever holds one, and not by a person's token.
    pub(super) async fn enter_to_assign(
        &self,
        (known, actor): (&Known, &Actor),
        before: &[Given],
        after: &[Given],
    ) -> Result<(), Refusal> {
        let (before, after) = (BTreeSet::from_iter(before), BTreeSet::from_iter(after));
        let given = after.difference(&before).map(|given| &*given.role);
        if self.asks_who() && self.goes_beyond(known, given) {
            let version = self.inner.trust.judge().policy().version;
            let decision = Decision::denied(Reason::Beyond, version);
            return Err(self.refuse(actor, Action::RoleAssign, &decision).await?);
        }
        let domains: BTreeSet<&Pattern> =
            before.symmetric_difference(&after).map(|given| &given.domain).collect();
        for domain in domains {
            let role = Resource::new(Kind::Role);
            let role = if domain.is_any() { role } else { role.in_domain(domain.as_str()) };
            self.admit(known, actor, Action::RoleAssign, role).await?;
        }
        Ok(())
    }

    /// Returns whether one of these roles opens all that the bootstrap administrator may do, and
    /// somebody must not give such a role.
    fn goes_beyond<'a>(&self, known: &Known, mut given: impl Iterator<Item = &'a str>) -> bool {
        let (judge, who) = (self.inner.trust.judge(), known.principal());
        let bootstrap = self.inner.trust.administrator().reference();
        let opening: BTreeSet<&str> =
            judge.policy().granted_to(&bootstrap).map(|(role, _)| role).collect();
        let by_token = who.kind == PrincipalKind::User && who.auth == AuthMethod::Token;
        let roles = judge.policy().roles();
        let opens = |role: &str| {
            let included = roles.get(role).map(|role| role.includes.as_slice()).unwrap_or_default();
            opening.contains(role) || included.iter().any(|role| opening.contains(&**role))
        };
        let holds = || held(&judge, who).iter().any(|(role, _)| opens(role));
        given.any(opens) && (by_token || !holds())
    }
}
