//! Who is asking.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::action::ActionSet;
use super::pattern::Pattern;
use super::resource::Resource;

/// What kind of asker a principal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrincipalKind {
    /// A person.
    User,
    /// A pipeline or another program, by its service account.
    Service,
    /// Lethe itself, and the bootstrap administrator.
    System,
    /// Somebody who showed nothing.
    Anonymous,
}

impl PrincipalKind {
    /// Returns the word that begins references to such principals.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Service => "service",
            Self::System => "system",
            Self::Anonymous => "anonymous",
        }
    }
}

/// How the principal was recognised. Conditions name it; there is no order between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AuthMethod {
    /// Not at all.
    None,
    /// By an API token sent with the request, or by a session that one opened.
    Token,
    /// By a session that a sign-in link opened.
    Session,
    /// By a session that a password opened.
    Password,
    /// By a session that a second factor opened.
    Mfa,
}

impl AuthMethod {
    /// Returns the word that conditions and the audit log know it by.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Token => "token",
            Self::Session => "session",
            Self::Password => "password",
            Self::Mfa => "mfa",
        }
    }
}

impl fmt::Display for AuthMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for AuthMethod {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let all = [Self::None, Self::Token, Self::Session, Self::Password, Self::Mfa];
        let found = all.into_iter().find(|method| method.to_string() == name);
        found.ok_or_else(|| {
            format!("`{name}` is no way to sign in: none, token, session, password and mfa are")
        })
    }
}

super::text::serde_as_text!(AuthMethod);

/// Somebody who asks. It holds the roles that it was given itself (`roles`) and those that the set
/// of rules gives it or its groups.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Principal {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub kind: PrincipalKind,
    /// Its name, unique in its kind.
    pub name: String,
    /// The groups it is a member of, by name.
    pub groups: Vec<String>,
    /// The roles that it was given, by itself or by a group, and the domains it holds them in. A
    /// role that the set of rules does not know means nothing.
    pub roles: Vec<(String, Pattern)>,
    /// How it was recognised.
    pub auth: AuthMethod,
    /// What its token is limited to; `None` if by nothing. Scopes narrow what roles allow and
    /// never widen it.
    pub scopes: Option<ActionSet>,
    /// The namespaces that its token or service account is bound to; `None` if to none. Being
    /// bound narrows like a scope, and makes `ns:self` true inside.
    pub namespaces: Option<Vec<Pattern>>,
    /// The namespaces whose datasets are the principal's, within those that its token is bound to:
    /// what it says of them counts. They narrow nothing and allow nothing.
    pub claims: Vec<Pattern>,
}

impl Principal {
    /// Makes a principal without groups, roles, limits or bonds.
    #[must_use]
    pub fn new(id: Uuid, kind: PrincipalKind, name: &str, auth: AuthMethod) -> Self {
        let name = name.to_owned();
        let (groups, roles) = (vec![], vec![]);
        Self { id, kind, name, groups, roles, auth, scopes: None, namespaces: None, claims: vec![] }
    }

    /// Makes the principal that nothing is known of.
    #[must_use]
    pub fn anonymous() -> Self {
        Self::new(Uuid::nil(), PrincipalKind::Anonymous, "", AuthMethod::None)
    }

    /// Returns how rules, owners and the audit log refer to it: `user:ann`.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("{}:{}", self.kind.as_str(), self.name)
    }

    /// Returns whether the resource is the principal's own, or a group's that it is in: an owner
    /// is `user:ann`, `group:sales` or, as OpenLineage producers write it, `team:sales`. Nobody
    /// owns anything anonymously.
    #[must_use]
    pub fn owns(&self, resource: &Resource) -> bool {
        resource.owners.iter().any(|owner| self.is_meant_by(owner))
    }

    /// Returns whether an owner is the principal or a group that it is in.
    #[must_use]
    pub fn is_meant_by(&self, owner: &str) -> bool {
        match owner.split_once(':') {
            Some(("group" | "team", group)) => self.groups.iter().any(|own| own == group),
            Some((kind, name)) => {
                self.kind != PrincipalKind::Anonymous
                    && kind == self.kind.as_str()
                    && name == self.name
            }
            None => false,
        }
    }

    /// Returns whether the resource is in a namespace to which the principal is bound.
    #[must_use]
    pub fn is_bound_to(&self, resource: &Resource) -> bool {
        let (Some(patterns), Some(namespace)) = (&self.namespaces, &resource.namespace) else {
            return false;
        };
        patterns.iter().any(|pattern| pattern.matches(namespace))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Kind;

    #[test]
    fn own_is_what_a_principal_or_its_group_owns() {
        let mut ann = Principal::new(Uuid::nil(), PrincipalKind::User, "ann", AuthMethod::Token);
        ann.groups = vec!["sales".to_owned()];
        let owned = |by: &str| Resource::new(Kind::Dataset).owned_by(by);
        for owner in ["user:ann", "group:sales", "team:sales"] {
            assert!(ann.owns(&owned(owner)), "{owner}");
        }
        for owner in ["ann", "service:ann", "user:bob", "team:legal", "user:", "sales"] {
            assert!(!ann.owns(&owned(owner)), "{owner}");
        }
        assert!(!Principal::anonymous().owns(&owned("anonymous:")));
    }
}
