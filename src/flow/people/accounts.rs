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
        if namespaces.len() > NAMESPACES_MAX || (namespaces.is_empty() && roles.is_empty()) {
            let message =
                format!("must name 1 to {NAMESPACES_MAX} namespaces, or none if there are roles");
            return Err(FlowError::bad("namespaces", message).into());
        }
        let roles = checked(&self.inner.trust.judge(), roles)?;
        // One that is enabled held nothing before.
        let before = known.filter(|_| !was_disabled || disabled);
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
