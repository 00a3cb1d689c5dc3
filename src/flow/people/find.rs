//! Finding somebody by what a path calls them, and deciding about what is theirs.

use uuid::Uuid;

use super::super::app::App;
use super::super::audit::Actor;
use super::super::error::FlowError;
use super::super::trust::{Known, Refusal};
use super::account::Account;
use super::names::{GROUP, SERVICE, USER, check_name};
use super::users::{GROUPS_OF_MAX, User};
use crate::access::{Action, AuthMethod, Principal, Resource};
use crate::db::PrincipalRow;

/// Whose something is, as far as a path tells it. Nobody may be there of that name.
#[derive(Debug)]
pub(in crate::flow) struct Owner {
    pub(in crate::flow) row: Option<PrincipalRow>,
    /// How rules refer to them, such as `user:ann`.
    pub(in crate::flow) reference: String,
}

impl Owner {
    /// Returns the row of an owner who is there.
    pub(in crate::flow) fn there(self) -> Result<PrincipalRow, FlowError> {
        let missing = || FlowError::NotFound(self.reference.replace(':', " "));
        self.row.ok_or_else(missing)
    }
}

/// Returns the word that begins references to principals of a kind of row.
pub(in crate::flow) fn word(kind: i16) -> &'static str {
    match kind {
        USER => "user",
        SERVICE => "service",
        GROUP => "group",
        _ => "principal",
    }
}

impl App {
    /// Finds somebody of a kind by name or id.
    pub(in crate::flow) async fn owner(&self, kind: i16, name: &str) -> Result<Owner, FlowError> {
        let row = match Uuid::try_parse(name) {
            Ok(id) => self.db().principal(id).await?.filter(|row| row.kind == kind),
            Err(_) if check_name(name).is_err() => None,
            Err(_) => self.db().principal_named(kind, name).await?,
        };
        let name = row.as_ref().map_or(name, |row| &row.sort_name);
        let reference = format!("{}:{name}", word(kind));
        Ok(Owner { row, reference })
    }

    /// Finds whose a token or session is.
    pub(in crate::flow) async fn owner_of(&self, id: Uuid) -> Result<Owner, FlowError> {
        let row = self.db().principal(id).await?;
        let reference = row.as_ref().map(|row| format!("{}:{}", word(row.kind), row.sort_name));
        Ok(Owner { row, reference: reference.unwrap_or_default() })
    }

    /// Returns somebody as the judge would see them, disabled or not.
    pub(super) async fn whoever(&self, row: &PrincipalRow) -> Result<Principal, FlowError> {
        if row.kind == SERVICE {
            return Ok(Account::of(row)?.principal(AuthMethod::None));
        }
        let groups = self.db().groups_of(row.id, GROUPS_OF_MAX).await?;
        User::of(row)?.principal(&groups, AuthMethod::None)
    }

    /// Decides about something of somebody's, whether or not they are there, so that whoever may
    /// not ask does not learn who is.
    pub(in crate::flow) async fn enter_for(
        &self,
        (known, actor): (&Known, &Actor),
        action: Action,
        owner: &Owner,
    ) -> Result<(), Refusal> {
        let resource = Resource::new(action.kind()).owned_by(&owner.reference);
        self.admit(known, actor, action, resource).await
    }
}
