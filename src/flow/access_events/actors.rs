//! Whom stores name: a random reference each, the name sealed under a key of its own.
//!
//! A name is recognised by a keyed mark (HMAC-SHA256), so that the same name leads to the same
//! reference. Shredding somebody's key takes the name and the mark away: the events stay, and
//! nothing leads from them to the person, nor from the person to them.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use super::super::app::App;
use super::super::error::FlowError;
use super::super::vault::failed;
use crate::db::{AccessActorRow, Tx};
use crate::keys::{Context, Recogniser};

/// What the key is for that names are recognised by.
const MARKING: &str = "access actors";

/// Whom a store named, without the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) id: Uuid,
}

fn place(id: &Uuid) -> Context<'_> {
    Context { table: "access_actor", purpose: "name", row: id.as_bytes() }
}

impl App {
    /// Finds the references of names, and makes those that are missing.
    pub(super) async fn access_references<'a>(
        &self,
        tx: &mut Tx,
        names: BTreeSet<&'a str>,
    ) -> Result<HashMap<&'a str, Reference>, FlowError> {
        let vault = self.vault()?;
        let key = vault.purpose(tx, MARKING, self.now()).await?;
        let recogniser = Recogniser::derive(&key, "names").map_err(failed)?;
        let marks: Vec<(&str, [u8; 32])> =
            names.into_iter().map(|name| (name, recogniser.mark("actor", name))).collect();
        let asked: Vec<&[u8]> = marks.iter().map(|(_, mark)| &mark[..]).collect();
        let known: HashMap<Vec<u8>, Uuid> = tx
            .access_actors_marked(&asked)
            .await?
            .into_iter()
            .filter_map(|row| Some((row.mark?, row.id)))
            .collect();
        let mut found = HashMap::with_capacity(marks.len());
        let mut missing = Vec::new();
        for (name, mark) in marks {
            match known.get(&mark[..]) {
                Some(id) => drop(found.insert(name, Reference { id: *id })),
                None => missing.push((name, mark)),
            }
        }
        self.name_new(tx, &missing, &mut found).await?;
        Ok(found)
    }

    async fn name_new<'a>(
        &self,
        tx: &mut Tx,
        missing: &[(&'a str, [u8; 32])],
        found: &mut HashMap<&'a str, Reference>,
    ) -> Result<(), FlowError> {
        let vault = self.vault()?;
        let ids: Result<Vec<Uuid>, _> = missing.iter().map(|_| vault.draw_subject()).collect();
        let ids = ids?;
        let keys = vault.new_subjects(tx, &ids, self.now()).await?;
        let mut rows = Vec::with_capacity(ids.len());
        for (((name, mark), id), key) in missing.iter().zip(ids).zip(keys) {
            let sealed = key.seal(&place(&id), name.as_bytes()).map_err(failed)?;
            let principal = self.principal_called(name).await?;
            rows.push(AccessActorRow { id, mark: Some(mark.to_vec()), principal, sealed });
            found.insert(name, Reference { id });
        }
        Ok(tx.put_access_actors(&rows).await?)
    }

    /// Finds the user, or else the service account, of that very name.
    async fn principal_called(&self, name: &str) -> Result<Option<Uuid>, FlowError> {
        for kind in [0, 1] {
            if let Some(row) = self.db().principal_named(kind, name).await? {
                return Ok(Some(row.id));
            }
        }
        Ok(None)
    }

    /// Opens the names of references; those whose key was shredded have none.
    pub(super) async fn access_names(
        &self,
        rows: &[AccessActorRow],
    ) -> Result<HashMap<Uuid, String>, FlowError> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let keys = self.vault()?.open(self.db(), &ids).await?;
        let mut names = HashMap::with_capacity(rows.len());
        for row in rows.iter().filter(|row| !row.sealed.is_empty()) {
            let Some(key) = keys.get(&row.id) else { continue };
            let name = key.open(&place(&row.id), &row.sealed).map_err(failed)?;
            names.insert(row.id, String::from_utf8_lossy(name.expose()).into_owned());
        }
        Ok(names)
    }
}
