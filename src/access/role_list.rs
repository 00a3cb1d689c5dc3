//! The roles that a set of rules knows, as people read them: what each includes, and by which rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::pattern::Pattern;
use super::policy::{ANONYMOUS, EVERYONE, PolicySet};

/// A role of a set of rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleSummary {
    /// The roles that it includes, directly or through others, in order.
    pub includes: Vec<String>,
    /// The rules that are about it alone, without those of the roles that it includes.
    pub rules: Vec<Arc<str>>,
}

impl PolicySet {
    /// Lists the roles that can be given, by name. `everyone` and `anonymous` are not among them:
    /// they are held without being given.
    #[must_use]
    pub fn roles(&self) -> BTreeMap<&str, RoleSummary> {
        let inherited = self.inherited();
        let parents = self.parents.iter().flat_map(|parent| [&*parent.role, &*parent.inherits]);
        let granted = self.grants.iter().map(|grant| &*grant.role);
        let mut roles: BTreeMap<&str, RoleSummary> = BTreeMap::new();
        for role in parents.chain(granted) {
            roles.entry(role).or_default();
        }
        for rule in &self.rules {
            roles.entry(&rule.role).or_default().rules.push(Arc::clone(&rule.id));
        }
        roles.retain(|name, _| ![EVERYONE, ANONYMOUS].contains(name));
        for (name, role) in &mut roles {
            let closure = Self::closure(&inherited, name);
            let others = closure.into_iter().filter(|other| other != name);
            role.includes = others.map(str::to_owned).collect();
        }
        roles
    }

    /// Lists the roles that the set itself gives to a principal or group, such as `user:ann`.
    pub fn granted_to<'a>(
        &'a self,
        subject: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a Pattern)> {
        let own = self.grants.iter().filter(move |grant| grant.subject == subject);
        own.map(|grant| (&*grant.role, &grant.domain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::SHIPPED_POLICY;

    #[test]
    fn the_shipped_roles_are_listed_with_what_they_include() {
        let set = PolicySet::from_csv(1, SHIPPED_POLICY).unwrap();
        let roles = set.roles();
        assert_eq!(roles["steward"].includes, ["contributor", "viewer"]);
        assert!(roles["steward"].rules.iter().any(|rule| &**rule == "steward-hide"));
        assert!(roles.contains_key("ingest") && !roles.contains_key("everyone"));
        let granted: Vec<_> = set.granted_to("group:pipelines").map(|(role, _)| role).collect();
        assert_eq!(granted, ["ingest"]);
    }
}
