//! Somebody must be left who can give roles, or nobody could ever be let in again.

use uuid::Uuid;

use super::super::app::App;
use super::super::error::FlowError;
use super::names::USER;
use super::users::{GROUPS_OF_MAX, User};
use crate::access::{Action, AuthMethod, Context, Kind, Resource};
use crate::db::{PrincipalRow, Tx};

/// People who are looked at together.
const LOOKED_AT: usize = 500;

impl App {
    /// Demands that, with what this transaction changed, somebody who is not disabled may give
    /// roles everywhere. Whoever holds `LETHE_ADMIN_TOKEN` always may.
    ///
    /// # Errors
    ///
    /// [`FlowError::Conflict`] if nobody were left.
    pub(super) async fn keep_an_administrator(
        &self,
        tx: &mut Tx,
        likely: Option<Uuid>,
    ) -> Result<(), FlowError> {
        if self.inner.trust.is_open() || self.inner.trust.bootstrap.is_some() {
            return Ok(());
        }
        // Mostly whoever makes the change goes on being one.
        if let Some(id) = likely
            && let Some(row) = tx.principal(id).await?
            && self.may_give_roles(tx, &row).await?
        {
            return Ok(());
        }
        if self.finds_an_administrator(tx, None).await? {
            return Ok(());
        }
        let message = "nobody would be left who may give roles; give that right to somebody else first, or set LETHE_ADMIN_TOKEN";
        Err(FlowError::Conflict(message.to_owned()))
    }

    /// Returns whether somebody may give roles everywhere, apart from one.
    pub(super) async fn finds_an_administrator(
        &self,
        tx: &mut Tx,
        apart_from: Option<Uuid>,
    ) -> Result<bool, FlowError> {
        let mut after = String::new();
        loop {
            let rows = tx.list_principals(USER, &after, LOOKED_AT).await?;
            for row in rows.iter().filter(|row| Some(row.id) != apart_from) {
                if self.may_give_roles(tx, row).await? {
                    return Ok(true);
                }
            }
            let Some(last) = rows.last() else { return Ok(false) };
            after.clone_from(&last.sort_name);
        }
    }

    async fn may_give_roles(&self, tx: &mut Tx, row: &PrincipalRow) -> Result<bool, FlowError> {
        if row.kind != USER || row.disabled {
            return Ok(false);
        }
        let groups = tx.groups_of(row.id, GROUPS_OF_MAX).await?;
        let principal = User::of(row)?.principal(&groups, AuthMethod::Session)?;
        let role = Resource::new(Kind::Role).access_class();
        let (judge, now) = (self.inner.trust.judge(), Context::at(self.now()));
        Ok(judge.decide_for(&principal, Action::RoleAssign, &role, &now).allow)
    }
}
