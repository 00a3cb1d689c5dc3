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

use super::super::error::FlowError;
use super::given::{Given, pairs};
use super::names::SERVICE;
use crate::access::{AuthMethod, Pattern, Principal, PrincipalKind};
use crate::catalog::Claims;
use crate::db::{Db, PrincipalRow};

/// The group that service accounts that are bound to namespaces are members of.
const PIPELINES: &str = "pipelines";

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

/// What a service account is to be; what is not said stays as it is.
#[derive(Debug, Clone, Default)]
pub struct AccountPut {
    /// The namespaces that it is bound to, all of them.
    pub namespaces: Option<Vec<Pattern>>,
    /// The further namespaces to whose datasets it is bound, all of them.
    pub dataset_namespaces: Option<Vec<Pattern>>,
    /// The roles that it is given, all of them.
    pub roles: Option<Vec<Given>>,
    /// Whether it may do anything; a new one may.
    pub enabled: Option<bool>,
}

impl AccountPut {
    /// Returns what a new account, or one that there is, comes to by it.
    pub(super) fn over(self, known: Option<&Account>) -> (Vec<Pattern>, Vec<Pattern>, Vec<Given>) {
        let namespaces = || known.map(|known| known.namespaces.clone());
        let datasets = || known.map(|known| known.dataset_namespaces.clone());
        let roles = || known.map(|known| known.roles.clone());
        (
            self.namespaces.or_else(namespaces).unwrap_or_default(),
            self.dataset_namespaces.or_else(datasets).unwrap_or_default(),
            self.roles.or_else(roles).unwrap_or_default(),
        )
    }
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
    /// Reads a row.
    pub(super) fn of(row: &PrincipalRow) -> Result<Self, FlowError> {
        let doc: AccountDoc = serde_json::from_str(&row.doc)
            .map_err(|error| FlowError::Internal(format!("service account {}: {error}", row.id)))?;
        let AccountDoc { name, namespaces, dataset_namespaces, roles } = doc;
        let (id, disabled) = (row.id, row.disabled);
        Ok(Self { id, name, namespaces, dataset_namespaces, roles, disabled })
    }

    /// Returns its row.
    pub(super) fn row(&self) -> PrincipalRow {
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

/// Returns the account that a principal's row holds, if it is one that may do something.
pub(in crate::flow) fn account_of(row: &PrincipalRow) -> Result<Option<Account>, FlowError> {
    (row.kind == SERVICE && !row.disabled).then(|| Account::of(row)).transpose()
}

/// Accounts that are read at once.
const PAGE: usize = 1_000;

/// Reads the namespaces to whose datasets any account is bound. One that is disabled, since it was
/// stolen perhaps, leaves them to nobody else: until others are named for it they are its own.
pub(in crate::flow) async fn bonds(db: &Db) -> Result<Claims, FlowError> {
    let mut all = BTreeSet::new();
    let mut after = String::new();
    loop {
        let rows = db.list_principals(SERVICE, &after, PAGE).await?;
        for row in &rows {
            let account = Account::of(row)?;
            all.extend(account.claims().map(|pattern| pattern.as_str().to_owned()));
        }
        match rows.last().filter(|_| rows.len() == PAGE) {
            Some(last) => after.clone_from(&last.sort_name),
            None => return Ok(Claims::new(all)),
        }
    }
}
