//! Keys looked at, rotated, destroyed, put aside: every one of these acts is recorded.
//!
//! Each step is a transaction of its own and can be repeated, so that what was broken off is
//! taken up by asking again. No sealed value is ever written anew.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::app::App;
use super::super::audit::{Act, Actor, record_all};
use super::super::error::FlowError;
use super::super::unrecorded::unrecorded;
use super::rows::{
    BUCKET, PURPOSE, SIGNING, SUBJECT, failed, read_bucket, read_data_key, write_bucket,
    write_data_key,
};
use crate::access::Action;
use crate::base::Time;
use crate::db::{AccessActorRow, KeyRow, Tx};
use crate::keys::KeyError;

/// What the key is for that seals reasons beside audit records.
const NOTES: &str = "audit notes";
/// Rows that are read at once.
const PAGE: usize = 1_000;
/// Greatest length of a reason, in bytes.
const REASON_BYTES_MAX: usize = 1_000;

/// A key, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyEntry {
    /// Its id.
    pub id: Uuid,
    /// `bucket`, `subject`, `purpose` or `signing`.
    pub kind: &'static str,
    /// The bucket it belongs to.
    pub bucket: i32,
    /// Which of the bucket's keys wraps it, or which it is.
    pub generation: Option<u32>,
    /// Which version of the root key wraps it; bucket keys only.
    pub root_version: Option<u32>,
    /// When it was made.
    pub created: Option<Time>,
    /// When it was destroyed.
    pub shredded: Option<Time>,
}

/// What a rotation of the root key did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotated {
    /// The version in use now.
    pub root_version: u32,
    /// Bucket keys that were wrapped anew.
    pub buckets: usize,
}

/// A wrapped key in a backup.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct KeptKey {
    id: Uuid,
    kind: i16,
    bucket: i32,
    doc: String,
}

