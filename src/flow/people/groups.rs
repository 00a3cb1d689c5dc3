//! Groups: whoever is in one holds its roles.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::app::App;
use super::super::audit::{Act, Actor};
use super::super::error::FlowError;
use super::super::trust::{Known, Refusal};
use super::given::{Given, checked, pairs};
use super::names::{GROUP, check_name, check_text, unchanged};
use crate::access::{AuthMethod, Principal, PrincipalKind};
use crate::db::PrincipalRow;

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id, which the audit log cites.
    pub id: Uuid,
    /// Its name, unique among groups.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// The roles that its members hold by it.
    pub roles: Vec<Given>,
    /// Whether it gives nothing any more.
    pub disabled: bool,
}

/// What a group is to be; what is absent stays as it is.
#[derive(Debug, Clone, Default)]
pub struct GroupPut {
    /// What it is.
    pub description: Option<String>,
    /// The roles that its members hold by it, all of them.
    pub roles: Option<Vec<Given>>,
    /// Whether it gives anything; a new one does.
    pub enabled: Option<bool>,
}

#[derive(Serialize, Deserialize)]
struct GroupDoc {
    description: Option<String>,
    roles: Vec<Given>,
}

impl Group {
    /// Reads a group's row.
    pub(super) fn of(row: &PrincipalRow) -> Result<Self, FlowError> {
        let doc: GroupDoc = serde_json::from_str(&row.doc)
            .map_err(|error| FlowError::Internal(format!("group {}: {error}", row.id)))?;
        let GroupDoc { description, roles } = doc;
        let (id, name, disabled) = (row.id, row.sort_name.clone(), row.disabled);
        Ok(Self { id, name, description, roles, disabled })
    }

    fn row(&self) -> PrincipalRow {
        let doc = GroupDoc { description: self.description.clone(), roles: self.roles.clone() };
        PrincipalRow {
            id: self.id,
            kind: GROUP,
            sort_name: self.name.clone(),
            disabled: self.disabled,
            // A struct of texts always serialises.
            doc: serde_json::to_string(&doc).unwrap_or_default(),
        }
    }

    /// Returns how rules refer to it.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("group:{}", self.name)
    }

    /// Returns somebody who is in the group and nothing else, as the judge sees them.
    pub(in crate::flow) fn member(row: &PrincipalRow) -> Result<Principal, FlowError> {
        let group = Self::of(row)?;
        let nobody = Principal::new(Uuid::nil(), PrincipalKind::User, "", AuthMethod::None);
        let roles = if group.disabled { vec![] } else { pairs(&group.roles).collect() };
        Ok(Principal { groups: vec![group.name], roles, ..nobody })
    }
}

impl App {
    /// Makes a group, or changes one.
    ///
    /// # Errors
    ///
    /// [`FlowError::BadInput`] if name, text or roles are not allowed, [`FlowError::Conflict`] if
    /// nobody were left who gives roles; [`Refusal::Denied`] if the asker may not give the roles.
    pub async fn put_group(
        &self,
        asker: (&Known, &Actor),
        name: &str,
        put: GroupPut,
    ) -> Result<Group, Refusal> {
        check_text("description", put.description.as_deref())?;
        let roles = put.roles.map(|roles| checked(&self.inner.trust.judge(), roles)).transpose()?;
        let seen = self.owner(GROUP, name).await?;
        let known = seen.row.as_ref().map(Group::of).transpose()?;
        if known.is_none() {
            check_name(name)?;
        }
        // A disabled group gives nothing. What the rules give to one that is new, whoever puts
        // somebody into it must be allowed to give.
        let is_new = known.is_none();
        let giving = known.as_ref().filter(|group| !(group.disabled && put.enabled == Some(true)));
        let before = giving.map(|group| self.all_given(&seen.reference, &group.roles));
        let group = known.unwrap_or_else(|| Group {
            id: self.draw_id(),
            name: name.to_owned(),
            description: None,
            roles: Vec::new(),
            disabled: false,
        });
        let group = Group {
            description: put.description.or(group.description),
            roles: roles.unwrap_or(group.roles),
            disabled: put.enabled.map_or(group.disabled, |enabled| !enabled),
            ..group
        };
        let after = match is_new {
            true => group.roles.clone(),
            false => self.all_given(&seen.reference, &group.roles),
        };
        self.enter_to_assign(asker, &before.unwrap_or_default(), &after).await?;
        let roles: Vec<String> = group.roles.iter().map(|given| given.role.clone()).collect();
        let act = Act::done("group:write").on("group", group.id, &group.name).with("roles", roles);
        let act = act.with("disabled", group.disabled);
        self.change(asker.1, async |tx| {
            unchanged(tx, GROUP, &group.name, seen.row.as_ref()).await?;
            tx.put_principal(&group.row()).await?;
            if seen.row.is_some() {
                self.keep_an_administrator(tx, asker.1.id).await?;
            }
            tx.touch_trust().await?;
            Ok(((), vec![act]))
        })
        .await?;
        self.inner.trust.forget();
        Ok(group)
    }

    /// Disables a group: its members hold its roles no more.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is none of that name, [`FlowError::Conflict`] if nobody
    /// were left who gives roles.
    pub async fn disable_group(&self, asker: (&Known, &Actor), name: &str) -> Result<(), Refusal> {
        let name = self.owner(GROUP, name).await?.there()?.sort_name;
        let put = GroupPut { enabled: Some(false), ..GroupPut::default() };
        self.put_group(asker, &name, put).await.map(|_| ())
    }

    /// Returns a group.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is none of that name or id.
    pub async fn group(&self, name: &str) -> Result<Group, FlowError> {
        Group::of(&self.owner(GROUP, name).await?.there()?)
    }

    /// Returns groups by name, after a name.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn groups(&self, after: &str, limit: usize) -> Result<Vec<Group>, FlowError> {
        let rows = self.db().list_principals(GROUP, after, limit).await?;
        rows.iter().map(Group::of).collect()
    }
}
