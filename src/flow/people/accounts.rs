//! Service accounts of pipelines and other programs.
//!
//! A service account that is bound to namespaces posts events for these, and nothing else: the
//! shipped rules give its group, `pipelines`, the role `ingest`. What else it may do comes with roles
//! that it is given, inside its namespaces if it has any.
//!
//! What it says of datasets counts where it is bound to their namespace, or nobody is. A
//! namespace is one thing in Lethe: being bound to it binds to its jobs and to its datasets.
//! `dataset_namespaces` are those whose datasets alone it is bound to.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::app::App;
use super::super::audit::{Act, Actor, record_all};
use super::super::error::FlowError;
use super::super::trust::{Known, Refusal};
use super::names::{SERVICE, check_name, unchanged};
use super::roles::{Given, checked, pairs};
use crate::access::{AuthMethod, Pattern, Principal, PrincipalKind};
use crate::base::Digest;
use crate::catalog::Claims;
use crate::db::{Db, PrincipalRow};

/// The group that service accounts that are bound to namespaces are members of.
const PIPELINES: &str = "pipelines";
/// Namespaces that one account is bound to, at most.
const NAMESPACES_MAX: usize = 100;

/// A service account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: Uuid,
    /// Its name, unique among service accounts.
    pub name: String,
    /// Namespaces that it may speak for: names, or beginnings that end in `*`.
    pub namespaces: Vec<Pattern>,
    /// Further namespaces whose datasets are its own.
    pub dataset_namespaces: Vec<Pattern>,
    /// The roles that it was given.
    pub roles: Vec<Given>,
    /// Whether it may do nothing any more.
    pub disabled: bool,
}

/// What a service account is to be.
#[derive(Debug, Clone, Default)]
pub struct AccountPut {
    /// The namespaces that it is bound to.
    pub namespaces: Vec<Pattern>,
    /// The further namespaces to whose datasets it is bound.
    pub dataset_namespaces: Vec<Pattern>,
    /// The roles that it is given, all of them.
    pub roles: Vec<Given>,
}

#[derive(Serialize, Deserialize)]
struct AccountDoc {
    name: String,
    namespaces: Vec<Pattern>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    dataset_namespaces: Vec<Pattern>,
    #[serde(default)]
    roles: Vec<Given>,
}

impl Account {
    fn of(row: &PrincipalRow) -> Result<Self, FlowError> {
        let doc: AccountDoc = serde_json::from_str(&row.doc)
            .map_err(|error| FlowError::Internal(format!("service account {}: {error}", row.id)))?;
        let AccountDoc { name, namespaces, dataset_namespaces, roles } = doc;
        let (id, disabled) = (row.id, row.disabled);
        Ok(Self { id, name, namespaces, dataset_namespaces, roles, disabled })
    }

    fn row(&self) -> PrincipalRow {
        let (name, namespaces) = (self.name.clone(), self.namespaces.clone());
        let (dataset_namespaces, roles) = (self.dataset_namespaces.clone(), self.roles.clone());
        let doc = AccountDoc { name, namespaces, dataset_namespaces, roles };
        PrincipalRow {
            id: self.id,
            kind: SERVICE,
            sort_name: self.name.clone(),
            disabled: self.disabled,
            // A struct of texts always serialises.
            doc: serde_json::to_string(&doc).unwrap_or_default(),
        }
    }

    /// Returns how rules refer to it.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("service:{}", self.name)
    }

    /// Goes through the namespaces whose datasets are its own.
    pub(in crate::flow) fn claims(&self) -> impl Iterator<Item = &Pattern> {
        self.namespaces.iter().chain(&self.dataset_namespaces)
    }

    /// Returns the account as the judge sees it.
    pub(in crate::flow) fn principal(&self, auth: AuthMethod) -> Principal {
        let mut principal = Principal::new(self.id, PrincipalKind::Service, &self.name, auth);
        principal.roles = pairs(&self.roles).collect();
        principal.claims = self.claims().cloned().collect();
        if !self.namespaces.is_empty() {
            principal.groups = vec![PIPELINES.to_owned()];
            principal.namespaces = Some(self.namespaces.clone());
        }
        principal
    }
}

impl App {
    /// Makes a service account, or changes one; one that was disabled works again.
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
        let AccountPut { namespaces, dataset_namespaces, roles } = put;
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
        let seen = self.owner(SERVICE, name).await?;
        let known = seen.row.as_ref().map(Account::of).transpose()?;
        let before = known.filter(|known| !known.disabled).map(|known| known.roles);
        self.enter_to_assign(asker, &before.unwrap_or_default(), &roles).await?;
        let id = Uuid::from_bytes(Digest::of_parts(&[b"service", name.as_bytes()]).0);
        let (name, disabled) = (name.to_owned(), false);
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
        let sealed = self.seal(actor, act.with("disabled", account.disabled))?;
        let mut tx = self.db().begin().await?;
        unchanged(&mut tx, SERVICE, &account.name, seen).await?;
        tx.put_principal(&account.row()).await?;
        if account.disabled {
            tx.revoke_tokens_of(account.id, self.now()).await?;
        }
        tx.touch_trust().await?;
        record_all(&mut tx, &[sealed]).await?;
        tx.commit().await?;
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

/// Returns the account that a principal's row holds, if it is one that may do something.
pub(in crate::flow) fn account_of(row: &PrincipalRow) -> Result<Option<Account>, FlowError> {
    (row.kind == SERVICE && !row.disabled).then(|| Account::of(row)).transpose()
}

/// Accounts that are read at once.
const PAGE: usize = 1_000;

/// Reads the namespaces to whose datasets any account is bound.
pub(in crate::flow) async fn bonds(db: &Db) -> Result<Claims, FlowError> {
    let mut all = BTreeSet::new();
    let mut after = String::new();
    loop {
        let rows = db.list_principals(SERVICE, &after, PAGE).await?;
        for row in &rows {
            let account = account_of(row)?;
            let claims = account.iter().flat_map(Account::claims);
            all.extend(claims.map(|pattern| pattern.as_str().to_owned()));
        }
        match rows.last().filter(|_| rows.len() == PAGE) {
            Some(last) => after.clone_from(&last.sort_name),
            None => return Ok(Claims::new(all)),
        }
    }
}