impl App {
    /// Returns keys by their ids, after one.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn keys(&self, after: Uuid, limit: usize) -> Result<Vec<KeyEntry>, FlowError> {
        let rows = self.db().list_keys(after, limit).await?;
        rows.iter().map(entry).collect()
    }

    /// Destroys a subject's key: what it sealed is gone at once here, and from backups once
    /// its bucket is rekeyed and the root version of then destroyed. Doing it twice is once.
    ///
    /// # Errors
    ///
    /// [`FlowError::NotFound`] if there is no such key, [`FlowError::BadInput`] if it is not
    /// a subject's or the reason is too long.
    pub async fn shred_key(
        &self,
        actor: &Actor,
        subject: Uuid,
        reason: Option<&str>,
    ) -> Result<KeyEntry, FlowError> {
        if reason.is_some_and(|text| text.len() > REASON_BYTES_MAX) {
            let message = format!("must have at most {REASON_BYTES_MAX} bytes");
            return Err(FlowError::bad("reason", message));
        }
        let vault = self.vault()?;
        let write = async |tx: &mut Tx| {
            let row = tx.keys_by_id(&[subject]).await?.into_iter().next();
            let row = row.ok_or_else(|| FlowError::NotFound(format!("key {subject}")))?;
            if row.kind != SUBJECT {
                return Err(FlowError::bad("subject", "must be the key of a subject"));
            }
            let shredded = write_data_key(&read_data_key(&row)?.shredded(self.now()));
            tx.put_keys(std::slice::from_ref(&shredded)).await?;
            // Nothing leads from the name to the reference any more.
            if let Some(named) = self.db().access_actors(&[subject]).await?.into_iter().next() {
                let gone =
                    AccessActorRow { mark: None, principal: None, sealed: Vec::new(), ..named };
                tx.put_access_actors(&[gone]).await?;
            }
            let mut act = Act::done(Action::KeyShred.as_str()).on("key", subject, "");
            if let Some(reason) = reason {
                let key = vault.purpose(tx, NOTES, self.now()).await?;
                act = act.with_sealed("reason", &key, reason.to_owned());
            }
            Ok((shredded, vec![act]))
        };
        let shredded = self.change(actor, write).await?;
        vault.ring.forget(subject);
        entry(&shredded)
    }

    /// Gives new keys to buckets in which something was shredded since their last one, or to
    /// all; returns how many. `told` hears of each bucket that is done, and of how many.
    ///
    /// # Errors
    ///
    /// [`FlowError::Internal`] if a row was changed; buckets before it are done.
    pub async fn rekey(
        &self,
        actor: &Actor,
        all: bool,
        mut told: impl FnMut(usize, usize),
    ) -> Result<usize, FlowError> {
        let wanted = self.to_rekey(all).await?;
        for (done, bucket) in wanted.iter().enumerate() {
            self.rekey_one(actor, *bucket).await?;
            told(done + 1, wanted.len());
        }
        Ok(wanted.len())
    }

    async fn to_rekey(&self, all: bool) -> Result<Vec<i32>, FlowError> {
        let mut current: BTreeMap<i32, u32> = BTreeMap::new();
        let mut shredded: Vec<(i32, u32)> = Vec::new();
        for row in self.every_key().await? {
            match row.kind {
                BUCKET => drop(current.insert(row.bucket, read_bucket(&row)?.generation)),
                SUBJECT | PURPOSE => {
                    let key = read_data_key(&row)?;
                    if key.shredded.is_some() {
                        shredded.push((row.bucket, key.generation));
                    }
                }
                _ => {}
            }
        }
        let pending = |(bucket, generation): &(&i32, &u32)| {
            all || shredded.contains(&(**bucket, **generation))
        };
        Ok(current.iter().filter(pending).map(|(bucket, _)| *bucket).collect())
    }

    async fn rekey_one(&self, actor: &Actor, bucket: i32) -> Result<(), FlowError> {
        let vault = self.vault()?;
        // Under the writer's lock nothing else changes these rows.
        self.change(actor, async |tx| {
            let Some(row) = self.db().keys(BUCKET, bucket).await?.into_iter().next() else {
                return Ok(((), Vec::new()));
            };
            let mut rows = Vec::new();
            for kind in [SUBJECT, PURPOSE] {
                for row in self.db().keys(kind, bucket).await? {
                    rows.push(read_data_key(&row)?);
                }
            }
            let row = read_bucket(&row)?;
            let rekeyed = vault.ring.rekey_bucket(&row, &rows).await.map_err(failed)?;
            let mut stored = vec![write_bucket(&rekeyed.bucket)];
            stored.extend(rekeyed.keys.iter().map(write_data_key));
            tx.put_keys(&stored).await?;
            let act = Act::done(Action::KeyRotate.as_str()).with("rekeyed_bucket", bucket);
            Ok(((), vec![act.with("keys", rekeyed.keys.len())]))
        })
        .await
    }

    /// Makes a new version of the root key, where the provider can, and wraps every bucket's
    /// key under the current version. No other row changes.
    ///
    /// # Errors
    ///
    /// [`FlowError::Internal`] if the provider fails; asking again goes on. [`FlowError::Conflict`] if
    /// nothing is to be done: the provider cannot, and was given no new version either.
    pub async fn rotate_root(&self, actor: &Actor, make: bool) -> Result<Rotated, FlowError> {
        let vault = self.vault()?;
        let made = if make { vault.ring.rotate_root().await.map(Some) } else { Ok(None) };
        let cannot = match made {
            Ok(_) => None,
            // Its versions are given from outside: the highest is taken into use.
            Err(KeyError::CannotRotate(how)) => Some(how),
            Err(error) => return Err(failed(error)),
        };
        let rows = self.every_key().await?;
        self.change(actor, async |tx| {
            let mut anew = Vec::new();
            for row in rows.iter().filter(|row| row.kind == BUCKET) {
                let now = tx.keys_by_id(&[row.id]).await?;
                for row in &now {
                    let bucket = read_bucket(row)?;
                    let wrapped = vault.ring.rewrap_bucket(&bucket).await.map_err(failed)?;
                    anew.extend(wrapped.as_ref().map(write_bucket));
                }
            }
            let current = vault.ring.provider().current_version().await.map_err(failed)?;
            if let Some(how) = cannot.filter(|_| anew.is_empty()) {
                let message = format!(
                    "no new version was made, and every bucket key is under version {current} already: the \
                     root key is given from outside ({}). To rotate it, {how}, and then rotate",
                    vault.ring.provider().name()
                );
                return Err(FlowError::Conflict(message));
            }
            tx.put_keys(&anew).await?;
            let act = Act::done(Action::KeyRotate.as_str()).with("root_version", current);
            let act = act.with("buckets", anew.len());
            Ok((Rotated { root_version: current, buckets: anew.len() }, vec![act]))
        })
        .await
    }

    /// Destroys a version of the root key that wraps nothing here any more: backups from its
    /// time cannot be opened after that.
    ///
    /// # Errors
    ///
    /// [`FlowError::BadInput`] if it is in use, there is no such version, or the provider cannot.
    pub async fn destroy_root(&self, actor: &Actor, version: u32) -> Result<(), FlowError> {
        let vault = self.vault()?;
        unrecorded(self.db(), async |tx| {
            for row in self.every_key().await?.iter().filter(|row| row.kind == BUCKET) {
                if read_bucket(row)?.wrapped.root_version == version {
                    let message = "keys are wrapped under it: rotate the root key first";
                    return Err(FlowError::bad("version", message));
                }
            }
            let act = Act::done(Action::KeyShred.as_str()).with("root_version", version);
            // Before it is destroyed: what cannot be recorded is not done.
            record_all(tx, &[self.seal(actor, act)?]).await?;
            vault.ring.provider().destroy(version).await.map_err(|error| match error {
                KeyError::CannotRotate(how) => FlowError::bad("version", how),
                KeyError::NoSuchRoot(version) => {
                    let message = format!("no such version of the root key: {version}");
                    FlowError::bad("version", message)
                }
                error => failed(error),
            })
        })
        .await
    }

    /// Returns all wrapped keys as JSON, to be sealed and put aside. The root key is not
    /// among them.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn backup_keys(&self, actor: &Actor) -> Result<(Vec<u8>, usize), FlowError> {
        let rows = self.every_key().await?;
        let kept: Vec<KeptKey> = rows
            .into_iter()
            .map(|KeyRow { id, kind, bucket, doc }| KeptKey { id, kind, bucket, doc })
            .collect();
        let act = Act::done(Action::KeyBackup.as_str()).with("keys", kept.len());
        self.record(actor, vec![act]).await?;
        // A list of structs of texts and numbers always serialises.
        Ok((serde_json::to_vec(&kept).unwrap_or_default(), kept.len()))
    }

    /// Puts back keys that are missing; those that are there, shredded ones too, stay as
    /// they are. Returns how many came back.
    ///
    /// # Errors
    ///
    /// [`FlowError::BadInput`] if it is no backup.
    pub async fn restore_keys(&self, actor: &Actor, text: &[u8]) -> Result<usize, FlowError> {
        let kept: Vec<KeptKey> = serde_json::from_slice(text)
            .map_err(|error| FlowError::bad("backup", error.to_string()))?;
        self.change(actor, async |tx| {
            let ids: Vec<Uuid> = kept.iter().map(|key| key.id).collect();
            let there: Vec<Uuid> = tx.keys_by_id(&ids).await?.iter().map(|row| row.id).collect();
            let missing: Vec<KeyRow> = kept
                .into_iter()
                .filter(|key| !there.contains(&key.id))
                .map(|KeptKey { id, kind, bucket, doc }| KeyRow { id, kind, bucket, doc })
                .collect();
            tx.put_keys(&missing).await?;
            let act = Act::done(Action::KeyBackup.as_str()).with("restored", missing.len());
            Ok((missing.len(), vec![act]))
        })
        .await
    }

    async fn every_key(&self) -> Result<Vec<KeyRow>, FlowError> {
        let mut rows: Vec<KeyRow> = Vec::new();
        loop {
            let after = rows.last().map_or(Uuid::nil(), |row| row.id);
            let page = self.db().list_keys(after, PAGE).await?;
            let last = page.len() < PAGE;
            rows.extend(page);
            if last {
                return Ok(rows);
            }
        }
    }
}

fn entry(row: &KeyRow) -> Result<KeyEntry, FlowError> {
    let mut entry = KeyEntry {
        id: row.id,
        kind: match row.kind {
            BUCKET => "bucket",
            SUBJECT => "subject",
            SIGNING => "signing",
            _ => "purpose",
        },
        bucket: row.bucket,
        generation: None,
        root_version: None,
        created: None,
        shredded: None,
    };
    match row.kind {
        BUCKET => {
            let key = read_bucket(row)?;
            entry.generation = Some(key.generation);
            entry.root_version = Some(key.wrapped.root_version);
        }
        SUBJECT | PURPOSE => {
            let key = read_data_key(row)?;
            entry.generation = Some(key.generation);
            entry.created = Some(key.created);
            entry.shredded = key.shredded;
        }
        _ => {}
    }
    Ok(entry)
}
