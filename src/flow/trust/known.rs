//! Who shows a secret: tokens are looked up, remembered shortly, and their use is noted.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;
use uuid::Uuid;

use super::super::accounts::{account_of, record_of};
use super::super::app::App;
use super::super::audit::Actor;
use super::super::error::FlowError;
use crate::access::token::{SecretHash, Token};
use crate::access::{Principal, PrincipalKind};
use crate::base::Time;

/// How long what is known of a token is relied on: revoked elsewhere, it works so long.
const TOKEN_KNOWN_FOR: Duration = Duration::from_millis(500);
/// Tokens that are remembered.
const TOKENS_KNOWN_MAX: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();
/// How exactly it is noted when a token was last shown.
const USE_NOTED_EVERY_MICROS: i64 = 300_000_000;

/// Somebody who is known, or anybody where nobody is asked.
#[derive(Debug, Clone)]
pub struct Known {
    pub(super) principal: Arc<Principal>,
    pub(super) token: Option<Uuid>,
}

impl Known {
    /// Somebody who did not say who they are.
    #[must_use]
    pub fn anonymous() -> Self {
        Self { principal: Arc::new(Principal::anonymous()), token: None }
    }

    /// Returns who they are.
    pub(in crate::flow) fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Returns how records know them, apart from the request.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let principal = &*self.principal;
        match principal.kind {
            PrincipalKind::Anonymous => Actor::anonymous(),
            kind => Actor {
                id: Some(principal.id),
                kind: kind.as_str(),
                auth: Some("token"),
                token: self.token,
                request: None,
            },
        }
    }
}

/// Who a token belonged to when it was looked up, and when that was.
type Shown = (Instant, Option<Known>);

/// Who showed which token lately, and when that was looked up.
pub(super) struct Tokens(Mutex<LruCache<[u8; 32], Shown>>);

impl Tokens {
    pub(super) fn new() -> Self {
        Self(Mutex::new(LruCache::new(TOKENS_KNOWN_MAX)))
    }

    /// Forgets who showed which token: it may be revoked.
    pub(in crate::flow) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn remembered(&self, hash: &SecretHash) -> Option<Option<Known>> {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, known) = tokens.get(hash.as_bytes())?;
        (at.elapsed() < TOKEN_KNOWN_FOR).then(|| known.clone())
    }

    fn remember(&self, hash: &SecretHash, known: Option<Known>) {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.put(*hash.as_bytes(), (Instant::now(), known));
    }
}

impl App {
    /// Returns whether anybody is asked who they are.
    #[must_use]
    pub fn asks_who(&self) -> bool {
        self.inner.trust.bootstrap.is_some()
    }

    /// Returns who shows this secret; nothing if nobody known does.
    ///
    /// # Errors
    ///
    /// [`FlowError::Db`] if the database fails.
    pub async fn identify(&self, secret: Option<&str>) -> Result<Option<Known>, FlowError> {
        let trust = &self.inner.trust;
        let Some((bootstrap, administrator)) = &trust.bootstrap else {
            return Ok(Some(Known::anonymous()));
        };
        let Some(secret) = secret else { return Ok(None) };
        // Hashes are compared, so the time this takes tells nothing of the secret.
        if SecretHash::of(secret.as_bytes()) == *bootstrap {
            return Ok(Some(administrator.clone()));
        }
        let Some(token) = Token::parse(secret) else { return Ok(None) };
        let hash = token.hash();
        if let Some(known) = trust.tokens.remembered(&hash) {
            return Ok(known);
        }
        let known = self.look_up(&hash).await?;
        trust.tokens.remember(&hash, known.clone());
        Ok(known)
    }

    /// Finds who a token belongs to, if it works.
    async fn look_up(&self, hash: &SecretHash) -> Result<Option<Known>, FlowError> {
        let Some(row) = self.db().token_by_hash(hash.as_bytes()).await? else { return Ok(None) };
        let (record, now) = (record_of(&row)?, self.now());
        if !record.state(now).works() {
            return Ok(None);
        }
        let owner = self.db().principal(record.owner).await?;
        let Some(account) = owner.as_ref().map(account_of).transpose()?.flatten() else {
            return Ok(None);
        };
        let noted = record.last_used.map_or(i64::MIN, Time::as_micros);
        if now.as_micros().saturating_sub(noted) > USE_NOTED_EVERY_MICROS {
            let mut tx = self.db().begin().await?;
            tx.note_token_used(record.id, now).await?;
            tx.commit().await?;
        }
        let principal = Arc::new(account.principal(&record));
        Ok(Some(Known { principal, token: Some(record.id) }))
    }
}
