//! Namespaces, as an asker sees them: by what is in them.
//!
//! What is in them is asked of the database, where it is as new as what was answered; the graph and
//! the index may be late. Each access class says of which namespaces it is, and few rows must be
//! looked at to see that something is of a class at all.

use std::collections::{HashMap, HashSet};

use super::super::error::FlowError;
use super::answers::Asker;
use super::lists::Seen;
use super::rights::Rights;
use crate::access::{Action, Kind, Resource};
use crate::base::limits::PAGE_MAX;
use crate::catalog::NamespaceDoc;

/// Namespaces in which something is, and whether some of that is seen.
type Occupied = HashMap<String, bool>;

impl Asker {
    /// Returns a namespace, deleted or not, if the asker sees it.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn namespace(&self, name: &str) -> Result<Option<NamespaceDoc>, FlowError> {
        let Some(rights) = self.rights() else { return Ok(self.app.db().namespace(name).await?) };
        // Before it is known whether it is there, so that this takes as long if it is not.
        let occupied = self.occupied(&rights, |namespace| namespace == name).await?;
        let found = self.app.db().namespace(name).await?;
        Ok(found.filter(|doc| sees_namespace(&rights, &occupied, doc)))
    }

    /// Returns a page of the namespaces by name, deleted ones too.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn list_namespaces(
        &self,
        limit: usize,
        offset: usize,
    ) -> Result<Vec<NamespaceDoc>, FlowError> {
        let Some(rights) = self.rights() else {
            return Ok(self.app.db().list_namespaces(limit, offset).await?);
        };
        let mut seen = Seen::new(limit, offset);
        let mut after: Option<String> = None;
        while !seen.is_full() {
            let docs = self.app.db().namespaces_after(after.as_deref(), PAGE_MAX).await?;
            let Some(last) = docs.last() else { break };
            after = Some(last.name.clone());
            let names: HashSet<&str> = docs.iter().map(|doc| &doc.name[..]).collect();
            let occupied = self.occupied(&rights, |name| names.contains(name)).await?;
            for doc in docs {
                seen.take(sees_namespace(&rights, &occupied, &doc), doc);
            }
        }
        Ok(seen.found)
    }

    /// Returns those of the namespaces that are meant in which something is.
    async fn occupied(
        &self,
        rights: &Rights,
        meant: impl Fn(&str) -> bool,
    ) -> Result<Occupied, FlowError> {
        let classes = rights.classes_in(&meant);
        let mut occupied = Occupied::new();
        for number in self.app.db().classes_in_use(&classes, usize::MAX).await? {
            let kind = rights.kind_of(number).unwrap_or(Kind::Dataset);
            let seen = rights.sees(kind, number);
            for namespace in rights.namespaces_of(number).filter(|&name| meant(name)) {
                *occupied.entry(namespace.to_owned()).or_default() |= seen;
            }
        }
        Ok(occupied)
    }

    /// Returns whether something is hidden from somebody: in a namespace, or anywhere if none is
    /// given.
    pub(super) async fn is_any_hidden(
        &self,
        rights: &Rights,
        namespace: Option<&str>,
    ) -> Result<bool, FlowError> {
        let mut hidden = rights.hidden();
        if let Some(namespace) = namespace {
            hidden.retain(|number| rights.namespaces_of(*number).any(|name| name == namespace));
        }
        Ok(!self.app.db().classes_in_use(&hidden, 1).await?.is_empty())
    }
}

/// A namespace is there if something in it is seen. One in which nothing is at all, because
/// somebody made it by hand, is there to those who may read it.
fn sees_namespace(rights: &Rights, occupied: &Occupied, doc: &NamespaceDoc) -> bool {
    occupied.get(&doc.name).copied().unwrap_or_else(|| {
        let itself = Resource::new(Kind::Namespace).in_namespace(&doc.name).access_class();
        doc.edited.is_some() && rights.decide(Action::NamespaceRead, &itself).allow
    })
}
