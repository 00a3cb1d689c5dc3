//! Service accounts are put, disabled and listed; what one is stands in `account`.

use uuid::Uuid;

use super::super::app::App;
use super::super::audit::{Act, Actor};
use super::super::error::FlowError;
use super::super::trust::{Known, Refusal};
use super::account::{Account, AccountPut};
use super::given::checked;
use super::names::{SERVICE, check_name, unchanged};
use crate::access::Pattern;
use crate::base::Digest;
use crate::db::PrincipalRow;

/// Namespaces that one account is bound to, at most.
const NAMESPACES_MAX: usize = 100;

/// Returns whether who is bound to these namespaces is bound at least as closely as who is bound to
/// those; who is bound to none is not bound.
fn is_within(these: &[Pattern], those: &[Pattern]) -> bool {
    let covers = |this: &Pattern| those.iter().any(|that| that.includes(this));
    those.is_empty() || (!these.is_empty() && these.iter().all(covers))
}

impl App {
    /// Makes a service account, or changes one. What is not said of one that there is stays, also that
    /// it is disabled.
    ///
    /// # Errors
    ///
    /// [`FlowError::BadInput`] if name, namespaces or roles are not allowed;
    /// [`Refusal::Denied`] if the asker may not give the roles.
    pub async fn put_account(
        &self,
        asker: (&Known, &Actor),
        name: &str,
        put: AccountPut,
    ) -> Result<Account, Refusal> {
        check_name(name)?;
        let seen = self.owner(SERVICE, name).await?;
        let known = seen.row.as_ref().map(Account::of).transpose()?;
        let was_disabled = known.as_ref().is_some_and(|known| known.disabled);
        let disabled = put.enabled.map_or(was_disabled, |enabled| !enabled);
        let (namespaces, dataset_namespaces, roles) = put.over(known.as_ref());
        if dataset_namespaces.len() > NAMESPACES_MAX {
            let message = format!("must name at most {NAMESPACES_MAX} namespaces");
            return Err(FlowError::bad("datasetNamespaces", message).into());
        }
        // One that may do nothing any more may be bound to nothing.
        let to_nothing = namespaces.is_empty() && roles.is_empty() && !disabled;
        if namespaces.len() > NAMESPACES_MAX || to_nothing {
            let message = format!(
                "must name 1 to {NAMESPACES_MAX} namespaces, or none if there are roles or it is disabled"
            );
            return Err(FlowError::bad("namespaces", message).into());
        }
        let roles = checked(&self.inner.trust.judge(), roles)?;
        // One that is enabled held nothing before, and one that is bound to more held its roles
        // only where it was bound.
        let held = |known: &Account| {
            (!was_disabled || disabled) && is_within(&namespaces, &known.namespaces)
        };
        let before = known.filter(held);
        let before = before.map(|known| self.all_given(&seen.reference, &known.roles));
        let after = self.all_given(&seen.reference, &roles);
        self.enter_to_assign(asker, &before.unwrap_or_default(), &after).await?;
        let id = Uuid::from_bytes(Digest::of_parts(&[b"service", name.as_bytes()]).0);
        let name = name.to_owned();
        let account = Account { id, name, namespaces, dataset_namespaces, roles, disabled };
        self.store_account(asker.1, &account, seen.row.as_ref()).await?;
        Ok(account)
    }

    /// Disables a service account: its tokens work no more.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is none of that name.
    pub async fn disable_account(&self, actor: &Actor, name: &str) -> Result<(), FlowError> {
        let row = self.owner(SERVICE, name).await?.there()?;
        let account = Account { disabled: true, ..Account::of(&row)? };
        self.store_account(actor, &account, Some(&row)).await
    }

    async fn store_account(
        &self,
        actor: &Actor,
        account: &Account,
        seen: Option<&PrincipalRow>,
    ) -> Result<(), FlowError> {
        let roles: Vec<String> = account.roles.iter().map(|given| given.role.clone()).collect();
        let act = Act::done("service_account:write");
        let act = act.on("service_account", account.id, &account.name).with("roles", roles);
        let texts = |all: &[Pattern]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
        let act = act.with("namespaces", texts(&account.namespaces));
        let act = act.with("dataset_namespaces", texts(&account.dataset_namespaces));
        let act = act.with("disabled", account.disabled);
        self.change(actor, async |tx| {
            unchanged(tx, SERVICE, &account.name, seen).await?;
            tx.put_principal(&account.row()).await?;
            if account.disabled {
                tx.revoke_tokens_of(account.id, self.now()).await?;
            }
            tx.touch_trust().await?;
            Ok(((), vec![act]))
        })
        .await?;
        self.inner.trust.forget();
        self.refresh_trust().await;
        Ok(())
    }

    /// Returns service accounts by name, after a name.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn accounts(&self, after: &str, limit: usize) -> Result<Vec<Account>, FlowError> {
        let rows = self.db().list_principals(SERVICE, after, limit).await?;
        rows.iter().map(Account::of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_bound_to_less_is_within() {
        let patterns = |text: &str| -> Vec<Pattern> {
            text.split_whitespace().map(|one| one.parse().unwrap()).collect()
        };
        for (these, those, within) in [
            ("", "", true),
            ("a", "", true),
            ("", "a", false),
            ("a", "a b", true),
            ("a b", "a", false),
            ("a.b", "a.*", true),
            ("a.b*", "a.*", true),
            ("a.*", "a.b*", false),
            ("*", "a", false),
        ] {
            assert_eq!(is_within(&patterns(these), &patterns(those)), within, "{these} {those}");
        }
    }
}
