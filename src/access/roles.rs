//! Who holds which roles: resolved here, once per principal, so that casbin never walks a graph.
//!
//! casbin looks for an unknown user among all users, for each rule; here an unknown user costs one
//! failed look-up.

use std::collections::{BTreeSet, HashMap};

use super::effect::Effect;
use super::pattern::Pattern;
use super::policy::{ANONYMOUS, EVERYONE, PolicySet, covers_domain};
use super::principal::{Principal, PrincipalKind};
use super::resource::Resource;

/// A role, by its place in the graph's list.
pub(super) type RoleId = u32;

/// The roles of one set, what they include, and who was given them.
#[derive(Debug)]
pub(super) struct Roles {
    names: Vec<String>,
    /// Of each role, itself and all it includes.
    closures: Vec<Vec<RoleId>>,
    ids: HashMap<String, RoleId>,
    grants: HashMap<String, Vec<(Pattern, RoleId)>>,
    everyone: Vec<RoleId>,
    anonymous: Vec<RoleId>,
}

/// The roles that count for a resource, each list in order, each role once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Seated {
    /// Those whose rules all count.
    pub(super) full: Vec<RoleId>,
    /// Those of which only denials count: they are held in domains, and which domain the resource
    /// is in cannot be read.
    pub(super) denying: Vec<RoleId>,
}

/// The roles that one principal holds: everywhere, and in some domains.
#[derive(Debug, Clone, Default)]
pub(super) struct Held {
    everywhere: Vec<RoleId>,
    local: Vec<(Pattern, Vec<RoleId>)>,
}

impl Roles {
    pub(super) fn of(set: &PolicySet) -> Self {
        let parents = set.parents.iter().flat_map(|parent| [&parent.role, &parent.inherits]);
        let rules = set.rules.iter().map(|rule| &rule.role);
        let grants = set.grants.iter().map(|grant| &grant.role);
        let mut names: Vec<String> = rules.chain(grants).chain(parents).cloned().collect();
        names.extend([EVERYONE.to_owned(), ANONYMOUS.to_owned()]);
        names.sort_unstable();
        names.dedup();
        let ids: HashMap<String, RoleId> = names.iter().cloned().zip(0..).collect();
        let inherited = set.inherited();
        let closure = |name: &str| -> Vec<RoleId> {
            let closure = PolicySet::closure(&inherited, name);
            closure.into_iter().filter_map(|name| ids.get(name).copied()).collect()
        };
        let mut grants: HashMap<String, Vec<(Pattern, RoleId)>> = HashMap::new();
        for grant in &set.grants {
            if let Some(id) = ids.get(&grant.role) {
                let of_subject = grants.entry(grant.subject.clone()).or_default();
                of_subject.push((grant.domain.clone(), *id));
            }
        }
        let closures = names.iter().map(|name| closure(name)).collect();
        let (everyone, anonymous) = (closure(EVERYONE), closure(ANONYMOUS));
        Self { closures, ids, grants, everyone, anonymous, names }
    }

    /// Returns the name of a role.
    pub(super) fn name(&self, role: RoleId) -> Option<&str> {
        self.names.get(usize::try_from(role).ok()?).map(String::as_str)
    }

    /// Resolves what a principal holds, by itself and by its groups.
    pub(super) fn held_by(&self, principal: &Principal) -> Held {
        if principal.kind == PrincipalKind::Anonymous {
            return Held { everywhere: self.anonymous.clone(), local: vec![] };
        }
        let groups = principal.groups.iter().map(|group| format!("group:{group}"));
        let subjects = groups.chain([principal.reference()]);
        let mut held = Held { everywhere: self.everyone.clone(), local: vec![] };
        let granted = subjects.filter_map(|subject| self.grants.get(&subject)).flatten();
        let granted = granted.map(|(domain, role)| (domain, *role));
        let given =
            principal.roles.iter().filter(|(role, _)| ![EVERYONE, ANONYMOUS].contains(&&**role));
        let given = given.filter_map(|(role, domain)| Some((domain, *self.ids.get(role)?)));
        for (domain, role) in granted.chain(given) {
            let closure = usize::try_from(role).ok().and_then(|role| self.closures.get(role));
            let roles = closure.cloned().unwrap_or_default();
            match domain.is_any() {
                true => held.everywhere.extend(roles),
                false => held.local.push((domain.clone(), roles)),
            }
        }
        held
    }
}

impl Held {
    /// Returns whether what is held depends on the resource's domain.
    pub(super) fn depends_on_domain(&self) -> bool {
        !self.local.is_empty()
    }

    /// Returns the roles held anywhere, in order, each once.
    pub(super) fn all_roles(&self) -> Vec<RoleId> {
        let local = self.local.iter().flat_map(|(_, roles)| roles);
        let mut roles: Vec<RoleId> = self.everywhere.iter().chain(local).copied().collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    /// Returns the roles held for a resource.
    pub(super) fn roles_for(&self, resource: &Resource) -> Seated {
        let held = |effect| {
            let covers = |(domain, _): &&(Pattern, _)| covers_domain(domain, resource, effect);
            let local = self.local.iter().filter(covers).flat_map(|(_, roles)| roles);
            let roles: BTreeSet<RoleId> = self.everywhere.iter().chain(local).copied().collect();
            roles
        };
        // Whatever allows denies as well; only of what cannot be read may more deny.
        let full = held(Effect::Allow);
        let denying = match resource.unreadable {
            true => held(Effect::Deny).difference(&full).copied().collect(),
            false => Vec::new(),
        };
        Seated { full: full.into_iter().collect(), denying }
    }
}
