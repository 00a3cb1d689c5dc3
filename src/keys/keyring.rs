//! The keyring: makes, opens, destroys and rotates the keys below the root.
//!
//! It keeps no rows. Every change is returned as rows that the caller stores in one
//! transaction, on the condition that what they replace has not changed meanwhile (same
//! `generation`). A shredded key is gone from the database at once, and from backups once its
//! bucket was rekeyed and the root version that its old bucket key is wrapped under is destroyed.

use std::num::NonZeroUsize;
use std::sync::Arc;

use uuid::Uuid;

use super::cache::Cache;
use super::envelope::{Context, DataKey};
use super::error::KeyError;
use super::provider::KeyProvider;
use super::rows::{BucketKey, DataKeyRow, KeyKind};
use super::secret::Secret;
use crate::base::{Digest, Time};

/// Buckets of a new keyring. Rekeying one rewraps that share of all live keys.
pub const BUCKETS_DEFAULT: u32 = 1_024;

/// Opened data keys that are kept in memory, about 1 KiB each.
pub const KEYS_CACHED_MAX: NonZeroUsize = NonZeroUsize::new(8_192).unwrap();

/// Opened bucket keys that are kept in memory.
const BUCKETS_CACHED_MAX: NonZeroUsize = NonZeroUsize::new(1_024).unwrap();

/// A bucket under a new key: rows that take the place of the old ones, all or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rekeyed {
    /// The bucket's new key.
    pub bucket: BucketKey,
    /// Its live data keys, wrapped anew.
    pub keys: Vec<DataKeyRow>,
}

/// All keys below the root, behind one provider. Share it; it locks only for moments.
#[derive(Debug)]
pub struct Keyring {
    provider: Arc<dyn KeyProvider>,
    buckets: u32,
    opened_buckets: Cache<(u32, u32)>,
    opened: Cache<Uuid>,
}

impl Keyring {
    /// Makes a keyring. `buckets` decides only where new keys go; it may grow later.
    #[must_use]
    pub fn new(provider: Arc<dyn KeyProvider>, buckets: u32) -> Self {
        Self {
            provider,
            buckets: buckets.max(1),
            opened_buckets: Cache::new(BUCKETS_CACHED_MAX),
            opened: Cache::new(KEYS_CACHED_MAX),
        }
    }

    /// Returns the provider of the root key.
    #[must_use]
    pub fn provider(&self) -> &dyn KeyProvider {
        self.provider.as_ref()
    }

    /// Returns the bucket that a new key of that id goes into.
    #[must_use]
    pub fn bucket_of(&self, kid: Uuid) -> u32 {
        // Purposes' ids are digests, subjects' random: both spread evenly by any bits.
        let (_, low) = kid.as_u64_pair();
        u32::try_from(low % u64::from(self.buckets)).unwrap_or_default()
    }

    /// Makes the first key of a bucket; store it unless the bucket has one meanwhile.
    ///
    /// # Errors
    ///
    /// [`KeyError`] of the provider.
    pub async fn new_bucket(&self, bucket: u32) -> Result<BucketKey, KeyError> {
        Ok(self.make_bucket(bucket, 1).await?.0)
    }

    /// Makes a subject's key. `subject` has to be random, and never used for anybody else.
    /// The handle is for the transaction that stores the row; later ones come from
    /// [`Self::open`], and only those end when the key is shredded.
    ///
    /// # Errors
    ///
    /// [`KeyError::OtherBucket`] if `bucket` is not [`Self::bucket_of`] the subject.
    pub async fn new_subject(
        &self,
        bucket: &BucketKey,
        subject: Uuid,
        now: Time,
    ) -> Result<(DataKeyRow, Arc<DataKey>), KeyError> {
        self.make(bucket, subject, KeyKind::Subject, now).await
    }

    /// Makes a purpose's key; its id is [`DataKeyRow::purpose_kid`].
    ///
    /// # Errors
    ///
    /// [`KeyError::OtherBucket`] if `bucket` is not [`Self::bucket_of`] that id.
    pub async fn new_purpose(
        &self,
        bucket: &BucketKey,
        purpose: &str,
        now: Time,
    ) -> Result<(DataKeyRow, Arc<DataKey>), KeyError> {
        self.make(bucket, DataKeyRow::purpose_kid(purpose), KeyKind::Purpose, now).await
    }

    /// Opens a stored key. Hold the handle for one operation, not for longer.
    ///
    /// # Errors
    ///
    /// [`KeyError::Shredded`] once it was shredded; [`KeyError::OtherBucket`] if the rows do
    /// not belong together; [`KeyError::Refused`] if either was changed.
    pub async fn open(
        &self,
        bucket: &BucketKey,
        row: &DataKeyRow,
    ) -> Result<Arc<DataKey>, KeyError> {
        if row.wrapped.is_none() || row.shredded.is_some() {
            self.opened.shred(&row.kid, row.kid);
            return Err(KeyError::Shredded { kid: row.kid });
        }
        if let Some(key) = self.opened.get(&row.kid) {
            return Ok(key);
        }
        let key = unwrap_data_key(&*self.open_bucket(bucket).await?, bucket, row)?;
        Ok(self.opened.keep(row.kid, key))
    }

    /// Ends the use of a key that was shredded, by whoever still has a handle to it on this
    /// node. To be called once its row is stored without it, on whichever node.
    pub fn forget(&self, kid: Uuid) {
        self.opened.shred(&kid, kid);
    }

