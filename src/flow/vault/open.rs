//! The vault: opens keys, and makes those that are missing.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use uuid::Uuid;

use super::super::audit::Signer;
use super::super::error::FlowError;
use super::super::unrecorded::unrecorded;
use super::rows::{
    bucket_id, failed, read_bucket, read_data_key, read_signing, signing_id, write_bucket,
    write_data_key, write_signing,
};
use crate::audit::VerifierKey;
use crate::base::Time;
use crate::db::{Db, Tx};
use crate::keys::{
    BUCKETS_DEFAULT, BucketKey, DataKey, DataKeyRow, KeyError, KeyProvider, Keyring, Secret,
    SigningKey,
};

/// What the key is for that seals the audit log's signing key.
const SEALING: &str = "signing keys";
/// The name of the audit log.
const AUDIT_ORIGIN: &str = "lethe/audit";

/// Every key below the root key, behind the one provider that holds it.
#[derive(Debug)]
pub struct Vault {
    pub(super) ring: Keyring,
}

impl Vault {
    /// Makes a vault whose root key a provider holds.
    #[must_use]
    pub fn new(provider: Arc<dyn KeyProvider>) -> Self {
        Self { ring: Keyring::new(provider, BUCKETS_DEFAULT) }
    }

    /// Opens the key that signs the audit log's head; makes it, and the keys above it, the
    /// first time.
    ///
    /// # Errors
    ///
    /// [`FlowError::Internal`] if what the database holds cannot be opened with the provider's
    /// root key, [`FlowError::Db`] if the database fails.
    pub async fn signer(&self, db: &Db, now: Time) -> Result<Signer, FlowError> {
        // Under the writer's lock, so that of two nodes that start together one makes the keys.
        let write = async |tx: &mut Tx| {
            let key = self.purpose(tx, SEALING, now).await?;
            let id = signing_id(AUDIT_ORIGIN);
            if let Some(row) = tx.keys_by_id(&[id]).await?.into_iter().next() {
                return SigningKey::open(&read_signing(&row)?, &key).map_err(failed);
            }
            let (signing, row) = SigningKey::generate(AUDIT_ORIGIN, &key).map_err(failed)?;
            let bucket = self.ring.bucket_of(key.kid());
            tx.put_keys(&[write_signing(id, bucket, &row)]).await?;
            Ok(signing)
        };
        let signing = unrecorded(db, write).await?;
        let key = VerifierKey::new(signing.name(), signing.public_key());
        let key =
            key.ok_or_else(|| FlowError::Internal("the signing key has no name".to_owned()))?;
        Ok(Signer::new(key, move |text| signing.sign(text)))
    }

    /// Opens a purpose's key; makes it the first time. The transaction must be committed
    /// before anything that the key sealed is relied on.
    pub(in crate::flow) async fn purpose(
        &self,
        tx: &mut Tx,
        purpose: &str,
        now: Time,
    ) -> Result<Arc<DataKey>, FlowError> {
        let kid = DataKeyRow::purpose_kid(purpose);
        let number = self.ring.bucket_of(kid);
        let bucket = self.bucket(tx, number).await?;
        if let Some(row) = tx.keys_by_id(&[kid]).await?.first() {
            return self.ring.open(&bucket, &read_data_key(row)?).await.map_err(failed);
        }
        let (row, key) = self.ring.new_purpose(&bucket, purpose, now).await.map_err(failed)?;
        tx.put_keys(&[write_data_key(&row)]).await?;
        Ok(key)
    }

    /// Draws the reference of a new subject: it tells nothing, not even when it was drawn.
    #[expect(clippy::unused_self, reason = "the vault is where fair randomness comes from")]
    pub(in crate::flow) fn draw_subject(&self) -> Result<Uuid, FlowError> {
        let bytes = Secret::<16>::random().map_err(failed)?;
        Ok(uuid::Builder::from_random_bytes(*bytes.expose()).into_uuid())
    }

    /// Makes the keys of new subjects: random ids that nobody had before.
    pub(in crate::flow) async fn new_subjects(
        &self,
        tx: &mut Tx,
        subjects: &[Uuid],
        now: Time,
    ) -> Result<Vec<Arc<DataKey>>, FlowError> {
        let mut buckets: HashMap<u32, BucketKey> = HashMap::new();
        let (mut keys, mut rows) = (Vec::new(), Vec::new());
        for subject in subjects {
            let number = self.ring.bucket_of(*subject);
            let bucket = match buckets.entry(number) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(self.bucket(tx, number).await?),
            };
            let made = self.ring.new_subject(bucket, *subject, now).await.map_err(failed)?;
            rows.push(write_data_key(&made.0));
            keys.push(made.1);
        }
        tx.put_keys(&rows).await?;
        Ok(keys)
    }

    /// Opens stored keys by their ids; shredded and unknown ones are left out.
    pub(in crate::flow) async fn open(
        &self,
        db: &Db,
        kids: &[Uuid],
    ) -> Result<HashMap<Uuid, Arc<DataKey>>, FlowError> {
        let rows = db.keys_by_id(kids).await?;
        let rows = rows.iter().map(read_data_key).collect::<Result<Vec<_>, _>>()?;
        let mut ids: Vec<Uuid> = rows.iter().map(|row| bucket_id(row.bucket)).collect();
        ids.sort_unstable();
        ids.dedup();
        let buckets = db.keys_by_id(&ids).await?;
        let buckets = buckets.iter().map(read_bucket).collect::<Result<Vec<_>, _>>()?;
        let mut opened = HashMap::with_capacity(rows.len());
        for row in rows {
            let Some(bucket) = buckets.iter().find(|bucket| bucket.bucket == row.bucket) else {
                continue;
            };
            match self.ring.open(bucket, &row).await {
                Ok(key) => drop(opened.insert(row.kid, key)),
                Err(KeyError::Shredded { .. }) => {}
                Err(error) => return Err(failed(error)),
            }
        }
        Ok(opened)
    }

    /// Reads a bucket's key; makes it the first time.
    async fn bucket(&self, tx: &mut Tx, number: u32) -> Result<BucketKey, FlowError> {
        if let Some(row) = tx.keys_by_id(&[bucket_id(number)]).await?.first() {
            return Ok(read_bucket(row)?);
        }
        let made = self.ring.new_bucket(number).await.map_err(failed)?;
        tx.put_keys(&[write_bucket(&made)]).await?;
        Ok(made)
    }
}
