//! Somebody who is known, and who showed what lately.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;
use uuid::Uuid;

use super::super::audit::Actor;
use crate::access::token::SecretHash;
use crate::access::{AuthMethod, Principal, PrincipalKind};

/// How long what is known of a token is relied on: revoked elsewhere, it works so long.
const TOKEN_KNOWN_FOR: Duration = Duration::from_millis(500);
/// Tokens that are remembered.
const TOKENS_KNOWN_MAX: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// Somebody who is known, or anybody where nobody is asked.
#[derive(Debug, Clone)]
pub struct Known {
    pub(in crate::flow) principal: Arc<Principal>,
    pub(in crate::flow) token: Option<Uuid>,
    /// The session that they came by: its id, and its secret's hash.
    pub(in crate::flow) session: Option<(Uuid, SecretHash)>,
    /// The hash of the token that they showed, by which they are looked up again; none if they came
    /// by a session, and of the bootstrap administrator's token, which ends with the process.
    pub(super) shown: Option<SecretHash>,
    /// Whether anything was decided for the request that they came with.
    decided: Arc<AtomicBool>,
}

impl Known {
    /// Somebody who did not say who they are.
    #[must_use]
    pub fn anonymous() -> Self {
        Self::new(Arc::new(Principal::anonymous()), None, None)
    }

    pub(super) fn new(
        principal: Arc<Principal>,
        token: Option<Uuid>,
        session: Option<(Uuid, SecretHash)>,
    ) -> Self {
        Self { principal, token, session, shown: None, decided: Arc::default() }
    }

    /// Returns them as they are known by a token.
    pub(super) fn by_token(principal: Arc<Principal>, token: Uuid, shown: SecretHash) -> Self {
        Self { shown: Some(shown), ..Self::new(principal, Some(token), None) }
    }

    /// Returns them as they come with another request, for which nothing was decided yet.
    #[must_use]
    pub fn with_request(self) -> Self {
        Self { decided: Arc::default(), ..self }
    }

    /// Returns whether anything was decided for their request: an answer without that is a
    /// fault in Lethe.
    #[must_use]
    pub fn was_decided(&self) -> bool {
        self.decided.load(Ordering::Relaxed)
    }

    /// Notes that something is decided for their request.
    pub(super) fn decide(&self) {
        self.decided.store(true, Ordering::Relaxed);
    }

    /// Returns who they are, as the judge sees it.
    #[must_use]
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Returns the id of the session that they came by.
    #[must_use]
    pub fn session(&self) -> Option<Uuid> {
        self.session.map(|(id, _)| id)
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
                auth: Some(principal.auth.as_str()).filter(|_| principal.auth != AuthMethod::None),
                token: self.token,
                request: None,
            },
        }
    }
}

/// Who a token belonged to when it was looked up, and when that was.
type Shown = (Instant, Option<Known>);

/// Who showed which token lately, and when that was looked up.
pub(super) struct Tokens {
    lately: Mutex<LruCache<[u8; 32], Shown>>,
    /// Counts what may have changed who somebody is or what they may do.
    epoch: AtomicU64,
}

impl Tokens {
    pub(super) fn new() -> Self {
        Self { lately: Mutex::new(LruCache::new(TOKENS_KNOWN_MAX)), epoch: AtomicU64::new(0) }
    }

    /// Returns how often anything was forgotten.
    pub(super) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// Forgets who showed which token: it may be revoked.
    pub(in crate::flow) fn forget(&self) {
        let mut lately = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
        self.epoch.fetch_add(1, Ordering::AcqRel);
        lately.clear();
    }

    pub(super) fn remembered(&self, hash: &SecretHash) -> Option<Option<Known>> {
        let mut tokens = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, known) = tokens.get(hash.as_bytes())?;
        (at.elapsed() < TOKEN_KNOWN_FOR).then(|| known.clone())
    }

    /// Remembers whom a token belonged to, unless something was forgotten since `epoch`, before it
    /// was looked up: it may have been revoked meanwhile.
    pub(super) fn remember(&self, hash: &SecretHash, known: Option<Known>, epoch: u64) {
        let mut tokens = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
        if self.epoch() == epoch {
            tokens.put(*hash.as_bytes(), (Instant::now(), known));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_up_before_a_revocation_is_not_remembered_after_it() {
        let (tokens, hash) = (Tokens::new(), SecretHash::of(b"shown"));
        let before = tokens.epoch();
        tokens.forget();
        tokens.remember(&hash, Some(Known::anonymous()), before);
        assert!(tokens.remembered(&hash).is_none());
        tokens.remember(&hash, Some(Known::anonymous()), tokens.epoch());
        assert!(tokens.remembered(&hash).is_some_and(|known| known.is_some()));
        tokens.forget();
        assert!(tokens.remembered(&hash).is_none());
    }
}
