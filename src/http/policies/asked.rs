//! Questions about who may do what, as the API takes them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::documents;
use super::super::problem::Problem;
use super::super::resource::EntityName;
use crate::access::{Action, ActionSet, AuthMethod, Kind, Pattern, Resource};
use crate::base::Time;
use crate::flow::{About, Asked, Who};

/// Entries of one list that says what a principal or resource is.
const LIST_MAX: usize = 100;
/// Longest text in one, in bytes.
const TEXT_BYTES_MAX: usize = 2_048;

/// A role, and the domains in which it is held.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleAsked {
    /// The role.
    #[schema(example = "viewer")]
    role: String,
    /// The domains; everywhere if absent.
    #[schema(value_type = Option<documents::Domain>)]
    domain: Option<Pattern>,
}

/// Who is asked about: somebody known, by reference, or somebody who might be, with `groups` or
/// `roles`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PrincipalAsked {
    /// `user:NAME`, `service:NAME`, `system:bootstrap` or `anonymous`.
    #[schema(value_type = documents::Reference, example = "user:ann")]
    reference: String,
    /// The groups that they are in; if given, nobody is looked up.
    #[schema(example = json!(["sales"]))]
    groups: Option<Vec<String>>,
    /// The roles that they hold besides those that the rules give them and their groups; if given,
    /// nobody is looked up.
    roles: Option<Vec<RoleAsked>>,
    /// What a token of theirs is limited to.
    #[schema(value_type = Option<String>, example = "dataset:*")]
    scopes: Option<ActionSet>,
    /// The namespaces that a token of theirs is bound to.
    #[schema(value_type = Option<documents::Namespaces>)]
    namespaces: Option<Vec<Pattern>>,
}

/// What is acted upon: the attributes that rules see.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResourceAsked {
    /// What it is.
    #[schema(value_type = documents::ResourceKind)]
    kind: Kind,
    /// The namespace it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "sales/eu")]
    namespace: Option<String>,
    /// Its place in the organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "clinical/trials")]
    domain: Option<String>,
    /// Its tags, and those of its fields; `class:NAME`, as the catalog has it, is the class `NAME`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["restricted"]))]
    tags: Vec<String>,
    /// The classes of personal data that its fields hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["user.contact.email"]))]
    classes: Vec<String>,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["team:sales"]))]
    owners: Vec<String>,
    /// Whether some of what would tell its tags, classes or owners cannot be read: it may have any.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schema(example = false)]
    unreadable: bool,
}

/// Under which circumstances.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ContextAsked {
    /// What for.
    #[schema(example = "research")]
    pub(super) purpose: Option<String>,
    /// Recognised how: `none`, `token`, `session`, `password` or `mfa`.
    #[schema(value_type = Option<documents::Auth>)]
    pub(super) auth: Option<AuthMethod>,
    /// When; now if absent.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) time: Option<Time>,
}

/// Whether somebody may do something.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecideAsked {
    /// Who.
    principal: PrincipalAsked,
    /// What.
    #[schema(value_type = documents::Act)]
    action: Action,
    /// To what: attributes, or else `dataset`.
    resource: Option<ResourceAsked>,
    /// To which dataset of the catalog.
    dataset: Option<EntityName>,
    /// Under which circumstances.
    #[serde(default)]
    context: ContextAsked,
}

/// Several questions.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BatchAsked {
    /// The questions, 1 to 100.
    #[schema(min_items = 1, max_items = 100)]
    pub(super) questions: Vec<DecideAsked>,
}

/// Who may do something.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WhoCanAsked {
    /// What.
    #[schema(value_type = documents::Act)]
    pub(super) action: Action,
    /// To what.
    pub(super) resource: ResourceAsked,
    /// Under which circumstances; in any way to be recognised if `auth` is absent.
    #[serde(default)]
    pub(super) context: ContextAsked,
    /// Entries wanted, 1 to 1000; 100 if absent.
    #[schema(example = 100)]
    pub(super) limit: Option<usize>,
    /// Where to go on: the `next` of the page before.
    #[schema(example = json!(null))]
    pub(super) after: Option<String>,
}

