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
    Action, AuthMethod, Decision, Judge, Kind, Opening, Pattern, PolicySet, Principal,
    PrincipalKind, Reach, Reason, Resource,
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
fn held(judge: &Judge, principal: &Principal) -> BTreeSet<(String, Pattern)> {
    let groups = principal.groups.iter().map(|group| format!("group:{group}"));
    let mut held: BTreeSet<(String, Pattern)> = principal.roles.iter().cloned().collect();
    for subject in groups.chain([principal.reference()]) {
        let granted = judge.policy().granted_to(&subject);
        held.extend(granted.map(|(role, at)| (role.to_owned(), at.clone())));
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
        let held = held(&self.inner.trust.judge(), principal);
        Ok(held.into_iter().map(|(role, at)| (role, at.to_string())).collect())
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
        let given = after.difference(&before).map(|given| (&*given.role, &given.domain));
        if self.goes_beyond(known, given) {
            return Err(self.refuse_beyond(actor, Action::RoleAssign).await?);
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

    /// Decides whether somebody may make a secret by which somebody else is known from then on: that
    /// would be to hold their roles. A role that opens everything is not got that way either.
    pub(super) async fn enter_to_speak_as(
        &self,
        (known, actor): (&Known, &Actor),
        action: Action,
        owner: &Owner,
    ) -> Result<(), Refusal> {
        let is_own = owner.reference == known.principal().reference();
        let Some(row) = owner.row.as_ref().filter(|_| !is_own) else { return Ok(()) };
        let owner = self.whoever(row).await?;
        let held = held(&self.inner.trust.judge(), &owner);
        if self.goes_beyond(known, held.iter().map(|(role, at)| (&**role, at))) {
            return Err(self.refuse_beyond(actor, action).await?);
        }
        Ok(())
    }

    /// Decides whether somebody may put these rules into force: if they open everything to more than
    /// those in force do, it must be somebody who could give a role that does.
    pub(in crate::flow) async fn enter_to_open(
        &self,
        (known, actor): (&Known, &Actor),
        rules: &PolicySet,
    ) -> Result<(), Refusal> {
        let (judge, administrator) = (self.inner.trust.judge(), self.bootstrap());
        let before = Opening::of(judge.policy(), &administrator);
        let more = Opening::of(rules, &administrator).more_than(&before);
        if more.is_none() || !self.asks_who() || self.may_open(known, &before, &Pattern::any()) {
            return Ok(());
        }
        Err(self.refuse_beyond(actor, Action::PolicyActivate).await?)
    }

    /// Returns whether one of these roles opens all that the bootstrap administrator may do, and
    /// somebody must not give such a role there.
    fn goes_beyond<'a>(
        &self,
        known: &Known,
        mut given: impl Iterator<Item = (&'a str, &'a Pattern)>,
    ) -> bool {
        let (judge, administrator) = (self.inner.trust.judge(), self.bootstrap());
        let opening = Opening::of(judge.policy(), &administrator);
        let beyond = |(role, at): (&str, &Pattern)| {
            opening.opens(role) && !self.may_open(known, &opening, at)
        };
        self.asks_who() && given.any(beyond)
    }

    /// Returns whether somebody may give what opens everything there: they hold it themselves, and did
    /// not come by a person's token.
    fn may_open(&self, known: &Known, opening: &Opening<'_>, at: &Pattern) -> bool {
        let who = known.principal();
        let by_token = who.kind == PrincipalKind::User && who.auth == AuthMethod::Token;
        let held = held(&self.inner.trust.judge(), who);
        !by_token && held.iter().any(|(role, there)| there.includes(at) && opening.opens(role))
    }

    fn bootstrap(&self) -> String {
        self.inner.trust.administrator().reference()
    }

    async fn refuse_beyond(&self, actor: &Actor, action: Action) -> Result<Refusal, Refusal> {
        let version = self.inner.trust.judge().policy().version;
        self.refuse(actor, action, &Decision::denied(Reason::Beyond, version)).await
    }
}
