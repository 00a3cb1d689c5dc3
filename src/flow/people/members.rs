//! Who is in which group.

use super::super::app::App;
use super::super::audit::{Act, Actor};
use super::super::error::FlowError;
use super::super::trust::{Known, Refusal};
use super::groups::Group;
use super::names::{GROUP, USER};
use super::users::{GROUPS_OF_MAX, User};

impl App {
    /// Puts a person into a group, or takes them out. Whoever does that gives or takes the group's
    /// roles, and must be allowed to.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is no such group or person, [`FlowError::Conflict`] if the
    /// person is in too many groups or nobody were left who gives roles; [`Refusal::Denied`] if the
    /// asker may not give the group's roles.
    pub async fn set_member(
        &self,
        asker: (&Known, &Actor),
        (group, user): (&str, &str),
        is: bool,
    ) -> Result<(), Refusal> {
        let group = self.group(group).await?;
        let user = User::of(&self.owner(USER, user).await?.there()?)?;
        let given = self.all_given(&group.reference(), &group.roles);
        let (before, after) = if is { (&[][..], &given[..]) } else { (&given[..], &[][..]) };
        self.enter_to_assign(asker, before, after).await?;
        let act = Act::done("group:write").on("group", group.id, &group.name);
        let act = act.with("member", user.id.to_string()).with("is", is);
        self.change(asker.1, async |tx| {
            let still = tx.principal_named(GROUP, &group.name).await?;
            let still = still.as_ref().map(Group::of).transpose()?;
            if still.is_none_or(|still| still.roles != group.roles) {
                let message = "somebody else has just changed the group; look again";
                return Err(FlowError::Conflict(message.to_owned()));
            }
            tx.set_member(group.id, user.id, is).await?;
            if tx.groups_of(user.id, GROUPS_OF_MAX + 1).await?.len() > GROUPS_OF_MAX {
                let message = format!("nobody may be in more than {GROUPS_OF_MAX} groups");
                return Err(FlowError::Conflict(message));
            }
            if !is {
                self.keep_an_administrator(tx, asker.1.id).await?;
            }
            tx.touch_trust().await?;
            Ok(((), vec![act]))
        })
        .await?;
        self.inner.trust.forget();
        Ok(())
    }

    /// Returns the members of a group by name, after a name.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is no such group.
    pub async fn members(
        &self,
        group: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<User>, FlowError> {
        let group = self.group(group).await?;
        let rows = self.db().members_of(group.id, after, limit).await?;
        rows.iter().map(User::of).collect()
    }
}
