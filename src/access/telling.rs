//! What the rules of a set can tell apart.
//!
//! Rules look at attributes by patterns. Two things of which the same patterns hold are one to
//! them, whatever else they carry: a tag that no rule mentions makes no difference. So a class is
//! brought to the patterns that hold of it, and decisions are made for what is left. Kind,
//! namespace and domain stay as they are: tokens and roles are narrowed by patterns that no rule
//! names. Of owners those stay by whom somebody may be meant that asks.

use super::pattern::Pattern;
use super::policy::PolicySet;
use super::principal::Principal;
use super::resource::{AccessClass, Resource};
use super::selector::{Feature, some_class};

/// The patterns by which a set of rules looks at attributes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Telling {
    tags: Vec<Pattern>,
    classes: Vec<Pattern>,
    owners: Vec<Pattern>,
    own: bool,
}

impl Telling {
    /// Collects them.
    pub(super) fn of(set: &PolicySet) -> Self {
        let mut telling = Self::default();
        for rule in &set.rules {
            rule.selector.each_term(&mut |feature| match feature {
                Feature::Tag(pattern) => telling.tags.push(pattern.clone()),
                Feature::Class(pattern) => telling.classes.push(pattern.clone()),
                Feature::Owner(pattern) => telling.owners.push(pattern.clone()),
                Feature::OwnerSelf => telling.own = true,
                Feature::Kind(_)
                | Feature::Namespace(_)
                | Feature::NamespaceBound
                | Feature::Domain(_) => {}
            });
        }
        for list in [&mut telling.tags, &mut telling.classes, &mut telling.owners] {
            list.sort_unstable();
            list.dedup();
        }
        telling
    }

    /// Returns whether it makes a difference who owns something.
    #[must_use]
    pub fn looks_at_own(&self) -> bool {
        self.own
    }

    /// Returns the class as the rules see it, to anybody who owns none of it, or to `asker`.
    ///
    /// A list of names becomes the list of the patterns that some name matches. A pattern matches
    /// itself, as a name, and whatever pattern matches one matches all that it matches: so the
    /// rules say of the one what they say of the other.
    #[must_use]
    pub fn project(&self, class: &AccessClass, asker: Option<&Principal>) -> AccessClass {
        let names = class.names().iter().map(|name| self.seen(name.resource(), asker));
        AccessClass::of_names(names).unwrap_or_else(|| class.clone())
    }

    fn seen(&self, full: &Resource, asker: Option<&Principal>) -> Resource {
        let matched = |patterns: &[Pattern], names: &[String]| -> Vec<String> {
            let holds = |pattern: &&Pattern| names.iter().any(|name| pattern.matches(name));
            patterns.iter().filter(holds).map(|pattern| pattern.as_str().to_owned()).collect()
        };
        let classes = self.classes.iter().filter(|pattern| some_class(&full.classes, pattern));
        let mut owners = matched(&self.owners, &full.owners);
        if let Some(asker) = asker.filter(|_| self.own) {
            let own = |owner: &&String| asker.is_meant_by(owner);
            owners.extend(full.owners.iter().filter(own).cloned());
        }
        Resource {
            kind: full.kind,
            namespace: full.namespace.clone(),
            domain: full.domain.clone(),
            tags: matched(&self.tags, &full.tags),
            classes: classes.map(|pattern| pattern.as_str().to_owned()).collect(),
            owners,
            unreadable: full.unreadable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{AuthMethod, Kind, PrincipalKind, SHIPPED_POLICY};

    #[test]
    fn tags_and_owners_that_no_rule_mentions_make_no_difference() {
        let telling = Telling::of(&PolicySet::from_csv(1, SHIPPED_POLICY).unwrap());
        let class = |tag: &str, owner: &str| {
            let one = Resource::new(Kind::Dataset).in_namespace("n").tagged(tag);
            one.owned_by(owner).access_class()
        };
        let ann = Principal::new(uuid::Uuid::nil(), PrincipalKind::User, "ann", AuthMethod::Token);
        let seen = |tag, owner| telling.project(&class(tag, owner), Some(&ann));
        assert_eq!(seen("once:1", "team:a"), seen("once:2", "user:bob"));
        assert_ne!(seen("once:1", "team:a"), seen("once:1", "user:ann"));
        assert_ne!(seen("once:1", "team:a"), seen("restricted", "team:a"));
        let anybody = telling.project(&class("once:1", "user:ann"), None);
        assert_eq!(anybody, seen("once:1", "team:a"));
    }
}