    /// Makes a new key for a bucket and wraps its live data keys under it. `rows` are all
    /// rows of the bucket; shredded ones are left out of the result.
    ///
    /// # Errors
    ///
    /// [`KeyError::OtherBucket`] if a row belongs elsewhere, [`KeyError::Refused`] if one was
    /// changed; then nothing is to be stored.
    pub async fn rekey_bucket(
        &self,
        old: &BucketKey,
        rows: &[DataKeyRow],
    ) -> Result<Rekeyed, KeyError> {
        let old_key = self.open_bucket(old).await?;
        let generation = old.generation.saturating_add(1);
        let (bucket, new_key) = self.make_bucket(old.bucket, generation).await?;
        let live = rows.iter().filter(|row| row.wrapped.is_some());
        let keys = live
            .map(|row| {
                let key = unwrap_data_key(&old_key, old, row)?;
                let wrapped = Some(wrap_data_key(&new_key, row.kid, row.kind, key.secret())?);
                Ok(DataKeyRow { generation, wrapped, ..row.clone() })
            })
            .collect::<Result<_, KeyError>>()?;
        self.opened_buckets.remove(&(old.bucket, old.generation));
        Ok(Rekeyed { bucket, keys })
    }

    /// Makes a new version of the root key and returns it. Afterwards every bucket key has to
    /// be wrapped again ([`Self::rewrap_bucket`]); no data key has to.
    ///
    /// # Errors
    ///
    /// [`KeyError::CannotRotate`] or another [`KeyError`] of the provider.
    pub async fn rotate_root(&self) -> Result<u32, KeyError> {
        let version = self.provider.rotate().await?;
        self.clear();
        Ok(version)
    }

    /// Wraps a bucket's key under the current version of the root key; `None` if it already is.
    ///
    /// # Errors
    ///
    /// [`KeyError`] of the provider.
    pub async fn rewrap_bucket(&self, row: &BucketKey) -> Result<Option<BucketKey>, KeyError> {
        if row.wrapped.root_version == self.provider.current_version().await? {
            return Ok(None);
        }
        let key = self.open_bucket(row).await?;
        let place = bucket_place(row.bucket, row.generation);
        let wrapped = self.provider.wrap_key(key.secret(), bucket_context(&place)).await?;
        Ok(Some(BucketKey { wrapped, ..row.clone() }))
    }

    /// Drops all opened keys from memory.
    pub fn clear(&self) {
        self.opened.clear();
        self.opened_buckets.clear();
    }

    async fn make(
        &self,
        bucket: &BucketKey,
        kid: Uuid,
        kind: KeyKind,
        created: Time,
    ) -> Result<(DataKeyRow, Arc<DataKey>), KeyError> {
        let &BucketKey { bucket: number, generation, .. } = bucket;
        if number != self.bucket_of(kid) {
            return Err(KeyError::OtherBucket { bucket: self.bucket_of(kid), generation });
        }
        let secret = Secret::random()?;
        let bucket_key = self.open_bucket(bucket).await?;
        let wrapped = Some(wrap_data_key(&bucket_key, kid, kind, &secret)?);
        let row =
            DataKeyRow { kid, kind, bucket: number, generation, wrapped, created, shredded: None };
        // Not kept: if the caller's transaction fails, nothing may be sealed under it.
        Ok((row, Arc::new(DataKey::new(kid, secret))))
    }

    async fn make_bucket(
        &self,
        bucket: u32,
        generation: u32,
    ) -> Result<(BucketKey, DataKey), KeyError> {
        let secret = Secret::random()?;
        let place = bucket_place(bucket, generation);
        let wrapped = self.provider.wrap_key(&secret, bucket_context(&place)).await?;
        let key = DataKey::new(bucket_kid(&place), secret);
        Ok((BucketKey { bucket, generation, wrapped }, key))
    }

    async fn open_bucket(&self, row: &BucketKey) -> Result<Arc<DataKey>, KeyError> {
        let id = (row.bucket, row.generation);
        if let Some(key) = self.opened_buckets.get(&id) {
            return Ok(key);
        }
        let place = bucket_place(row.bucket, row.generation);
        let secret = self.provider.unwrap_key(&row.wrapped, bucket_context(&place)).await?;
        Ok(self.opened_buckets.keep(id, DataKey::new(bucket_kid(&place), secret)))
    }
}

fn bucket_place(bucket: u32, generation: u32) -> [u8; 8] {
    ((u64::from(bucket) << 32) | u64::from(generation)).to_be_bytes()
}

fn bucket_kid(place: &[u8; 8]) -> Uuid {
    Uuid::from_bytes(Digest::of_parts(&[b"bucket key", place]).0)
}

fn bucket_context(place: &[u8; 8]) -> Context<'_> {
    Context { table: "bucket_key", purpose: "wrap", row: place }
}

fn data_key_context(kid: &Uuid, kind: KeyKind) -> Context<'_> {
    Context { table: "data_key", purpose: kind.as_str(), row: kid.as_bytes() }
}

fn wrap_data_key(
    bucket: &DataKey,
    kid: Uuid,
    kind: KeyKind,
    secret: &Secret<32>,
) -> Result<Vec<u8>, KeyError> {
    bucket.seal(&data_key_context(&kid, kind), secret.expose())
}

fn unwrap_data_key(
    key: &DataKey,
    bucket: &BucketKey,
    row: &DataKeyRow,
) -> Result<DataKey, KeyError> {
    let &DataKeyRow { kid, kind, bucket: number, generation, .. } = row;
    if (number, generation) != (bucket.bucket, bucket.generation) {
        return Err(KeyError::OtherBucket { bucket: number, generation });
    }
    let wrapped = row.wrapped.as_ref().ok_or(KeyError::Shredded { kid })?;
    let secret = key.open(&data_key_context(&kid, kind), wrapped)?;
    let secret = Secret::copy_of(secret.expose()).ok_or(KeyError::NotSealed)?;
    Ok(DataKey::new(kid, secret))
}