/// Which rules to compare with those in force: one of the two.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SimulateAsked {
    /// Those of this set.
    #[schema(example = 4)]
    pub(super) version: Option<i64>,
    /// These.
    #[schema(example = json!(null))]
    pub(super) csv: Option<String>,
}

fn bounded(field: &str, texts: &[String]) -> Result<(), Problem> {
    if texts.len() > LIST_MAX {
        return Err(Problem::bad_input(field, &format!("has more than {LIST_MAX} entries")));
    }
    match texts.iter().any(|text| text.len() > TEXT_BYTES_MAX) {
        true => Err(Problem::bad_input(field, &format!("is longer than {TEXT_BYTES_MAX} bytes"))),
        false => Ok(()),
    }
}

fn short(field: &str, text: Option<&String>) -> Result<(), Problem> {
    text.map_or(Ok(()), |text| bounded(field, std::slice::from_ref(text)))
}

impl ContextAsked {
    /// Checks what is written in it.
    pub(super) fn checked(self) -> Result<Self, Problem> {
        short("context.purpose", self.purpose.as_ref())?;
        Ok(self)
    }
}

impl ResourceAsked {
    /// Checks the attributes.
    pub(super) fn checked(self) -> Result<Resource, Problem> {
        short("resource.namespace", self.namespace.as_ref())?;
        short("resource.domain", self.domain.as_ref())?;
        bounded("resource.tags", &self.tags)?;
        bounded("resource.classes", &self.classes)?;
        bounded("resource.owners", &self.owners)?;
        let Self { kind, namespace, domain, tags: asked, classes, owners, unreadable } = self;
        let tags = Vec::new();
        let bare = Resource { kind, namespace, domain, tags, classes, owners, unreadable };
        Ok(asked.iter().fold(bare, |resource, tag| resource.tagged_in_words(tag)))
    }

    /// Tells a resource's attributes.
    pub(super) fn of(resource: &Resource) -> Self {
        let Resource { kind, namespace, domain, tags, classes, owners, unreadable } =
            resource.clone();
        Self { kind, namespace, domain, tags, classes, owners, unreadable }
    }
}

impl PrincipalAsked {
    fn checked(self) -> Result<Who, Problem> {
        let Self { reference, groups, roles, scopes, namespaces } = self;
        bounded("principal.groups", groups.as_deref().unwrap_or_default())?;
        let counts = [roles.as_ref().map_or(0, Vec::len), namespaces.as_ref().map_or(0, Vec::len)];
        if counts.into_iter().any(|count| count > LIST_MAX) {
            let message = format!("has more than {LIST_MAX} roles or namespaces");
            return Err(Problem::bad_input("principal", &message));
        }
        let inline = (groups.is_some() || roles.is_some()).then(|| {
            let role = |one: RoleAsked| (one.role, one.domain.unwrap_or_else(Pattern::any));
            let roles = roles.unwrap_or_default().into_iter().map(role).collect();
            (groups.unwrap_or_default(), roles)
        });
        Ok(Who { reference, inline, scopes, namespaces })
    }
}

impl DecideAsked {
    /// Checks all parts.
    pub(super) fn checked(self) -> Result<Asked, Problem> {
        let Self { principal, action, resource, dataset, context } = self;
        let ContextAsked { purpose, auth, time } = context.checked()?;
        let about = match (resource, dataset) {
            (Some(resource), None) => About::Attributes(resource.checked()?),
            (None, Some(EntityName { namespace, name })) => About::Dataset(namespace, name),
            _ => {
                let message = "must be given, or else `dataset`, and not both";
                return Err(Problem::bad_input("resource", message));
            }
        };
        Ok(Asked { who: principal.checked()?, action, about, purpose, auth, at: time })
    }
}
