//! What principals may see is remembered for a moment: somebody who searches while they type
//! asks many times, and what they see does not change in between.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;

use super::book::ClassBook;
use super::rights::Rights;
use crate::access::{Context, Judge, Principal};

/// How long it is relied on. Rules, roles and classes that changed are seen at once; this is
/// for rules that time itself brings into force.
const KNOWN_FOR: Duration = Duration::from_millis(500);
/// Principals that are remembered.
const KNOWN_MAX: NonZeroUsize = NonZeroUsize::new(256).unwrap();

/// A principal and the purpose it states.
type Who = (Principal, Option<String>);

/// What principals saw lately.
pub(in crate::flow) struct KnownRights(Mutex<LruCache<Who, (Instant, Arc<Rights>)>>);

impl Default for KnownRights {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KNOWN_MAX)))
    }
}

impl KnownRights {
    /// Forgets all of it.
    pub(super) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Returns what a principal may see now.
    pub(super) fn rights(
        &self,
        principal: &Principal,
        context: Context,
        judge: Arc<Judge>,
        book: Arc<ClassBook>,
    ) -> Arc<Rights> {
        let who = (principal.clone(), context.purpose.clone());
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((since, rights)) = lock().get(&who)
            && since.elapsed() < KNOWN_FOR
            && rights.looks_by(&judge, &book)
        {
            return Arc::clone(rights);
        }
        let standing = judge.standing(principal);
        let rights = Arc::new(Rights::new(judge, standing, context, book));
        lock().put(who, (Instant::now(), Arc::clone(&rights)));
        rights
    }
}
