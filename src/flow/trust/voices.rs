//! Who speaks, with the bonds that there are: kept in memory, so that no event asks for them.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use lru::LruCache;
use uuid::Uuid;

use super::super::error::FlowError;
use super::super::people::bonds;
use super::known::Known;
use crate::access::{Pattern, Principal, PrincipalKind};
use crate::catalog::{Claims, Voice};
use crate::db::Db;

/// Voices that are remembered.
const VOICES_KNOWN_MAX: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// A voice, and the principal that it was made for.
type Made = (Arc<Principal>, Arc<Voice>);

/// The namespaces that anybody is bound to, and who spoke lately.
pub(super) struct Voices {
    claims: RwLock<Arc<Claims>>,
    made: Mutex<LruCache<(Uuid, Option<Uuid>), Made>>,
}

impl Voices {
    /// Reads who is bound to what.
    pub(super) async fn load(db: &Db) -> Result<Self, FlowError> {
        let claims = RwLock::new(Arc::new(bonds(db).await?));
        Ok(Self { claims, made: Mutex::new(LruCache::new(VOICES_KNOWN_MAX)) })
    }

    /// Reads anew who is bound to what.
    pub(super) async fn reload(&self, db: &Db) -> Result<(), FlowError> {
        let claims = bonds(db).await?;
        let mut kept = self.claims.write().unwrap_or_else(PoisonError::into_inner);
        if **kept != claims {
            *kept = Arc::new(claims);
        }
        Ok(())
    }

    pub(super) fn claims(&self) -> Arc<Claims> {
        Arc::clone(&self.claims.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns the voice of somebody, with the bonds that there are now.
    pub(super) fn of(&self, known: &Known) -> Arc<Voice> {
        let claims = self.claims();
        let key = (known.principal.id, known.token);
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = made.get(&key).map(|(principal, voice)| {
            (Arc::ptr_eq(principal, &known.principal), Arc::clone(voice))
        });
        if let Some((true, voice)) = &kept
            && Arc::ptr_eq(&voice.claims, &claims)
        {
            return Arc::clone(voice);
        }
        // Looked up anew, somebody mostly is who they were: the writer knows their voice then.
        let new = voice_of(&known.principal, claims);
        let voice = match kept {
            Some((_, voice)) if *voice == new => voice,
            _ => Arc::new(new),
        };
        made.put(key, (Arc::clone(&known.principal), Arc::clone(&voice)));
        voice
    }
}

/// Returns the voice of a principal, with these bonds.
pub(super) fn voice_of(principal: &Principal, claims: Arc<Claims>) -> Voice {
    let texts = |patterns: &[Pattern]| -> Vec<String> {
        patterns.iter().map(|pattern| pattern.as_str().to_owned()).collect()
    };
    let bound = principal.namespaces.as_deref();
    let bound = bound.is_some_and(|patterns| !patterns.iter().any(Pattern::is_any));
    // A person's token that is bound to namespaces has no say of what lies elsewhere.
    let person = matches!(principal.kind, PrincipalKind::User | PrincipalKind::System) && !bound;
    Voice {
        author: principal.reference(),
        person,
        jobs: principal.namespaces.as_deref().map(texts),
        own: Claims::new(texts(&principal.claims)),
        claims,
    }
}
